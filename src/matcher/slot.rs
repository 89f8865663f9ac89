//! Whether a code stands where an error code stands.
//!
//! A code slot is the value of a key such as `error_code`, or a vendor's own
//! exception form. Only the text before the code decides, within
//! [`SLOT_BYTES`] and on the same line. Keys and forms are data, in
//! `patterns/*/provider.json`.

use super::backward::Backward;
use super::escape::{is_escaped, may_end_escape};
use super::form::Forms;
use super::word_bytes::is_word;
use crate::catalog::ProviderRules;

/// How far before a code its key is looked for, in bytes.
pub(crate) const SLOT_BYTES: usize = 256;

/// The most wrappers, such as `Some(`, between a key and its value.
const MAX_WRAPPERS: usize = 4;

/// The keys and forms of all providers.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    keys: Vec<Key>,
    /// The keys that JSON may write as `\u9519\u8bef\u7801`.
    escapable: Vec<String>,
    forms: Forms,
}

/// One spelling of a key and what may stand before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    name: Vec<u8>,
    before: Before,
}

/// What may stand before a key so that the key is a word of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// `code`: no letter and no digit.
    NoAlphanumeric,
    /// `CODE`: no capital and no digit.
    NoCapital,
    /// `Code`, 错误码: anything.
    Anything,
}

