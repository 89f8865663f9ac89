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

    /// An example in which its code is not found.
    pub example_missed(code: Text, provider: Text, why: Phrase, example: Text):
        "{code} of {provider}: {why}: {example}",
        "{provider} 的 {code}：{why}：{example}";

    /// What became of all examples.
    pub examples(examples: Number, codes: Number, outcome: Phrase):
        "{examples} {examples?example|examples} of {codes} {codes?code|codes}: {outcome}",
        "{codes} 个错误码的 {examples} 个示例：{outcome}";

    /// The same where some codes have none.
    pub examples_of_some(examples: Number, codes: Number, bare: Number, outcome: Phrase):
        "{examples} {examples?example|examples} of {codes} {codes?code|codes} ({bare} have none): {outcome}",
        "{codes} 个错误码的 {examples} 个示例（{bare} 个错误码没有示例）：{outcome}";
}

/// What such sentences are put together from.
pub mod phrases {
    use crate::wording::form::{Form, sentences};

    type Sentence = String;

    fn sentence(form: &Form, parts: &[String]) -> String {
        form.english(parts)
    }

    sentences! {
        /// Every example holds its code.
        pub all_found():
            "all found",
            "全部找到";

        /// Some examples do not hold theirs.
        pub some_not_found(number: Number):
            "{number} not found",
            "{number} 个未找到";

        /// A code does not stand in its example.
        pub not_found():
            "not found",
            "未找到";

        /// An HTTP status does not stand in its example.
        pub status_not_found():
            "status not found",
            "未找到状态码";

        /// A code is taken for an unknown one.
        pub unknown():
            "unknown",
            "未知";

        /// A code is taken for a word in passing.
        pub unconfirmed():
            "unconfirmed",
            "未确认";

        /// A code is taken for that of a provider without an entry of it.
        pub of_another_provider():
            "taken for a code of another provider",
            "被视为其他提供方的错误码";

        /// A code is taken for another provider's.
        pub of_provider(provider: Text):
            "taken for a code of {provider}",
            "被视为 {provider} 的错误码";
    }
}
