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
mod recent;
mod tail;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

pub use bound::{local_zone, parse_bound, parse_width, parse_zone};

use super::marks::{Marker, Marks};
use form::{Clock, YearDay};
use recent::RecentLines;
use tail::Tail;

const HOUR_SECONDS: i64 = 3600;

/// How far after its file's time a stamp without a year may lie: zones and wrong clocks.
const SLACK_SECONDS: i64 = 24 * HOUR_SECONDS;

/// How many of a line's bytes are searched for a time. A longer line is one document rather than
/// one event, and a time further inside says little about its start.
const SEARCHED_BYTES: usize = 64 * 1024;

/// Reads lines' times; one for each worker.
#[derive(Clone, Debug)]
pub struct TimeReader {
    marker: Marker,
    recent: RecentLines,
    resolver: Resolver,
}

impl TimeReader {
    /// A reader that takes stamps without a zone to be in `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            marker: Marker::new(),
            recent: RecentLines::default(),
            resolver: Resolver { zone, hour: None },
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
        self.read_text(line, None, file_time)
    }

    /// The same for a line whose marks are known.
    pub(super) fn read_marked(
        &mut self,
        line: &[u8],
        marks: &[Marks],
        file_time: Timestamp,
    ) -> Option<Timestamp> {
        if line.first() == Some(&0) || line.len() > SEARCHED_BYTES {
            return self.read(line, file_time);
        }
        self.read_text(line, Some(marks), file_time)
    }

    /// The time of a line's text, with its marks where they are known.
    fn read_text(
        &mut self,
        text: &[u8],
        marks: Option<&[Marks]>,
        file_time: Timestamp,
    ) -> Option<Timestamp> {
        if let Some(recent) = self.recent.find(text) {
            return recent.time(file_time, &mut self.resolver);
        }
        let marks = marks.unwrap_or_else(|| self.marker.read(text));
        let stamp = find::stamp(text, marks)?;
        let said = Said::of(&stamp.tail, file_time);
        let second = match named_zone(text, &stamp.tail) {
            // Rarely written, and resolved anew for each line, which is not remembered.
            Some(zone) => Resolver { zone, hour: None }.resolve(stamp.head.clock, said)?,
            None => {
                self.recent.remember(text, &stamp);
                self.resolver.resolve(stamp.head.clock, said)?
            }
        };
        Timestamp::new(second, stamp.tail.nanosecond).ok()
    }
}

/// The zone whose name stands behind a stamp, if that is one.
fn named_zone(text: &[u8], tail: &Tail) -> Option<TimeZone> {
    let name = tail::zone_name(&text[tail.zone_at?.get() as usize..]);
    TimeZone::get(std::str::from_utf8(name).ok()?).ok()
}

/// Whether `line` begins with its time, behind at most a bracket, a syslog priority and colours.
pub fn begins_with_time(line: &[u8]) -> bool {
    let line = &line[..line.len().min(SEARCHED_BYTES)];
    // An indented line, or a text in quotes, is a part of something.
    let is_part = line
        .first()
        .is_none_or(|first| matches!(first, b' ' | b'\t' | b'"'));
    !is_part && find::begins_with_stamp(line, Marker::new().read(line))
}

/// What tells the second of a clock, beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    shift: i32,
    offset: Option<i32>,
    year: Option<i16>,
    file_time: Timestamp,
}

impl Said {
    fn of(tail: &Tail, file_time: Timestamp) -> Self {
        Said {
            shift: tail.shift,
            offset: tail.offset,
            year: tail.year,
            file_time,
        }
    }
}

/// Tells the seconds since 1970 in UTC that clocks show.
#[derive(Clone, Debug)]
struct Resolver {
    zone: TimeZone,
    hour: Option<LocalHour>,
}

impl Resolver {
    fn resolve(&mut self, clock: Clock, said: Said) -> Option<i64> {
        match clock {
            Clock::Epoch(second) => Some(second),
            Clock::Wall(second) => self.second(second + i64::from(said.shift), said.offset),
            Clock::Yearless(day) => match said.year {
                Some(year) => self.second(day.in_year(year)? + i64::from(said.shift), said.offset),
                None => self.latest(day, said),
            },
        }
    }

    /// The latest second with this month, day and time that is not over a day after the file's time.
    fn latest(&mut self, day: YearDay, said: Said) -> Option<i64> {
        let limit = said.file_time.as_second() + SLACK_SECONDS;
        let year = Offset::UTC.to_datetime(said.file_time).year();
        // Eight years back, since 29 February may be missing seven times in a row.
        (year - 8..=year + 1).rev().find_map(|year| {
            let wall = day.in_year(year)? + i64::from(said.shift);
            self.second(wall, said.offset)
                .filter(|second| *second <= limit)
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
