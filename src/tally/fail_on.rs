//! Conditions under which a scan ends with its own exit status: gates for deployments.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::pattern::CodePattern;
use super::refine::{Unlisted, lacks_rare};
use super::result::{Change, ChangeRow, CodeRow, ScanResult};

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
            What::New => new(result)
                .map(|row| row.count)
                .fold(0, u64::saturating_add),
            What::Unknown => result.totals.unknown,
            // Then they are left out, and nothing that counts is one.
            What::Unconfirmed if result.strict => 0,
            What::Unconfirmed => result.totals.unconfirmed,
        };
        count > self.more_than
    }

    /// The codes by which it may hold.
    pub fn codes<'r>(&self, result: &'r ScanResult) -> BTreeSet<&'r str> {
        let unknown = result.unknown.iter().map(|row| row.code.as_str());
        let of_rows = |count: &dyn Fn(&CodeRow) -> u64| {
            let rows = result.codes.iter().filter(|row| count(row) > 0);
            rows.map(|row| row.code.as_str()).collect::<BTreeSet<_>>()
        };
        match &self.what {
            What::Codes(pattern) => {
                let mut codes = of_rows(&|row| pattern.matches_of(row));
                codes.extend(unknown.filter(|code| is_of(pattern, code)));
                codes
            }
            What::New => new(result).map(|row| row.code.as_str()).collect(),
            What::Unknown => unknown.collect(),
            What::Unconfirmed => of_rows(&|row| row.unconfirmed),
        }
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

/// Whether an unknown code is meant, of which only its text is known.
fn is_of(pattern: &CodePattern, code: &str) -> bool {
    matches!(pattern, CodePattern::Code(glob) if glob.is_match(code))
}

fn unknown_matches(pattern: &CodePattern, result: &ScanResult) -> u64 {
    let rows = result.unknown.iter();
    let meant = rows.filter(|row| is_of(pattern, &row.code));
    meant.map(|row| row.count).fold(0, u64::saturating_add)
}

/// What is new since the baseline.
fn new(result: &ScanResult) -> impl Iterator<Item = &ChangeRow> {
    let baseline = result.baseline.iter();
    let changes = baseline.flat_map(|baseline| &baseline.changes);
    changes.filter(|row| row.change == Change::New)
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
