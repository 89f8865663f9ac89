//! Where in a line its stamp stands.
//!
//! A stamp starts where a token starts, so the digits of an id, a version or an address are never
//! one. Bare epoch seconds could still be any number: they count at the line's start and as the
//! value of a time's key, nowhere else. The leftmost stamp wins; a JSON object's time is that of
//! its own key, wherever other stamps are (CloudTrail puts the session's creation first, and zerolog
//! the time behind all that the line is about), else that of a key further inside.

use memchr::{memchr_iter, memchr2_iter};

use super::super::key::without_quote;
use super::super::marks::{Marks, STEP_BYTES, clocks, colons, long_numbers};
use super::form::{self, Head};
use super::tail::{self, Tail};
use crate::matcher::is_escaped;

/// A line's stamp is looked for among its first bytes; behind them under a key only.
const OPENING_BYTES: usize = 512;

/// More than any key with its quotes, so that none is missed across the end of the opening.
const KEY_BYTES: usize = 32;

/// The keys whose value is the line's time.
const KEYS: [&[u8]; 20] = [
    b"t",
    b"ts",
    b"time",
    b"date",
    b"datetime",
    b"eventtime",
    b"timestamp",
    b"event_time",
    b"@timestamp",
    b"timestamp_ms",
    b"start_time",
    b"log_time",
    b"asctime",
    // nginx
    b"time_local",
    b"time_iso8601",
    b"msec",
    // log4j2
    b"epochsecond",
    b"timemillis",
    // OpenTelemetry
    b"timeunixnano",
    // Simple Log Service of Alibaba Cloud
    b"__time__",
];

/// What stands before the long number of an epoch with an exponent: a digit and a point.
const POINT_BYTES: usize = 2;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A stamp and its place.
pub(super) struct Stamp {
    /// Where it starts.
    pub(super) start: usize,
    /// It up to its second.
    pub(super) head: Head,
    /// Its rest.
    pub(super) tail: Tail,
    /// Whether the same bytes up to the minute mean this stamp in every line that begins with them.
    pub(super) is_repeatable: bool,
}

/// The stamp of `line`, whose marks are `marks`.
pub(super) fn stamp(line: &[u8], marks: &[Marks]) -> Option<Stamp> {
    let body = body_start(line);
    if !is_json(&line[body..]) {
        let found = in_opening(line, body, marks);
        return match &found {
            Some(first) => match object_before(line, first.start) {
                Some(object) => of_object(line, object, marks).or(found.map(once)),
                None => found,
            },
            None => far_inside(line),
        };
    }
    of_object(line, body, marks)
        .or_else(|| colons(marks).find_map(|at| under_key(line, at)).map(once))
        .or_else(|| in_opening(line, body, marks).map(once))
}

/// The same for this line alone: another that begins like it may have a better one behind it.
fn once(stamp: Stamp) -> Stamp {
    Stamp {
        is_repeatable: false,
        ..stamp
    }
}

/// The first stamp behind the opening that is the value of a time's key.
fn far_inside(line: &[u8]) -> Option<Stamp> {
    let from = OPENING_BYTES - KEY_BYTES;
    let mut separators = memchr2_iter(b':', b'=', line.get(from..)?);
    separators.find_map(|at| under_key(line, from + at))
}

/// Where the first JSON object begins before `end`.
fn object_before(line: &[u8], end: usize) -> Option<usize> {
    let mut braces = memchr_iter(b'{', &line[..end]);
    braces.find(|&at| line.get(at + 1) == Some(&b'"'))
}

/// The stamp of the JSON object that begins at `start`: the value of a time's key of its own.
fn of_object(line: &[u8], start: usize, marks: &[Marks]) -> Option<Stamp> {
    let mut nesting = Nesting::new(start);
    colons(marks)
        .skip_while(|&at| at < start)
        .find_map(|at| under_key(line, at).filter(|_| nesting.is_own(line, at)))
}

/// How deep in a JSON object a place is.
struct Nesting {
    /// As far as was read.
    at: usize,
    depth: u32,
    is_text: bool,
}

impl Nesting {
    fn new(start: usize) -> Self {
        Nesting {
            at: start,
            depth: 0,
            is_text: false,
        }
    }

