//! Conditions under which a scan ends with its own exit status: gates for deployments.

use std::str::FromStr;

use globset::{Glob, GlobMatcher};

use super::filter::StatusPattern;
use super::result::{CodeRow, ScanResult};
use crate::catalog::Category;

/// A condition such as `status=5xx>10`: more than so many matches of this kind.
#[derive(Clone, Debug)]
pub struct FailOn {
    what: What,
    more_than: u64,
    text: String,
}

#[derive(Clone, Debug)]
enum What {
    Status(StatusPattern),
    Category(Category),
    Code(GlobMatcher),
    Provider(String),
    Unknown,
    Unconfirmed,
}

impl FailOn {
    /// Whether the condition holds for `result`.
    pub fn holds(&self, result: &ScanResult) -> bool {
        let sum = |is_meant: &dyn Fn(&CodeRow) -> bool| -> u64 {
            result
                .codes
                .iter()
                .filter(|row| is_meant(row))
                .map(|row| row.count)
                .sum()
        };
        let count = match &self.what {
            What::Status(pattern) => result
                .codes
                .iter()
                .map(|row| matches_of_status(row, *pattern))
                .sum(),
            What::Category(category) => sum(&|row| row.category == Some(*category)),
            What::Code(glob) => {
                let unknown = result
                    .unknown
                    .iter()
                    .filter(|row| glob.is_match(&row.code))
                    .map(|row| row.count)
                    .sum::<u64>();
                unknown + sum(&|row| glob.is_match(&row.code))
            }
            What::Provider(provider) => sum(&|row| {
                row.provider.as_ref() == Some(provider) || row.candidates.contains(provider)
            }),
            What::Unknown => result.totals.unknown,
            What::Unconfirmed => result.totals.unconfirmed,
        };
        count > self.more_than
    }

    /// The condition as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The matches whose documented status, else observed one, is meant.
fn matches_of_status(row: &CodeRow, pattern: StatusPattern) -> u64 {
    match row.http_status {
        Some(status) => {
            if pattern.is_match(status) {
                row.count
            } else {
                0
            }
        }
        None => row
            .observed_status
            .iter()
            .filter(|(status, _)| pattern.is_match(**status))
            .map(|(_, count)| count)
            .sum(),
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (condition, more_than) = match text.split_once('>') {
            Some((condition, number)) => {
                let number = number.trim().parse();
                (
                    condition.trim(),
                    number.map_err(|_| {
                        format!("invalid condition '{text}': expected a number after '>'")
                    })?,
                )
            }
            None => (text.trim(), 0),
        };
        let what = match condition.split_once('=') {
            Some(("status", status)) => What::Status(status.parse()?),
            Some(("category", category)) => What::Category(category.parse()?),
            Some(("code", code)) => {
                let glob = Glob::new(code)
                    .map_err(|error| format!("invalid glob '{code}': {}", error.kind()))?;
                What::Code(glob.compile_matcher())
            }
            Some(("provider", provider)) => What::Provider(provider.to_owned()),
            None if condition == "unknown" => What::Unknown,
            None if condition == "unconfirmed" => What::Unconfirmed,
            _ => {
                return Err(format!(
                    "invalid condition '{text}', expected status=5xx, category=throttling, code=APIG.*, provider=NAME, \
                     unknown or unconfirmed, each with an optional >N"
                ));
            }
        };
        Ok(FailOn {
            what,
            more_than,
            text: text.to_owned(),
        })
    }
}
