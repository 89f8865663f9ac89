//! Escapes: where one begins, how long it is, and what it stands for.

/// What a unit of text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A character.
    Char(char),
    /// A byte that is no character of its own, or a number that is no code point.
    NoChar,
    /// Nothing at all: a colour, or a backslash that begins no escape.
    Invisible,
}

const ENTITIES: [(&str, char); 14] = [
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("amp", '&'),
    ("nbsp", '\u{a0}'),
    ("colon", ':'),
    ("equals", '='),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("rsqb", ']'),
    ("lbrack", '['),
    ("rbrack", ']'),
];

const INTRODUCERS: [&[u8]; 9] = [
    b"\x1b", b"ESC", b"\\x1b", b"\\x1B", b"\\u001b", b"\\u001B", b"\\033", b"#033", b"^[",
];

/// The length of the escape that begins at byte `s`, read as long as possible.
pub fn escape_len(text: &[u8], s: usize) -> Option<usize> {
    let rest = &text[s..];
    [
        backslash(rest),
        octal(rest),
        percent(rest),
        encoded_backslash(rest).map(|(len, body_len)| len + body_len),
        entity(rest),
        colour(rest),
        stripped_colour(rest),
    ]
    .into_iter()
    .flatten()
    .max()
}

/// What the escape that `escape` consists of stands for.
pub fn value(escape: &[u8]) -> Value {
    let whole = Some(escape.len());
    if colour(escape) == whole || stripped_colour(escape) == whole {
        return Value::Invisible;
    }
    if octal(escape) == whole {
        return Value::Char(' ');
    }
    let text = std::str::from_utf8(escape).expect("escapes are ASCII");
    if let Some((len, body_len)) = encoded_backslash(escape)
        && Some(len + body_len) == whole
    {
        return backslash_value(&text[len..]);
    }
    match escape[0] {
        b'\\' => backslash_value(&text[1..]),
        b'%' => match code_point(&text[text.len() - 2..], 16) {
            Value::Char(byte) if byte.is_ascii() => Value::Char(byte),
            _ => Value::NoChar,
        },
        _ => entity_value(text),
    }
}

/// `\n`, `\"`, `\u003c`, `\x3c`. In a run of backslashes only the last is followed by such a byte.
fn backslash(rest: &[u8]) -> Option<usize> {
    if rest.first() != Some(&b'\\') {
        return None;
    }
    match rest.get(1)? {
        b'n' | b't' | b'r' | b'b' | b'f' | b'"' | b'\'' | b'/' => Some(2),
        b'u' if is_hex(rest, 2, 4) => Some(6),
        b'x' if is_hex(rest, 2, 2) => Some(4),
        _ => None,
    }
}

/// `#012`: a line end or a tab by its octal number.
fn octal(rest: &[u8]) -> Option<usize> {
    let digits = rest.strip_prefix(b"#").or(rest.strip_prefix(b"\\"))?;
    let is_known = [b"011", b"012", b"015"]
        .iter()
        .any(|known| digits.starts_with(*known));
    is_known.then_some(4)
}

/// A backslash that is encoded itself, `%5C` or `\u005c`, and behind it what it escapes, but for quotes and `/`:
/// the length of each.
fn encoded_backslash(rest: &[u8]) -> Option<(usize, usize)> {
    let len = backslash(rest).or(percent(rest))?;
    let is_backslash = rest[len - 2..len].eq_ignore_ascii_case(b"5c")
        && match rest[0] {
            b'%' => true,
            _ => matches!(&rest[1..len - 2], b"u00" | b"x"),
        };
    let body = [b"\\", &rest[len..]].concat();
    let is_mark = rest.get(len).is_some_and(|byte| b"\"'/".contains(byte));
    let body_len = backslash(&body).filter(|_| is_backslash && !is_mark)? - 1;
    Some((len, body_len))
}

fn backslash_value(body: &str) -> Value {
    match &body[..1] {
        "n" | "t" | "r" | "b" | "f" => Value::Char(' '),
        "u" | "x" => code_point(&body[1..], 16),
        itself => Value::Char(itself.chars().next().expect("one character")),
    }
}