impl Slots {
    /// Takes over the keys and forms of `providers`.
    pub(crate) fn new(providers: &[ProviderRules]) -> Self {
        let all = || providers.iter().flat_map(|provider| &provider.keys);
        let mut keys: Vec<Key> = Vec::new();
        for key in all().flat_map(|key| spellings(key)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Slots {
            keys,
            escapable: all().filter(|key| !key.is_ascii()).cloned().collect(),
            forms: Forms::new(providers),
        }
    }

    /// Every spelling of every key, and the last word of every form: a slot's value follows one of them.
    pub(crate) fn anchors(&self) -> Vec<Vec<u8>> {
        let keys = self.keys.iter().map(|key| key.name.clone());
        let escaped = self.escapable.iter().flat_map(|key| last_escaped(key));
        keys.chain(escaped).chain(self.forms.last_words()).collect()
    }

    /// Whether the code at `start` is the value of a key or of an exception form.
    pub(crate) fn holds(&self, text: &[u8], start: usize) -> bool {
        self.holds_plainly(text, start) || self.holds_somehow(text, start)
    }

    /// Whether the code at `start` is the value of a key in the way that most are: `"code": "..."`,
    /// `code=...`, without escapes, brackets and colours.
    fn holds_plainly(&self, text: &[u8], start: usize) -> bool {
        let floor = start.saturating_sub(SLOT_BYTES);
        let seen = without_blanks(without_plain_quote(&text[floor..start]));
        let Some(seen) = seen.strip_suffix(b":").or_else(|| seen.strip_suffix(b"=")) else {
            return false;
        };
        let seen = without_plain_quote(without_blanks(seen));
        let is_plain = seen.last().is_some_and(u8::is_ascii_alphabetic);
        is_plain && self.key_ends(&Backward::new(text, floor, floor + seen.len()))
    }

    fn holds_somehow(&self, text: &[u8], start: usize) -> bool {
        let floor = line_floor(text, start, SLOT_BYTES);
        let before = Backward::new(text, floor, start);
        is_value(before, |before, _| self.key_ends(before))
            || self.forms.provider_at(text, start).is_some()
    }

    fn key_ends(&self, before: &Backward) -> bool {
        let seen = &before.text()[before.floor()..before.at()];
        let Some(last) = seen.last() else {
            return false;
        };
        let keys = self.keys.iter();
        let mut alike = keys.filter(|key| key.name.last() == Some(last));
        let is_plain = alike.any(|key| {
            let Some(rest) = seen.strip_suffix(key.name.as_slice()) else {
                return false;
            };
            let start = before.floor() + rest.len();
            if is_escaped(before.text(), start) {
                return false;
            }
            let Some(&byte) = rest.last() else {
                return true;
            };
            let stands_alone = match key.before {
                Before::Anything => true,
                Before::NoAlphanumeric => !byte.is_ascii_alphanumeric(),
                Before::NoCapital => !byte.is_ascii_uppercase() && !byte.is_ascii_digit(),
            };
            stands_alone || is_escaped(before.text(), start - 1)
        });
        is_plain
            || last.is_ascii_hexdigit()
                && may_end_escape(before.text(), before.at())
                && self.escaped_key_ends(before)
    }

    fn escaped_key_ends(&self, before: &Backward) -> bool {
        self.escapable.iter().any(|key| before.ends_with(key))
    }
}

/// Reads `KEY gap separator gap` backwards; `key_ends` tells whether a key ends where the reader stands,
/// and is given the separator behind it.
pub(crate) fn is_value(mut before: Backward, key_ends: impl Fn(&Backward, char) -> bool) -> bool {
    let mut separator = Separator::default();
    let mut wrappers = 0;
    let mut right = None;
    loop {
        before.settle();
        if separator.is_one() && key_ends(&before, separator.last) {
            return separator.hard > 0 || right != Some('>') || !is_closing_tag(before);
        }
        let here = before.clone();
        let Some(unit) = before.next() else {
            return false;
        };
        match unit {
            '[' if skip_cdata(&mut before) => {
                right = Some('<');
                continue;
            }
            '>' | '=' | ':' | '：' | '[' => {
                if !separator.add(unit, &mut before) {
                    return false;
                }
            }
            _ if is_gap(unit) => {}
            'u' | 'b' if matches!(right, Some('"' | '\'')) && !ends_in_word(&before) => {}
            _ if matches!(right, Some('(' | '[')) && wrappers < MAX_WRAPPERS => {
                let Some(start) = wrapper_start(&here) else {
                    return false;
                };
                before.jump(start);
                wrappers += 1;
            }
            _ => return false,
        }
        right = Some(unit);
    }
}

/// Whether the name that ends where `tag` stands is that of a closing tag: what follows is none of its values.
pub(crate) fn is_closing_tag(mut tag: Backward) -> bool {
    tag.pass(|unit| unit.is_alphanumeric() || matches!(unit, '_' | '-' | '.' | ':'));
    tag.ends_with("</")
}

/// The beginning of the text that may speak for the code at `start`.
pub(crate) fn line_floor(text: &[u8], start: usize, limit: usize) -> usize {
    let floor = start.saturating_sub(limit);
    memchr::memrchr(b'\n', &text[floor..start]).map_or(floor, |newline| floor + newline + 1)
}

/// `text` without the quote that ends it, unless that may be an escape's.
fn without_plain_quote(text: &[u8]) -> &[u8] {
    match text {
        [.., b'\\', b'"' | b'\''] => text,
        [before @ .., b'"' | b'\''] => before,
        _ => text,
    }
}

/// `text` without the blanks that end it.
pub(crate) fn without_blanks(mut text: &[u8]) -> &[u8] {
    while let [before @ .., b' ' | b'\t'] = text {
        text = before;
    }
    text
}

fn spellings(key: &str) -> Vec<Key> {
    if !key.is_ascii() {
        return vec![Key {
            name: key.into(),
            before: Before::Anything,
        }];
    }
    let mut capitalised = key.as_bytes().to_vec();
    capitalised[..1].make_ascii_uppercase();
    vec![
        Key {
            name: key.into(),
            before: Before::NoAlphanumeric,
        },
        Key {
            name: capitalised,
            before: Before::Anything,
        },
        Key {
            name: key.to_ascii_uppercase().into(),
            before: Before::NoCapital,
        },
    ]
}

/// The last character of a key, as JSON escapes it in both cases.
fn last_escaped(key: &str) -> Vec<Vec<u8>> {
    let mut units = [0; 2];
    let last = key
        .chars()
        .last()
        .map(|unit| &*unit.encode_utf16(&mut units));
    let Some(&[.., unit]) = last else {
        return Vec::new();
    };
    vec![
        format!("u{unit:04x}").into_bytes(),
        format!("u{unit:04X}").into_bytes(),
    ]
}

/// What was found between key and value.
#[derive(Default)]
struct Separator {
    hard: usize,
    soft: bool,
    /// The last character of the hard one.
    last: char,
}

impl Separator {
    fn is_one(&self) -> bool {
        self.hard == 1 || (self.hard == 0 && self.soft)
    }

