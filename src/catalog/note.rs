//! How remarks on user files are worded.

use std::fmt;

use crate::wording::catalog::listed;

/// How many remarks of one kind are given in full.
const NAMED: usize = 3;

/// The longest piece of a user's text that a sentence quotes, in characters.
const QUOTED_CHARS: usize = 100;

/// A code fit for a terminal: control characters are written out, long text is cut.
pub(super) struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, character) in self.0.chars().enumerate() {
            if count == QUOTED_CHARS {
                out.write_str("...")?;
                break;
            }
            if character.is_control() {
                write!(out, "{}", character.escape_unicode())?;
            } else {
                write!(out, "{character}")?;
            }
        }
        Ok(())
    }
}

/// The same in quotes.
pub(super) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "'{}'", Plain(self.0))
    }
}

/// Many remarks of one kind as one note: the first three in full, then how many more.
#[derive(Default)]
pub(super) struct Fold {
    named: Vec<String>,
    more: usize,
}

impl Fold {
    /// Adds a remark on `text`, which is worded only where it will be read.
    pub(super) fn add(&mut self, text: &str, remark: impl FnOnce(&str) -> String) {
        if self.named.len() < NAMED {
            self.named.push(remark(&Plain(text).to_string()));
        } else {
            self.more += 1;
        }
    }

    /// The note on the file `name`; `None` where there was no remark.
    pub(super) fn note(self, name: &str) -> Option<String> {
        let Fold { named, more } = self;
        (!named.is_empty()).then(|| on_file(name, &listed(&named, more)))
    }
}

/// A note on the file `name`.
pub(super) fn on_file(name: &str, remark: &str) -> String {
    format!("{name}: {remark}")
}
