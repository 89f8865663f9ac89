//! What is read at a time: a block of whole lines, or a piece of a line.
//!
//! In a journal's export, told by its beginning, an entry of several lines is what a line is elsewhere.

use std::ops::Range;

use super::buffer::ReadBuffer;
use super::bytes::{line_end_behind, line_start_before, newlines};
use super::traces::Traces;

/// Size of one block, in bytes: it fits into a second-level cache beside the matcher's tables.
pub const BLOCK_BYTES: usize = 256 * 1024;

/// How far the pieces of a long line overlap: 64 KiB of evidence and the longest code beyond.
pub(crate) const CONTEXT_BYTES: usize = 66 * 1024;

/// How much of a long line's beginning is kept for its later pieces: that is where its time stands.
const HEAD_BYTES: usize = 512;

/// How far from a line's beginning a place is taken to be in the same line: most lines are shorter.
const NEAR_BYTES: usize = 512;

/// A run of whole lines, or a piece of a long one. Its memory is recycled.
#[derive(Debug, Default)]
pub struct Block {
    /// The text, with what surrounds the body where that is a piece of a line.
    pub bytes: ReadBuffer,
    /// The part of `bytes` whose matches belong to this block.
    pub body: Range<usize>,
    /// Offset of the first byte of `bytes` in the stream.
    pub offset: u64,
    /// The number of lines that end before the body.
    pub first_line: u64,
    /// The number of lines that end in the body, an unfinished last one included.
    pub lines: u64,
    /// What is known of the line where the block is a piece of it.
    pub piece: Option<Piece>,
    /// Whether the body goes on where an earlier block ended in an unfinished line.
    ///
    /// That line's text stands before the body, as far as it can matter. What the earlier block
    /// made of it stays; a match counts that ends in the body and does not begin in one of those.
    pub resumes: bool,
    /// Where the entries end that end in the body, in bytes of `bytes`, where the stream is a
    /// journal's export: each of them is a line.
    pub entries: Option<Vec<usize>>,
    /// Where `bytes` may hide text.
    pub traces: Traces,
}

impl Block {
    /// The line that the byte at `at` belongs to, without its newline.
    pub fn line_around(&self, at: usize) -> Range<usize> {
        if let Some(ends) = &self.entries {
            let number = self.entry_number(at);
            let start = number.checked_sub(1).map_or(0, |before| ends[before]);
            return start..ends.get(number).copied().unwrap_or(self.bytes.len());
        }
        line_start_before(&self.bytes, at)..line_end_behind(&self.bytes, at)
    }

    /// The same where a line is known to begin at `begin`: mostly that one, so that its beginning need
    /// not be looked for.
    pub(crate) fn line_behind(&self, begin: usize, at: usize) -> Range<usize> {
        let is_near = at
            .checked_sub(begin)
            .is_some_and(|bytes| bytes <= NEAR_BYTES);
        if self.entries.is_none() && is_near {
            let end = line_end_behind(&self.bytes, begin);
            if end >= at {
                return begin..end;
            }
        }
        self.line_around(at)
    }

    /// How many lines end between `from` and `to`, where a line begins.
    pub fn lines_between(&self, from: usize, to: usize) -> usize {
        match &self.entries {
            Some(_) => self.entry_number(to) - self.entry_number(from),
            None => newlines(&self.bytes[from..to]),
        }
    }

    /// How many entries end before the byte at `at`.
    fn entry_number(&self, at: usize) -> usize {
        let ends = self.entries.as_deref().unwrap_or_default();
        ends.partition_point(|&end| end <= at)
    }
}

/// A line that is longer than a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Offset of the line's first byte in the stream.
    pub line_start: u64,
    /// The beginning of the line behind leading NULs; empty as long as there are only those.
    pub head: Vec<u8>,
}

impl Piece {
    /// Takes the head from `text`, a part of the line, if the head begins in its first `body_bytes`.
    ///
    /// A log that is truncated while its writer goes on begins with as many NULs as it had bytes.
    pub(super) fn look_for_head(&mut self, text: &[u8], body_bytes: usize) {
        let begins = |byte: &u8| *byte != 0;
        if self.head.is_empty()
            && let Some(start) = text[..body_bytes].iter().position(begins)
        {
            let end = text.len().min(start + HEAD_BYTES);
            self.head.extend_from_slice(&text[start..end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_same_from_whichever_line_before_it_is_looked_for() {
        let long = "x".repeat(NEAR_BYTES);
        let text = format!("a\n\nbcd\n{long}\ne\n{long}{long}\nf");
        let block = Block {
            bytes: text.clone().into_bytes().into(),
            ..Block::default()
        };
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        for begin in [0].into_iter().chain(newlines) {
            for at in 0..=text.len() {
                assert_eq!(
                    block.line_behind(begin, at),
                    block.line_around(at),
                    "{begin} {at}"
                );
            }
        }
    }
}
