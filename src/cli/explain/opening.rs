//! What a line begins with that no line inside a record begins with: a time or a level.
//!
//! Only what stands at the margin counts. The lines of a body are indented, in quotes or in a box, and in
//! `Date: Sun, 22 Nov 2026 10:00:00 GMT` a key tells what the time is.

use errsift::enrich::time::begins_with_time;

/// The levels of loggers, as they stand alone in capitals or in brackets.
const LEVELS: [&str; 12] = [
    "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERR", "ERROR", "SEVERE", "CRITICAL",
    "FATAL", "EMERG",
];

/// The keys with which loggers begin a line of pairs.
const KEYS: [&str; 6] = ["time", "ts", "t", "timestamp", "level", "lvl"];

/// How many words may stand before a line's time: `example.com:443 10.0.0.1 - - [22/Nov/2026:10:00:00`.
const MOST_WORDS: usize = 4;

/// More than any stamp, so that a long line is not read to its end.
const STAMP_BYTES: usize = 64;

/// Whether `line` begins a record of a log.
pub fn begins_record(line: &[u8]) -> bool {
    begins_with_time(line)
        || is_at_margin(line)
            && (begins_with_level(line) || begins_with_key(line) || is_timed(line))
        || line.starts_with("╷".as_bytes())
}

/// Whether `line` is not inside of a body, a box or a table.
pub fn is_at_margin(line: &[u8]) -> bool {
    let is_part = |first: &u8| first.is_ascii_whitespace() || b"\"'{}<|".contains(first);
    !line.first().is_none_or(is_part) && !line.starts_with("│".as_bytes())
}

/// Splits `app-1  | text`, how the output of several processes is shown, behind the name. It ends with
/// a number, unlike a table's first column. Colours before either are left out.
pub fn named(line: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let line = uncoloured(line);
    let end = word_end(line);
    let name = &line[..end];
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.last().is_some_and(u8::is_ascii_digit);
    match line[end..].trim_ascii_start() {
        [b'|', b' ', text @ ..] | [b'|', text @ ..] if is_name => (Some(name), uncoloured(text)),
        _ => (None, line),
    }
}

fn uncoloured(mut text: &[u8]) -> &[u8] {
    while let Some(colour) = text.strip_prefix(b"\x1b[")
        && let Some(end) = colour
            .iter()
            .position(|byte| !b"0123456789;".contains(byte))
        && colour[end] == b'm'
    {
        text = &colour[end + 1..];
    }
    text
}

/// `ERROR call failed`, `[error] call failed`.
fn begins_with_level(line: &[u8]) -> bool {
    let in_brackets = line.strip_prefix(b"[");
    let text = in_brackets.unwrap_or(line);
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let (word, rest) = text.split_at(letters.count());
    let is_level = |level: &str| match in_brackets {
        Some(_) => level.as_bytes().eq_ignore_ascii_case(word),
        None => level.as_bytes() == word,
    };
    let ends = match in_brackets {
        Some(_) => rest.trim_ascii_start().starts_with(b"]"),
        None => !rest
            .first()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'),
    };
    ends && LEVELS.iter().any(|level| is_level(level))
}

/// `time="2026-11-22T10:00:00Z" level=error`.
fn begins_with_key(line: &[u8]) -> bool {
    KEYS.iter().any(|key| {
        line.strip_prefix(key.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"="))
    })
}

/// Whether a time stands behind a few words that are no sentence and no key: `10.0.0.1 - - [22/Nov/2026:`.
fn is_timed(line: &[u8]) -> bool {
    let first = &line[..word_end(line)];
    let behind = line[first.len()..].trim_ascii_start();
    let is_name = behind.starts_with(b"- ") || begins_with_level(behind);
    if first.iter().all(u8::is_ascii_alphabetic) && !is_name {
        return false;
    }
    let mut rest = line;
    for _ in 0..MOST_WORDS {
        let (word, behind) = rest.split_at(word_end(rest));
        rest = behind.trim_ascii_start();
        if word.ends_with(b":") || rest.is_empty() {
            return false;
        }
        // A number alone may be anything.
        let mut next = rest[..word_end(rest)].iter();
        let is_number = next.all(|byte| byte.is_ascii_digit() || *byte == b'.');
        if !is_number && begins_with_time(&rest[..rest.len().min(STAMP_BYTES)]) {
            return true;
        }
    }
    false
}

fn word_end(text: &[u8]) -> usize {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    text.iter().position(is_blank).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_its_time_or_a_level_near_its_beginning_begins_a_record() {
        for line in [
            "2026-11-22T10:00:00Z worker: failed",
            "ERROR 2026-11-22 10:00:01 call failed",
            "ERROR call failed",
            "ERROR:root:call failed",
            "[error] call failed",
            "[WARN ] call failed",
            "[main] 2026-11-22 10:00:00,123 failed",
            "10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 12",
            "main ERROR 2026-11-22 10:00:01 call failed",
            "localhost - - [22/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 12",
            "example.com:443 10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1",
            "app-5d9c app 2026-11-22T10:00:00Z failed",
            "time=\"2026-11-22T10:00:00Z\" level=error msg=failed",
            "level=error msg=failed",
            "╷",
        ] {
            assert!(begins_record(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_line_of_a_body_or_a_sentence_begins_none() {
        for line in [
            "",
            "{\"time\":\"2026-11-22T10:00:00Z\"}",
            "  \"time\": \"2026-11-22T10:00:00Z\"",
            "\"time\": \"2026-11-22T10:00:00Z\"",
            "<Time>2026-11-22T10:00:00Z</Time>",
            "Date: Sun, 22 Nov 2026 10:00:00 GMT",
            "x-sdk-date: 20261122T100000Z",
            "Token expired at 2026-11-22 10:00:00",
            "Error: creating group",
            "ERROR_CODE: APIG.1002",
            "Info about it",
            "│ ERROR 2026-11-22 10:00:00 failed",
            "\tat com.acme.A.b(A.java:7)",
            "Caused by: com.acme.E: failed",
            "HTTP/1.1 403 Forbidden",
            "timeout=3",
        ] {
            assert!(!begins_record(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_process_s_name_is_told_from_a_column() {
        let cases = [
            ("app-1  | failed", (Some("app-1"), "failed")),
            ("web.2 |   \"a\": 1", (Some("web.2"), "  \"a\": 1")),
            ("app-1 |", (Some("app-1"), "")),
            ("\x1b[36mapp-1  | \x1b[0mfailed", (Some("app-1"), "failed")),
            ("\x1b[1;31mERROR", (None, "ERROR")),
            ("\x1b[2Jx", (None, "\x1b[2Jx")),
            ("status | 403", (None, "status | 403")),
            ("12 | let x", (None, "12 | let x")),
            ("| a1 | b |", (None, "| a1 | b |")),
        ];
        for (line, (name, text)) in cases {
            let expected = (name.map(str::as_bytes), text.as_bytes());
            assert_eq!(named(line.as_bytes()), expected, "{line}");
        }
    }
}
