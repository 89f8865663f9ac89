//! What a verb shows at once.
//!
//! Nobody saves such a sentence or reads it again, so it is made in both languages.

use super::form::{Form, sentences};
use crate::catalog::Lang;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    en: String,
    zh: String,
}

impl Both {
    /// The sentence in `lang`.
    pub fn of(self, lang: Lang) -> String {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

type Sentence = Both;

fn sentence(form: &Form, parts: &[String]) -> Both {
    Both {
        en: form.english(parts),
        zh: form.chinese(parts),
    }
}

sentences! {
    /// A user's file can be used.
    pub no_faults(file: Text, codes: Number):
        "{file}: {codes} {codes?code|codes}, no faults",
        "{file}：{codes} 个错误码，未发现问题";

    /// What a user's file would change.
    pub replaces_built_in(file: Text, code: Text, provider: Text):
        "{file}: '{code}' replaces the built-in entry of {provider}",
        "{file}：“{code}”取代 {provider} 的内置条目";
}
