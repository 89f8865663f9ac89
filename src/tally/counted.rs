//! A match on its way into the counts, and the row that it is counted in.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use super::row::Row;
use super::{Excerpt, Filter, Place, RowKey, Tally, TallyOptions};
use crate::catalog::Catalog;
use crate::enrich::{Owner, Source, TextForm, decoded};
use crate::matcher::Matcher;

/// A match, ready to be counted.
#[derive(Clone)]
pub(crate) struct Counted<'t> {
    /// The input's path.
    pub(crate) path: &'t Arc<str>,
    pub(crate) place: Place,
    /// Tells the number of the line within the segment, from 0, which takes counting.
    pub(crate) line_number: &'t dyn Fn() -> u64,
    pub(crate) time: Option<Timestamp>,
    pub(crate) observed: Option<u16>,
    pub(crate) confirmed: bool,
    /// Whether the line lies in more than one block, so that others may count it too.
    pub(crate) is_split: bool,
    /// What was counted of the line when it was unfinished.
    pub(crate) earlier: Option<&'t Tally>,
    pub(crate) line: &'t [u8],
    /// Where the code stands in `line`.
    pub(crate) range: Range<usize>,
    /// How `line` is written.
    pub(crate) form: TextForm,
    /// Who wrote it.
    pub(crate) source: Option<&'t Source<'t>>,
}

impl Counted<'_> {
    /// What people see of the line.
    pub(crate) fn excerpt(&self) -> Excerpt {
        let mut excerpt = match self.form {
            TextForm::Plain => Excerpt::new(self.line, &self.range),
            TextForm::Json => {
                let (line, range) = decoded(self.line, &self.range);
                Excerpt::new(line.as_bytes(), &range)
            }
        };
        if self.is_split {
            let before_code = self.place.offset.saturating_sub(self.place.line_start);
            excerpt.cut.before |= before_code > self.range.start as u64;
            excerpt.cut.behind = true;
        }
        excerpt
    }
}

/// A row that is counted, and what the filter says about it.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct CountedRow {
    pub(super) is_wanted: bool,
    pub(super) documented_status: Option<u16>,
    pub(super) row: Row,
}

impl CountedRow {
    pub(super) fn new(
        catalog: &Catalog,
        matcher: &Matcher,
        (id, attribution): RowKey,
        filter: &Filter,
    ) -> Self {
        let code = matcher.code(id);
        let owner = Owner::new(catalog, code, attribution);
        CountedRow {
            row: Row::default(),
            is_wanted: filter.wants_code(&code.text, owner.provider, &owner.candidates),
            documented_status: owner.entry.and_then(|entry| entry.http_status),
        }
    }

    /// Takes the next match for one of another line, as in a tally that has not counted the last one.
    pub(super) fn leave_line(&mut self) {
        self.row.last_line = None;
    }
}

impl Row {
    /// Counts a match, whose line may have been counted before.
    pub(super) fn add(
        &mut self,
        counted: &Counted,
        (line_key, is_again): ((u64, u64), bool),
        options: &TallyOptions,
        bucket_width: i64,
    ) {
        self.count += 1;
        if !counted.is_split && self.last_line != Some(line_key) {
            self.last_line = Some(line_key);
            self.lines += u64::from(!is_again);
        }
        if let Some(status) = counted.observed {
            self.observe(status, 1);
        }
        if let Some(time) = counted.time {
            self.seen.widen(time);
            if options.bucket.is_some() {
                self.count_in_bucket(time, bucket_width);
            }
        }
        if options.by_file {
            *self.files.entry(counted.place.input).or_default() += 1;
        }
        self.offer_sample(counted, options.samples);
    }
}

/// Whether a match of this time passes; one without a time is counted where times matter.
pub(super) fn wants_time(filter: &Filter, time: Option<Timestamp>, without_time: &mut u64) -> bool {
    match time {
        _ if !filter.has_time() => true,
        Some(time) => filter.wants_time(time),
        None => {
            *without_time += 1;
            false
        }
    }
}
