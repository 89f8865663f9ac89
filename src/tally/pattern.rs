//! Which codes are meant by what a user writes: `category=throttling`, `code=APIG.*`.

use std::str::FromStr;

use globset::{Glob, GlobMatcher};

use super::filter::StatusPattern;
use super::result::CodeRow;
use crate::catalog::Category;

/// What codes have in common.
#[derive(Clone, Debug)]
pub enum CodePattern {
    /// The documented status, else an observed one: `status=5xx`.
    Status(StatusPattern),
    /// The kind of trouble: `category=throttling`.
    Category(Category),
    /// The text of the code: `code=APIG.*`.
    Code(GlobMatcher),
    /// Whose code it is, or may be: `provider=NAME`.
    Provider(String),
}

impl CodePattern {
    /// How many matches of `row` are meant.
    pub fn matches_of(&self, row: &CodeRow) -> u64 {
        match self {
            CodePattern::Status(status) if row.http_status.is_none() => row
                .observed_status
                .iter()
                .filter(|(observed, _)| status.is_match(**observed))
                .map(|(_, count)| count)
                .sum(),
            _ if self.is_match(row) => row.count,
            _ => 0,
        }
    }

    /// Whether the code of `row` is meant, by what is known about it.
    pub fn is_match(&self, row: &CodeRow) -> bool {
        match self {
            CodePattern::Status(status) => row.http_status.is_some_and(|it| status.is_match(it)),
            CodePattern::Category(category) => row.category == Some(*category),
            CodePattern::Code(glob) => glob.is_match(&row.code),
            CodePattern::Provider(provider) => {
                row.provider.as_ref() == Some(provider) || row.candidates.contains(provider)
            }
        }
    }
}

impl FromStr for CodePattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("status", status)) => Ok(CodePattern::Status(status.parse()?)),
            Some(("category", category)) => Ok(CodePattern::Category(category.parse()?)),
            Some(("code", "")) => Err(String::from(
                "invalid glob '': it means no code, expected one such as code=APIG.*",
            )),
            Some(("code", code)) => match Glob::new(code) {
                Ok(glob) => Ok(CodePattern::Code(glob.compile_matcher())),
                Err(error) => Err(format!("invalid glob '{code}': {}", error.kind())),
            },
            Some(("provider", provider)) => Ok(CodePattern::Provider(provider.to_owned())),
            _ => Err(format!(
                "invalid pattern '{text}', expected status=5xx, category=throttling, code=APIG.* or provider=NAME"
            )),
        }
    }
}
