//! The forms of escapes, each read from where it begins.

use super::{Escape, MAX_BODY_BYTES, MAX_LAYERS, MAX_PARAMETER_BYTES, Value};

/// The length of `#012`.
const OCTAL_BYTES: usize = 4;

/// The names of HTML entities that stand for characters around codes.
const ENTITIES: &[(&[u8], char)] = &[
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"amp", '&'),
    (b"nbsp", '\u{a0}'),
    (b"colon", ':'),
    (b"equals", '='),
    (b"lpar", '('),
    (b"rpar", ')'),
    (b"lsqb", '['),
    (b"rsqb", ']'),
    (b"lbrack", '['),
    (b"rbrack", ']'),
];

/// `\n`, `\"`, `\u003c`, `\x3c`; of a run of backslashes only the last begins one.
pub(super) fn backslash(text: &[u8], at: usize) -> Option<Escape> {
    let rest = text[at..].strip_prefix(b"\\")?;
    match *rest.first()? {
        quote @ (b'"' | b'\'' | b'/') => Some(Escape {
            len: 2,
            value: Value::Char(char::from(quote)),
        }),
        _ => {
            let Escape { len, value } = body(rest)?;
            Some(with_body(text, at, 1 + len, value))
        }
    }
}

/// What a backslash escapes that is no mark by itself: `n`, `u003c`, `x3c`.
fn body(text: &[u8]) -> Option<Escape> {
    let (len, value) = match *text.first()? {
        b'n' | b't' | b'r' | b'b' | b'f' => (1, Value::Char(' ')),
        b'u' => (MAX_BODY_BYTES, character(hex(text.get(1..5)?)?)),
        b'x' => (3, character(hex(text.get(1..3)?)?)),
        _ => return None,
    };
    Some(Escape { len, value })
}

/// The escape of `len` bytes at `at` that stands for `value`; if that is a backslash, with what it escapes: the
/// newline of JSON is `%5Cn` in a URL.
fn with_body(text: &[u8], at: usize, len: usize, value: Value) -> Escape {
    let escape = Escape { len, value };
    if value != Value::Char('\\') {
        return escape;
    }
    body(&text[at + len..]).map_or(escape, |body| Escape {
        len: len + body.len,
        ..body
    })
}

/// `#012` and `\012`: a line end or a tab by its octal number, as rsyslog writes those inside a message.
pub(super) fn octal(text: &[u8], at: usize) -> Option<Escape> {
    let len = OCTAL_BYTES;
    let escape = Escape {
        len,
        value: Value::Char(' '),
    };
    is_octal(text.get(at..at + len)?).then_some(escape)
}

/// Whether `text` ends with such an escape.
#[inline]
pub(super) fn is_octal(text: &[u8]) -> bool {
    matches!(text, [.., b'#' | b'\\', b'0', b'1', b'1' | b'2' | b'5'])
}

/// `%22`, and encoded again: `%2522`.
pub(super) fn percent(text: &[u8], at: usize) -> Option<Escape> {
    let mut value = hex(text.get(at + 1..at + 3)?)?;
    let mut len = 3;
    for _ in 0..MAX_LAYERS {
        if value != 0x25 {
            break;
        }
        let Some(next) = text.get(at + len..at + len + 2).and_then(hex) else {
            break;
        };
        value = next;
        len += 2;
    }
    Some(with_body(text, at, len, byte(value)))
}

/// `&quot;`, `&#34;`, `&#x22;`, and encoded again: `&amp;quot;`.
pub(super) fn entity(text: &[u8], at: usize) -> Option<Escape> {
    let mut body = at + 1;
    let mut longest = None;
    for _ in 0..=MAX_LAYERS {
        if let Some((len, value)) = entity_body(&text[body..]) {
            longest = Some(Escape {
                len: body + len - at,
                value,
            });
        }
        if !text[body..].starts_with(b"amp;") {
            break;
        }
        body += 4;
    }
    longest
}

/// The body of an entity and its `;`: length and value.
fn entity_body(text: &[u8]) -> Option<(usize, Value)> {
    let window = &text[..text.len().min(9)];
    let end = window.iter().position(|&byte| byte == b';')?;
    let body = &window[..end];
    let value = match body {
        [b'#', b'x' | b'X', digits @ ..] if (1..=6).contains(&digits.len()) => {
            character(hex(digits)?)
        }
        [b'#', digits @ ..] if (1..=7).contains(&digits.len()) => character(decimal(digits)?),
        name => {
            let (_, value) = ENTITIES.iter().find(|(known, _)| *known == name)?;
            Value::Char(*value)
        }
    };
    Some((end + 1, value))
}

/// A control sequence of a terminal (ECMA-48 5.4), real, written out, or with its ESC stripped.
pub(super) fn control_sequence(text: &[u8], at: usize) -> Option<Escape> {
    let rest = &text[at..];
    let introducer = match *rest {
        [b'[', ..] => 0,
        [0x1b, b'[', ..] => 2,
        [b'^', b'[', b'[', ..] => 3,
        [b'E', b'S', b'C', b'[', ..] => 4,
        [b'\\', b'x', b'1', b'b' | b'B', b'[', ..] => 5,
        [b'\\' | b'#', b'0', b'3', b'3', b'[', ..] => 5,
        [b'\\', b'u', b'0', b'0', b'1', b'b' | b'B', b'[', ..] => 7,
        _ => return None,
    };
    let len = match introducer {
        0 => 1 + colour(&rest[1..])?,
        _ => introducer + parameters_and_final(&rest[introducer..])?,
    };
    Some(Escape {
        len,
        value: Value::Nothing,
    })
}

fn parameters_and_final(text: &[u8]) -> Option<usize> {
    let window = &text[..text.len().min(MAX_PARAMETER_BYTES + 1)];
    let parameters = window
        .iter()
        .take_while(|byte| matches!(byte, b'0'..=b'?'))
        .count();
    let last = *window.get(parameters)?;
    is_final(last).then_some(parameters + 1)
}

/// Whether a control sequence may end with `byte`.
pub(super) fn is_final(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'@' | b'`' | b'~')
}

/// `31m`, `1;31m` or `38:2::1:2:3m`: what is left of a colour without its ESC and `[`.
fn colour(text: &[u8]) -> Option<usize> {
    let mut digits = 0;
    let mut previous = None;
    for (at, &byte) in text.iter().take(MAX_PARAMETER_BYTES + 1).enumerate() {
        match byte {
            b'0'..=b'9' if digits < 3 => digits += 1,
            b'm' if digits > 0 => return Some(at + 1),
            b';' | b':' if digits > 0 => digits = 0,
            // Between two colons a number may be left out.
            b':' if previous == Some(b':') => {}
            _ => return None,
        }
        previous = Some(byte);
    }
    None
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| {
        Some(value << 4 | char::from(digit).to_digit(16)?)
    })
}

fn decimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| {
        Some(value * 10 + char::from(digit).to_digit(10)?)
    })
}

/// The character with this number; line ends and tabs are blanks, since they are seen as such.
fn character(value: u32) -> Value {
    match char::from_u32(value) {
        Some('\n' | '\r' | '\t') => Value::Char(' '),
        value => Value::Char(value.unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

/// The character that is this byte; one of several bytes is not put together.
fn byte(value: u32) -> Value {
    character(if value < 0x80 { value } else { 0xfffd })
}
