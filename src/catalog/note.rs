//! How remarks on user files are worded.

use std::fmt;

/// How many remarks of one kind are given in full.
const NAMED: usize = 3;

/// The longest piece of a user's text that a sentence quotes, in characters.
const QUOTED_CHARS: usize = 100;

/// A code in quotes, fit for a terminal: control characters are written out, long text is cut.
pub(super) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("'")?;
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
        out.write_str("'")
    }
}

/// Many remarks of one kind as one note: the first three in full, then how many more.
#[derive(Default)]
pub(super) struct Fold {
    named: Vec<String>,
    more: usize,
}

impl Fold {
    /// Adds a remark, which is worded only where it will be read.
    pub(super) fn add(&mut self, remark: impl fmt::Display) {
        if self.named.len() < NAMED {
            self.named.push(remark.to_string());
        } else {
            self.more += 1;
        }
    }

    /// The note on the file `name`; `None` where there was no remark.
    pub(super) fn note(self, name: &str) -> Option<String> {
        let named = self.named.join(", ");
        match self {
            Fold { more: 0, .. } if named.is_empty() => None,
            Fold { more: 0, .. } => Some(format!("{name}: {named}")),
            Fold { more, .. } => Some(format!("{name}: {named}, and {more} more")),
        }
    }
}
