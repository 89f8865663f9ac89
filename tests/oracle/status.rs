//! The HTTP status that a line states for a code.

use std::ops::Range;

use super::escapes::Value;
use super::line::{Line, Unit};
use super::provider::REACH_BYTES;
use super::slot::{self, WINDOW_BYTES};
use super::{gap, gap::Separator};

/// Keys of a status: in lower case, without `_`, `.` and `-`. Any that ends with `statuscode` is one, too.
const KEYS: [&str; 8] = [
    "status",
    "httpstatus",
    "httpcode",
    "responsecode",
    "httpresponsecode",
    "responsestatus",
    "upstreamstatus",
    "code",
];

/// Keys of two words; `HTTP Status Code` ends with the first.
const KEYS_OF_TWO_WORDS: [(&str, &str); 5] = [
    ("status", "code"),
    ("http", "status"),
    ("http", "code"),
    ("http", "error"),
    ("response", "code"),
];

/// So much of a longer key is looked at.
const MAX_KEY_BYTES: usize = 32;

/// What stands before a `code` that is no HTTP status.
const OTHER_CODES: [&str; 7] = [
    "exit", "return", "zip", "postal", "country", "area", "signal",
];

/// Reason phrases of HTTP and the statuses that they make of a number before them.
const REASONS: [(&str, &str); 20] = [
    ("400", "Bad Request"),
    ("401", "Unauthorized"),
    ("403", "Forbidden"),
    ("404", "Not Found"),
    ("405", "Method Not Allowed"),
    ("406", "Not Acceptable"),
    ("408", "Request Timeout"),
    ("409", "Conflict"),
    ("410", "Gone"),
    ("412", "Precondition Failed"),
    ("415", "Unsupported Media Type"),
    ("422", "Unprocessable Entity"),
    ("429", "Too Many Requests"),
    ("500", "Internal Server Error"),
    ("501", "Not Implemented"),
    ("502", "Bad Gateway"),
    ("503", "Service Unavailable"),
    ("504", "Gateway Timeout"),
    ("4", "Client Error"),
    ("5", "Server Error"),
];

/// The status for the code at `at`: the nearest before it, else the nearest after it.
pub fn observed(line: &Line, at: Range<usize>) -> Option<u16> {
    let stated: Vec<usize> = (0..line.bytes.len())
        .filter(|&i| is_stated(line, i))
        .collect();
    let before = stated.iter().rev().find(|&&i| i + 3 <= at.start);
    let after = stated.iter().find(|&&i| i >= at.end);
    let near_before = before.filter(|&&i| at.start - (i + 3) <= REACH_BYTES);
    let near_after = after.filter(|&&i| i - at.end <= REACH_BYTES);
    let i = *near_before.or(near_after)?;
    let digits = std::str::from_utf8(&line.bytes[i..i + 3]).expect("a status is digits");
    Some(digits.parse().expect("three digits are a u16"))
}

/// Whether an HTTP status begins at byte `i`, stated as one.
fn is_stated(line: &Line, i: usize) -> bool {
    is_status_number(line, i)
        && (is_in_response_line(line, i)
            || is_instead(line, i)
            || has_reason(line, i)
            || is_value_of_chinese_key(line, i)
            || is_value_of_key(line, i))
}

/// A token of three digits, 100 to 599.
fn is_status_number(line: &Line, i: usize) -> bool {
    line.left_ok(i)
        && line.token_end(i) == i + 3
        && !matches!(line.bytes[i + 3..], [b'/', letter, ..] if letter.is_ascii_alphabetic())
        && matches!(line.bytes[i], b'1'..=b'5')
        && line.bytes[i..i + 3].iter().all(u8::is_ascii_digit)
}

/// `HTTP/1.1" 403`: read backwards, blanks, perhaps a quote, digits and dots, `HTTP/`.
fn is_in_response_line(line: &Line, i: usize) -> bool {
    let mut before = line.units_before(i.saturating_sub(WINDOW_BYTES), i);
    before.retain(|unit| unit.value != Value::Invisible);
    let blanks = before
        .iter()
        .rev()
        .take_while(|unit| gap::is_blank(unit))
        .count();
    before.truncate(before.len() - blanks);
    before.pop_if(|unit| gap::is_quote(unit.value));
    let is_version = |unit: &&Unit| matches!(unit.value, Value::Char('0'..='9' | '.'));
    let version = before.iter().rev().take_while(is_version).count();
    before.truncate(before.len() - version);
    let protocol: Vec<Value> = "HTTP/".chars().map(Value::Char).collect();
    let before: Vec<Value> = before.iter().map(|unit| unit.value).collect();
    blanks > 0 && version > 0 && before.ends_with(&protocol)
}