    /// Takes the separator that ends with `last`; `false` where it is a comparison or one too many.
    fn add(&mut self, last: char, before: &mut Backward) -> bool {
        match (before.peek(), last) {
            (Some('='), '>') => {
                before.next();
                match before.peek() {
                    Some('=' | '!' | '<' | '>') => return false,
                    Some(':') => drop(before.next()),
                    _ => {}
                }
            }
            (Some('-'), '>') | (Some(':'), '=') => drop(before.next()),
            // SQL's comparison.
            (Some('<'), '>') => return false,
            (_, '[' | '>') => {
                self.soft = true;
                return true;
            }
            (Some('=' | '!' | '<' | '>'), '=') => return false,
            _ => {}
        }
        self.hard += 1;
        self.last = last;
        self.hard == 1
    }
}

/// Whether `unit` may stand around a value without meaning: quotes and what escapes them, blanks,
/// brackets, emphasis.
pub(crate) fn is_gap(unit: char) -> bool {
    const MARKS: &str = "`*()[]{}<>（）【】\\";
    is_blank(unit) || is_quote(unit) || MARKS.contains(unit)
}

/// Whether `unit` is a blank.
pub(crate) fn is_blank(unit: char) -> bool {
    matches!(unit, ' ' | '\t' | '\u{a0}' | '\u{3000}')
}

/// Whether `unit` is a quote of any script.
pub(crate) fn is_quote(unit: char) -> bool {
    matches!(
        unit,
        '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』'
    )
}

fn ends_in_word(before: &Backward) -> bool {
    before
        .peek()
        .is_some_and(|unit| u8::try_from(unit).is_ok_and(is_word))
}

/// The start of the identifier, with its path, that ends where `before` stands.
fn wrapper_start(before: &Backward) -> Option<usize> {
    let text = before.text();
    let mut start = identifier_start(text, before.floor(), before.at())?;
    while let Some(path) = text[before.floor()..start].strip_suffix(b"::") {
        let Some(outer) = identifier_start(text, before.floor(), before.floor() + path.len())
        else {
            break;
        };
        start = outer;
    }
    Some(start)
}

fn identifier_start(text: &[u8], floor: usize, end: usize) -> Option<usize> {
    let len = text[floor..end]
        .iter()
        .rev()
        .take_while(|&&byte| is_word(byte) || byte == b'.')
        .count();
    let mut start = end - len;
    while start < end
        && (is_escaped(text, start) || !(text[start].is_ascii_alphabetic() || text[start] == b'_'))
    {
        start += 1;
    }
    (start < end).then_some(start)
}

/// Steps over the rest of `<![CDATA[` when its last `[` was read; `false` where it is something else.
fn skip_cdata(before: &mut Backward) -> bool {
    let mut ahead = before.clone();
    let is_cdata = "<![CDATA"
        .chars()
        .rev()
        .all(|expected| ahead.next() == Some(expected));
    if is_cdata {
        *before = ahead;
    }
    is_cdata
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const PIECES: [&str; 18] = [
        "code",
        "Code",
        "zipcode",
        "\"",
        "'",
        " ",
        ":",
        "=",
        ">",
        "\\",
        "\n",
        "[0m",
        "%22",
        "x",
        "错误码",
        r"\u9519\u8bef\u7801",
        "[",
        "u",
    ];

    #[test]
    fn what_is_plainly_a_value_is_one_however_it_is_read() {
        let catalog = Catalog::builtin().expect("the catalogue is sound");
        let slots = Slots::new(catalog.providers());
        let mut plain = 0;
        for number in 0..PIECES.len().pow(4) {
            let places = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = places.map(|place| PIECES[place]).collect();
            let (text, start) = (format!("{text}APIG").into_bytes(), text.len());

            if slots.holds_plainly(&text, start) {
                plain += 1;
                assert!(slots.holds_somehow(&text, start), "{}", text.escape_ascii());
            }
        }
        assert!(plain > 1000, "{plain}");
    }
}
