//! The records of a pasted text.
//!
//! A record is a body with its HTTP head, a line of a log with what continues it, or all of a text that is
//! neither. It ends where a line begins another, and before a paragraph that tells of another code: one begins
//! behind a JSON or XML value, too.

use std::collections::BTreeSet;
use std::ops::Range;

use super::body::Body;
use super::opening::{begins_record, is_at_margin, named};

/// A record, its lines joined by blanks: code, status and request id of one are often on different lines.
#[derive(Debug, Default, PartialEq)]
pub struct Part {
    pub text: Vec<u8>,
    /// Where each line stands in it.
    lines: Vec<Range<usize>>,
    /// Where paragraphs begin, and whether what stands before each is whole: a value.
    gaps: Vec<(usize, bool)>,
    /// Whether it is what a process said, paragraph by paragraph.
    is_output: bool,
}

impl Part {
    /// The line in which `code` stands, if that is one.
    pub fn line_of(&self, code: &Range<usize>) -> Option<Range<usize>> {
        let number = self.lines.partition_point(|line| line.end < code.end);
        let line = self.lines.get(number)?;
        (line.start <= code.start).then(|| line.clone())
    }

    /// The records that it turns out to be where `codes` stand at these places: it parts before a paragraph
    /// that tells of another code, but not before what says more about the same. In a process's output, and
    /// behind a value, a paragraph with a code is not about what stands before it, either.
    pub fn records(&self, codes: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut codes = codes.iter().peekable();
        let mut told = BTreeSet::new();
        let mut starts = vec![0];
        let ends = self.gaps.iter().copied().chain([(self.text.len(), false)]);
        let mut start = 0;
        let mut is_whole = self.is_output;
        for (end, ends_value) in ends {
            let inside = std::iter::from_fn(|| codes.next_if(|code| code.start < end));
            let inside: BTreeSet<_> = inside.map(|code| &self.text[code.clone()]).collect();
            if (is_whole || !told.is_empty()) && !inside.is_subset(&told) {
                starts.push(start);
                told.clear();
            }
            told.extend(inside);
            is_whole = ends_value || self.is_output;
            start = end;
        }
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]);
        starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| start..end)
            .collect()
    }

    fn push(&mut self, line: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(line);
        self.lines.push(start..self.text.len());
        self.text.push(b' ');
    }
}

/// What is known of the record that is being read.
#[derive(Default)]
struct Reading<'t> {
    part: Part,
    name: Option<&'t [u8]>,
    body: Body,
    /// Whether it is one of a log, so that all that does not begin another continues it.
    is_logged: bool,
    head: Head,
    /// Whether the box of a record ended.
    has_ended: bool,
    /// Whether a value ended with the last line.
    is_behind_value: bool,
}

/// How far the HTTP head of a body was read, which is one paragraph with what follows it.
#[derive(Default, PartialEq)]
enum Head {
    #[default]
    Other,
    Fields,
    Ended,
}

impl<'t> Reading<'t> {
    /// Whether `text`, a line of `name`, is of another record.
    fn ends_before(&self, name: Option<&[u8]>, text: &[u8]) -> bool {
        let is_first = self.part.lines.is_empty();
        let is_other =
            self.has_ended || name != self.name || self.body.is_cut_by(text) || begins_record(text);
        is_other && !is_first
    }

    fn push(&mut self, line: &[u8], name: Option<&'t [u8]>, text: &[u8]) {
        self.is_logged |= self.part.lines.is_empty() && begins_record(text);
        let begins_paragraph = !self.body.is_open() && self.begins_paragraph(text);
        let is_behind_value = std::mem::take(&mut self.is_behind_value);
        if begins_paragraph || is_behind_value {
            self.part.gaps.push((self.part.text.len(), is_behind_value));
        }
        self.part.push(line);
        self.part.is_output = name.is_some() && !self.is_logged;
        self.name = name;
        // What Terraform shows is a record to the end of its box.
        match std::str::from_utf8(&text[..text.len().min('╵'.len_utf8())]) {
            Ok("│") => {}
            Ok("╵") => self.has_ended = true,
            _ => self.is_behind_value = self.body.read(text),
        }
    }

