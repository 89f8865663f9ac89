//! Reads text forwards as a person sees it: escapes decoded, colours gone.

use super::escape::{Value, escape_at};

/// A reader that goes from a key towards the end of its line.
#[derive(Clone)]
pub(crate) struct Forward<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Forward<'t> {
    /// Reads from `at` to the end of `text`.
    pub(crate) fn new(text: &'t [u8], at: usize) -> Self {
        Forward { text, at }
    }

    /// Where the next character begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Steps over every character that `is_free`, and over what cannot be seen behind them.
    pub(crate) fn pass(&mut self, is_free: impl Fn(char) -> bool) {
        let mut ahead = self.clone();
        while ahead.next().is_some_and(&is_free) {
            self.at = ahead.at;
        }
        self.settle();
    }

    /// Steps over what cannot be seen: colours, and backslashes that escape nothing.
    fn settle(&mut self) {
        loop {
            match escape_at(self.text, self.at) {
                Some(escape) if escape.value == Value::Nothing => self.at += escape.len,
                None if self.text[self.at..].starts_with(b"\\") => self.at += 1,
                _ => return,
            }
        }
    }

    fn plain(&mut self) -> Option<char> {
        let bytes = &self.text[self.at..];
        let first = *bytes.first()?;
        let window = &bytes[..bytes.len().min(4)];
        let read = match window
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next())
        {
            _ if first.is_ascii() => char::from(first),
            Some(read) => read,
            None => {
                self.at += 1;
                return Some(char::REPLACEMENT_CHARACTER);
            }
        };
        self.at += read.len_utf8();
        Some(read)
    }
}

impl Iterator for Forward<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        self.settle();
        if let Some(escape) = escape_at(self.text, self.at)
            && let Value::Char(value) = escape.value
        {
            self.at += escape.len;
            return Some(value);
        }
        self.plain()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_colours_vanish() {
        let text = "错\\\\\\\"x\\u003d%2522&amp;gt;\\x1b[31m[0my".as_bytes();

        let read: String = Forward::new(text, 0).collect();

        assert_eq!(read, "错\"x=\">y");
    }
}
