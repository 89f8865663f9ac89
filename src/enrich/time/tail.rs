//! What stands behind a stamp's second: its fraction, its half of the day, its zone and, in some forms, its year.
//!
//! A tail may refuse its head, since only the bytes behind a number tell that it is a longer one.

use std::num::NonZeroU32;

use super::form::{Clock, Head, YEARS, digits, has_point, is_short_year, number};

const WEEKDAYS: [[u8; 4]; 7] = [
    *b"Mon ", *b"Tue ", *b"Wed ", *b"Thu ", *b"Fri ", *b"Sat ", *b"Sun ",
];

/// The levels of log4j.
const LEVELS: [&[u8]; 6] = [b"TRACE", b"DEBUG", b"INFO", b"WARN", b"ERROR", b"FATAL"];

const HALF_DAY_SECONDS: i32 = 12 * 3600;

/// The digits of nanoseconds.
const FRACTION_DIGITS: usize = 9;

/// How many nanoseconds the last of so many digits of a fraction stands for.
const UNITS: [i32; FRACTION_DIGITS + 1] = {
    let mut units = [1; FRACTION_DIGITS + 1];
    let mut digits = FRACTION_DIGITS;
    while digits > 0 {
        digits -= 1;
        units[digits] = units[digits + 1] * 10;
    }
    units
};

/// What the names of zones begin with (RFC 9557, IANA's database of time zones).
const AREAS: [&[u8]; 11] = [
    b"Africa/",
    b"America/",
    b"Antarctica/",
    b"Arctic/",
    b"Asia/",
    b"Atlantic/",
    b"Australia/",
    b"Etc/",
    b"Europe/",
    b"Indian/",
    b"Pacific/",
];

/// What stands behind a stamp's second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// The fraction of the second.
    pub(super) nanosecond: i32,
    /// What `AM` or `PM` makes of the second, in seconds.
    pub(super) shift: i32,
    /// The offset from UTC in seconds.
    pub(super) offset: Option<i32>,
    /// Where in the line the name of a zone begins, if no offset stands there: `America/New_York`.
    pub(super) zone_at: Option<NonZeroU32>,
    /// The year where it comes last, `Sun Nov 22 10:00:00 2026`.
    pub(super) year: Option<i16>,
}

/// What stands behind `head`; `None` if that shows that this is no stamp.
pub(super) fn tail(line: &[u8], start: usize, head: &Head) -> Option<Tail> {
    let text = line.get(head.end..)?;
    if let Clock::Epoch(_) = head.clock {
        return match has_point(&line[start..]) {
            true => exponent_tail(text),
            false => epoch_tail(text),
        };
    }
    // klog writes a fraction always; `E1122 10:00:00` alone is an id and a time.
    if let Clock::Yearless(_) = head.clock
        && line[start + 1].is_ascii_digit()
        && !text.starts_with(b".")
    {
        return None;
    }
    // The same numbers may be a day, a month and a year; log4j writes the level behind them.
    if is_short_year(&line[start..]) && !begins_with_level(text) {
        return None;
    }
    let (nanosecond, length) = fraction(text)?;
    let (shift, text) = half_of_day(head.clock, &text[length..]);
    let (offset, length) = zone(text)?;
    let tail = Tail {
        nanosecond,
        shift,
        offset,
        zone_at: match offset {
            None if names_zone(text) => NonZeroU32::new((line.len() - text.len() + 1) as u32),
            _ => None,
        },
        year: None,
    };
    match head.clock {
        Clock::Yearless(_) => {
            let word = line[..start].last_chunk();
            let has_weekday = word.is_some_and(|word| WEEKDAYS.contains(word));
            Some(with_late_year(tail, &text[length..], has_weekday))
        }
        _ => Some(tail),
    }
}

/// What stands behind the fractions of many stamps: their zone or none, and the next word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    bytes: [u8; Self::BYTES],
    offset: Option<i32>,
}

impl Ending {
    /// Room for `+08:00` and what shows that it ends there.
    const BYTES: usize = 8;

    /// That of the stamp with this `head`, which begins at `start`; `None` where more than these bytes decide
    /// what is said there.
    pub(super) fn of(line: &[u8], start: usize, head: &Head) -> Option<Self> {
        let is_plain = matches!(head.clock, Clock::Wall(_)) && !is_short_year(&line[start..]);
        let text = line.get(head.end..).filter(|_| is_plain)?;
        let (_, length) = fraction(text)?;
        let text = &text[length..];
        let (offset, length) = zone(text)?;
        let goes_on = match text {
            [b' ' | b'[', b'A'..=b'Z', b'a'..=b'z', ..] => true,
            [b' ', b'+' | b'-', ..] if offset.is_none() => true,
            [b' ', first, ..] | [first, ..] => matches!(first, b'A' | b'P' | b'U' | b'G'),
            [] => false,
        };
        // Two bytes tell whether a token ends.
        let is_seen = length + 2 <= Self::BYTES && !goes_on;
        let bytes = *text.first_chunk().filter(|_| is_seen)?;
        Some(Ending { bytes, offset })
    }

