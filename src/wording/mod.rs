//! What a result says in sentences: its notes, and why an input was not read to its end; what there
//! is to remark on a catalogue; what a run tells while it goes on; and what a verb shows.
//!
//! A result is saved, merged and read again, so its sentences are English, whoever reads them
//! then; a report in Chinese translates them where it shows them. Each sentence is written here
//! once, in both languages: the function that makes it and the reader that finds its parts again
//! come from the same form, so neither can be without the other. What no form has, such as the
//! system's own words or a note of a later version, is shown as it is.

pub(crate) mod catalog;
mod form;
mod line;
pub mod notes;
pub mod reasons;
pub(crate) mod remarks;
pub mod shown;
pub mod told;

pub use line::line_in;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::catalog::Lang;

/// What a reader of a result must know, in English.
///
/// The program makes one by a function of [`notes`] only; others come from saved results.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(String);

impl Note {
    /// Whether both are the same sentence, be it of other numbers or names.
    pub(crate) fn is_like(&self, other: &Note) -> bool {
        let form = |note: &Note| notes::FORMS.iter().position(|form| form.reads(note));
        form(self).is_some_and(|of_self| form(other) == Some(of_self))
    }
}

impl Deref for Note {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq<str> for Note {
    fn eq(&self, text: &str) -> bool {
        self.0 == *text
    }
}

impl PartialEq<&str> for Note {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

impl PartialEq<String> for Note {
    fn eq(&self, text: &String) -> bool {
        self.0 == *text
    }
}

#[cfg(test)]
impl From<&str> for Note {
    fn from(text: &str) -> Note {
        Note(text.to_owned())
    }
}

/// A sentence of a result in `lang`; what is no sentence of this program is left as it is.
pub(crate) fn in_language(text: &str, lang: Lang) -> Cow<'_, str> {
    match lang {
        Lang::En => Cow::Borrowed(text),
        Lang::Zh => in_chinese(text).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// The Chinese of a sentence; `None` where no form has it.
pub(crate) fn in_chinese(text: &str) -> Option<String> {
    let mut forms = notes::FORMS.iter().chain(reasons::FORMS);
    forms.find_map(|form| form.chinese_of(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_like_those_of_other_numbers_only() {
        let widened = notes::buckets_widened(60, 10_000);

        assert!(widened.is_like(&notes::buckets_widened(120, 10)));
        assert!(!widened.is_like(&notes::buckets_wide(1, 10_000, 60)));
        assert!(!Note::from("of a later version").is_like(&Note::from("of a later version")));
    }

    #[test]
    fn what_no_form_has_is_shown_as_it_is() {
        for text in [
            "",
            "Permission denied (os error 13)",
            "buckets were widened to",
        ] {
            assert_eq!(in_language(text, Lang::Zh), text);
        }
    }

    #[test]
    fn english_is_as_it_was_saved() {
        let note = notes::buckets_widened(60, 10_000);

        assert_eq!(in_language(&note, Lang::En), &*note);
    }
}
