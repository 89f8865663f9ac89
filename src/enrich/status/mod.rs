//! The HTTP status that a line itself states.

mod names;
mod reason;

use std::ops::Range;

use super::evidence::EVIDENCE_BYTES;
use super::key::without_quote;
use super::marks::{Marker, Marks, STATUS_DIGITS, ends_of_statuses};
use crate::matcher::{
    Backward, SLOT_BYTES, is_blank, is_closing_tag, is_gap, is_quote, is_value, is_word,
    line_floor, may_begin, may_end_escape, token_end, without_blanks,
};
use names::{is_phrase, key_ends};

/// Calls `found` with every status that `text` states and where, in order.
pub fn statuses(text: &[u8], found: impl FnMut(u16, Range<usize>)) {
    stated(text, Marker::new().read(text), found);
}

/// The same for a text whose marks are known.
pub(super) fn stated(text: &[u8], marks: &[Marks], mut found: impl FnMut(u16, Range<usize>)) {
    for end in ends_of_statuses(marks) {
        let start = end - STATUS_DIGITS;
        let has_reason = reason::follows(text, start);
        if (has_reason || may_be_stated(text, start))
            && ends_token(text, end)
            && may_begin(text, start)
            && (has_reason || is_stated(text, start))
        {
            found(value(&text[start..end]), start..end);
        }
    }
}

/// Whether the token whose last digits end at `end` ends there, too.
fn ends_token(text: &[u8], end: usize) -> bool {
    match text.get(end) {
        // A part may follow behind a dot, and a colour may begin with a letter.
        Some(b'.' | b'E') => token_end(text, end - STATUS_DIGITS) == end,
        // How systemd writes what a process ended with: `status=203/EXEC`.
        Some(b'/') => !text.get(end + 1).is_some_and(u8::is_ascii_alphabetic),
        Some(&byte) => !is_word(byte),
        None => true,
    }
}

/// What a byte before a number says of whether the number is a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// It is none, unless an escape ends with the byte.
    Nothing,
    /// It is none: a part of a date, a path or a list.
    Other,
    /// What stands before the byte tells.
    Gap,
    /// The version of HTTP, behind a gap.
    Version,
    /// It may be one: the last letters of keys, of `got` and of string prefixes; wrappers; other scripts.
    Word,
    /// The same of `HTTP` and `HTTP Error`, which end like many other words.
    Name,
}

/// What each byte says.
const BEFORE: [Before; 256] = {
    let mut kinds = [Before::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b',' | b'.' | b'/' | b'+' | b'|' | b'#' => Before::Other,
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'*' | b')' | b']' | b'{' | b'}' | b'<' | b'>'
            | b'=' | b':' | b'-' | b'\\' => Before::Gap,
            b'0'..=b'9' => Before::Version,
            b'e' | b'E' | b's' | b'S' | b't' | b'u' | b'b' | b'(' | b'[' | 0x80.. => Before::Word,
            b'r' | b'R' | b'p' | b'P' => Before::Name,
            _ => Before::Nothing,
        };
        byte += 1;
    }
    kinds
};

/// Whether what stands right before `start` may be the end of what [`is_stated`] looks for: most
/// numbers fail this.
#[inline]
fn may_be_stated(text: &[u8], start: usize) -> bool {
    let Some(last) = text[..start].last() else {
        return false;
    };
    if *last == b'-' || BEFORE[usize::from(*last)] == Before::Other {
        return false;
    }
    let mut end = start;
    while end > 0 && BEFORE[usize::from(text[end - 1])] == Before::Gap {
        end -= 1;
    }
    let Some(last) = text[..end].last() else {
        return false;
    };
    match BEFORE[usize::from(*last)] {
        Before::Word => end < start || !is_word(*last) || may_end_escape(text, start),
        Before::Name => is_name(&text[..end]) || may_end_escape(text, end),
        Before::Version if end < start => true,
        Before::Other if *last == b'.' => true,
        _ => may_end_escape(text, end),
    }
}

/// Whether `before` ends with `HTTP` or `HTTP Error`.
fn is_name(before: &[u8]) -> bool {
    let ends_with = |name: &[u8]| {
        let last = before.len().checked_sub(name.len());
        last.is_some_and(|last| before[last..].eq_ignore_ascii_case(name))
    };
    ends_with(b"http") || ends_with(b"error")
}