    /// The tail behind `head`, if it ends like this.
    #[inline]
    pub(super) fn tail(&self, line: &[u8], head: &Head) -> Option<Tail> {
        let text = line.get(head.end..)?;
        let (nanosecond, length) = fraction(text)?;
        let is_alike = text[length..].first_chunk() == Some(&self.bytes);
        is_alike.then(|| Tail {
            nanosecond,
            offset: self.offset,
            ..Tail::default()
        })
    }
}

/// Whether a level stands at the start of `text`, behind a blank.
fn begins_with_level(text: &[u8]) -> bool {
    let behind_level = |level: &&[u8]| text.strip_prefix(b" ")?.strip_prefix(*level);
    LEVELS.iter().filter_map(behind_level).any(ends_token)
}

/// The fraction of a second at the start of `text`, and its length.
fn fraction(text: &[u8]) -> Option<(i32, usize)> {
    match text {
        [b'0'..=b'9', ..] => None,
        [b'.' | b',' | b':', behind @ ..] => match nanoseconds(behind) {
            (_, 0) => Some((0, 0)),
            (nanosecond, length) => Some((nanosecond, 1 + length)),
        },
        _ => Some((0, 0)),
    }
}

/// What `AM` or `PM` at the start of `text`, behind a blank, makes of what `clock` shows, in seconds; and
/// the text behind it.
fn half_of_day(clock: Clock, text: &[u8]) -> (i32, &[u8]) {
    let (is_afternoon, after) = match text {
        [b' ', b'A', b'M', after @ ..] if ends_token(after) => (false, after),
        [b' ', b'P', b'M', after @ ..] if ends_token(after) => (true, after),
        _ => return (0, text),
    };
    let shift = match (is_afternoon, clock.hour()) {
        (true, Some(0..12)) => HALF_DAY_SECONDS,
        (false, Some(12)) => -HALF_DAY_SECONDS,
        _ => 0,
    };
    (shift, after)
}

/// Whether the name of a zone stands at the start of `text`, behind a blank or in brackets.
fn names_zone(text: &[u8]) -> bool {
    match text {
        [b' ' | b'[', name @ ..] if matches!(name, [_, b'a'..=b'z', ..]) => {
            AREAS.iter().any(|area| name.starts_with(area))
        }
        _ => false,
    }
}

/// The name of a zone at the start of `text`.
pub(super) fn zone_name(text: &[u8]) -> &[u8] {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'-' | b'+');
    let length = text.iter().take_while(|byte| is_part(byte)).count();
    &text[..length]
}

/// The rest of an epoch: the digits of its milliseconds and so on, and a fraction.
fn epoch_tail(text: &[u8]) -> Option<Tail> {
    let length = digits(text);
    if !matches!(length, 0 | 3 | 6 | 9) {
        return None;
    }
    let (whole, after) = text.split_at(length);
    let (fraction, after) = match after {
        [b'.', rest @ ..] if digits(rest) > 0 => rest.split_at(digits(rest)),
        _ => (&[][..], after),
    };
    let mut joined = [b'0'; FRACTION_DIGITS];
    for (place, &byte) in joined.iter_mut().zip(whole.iter().chain(fraction)) {
        *place = byte;
    }
    ends_token(after).then(|| Tail {
        nanosecond: nanoseconds(&joined).0,
        ..Tail::default()
    })
}

/// The rest of an epoch with a point behind its first digit: the fraction of its second, and the exponent.
fn exponent_tail(text: &[u8]) -> Option<Tail> {
    let (nanosecond, length) = nanoseconds(text);
    let exponent = match &text[length..] {
        [b'e' | b'E', b'+', exponent @ ..] | [b'e' | b'E', exponent @ ..] => exponent,
        _ => return None,
    };
    let after = exponent
        .strip_prefix(b"09")
        .or(exponent.strip_prefix(b"9"))?;
    ends_token(after).then(|| Tail {
        nanosecond,
        ..Tail::default()
    })
}

/// The value of the fraction's digits at the start of `text`, of which those beyond the ninth are
/// dropped, and their number.
fn nanoseconds(text: &[u8]) -> (i32, usize) {
    let mut value = 0;
    let mut length = 0;
    while let Some(digit @ b'0'..=b'9') = text.get(length) {
        if length < FRACTION_DIGITS {
            value = value * 10 + i32::from(digit - b'0');
        }
        length += 1;
    }
    (value * UNITS[length.min(FRACTION_DIGITS)], length)
}

/// The zone at the start of `text`, after a blank or none, and its length.
///
/// Returns `None` for one that does not exist, such as `+25:00`. Names other than UTC's mean
/// several zones each (CST is four), so they are passed over.
fn zone(text: &[u8]) -> Option<(Option<i32>, usize)> {
    let blank = usize::from(text.first() == Some(&b' '));
    let found = match &text[blank..] {
        [b'Z' | b'z', after @ ..] if ends_token(after) => Some((0, 1)),
        [b'U', b'T', b'C', after @ ..] | [b'G', b'M', b'T', after @ ..] => match after {
            [b'+' | b'-', ..] => offset(after, 1).map(|(seconds, length)| (seconds, 3 + length)),
            _ => ends_token(after).then_some((0, 3)),
        },
        signed @ [b'+' | b'-', b'0'..=b'9', ..] => match offset(signed, 2) {
            None if blank == 0 => return None,
            found => found,
        },
        _ => None,
    };
    Some(found.map_or((None, 0), |(seconds, length)| {
        (Some(seconds), blank + length)
    }))
}

