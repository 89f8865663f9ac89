//! Which time series there are: at most so many, and for good.
//!
//! A series that has been exported once is exported ever after and never goes down or over to
//! `__other__`; one that came too late is counted there for good. Both hold as long as the process
//! runs: a state does not keep which codes have a series. A match is added to the series
//! that its code has when it is first told of, and stays there whatever another catalogue says
//! later: the sum of all series is the number of all matches.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;

use crate::tally::OTHER;
use crate::tally::result::{CodeRow, ScanResult};

/// The provider of a code whose lines do not tell.
pub(super) const UNKNOWN: &str = "unknown";

/// What tells a code's series from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SeriesKey {
    pub(super) provider: String,
    pub(super) product: String,
    pub(super) code: String,
}

/// What is exported of a code.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series {
    pub(super) count: u64,
    pub(super) unconfirmed: u64,
    /// The log's time, else when a match was read.
    pub(super) last_match: Option<Timestamp>,
    pub(super) facts: Facts,
}

/// What follows from the code; empty where it is not known, or not the same for all rows of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) http_status: String,
    pub(super) category: String,
    pub(super) retryable: String,
}

/// Every series of codes.
#[derive(Clone, Debug)]
pub(super) struct SeriesSet {
    most: usize,
    admitted: BTreeMap<SeriesKey, Series>,
    /// What came too late, by provider, so that sums by provider stay right.
    others: BTreeMap<String, Series>,
    /// What is in them of each row.
    told: BTreeMap<RowKey, Told>,
}

/// What tells a row from others, whatever a catalogue says about it.
type RowKey = (String, Option<String>, Vec<String>);

/// The counts of a row when it was told of last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Told {
    count: u64,
    unconfirmed: u64,
}

impl SeriesSet {
    /// Room for `most` codes, of which the `zeroes` are there from the start.
    pub(super) fn new(most: usize, zeroes: &[CodeRow]) -> Self {
        let grouped = group(zeroes, |row| Series::of(row, 0, Told::default()));
        SeriesSet {
            most,
            admitted: grouped.into_iter().take(most).collect(),
            others: BTreeMap::new(),
            told: BTreeMap::new(),
        }
    }

    /// Adds what has come since the last result.
    pub(super) fn update(&mut self, result: &ScanResult) {
        let mut rows = group(&result.codes, |row| {
            self.growth(row, result.unconfirmed_among(row))
        });
        // Where there is not room for all, the most frequent ones come first.
        for row in &result.codes {
            let key = SeriesKey::of(row);
            let has_room = self.admitted.len() < self.most;
            if (has_room || self.admitted.contains_key(&key))
                && let Some(series) = rows.remove(&key)
            {
                let sum = self.admitted.entry(key).or_default();
                sum.facts.clone_from(&series.facts);
                sum.add(series);
            }
        }
        for (key, series) in rows {
            let facts = Facts::default();
            let sum = self.others.entry(key.provider).or_default();
            sum.add(Series { facts, ..series });
        }
    }

    /// What of a row, with so many `unconfirmed` matches, was not told yet.
    fn growth(&mut self, row: &CodeRow, unconfirmed: u64) -> Series {
        let owner = (row.provider.clone(), row.candidates.clone());
        let told = self.told.entry((row.code.clone(), owner.0, owner.1));
        let told = told.or_default();
        let growth = Series::of(row, unconfirmed, *told);
        told.count = row.count.max(told.count);
        told.unconfirmed = unconfirmed.max(told.unconfirmed);
        growth
    }

    /// Every series, the ones of [`OTHER`] last.
    pub(super) fn all(&self) -> impl Iterator<Item = (SeriesKey, &Series)> {
        let others = self.others.iter().map(|(provider, series)| {
            let key = SeriesKey {
                provider: provider.clone(),
                product: String::new(),
                code: OTHER.to_owned(),
            };
            (key, series)
        });
        let admitted = self.admitted.iter();
        admitted
            .map(|(key, series)| (key.clone(), series))
            .chain(others)
    }
}

/// Rows as series; those that differ in their candidates alone are one.
fn group(
    rows: &[CodeRow],
    mut series_of: impl FnMut(&CodeRow) -> Series,
) -> BTreeMap<SeriesKey, Series> {
    let mut series: BTreeMap<SeriesKey, Series> = BTreeMap::new();
    for row in rows {
        let new = series_of(row);
        match series.entry(SeriesKey::of(row)) {
            Entry::Vacant(vacant) => drop(vacant.insert(new)),
            Entry::Occupied(mut occupied) => occupied.get_mut().add(new),
        }
    }
    series
}

impl SeriesKey {
    fn of(row: &CodeRow) -> Self {
        SeriesKey {
            provider: row.provider.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            product: row.product.clone().unwrap_or_default(),
            code: row.code.clone(),
        }
    }
}

impl Series {
    /// What a row, with so many `unconfirmed` matches, holds beyond what was `told` of it.
    fn of(row: &CodeRow, unconfirmed: u64, told: Told) -> Self {
        let last_seen = row.last_seen.as_ref().and_then(|time| time.parse().ok());
        let last_match = last_seen.max(row.read_at);
        Series {
            count: row.count.saturating_sub(told.count),
            unconfirmed: unconfirmed.saturating_sub(told.unconfirmed),
            last_match: last_match.filter(|_| row.count > told.count),
            facts: Facts {
                http_status: text(row.http_status),
                category: text(row.category.map(|category| category.name())),
                retryable: text(row.retryable),
            },
        }
    }

    /// Adds what belongs to the same series.
    fn add(&mut self, other: Series) {
        self.count = self.count.saturating_add(other.count);
        self.unconfirmed = self.unconfirmed.saturating_add(other.unconfirmed);
        self.last_match = self.last_match.max(other.last_match);
        self.facts.keep_common(&other.facts);
    }
}

impl Facts {
    fn keep_common(&mut self, other: &Facts) {
        let keep = |mine: &mut String, theirs: &String| {
            if mine != theirs {
                mine.clear();
            }
        };
        keep(&mut self.http_status, &other.http_status);
        keep(&mut self.category, &other.category);
        keep(&mut self.retryable, &other.retryable);
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
