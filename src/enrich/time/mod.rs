//! Reads the time at which a log line was written.
//!
//! A line has at most one time, and it depends on nothing but the line, the zone and the file's
//! own time: what a [`TimeReader`] remembers of earlier lines makes it faster, never different.
//! `find` says where in a line its stamp stands, `form` and `tail` how a stamp is written, `bound`
//! reads what a user writes on the command line. Calendar and zones are jiff's; the bytes are read
//! here, without allocating, because this runs once for each matched line.

mod bound;
mod find;
mod form;
mod tail;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

pub use bound::{local_zone, parse_bound, parse_width, parse_zone};

use super::marks::Marker;
use find::Stamp;
use form::{Clock, Head, YearDay};
use tail::Tail;

const HOUR_SECONDS: i64 = 3600;

/// How far after its file's time a stamp without a year may lie: zones and wrong clocks.
const SLACK_SECONDS: i64 = 24 * HOUR_SECONDS;

/// How many of a line's bytes are searched for a time. A longer line is one document rather than
/// one event, and a time further inside says little about its start.
const SEARCHED_BYTES: usize = 64 * 1024;

/// How many lines are remembered: programs that write one file by turns are a dozen at most.
const REMEMBERED: usize = 16;

/// Reads lines' times; one for each worker.
#[derive(Clone, Debug)]
pub struct TimeReader {
    zone: TimeZone,
    marker: Marker,
    recent: [Recent; REMEMBERED],
    /// Which of them was remembered first.
    oldest: usize,
    hour: Option<LocalHour>,
}

impl TimeReader {
    /// A reader that takes stamps without a zone to be in `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            marker: Marker::new(),
            recent: Default::default(),
            oldest: 0,
            hour: None,
        }
    }

    /// The time of `line`; `file_time` is the file's own modification time, or now for a stream.
    ///
    /// A stamp whose zone skips or repeats it (summer time) is resolved as RFC 5545 does: after the
    /// gap, before the fold. A stamp without a year is the latest one not over a day after
    /// `file_time`. Returns `None` where no stamp is found, or none from 2000 to 2099.
    pub fn read(&mut self, line: &[u8], file_time: Timestamp) -> Option<Timestamp> {
        let nuls = line.iter().take_while(|&&byte| byte == 0).count();
        let line = &line[nuls..line.len().min(nuls + SEARCHED_BYTES)];
        let known = self.recent.iter().find_map(|recent| recent.stamp(line));
        if let Some((clock, tail)) = known {
            return self.resolve(clock, tail, file_time);
        }
        let stamp = find::stamp(line, &mut self.marker)?;
        // The oldest makes room, so that programs that write one file by turns are all remembered.
        if self.recent[self.oldest].remember(line, &stamp) {
            self.oldest = (self.oldest + 1) % REMEMBERED;
        }
        self.resolve(stamp.head.clock, stamp.tail, file_time)
    }

    fn resolve(&mut self, clock: Clock, tail: Tail, file_time: Timestamp) -> Option<Timestamp> {
        let second = match clock {
            Clock::Epoch(second) => second,
            Clock::Wall(second) => self.second(second, tail.offset)?,
            Clock::Yearless(day) => match tail.year {
                Some(year) => self.second(day.in_year(year)?, tail.offset)?,
                None => self.latest(day, tail.offset, file_time)?,
            },
        };
        Timestamp::new(second, tail.nanosecond).ok()
    }

    /// The latest second with this month, day and time that is not over a day after `file_time`.
    fn latest(&mut self, day: YearDay, offset: Option<i32>, file_time: Timestamp) -> Option<i64> {
        let limit = file_time.as_second() + SLACK_SECONDS;
        let year = Offset::UTC.to_datetime(file_time).year();
        // Eight years back, since 29 February may be missing seven times in a row.
        (year - 8..=year + 1).rev().find_map(|year| {
            let wall = day.in_year(year)?;
            self.second(wall, offset).filter(|second| *second <= limit)
        })
    }

    /// The second at which a clock in the stamp's zone shows `wall`.
    fn second(&mut self, wall: i64, offset: Option<i32>) -> Option<i64> {
        if let Some(offset) = offset {
            return Some(wall - i64::from(offset));
        }
        if let Some(hour) = self.hour
            && hour.number == wall.div_euclid(HOUR_SECONDS)
        {
            return Some(wall - hour.offset_seconds);
        }
        self.hour = LocalHour::of(&self.zone, wall);
        match self.hour {
            Some(hour) => Some(wall - hour.offset_seconds),
            None => {
                let ambiguous = self.zone.to_ambiguous_timestamp(date_time(wall)?);
                Some(ambiguous.compatible().ok()?.as_second())
            }
        }
    }
}

/// An hour on the zone's clock during which the zone's offset does not change.
#[derive(Clone, Copy, Debug)]
struct LocalHour {
    number: i64,
    offset_seconds: i64,
}

impl LocalHour {
    /// The hour of `wall`; `None` for one that a change of offset touches.
    fn of(zone: &TimeZone, wall: i64) -> Option<Self> {
        let number = wall.div_euclid(HOUR_SECONDS);
        let first = certain_offset(zone, number * HOUR_SECONDS)?;
        let last = certain_offset(zone, number * HOUR_SECONDS + HOUR_SECONDS - 1)?;
        (first == last).then(|| Self {
            number,
            offset_seconds: i64::from(first.seconds()),
        })
    }
}

fn certain_offset(zone: &TimeZone, wall: i64) -> Option<Offset> {
    match zone.to_ambiguous_timestamp(date_time(wall)?).offset() {
        AmbiguousOffset::Unambiguous { offset } => Some(offset),
        AmbiguousOffset::Gap { .. } | AmbiguousOffset::Fold { .. } => None,
    }
}

/// What a clock shows, from its seconds since 1970-01-01 00:00 on that clock.
fn date_time(wall: i64) -> Option<DateTime> {
    Some(Offset::UTC.to_datetime(Timestamp::from_second(wall).ok()?))
}

/// A line's bytes up to its stamp's second, and what they mean.
///
/// The whole opening is compared, not only the stamp, so that a line with an earlier stamp of its
/// own is never read by the place of the last line's.
#[derive(Clone, Debug)]
struct Recent {
    opening: [u8; Self::BYTES],
    start: usize,
    /// `None` until there has been a stamp; else `opening[..head.end]` is the opening.
    head: Option<Head>,
}

impl Recent {
    /// Room for a stamp behind a host, a level or a JSON key or two; further inside, lines differ.
    const BYTES: usize = 64;

    fn stamp(&self, line: &[u8]) -> Option<(Clock, Tail)> {
        let head = self.head?;
        let (line_opening, opening) = (line.get(..head.end)?, &self.opening[..head.end]);
        // Most others differ in their first byte or in the last digit of their second.
        let is_alike =
            (line_opening[0], line_opening[head.end - 1]) == (opening[0], opening[head.end - 1]);
        if !is_alike || line_opening != opening {
            return None;
        }
        Some((head.clock, tail::tail(line, self.start, &head)?))
    }

    /// Remembers a line instead, if others may begin like it; whether that is so.
    fn remember(&mut self, line: &[u8], stamp: &Stamp) -> bool {
        let end = stamp.head.end;
        let is_remembered = stamp.is_repeatable && end <= Self::BYTES;
        if is_remembered {
            self.opening[..end].copy_from_slice(&line[..end]);
            self.start = stamp.start;
            self.head = Some(stamp.head);
        }
        is_remembered
    }
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            opening: [0; Self::BYTES],
            start: 0,
            head: None,
        }
    }
}