/// `+08:00`, `+0800`, `+08` and, if `min_digits` is 1, `+8`, in seconds, and its length.
pub(super) fn offset(text: &[u8], min_digits: usize) -> Option<(i32, usize)> {
    let (sign, unsigned) = text.split_first()?;
    let length = digits(unsigned);
    let (hours, minutes, length) = match (length, unsigned.get(length)) {
        (2, Some(b':')) if let Some(minutes) = number(unsigned, 3, 2) => {
            (number(unsigned, 0, 2)?, minutes, 5)
        }
        (1 | 2, _) if length >= min_digits => (number(unsigned, 0, length)?, 0, length),
        (4, _) => (number(unsigned, 0, 2)?, number(unsigned, 2, 2)?, 4),
        _ => return None,
    };
    // No place is further than +14:00 or off the quarter hour; other numbers count something else.
    let seconds = hours * 3600 + minutes * 60;
    let exists = minutes < 60 && minutes % 15 == 0 && seconds <= 14 * 3600;
    let seconds = if *sign == b'-' { -seconds } else { seconds };
    (exists && ends_token(&unsigned[length..])).then_some((seconds, 1 + length))
}

/// `tail` with the year at the start of `text` (` 2026`, ` CST 2026`), and the zone behind that.
fn with_late_year(tail: Tail, text: &[u8], has_weekday: bool) -> Tail {
    let name = match text {
        // Without a weekday before the stamp this is a syslog host.
        [b' ', name @ ..] if has_weekday => {
            match name.iter().take_while(|b| b.is_ascii_uppercase()).count() {
                0 => 0,
                length => 1 + length,
            }
        }
        _ => 0,
    };
    let [b' ', text @ ..] = &text[name..] else {
        return tail;
    };
    let (Some(year), Some(after)) = (number(text, 0, 4), text.get(4..)) else {
        return tail;
    };
    // A colon behind it makes it an IPv6 host.
    if !YEARS.contains(&year) || !ends_token(after) || after.first() == Some(&b':') {
        return tail;
    }
    let late = zone(after).and_then(|(offset, _)| offset);
    Tail {
        year: i16::try_from(year).ok(),
        offset: tail.offset.or(late),
        ..tail
    }
}

/// Whether a number ends where `after` starts.
fn ends_token(after: &[u8]) -> bool {
    match after {
        [b'.' | b':' | b'-' | b'/' | b'+', next, ..] => !next.is_ascii_alphanumeric(),
        [b'%' | b'_', ..] => false,
        [byte, ..] => !byte.is_ascii_alphanumeric(),
        [] => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PIECES: [&str; 24] = [
        " ", " ", ".", ",", ":", "7", "123", "Z", "z", "+", "-", "+08:00", "+0800", "+8", "UTC",
        "GMT", "AM", "PM", "[", "America/", "Etc/UTC", "ERROR", "\"", "x",
    ];

    fn text() -> impl Strategy<Value = String> {
        let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..7);
        let zone = (
            prop::sample::select(&["", " "][..]),
            prop::sample::select(&["+08:00", "+0800", "Z", "UTC", "UTC+8", "AM", "PM"][..]),
            prop::sample::select(&["", ".", ":", "-", " ", "7"][..]),
        );
        prop_oneof![
            pieces.prop_map(|pieces| pieces.concat()),
            zone.prop_map(|(blank, zone, behind)| [blank, zone, behind].concat()),
        ]
    }

    proptest! {
        #[test]
        fn what_ends_alike_says_the_same(
            stamp in prop::sample::select(&[
                "2026-11-22 10:00:00", "26/11/22 10:00:00", "E1122 10:00:00", "Nov 22 10:00:00", "1795341600",
            ][..]),
            fractions in prop::array::uniform2(prop::sample::select(&["", ".1", ",017", ".123456"][..])),
            alike in text(),
            others in prop::array::uniform2(text()),
        ) {
            let [line, other] = [0, 1].map(|at| [stamp, fractions[at], &alike, &others[at]].concat());
            let (line, other) = (line.as_bytes(), other.as_bytes());
            let head = crate::enrich::time::form::head(line, 0)
                .or_else(|| crate::enrich::time::form::epoch(line, 0));
            let Some(head) = head else { return Ok(()) };
            let Some(known) = tail(line, 0, &head) else { return Ok(()) };
            let Some(ending) = Ending::of(line, 0, &head) else { return Ok(()) };

            let told = ending.tail(other, &head);

            let read = tail(other, 0, &head);
            prop_assert!(told.is_none() || told == read, "{told:?} {read:?}");
            prop_assert_eq!(ending.tail(line, &head), Some(known));
        }
    }
}
