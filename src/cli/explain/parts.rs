//! The records of a pasted text.
//!
//! A record is a body with its HTTP head, a line of a log with what continues it, or all of a text that is
//! neither. It ends where a JSON or XML value ends, and where a line begins another.

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
    /// Where paragraphs begin: behind an empty line, or outside of a log with any line at the margin.
    gaps: Vec<usize>,
}

impl Part {
    /// The line in which `code` stands, if that is one.
    pub fn line_of(&self, code: &Range<usize>) -> Option<Range<usize>> {
        let number = self.lines.partition_point(|line| line.end < code.end);
        let line = self.lines.get(number)?;
        (line.start <= code.start).then(|| line.clone())
    }

    /// The records that it turns out to be where `codes` stand at these places: it parts before a paragraph
    /// that tells of another code, but not before what says more about the same.
    pub fn records(&self, codes: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut codes = codes.iter().peekable();
        let mut told = BTreeSet::new();
        let mut starts = vec![0];
        let ends = self.gaps.iter().copied().chain([self.text.len()]);
        let mut start = 0;
        for end in ends {
            let inside = std::iter::from_fn(|| codes.next_if(|code| code.start < end));
            let inside: BTreeSet<_> = inside.map(|code| &self.text[code.clone()]).collect();
            if !told.is_empty() && !inside.is_subset(&told) {
                starts.push(start);
                told.clear();
            }
            told.extend(inside);
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
    has_head: bool,
    has_ended: bool,
}

impl<'t> Reading<'t> {
    /// Whether `text`, a line of `name`, is of another record.
    fn ends_before(&self, name: Option<&[u8]>, text: &[u8]) -> bool {
        let is_first = self.part.lines.is_empty();
        let is_other = self.has_ended
            || name != self.name
            || self.has_head && is_head(text)
            || self.body.is_cut_by(text)
            || begins_record(text);
        is_other && !is_first
    }

    fn push(&mut self, line: &[u8], name: Option<&'t [u8]>, text: &[u8]) {
        self.is_logged |= self.part.lines.is_empty() && begins_record(text);
        let is_paragraph = text.is_empty() || !self.is_logged && is_at_margin(text);
        if is_paragraph && !self.body.is_open() {
            self.part.gaps.push(self.part.text.len());
        }
        self.part.push(line);
        self.name = name;
        self.has_head |= is_head(text);
        // What Terraform shows is a record to the end of its box.
        self.has_ended = match std::str::from_utf8(&text[..text.len().min('╵'.len_utf8())]) {
            Ok("│") => false,
            Ok("╵") => true,
            _ => self.body.read(text),
        };
    }
}

fn is_head(text: &[u8]) -> bool {
    text.starts_with(b"HTTP/")
}

/// The records of `text`.
pub fn parts(text: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut reading = Reading::default();
    for line in lines(text) {
        let (name, text) = named(line);
        if reading.ends_before(name, text) {
            let ended = std::mem::take(&mut reading);
            // `}, {` ends one and begins another.
            if ended.has_ended {
                reading.body = ended.body;
            }
            parts.push(ended.part);
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
