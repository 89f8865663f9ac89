//! Reads text backwards as a person sees it: escapes decoded, colours gone.

use super::escape::{Escape, Value, escape_before, may_end_escape};

/// A reader that goes from a code towards the beginning of its line.
#[derive(Clone)]
pub(crate) struct Backward<'t> {
    text: &'t [u8],
    floor: usize,
    at: usize,
}

impl<'t> Backward<'t> {
    /// Reads from before `at` down to `floor`.
    pub(crate) fn new(text: &'t [u8], floor: usize, at: usize) -> Self {
        Backward { text, floor, at }
    }

    /// Where the next character ends.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Where reading stops.
    pub(crate) fn floor(&self) -> usize {
        self.floor
    }

    /// The text that is read.
    pub(crate) fn text(&self) -> &'t [u8] {
        self.text
    }

    /// Goes on before `at`.
    pub(crate) fn jump(&mut self, at: usize) {
        self.at = at;
    }

    /// The character before the one that [`Backward::next`] would give, left where it is.
    pub(crate) fn peek(&self) -> Option<char> {
        self.clone().next()
    }

    /// Whether `word` ends where the reader stands, however it is escaped.
    pub(crate) fn ends_with(&self, word: &str) -> bool {
        let mut reader = self.clone();
        let mut units = word.chars().rev();
        units.all(|unit| reader.next() == Some(unit))
    }

    /// Steps over what cannot be seen: colours, and backslashes that escape nothing.
    pub(crate) fn settle(&mut self) {
        loop {
            match self.escape() {
                Some((start, escape)) if escape.value == Value::Nothing => self.at = start,
                None if self.text[self.floor..self.at].ends_with(b"\\") => self.pass_backslashes(),
                _ => return,
            }
        }
    }

    /// Steps over backslashes: before others they escape nothing.
    fn pass_backslashes(&mut self) {
        let seen = &self.text[self.floor..self.at];
        let others = seen.iter().rposition(|&byte| byte != b'\\');
        self.at = self.floor + others.map_or(0, |last| last + 1);
    }

    /// The escape that ends where the reader stands.
    #[inline]
    fn escape(&self) -> Option<(usize, Escape)> {
        if may_end_escape(self.text, self.at) {
            escape_before(self.text, self.floor, self.at)
        } else {
            None
        }
    }

    /// Steps over every character that `is_free`.
    pub(crate) fn pass(&mut self, is_free: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&is_free) {
            self.next();
        }
    }

    fn plain(&mut self) -> Option<char> {
        let bytes = &self.text[self.floor..self.at];
        let last = *bytes.last()?;
        if last.is_ascii() {
            self.at -= 1;
            return Some(char::from(last));
        }
        for len in 2..=bytes.len().min(4) {
            let tail = &bytes[bytes.len() - len..];
            let is_inside = tail[0] & 0b1100_0000 == 0b1000_0000;
            if !is_inside && let Ok(text) = std::str::from_utf8(tail) {
                self.at -= len;
                return text.chars().next();
            }
        }
        self.at -= 1;
        Some(char::REPLACEMENT_CHARACTER)
    }
}

impl Iterator for Backward<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            if let Some((start, escape)) = self.escape() {
                self.at = start;
                match escape.value {
                    Value::Char(value) => return Some(value),
                    Value::Nothing => continue,
                }
            }
            match self.plain()? {
                '\\' => self.pass_backslashes(),
                value => return Some(value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_colours_vanish() {
        let text = "错\\\\\\\"x\\u003d%2522&amp;gt;\\x1b[31m[0mÿ".as_bytes();

        let read: String = Backward::new(text, 0, text.len()).collect();

        assert_eq!(read, "ÿ>\"=x\"错");
    }
}
