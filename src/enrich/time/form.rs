//! How stamps are written up to their second.
//!
//! A head is read from its own bytes alone, so equal bytes are always the same head; whatever the
//! bytes behind it decide, [`tail`](super::tail) decides. Nothing here knows a line's place or the
//! zone in use.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::HOUR_SECONDS;

/// The years in which logs are written. Others are a zero value (`0001-01-01`, `1970-01-01`), an
/// expiry without end (`9999-12-31`) or no year at all.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// [`YEARS`] in seconds since 1970.
const EPOCHS: std::ops::Range<i64> = 946_684_800..4_102_444_800;

const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

/// More than any stamp has up to its second.
pub(super) const MAX_HEAD_BYTES: usize = 32;

/// The digits of a head's last second, which every form ends with; those of an epoch count to a hundred.
pub(super) const SECOND_DIGITS: usize = 2;

/// The length of `10:00:00`.
const TIME_BYTES: usize = 8;

/// The digits of epoch seconds; milliseconds and so on append to them.
const EPOCH_DIGITS: usize = 10;

const MONTHS: [&[u8; 3]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// A stamp up to its second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// What it says.
    pub(super) clock: Clock,
    /// The offset in the line behind its last byte.
    pub(super) end: usize,
}

/// What a head says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    /// Seconds since 1970 in UTC.
    Epoch(i64),
    /// Seconds since 1970-01-01 00:00 on a clock whose zone is the tail's, or the reader's.
    Wall(i64),
    /// The same without a year.
    Yearless(YearDay),
}

/// A second of some year.
#[derive(Clone, Copy, Debug)]
pub(super) struct YearDay {
    month: i8,
    day: i8,
    second_of_day: i32,
}

impl Clock {
    /// The hour that it shows; `None` of an epoch, which is none of a day.
    pub(super) fn hour(self) -> Option<i64> {
        let second = match self {
            Clock::Epoch(_) => return None,
            Clock::Wall(second) => second.rem_euclid(DAY_SECONDS),
            Clock::Yearless(day) => i64::from(day.second_of_day),
        };
        Some(second / HOUR_SECONDS)
    }

    /// The clock so many seconds later, within the minute, or the hundred seconds of an epoch.
    pub(super) fn later(self, seconds: i32) -> Clock {
        match self {
            Clock::Epoch(second) => Clock::Epoch(second + i64::from(seconds)),
            Clock::Wall(second) => Clock::Wall(second + i64::from(seconds)),
            Clock::Yearless(day) => Clock::Yearless(YearDay {
                second_of_day: day.second_of_day + seconds,
                ..day
            }),
        }
    }

    /// How many seconds the last two digits of its head can tell.
    pub(super) fn seconds(self) -> std::ops::Range<i32> {
        match self {
            Clock::Epoch(_) => 0..100,
            // A leap second is read as the one before it.
            Clock::Wall(_) | Clock::Yearless(_) => 0..60,
        }
    }
}

impl Head {
    /// The seconds that its last two digits tell.
    pub(super) fn seconds(&self, line: &[u8]) -> Option<i32> {
        let seconds = number(line, self.end - SECOND_DIGITS, SECOND_DIGITS)?;
        self.clock.seconds().contains(&seconds).then_some(seconds)
    }
}

impl YearDay {
    /// This second of `year` as [`Clock::Wall`] counts; `None` if no log can have it.
    pub(super) fn in_year(self, year: i16) -> Option<i64> {
        if !YEARS.contains(&i32::from(year)) {
            return None;
        }
        let midnight = Date::new(year, self.month, self.day)
            .ok()?
            .to_datetime(Time::midnight());
        Some(Offset::UTC.to_timestamp(midnight).ok()?.as_second() + i64::from(self.second_of_day))
    }

    /// This second without a year, if any year has it.
    fn of_any_year(self) -> Option<Clock> {
        const LEAP_YEAR: i16 = 2000;
        self.in_year(LEAP_YEAR).map(|_| Clock::Yearless(self))
    }
}

/// The head at `at`, in any form but an epoch.
pub(super) fn head(line: &[u8], at: usize) -> Option<Head> {
    let text = line.get(at..)?;
    let (clock, length) = match text {
        [b'0'..=b'9', ..] => match digits(text) {
            1 | 2 => day_first(text),
            4 => year_first(text),
            8 => compact(text),
            _ => None,
        },
        [b'E' | b'F' | b'I' | b'W', b'0'..=b'9', ..] => klog(text),
        _ => month_first(text),
    }?;
    Some(Head {
        clock,
        end: at + length,
    })
}

