//! Merges saved results: associative, commutative, and the same as one scan over all inputs.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::bucket;
use super::finish::{fold_inputs, second_to_string};
use super::overlap::Inputs;
use super::result::{CodeRow, HttpRow, Input, Sample, ScanResult, TimeSpan, UnknownRow};
use crate::error::{Error, Result};
use crate::wording::{Note, notes};

/// What to do with a result that shares an input with an earlier one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    /// Merge nothing, and name the input.
    #[default]
    Refuse,
    /// Leave the later result out, and say so.
    Skip,
}

/// Merges `results`, given with their names; `None` where there are none.
///
/// # Errors
///
/// Returns [`Error::Result`] where two results share an input and `overlap` is [`Overlap::Refuse`],
/// and where their buckets fit into no common ones of at most a day.
pub fn merge(results: Vec<(String, ScanResult)>, overlap: Overlap) -> Result<Option<ScanResult>> {
    let mut inputs = Inputs::default();
    let mut told = Vec::new();
    let mut widths = Vec::new();
    let mut left = Vec::new();
    for (name, result) in results {
        if let Some(shared) = inputs.shared(&result) {
            if overlap == Overlap::Refuse {
                return Err(shared.refusal(name));
            }
            told.push(shared.note(&name));
            continue;
        }
        told.extend(inputs.add(&name, &result));
        widths.extend(result.bucket_seconds.map(|width| (width, name)));
        left.push(result);
    }
    check_widths(&widths)?;
    told.extend(inputs.equal_contents());
    Ok(left.into_iter().reduce(add).map(|mut merged| {
        merged.notes.extend(told);
        merged.notes.sort();
        merged.notes.dedup();
        merged
    }))
}

/// Refuses buckets of widths that only much wider ones have in common.
fn check_widths(widths: &[(i64, String)]) -> Result<()> {
    let Some((widest, other)) = widths.iter().max_by_key(|(width, _)| width) else {
        return Ok(());
    };
    let common = widths
        .iter()
        .try_fold(1, |common, (width, _)| bucket::common_width(common, *width));
    if common.is_some_and(|common| common <= bucket::MAX_COMMON_WIDTH.max(*widest)) {
        return Ok(());
    }
    let odd = widths.iter().find(|(width, _)| widest % width != 0);
    let (width, name) = odd.expect("what all others divide is the common width");
    Err(Error::Result {
        path: name.clone(),
        problem: format!(
            "holds buckets of {width} s, and those of {other} are of {widest} s: no buckets of up to a day hold whole \
             ones of all results, expected widths that divide each other; save them anew with the same --bucket"
        ),
    })
}

/// The sum of `a` and `b`, whatever their order and what was added to them before.
fn add(mut a: ScanResult, mut b: ScanResult) -> ScanResult {
    if a.sample_limit != b.sample_limit {
        // More would be the first of some inputs and not of others.
        let limit = a.sample_limit.min(b.sample_limit);
        a.cut_samples(limit);
        b.cut_samples(limit);
        a.notes.push(notes::different_sample_limits());
    }
    if maker(&a) < maker(&b) {
        std::mem::swap(&mut a, &mut b);
    }
    add_to(a, b)
}

/// What a result was made with; that of the greater holds for a sum.
fn maker(result: &ScanResult) -> impl Ord {
    let ScanResult { catalog, tool, .. } = result;
    let catalog = (&catalog.sha256, catalog.codes);
    (catalog, &tool.version, &tool.name)
}

/// What a catalogue says about the code of a row; that of the greater holds for a sum.
fn texts(row: &CodeRow) -> impl Ord {
    let kind = (&row.product, row.http_status, row.category, row.retryable);
    (kind, &row.message, &row.meaning, &row.remediation)
}