/// The status for a code: the nearest before it, else the nearest after it.
pub(crate) fn nearest(statuses: &[(u16, Range<usize>)], code: &Range<usize>) -> Option<u16> {
    if statuses.is_empty() {
        return None;
    }
    // They are in order, and a line may hold many.
    let (before, behind) =
        statuses.split_at(statuses.partition_point(|(_, range)| range.end <= code.start));
    let before = before.last();
    let before = before.filter(|(_, range)| code.start - range.end <= EVIDENCE_BYTES);
    let mut behind = behind
        .iter()
        .skip_while(|(_, range)| range.start < code.end);
    let near = before.or_else(|| {
        let next = behind.next();
        next.filter(|(_, range)| range.start - code.end <= EVIDENCE_BYTES)
    });
    near.map(|(status, _)| *status)
}

fn value(digits: &[u8]) -> u16 {
    let add = |value, digit: &u8| value * 10 + u16::from(digit - b'0');
    digits.iter().fold(0, add)
}

/// Whether the number at `start` is said to be a status by what stands around it.
fn is_stated(text: &[u8], start: usize) -> bool {
    is_stated_plainly(text, start).unwrap_or_else(|| is_stated_somehow(text, start))
}

/// The same by what stands before most statuses, `"status": 403` and `HTTP/1.1" 403`, read without
/// decoding it; `None` where that does not decide.
fn is_stated_plainly(text: &[u8], start: usize) -> Option<bool> {
    let floor = start.saturating_sub(SLOT_BYTES);
    let seen = &text[floor..start];
    let before_quote = without_quote(seen);
    let quoted = before_quote.len() < seen.len();
    let before = without_blanks(before_quote);
    let Some(key) = before.strip_suffix(b":").or(before.strip_suffix(b"=")) else {
        let is_apart = !quoted && before.len() < before_quote.len();
        return is_apart.then(|| follows_version(before)).flatten();
    };
    let key = without_quote(without_blanks(key));
    let end = floor + key.len();
    // A colour may end with a letter, and a string's prefix stand before a quote.
    let is_plain = |last: &u8| last.is_ascii_alphabetic() && !matches!(last, b'u' | b'b');
    if !key.last().is_some_and(is_plain) || may_end_escape(text, end) {
        return None;
    }
    Some(key_ends(&Backward::new(text, floor, end), quoted))
}

/// Whether `before` ends with `HTTP/1.1`, in quotes or not; `None` where escapes may hide it.
fn follows_version(before: &[u8]) -> Option<bool> {
    let unquoted = without_quote(before);
    let is_version = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let version = unquoted.iter().rev().take_while(is_version).count();
    let (name, version) = unquoted.split_at(unquoted.len() - version);
    let is_number = version.iter().any(u8::is_ascii_digit);
    if !is_number || may_end_escape(before, unquoted.len()) {
        return None;
    }
    match name {
        // A colour may end with the `H`.
        [until_h @ .., b'T', b'T', b'P', b'/'] if until_h.ends_with(b"H") => {
            (!may_end_escape(until_h, until_h.len())).then_some(true)
        }
        // Another number, which no escape of a `/` precedes.
        [.., b' ' | b'"' | b'=' | b'-'] if unquoted.len() == before.len() => Some(false),
        _ => None,
    }
}

fn is_stated_somehow(text: &[u8], start: usize) -> bool {
    let before = Backward::new(text, line_floor(text, start, SLOT_BYTES), start);
    if text[start + STATUS_DIGITS..].starts_with(b" instead")
        && text[..start].ends_with(b"but got ")
    {
        return true;
    }
    let quoted = before.peek().is_some_and(is_quote);
    follows_protocol(before.clone())
        || follows_phrase(before.clone())
        || is_value(before, |before, _| key_ends(before, quoted))
}

/// `HTTP/1.1 403`, `HTTP/2" 403`.
fn follows_protocol(mut before: Backward) -> bool {
    if !before.next().is_some_and(is_blank) {
        return false;
    }
    before.pass(is_blank);
    if before.peek().is_some_and(is_quote) {
        before.next();
    }
    let is_version = |unit: char| unit.is_ascii_digit() || unit == '.';
    before.peek().is_some_and(is_version) && {
        before.pass(is_version);
        before.ends_with("HTTP/")
    }
}

