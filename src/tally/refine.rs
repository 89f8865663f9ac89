//! Filters a saved result row by row.
//!
//! What a row does not keep apart cannot be taken apart again: that is noted.

use super::filter::Filter;
use super::narrow::Narrowing;
use super::result::{ChangeRow, ScanResult};
use crate::catalog::Catalog;

/// How the note on codes begins that no row tells of.
pub(super) const UNLISTED: &str = "a saved result lists only some of its codes (--top): ";

/// Leaves out the rows that `filter` does not want, and those with fewer than `min_count` matches.
///
/// The totals are of the rows that are left, but for the bytes and lines that were read. `catalog`
/// tells whose an unknown code is.
pub fn refine(
    mut result: ScanResult,
    filter: &Filter,
    min_count: u64,
    catalog: &Catalog,
) -> ScanResult {
    refine_baseline(&mut result, filter, min_count);
    let unlisted = Unlisted::of(&result);
    let is_kept = min_count <= 1 && filter.is_everything_in(&result);
    let unconfirmed_before = sum(result.codes.iter().map(|row| row.unconfirmed));
    let mut narrowing = Narrowing::new(filter, min_count, result.strict);
    result.strict |= filter.strict;
    result.codes.retain_mut(|row| narrowing.keep(row));
    refine_unknown(&mut result, filter, catalog);
    leave_out_rare(&mut result, narrowing.rare, min_count);
    let mut kept = Unlisted::default();
    match is_kept {
        true => kept = unlisted,
        false => narrowing.lose(unlisted.matches),
    }
    narrowing.conclude(&mut result, unconfirmed_before);
    unlisted.note(&mut result.notes, is_kept);
    let matches = result.codes.iter().map(|row| row.count);
    result.totals.matches = sum(matches.chain([kept.matches]));
    let unknown = result.unknown.iter().map(|row| row.count);
    result.totals.unknown = sum(unknown.chain([kept.unknown]));
    if filter.has_time() {
        result.notes.push(String::from("saved results keep times by bucket or by first and last sight only: rows within the span are shown as saved"));
    }
    if filter.has_time() && !result.http.is_empty() {
        result.notes.push(String::from(
            "saved results do not tell when an HTTP status was stated: those of all times are shown",
        ));
    }
    result.sort();
    result
}

/// Leaves out the rows with fewer than `min_count` matches.
pub fn frequent(result: ScanResult, min_count: u64) -> ScanResult {
    // Whose an unknown code is does not matter then.
    refine(result, &Filter::default(), min_count, &Catalog::default())
}

/// Matches that are in the totals and in no row: the result was saved with `--top`.
#[derive(Clone, Copy, Default)]
pub(super) struct Unlisted {
    matches: u64,
    unknown: u64,
}

impl Unlisted {
    fn of(result: &ScanResult) -> Self {
        let matches = sum(result.codes.iter().map(|row| row.count));
        let unknown = sum(result.unknown.iter().map(|row| row.count));
        Unlisted {
            matches: result.totals.matches.saturating_sub(matches),
            unknown: result.totals.unknown.saturating_sub(unknown),
        }
    }

    /// Whether there are any, or it was noted that there are.
    pub(super) fn is_in(result: &ScanResult) -> bool {
        let Unlisted { matches, unknown } = Unlisted::of(result);
        let is_noted = || result.notes.iter().any(|note| note.starts_with(UNLISTED));
        matches > 0 || unknown > 0 || is_noted()
    }

    /// Says how many there are, in place of what was said of a part of them.
    fn note(self, notes: &mut Vec<String>, is_kept: bool) {
        let Unlisted { matches, unknown } = self;
        if matches == 0 && unknown == 0 {
            return;
        }
        notes.retain(|note| !note.starts_with(UNLISTED));
        let counted = match is_kept {
            true => "counted in the totals alone",
            false => "not counted here, since it is not known which codes these are",
        };
        notes.push(format!(
            "{UNLISTED}{matches} matches of known codes and {unknown} of unknown ones are of others, {counted}"
        ));
    }
}

/// Leaves out unknown codes, of which less is saved than of others.
fn refine_unknown(result: &mut ScanResult, filter: &Filter, catalog: &Catalog) {
    let (unknown, notes) = (&mut result.unknown, &mut result.notes);
    if !filter.statuses.is_empty() && !unknown.is_empty() {
        notes.push(String::from(
            "saved results keep no statuses of unknown codes: none of these passes --status",
        ));
    }
    unknown.retain(|row| filter.wants_unknown(catalog, &row.code, None));
    if filter.has_time() && !unknown.is_empty() {
        notes.push(format!(
            "saved results keep no times of unknown codes: {} listed and counted whatever their time, \
             by --fail-on unknown too; scan with --since or --until to leave out those of other times",
            unknown.len()
        ));
    }
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
        result.notes.push(format!("left out for fewer than {min_count} matches: {rows} rows with {matches} matches, {unknown} unknown codes"));
    }
}

fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}