/// Adds `b` to `a`, whose catalogue holds.
pub(crate) fn add_to(mut a: ScanResult, mut b: ScanResult) -> ScanResult {
    if a.catalog != b.catalog {
        a.notes.push(notes::different_catalogs());
    }
    if a.strict != b.strict {
        a.notes.push(notes::mixed_strict());
        a.count_unconfirmed();
        b.count_unconfirmed();
    }
    let unbucketed = unbucketed_note(&a, &b);
    a.notes.extend(unbucketed);
    a.notes.extend(b.notes);
    if a.baseline.is_some() || b.baseline.is_some() {
        a.notes.push(notes::baseline_of_part());
        a.baseline = None;
    }
    a.sample_limit = a.sample_limit.max(b.sample_limit);
    a.inputs.extend(b.inputs);
    a.inputs = fold_inputs(a.inputs);
    a.totals += b.totals;
    a.time = TimeSpan {
        first: earlier(a.time.first, b.time.first),
        last: later(a.time.last, b.time.last),
    };
    a.codes = add_codes(a.codes, b.codes, a.sample_limit);
    a.unknown = add_unknown(a.unknown, b.unknown, a.sample_limit);
    a.fold_unknown();
    a.http = add_http(a.http, b.http);
    a.bucket_seconds = bucket::common_width_of(a.bucket_seconds, b.bucket_seconds);
    fit_buckets(&mut a);
    a.sort();
    a
}

/// What is to be noted where only some of the matches of both are counted by time.
pub(super) fn unbucketed_note(a: &ScanResult, b: &ScanResult) -> Option<Note> {
    let is_without = |it: &&ScanResult| it.bucket_seconds.is_none() && it.totals.matches > 0;
    let has_buckets = a.bucket_seconds.or(b.bucket_seconds).is_some();
    let is_without = [a, b].iter().any(is_without);
    (has_buckets && is_without).then(notes::partly_unbucketed)
}

/// Adds a count of a saved file, which may hold any number.
pub(super) fn add_count(sum: &mut u64, count: u64) {
    *sum = sum.saturating_add(count);
}

impl std::ops::AddAssign for super::result::Totals {
    fn add_assign(&mut self, other: Self) {
        add_count(&mut self.bytes, other.bytes);
        add_count(&mut self.lines, other.lines);
        add_count(&mut self.matched_lines, other.matched_lines);
        add_count(&mut self.matches, other.matches);
        add_count(&mut self.unconfirmed, other.unconfirmed);
        add_count(&mut self.unknown, other.unknown);
        add_count(&mut self.without_time, other.without_time);
    }
}

pub(super) fn time(text: &Option<String>) -> Option<Timestamp> {
    text.as_ref()?.parse().ok()
}

pub(super) fn earlier(a: Option<String>, b: Option<String>) -> Option<String> {
    match (time(&a), time(&b)) {
        (Some(first), Some(second)) if second < first => b,
        (Some(_), _) => a,
        (None, _) => b,
    }
}

pub(super) fn later(a: Option<String>, b: Option<String>) -> Option<String> {
    match (time(&a), time(&b)) {
        (Some(first), Some(second)) if second > first => b,
        (Some(_), _) => a,
        (None, _) => b,
    }
}

fn add_codes(a: Vec<CodeRow>, b: Vec<CodeRow>, limit: usize) -> Vec<CodeRow> {
    let key = |row: &CodeRow| {
        (
            row.code.clone(),
            row.provider.clone(),
            row.candidates.clone(),
        )
    };
    let mut rows: BTreeMap<_, CodeRow> = a.into_iter().map(|row| (key(&row), row)).collect();
    for mut row in b {
        match rows.entry(key(&row)) {
            std::collections::btree_map::Entry::Vacant(vacant) => drop(vacant.insert(row)),
            std::collections::btree_map::Entry::Occupied(mut occupied) => {
                if texts(&row) > texts(occupied.get()) {
                    std::mem::swap(occupied.get_mut(), &mut row);
                }
                add_code(occupied.get_mut(), row, limit)
            }
        }
    }
    rows.into_values().collect()
}

/// Adds the counts of the same code to `a`, whose texts hold.
pub(crate) fn add_code(a: &mut CodeRow, b: CodeRow, limit: usize) {
    add_count(&mut a.count, b.count);
    add_count(&mut a.unconfirmed, b.unconfirmed);
    add_count(&mut a.lines, b.lines);
    a.first_seen = earlier(a.first_seen.take(), b.first_seen);
    a.last_seen = later(a.last_seen.take(), b.last_seen);
    a.read_at = a.read_at.max(b.read_at);
    for (status, count) in b.observed_status {
        add_count(a.observed_status.entry(status).or_default(), count);
    }
    for (path, count) in b.files {
        add_count(a.files.entry(path).or_default(), count);
    }
    a.samples = first_samples(std::mem::take(&mut a.samples), b.samples, limit);
    a.buckets.extend(b.buckets);
}