    /// Whether a head, a value or, outside of a log, any line at the margin begins with `text`, or it is empty.
    fn begins_paragraph(&mut self, text: &[u8]) -> bool {
        if text.starts_with(b"HTTP/") {
            self.head = Head::Fields;
            return true;
        }
        match self.head {
            Head::Fields if text.is_empty() => self.head = Head::Ended,
            Head::Ended if !text.is_empty() => self.head = Head::Other,
            Head::Fields | Head::Ended => {}
            Head::Other => {
                let is_value = matches!(text, [b'{' | b'<', ..]);
                return text.is_empty() || is_value || !self.is_logged && is_at_margin(text);
            }
        }
        false
    }
}

/// The records of `text`.
pub fn parts(text: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut reading = Reading::default();
    for line in lines(text) {
        let (name, text) = named(line);
        if reading.ends_before(name, text) {
            parts.push(std::mem::take(&mut reading).part);
        }
        reading.push(line, name, text);
    }
    parts.push(reading.part);
    parts
}

/// The lines of `text`, whatever ends them.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = text.split(|&byte| byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.flat_map(|line| line.split(|&byte| byte == b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of each record of a text whose codes are its words in capitals.
    fn records(text: &str) -> Vec<String> {
        let mut told = Vec::new();
        for part in parts(text.as_bytes()) {
            let text = String::from_utf8(part.text.clone()).unwrap();
            let codes = text.match_indices(|letter: char| matches!(letter, 'A'..='C'));
            let codes: Vec<_> = codes.map(|(at, code)| at..at + code.len()).collect();
            let records = part.records(&codes).into_iter();
            told.extend(records.map(|record| text[record].trim().to_owned()));
        }
        told.retain(|record| !record.is_empty());
        told
    }

    #[test]
    fn a_record_ends_before_another_and_before_a_paragraph_with_another_code() {
        let cases: [(&str, &[&str]); 15] = [
            ("{\n\"x\": A\n}\ny", &["{ \"x\": A } y"]),
            ("{\n\"x\": A\n}\n{ B }", &["{ \"x\": A }", "{ B }"]),
            ("{\n\"x\": 1\n}\n{ B }", &["{ \"x\": 1 }", "{ B }"]),
            (
                "HTTP/1.1 403\r\nx: y\r\n\r\n{\r\nA\r\n}",
                &["HTTP/1.1 403 x: y  { A }"],
            ),
            ("[\n{\nA\n}, {\nB\n}\n]", &["[ { A }, {", "B } ]"]),
            (
                "2026-11-22T10:00:00Z A\nx B\n",
                &["2026-11-22T10:00:00Z A x B"],
            ),
            (
                "2026-11-22T10:00:00Z A\n{\nB\n}",
                &["2026-11-22T10:00:00Z A", "{ B }"],
            ),
            (
                "2026-11-22T10:00:00Z x\n{\nB\n}",
                &["2026-11-22T10:00:00Z x { B }"],
            ),
            ("A\nHTTP/1.1 403\n\nB", &["A", "HTTP/1.1 403  B"]),
            ("A\nHTTP/1.1 403\n\nA", &["A HTTP/1.1 403  A"]),
            ("x A\n  B\ny C", &["x A   B", "y C"]),
            ("x A\n\n  y\n\n  A B", &["x A    y", "A B"]),
            (
                "a-1 | A\na-2 | x\na-2 | B",
                &["a-1 | A", "a-2 | x", "a-2 | B"],
            ),
            (
                "a-1 | A\na-1 | x\na-1 | {\na-1 | B\na-1 | }",
                &["a-1 | A a-1 | x", "a-1 | { a-1 | B a-1 | }"],
            ),
            ("╷\n│ A\n│ { }\n│ B\n╵\nx", &["╷ │ A │ { } │ B ╵", "x"]),
        ];
        for (text, expected) in cases {
            assert_eq!(records(text), expected, "{text}");
        }
    }

    #[test]
    fn the_line_of_what_goes_on_in_another_is_none() {
        let part = &parts(b"ab\ncd")[0];

        assert_eq!(part.line_of(&(0..2)), Some(0..2));
        assert_eq!(part.line_of(&(3..4)), Some(3..5));
        assert_eq!(part.line_of(&(1..4)), None);
    }
}
