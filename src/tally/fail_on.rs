//! Conditions under which a scan ends with its own exit status: gates for deployments.

use std::str::FromStr;

use super::pattern::CodePattern;
use super::refine::{Unlisted, lacks_rare};
use super::result::{Change, ScanResult};

/// A condition such as `status=5xx>10`: more than so many matches of this kind.
#[derive(Clone, Debug)]
pub struct FailOn {
    what: What,
    more_than: u64,
    text: String,
}

#[derive(Clone, Debug)]
enum What {
    Codes(CodePattern),
    New,
    Unknown,
    Unconfirmed,
}

impl FailOn {
    /// Whether the condition holds for `result`.
    pub fn holds(&self, result: &ScanResult) -> bool {
        let count = match &self.what {
            What::Codes(pattern) => {
                let known = result.codes.iter().map(|row| pattern.matches_of(row));
                known.fold(unknown_matches(pattern, result), u64::saturating_add)
            }
            What::New => new_matches(result),
            What::Unknown => result.totals.unknown,
            // Then they are left out, and nothing that counts is one.
            What::Unconfirmed if result.strict => 0,
            What::Unconfirmed => result.totals.unconfirmed,
        };
        count > self.more_than
    }

    /// Whether it cannot be told that the condition does not hold: rows that `result` does not list might
    /// make it hold.
    pub fn is_undecided(&self, result: &ScanResult) -> bool {
        let lists_some = Unlisted::is_in(result) || lacks_rare(result);
        matches!(self.what, What::Codes(_)) && lists_some && !self.holds(result)
    }

    /// Whether the condition is about a comparison with a baseline.
    pub fn needs_baseline(&self) -> bool {
        matches!(self.what, What::New)
    }

    /// The provider that the condition is about.
    pub fn provider(&self) -> Option<&str> {
        match &self.what {
            What::Codes(CodePattern::Provider(provider)) => Some(provider),
            _ => None,
        }
    }

    /// The condition as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Only its text is known about an unknown code.
fn unknown_matches(pattern: &CodePattern, result: &ScanResult) -> u64 {
    let CodePattern::Code(glob) = pattern else {
        return 0;
    };
    let meant = result.unknown.iter().filter(|row| glob.is_match(&row.code));
    meant.map(|row| row.count).fold(0, u64::saturating_add)
}

fn new_matches(result: &ScanResult) -> u64 {
    let changes = result
        .baseline
        .iter()
        .flat_map(|baseline| &baseline.changes);
    let new = changes.filter(|row| row.change == Change::New);
    new.map(|row| row.count).fold(0, u64::saturating_add)
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
        let what = match condition {
            "new" => What::New,
            "unknown" => What::Unknown,
            "unconfirmed" => What::Unconfirmed,
            _ if is_pattern(condition) => What::Codes(condition.parse()?),
            _ => {
                return Err(format!(
                    "invalid condition '{text}', expected status=5xx, category=throttling, code=APIG.*, provider=NAME, \
                     unknown, unconfirmed or new, each with an optional >N"
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

fn is_pattern(condition: &str) -> bool {
    let key = condition.split_once('=').map(|(key, _)| key);
    key.is_some_and(|key| ["status", "category", "code", "provider"].contains(&key))
}
