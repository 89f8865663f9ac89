//! Unknown codes, of which only so many are told apart.
//!
//! Those are the first by their text. So counts are the same whatever the order in which codes come, and in
//! which results are merged: one that is among the first of all is among the first of any part.

use std::collections::HashMap;

use super::Tally;
use super::counted::{Counted, wants_time};
use super::merge::add_unknown_code;
use super::result::{ScanResult, UnknownRow};
use super::row::Row;
use crate::catalog::Catalog;
use crate::wording::notes;

/// The most distinct unknown codes; what is beyond is counted as [`OTHER`].
pub(crate) const MAX_UNKNOWN: usize = 100_000;

/// How many more there may be for a while: finding out which are the first takes a look at all.
const SLACK: usize = MAX_UNKNOWN / 8;

/// What unknown codes are counted as beyond the first 100,000 distinct ones. Its lines are the sum of theirs.
pub const OTHER: &str = "__other__";

/// Unknown codes by their text.
pub(super) type UnknownRows = HashMap<Box<[u8]>, Row, foldhash::fast::FixedState>;

impl Tally {
    /// Counts an unknown code.
    pub(crate) fn add_unknown(&mut self, catalog: &Catalog, code: &[u8], counted: &Counted) {
        let options = &*self.options;
        let is_wanted = |text| (options.filter).wants_unknown(catalog, text, counted.observed);
        let wanted = std::str::from_utf8(code).is_ok_and(is_wanted);
        if !wanted || !wants_time(&options.filter, counted.time, &mut self.without_time) {
            return;
        }
        let earlier = counted.earlier;
        let is_again = earlier.is_some_and(|tally| tally.unknown.contains_key(code));
        let row = self.unknown.entry(code.into()).or_default();
        let line = ((self.blocks, counted.place.line_start), is_again);
        row.add(counted, line, options, self.bucket_width);
        row.buckets.clear();
        if counted.is_split && !is_again {
            self.split_unknown
                .insert((counted.place.input, counted.place.line_start, code.into()));
        }
        self.fold_unknown(MAX_UNKNOWN + SLACK, MAX_UNKNOWN);
    }

    /// Adds the unknown codes that another worker counted.
    pub(super) fn add_unknown_rows(&mut self, rows: UnknownRows) {
        for (code, row) in rows {
            let sum = self.unknown.entry(code).or_default();
            sum.merge(row, self.options.samples);
        }
        self.fold_unknown(MAX_UNKNOWN + SLACK, MAX_UNKNOWN);
    }

    /// Where there are more than so `many` unknown codes, counts all but the first `most` as [`OTHER`].
    pub(super) fn fold_unknown(&mut self, many: usize, most: usize) {
        // The folded ones are no code, but where there are so many that does not matter.
        if self.unknown.len() <= many {
            return;
        }
        let codes = self
            .unknown
            .keys()
            .filter(|code| ***code != *OTHER.as_bytes());
        let mut codes: Vec<Box<[u8]>> = codes.cloned().collect();
        if codes.len() <= most {
            return;
        }
        codes.select_nth_unstable(most);
        let mut other = self.unknown.remove(OTHER.as_bytes()).unwrap_or_default();
        for code in &codes[most..] {
            let row = self.unknown.remove(code).unwrap_or_default();
            other.merge(row, self.options.samples);
        }
        self.unknown.insert(OTHER.as_bytes().into(), other);
        self.too_many_unknown = true;
    }
}

impl ScanResult {
    /// Counts all unknown codes but the first as [`OTHER`] where there are too many, and notes it.
    pub(super) fn fold_unknown(&mut self) {
        if fold_rows(&mut self.unknown, MAX_UNKNOWN, self.sample_limit) {
            self.notes.push(notes::many_unknown(MAX_UNKNOWN, OTHER));
        }
    }
}