fn add_unknown(a: Vec<UnknownRow>, b: Vec<UnknownRow>, limit: usize) -> Vec<UnknownRow> {
    let mut rows: BTreeMap<String, UnknownRow> =
        a.into_iter().map(|row| (row.code.clone(), row)).collect();
    for mut row in b {
        match rows.entry(row.code.clone()) {
            std::collections::btree_map::Entry::Vacant(vacant) => drop(vacant.insert(row)),
            std::collections::btree_map::Entry::Occupied(mut occupied) => {
                let sum = occupied.get_mut();
                if row.near > sum.near {
                    std::mem::swap(&mut sum.near, &mut row.near);
                }
                add_unknown_code(sum, row, limit)
            }
        }
    }
    rows.into_values().collect()
}

/// Adds the counts of the same unknown code.
pub(crate) fn add_unknown_code(a: &mut UnknownRow, b: UnknownRow, limit: usize) {
    add_count(&mut a.count, b.count);
    add_count(&mut a.lines, b.lines);
    a.samples = first_samples(std::mem::take(&mut a.samples), b.samples, limit);
}

/// Adds what was read of the same input before.
pub(crate) fn add_input(a: &mut Input, before: &Input) {
    add_count(&mut a.bytes, before.bytes);
    add_count(&mut a.lines, before.lines);
    add_count(&mut a.matches, before.matches);
    if before.bytes > 0 {
        a.offset = before.offset;
    }
}

pub(super) fn first_samples(mut a: Vec<Sample>, b: Vec<Sample>, limit: usize) -> Vec<Sample> {
    a.extend(b);
    a.sort_by(|a, b| (&a.path, a.offset, &a.text).cmp(&(&b.path, b.offset, &b.text)));
    a.truncate(limit);
    a
}

pub(super) fn add_http(a: Vec<HttpRow>, b: Vec<HttpRow>) -> Vec<HttpRow> {
    let mut rows: BTreeMap<u16, u64> = BTreeMap::new();
    for row in a.into_iter().chain(b) {
        add_count(rows.entry(row.status).or_default(), row.count);
    }
    rows.into_iter()
        .map(|(status, count)| HttpRow { status, count })
        .collect()
}

impl ScanResult {
    /// Leaves `most` samples of each code, or fewer.
    pub fn cut_samples(&mut self, most: usize) {
        let known = self.codes.iter_mut().map(|row| &mut row.samples);
        let unknown = self.unknown.iter_mut().map(|row| &mut row.samples);
        known
            .chain(unknown)
            .for_each(|samples| samples.truncate(most));
        self.sample_limit = self.sample_limit.min(most);
    }

    /// Makes a strict result fit for being added to one that is not: in rows, what counts as
    /// unconfirmed is a part of the matches then, and what was left out is in the totals alone.
    pub(super) fn count_unconfirmed(&mut self) {
        if std::mem::take(&mut self.strict) {
            count_unconfirmed(&mut self.codes);
        }
    }
}

/// Leaves those unconfirmed matches of strict rows that are counted: none.
pub(crate) fn count_unconfirmed(rows: &mut [CodeRow]) {
    rows.iter_mut().for_each(|row| row.unconfirmed = 0);
}

/// Brings all buckets to one width that fits the whole span. One whose start is no time, which
/// [`ScanResult::unify_times`] tells of, is left out.
pub(crate) fn fit_buckets(result: &mut ScanResult) {
    let Some(width) = result.bucket_seconds else {
        return;
    };
    let width = match (time(&result.time.first), time(&result.time.last)) {
        (Some(first), Some(last)) => bucket::fitting_width(width, first, last, bucket::MAX_BUCKETS),
        _ => width,
    };
    if result.bucket_seconds != Some(width) {
        let note = notes::buckets_widened(width, bucket::MAX_BUCKETS);
        result.notes.push(note);
    }
    result.bucket_seconds = Some(width);
    for row in &mut result.codes {
        let mut wide: BTreeMap<i64, u64> = BTreeMap::new();
        for (start, count) in row.buckets.drain(..) {
            if let Ok(start) = start.parse() {
                let start = bucket::bucket_of(start, width);
                add_count(wide.entry(start).or_default(), count);
            }
        }
        row.buckets = wide
            .into_iter()
            .map(|(start, count)| (second_to_string(start), count))
            .collect();
    }
}