    /// Whether `place`, not before the last one, is in the object and in no text or object inside it.
    fn is_own(&mut self, line: &[u8], place: usize) -> bool {
        while self.at < place {
            match line[self.at] {
                b'\\' => self.at += 1,
                b'"' => self.is_text = !self.is_text,
                b'{' if !self.is_text => self.depth += 1,
                b'}' if !self.is_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
        self.depth == 1 && !self.is_text
    }
}

/// Whether the stamp of `line`, whose marks are `marks`, is what it begins with.
pub(super) fn begins_with_stamp(line: &[u8], marks: &[Marks]) -> bool {
    stamp(line, marks).is_some_and(|stamp| stamp.start == body_start(line))
}

/// The first stamp of the opening. All but epochs tell the time of a day, so only what stands before
/// a clock can be one; and an epoch is a long number.
fn in_opening(line: &[u8], body: usize, marks: &[Marks]) -> Option<Stamp> {
    let end = line.len().min(OPENING_BYTES);
    let seen = line.len().min(OPENING_BYTES + form::MAX_HEAD_BYTES);
    let marks = &marks[..=seen / STEP_BYTES];
    let mut from = 0;
    let clock = clocks(marks).find_map(|clock| {
        let first = from.max((clock + 1).saturating_sub(form::MAX_HEAD_BYTES));
        from = end.min(clock + 1);
        let may_start = |&at: &usize| CAN_START[usize::from(line[at])] && starts_token(line, at);
        let mut places = (first..from).filter(may_start);
        places.find_map(|at| at_place(line, at, form::head))
    });
    let before_clock = clock.as_ref().map_or(end, |stamp| stamp.start);
    let numbers = long_numbers(marks, line).map(|number| number.start);
    let mut numbers = numbers.take_while(|&at| at < before_clock + POINT_BYTES);
    let epoch = numbers.find_map(|at| {
        let starts = [Some(at), at.checked_sub(POINT_BYTES)];
        let mut starts = starts.into_iter().flatten().filter(|&at| at < before_clock);
        starts.find_map(|at| epoch_in_opening(line, at, body))
    });
    epoch.or(clock)
}

/// The epoch at `at`, where the line's own text begins there or it is the value of a time's key.
fn epoch_in_opening(line: &[u8], at: usize, body: usize) -> Option<Stamp> {
    let may_stand = starts_token(line, at) && (at == body || is_value(line, at));
    may_stand.then(|| at_place(line, at, form::epoch)).flatten()
}

/// The stamp behind the separator at `at`, if a time's key stands before that.
#[inline]
fn under_key(line: &[u8], at: usize) -> Option<Stamp> {
    if !is_key(&line[..at]) {
        return None;
    }
    let value = value_start(line, at + 1);
    at_place(line, value, form::head).or_else(|| at_place(line, value, form::epoch))
}

fn at_place(line: &[u8], start: usize, read: fn(&[u8], usize) -> Option<Head>) -> Option<Stamp> {
    let head = read(line, start)?;
    let tail = tail::tail(line, start, &head)?;
    Some(Stamp {
        start,
        head,
        tail,
        is_repeatable: true,
    })
}

/// The bytes with which a stamp can begin: digits, months' and days' initials, klog's severities.
const CAN_START: [bool; 256] = {
    let mut bytes = [false; 256];
    let initials = b"0123456789ADEFIJMNOSW";
    let mut number = 0;
    while number < initials.len() {
        bytes[initials[number] as usize] = true;
        number += 1;
    }
    bytes
};

/// The bytes behind which a token may start.
const CAN_PRECEDE: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < bytes.len() {
        // The letters may end an escape.
        bytes[byte] = match byte as u8 {
            b'n' | b'r' | b't' | b'm' | b'K' => true,
            b'-' | b'_' | b'.' | b'/' | b'\\' | b'+' | b'%' => false,
            byte => !byte.is_ascii_alphanumeric(),
        };
        byte += 1;
    }
    bytes
};

/// Whether nothing before `at` belongs to the same token.
///
/// Bytes outside ASCII end a token: a byte order mark, a full-width bracket, Chinese prose. So do colours,
/// and what clears a terminal's line.
#[inline]
fn starts_token(line: &[u8], at: usize) -> bool {
    let Some((&last, before)) = line[..at].split_last() else {
        return true;
    };
    CAN_PRECEDE[usize::from(last)]
        && match last {
            b'n' | b'r' | b't' => before.ends_with(b"\\"),
            b'm' | b'K' => is_escaped(line, at - 1),
            _ => true,
        }
}

/// Where the line begins behind marks, colours, blanks, a syslog priority and an opening bracket.
fn body_start(line: &[u8]) -> usize {
    let mut rest = line;
    loop {
        rest = match rest {
            [b' ' | b'\t' | b'[' | b'(' | b'"', after @ ..] => after,
            [b'<', after @ ..] if let Some(after) = after_priority(after) => after,
            [b'\x1b', b'[', after @ ..] if let Some(after) = after_colour(after) => after,
            _ => match rest.strip_prefix(BOM) {
                Some(after) => after,
                None => return line.len() - rest.len(),
            },
        }
    }
}

fn after_priority(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().take(4).position(|&byte| byte == b'>')?;
    text[..end]
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| &text[end + 1..])
}

