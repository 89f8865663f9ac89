//! One line: which of its bytes are escaped, its tokens, and its units.
//!
//! The units tile the line: each is an escape, a character, or a byte that is no character.

use super::escapes::{self, Value};

/// A piece of the line that stands for one thing.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset just after its last byte.
    pub end: usize,
    /// What it stands for.
    pub value: Value,
    /// Whether it is an escape.
    pub is_escape: bool,
}

/// A line without its newline.
#[derive(Debug)]
pub struct Line<'t> {
    /// The bytes.
    pub bytes: &'t [u8],
    /// For each byte, whether an escape covers it.
    pub escaped: Vec<bool>,
    /// The same, but for the first byte of an escape.
    inside_escape: Vec<bool>,
    /// The line, cut from left to right.
    pub units: Vec<Unit>,
}

impl<'t> Line<'t> {
    /// Finds the escapes and cuts the units.
    pub fn new(bytes: &'t [u8]) -> Self {
        let mut escaped = vec![false; bytes.len()];
        let mut inside_escape = vec![false; bytes.len()];
        for s in 0..bytes.len() {
            if let Some(len) = escapes::escape_len(bytes, s) {
                escaped[s..s + len].fill(true);
                inside_escape[s + 1..s + len].fill(true);
            }
        }
        let mut units = Vec::new();
        let mut start = 0;
        while start < bytes.len() {
            let unit = unit_at(bytes, start);
            start = unit.end;
            units.push(unit);
        }
        Line {
            bytes,
            escaped,
            inside_escape,
            units,
        }
    }

    /// Whether byte `i` is there, is a word byte, and is not escaped.
    pub fn is_word(&self, i: usize) -> bool {
        self.is_plain(i, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    /// Whether byte `i` is there, is not escaped, and is what `test` asks for.
    pub fn is_plain(&self, i: usize, test: impl Fn(u8) -> bool) -> bool {
        i < self.bytes.len() && !self.escaped[i] && test(self.bytes[i])
    }

    /// Whether byte `i` is there and part of a token.
    pub fn is_token_byte(&self, i: usize) -> bool {
        let joins = || i > 0 && self.is_word(i - 1) && self.is_word(i + 1);
        self.is_word(i) || self.bytes.get(i) == Some(&b'.') && joins()
    }

    /// The end of the run of token bytes from `i` on.
    pub fn token_end(&self, i: usize) -> usize {
        let mut end = i;
        while self.is_token_byte(end) {
            end += 1;
        }
        end
    }

    /// Whether a code may begin at byte `p`.
    pub fn left_ok(&self, p: usize) -> bool {
        // A code that begins like an escape is a code, but none is the `ESC` of `ESC[0m`.
        let is_taken = self.inside_escape[p] || self.escaped[p] && self.bytes[p] == b'E';
        !is_taken && (p == 0 || !self.is_token_byte(p - 1))
    }

    /// Whether a code may end just before byte `end`.
    pub fn right_ok(&self, end: usize) -> bool {
        let forgotten_blank = self.bytes[end - 1].is_ascii_digit()
            && self.bytes.get(end) == Some(&b'.')
            && self.is_plain(end + 1, |byte| byte.is_ascii_uppercase());
        !self.is_token_byte(end) || forgotten_blank
    }

    /// The index of the unit that begins at byte `start`; the number of units for the line's end.
    pub fn unit_index(&self, start: usize) -> Option<usize> {
        if start == self.bytes.len() {
            return Some(self.units.len());
        }
        self.units.iter().position(|unit| unit.start == start)
    }

    /// The units that begin in `window_start..end`, which `end` does not cut.
    pub fn units_before(&self, window_start: usize, end: usize) -> Vec<Unit> {
        let inside = |unit: &&Unit| window_start <= unit.start && unit.end <= end;
        self.units.iter().filter(inside).copied().collect()
    }

    /// The value of the first visible unit from index `i` on.
    pub fn visible_from(&self, i: usize) -> Option<Value> {
        let mut values = self.units[i..].iter().map(|unit| unit.value);
        values.find(|&value| value != Value::Invisible)
    }

    /// The value of the last visible unit before index `i`.
    pub fn visible_before(&self, i: usize) -> Option<Value> {
        let mut values = self.units[..i].iter().rev().map(|unit| unit.value);
        values.find(|&value| value != Value::Invisible)
    }

    /// Where the units from index `i` on, the invisible ones between them skipped, spell `text`:
    /// the index after the last one.
    pub fn spelled_until(&self, i: usize, text: &str) -> Option<usize> {
        let mut next = i;
        for (nth, wanted) in text.chars().enumerate() {
            while nth > 0 && self.units.get(next)?.value == Value::Invisible {
                next += 1;
            }
            if self.units.get(next)?.value != Value::Char(wanted) {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// Every place where `text` stands, byte for byte.
    pub fn places_of(&self, text: &str) -> Vec<usize> {
        let text = text.as_bytes();
        (0..self.bytes.len())
            .filter(|&i| self.bytes[i..].starts_with(text))
            .collect()
    }

    /// Whether `start..end` is on the line and none of its bytes is escaped.
    pub fn is_unescaped(&self, start: usize, end: usize) -> bool {
        self.escaped
            .get(start..end)
            .is_some_and(|escaped| !escaped.contains(&true))
    }
}

fn unit_at(bytes: &[u8], start: usize) -> Unit {
    if let Some(len) = escapes::escape_len(bytes, start) {
        let end = start + len;
        return Unit {
            start,
            end,
            value: escapes::value(&bytes[start..end]),
            is_escape: true,
        };
    }
    let (len, value) = match first_char(&bytes[start..]) {
        Some('\\') => (1, Value::Invisible),
        Some(character) => (character.len_utf8(), Value::Char(character)),
        None => (1, Value::NoChar),
    };
    Unit {
        start,
        end: start + len,
        value,
        is_escape: false,
    }
}

/// The character that `bytes` begin with, where they are UTF-8.
fn first_char(bytes: &[u8]) -> Option<char> {
    let longest = bytes.len().min(4);
    let text = (1..=longest).find_map(|len| std::str::from_utf8(&bytes[..len]).ok())?;
    text.chars().next()
}
