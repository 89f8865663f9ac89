//! Filters a saved result row by row.
//!
//! What a row does not keep apart cannot be taken apart again: that is noted.

use super::filter::Filter;
use super::narrow::Narrowing;
use super::result::{ChangeRow, ScanResult};

/// Leaves out the rows that `filter` does not want, and those with fewer than `min_count` matches.
///
/// The totals are of the rows that are left, but for the bytes and lines that were read.
pub fn refine(mut result: ScanResult, filter: &Filter, min_count: u64) -> ScanResult {
    refine_baseline(&mut result, filter, min_count);
    let unconfirmed_before = sum(result.codes.iter().map(|row| row.unconfirmed));
    let mut narrowing = Narrowing::new(filter, min_count, result.strict);
    result.strict |= filter.strict;
    result.codes.retain_mut(|row| narrowing.keep(row));
    result.unknown.retain(|row| filter.wants_text(&row.code));
    leave_out_rare(&mut result, narrowing.rare, min_count);
    narrowing.conclude(&mut result, unconfirmed_before);
    result.totals.matches = sum(result.codes.iter().map(|row| row.count));
    result.totals.unknown = sum(result.unknown.iter().map(|row| row.count));
    if filter.has_time() {
        result.notes.push(String::from("saved results keep times by bucket or by first and last sight only: rows within the span are shown as saved"));
    }
    result.sort();
    result
}

/// Keeps a comparison that is still true after the filter.
fn refine_baseline(result: &mut ScanResult, filter: &Filter, min_count: u64) {
    if let Some(baseline) = &mut result.baseline {
        let is_frequent = |row: &ChangeRow| row.count.max(row.baseline_count) >= min_count;
        baseline.changes.retain(is_frequent);
        if !filter.is_everything() {
            result.baseline = None;
            result.notes.push(String::from(
                "the saved comparison with a baseline is of more than the filter lets through: left out; compare again with --baseline",
            ));
        }
    }
}

fn leave_out_rare(result: &mut ScanResult, (rows, matches): (usize, u64), min_count: u64) {
    let before = result.unknown.len();
    result.unknown.retain(|row| row.count >= min_count);
    let unknown = before - result.unknown.len();
    if rows + unknown > 0 {
        result.notes.push(format!("left out for fewer than {min_count} matches: {rows} codes with {matches} matches, {unknown} unknown codes"));
    }
}

fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}