fn after_colour(text: &[u8]) -> Option<&[u8]> {
    let end = text
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || *byte == b';'))?;
    (text[end] == b'm').then(|| &text[end + 1..])
}

/// Whether a line is a JSON object or a list of them; `body_start` has skipped the list's bracket.
fn is_json(body: &[u8]) -> bool {
    body.first() == Some(&b'{')
}

/// Whether the value at `at` has a time's key.
fn is_value(line: &[u8], at: usize) -> bool {
    match without_quote(&line[..at]).trim_ascii_end() {
        [before @ .., b':' | b'='] => is_key(before),
        _ => false,
    }
}

/// Whether `before`, a line up to a separator, ends with a time's key, in quotes or not.
#[inline]
fn is_key(before: &[u8]) -> bool {
    let before = without_quote(before.trim_ascii_end());
    if !ends_like_a_key(before) {
        return false;
    }
    let is_inside =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@');
    let start = before
        .iter()
        .rposition(|byte| !is_inside(byte))
        .map_or(0, |at| at + 1);
    KEYS.iter()
        .any(|key| key.eq_ignore_ascii_case(&before[start..]))
}

/// Whether the last two bytes of a key stand there, or a key of one behind what is none: most words that a
/// separator follows fail this.
#[inline]
fn ends_like_a_key(before: &[u8]) -> bool {
    match before {
        [.., b'0', b'1'] | [.., b'_', b'_'] => true,
        [.., before, last] => match last | 0x20 {
            b'e' => matches!(before | 0x20, b'm' | b't'),
            b'p' => before | 0x20 == b'm',
            b's' => matches!(before | 0x20, b't' | b'm' | b'i'),
            b't' => !before.is_ascii_alphanumeric(),
            b'l' => before | 0x20 == b'a',
            b'c' => before | 0x20 == b'e',
            b'd' | b'o' => before | 0x20 == b'n',
            _ => false,
        },
        [last] => last | 0x20 == b't',
        [] => false,
    }
}

/// Where the value behind a separator starts, past blanks, a quote (escaped or not) and a bracket.
fn value_start(line: &[u8], after: usize) -> usize {
    let is_mark = |byte: &u8| matches!(byte, b'\\' | b'"' | b'\'' | b'[');
    let skipped = |byte: &u8| byte.is_ascii_whitespace() || is_mark(byte);
    after
        + line[after..]
            .iter()
            .take_while(|byte| skipped(byte))
            .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::marks::Marker;
    use super::*;

    const PIECES: [&str; 23] = [
        "2026-11-22T10:00:00Z",
        "20261122T100000",
        "20261122 10:00:00",
        "E1122 10:00:00.5",
        "Nov  2 10:00:00",
        "22/Nov/2026:10:00:00",
        "1795104000",
        "1795104000.25",
        "1.795104000123e+09",
        "ts",
        "time",
        "\"",
        "\\\"",
        ":",
        "=",
        " ",
        "[",
        "\r",
        "T1",
        "7:",
        "x",
        "/",
        "<34>",
    ];

    proptest! {
        #[test]
        fn a_look_at_clocks_and_long_numbers_alone_changes_nothing(
            before in prop_oneof![Just(0), 470..530_usize],
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12),
        ) {
            let line = [" ".repeat(before), pieces.concat()].concat().into_bytes();
            let body = body_start(&line);
            let end = line.len().min(OPENING_BYTES);
            let places = (0..end).filter(|&at| starts_token(&line, at));
            let expected = places.filter_map(|at| {
                at_place(&line, at, form::head)
                    .or_else(|| epoch_in_opening(&line, at, body))
            });

            let found = in_opening(&line, body, Marker::new().read(&line)).map(|stamp| stamp.start);

            prop_assert_eq!(found, expected.map(|stamp| stamp.start).next());
        }
    }
}
