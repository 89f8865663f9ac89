//! Counts while running, and the result they become.
//!
//! A [`Tally`] is a commutative monoid: workers count apart and their tallies
//! are added up in any order. A [`result::ScanResult`] is what is saved, merged
//! and rendered.

mod accumulate;
mod bucket;
mod compare;
mod counted;
mod fail_on;
mod filter;
pub(crate) mod finish;
mod inputs;
pub(crate) mod merge;
mod narrow;
mod overlap;
mod pattern;
mod reading;
mod refine;
pub mod result;
mod row;
mod rows;
mod sample;
mod span;
mod times;
mod unknown;
mod writers;
mod zero;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::Catalog;
use crate::enrich::Attribution;
use crate::matcher::{CodeId, Effort, Matcher};
use counted::{CountedRow, wants_time};
use inputs::InputCounts;
use result::InputState;
use row::Row;
use rows::Rows;
use span::Span;
use writers::Writers;

pub use accumulate::accumulate;
pub(crate) use accumulate::accumulate_for_chart;
pub use compare::compare;
pub(crate) use counted::Counted;
pub use fail_on::FailOn;
pub use filter::{Filter, StatusPattern, globs};
pub(crate) use finish::{MAX_INPUTS, finish_part};
pub use finish::{Scanned, ScannedInput, conclude, finish};
pub use merge::{Overlap, merge};
pub(crate) use overlap::equal_content;
pub use pattern::CodePattern;
pub use refine::{frequent, refine};
pub(crate) use sample::{Excerpt, Place};
pub(crate) use unknown::MAX_UNKNOWN;
pub use unknown::OTHER;
pub use zero::zeroes;

/// What to count, beside the codes themselves.
#[derive(Clone, Debug)]
pub struct TallyOptions {
    /// Which matches count.
    pub filter: Filter,
    /// The most samples of a code.
    pub samples: usize,
    /// The width of time buckets in seconds, where they are asked for.
    pub bucket: Option<i64>,
    /// Whether that width is the least alone: buckets grow to be few enough for a chart, and no
    /// note says so.
    pub fits_chart: bool,
    /// Counts each code by file.
    pub by_file: bool,
    /// Counts HTTP statuses.
    pub http: bool,
}

impl Default for TallyOptions {
    fn default() -> Self {
        TallyOptions {
            filter: Filter::default(),
            samples: 1,
            bucket: None,
            fits_chart: false,
            by_file: false,
            http: false,
        }
    }
}

/// A code and whose it is.
pub(crate) type RowKey = (CodeId, Attribution);

type SplitLines = HashSet<(u32, u64, Option<RowKey>), foldhash::fast::FixedState>;
type SplitUnknown = HashSet<(u32, u64, Box<[u8]>), foldhash::fast::FixedState>;

/// Lines that were counted before their end was read, with what they hold so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct CountedLines {
    known: SplitLines,
    unknown: SplitUnknown,
}

/// The counts of one worker.
#[derive(Clone, Debug)]
pub struct Tally {
    options: Arc<TallyOptions>,
    rows: Rows,
    unknown: HashMap<Box<[u8]>, Row, foldhash::fast::FixedState>,
    inputs: HashMap<u32, InputCounts, foldhash::fast::FixedState>,
    /// What was read of inputs that are not listed one by one, by their state.
    folded: BTreeMap<InputState, InputCounts>,
    http: HashMap<u16, u64, foldhash::fast::FixedState>,
    matched_lines: u64,
    /// The number of blocks begun: a line that is not split lies in one.
    blocks: u64,
    last_matched_line: Option<(u64, u64)>,
    /// All matches of the block that was begun last, and who wrote their lines, until it has been read.
    block_matches: u64,
    block_writers: Writers,
    without_time: u64,
    /// Lines that lie in several blocks, with what they hold; `None` stands for any known code.
    split_lines: SplitLines,
    split_unknown: SplitUnknown,
    seen: Span,
    bucket_width: i64,
    too_many_unknown: bool,
    effort: Effort,
}