/// `HTTP 403`, `status code 403`, `HTTP status 403`.
fn follows_phrase(mut before: Backward) -> bool {
    let mut has_blank = false;
    let mut right = None;
    while before.peek().is_some_and(is_gap) {
        right = before.next();
        has_blank |= right.is_some_and(is_blank);
    }
    before.settle();
    has_blank && is_phrase(&before) && !(right == Some('>') && is_closing_tag(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(line: &str) -> Vec<u16> {
        let mut found = Vec::new();
        statuses(line.as_bytes(), |status, _| found.push(status));
        found
    }

    #[test]
    fn every_form_of_a_status_is_read() {
        for line in [
            "HTTP/1.1 403",
            r#""GET / HTTP/1.1" 403 12"#,
            r#"\"GET / HTTP/1.1\" 403 12"#,
            "HTTP/2 403",
            "status=403",
            // Behind what shows a terminal's cursor.
            "\x1b[?25hstatus=403",
            r"\u001b[?25hstatus_code: 403",
            r#"{"status_code":403}"#,
            r#"{\"status_code\": 403}"#,
            "StatusCode: 403",
            "Status Code: 403; Error",
            "HTTP Status: 403 Error:X",
            "httpCode=403",
            "httpStatus: '403'",
            "but got 403 instead",
            "状态码: 403",
            "状态码：403",
            r#"{"\u72b6\u6001\u7801": 403}"#,
            r#"{\"\\u72B6\\u6001\\u7801\\uff1a403\"}"#,
            r#"{"code":403}"#,
            "<StatusCode>403</StatusCode>",
            r"HTTP\x2f1.1 403",
            "HTTP%2F2 403",
            "HTTP&#47;1.1 403",
            "failed with status code 403.",
            "got HTTP 403 from the gateway",
            "HTTP Error 403: x",
            "unexpected response code 403",
            r#"{"http.response.status_code":403}"#,
            "resp.StatusCode=403",
            "elb_status_code=403",
            "tf_http_res_status_code=403",
            "upstream_status=403",
            "[403 Forbidden] during [POST]",
            "HttpClientErrorException: 403 Forbidden: [x]",
            "403 Client Error: Forbidden for url",
            "<-- 403 Forbidden https://x (12ms)",
        ] {
            assert_eq!(stated(line), [403], "{line}");
        }
    }

    #[test]
    fn other_numbers_are_no_statuses() {
        for line in [
            "status==403",
            "status != 403",
            "exit code: 255",
            "return code: 137",
            "exit status: 101",
            "code=exited, status=203/EXEC",
            "GET /?status=500",
            "GET /?a.name.longer.than.all.that.is.looked.at.status_code=500",
            "GET /?a=b&code=404",
            "403 Forbiddenness",
            "<status>OK</status> 500 bytes",
            "404 Gone",
            "1403 Forbidden",
            "10.0.0.403 Forbidden",
            "zipcode=403",
            r#"{"code":"403"}"#,
            "status=4031",
            "status=403.5",
            "status=999",
            "took 403 ms",
            "10.0.0.403",
        ] {
            assert_eq!(stated(line), [0; 0], "{line}");
        }
    }

    const PIECES: [&str; 28] = [
        "\x1b[",
        "[1",
        "status",
        "code",
        "Status",
        "exit",
        "HTTP/1.1",
        "HTTP/",
        "HTTP",
        "2",
        "\"",
        "\\\"",
        "\\\\'",
        "'",
        " ",
        ":",
        "=",
        "-",
        ".",
        "\\n",
        "[0m",
        "%22",
        "u",
        "x",
        "(",
        "状态码",
        r"\u72b6\u6001\u7801",
        "\n",
    ];

    #[test]
    fn what_is_told_plainly_is_what_is_read_by_decoding() {
        let mut decided = [0; 2];
        for number in 0..PIECES.len().pow(4) {
            let places = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = places.map(|place| PIECES[place]).collect();
            let (text, start) = (format!("{text}403").into_bytes(), text.len());

            let expected = is_stated_somehow(&text, start);
            let may_be = may_be_stated(&text, start);
            assert!(may_be || !expected, "{}", text.escape_ascii());
            if let Some(is_stated) = is_stated_plainly(&text, start) {
                decided[usize::from(is_stated)] += 1;
                assert_eq!(is_stated, expected, "{}", text.escape_ascii());
            }
        }
        assert!(decided[0] > 1000 && decided[1] > 100, "{decided:?}");
    }

    #[test]
    fn the_nearest_status_before_a_code_is_its_own_else_the_nearest_after() {
        let statuses = [(401, 0..3), (403, 10..13), (500, 90..93)];

        assert_eq!(nearest(&statuses, &(20..30)), Some(403));
        assert_eq!(nearest(&statuses[2..], &(20..30)), Some(500));
        assert_eq!(nearest(&[], &(20..30)), None);
    }
}
