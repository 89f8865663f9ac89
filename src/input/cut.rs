//! Divides text into blocks of whole lines, as far as it is there.
//!
//! Every byte is in the body of exactly one block. What is read and not yet in a
//! body is kept here, behind the context that the next body needs.

use super::block::{Block, CONTEXT_BYTES, Piece};
use super::bytes::newlines;
use super::entries::{Entries, is_export};
use super::parts::whole_end;

/// How much memory is kept for what comes next where nothing is kept, in bytes.
const SPARE_BYTES: usize = 64 * 1024;

/// What no code goes on over in a line that is written by parts: what is before it stays as it is.
const SETTLES: &[u8] = b" \t\n\r\"'`,:=()<>{}";

/// How far from its end a line is searched for such a byte: no code is as long.
const MAX_OPEN_BYTES: usize = 512;

/// Where one body ends and the next begins.
#[derive(Clone, Debug)]
pub(crate) struct Cutter {
    block_bytes: usize,
    /// What was read beyond the last body, after the context of the next one.
    kept: Vec<u8>,
    /// How much of `kept` is context.
    context: usize,
    /// Offset of the first byte of `kept` in the stream.
    offset: u64,
    /// The number of newlines before the next body.
    lines: u64,
    /// The long line that the next body is a piece of.
    long_line: Option<Piece>,
    /// Whether the line in which the next body begins was counted as an unfinished one.
    is_counted: bool,
    /// Whether the next body goes on behind an unfinished line's last byte.
    resumes: bool,
    /// Reads where the entries of a journal's export end.
    entries: Option<Entries>,
}

/// How much of a line whose end is not there yet is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// All but what may be the beginning of a longer code: its end may be late.
    Settled,
    /// All, since nothing more comes.
    All,
}

/// The line that the next body begins in, where that is not its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    pub(crate) line_start: u64,
    pub(crate) is_counted: bool,
    pub(crate) resumes: bool,
    pub(crate) is_long: bool,
}

impl Cutter {
    /// Cuts a text whose first byte has this offset.
    pub(crate) fn new(offset: u64, block_bytes: usize) -> Self {
        Cutter {
            block_bytes: block_bytes.max(1),
            kept: Vec::new(),
            context: 0,
            offset,
            lines: 0,
            long_line: None,
            is_counted: false,
            resumes: false,
            entries: None,
        }
    }

    /// Goes on at `offset`, before which stand so many newlines.
    ///
    /// Where that is inside a line, `context` is what stands before it on the line, at least as
    /// much as [`CONTEXT_BYTES`] or all of it, and `head` the beginning of a long line.
    pub(crate) fn resume(
        &mut self,
        offset: u64,
        lines: u64,
        inside: Option<Inside>,
        context: Vec<u8>,
        head: Vec<u8>,
    ) {
        self.context = context.len();
        self.offset = offset - context.len() as u64;
        self.kept = context;
        self.lines = lines;
        self.is_counted = inside.is_some_and(|inside| inside.is_counted);
        self.resumes = inside.is_some_and(|inside| inside.resumes);
        self.long_line = inside.filter(|inside| inside.is_long).map(|inside| Piece {
            line_start: inside.line_start,
            head,
        });
    }

    /// Offset of the first byte that no block has held as its body.
    pub(crate) fn position(&self) -> u64 {
        self.offset + self.context as u64
    }

    /// Offset of the first byte that was not read.
    pub(crate) fn read_position(&self) -> u64 {
        self.offset + self.kept.len() as u64
    }

    /// The number of newlines before the position.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// The line that the position is inside of.
    pub(crate) fn inside(&self) -> Option<Inside> {
        let long_line = self.long_line.as_ref();
        (self.context > 0).then(|| Inside {
            line_start: long_line.map_or(self.offset, |piece| piece.line_start),
            is_counted: self.is_counted,
            resumes: self.resumes,
            is_long: long_line.is_some(),
        })
    }

