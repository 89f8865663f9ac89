//! Text that stands in a block in a form in which a code cannot be seen.
//!
//! `journalctl -o json` writes a value that is no plain text, such as a coloured message, as a list
//! of its bytes in decimal. Container runtimes divide a long text between lines.

use std::ops::Range;

use super::journal::{is_object, is_the_applications};
use crate::input::{MAX_LINES_BETWEEN, Traces, is_name, line_end_behind, line_start_before, part};

/// How much of a block's beginning tells whether it is a journal's, in bytes: some ten lines.
const TOLD_BYTES: usize = 4096;

/// How far from where a text is divided matches may be others than in its parts: as far as a code
/// and the key before it reach.
const SEAM_BYTES: usize = 256;

/// A text, and where it stands in the block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The text.
    pub text: Vec<u8>,
    /// The part of the block whose matches are those of the text, and no others.
    pub zone: Range<usize>,
    /// Where in the text runs begin that stand together in the block, and where they stand there.
    runs: Vec<(usize, usize)>,
}

impl Hidden {
    /// Where the byte of the text at `at` stands in the block.
    pub fn place(&self, at: usize) -> usize {
        let number = self.runs.partition_point(|(start, _)| *start <= at);
        let (start, place) = self.runs[number - 1];
        place + at - start
    }

    fn push(&mut self, text: &[u8], place: usize) {
        self.runs.push((self.text.len(), place));
        self.text.extend_from_slice(text);
    }
}

/// The texts that `block`, a run of whole lines, hides, by their places.
///
/// `traces` are those of `block`.
pub fn hidden(block: &[u8], traces: &Traces) -> Vec<Hidden> {
    // Where another program has written a journal anew, blanks may stand before its lists.
    let lists = match begins_with_entry(block) {
        true => lists(block, memchr::memchr_iter(b'[', block)),
        false => lists(block, traces.lists.iter().copied()),
    };
    let lists = lists.into_iter();
    let mut hidden: Vec<Hidden> = lists.filter_map(|at| bytes(block, at)).collect();
    let mut continued = [None; 2];
    for &start in &traces.divided {
        hidden.extend(seam(block, start, &mut continued).into_iter().flatten());
    }
    hidden.retain(|text: &Hidden| !text.zone.is_empty());
    hidden.sort_by_key(|text| text.zone.start);
    hidden
}

/// Whether one of the first lines is an entry of a journal.
fn begins_with_entry(block: &[u8]) -> bool {
    let mut start = 0;
    while start < block.len().min(TOLD_BYTES) {
        let line = &block[start..line_end_behind(block, start)];
        if line.starts_with(b"{") && is_object(line) {
            return true;
        }
        start += line.len() + 1;
    }
    false
}

/// Where among `places`, at each of which a list begins, the values begin that are no text, in the
/// entries of a journal.
fn lists(block: &[u8], places: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut lists = Vec::new();
    let mut line = 0..0;
    let mut is_entry = false;
    for at in places.filter(|&at| is_value(&block[..at])) {
        if at >= line.end {
            line = line_start_before(block, at)..line_end_behind(block, at);
            is_entry = is_object(&block[line.clone()]);
        }
        lists.extend(is_entry.then_some(at));
    }
    lists
}

/// The text that is divided behind the line at `start`, once for the matches that begin before that
/// place and once for those behind it.
///
/// `continued` is where the last line of each stream begins that goes on an earlier one.
fn seam(block: &[u8], start: usize, continued: &mut [Option<usize>; 2]) -> Option<[Hidden; 2]> {
    let end = line_end_behind(block, start);
    let before = part(&block[start..end]).filter(|part| part.goes_on)?;
    let (next, behind) = next_part(block, end + 1, before.is_error_stream)?;
    let is_continued = continued[usize::from(before.is_error_stream)].replace(next) == Some(start);
    let before = start + before.text.start..start + before.text.end;
    let behind = next + behind.start..next + behind.end;
    let mut text = Hidden::default();
    text.push(&block[before.clone()], before.start);
    text.push(&block[behind.clone()], behind.start);
    let first = before.start + usize::from(is_continued) * SEAM_BYTES;
    let zone = first
        .max(before.end.saturating_sub(SEAM_BYTES))
        .min(before.end)..before.end;
    let zone_behind = behind.start..behind.end.min(behind.start + SEAM_BYTES);
    let before = Hidden {
        zone,
        ..text.clone()
    };
    let behind = Hidden {
        zone: zone_behind,
        ..text
    };
    Some([before, behind])
}

/// The next line of this stream at or behind `from`, and where its text stands in it.
fn next_part(block: &[u8], from: usize, is_error_stream: bool) -> Option<(usize, Range<usize>)> {
    let mut start = from;
    for _ in 0..MAX_LINES_BETWEEN {
        let end = line_end_behind(block, start.min(block.len()));
        let part = part(block.get(start..end)?)?;
        if part.is_error_stream == is_error_stream {
            return Some((start, part.text));
        }
        start = end + 1;
    }
    None
}

/// Whether the value behind `before` is that of a field of the application.
fn is_value(before: &[u8]) -> bool {
    let Some(key) = before.trim_ascii_end().strip_suffix(b":") else {
        return false;
    };
    let Some(key) = key.trim_ascii_end().strip_suffix(b"\"") else {
        return false;
    };
    let start = key.iter().rposition(|byte| !is_name(&[*byte]));
    let start = start.map_or(0, |at| at + 1);
    // In a message an object's keys stand behind an escaped quote.
    key[..start].ends_with(b"\"")
        && !key[..start].ends_with(b"\\\"")
        && is_name(&key[start..])
        && is_the_applications(&key[start..])
}

