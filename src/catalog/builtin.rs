//! The files of `patterns/`, embedded: `<provider>/<product>.json`, and each provider's rules.
//!
//! `build.rs` has written the catalogues as Rust: nothing of them is parsed or copied when a program
//! starts, of which it would be the greater part. That nothing is lost on the way, and that the files
//! are right in every respect, is what `tests/catalog.rs` makes sure of.

use super::entry::{Entry, Text};
use super::provider::ProviderRules;
use super::source::CatalogFile;

include!(concat!(env!("OUT_DIR"), "/patterns.rs"));

/// A catalogue.
struct Embedded {
    provider: &'static str,
    product: &'static str,
    title: Words,
    families: &'static [&'static str],
    codes: &'static [Code],
}

/// An entry.
struct Code {
    code: &'static str,
    http_status: Option<u16>,
    message: Option<&'static str>,
    meaning: Words,
    remediation: Words,
    category: &'static str,
    retryable: bool,
    examples: &'static [&'static str],
}

/// A text in both languages.
struct Words {
    en: &'static str,
    zh: &'static str,
}

/// The rules of every provider, by provider.
pub(super) fn rules() -> Vec<ProviderRules> {
    let parse = |text: &&str| -> ProviderRules {
        serde_json::from_str(text).expect("embedded rules are checked by tests/catalog.rs")
    };
    let mut rules: Vec<_> = RULES.iter().map(parse).collect();
    rules.sort_unstable_by(|a, b| a.provider.cmp(&b.provider));
    rules
}

/// Every catalogue, by path.
pub(super) fn catalogues() -> impl Iterator<Item = CatalogFile> {
    CATALOGUES.iter().map(|file| CatalogFile {
        provider: file.provider.into(),
        product: file.product.into(),
        title: Some(text(&file.title)),
        families: file.families.iter().copied().map(str::to_owned).collect(),
        codes: file.codes.iter().map(entry).collect(),
    })
}

fn entry(code: &Code) -> Entry {
    let category = code.category.parse();
    Entry {
        code: code.code.into(),
        http_status: code.http_status,
        message: code.message.map(Into::into),
        meaning: Some(text(&code.meaning)),
        remediation: Some(text(&code.remediation)),
        category: Some(category.expect("embedded categories are checked by tests/catalog.rs")),
        retryable: Some(code.retryable),
        examples: code.examples.iter().copied().map(Into::into).collect(),
        ..Entry::default()
    }
}

fn text(words: &Words) -> Text {
    Text {
        en: words.en.into(),
        zh: words.zh.into(),
    }
}