    /// Whether something was read that no block has held as its body.
    pub(crate) fn has_rest(&self) -> bool {
        self.kept.len() > self.context
    }

    /// Whether there is so much to hand out.
    pub(crate) fn has(&self, rest: Rest) -> bool {
        self.has_rest() && self.rest_end(&self.kept, rest) > self.context
    }

    /// What was read and that no block has held as its body.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.kept[self.context..]
    }

    /// How much of the next block is context.
    pub(crate) fn context(&self) -> usize {
        self.context
    }

    /// Begins a block with what was kept.
    pub(crate) fn begin(&mut self, block: &mut Block) {
        block.bytes.truncate(0);
        block.bytes.extend_from_slice(&self.kept);
        self.kept.clear();
        if self.kept.capacity() > SPARE_BYTES {
            self.kept = Vec::new();
        }
    }

    /// How many bytes a block should have before it is cut.
    pub(crate) fn wanted(&self) -> usize {
        self.context + self.block_bytes
    }

    /// How many bytes are needed to cut a line that is longer than a block.
    pub(crate) fn wanted_for_long_line(&self) -> usize {
        self.wanted() + CONTEXT_BYTES
    }

    /// Keeps all that `block` was begun and filled with, since there is no end to cut at.
    pub(crate) fn put_back(&mut self, block: &mut Block) {
        self.kept.extend_from_slice(&block.bytes);
        block.bytes.truncate(0);
        block.body = 0..0;
        block.lines = 0;
    }

    /// Finds the ends of entries in `bytes`, where the text is a journal's export.
    pub(crate) fn read_entries(&mut self, bytes: &[u8]) {
        if self.position() == 0 && self.entries.is_none() && is_export(bytes) {
            self.entries = Some(Entries::default());
        }
        if let Some(entries) = &mut self.entries {
            entries.read(bytes, self.offset);
        }
    }

    /// Where the body ends, if enough is read to tell; at the end of the text it is all that is left.
    pub(crate) fn body_end(&self, bytes: &[u8], at_end: bool) -> Option<usize> {
        let unread = &bytes[self.context..];
        let line_end = match (&self.entries, &self.long_line) {
            (Some(entries), long_line) => entries
                .end(long_line.is_none())
                .and_then(|end| usize::try_from(end - self.offset).ok()),
            (None, None) => {
                let newline = memchr::memrchr(b'\n', unread);
                newline.and_then(|at| self.end_of_lines(&unread[..=at], at_end))
            }
            (None, Some(_)) => memchr::memchr(b'\n', unread).map(|at| self.context + at + 1),
        };
        match line_end {
            Some(end) => Some(end),
            None if at_end => Some(bytes.len()),
            None if unread.len() >= self.block_bytes + CONTEXT_BYTES => {
                Some(bytes.len() - CONTEXT_BYTES)
            }
            None => None,
        }
    }

    /// Where in `lines` the body ends, which are whole; nowhere where the texts of all of them go on
    /// and they are not yet too long to wait for that.
    fn end_of_lines(&self, lines: &[u8], at_end: bool) -> Option<usize> {
        let waits = !at_end && lines.len() < self.block_bytes;
        match whole_end(lines) {
            0 if waits => None,
            0 => Some(self.context + lines.len()),
            end => Some(self.context + end),
        }
    }

    /// Gives `block` what was read of a line whose end is late, as much as `rest` says.
    pub(crate) fn hand_over_rest(&mut self, block: &mut Block, rest: Rest) {
        self.begin(block);
        let end = self.rest_end(&block.bytes, rest);
        let open = block.bytes[end..].to_vec();
        block.bytes.truncate(end);
        self.hand_over(block, end, true);
        self.kept.extend_from_slice(&open);
    }

    /// Where the body ends that is handed out because its rest is late.
    fn rest_end(&self, bytes: &[u8], rest: Rest) -> usize {
        let end = self.body_end(bytes, true).unwrap_or(bytes.len());
        if rest == Rest::All || self.entries.is_some() || bytes[..end].ends_with(b"\n") {
            return end;
        }
        let from = end.saturating_sub(MAX_OPEN_BYTES).max(self.context);
        let settles = |byte: &u8| SETTLES.contains(byte);
        match bytes[from..end].iter().rposition(settles) {
            Some(at) => from + at + 1,
            None if from == self.context => from,
            // What is longer than any code is none.
            None => end,
        }
    }

    /// Gives `block` the body that ends at `end` and keeps the rest.
    pub(crate) fn hand_over(&mut self, block: &mut Block, end: usize, at_end: bool) {
        let is_finished = self.take_lines(block, end);
        let is_unfinished = !is_finished && at_end && end == block.bytes.len();
        if let Some(piece) = &mut self.long_line {
            let is_last = is_finished || is_unfinished;
            let line_end = if is_last { end } else { block.bytes.len() };
            piece.look_for_head(&block.bytes[self.context..line_end], end - self.context);
        }
        block.offset = self.offset;
        block.resumes = self.resumes;
        self.count_lines(block, is_unfinished);
        if is_finished || (is_unfinished && block.body.is_empty()) {
            block.piece = self.long_line.take();
            self.keep(block, end, end);
            block.bytes.truncate(end);
        } else {
            self.divide_line(block, end, is_unfinished);
        }
    }

    /// Makes what stands up to `end` the body and counts the ends of lines in it; returns whether
    /// one ends where it does.
    fn take_lines(&mut self, block: &mut Block, end: usize) -> bool {
        block.body = self.context..end;
        block.entries = None;
        block.traces.clear();
        let Some(entries) = &mut self.entries else {
            let text = &block.bytes[..end];
            let before = newlines(&text[..self.context]);
            block.lines = (block.traces.read(text) - before) as u64;
            return text.len() > self.context && text.ends_with(b"\n");
        };
        let ends = entries.take_ends(self.offset + end as u64);
        let ends: Vec<usize> = ends
            .filter_map(|end| usize::try_from(end - self.offset).ok())
            .collect();
        block.lines = ends.len() as u64;
        let is_finished = ends.last() == Some(&end);
        block.entries = Some(ends);
        is_finished
    }

    /// Counts the lines that end in the body, each once, also where it was unfinished before.
    fn count_lines(&mut self, block: &mut Block, is_unfinished: bool) {
        let newlines = block.lines;
        let is_line = match &self.entries {
            Some(entries) => entries.is_begun(),
            None => !block.body.is_empty() || self.long_line.is_some(),
        };
        let ends_line = is_unfinished && is_line;
        let is_again = self.is_counted && (newlines > 0 || ends_line);
        block.first_line = self.lines;
        block.lines = newlines + u64::from(ends_line) - u64::from(is_again);
        self.lines += newlines;
        self.is_counted = ends_line || (self.is_counted && newlines == 0);
        self.resumes = is_unfinished && !block.body.is_empty();
    }

    /// Ends the body inside a line, of which the next body needs as much as can matter.
    fn divide_line(&mut self, block: &mut Block, end: usize, is_unfinished: bool) {
        let from = end.saturating_sub(CONTEXT_BYTES);
        let mut piece = self.long_line.take();
        let is_whole_line = piece.is_none() && is_unfinished && from == 0;
        if piece.is_none() && (!is_unfinished || from > 0) {
            let mut first = Piece {
                line_start: self.offset,
                head: Vec::new(),
            };
            first.look_for_head(&block.bytes, end);
            piece = Some(first);
        }
        block.piece = piece.clone().filter(|_| !is_whole_line);
        self.long_line = piece;
        self.keep(block, from, end);
    }

    /// Keeps what stands from `from` on; up to `end` it is context.
    fn keep(&mut self, block: &Block, from: usize, end: usize) {
        self.kept.extend_from_slice(&block.bytes[from..]);
        self.context = end - from;
        self.offset += from as u64;
    }
}
