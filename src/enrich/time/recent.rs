//! Lines read before: one that begins as they do up to its minute has its stamp in the same place.
//!
//! All forms end with the two digits of the second, and no other stamp can begin before the remembered one
//! and have those two digits as anything but its seconds: it would have to be shorter than any is.

use jiff::Timestamp;

use super::find::Stamp;
use super::form::{Clock, Head, SECOND_DIGITS};
use super::tail::{self, Ending, Tail};
use super::{Resolver, Said};

/// The bytes that tell which lines a line is compared with.
const KEY_BYTES: usize = 8;

/// How many sets of lines are remembered, as a power of two: programs that write one file by turns
/// are a dozen at most, and some lines have a stamp behind what no other line begins with.
const SET_BITS: u32 = 5;

/// How many lines are remembered of those that begin alike.
const WAYS: usize = 2;

/// An odd number whose products spread over their highest bits (the golden ratio).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Lines read before, in sets by their first bytes.
#[derive(Clone, Debug)]
pub(super) struct RecentLines {
    sets: Box<[Set; 1 << SET_BITS]>,
}

#[derive(Clone, Debug, Default)]
struct Set {
    lines: [Recent; WAYS],
    /// Which of them was remembered first.
    oldest: usize,
}

impl Default for RecentLines {
    fn default() -> Self {
        Self {
            sets: Box::new(std::array::from_fn(|_| Set::default())),
        }
    }
}

impl RecentLines {
    /// One that begins as `line` does, with the tail of `line`.
    pub(super) fn find(&mut self, line: &[u8]) -> Option<Found<'_>> {
        let set = self.set(line)?;
        set.lines.iter_mut().find_map(|recent| recent.find(line))
    }

    /// Remembers a line, if others may begin like it.
    pub(super) fn remember(&mut self, line: &[u8], stamp: &Stamp) {
        if !stamp.is_repeatable || stamp.head.end > Recent::BYTES {
            return;
        }
        if let Some(set) = self.set(line) {
            // The oldest makes room, so that programs that write one file by turns are all remembered.
            set.lines[set.oldest].remember(line, stamp);
            set.oldest = (set.oldest + 1) % WAYS;
        }
    }

    fn set(&mut self, line: &[u8]) -> Option<&mut Set> {
        let key = u64::from_le_bytes(*line.first_chunk::<KEY_BYTES>()?);
        // Lossless: a number below that of the sets.
        let number = (key.wrapping_mul(SPREAD) >> (u64::BITS - SET_BITS)) as usize;
        Some(&mut self.sets[number])
    }
}

/// A remembered line that another one begins like.
pub(super) struct Found<'r> {
    recent: &'r mut Recent,
    seconds: i32,
    clock: Clock,
    tail: Tail,
}

impl Found<'_> {
    /// The time of the other line.
    pub(super) fn time(self, file_time: Timestamp, resolver: &mut Resolver) -> Option<Timestamp> {
        let said = (self.seconds, Said::of(&self.tail, file_time));
        let second = match self.recent.resolved {
            Some((known, second)) if known == said => second,
            _ => {
                let second = resolver.resolve(self.clock, said.1);
                self.recent.resolved = Some((said, second));
                second
            }
        };
        Timestamp::new(second?, self.tail.nanosecond).ok()
    }
}

/// A line's bytes up to its stamp's minute, and what they mean.
///
/// The whole opening is compared, not only the stamp, so that a line with an earlier stamp of its
/// own is never read by the place of the last line's.
#[derive(Clone, Debug)]
struct Recent {
    opening: [u8; Self::BYTES],
    /// Which bits of `opening` count, so that lines are compared without a loop.
    mask: [u8; Self::BYTES],
    start: usize,
    /// At the beginning of its minute. `None` until there has been a stamp; else `opening` ends with its minute.
    head: Option<Head>,
    /// What stood behind the fraction of the last stamp that began like this, where that tells all.
    ending: Option<Ending>,
    /// The seconds behind the minute that were last read, what was said beside them, and what both were
    /// resolved to, if to anything.
    resolved: Option<((i32, Said), Option<i64>)>,
}

impl Recent {
    /// Room for a stamp behind a host, a level or a JSON key or two; further inside, lines differ.
    const BYTES: usize = 64;

    fn find(&mut self, line: &[u8]) -> Option<Found<'_>> {
        let head = self.head?;
        let is_alike = match line.first_chunk() {
            Some(opening) => self.is_opening(opening),
            None => line.starts_with(&self.opening[..head.end - SECOND_DIGITS]),
        };
        if !is_alike {
            return None;
        }
        let seconds = head.seconds(line)?;
        let tail = self.tail(line, &head)?;
        if tail.zone_at.is_some() {
            return None;
        }
        Some(Found {
            recent: self,
            seconds,
            clock: head.clock.later(seconds),
            tail,
        })
    }

    /// The tail behind the stamp of `line`, which begins like this one.
    fn tail(&mut self, line: &[u8], head: &Head) -> Option<Tail> {
        let usual = self.ending.as_ref();
        if let Some(tail) = usual.and_then(|ending| ending.tail(line, head)) {
            return Some(tail);
        }
        let tail = tail::tail(line, self.start, head)?;
        self.ending = Ending::of(line, self.start, head);
        Some(tail)
    }

    fn is_opening(&self, line: &[u8; Self::BYTES]) -> bool {
        let places = self.opening.iter().zip(&self.mask).zip(line);
        places.fold(0, |other, ((own, mask), byte)| other | (own ^ byte) & mask) == 0
    }

    fn remember(&mut self, line: &[u8], stamp: &Stamp) {
        let Some(seconds) = stamp.head.seconds(line) else {
            return;
        };
        let end = stamp.head.end - SECOND_DIGITS;
        self.mask = std::array::from_fn(|at| if at < end { u8::MAX } else { 0 });
        self.opening[..end].copy_from_slice(&line[..end]);
        self.start = stamp.start;
        self.head = Some(Head {
            clock: stamp.head.clock.later(-seconds),
            ..stamp.head
        });
        self.ending = None;
        self.resolved = None;
    }
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            opening: [0; Self::BYTES],
            mask: [0; Self::BYTES],
            start: 0,
            head: None,
            ending: None,
            resolved: None,
        }
    }
}
