//! Codes put together by category, status, provider, product or file.
//!
//! The counts of all groups add up to the matches of the result: what belongs
//! to no group is in the one without a name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::text::number;
use super::{By, label};
use crate::catalog::Lang;
use crate::tally::result::{CodeRow, ScanResult};

/// How many codes a group names.
const NAMED_CODES: usize = 3;

/// The matches that have one thing in common.
pub(super) struct Group<'a> {
    /// What they have in common; empty where they have no such thing.
    pub(super) name: String,
    /// Who wrote the file that they have in common, where that is known.
    pub(super) source: Option<&'a str>,
    pub(super) count: u64,
    /// `None` where it is not known how many of these matches are unconfirmed.
    pub(super) unconfirmed: Option<u64>,
    /// Matches of codes for which sending the same request again can help.
    pub(super) retryable: u64,
    codes: BTreeMap<&'a str, u64>,
}

impl<'a> Group<'a> {
    fn new(name: String) -> Self {
        Group {
            name,
            source: None,
            count: 0,
            unconfirmed: Some(0),
            retryable: 0,
            codes: BTreeMap::new(),
        }
    }

    /// Adds `count` of the matches of `row`, of which so many are unconfirmed.
    fn add(&mut self, row: &'a CodeRow, count: u64, unconfirmed: u64) {
        self.count = self.count.saturating_add(count);
        self.unconfirmed = match unconfirmed {
            0 => self.unconfirmed,
            n if count == row.count => self.unconfirmed.map(|sum| sum.saturating_add(n)),
            _ => None,
        };
        if row.retryable == Some(true) {
            self.retryable = self.retryable.saturating_add(count);
        }
        let of_code = self.codes.entry(&row.code).or_default();
        *of_code = of_code.saturating_add(count);
    }

    /// The number of distinct codes.
    pub(super) fn codes(&self) -> u64 {
        number(self.codes.len())
    }

    /// The most frequent codes with their counts.
    pub(super) fn top_codes(&self) -> Vec<(&'a str, u64)> {
        let mut codes: Vec<_> = self.codes.iter().map(|(code, n)| (*code, *n)).collect();
        codes.sort_by_key(|&(code, count)| (Reverse(count), code));
        codes.truncate(NAMED_CODES);
        codes
    }
}

/// The groups of `result` by count, then name.
pub(super) fn groups(result: &ScanResult, by: By, lang: Lang) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for row in &result.codes {
        for (name, count) in parts(row, by, lang) {
            let group = groups
                .entry(name)
                .or_insert_with_key(|name| Group::new(name.clone()));
            group.add(row, count, result.unconfirmed_among(row));
        }
    }
    for input in result.inputs.iter().filter(|_| by == By::File) {
        if let Some(group) = groups.get_mut(&input.path) {
            group.source = input.source.as_deref();
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)));
    groups
}

/// The groups to which a row's matches belong, and how many to each.
fn parts(row: &CodeRow, by: By, lang: Lang) -> Vec<(String, u64)> {
    let whole = |name: String| vec![(name, row.count)];
    match by {
        By::Code => whole(row.code.clone()),
        By::Category => whole(
            row.category
                .map_or_else(String::new, |it| it.title(lang).to_owned()),
        ),
        By::Provider => whole(label::provider(row)),
        By::Product => whole(match &row.product {
            Some(product) => format!("{}/{product}", label::provider(row)),
            None => label::provider(row),
        }),
        By::Status => match row.http_status {
            Some(status) => whole(status.to_string()),
            None => split(row.count, &row.observed_status),
        },
        By::File => split(row.count, &row.files),
    }
}

/// `count` as `known` splits it; what is left has no name.
fn split<K: ToString>(count: u64, known: &BTreeMap<K, u64>) -> Vec<(String, u64)> {
    let mut left = count;
    let mut parts = Vec::new();
    for (name, &part) in known {
        let part = part.min(left);
        left -= part;
        parts.push((name.to_string(), part));
    }
    parts.push((String::new(), left));
    parts.retain(|(_, part)| *part > 0);
    parts
}

/// The number of matches that the shares of `groups` are parts of: a saved result may not list all.
pub(super) fn of_which(result: &ScanResult, groups: &[Group]) -> u64 {
    let grouped = groups.iter().map(|group| group.count);
    let grouped = grouped.fold(0, u64::saturating_add);
    grouped.max(result.totals.matches)
}

/// The number of distinct codes of `result`, whoever has them.
pub(super) fn distinct_codes(result: &ScanResult) -> u64 {
    let codes: BTreeSet<&str> = result.codes.iter().map(|row| row.code.as_str()).collect();
    number(codes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    fn shown(by: By) -> Vec<String> {
        let result = sample::result();
        groups(&result, by, Lang::En)
            .iter()
            .map(|group| {
                format!(
                    "{:?} {} {:?} {} {:?}",
                    group.name,
                    group.count,
                    group.unconfirmed,
                    group.retryable,
                    group.top_codes()
                )
            })
            .collect()
    }

    #[test]
    fn a_code_without_a_documented_status_is_split_by_the_observed_ones() {
        assert_eq!(
            shown(By::Status),
            [
                r#""401" 1234 Some(0) 0 [("APIG.1002", 1234)]"#,
                r#""" 9 None 9 [("InternalError", 9)]"#,
                r#""200" 3 None 3 [("InternalError", 3)]"#,
                r#""503" 2 Some(0) 2 [("Throttling.User", 2)]"#,
            ]
        );
    }

    #[test]
    fn matches_whose_file_is_not_known_are_in_the_group_without_a_name() {
        assert_eq!(
            shown(By::File),
            [
                r#""app.log" 1234 Some(0) 0 [("APIG.1002", 1234)]"#,
                r#""" 14 Some(3) 14 [("InternalError", 12), ("Throttling.User", 2)]"#,
            ]
        );
    }

    #[test]
    fn products_are_named_with_their_provider() {
        let names: Vec<String> = groups(&sample::result(), By::Product, Lang::En)
            .into_iter()
            .map(|group| group.name)
            .collect();

        assert_eq!(
            names,
            ["huaweicloud/roma-connect", "tencentcloud?/common", "?"]
        );
    }

    #[test]
    fn the_groups_add_up_to_the_matches_however_wrong_the_parts_are() {
        let mut result = sample::result();
        result.codes[1].observed_status.insert(404, u64::MAX);

        for by in By::ALL {
            let sum: u64 = groups(&result, *by, Lang::En)
                .iter()
                .map(|it| it.count)
                .sum();
            assert_eq!(sum, 1248, "{by:?}");
        }
    }
}
