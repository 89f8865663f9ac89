//! What was read of each input.

use std::collections::HashMap;

use super::writers::Writers;

/// What was read of an input.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputCounts {
    pub(crate) bytes: u64,
    pub(crate) lines: u64,
    pub(crate) matches: u64,
    pub(crate) writers: Writers,
    /// The first segment of which something was read, and the least offset at which that was.
    pub(crate) begin: Option<(u32, u64)>,
    /// Lines by segment, for the segments in which a sample was taken or which precede one.
    pub(crate) segments: HashMap<u32, u64, foldhash::fast::FixedState>,
}

impl InputCounts {
    /// Adds the sums.
    pub(super) fn add(&mut self, other: &InputCounts) {
        self.bytes += other.bytes;
        self.lines += other.lines;
        self.matches += other.matches;
    }

    /// Notes that reading began no later than at this offset of a segment.
    pub(super) fn begin_at(&mut self, segment: u32, offset: u64) {
        let begin = (segment, offset);
        self.begin = Some(self.begin.map_or(begin, |known| known.min(begin)));
    }

    pub(super) fn merge(&mut self, other: InputCounts) {
        self.add(&other);
        if let Some((segment, offset)) = other.begin {
            self.begin_at(segment, offset);
        }
        self.writers.merge(other.writers);
        for (segment, lines) in other.segments {
            *self.segments.entry(segment).or_default() += lines;
        }
    }
}
