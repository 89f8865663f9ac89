//! Narrows saved rows to what a filter lets through.
//!
//! A row tells how many of its matches are unconfirmed, have a status or lie in a bucket, but not
//! which of them these are. Where they may overlap in more than one way, a count is the most that
//! it can be, and so is that of the unconfirmed: none of them is taken for confirmed. Whatever
//! remains unknown is noted.

use jiff::Timestamp;

use super::filter::Filter;
use super::merge::{add_count, earlier, later, time};
use super::result::{CodeRow, ScanResult, TimeSpan};
use crate::wording::{Note, notes};

/// Narrows rows one after another, and sums up what that does to the totals.
pub(super) struct Narrowing<'f> {
    filter: &'f Filter,
    min_count: u64,
    /// Whether the counts hold no unconfirmed matches already.
    is_strict: bool,
    /// Codes and matches left out because there are too few of them.
    pub(super) rare: (usize, u64),
    /// Matches left out for want of a time, and those of them that no bucket holds.
    untimed: u64,
    unbucketed: u64,
    /// Unconfirmed matches of what is asked for, and of how many that is not known for sure.
    unconfirmed: u64,
    doubtful: u64,
    /// Matches of which either the status or the time may not be asked for.
    unpaired: u64,
    /// Rows of which a part is left out.
    parts: u64,
    /// Rows without buckets that reach beyond the span asked for.
    beyond: u64,
    /// Matches of which no row tells, left out.
    unlisted: u64,
    lines: Lines,
}

/// What is known about the number of lines that the rows left have together.
#[derive(Default)]
struct Lines {
    /// The sum over the rows, which may share lines.
    sum: u64,
    /// The least of the row that has most.
    greatest: u64,
    /// How many there may be less than before.
    lost: u64,
}

impl<'f> Narrowing<'f> {
    pub(super) fn new(filter: &'f Filter, min_count: u64, is_strict: bool) -> Self {
        Narrowing {
            filter,
            min_count,
            is_strict,
            rare: (0, 0),
            untimed: 0,
            unbucketed: 0,
            unconfirmed: 0,
            doubtful: 0,
            unpaired: 0,
            parts: 0,
            beyond: 0,
            unlisted: 0,
            lines: Lines::default(),
        }
    }

    /// Cuts `row` to what is asked for. Returns whether anything is left of it.
    pub(super) fn keep(&mut self, row: &mut CodeRow) -> bool {
        let (all, lines) = (row.count, row.lines);
        let filter = self.filter;
        let is_kept = filter.wants_code(&row.code, row.provider.as_deref(), &row.candidates)
            && self.keep_status(row)
            && (!filter.has_time() || self.keep_time(row, all))
            && self.keep_confirmed(row, all)
            && self.is_frequent(row);
        if !is_kept {
            add_count(&mut self.lines.lost, lines);
            return false;
        }
        self.parts += u64::from(row.count < all);
        self.keep_lines(row, all);
        true
    }

    /// Leaves out matches of which no row tells.
    pub(super) fn lose(&mut self, matches: u64) {
        add_count(&mut self.lines.lost, matches);
        self.unlisted = matches;
    }

    /// The documented status decides about all matches; the observed ones are counted apart.
    fn keep_status(&self, row: &mut CodeRow) -> bool {
        let filter = self.filter;
        if filter.statuses.is_empty() || row.http_status.is_some() {
            return filter.wants_status(row.http_status, None);
        }
        row.observed_status
            .retain(|&status, _| filter.wants_status(None, Some(status)));
        row.count = sum(row.observed_status.values()).min(row.count);
        row.count > 0
    }

    /// Cuts the buckets to the span asked for, or takes or leaves a row whole that has none.
    fn keep_time(&mut self, row: &mut CodeRow, all: u64) -> bool {
        let filter = self.filter;
        if row.buckets.is_empty() {
            let Some((first, last)) = time(&row.first_seen).zip(time(&row.last_seen)) else {
                add_count(&mut self.untimed, row.count);
                return false;
            };
            let is_within = |time| filter.wants_time(time);
            let overlaps = filter.since.is_none_or(|since| last >= since)
                && filter.until.is_none_or(|until| first < until);
            let reaches_beyond = overlaps && !(is_within(first) && is_within(last));
            self.beyond += u64::from(reaches_beyond);
            return overlaps;
        }
        let outside = all.saturating_sub(bucketed(row));
        cut_buckets(row, filter);
        let within = bucketed(row);
        let asked = row.count;
        row.count = asked.min(within);
        let unbucketed = outside.min(asked - row.count);
        add_count(&mut self.untimed, unbucketed);
        add_count(&mut self.unbucketed, unbucketed);
        let least = asked.saturating_sub(all.saturating_sub(within));
        add_count(&mut self.unpaired, row.count.saturating_sub(least));
        row.count > 0
    }