impl Tally {
    /// A tally of nothing.
    pub fn new(options: Arc<TallyOptions>) -> Self {
        Tally {
            bucket_width: options.bucket.unwrap_or(1),
            options,
            rows: Rows::default(),
            unknown: HashMap::default(),
            inputs: HashMap::default(),
            folded: BTreeMap::new(),
            http: HashMap::default(),
            matched_lines: 0,
            blocks: 0,
            last_matched_line: None,
            block_matches: 0,
            block_writers: Writers::default(),
            without_time: 0,
            split_lines: HashSet::default(),
            split_unknown: HashSet::default(),
            seen: Span::default(),
            too_many_unknown: false,
            effort: Effort::default(),
        }
    }

    /// What is counted.
    pub(crate) fn options(&self) -> &TallyOptions {
        &self.options
    }

    /// Begins a block: what it holds is on other lines than what was counted before, except for
    /// lines that are split.
    pub(crate) fn begin_block(&mut self) {
        self.blocks += 1;
    }

    /// Counts a part of an input that was read, whose first byte stands at `offset` of the segment: the block
    /// that was begun last.
    pub(crate) fn add_read(
        &mut self,
        (input, segment): (u32, u32),
        offset: u64,
        bytes: u64,
        lines: u64,
    ) {
        let counts = self.inputs.entry(input).or_default();
        counts.begin_at(segment, offset);
        counts.bytes += bytes;
        counts.lines += lines;
        counts.matches += std::mem::take(&mut self.block_matches);
        counts
            .writers
            .merge(std::mem::take(&mut self.block_writers));
        *counts.segments.entry(segment).or_default() += lines;
    }