/// `but got 403 instead`.
fn is_instead(line: &Line, i: usize) -> bool {
    line.bytes[..i].ends_with(b"but got ") && line.bytes[i + 3..].starts_with(b" instead")
}

/// `403 Forbidden`; numbers of paths, versions, addresses and the like are none.
fn has_reason(line: &Line, i: usize) -> bool {
    let is_joined = i > 0 && matches!(line.bytes[i - 1], b'+'..=b'/');
    let behind = &line.bytes[i + 3..];
    let mut reasons = REASONS
        .iter()
        .filter(|(status, _)| line.bytes[i..].starts_with(status.as_bytes()));
    !is_joined
        && reasons.any(|(_, reason)| {
            let rest = behind
                .strip_prefix(b" ")
                .and_then(|rest| rest.strip_prefix(reason.as_bytes()));
            rest.is_some_and(|rest| {
                !rest
                    .first()
                    .is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
        })
}

/// `状态码: 403`, its key written out or as JSON escapes it.
fn is_value_of_chinese_key(line: &Line, i: usize) -> bool {
    let key = "状态码";
    let window = i.saturating_sub(WINDOW_BYTES);
    (window..i).any(|end| {
        (line.bytes[window..end].ends_with(key.as_bytes())
            || slot::is_read_before(line, window, end, key))
            && slot::leads_to(line, end, i)
    })
}

/// `status=403`, `Status Code 403`, or `"code":403` where that may be an HTTP status.
fn is_value_of_key(line: &Line, i: usize) -> bool {
    let window = i.saturating_sub(WINDOW_BYTES);
    (window..=i).any(|end| {
        let Some((start, key)) = key_before(line, 0, end) else {
            return false;
        };
        let word = word_before(line, start).unwrap_or_default();
        let two_words = KEYS_OF_TWO_WORDS.contains(&(word.as_str(), key.as_str()));
        let is_asked = start > window && b"?&".contains(&line.bytes[start - 1]);
        let is_exit = key == "status" && word == "exit";
        let is_key = KEYS.contains(&key.as_str())
            && (key != "code" || !is_quoted(line, i) && !OTHER_CODES.contains(&word.as_str()))
            && !is_asked
            && !is_exit;
        let is_word = key == "http" && !is_asked;
        let is_near = start + WINDOW_BYTES >= i;
        let seen = key_before(line, window.max(end.saturating_sub(MAX_KEY_BYTES)), end);
        let is_longer = seen.is_some_and(|(_, seen)| seen.ends_with("statuscode")) && !is_asked;

        is_longer && slot::leads_to(line, end, i)
            || is_near
                && ((two_words || is_word) && is_after_blank(line, end, i)
                    || (two_words || is_key) && slot::leads_to(line, end, i))
    })
}

/// The run of key bytes from byte `floor` on that ends just before byte `end`: where it begins, and the
/// run in lower case without `_`, `.` and `-`.
fn key_before(line: &Line, floor: usize, end: usize) -> Option<(usize, String)> {
    let is_part = |&i: &usize| {
        line.is_plain(i, |byte| {
            byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)
        })
    };
    let start = (floor..end).rev().take_while(is_part).last()?;
    let letters = line.bytes[start..end]
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric());
    Some((
        start,
        letters
            .map(|&byte| char::from(byte.to_ascii_lowercase()))
            .collect(),
    ))
}

/// The word before byte `end`, where blanks and nothing else stand between.
fn word_before(line: &Line, end: usize) -> Option<String> {
    let units = line.units_before(0, end);
    let is_passed = |unit: &Unit| unit.value == Value::Invisible || gap::is_blank(unit);
    let between: Vec<_> = units
        .iter()
        .rev()
        .take_while(|unit| is_passed(unit))
        .collect();
    let first = between.last()?;
    let has_blank = between.iter().any(|unit| gap::is_blank(unit));
    if has_blank {
        key_before(line, 0, first.start).map(|(_, word)| word)
    } else {
        None
    }
}

/// Whether a gap with a blank in it stands from byte `from` to byte `to`.
fn is_after_blank(line: &Line, from: usize, to: usize) -> bool {
    let (Some(from), Some(to)) = (line.unit_index(from), line.unit_index(to)) else {
        return false;
    };
    let floor = line.units[to].start.saturating_sub(WINDOW_BYTES);
    let found = gap::ways(line, from);
    !slot::is_closing_tag(line, floor, from)
        && found
            .iter()
            .any(|way| way.at == to && way.has_blank && way.separator < Separator::Hard)
}

/// Whether a quote stands directly before byte `i`.
fn is_quoted(line: &Line, i: usize) -> bool {
    let index = line
        .unit_index(i)
        .expect("a number is no part of a longer unit");
    line.visible_before(index).is_some_and(gap::is_quote)
}