/// Counts all but the first `most` of `rows` as [`OTHER`]; whether there are more.
fn fold_rows(rows: &mut Vec<UnknownRow>, most: usize, samples: usize) -> bool {
    if rows.len() <= most {
        return false;
    }
    let is_other = |row: &UnknownRow| row.code == OTHER;
    rows.sort_by(|a, b| (is_other(a), &a.code).cmp(&(is_other(b), &b.code)));
    let has_other = rows.last().is_some_and(is_other);
    if rows.len() - usize::from(has_other) <= most {
        return false;
    }
    let folded = rows.drain(most..).reduce(|mut other, row| {
        add_unknown_code(&mut other, row, samples);
        other
    });
    rows.extend(folded.map(|other| UnknownRow {
        code: OTHER.to_owned(),
        near: Vec::new(),
        ..other
    }));
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::tally::TallyOptions;

    const MOST: usize = 3;

    /// The count of each code.
    type Counts = BTreeMap<String, u64>;

    /// What is left where only the first codes are told apart.
    fn expected(occurrences: &[(u8, usize)]) -> Counts {
        let mut counts = Counts::new();
        for (code, _) in occurrences {
            *counts.entry(format!("A.{code:03}")).or_default() += 1;
        }
        let first: Vec<String> = counts.keys().take(MOST).cloned().collect();
        let (told, folded): (Counts, Counts) = counts
            .into_iter()
            .partition(|(code, _)| first.contains(code));
        let folded: u64 = folded.values().sum();
        told.into_iter()
            .chain((folded > 0).then(|| (OTHER.to_owned(), folded)))
            .collect()
    }

    fn row(code: &str) -> UnknownRow {
        UnknownRow {
            code: code.to_owned(),
            count: 1,
            lines: 1,
            near: vec![code.to_owned()],
            samples: Vec::new(),
        }
    }

    fn tally() -> Tally {
        Tally::new(Arc::new(TallyOptions::default()))
    }

    fn merged(mut tally: Tally, other: Tally) -> Tally {
        tally.merge(other);
        tally.fold_unknown(MOST, MOST);
        tally
    }

    /// Rows as those of a result are: one of each code, and not too many.
    fn summed(rows: Vec<UnknownRow>) -> Vec<UnknownRow> {
        let mut sums: BTreeMap<String, UnknownRow> = BTreeMap::new();
        for row in rows {
            match sums.get_mut(&row.code) {
                Some(sum) => add_unknown_code(sum, row, 1),
                None => drop(sums.insert(row.code.clone(), row)),
            }
        }
        let mut rows = sums.into_values().collect();
        fold_rows(&mut rows, MOST, 1);
        rows
    }

    proptest! {
        #[test]
        fn the_first_codes_of_all_are_told_apart_however_they_come(
            occurrences in prop::collection::vec((0..9_u8, 0..4_usize), 0..40),
        ) {
            let mut tallies = vec![tally(); 4];
            let mut results = vec![Vec::new(); 4];
            for &(code, part) in &occurrences {
                let code = format!("A.{code:03}");
                let mut one = Row::default();
                one.count = 1;
                let rows = UnknownRows::from_iter([(code.as_bytes().into(), one)]);
                tallies[part].add_unknown_rows(rows);
                tallies[part].fold_unknown(MOST + 1, MOST);
                results[part].push(row(&code));
                results[part] = summed(std::mem::take(&mut results[part]));
            }
            let whole = tallies.into_iter().rev().fold(tally(), merged);
            let rows = summed(results.concat());

            let counts = whole.unknown.iter().map(|(code, row)| {
                (String::from_utf8_lossy(code).into_owned(), row.count)
            });
            prop_assert_eq!(counts.collect::<Counts>(), expected(&occurrences));
            let is_told = |row: &UnknownRow| row.near.is_empty() == (row.code == OTHER);
            prop_assert!(rows.iter().all(is_told), "{:?}", rows);
            let counts = rows.into_iter().map(|row| (row.code, row.count));
            prop_assert_eq!(counts.collect::<Counts>(), expected(&occurrences));
        }
    }
}