/// `%22`, and encoded again up to eight times: `%2522`.
fn percent(rest: &[u8]) -> Option<usize> {
    if rest.first() != Some(&b'%') {
        return None;
    }
    (0..=8)
        .filter_map(|again| {
            let prefix = format!("%{}", "25".repeat(again));
            let at = prefix.len();
            (rest.starts_with(prefix.as_bytes()) && is_hex(rest, at, 2)).then_some(at + 2)
        })
        .max()
}

/// `&lt;`, `&#60;`, `&#x3c;`, and encoded again up to eight times: `&amp;lt;`.
fn entity(rest: &[u8]) -> Option<usize> {
    if rest.first() != Some(&b'&') {
        return None;
    }
    (0..=8)
        .filter_map(|again| {
            let prefix = format!("&{}", "amp;".repeat(again));
            let body = rest.strip_prefix(prefix.as_bytes())?;
            let body_len = body.iter().position(|&byte| byte == b';')?;
            is_entity_body(&body[..body_len]).then_some(prefix.len() + body_len + 1)
        })
        .max()
}

fn is_entity_body(body: &[u8]) -> bool {
    if ENTITIES.iter().any(|(name, _)| name.as_bytes() == body) {
        return true;
    }
    let Some(number) = body.strip_prefix(b"#") else {
        return false;
    };
    match number.strip_prefix(b"x").or(number.strip_prefix(b"X")) {
        Some(hex) => (1..=6).contains(&hex.len()) && hex.iter().all(u8::is_ascii_hexdigit),
        None => (1..=7).contains(&number.len()) && number.iter().all(u8::is_ascii_digit),
    }
}

fn entity_value(text: &str) -> Value {
    let mut body = text.trim_start_matches('&').trim_end_matches(';');
    while let Some(inner) = body.strip_prefix("amp;") {
        body = inner;
    }
    if let Some((_, character)) = ENTITIES.iter().find(|(name, _)| *name == body) {
        return Value::Char(*character);
    }
    let number = body.trim_start_matches('#');
    match number.strip_prefix(['x', 'X']) {
        Some(hex) => code_point(hex, 16),
        None => code_point(number, 10),
    }
}

/// The longest parameters of a control sequence that are read.
const MAX_PARAMETER_BYTES: usize = 55;

/// An ANSI (CSI) sequence, real or with its ESC written out.
fn colour(rest: &[u8]) -> Option<usize> {
    INTRODUCERS
        .iter()
        .filter_map(|introducer| {
            let body = rest.strip_prefix(*introducer)?.strip_prefix(b"[")?;
            let parameters = body
                .iter()
                .take_while(|byte| b"0123456789;:<=>?".contains(byte));
            let parameters = parameters.count();
            let last = body.get(parameters)?;
            let is_last = last.is_ascii_alphabetic() || b"@`~".contains(last);
            (parameters <= MAX_PARAMETER_BYTES && is_last)
                .then_some(introducer.len() + 1 + parameters + 1)
        })
        .max()
}

/// `[31m`, `[1;31m`, `[38:2::1:2:3m`: a colour whose ESC was stripped.
fn stripped_colour(rest: &[u8]) -> Option<usize> {
    let body = rest.strip_prefix(b"[")?;
    let len = body.iter().position(|&byte| byte == b'm')?;
    let is_short = |n: &&[u8]| n.len() <= 3 && n.iter().all(|byte| byte.is_ascii_digit());
    let is_colour = body[..len].split(|&byte| byte == b';').all(|parameter| {
        let numbers: Vec<&[u8]> = parameter.split(|&byte| byte == b':').collect();
        let ends = [numbers[0], numbers[numbers.len() - 1]];
        numbers.iter().all(is_short) && ends.iter().all(|number| !number.is_empty())
    });
    (len <= MAX_PARAMETER_BYTES && is_colour).then_some(len + 2)
}

fn is_hex(text: &[u8], at: usize, len: usize) -> bool {
    text.get(at..at + len)
        .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn code_point(digits: &str, radix: u32) -> Value {
    let number = u32::from_str_radix(digits, radix).expect("escapes hold few digits");
    char::from_u32(number).map_or(Value::NoChar, Value::Char)
}
