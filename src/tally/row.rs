//! The counts of one code with one attribution, or of one unknown code.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Counted;
use super::bucket::{Buckets, bucket_of};
use super::sample::{Occurrence, has_room, keep};
use super::span::Span;

/// Counts; adding two of them up in any order gives the same.
///
/// What most matches touch comes first, for the cache.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(crate) struct Row {
    pub(crate) count: u64,
    pub(crate) unconfirmed: u64,
    /// Lines that lie whole in one block.
    pub(crate) lines: u64,
    /// The line counted last, so that a line with two occurrences counts once.
    pub(crate) last_line: Option<(u64, u64)>,
    pub(super) seen: Span,
    /// Input and offset of the last sample, where there are as many as are kept.
    last_sample: Option<(u32, u64)>,
    /// How often each status was stated, by status: there are few.
    pub(crate) observed: Vec<(u16, u64)>,
    pub(crate) samples: Vec<Occurrence>,
    pub(crate) buckets: Buckets,
    /// By the input's rank.
    pub(crate) files: HashMap<u32, u64, foldhash::fast::FixedState>,
}

impl Row {
    /// Counts a status that so many lines stated.
    pub(super) fn observe(&mut self, status: u16, count: u64) {
        match self
            .observed
            .binary_search_by_key(&status, |(known, _)| *known)
        {
            Ok(at) => self.observed[at].1 += count,
            Err(at) => self.observed.insert(at, (status, count)),
        }
    }

    /// Counts into the bucket of `time`.
    pub(crate) fn count_in_bucket(&mut self, time: Timestamp, width: i64) {
        *self.buckets.entry(bucket_of(time, width)).or_default() += 1;
    }

    /// Keeps what stands around the match if it is among the first `sample_limit`.
    #[inline]
    pub(super) fn offer_sample(&mut self, counted: &Counted, sample_limit: usize) {
        let place = &counted.place;
        // Most matches come behind the samples of their own input, which is told without a look at them.
        let is_behind = |(input, offset)| input == place.input && place.offset >= offset;
        if self.last_sample.is_some_and(is_behind)
            || !has_room(&self.samples, counted.path, place, sample_limit)
        {
            return;
        }
        keep(&mut self.samples, Occurrence::new(counted), sample_limit);
        self.note_last_sample(sample_limit);
    }

    fn note_last_sample(&mut self, sample_limit: usize) {
        let last = self.samples.last().map(|last| &last.place);
        let last = last.filter(|_| self.samples.len() >= sample_limit);
        self.last_sample = last.map(|place| (place.input, place.offset));
    }

    /// Adds `other`, keeping the first `sample_limit` samples.
    pub(crate) fn merge(&mut self, other: Row, sample_limit: usize) {
        self.count += other.count;
        self.unconfirmed += other.unconfirmed;
        self.lines += other.lines;
        self.seen.merge(other.seen);
        for (status, count) in other.observed {
            self.observe(status, count);
        }
        for occurrence in other.samples {
            keep(&mut self.samples, occurrence, sample_limit);
        }
        self.note_last_sample(sample_limit);
        for (start, count) in other.buckets {
            *self.buckets.entry(start).or_default() += count;
        }
        for (input, count) in other.files {
            *self.files.entry(input).or_default() += count;
        }
    }
}