/// The head of an epoch at `at`: its seconds. One with an exponent, `1.795341600123e+09`, is that of Go's
/// loggers for people.
pub(super) fn epoch(line: &[u8], at: usize) -> Option<Head> {
    let text = line.get(at..)?;
    let point = usize::from(has_point(text));
    let end = EPOCH_DIGITS + point;
    let (whole, rest) = text.get(..end)?.split_at(1);
    let mut seconds = whole.iter().chain(&rest[point..]);
    let second = seconds.try_fold(0, |sum: i64, &byte| {
        Some(sum * 10 + i64::from(digit(byte)?))
    })?;
    EPOCHS.contains(&second).then_some(Head {
        clock: Clock::Epoch(second),
        end: at + end,
    })
}

/// Whether a point stands behind the first digit of an epoch, as where it has an exponent.
pub(super) fn has_point(text: &[u8]) -> bool {
    text.get(1) == Some(&b'.')
}

/// `2026-11-22 10:00:00`, also with a tab (W3C's extended log files), `2026-11-22T10:00:00`, `2026/11/22 10:00:00`, `2026.11.22 10:00:00`,
/// `2026/11/22 - 10:00:00`, `2026年11月22日 10:00:00`.
fn year_first(text: &[u8]) -> Option<(Clock, usize)> {
    let time_at = match (text.get(4)?, text.get(7)?, text.get(10)?) {
        (b'/', b'/', b' ') if text[10..].starts_with(b" - ") => 13,
        (b'-', b'-', b'T' | b't' | b' ' | b'\t') | (b'/', b'/', b'T' | b't' | b' ') => 11,
        (b'.', b'.', b' ') => 11,
        (0x80.., _, _) => return chinese(text),
        _ => return None,
    };
    let date = (
        number(text, 0, 4)?,
        number(text, 5, 2)?,
        number(text, 8, 2)?,
    );
    Some((wall(date, time(text, time_at)?)?, time_at + TIME_BYTES))
}

/// `2026年11月22日 10:00:00`, with or without the blank and zeroes before months and days.
fn chinese(text: &[u8]) -> Option<(Clock, usize)> {
    let year = number(text, 0, 4)?;
    let rest = text[4..].strip_prefix("年".as_bytes())?;
    let month = number(rest, 0, digits(rest).min(2))?;
    let rest = rest[digits(rest).min(2)..].strip_prefix("月".as_bytes())?;
    let day = number(rest, 0, digits(rest).min(2))?;
    let rest = rest[digits(rest).min(2)..].strip_prefix("日".as_bytes())?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let clock = wall((year, month, day), time(rest, 0)?)?;
    Some((clock, text.len() - rest.len() + TIME_BYTES))
}

/// `20261122T100000`, `20261122T10:00:00`, `20261122 10:00:00`.
fn compact(text: &[u8]) -> Option<(Clock, usize)> {
    let date = (
        number(text, 0, 4)?,
        number(text, 4, 2)?,
        number(text, 6, 2)?,
    );
    match (text.get(8)?, text.get(11)?) {
        (b'T' | b' ', b':') => Some((wall(date, time(text, 9)?)?, 17)),
        (b'T', _) => {
            let hour = number(text, 9, 2)?;
            let time = second_of_day(hour, number(text, 11, 2)?, number(text, 13, 2)?)?;
            Some((wall(date, time)?, 15))
        }
        _ => None,
    }
}

/// `22/Nov/2026:10:00:00`, `22-Nov-2026 10:00:00`, `22 Nov 2026 10:00:00`.
fn day_first(text: &[u8]) -> Option<(Clock, usize)> {
    if is_short_year(text) {
        return short_year_first(text);
    }
    let length = digits(text);
    let day = number(text, 0, length)?;
    let rest = &text[length..];
    match (rest.first()?, rest.get(4)?, rest.get(9)?) {
        (b'-', b'-', b':' | b' ') | (b'/', b'/', b':' | b' ') | (b' ', b' ', b' ') => {}
        _ => return None,
    }
    let date = (number(rest, 5, 4)?, month(rest, 1)?, day);
    Some((wall(date, time(rest, 10)?)?, length + 18))
}

/// Whether `text` begins like `26/11/22`, as log4j's stamps do in Spark and Hadoop (`yy/MM/dd HH:mm:ss`).
pub(super) fn is_short_year(text: &[u8]) -> bool {
    matches!(text, [_, _, b'/', b'0'..=b'9', _, b'/', ..])
}

