//! From when to when something was counted.

use jiff::Timestamp;

/// The first and the last time of what was counted; adding two of them up in any order gives the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
}

impl Span {
    /// Takes in `time`; returns whether that lay outside.
    #[inline]
    pub(super) fn widen(&mut self, time: Timestamp) -> bool {
        let before = *self;
        self.first = Some(before.first.map_or(time, |first| first.min(time)));
        self.last = Some(before.last.map_or(time, |last| last.max(time)));
        before != *self
    }

    /// Takes in all of `other`.
    pub(super) fn merge(&mut self, other: Span) {
        for time in other.first.into_iter().chain(other.last) {
            self.widen(time);
        }
    }
}
