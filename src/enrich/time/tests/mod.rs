//! Tables of lines and their times, and what must hold for any line.

mod forms;
mod places;
mod properties;

use super::*;

pub(super) const SHANGHAI: &str = "Asia/Shanghai";

pub(super) fn timestamp(text: &str) -> Timestamp {
    text.parse().expect("the test's own time is RFC 3339")
}

pub(super) fn file_time() -> Timestamp {
    timestamp("2026-12-01T00:00:00Z")
}

pub(super) fn reader(zone: &str) -> TimeReader {
    TimeReader::new(parse_zone(zone).unwrap())
}

/// The time of `line` for a reader in Shanghai whose file is of December 2026.
fn read(line: impl AsRef<[u8]>) -> Option<String> {
    reader(SHANGHAI)
        .read(line.as_ref(), file_time())
        .map(|time| time.to_string())
}

#[track_caller]
fn assert_reads(table: &[(&str, &str)]) {
    for (line, expected) in table {
        assert_eq!(read(line).as_deref(), Some(*expected), "line: {line}");
    }
}

#[track_caller]
fn assert_reads_nothing(lines: &[&str]) {
    for line in lines {
        assert_eq!(read(line), None, "line: {line}");
    }
}