/// The list of bytes that begins at `start`.
fn bytes(block: &[u8], start: usize) -> Option<Hidden> {
    let mut hidden = Hidden::default();
    let mut at = start;
    loop {
        let number = blanks_end(block, at + 1);
        let digits = block[number..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let end = number + digits.count();
        let text = std::str::from_utf8(&block[number..end]).ok()?;
        hidden.push(&[text.parse().ok()?], number);
        at = blanks_end(block, end);
        match block.get(at)? {
            b',' => {}
            b']' => break,
            _ => return None,
        }
    }
    hidden.zone = start..at;
    Some(hidden)
}

fn blanks_end(block: &[u8], from: usize) -> usize {
    let rest = block.get(from..).unwrap_or_default();
    block.len().min(from) + rest.iter().take_while(|byte| **byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Block, BlockReader, Fill};

    /// What the first block of `text` hides.
    fn hidden_in(text: &str) -> Vec<Hidden> {
        let mut block = Block::default();
        let read = BlockReader::new(text.as_bytes(), 0, Fill::Full).next_block(&mut block);
        assert_eq!(read.expect("a slice can be read"), !text.is_empty());
        hidden(&block.bytes, &block.traces)
    }

    const MARK: &str = r#""__REALTIME_TIMESTAMP":"1""#;

    fn texts(fields: &str) -> Vec<String> {
        let block = format!("{{{MARK},{fields}}}\n");
        let found = hidden_in(&block);
        for one in &found {
            for (at, byte) in one.text.iter().enumerate() {
                let place = one.place(at);
                assert!(one.zone.contains(&place), "{fields}");
                assert!(block[place..].starts_with(&byte.to_string()), "{fields}");
            }
        }
        let text = |one: Hidden| String::from_utf8(one.text).expect("the text is ASCII");
        found.into_iter().map(text).collect()
    }

    #[test]
    fn a_list_of_bytes_is_the_value_of_a_field() {
        assert_eq!(texts(r#""MESSAGE":[27,91,65]"#), ["\u{1b}[A"]);
        assert_eq!(
            texts(r#""MESSAGE" : [ 27, 91 ],"A":[48],"_B":[49]"#),
            ["\u{1b}[", "0"]
        );
        for fields in [
            r#""MESSAGE":["a","b"]"#,
            r#""MESSAGE":[256]"#,
            r#""MESSAGE":[27,]"#,
            r#""MESSAGE":[27"#,
            r#""MESSAGE":[]"#,
            r#""MESSAGE":"[27]""#,
            r#""MESSAGE":"{\"LIST\":[27]}""#,
            r#""_CMDLINE":[27]"#,
            r#""list":[27]"#,
        ] {
            assert_eq!(texts(fields), [""; 0], "{fields}");
        }
        assert_eq!(hidden_in(r#"{"MESSAGE":[27]}"#), []);
        assert_eq!(hidden_in(r#"{"__REALTIME_TIMESTAMP":"1","MESSAGE":["#), []);
        assert_eq!(hidden_in(""), []);
    }

    /// Each text with what its zone covers.
    fn seams(block: &str) -> Vec<(String, &str)> {
        let found = hidden_in(block).into_iter();
        let shown = found.map(|one| {
            for (at, &byte) in one.text.iter().enumerate() {
                assert_eq!(block.as_bytes()[one.place(at)], byte);
            }
            let text = String::from_utf8(one.text).expect("the text is ASCII");
            (text, &block[one.zone])
        });
        shown.collect()
    }

    #[test]
    fn a_block_is_searched_whatever_its_first_lines_are() {
        let other = "{\"MESSAGE\":[27]\n\n[x]\n".repeat(300);
        let entry = format!("{{{MARK},\"MESSAGE\":[48,49]}}\n");
        let block = [&*other, &entry, &other].concat();

        let found = hidden_in(&block);

        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, b"01");
    }

    #[test]
    fn a_divided_text_is_put_together_with_the_next_part_of_its_stream() {
        let lines = |lines: &[&str]| {
            let stamped = lines
                .iter()
                .map(|line| format!("2026-11-22T10:00:00.1Z {line}\n"));
            stamped.collect::<String>()
        };
        let block = lines(&[
            "stdout P one ",
            "stderr F no",
            "stdout P two ",
            "stdout F three P ",
        ]);
        let (first, second) = (String::from("one two "), String::from("two three P "));
        assert_eq!(
            seams(&block),
            [
                (first.clone(), "one "),
                (first, "two "),
                // The part between is shorter than a zone, and belongs to the first seam.
                (second, "three P ")
            ]
        );
        assert_eq!(seams(&lines(&["stdout P one", "stderr F two"])), []);
        let docker = r#"{"log":"a\"","stream":"stdout"}
{"log":"b\\n","stream":"stdout"}
{"log":"c\n","stream":"stdout"}
{"log":"d\n","stream":"stdout"}
"#;
        assert_eq!(
            seams(docker),
            [
                (String::from(r#"a\"b\\n"#), r#"a\""#),
                (String::from(r#"a\"b\\n"#), r"b\\n"),
                (String::from(r"b\\nc\n"), r"c\n"),
            ]
        );
    }
}
