//! Adds up what is counted of the same inputs one part after another.
//!
//! However the reading was divided into parts, the sum is the same. [`merge`](fn@super::merge)
//! refuses shared inputs; here the inputs grow.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::bucket;
use super::finish::second_to_string;
use super::merge::{
    self, add_count, add_http, add_input, add_unknown_code, count_unconfirmed, earlier, later, time,
};
use super::result::{CodeRow, ScanResult, TimeSpan, Totals};
use crate::wording::notes;

/// Adds `delta`, what was counted since, to `total`. Inputs are told apart by their paths.
///
/// What `delta` says about inputs, texts and the catalogue replaces what `total` said.
pub fn accumulate(total: &mut ScanResult, delta: &ScanResult) {
    accumulate_within(total, delta, bucket::MAX_BUCKETS);
}

/// The same where only a chart needs the buckets, which grow to be few enough without a note.
pub(crate) fn accumulate_for_chart(total: &mut ScanResult, delta: &ScanResult) {
    accumulate_within(total, delta, bucket::CHART_BUCKETS);
}

fn accumulate_within(total: &mut ScanResult, delta: &ScanResult, most_buckets: i64) {
    if total.catalog != delta.catalog {
        total.notes.push(notes::other_catalog());
        total.catalog = delta.catalog.clone();
    }
    let mut codes = Cow::Borrowed(delta.codes.as_slice());
    if total.totals.matches == 0 {
        total.strict = delta.strict;
    } else if total.strict != delta.strict && delta.totals.matches > 0 {
        total.notes.push(notes::mixed_strict());
        total.count_unconfirmed();
        if delta.strict {
            count_unconfirmed(codes.to_mut());
        }
    }
    let unbucketed = merge::unbucketed_note(total, delta);
    total.notes.extend(unbucketed);
    total.notes.extend(delta.notes.iter().cloned());
    total.sample_limit = total.sample_limit.max(delta.sample_limit);
    total.totals += delta.totals;
    total.time = TimeSpan {
        first: earlier(total.time.first.take(), delta.time.first.clone()),
        last: later(total.time.last.take(), delta.time.last.clone()),
    };
    let width = fit_buckets(total, delta, most_buckets);
    add_inputs(total, delta);
    add_codes(total, &codes, width);
    add_unknown(total, delta);
    total.fold_unknown();
    total.http = add_http(std::mem::take(&mut total.http), delta.http.clone());
    total.sort();
}

impl ScanResult {
    /// A result in which nothing was counted, in the way in which `other` is counted.
    pub(crate) fn nothing_of(other: &ScanResult) -> ScanResult {
        ScanResult {
            schema: other.schema.clone(),
            tool: other.tool.clone(),
            catalog: other.catalog.clone(),
            inputs: Vec::new(),
            totals: Totals::default(),
            time: TimeSpan::default(),
            codes: Vec::new(),
            unknown: Vec::new(),
            http: Vec::new(),
            bucket_seconds: other.bucket_seconds,
            sample_limit: other.sample_limit,
            strict: other.strict,
            notes: Vec::new(),
            baseline: None,
        }
    }
}

fn add_inputs(total: &mut ScanResult, delta: &ScanResult) {
    let known = total.inputs.iter().enumerate();
    let mut known: HashMap<String, usize> =
        known.map(|(at, input)| (input.path.clone(), at)).collect();
    for input in &delta.inputs {
        let Some(&at) = known.get(&input.path) else {
            known.insert(input.path.clone(), total.inputs.len());
            total.inputs.push(input.clone());
            continue;
        };
        let before = std::mem::replace(&mut total.inputs[at], input.clone());
        let sum = &mut total.inputs[at];
        add_input(sum, &before);
        sum.id = sum.id.take().or(before.id);
    }
}

type CodeKey = (String, Option<String>, Vec<String>);

fn key(row: &CodeRow) -> CodeKey {
    let owner = (row.provider.clone(), row.candidates.clone());
    (row.code.clone(), owner.0, owner.1)
}

fn add_codes(total: &mut ScanResult, rows: &[CodeRow], width: Option<i64>) {
    let known = total.codes.iter().enumerate();
    let known: HashMap<CodeKey, usize> = known.map(|(at, row)| (key(row), at)).collect();
    for row in rows {
        match known.get(&key(row)) {
            Some(&at) => add_code(&mut total.codes[at], row, total.sample_limit, width),
            None => {
                let mut row = row.clone();
                row.buckets = wider(&row.buckets, width);
                total.codes.push(row);
            }
        }
    }
}

fn add_code(sum: &mut CodeRow, row: &CodeRow, limit: usize, width: Option<i64>) {
    let mut old = std::mem::replace(sum, row.clone());
    let buckets = std::mem::take(&mut old.buckets);
    merge::add_code(sum, old, limit);
    sum.buckets = buckets;
    for (start, count) in wider(&row.buckets, width) {
        // Times of this form are in order where their texts are.
        match sum.buckets.binary_search_by(|(kept, _)| kept.cmp(&start)) {
            Ok(at) => add_count(&mut sum.buckets[at].1, count),
            Err(at) => sum.buckets.insert(at, (start, count)),
        }
    }
}

fn add_unknown(total: &mut ScanResult, delta: &ScanResult) {
    if delta.unknown.is_empty() {
        return;
    }
    let known = total.unknown.iter().enumerate();
    let mut known: HashMap<String, usize> = known.map(|(at, row)| (row.code.clone(), at)).collect();
    for row in &delta.unknown {
        if let Some(&at) = known.get(&row.code) {
            add_unknown_code(&mut total.unknown[at], row.clone(), total.sample_limit);
            continue;
        }
        known.insert(row.code.clone(), total.unknown.len());
        total.unknown.push(row.clone());
    }
}

/// Brings the buckets of `total` to the width that fits both, and returns it.
fn fit_buckets(total: &mut ScanResult, delta: &ScanResult, most: i64) -> Option<i64> {
    let mut width = bucket::common_width_of(total.bucket_seconds, delta.bucket_seconds)?;
    if let (Some(first), Some(last)) = (time(&total.time.first), time(&total.time.last)) {
        width = bucket::fitting_width(width, first, last, most);
    }
    if total.bucket_seconds.is_some_and(|old| old != width) {
        // Of several widths the last one holds.
        let widened = notes::buckets_widened(width, most);
        total.notes.retain(|note| !note.is_like(&widened));
        if most == bucket::MAX_BUCKETS {
            total.notes.push(widened);
        }
        for row in &mut total.codes {
            row.buckets = wider(&row.buckets, Some(width));
        }
    }
    total.bucket_seconds = Some(width);
    Some(width)
}

/// The same counts in buckets of `width` seconds, in order.
fn wider(buckets: &[(String, u64)], width: Option<i64>) -> Vec<(String, u64)> {
    let Some(width) = width else {
        return buckets.to_vec();
    };
    let mut wide: BTreeMap<i64, u64> = BTreeMap::new();
    for (start, count) in buckets {
        if let Ok(start) = start.parse() {
            let start = bucket::bucket_of(start, width);
            add_count(wide.entry(start).or_default(), *count);
        }
    }
    wide.into_iter()
        .map(|(start, count)| (second_to_string(start), count))
        .collect()
}
