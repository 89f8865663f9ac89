//! Which time series there are: at most so many, and for good.
//!
//! A series that has been exported once is exported ever after and never goes down or over to
//! `__other__`; one that came too late is counted there for good. So a counter that Prometheus
//! reads only ever grows.

use std::collections::BTreeMap;

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
}

impl SeriesSet {
    /// Room for `most` codes, of which the `zeroes` are there from the start.
    pub(super) fn new(most: usize, zeroes: &[CodeRow]) -> Self {
        let grouped = group(zeroes, |row| Series::of(row, 0, None));
        SeriesSet {
            most,
            admitted: grouped.into_iter().take(most).collect(),
            others: BTreeMap::new(),
        }
    }

    /// Takes over the counts of `result`, which was read at `read_at`.
    pub(super) fn update(&mut self, result: &ScanResult, read_at: Option<Timestamp>) {
        let series = |row: &CodeRow| Series::of(row, result.unconfirmed_among(row), read_at);
        let mut rows = group(&result.codes, series);
        // Where there is not room for all, the most frequent ones come first.
        for row in &result.codes {
            let key = SeriesKey::of(row);
            let has_room = self.admitted.len() < self.most;
            if (has_room || self.admitted.contains_key(&key))
                && let Some(series) = rows.remove(&key)
            {
                self.admitted.entry(key).or_default().advance(series);
            }
        }
        let mut others: BTreeMap<String, Series> = BTreeMap::new();
        for (key, series) in rows {
            let facts = Facts::default();
            let series = Series { facts, ..series };
            others.entry(key.provider).or_default().add(series);
        }
        for (provider, series) in others {
            self.others.entry(provider).or_default().advance(series);
        }
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
fn group(rows: &[CodeRow], of: impl Fn(&CodeRow) -> Series) -> BTreeMap<SeriesKey, Series> {
    let mut series: BTreeMap<SeriesKey, Series> = BTreeMap::new();
    for row in rows {
        let new = of(row);
        match series.entry(SeriesKey::of(row)) {
            std::collections::btree_map::Entry::Vacant(vacant) => drop(vacant.insert(new)),
            std::collections::btree_map::Entry::Occupied(mut occupied) => {
                occupied.get_mut().add(new);
            }
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
    fn of(row: &CodeRow, unconfirmed: u64, read_at: Option<Timestamp>) -> Self {
        let told = row.last_seen.as_ref().and_then(|time| time.parse().ok());
        Series {
            count: row.count,
            unconfirmed,
            last_match: if row.count > 0 {
                told.or(read_at)
            } else {
                None
            },
            facts: Facts {
                http_status: text(row.http_status),
                category: text(row.category.map(|category| category.name())),
                retryable: text(row.retryable),
            },
        }
    }

    /// Adds another row of the same series.
    fn add(&mut self, other: Series) {
        self.count = self.count.saturating_add(other.count);
        self.unconfirmed = self.unconfirmed.saturating_add(other.unconfirmed);
        self.last_match = self.last_match.max(other.last_match);
        self.facts.keep_common(&other.facts);
    }

    /// Takes over a later state of itself.
    fn advance(&mut self, later: Series) {
        // Without a time in the log, a match was read when the count last grew.
        let has_grown = later.count > self.count;
        if has_grown || self.last_match.is_none() {
            self.last_match = self.last_match.max(later.last_match);
        }
        self.count = self.count.max(later.count);
        self.unconfirmed = self.unconfirmed.max(later.unconfirmed);
        self.facts = later.facts;
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