    /// Leaves out the unconfirmed ones where that is asked for, or they are left out already.
    fn keep_confirmed(&mut self, row: &mut CodeRow, all: u64) -> bool {
        let is_part = row.count < all;
        if self.is_strict {
            let doubtful = u64::from(is_part) * row.unconfirmed;
            add_count(&mut self.doubtful, doubtful);
            add_count(&mut self.unconfirmed, row.unconfirmed);
            return row.count > 0;
        }
        let confirmed = all.saturating_sub(row.unconfirmed);
        let least = row.count.saturating_sub(confirmed);
        row.unconfirmed = row.unconfirmed.min(row.count);
        add_count(&mut self.doubtful, row.unconfirmed.saturating_sub(least));
        add_count(&mut self.unconfirmed, row.unconfirmed);
        if self.filter.strict {
            row.count -= row.unconfirmed;
        }
        row.count > 0
    }

    fn is_frequent(&mut self, row: &CodeRow) -> bool {
        if row.count >= self.min_count {
            return true;
        }
        self.rare.0 += 1;
        add_count(&mut self.rare.1, row.count);
        self.unconfirmed = self.unconfirmed.saturating_sub(row.unconfirmed);
        false
    }

    /// A line is lost at most for each match that is left out, and kept for one that is not.
    fn keep_lines(&mut self, row: &mut CodeRow, all: u64) {
        let lines = row.lines;
        let mut least = lines;
        if row.count < all {
            row.lines = lines.min(row.count);
            least = lines.saturating_sub(all - row.count).max(1);
        }
        add_count(&mut self.lines.sum, row.lines);
        add_count(&mut self.lines.lost, lines.saturating_sub(least));
        self.lines.greatest = self.lines.greatest.max(least);
    }

    /// Brings the totals of `result` to the rows that are left, and notes what is not known.
    pub(super) fn conclude(self, result: &mut ScanResult, unconfirmed_before: u64) {
        self.note(&mut result.notes);
        add_count(&mut result.totals.without_time, self.untimed);
        let unplaced = result.totals.unconfirmed.saturating_sub(unconfirmed_before);
        result.totals.unconfirmed = self.unconfirmed;
        if self.filter.is_everything_confirmed() {
            add_count(&mut result.totals.unconfirmed, unplaced);
        }
        // Those of codes that are not listed are told of with these, unless none of them counted.
        let told = if self.is_strict { 0 } else { self.unlisted };
        let untold = unplaced.saturating_sub(told);
        if untold > 0 && !self.filter.is_everything_confirmed() {
            result.notes.push(notes::untold_unconfirmed(untold));
        }
        // Where nothing is left out, all is as it was saved.
        if self.lines.lost > 0 {
            self.lines.conclude(result);
            result.time = span(&result.codes);
        }
    }

    fn note(&self, told: &mut Vec<Note>) {
        let mut tell = |number: u64, note: fn(u64) -> Note| {
            told.extend((number > 0).then(|| note(number)));
        };
        tell(self.parts, notes::parts_of_rows);
        tell(self.doubtful, notes::doubtful_unconfirmed);
        tell(self.unpaired, notes::unpaired);
        tell(self.unbucketed, notes::in_no_bucket);
        tell(self.beyond, notes::beyond_span);
    }
}

impl Lines {
    /// Sets the number of lines to the most that it may be, and notes where it may be less.
    fn conclude(&self, result: &mut ScanResult) {
        let before = result.totals.matched_lines;
        let most = before.min(self.sum);
        let least = before.saturating_sub(self.lost).max(self.greatest);
        // What was noted of more rows than are left does not hold for these.
        let noted = result.notes.len();
        let shared = notes::shared_lines(0, 0);
        result.notes.retain(|note| !note.is_like(&shared));
        let is_upper_bound = result.notes.len() < noted;
        let least = if is_upper_bound {
            self.greatest.min(most)
        } else {
            least
        };
        result.totals.matched_lines = most;
        if least < most {
            result.notes.push(notes::shared_lines(least, most));
        }
    }
}

/// Cuts the buckets of a row to the span asked for, and its first and last time with them.
fn cut_buckets(row: &mut CodeRow, filter: &Filter) {
    let last_start = row.buckets.last().map(|(start, _)| start.clone());
    row.buckets.retain(|(start, _)| {
        let start = start.parse().ok();
        start.is_some_and(|start| filter.wants_time(start))
    });
    let starts = row.buckets.first().zip(row.buckets.last());
    let Some(((first, _), (last, _))) = starts else {
        return;
    };
    row.first_seen = later(row.first_seen.take(), Some(first.clone()));
    let is_beyond = |seen: Timestamp| filter.until.is_some_and(|until| seen >= until);
    if last_start.as_ref() != Some(last) || time(&row.last_seen).is_some_and(is_beyond) {
        row.last_seen = later(row.first_seen.clone(), Some(last.clone()));
    }
}

/// The matches of a row that lie in a bucket.
fn bucketed(row: &CodeRow) -> u64 {
    sum(row.buckets.iter().map(|(_, count)| count))
}

fn sum<'c>(counts: impl Iterator<Item = &'c u64>) -> u64 {
    counts.copied().fold(0, u64::saturating_add)
}

/// From when to when the rows were seen.
fn span(rows: &[CodeRow]) -> TimeSpan {
    rows.iter().fold(TimeSpan::default(), |span, row| TimeSpan {
        first: earlier(span.first, row.first_seen.clone()),
        last: later(span.last, row.last_seen.clone()),
    })
}