/// `26/11/22 10:00:00`. The tail tells it from other dates of three short numbers.
fn short_year_first(text: &[u8]) -> Option<(Clock, usize)> {
    if text.get(8) != Some(&b' ') {
        return None;
    }
    let year = *YEARS.start() + number(text, 0, 2)?;
    let date = (year, number(text, 3, 2)?, number(text, 6, 2)?);
    Some((wall(date, time(text, 9)?)?, 9 + TIME_BYTES))
}

/// `Nov 22 10:00:00`, `Nov  2 10:00:00`, `Nov 22 2026 10:00:00`, `Nov 22, 2026 9:00:00`.
fn month_first(text: &[u8]) -> Option<(Clock, usize)> {
    let month = month(text, 0)?;
    let day_at = match text.get(3..5)? {
        b"  " => 5,
        [b' ', _] => 4,
        _ => return None,
    };
    let length = digits(&text[day_at..]);
    if length > 2 {
        return None;
    }
    let day = number(text, day_at, length)?;
    if let Some(after) = text[day_at + length..].strip_prefix(b", ") {
        let date = (number(after, 0, 4)?, month, day);
        let time = after[4..].strip_prefix(b" ")?;
        let (second, length) = short_time(time)?;
        return Some((wall(date, second)?, text.len() - time.len() + length));
    }
    let after = day_at + length + 1;
    if text.get(after - 1) != Some(&b' ') {
        return None;
    }
    if let (Some(year), Some(b' ')) = (number(text, after, 4), text.get(after + 4)) {
        return Some((
            wall((year, month, day), time(text, after + 5)?)?,
            after + 13,
        ));
    }
    let day = year_day(month, day, time(text, after)?)?;
    Some((day.of_any_year()?, after + 8))
}

/// `E1122 10:00:00.123456`, and with a year `E20261122 10:00:00.123456`.
fn klog(text: &[u8]) -> Option<(Clock, usize)> {
    let dated = &text[1..];
    match digits(dated) {
        4 if dated.get(4) == Some(&b' ') => {
            let day = year_day(number(dated, 0, 2)?, number(dated, 2, 2)?, time(dated, 5)?)?;
            Some((day.of_any_year()?, 14))
        }
        8 => compact(dated).map(|(clock, length)| (clock, length + 1)),
        _ => None,
    }
}

fn wall((year, month, day): (i32, i32, i32), second_of_day: i32) -> Option<Clock> {
    let second = year_day(month, day, second_of_day)?.in_year(i16::try_from(year).ok()?)?;
    Some(Clock::Wall(second))
}

fn year_day(month: i32, day: i32, second_of_day: i32) -> Option<YearDay> {
    Some(YearDay {
        month: i8::try_from(month).ok()?,
        day: i8::try_from(day).ok()?,
        second_of_day,
    })
}

/// `10:00:00` as a second of the day.
fn time(text: &[u8], at: usize) -> Option<i32> {
    let [_, _, b':', _, _, b':', _, _] = text.get(at..at + 8)? else {
        return None;
    };
    second_of_day(
        number(text, at, 2)?,
        number(text, at + 3, 2)?,
        number(text, at + 6, 2)?,
    )
}

/// `9:00:00` or `10:00:00` at the start of `text` as a second of the day, and its length.
fn short_time(text: &[u8]) -> Option<(i32, usize)> {
    if digits(text) != 1 {
        return Some((time(text, 0)?, TIME_BYTES));
    }
    let [_, b':', _, _, b':', _, _, ..] = text else {
        return None;
    };
    let second = second_of_day(
        number(text, 0, 1)?,
        number(text, 2, 2)?,
        number(text, 5, 2)?,
    )?;
    Some((second, TIME_BYTES - 1))
}

fn second_of_day(hour: i32, minute: i32, second: i32) -> Option<i32> {
    // Neither jiff's calendar nor any epoch has leap seconds.
    let second = if second == 60 { 59 } else { second };
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

fn month(text: &[u8], at: usize) -> Option<i32> {
    let name = text.get(at..at + 3)?;
    let index = MONTHS
        .iter()
        .position(|month| month.eq_ignore_ascii_case(name))?;
    i32::try_from(index + 1).ok()
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// How many digits `text` starts with.
pub(super) fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The number of exactly `length` digits, at most nine, at `at`.
#[inline(always)]
pub(super) fn number(text: &[u8], at: usize, length: usize) -> Option<i32> {
    let text = text.get(at..at + length).filter(|text| !text.is_empty())?;
    text.iter()
        .try_fold(0, |sum, &byte| Some(sum * 10 + i32::from(digit(byte)?)))
}