    /// How many inputs are counted one by one.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs.len()
    }

    /// Counts the inputs for which `state_of` gives a state no more one by one, but with all of that state.
    pub(crate) fn fold_inputs(&mut self, state_of: impl Fn(u32) -> Option<InputState>) {
        let folded = self
            .inputs
            .extract_if(|&input, _| state_of(input).is_some());
        for (input, counts) in folded {
            if let Some(state) = state_of(input) {
                self.folded.entry(state).or_default().add(&counts);
            }
        }
    }

    /// Adds what matching took.
    pub(crate) fn add_effort(&mut self, effort: Effort) {
        self.effort += effort;
    }

    /// What matching took.
    pub(crate) fn effort(&self) -> Effort {
        self.effort
    }

    /// Counts an HTTP status on a line of this time.
    pub(crate) fn add_http(&mut self, status: u16, time: Option<Timestamp>) {
        if wants_time(&self.options.filter, time, &mut self.without_time) {
            *self.http.entry(status).or_default() += 1;
        }
    }

    /// Counts a known code. Returns whether it passed the filter.
    pub(crate) fn add_known(
        &mut self,
        catalog: &Catalog,
        matcher: &Matcher,
        key: RowKey,
        counted: &Counted,
    ) -> bool {
        self.block_matches += 1;
        self.block_writers.add(counted.source);
        let options = &*self.options;
        let filter = &options.filter;
        let new_row = || CountedRow::new(catalog, matcher, key, filter);
        let entry = self.rows.entry(key, new_row);
        if !entry.is_wanted
            || !filter.wants_status(entry.documented_status, counted.observed)
            || !wants_time(filter, counted.time, &mut self.without_time)
        {
            return false;
        }
        if !counted.confirmed {
            entry.row.unconfirmed += 1;
            if filter.strict {
                return false;
            }
        }
        let has_counted = |key| counted.earlier.is_some_and(|tally| tally.has_counted(key));
        let is_again = has_counted(Some(key));
        let line_key = (self.blocks, counted.place.line_start);
        let line = (line_key, is_again);
        entry.row.add(counted, line, options, self.bucket_width);
        let (input, line) = (counted.place.input, counted.place.line_start);
        if counted.is_split {
            let keys = [Some(key), None]
                .into_iter()
                .filter(|&key| !has_counted(key));
            self.split_lines.extend(keys.map(|key| (input, line, key)));
        } else if self.last_matched_line != Some(line_key) {
            self.last_matched_line = Some(line_key);
            self.matched_lines += u64::from(!has_counted(None));
        }
        if counted.time.is_some_and(|time| self.seen.widen(time)) {
            self.fit_buckets(self.bucket_width);
        }
        true
    }

    /// Whether a row was counted, or any.
    fn has_counted(&self, key: Option<RowKey>) -> bool {
        let is_counted = |counted: &CountedRow| counted.row.count > 0;
        match key {
            Some(key) => self.rows.get(key).is_some_and(is_counted),
            None => self.rows.values().any(is_counted),
        }
    }

    /// Adds what another worker counted.
    pub fn merge(&mut self, mut other: Tally) {
        self.seen.merge(other.seen);
        self.fit_buckets(other.bucket_width);
        other.fit_buckets(self.bucket_width);
        let limit = self.options.samples;
        if self.rows.is_empty() {
            // As they are: most of a scan's end would be moving them.
            std::mem::swap(&mut self.rows, &mut other.rows);
            self.rows.values_mut().for_each(CountedRow::leave_line);
        }
        for (key, counted) in other.rows.into_iter() {
            let (is_wanted, documented_status) = (counted.is_wanted, counted.documented_status);
            let nothing = || CountedRow {
                row: Row::default(),
                is_wanted,
                documented_status,
            };
            self.rows.entry(key, nothing).row.merge(counted.row, limit);
        }
        self.add_unknown_rows(other.unknown);
        for (input, counts) in other.inputs {
            self.inputs.entry(input).or_default().merge(counts);
        }
        for (state, counts) in other.folded {
            self.folded.entry(state).or_default().add(&counts);
        }
        for (status, count) in other.http {
            *self.http.entry(status).or_default() += count;
        }
        self.matched_lines += other.matched_lines;
        self.without_time += other.without_time;
        self.effort += other.effort;
        self.too_many_unknown |= other.too_many_unknown;
        self.split_lines.extend(other.split_lines);
        self.split_unknown.extend(other.split_unknown);
    }

    /// Leaves out the lines that `earlier` parts of the same counting hold already, and adds to it
    /// those that are not at their end: `is_open` tells by input and offset of the line.
    pub(crate) fn continue_lines(
        &mut self,
        earlier: &mut CountedLines,
        is_open: impl Fn(u32, u64) -> bool,
    ) {
        self.split_lines
            .retain(|line| !earlier.known.contains(line));
        self.split_unknown
            .retain(|line| !earlier.unknown.contains(line));
        earlier.known.extend(self.split_lines.iter().copied());
        earlier.unknown.extend(self.split_unknown.iter().cloned());
        earlier
            .known
            .retain(|(input, line, _)| is_open(*input, *line));
        earlier
            .unknown
            .retain(|(input, line, _)| is_open(*input, *line));
    }

    /// Makes the buckets as wide as the span of times asks for, and no less than `width`.
    fn fit_buckets(&mut self, width: i64) {
        if self.options.bucket.is_none() {
            return;
        }
        let mut fitting = width.max(self.bucket_width);
        if let (Some(first), Some(last)) = (self.seen.first, self.seen.last) {
            let most = match self.options.fits_chart {
                true => bucket::CHART_BUCKETS,
                false => bucket::MAX_BUCKETS,
            };
            fitting = bucket::fitting_width(fitting, first, last, most);
        }
        if fitting != self.bucket_width {
            self.bucket_width = fitting;
            for counted in self.rows.values_mut() {
                counted.row.buckets = bucket::coarser(&counted.row.buckets, fitting);
            }
        }
    }
}
