//! Filters a saved result by whole rows.
//!
//! What a row does not keep apart cannot be taken apart again: that is noted.

use jiff::Timestamp;

use super::filter::Filter;
use super::result::{ChangeRow, CodeRow, ScanResult};

/// Leaves out the rows that `filter` does not want, and those with fewer than `min_count` matches.
pub fn refine(mut result: ScanResult, filter: &Filter, min_count: u64) -> ScanResult {
    let mut untimed = 0;
    refine_baseline(&mut result, filter, min_count);
    let leaves_out_unconfirmed = filter.strict && !result.strict;
    result.strict |= filter.strict;
    result.codes.retain_mut(|row| {
        if leaves_out_unconfirmed {
            row.count -= row.unconfirmed.min(row.count);
        }
        row.count > 0 && wants_row(row, filter, &mut untimed)
    });
    result.unknown.retain(|row| filter.wants_text(&row.code));
    result.totals.without_time = result.totals.without_time.saturating_add(untimed);
    leave_out_rare(&mut result, min_count);
    result.totals.matches = result
        .codes
        .iter()
        .map(|row| row.count)
        .fold(0, u64::saturating_add);
    result.totals.unknown = result
        .unknown
        .iter()
        .map(|row| row.count)
        .fold(0, u64::saturating_add);
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

fn wants_row(row: &mut CodeRow, filter: &Filter, untimed: &mut u64) -> bool {
    let observed = row.observed_status.keys().next().copied();
    filter.wants_code(&row.code, row.provider.as_deref(), &row.candidates)
        && filter.wants_status(row.http_status, observed)
        && (!filter.has_time() || is_within(row, filter, untimed))
}

/// Cuts a row's buckets to the span asked for, or takes or leaves it whole where it has none.
fn is_within(row: &mut CodeRow, filter: &Filter, untimed: &mut u64) -> bool {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    if !row.buckets.is_empty() {
        row.buckets
            .retain(|(start, _)| time(start).is_some_and(|start| filter.wants_time(start)));
        row.count = row
            .buckets
            .iter()
            .map(|(_, count)| *count)
            .fold(0, u64::saturating_add);
        return row.count > 0;
    }
    let span = row
        .first_seen
        .as_deref()
        .and_then(time)
        .zip(row.last_seen.as_deref().and_then(time));
    let Some((first, last)) = span else {
        *untimed = untimed.saturating_add(row.count);
        return false;
    };
    filter.since.is_none_or(|since| last >= since) && filter.until.is_none_or(|until| first < until)
}

fn leave_out_rare(result: &mut ScanResult, min_count: u64) {
    let rare = result.codes.iter().filter(|row| row.count < min_count);
    let (rows, matches) = rare.fold((0_usize, 0), |(rows, matches), row| {
        (rows + 1, row.count.saturating_add(matches))
    });
    let unknown = result
        .unknown
        .iter()
        .filter(|row| row.count < min_count)
        .count();
    result.codes.retain(|row| row.count >= min_count);
    result.unknown.retain(|row| row.count >= min_count);
    if rows + unknown > 0 {
        result.notes.push(format!("left out for fewer than {min_count} matches: {rows} codes with {matches} matches, {unknown} unknown codes"));
    }
}
