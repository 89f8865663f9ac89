//! Filters a saved result row by row.
//!
//! What a row does not keep apart cannot be taken apart again: that is noted.

use super::filter::Filter;
use super::narrow::Narrowing;
use super::result::{ChangeRow, ScanResult};
use crate::catalog::Catalog;
use crate::wording::{Note, notes};

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
        result.notes.push(notes::times_as_saved());
    }
    if filter.has_time() && !result.http.is_empty() {
        result.notes.push(notes::http_untimed());
    }
    result.sort();
    result
}

/// Leaves out the rows with fewer than `min_count` matches.
pub fn frequent(result: ScanResult, min_count: u64) -> ScanResult {
    // Whose an unknown code is does not matter then.
    refine(result, &Filter::default(), min_count, &Catalog::default())
}

/// Whether codes with few matches were left out of a saved result.
pub(super) fn lacks_rare(result: &ScanResult) -> bool {
    let rare = notes::rare(0, 0, 0, 0);
    result.notes.iter().any(|note| note.is_like(&rare))
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
        let is_noted = || result.notes.iter().any(Unlisted::is_told_by);
        matches > 0 || unknown > 0 || is_noted()
    }

    fn is_told_by(note: &Note) -> bool {
        let forms = [notes::unlisted_counted(0, 0), notes::unlisted_lost(0, 0)];
        forms.iter().any(|form| note.is_like(form))
    }

    /// Says how many there are, in place of what was said of a part of them.
    fn note(self, notes: &mut Vec<Note>, is_kept: bool) {
        let Unlisted { matches, unknown } = self;
        if matches == 0 && unknown == 0 {
            return;
        }
        let cuts = [
            notes::rows_cut(0, "0", "0"),
            notes::unknown_cut(0, "0", "0"),
        ];
        let is_cut = |note: &Note| cuts.iter().any(|cut| note.is_like(cut));
        notes.retain(|note| !Unlisted::is_told_by(note) && !is_cut(note));
        notes.push(match is_kept {
            true => notes::unlisted_counted(matches, unknown),
            false => notes::unlisted_lost(matches, unknown),
        });
    }
}

/// Leaves out unknown codes, of which less is saved than of others.
fn refine_unknown(result: &mut ScanResult, filter: &Filter, catalog: &Catalog) {
    let (unknown, told) = (&mut result.unknown, &mut result.notes);
    if !filter.statuses.is_empty() && !unknown.is_empty() {
        told.push(notes::unknown_without_status());
    }
    unknown.retain(|row| filter.wants_unknown(catalog, &row.code, None));
    if filter.has_time() && !unknown.is_empty() {
        told.push(notes::unknown_untimed(unknown.len()));
    }
}

/// Keeps a comparison that is still true after the filter.
fn refine_baseline(result: &mut ScanResult, filter: &Filter, min_count: u64) {
    if let Some(baseline) = &mut result.baseline {
        let is_frequent = |row: &ChangeRow| row.count.max(row.baseline_count) >= min_count;
        baseline.changes.retain(is_frequent);
        if !filter.is_everything() {
            result.baseline = None;
            result.notes.push(notes::baseline_unfiltered());
        }
    }
}

fn leave_out_rare(result: &mut ScanResult, (rows, matches): (usize, u64), min_count: u64) {
    let before = result.unknown.len();
    result.unknown.retain(|row| row.count >= min_count);
    let unknown = before - result.unknown.len();
    if rows + unknown > 0 {
        let note = notes::rare(min_count, rows, matches, unknown);
        result.notes.push(note);
    }
}

fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}
