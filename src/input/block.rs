//! Reads a stream as blocks of whole lines.
//!
//! Every block but the last ends with `\n`, so no line, and therefore no match,
//! is divided between two blocks. The exception is a line that is longer than a
//! block: it comes in pieces that overlap by [`CONTEXT_BYTES`] on both sides,
//! which is as far as anything on a line is looked at from a code. So memory is
//! bounded whatever the input, and the matches are the same whatever the block size.
//!
//! In a journal's export, told by its beginning, an entry of several lines is what a line is elsewhere.

use std::io::{self, Read};
use std::ops::Range;

use super::entries::{Entries, is_export};
use super::parts::whole_end;

/// Size of one block, in bytes: it fits into a second-level cache beside the matcher's tables.
pub const BLOCK_BYTES: usize = 256 * 1024;

/// How far the pieces of a long line overlap: 64 KiB of evidence and the longest code beyond.
pub(crate) const CONTEXT_BYTES: usize = 66 * 1024;

/// How much of a long line's beginning is kept for its later pieces: that is where its time stands.
const HEAD_BYTES: usize = 512;

/// A run of whole lines, or a piece of a long one. Its memory is recycled.
#[derive(Debug, Default)]
pub struct Block {
    /// The text, with what surrounds the body where that is a piece of a line.
    pub bytes: Vec<u8>,
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
    /// Where the entries end that end in the body, in bytes of `bytes`, where the stream is a
    /// journal's export: each of them is a line.
    pub entries: Option<Vec<usize>>,
}

impl Block {
    /// The line that the byte at `at` belongs to, without its newline.
    pub fn line_around(&self, at: usize) -> Range<usize> {
        if let Some(ends) = &self.entries {
            let number = self.entry_number(at);
            let start = number.checked_sub(1).map_or(0, |before| ends[before]);
            return start..ends.get(number).copied().unwrap_or(self.bytes.len());
        }
        let text = &self.bytes;
        let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |newline| at + newline);
        start..end
    }

    /// How many lines end between `from` and `to`, where a line begins.
    pub fn lines_between(&self, from: usize, to: usize) -> usize {
        match &self.entries {
            Some(_) => self.entry_number(to) - self.entry_number(from),
            None => memchr::memchr_iter(b'\n', &self.bytes[from..to]).count(),
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
    fn look_for_head(&mut self, text: &[u8], body_bytes: usize) {
        let begins = |byte: &u8| *byte != 0;
        if self.head.is_empty()
            && let Some(start) = text[..body_bytes].iter().position(begins)
        {
            let end = text.len().min(start + HEAD_BYTES);
            self.head.extend_from_slice(&text[start..end]);
        }
    }
}

/// How long to read before a block is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Until it is full: for what is counted as a whole.
    Full,
    /// What is there: for what is shown while it comes.
    Available,
}

/// Reads blocks from `R`.
#[derive(Debug)]
pub struct BlockReader<R> {
    source: R,
    fill: Fill,
    block_bytes: usize,
    /// What was read beyond the last body, after the context of a long line's next piece.
    carry: Vec<u8>,
    /// How much of `carry` is context.
    context: usize,
    /// Offset of the first byte of `carry` in the stream.
    offset: u64,
    lines: u64,
    /// The long line that the next piece belongs to.
    long_line: Option<Piece>,
    /// Reads where the entries of a journal's export end.
    entries: Option<Entries>,
    at_end: bool,
}

impl<R: Read> BlockReader<R> {
    /// Reads `source`, whose first byte has this offset.
    pub fn new(source: R, offset: u64, fill: Fill) -> Self {
        Self::with_block_bytes(source, offset, fill, BLOCK_BYTES)
    }

    /// The same with blocks of another size.
    pub fn with_block_bytes(source: R, offset: u64, fill: Fill, block_bytes: usize) -> Self {
        BlockReader {
            source,
            fill,
            block_bytes: block_bytes.max(1),
            carry: Vec::new(),
            context: 0,
            offset,
            lines: 0,
            long_line: None,
            entries: None,
            at_end: false,
        }
    }

    /// Offset of the first byte that no block has held as its body.
    pub fn position(&self) -> u64 {
        self.offset + self.context as u64
    }

    /// Fills `block` with the next run of whole lines; `false` where the stream has ended.
    ///
    /// # Errors
    ///
    /// Returns the source's error. Blocks filled before that remain valid, and what was read since
    /// comes as a last block with the next call.
    pub fn next_block(&mut self, block: &mut Block) -> io::Result<bool> {
        block.bytes.clear();
        block.bytes.append(&mut self.carry);
        let mut wanted = self.context + self.block_bytes;
        loop {
            if let Err(error) = self.read_up_to(&mut block.bytes, wanted) {
                self.carry.append(&mut block.bytes);
                self.at_end = true;
                return Err(error);
            }
            self.read_entries(&block.bytes);
            if let Some(end) = self.body_end(&block.bytes) {
                self.hand_over(block, end);
                return Ok(!block.body.is_empty());
            }
            wanted = self.context + self.block_bytes + CONTEXT_BYTES;
        }
    }

    /// Reads until `bytes` are as many as wanted, or as [`Fill`] says.
    fn read_up_to(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(bytes.len());
        if self.at_end || missing == 0 {
            return Ok(());
        }
        if self.fill == Fill::Full {
            bytes.reserve_exact(missing);
            let read = self
                .source
                .by_ref()
                .take(missing as u64)
                .read_to_end(bytes)?;
            self.at_end = read < missing;
            return Ok(());
        }
        let len = bytes.len();
        bytes.resize(wanted, 0);
        let read = read_once(&mut self.source, &mut bytes[len..]);
        bytes.truncate(len + *read.as_ref().unwrap_or(&0));
        self.at_end = read? == 0;
        Ok(())
    }

    /// Finds the ends of entries in `bytes`, where the stream is a journal's export.
    fn read_entries(&mut self, bytes: &[u8]) {
        if self.position() == 0 && self.entries.is_none() && is_export(bytes) {
            self.entries = Some(Entries::default());
        }
        if let Some(entries) = &mut self.entries {
            entries.read(bytes, self.offset);
        }
    }

    /// Where the body ends, if enough is read to tell.
    fn body_end(&self, bytes: &[u8]) -> Option<usize> {
        let unread = &bytes[self.context..];
        let line_end = match (&self.entries, &self.long_line) {
            (Some(entries), long_line) => entries
                .end(long_line.is_none())
                .and_then(|end| usize::try_from(end - self.offset).ok()),
            (None, None) => {
                memchr::memrchr(b'\n', unread).map(|at| self.context + whole_end(&unread[..=at]))
            }
            (None, Some(_)) => memchr::memchr(b'\n', unread).map(|at| self.context + at + 1),
        };
        match line_end {
            Some(end) => Some(end),
            None if self.at_end => Some(bytes.len()),
            None if unread.len() >= self.block_bytes + CONTEXT_BYTES => {
                Some(bytes.len() - CONTEXT_BYTES)
            }
            None => None,
        }
    }

    /// Gives `block` the body that ends at `end` and keeps the rest.
    fn hand_over(&mut self, block: &mut Block, end: usize) {
        let is_finished = self.take_lines(block, end);
        let is_last_of_line = is_finished || (self.at_end && end == block.bytes.len());
        let line_end = if is_last_of_line {
            end
        } else {
            block.bytes.len()
        };
        if let Some(piece) = &mut self.long_line {
            piece.look_for_head(&block.bytes[self.context..line_end], end - self.context);
        }
        block.offset = self.offset;
        block.first_line = self.lines;
        if is_last_of_line {
            block.piece = self.long_line.take();
            let is_begun = match &self.entries {
                Some(entries) => entries.is_begun(),
                None => block.piece.is_some() || end > self.context,
            };
            block.lines += u64::from(!is_finished && is_begun);
            self.keep(block, end, end);
            block.bytes.truncate(end);
        } else {
            let piece = self.long_line.take().unwrap_or_else(|| {
                let mut piece = Piece {
                    line_start: self.offset,
                    head: Vec::new(),
                };
                piece.look_for_head(&block.bytes, end);
                piece
            });
            block.piece = Some(piece.clone());
            self.long_line = Some(piece);
            self.keep(block, end.saturating_sub(CONTEXT_BYTES), end);
        }
        self.lines += block.lines;
    }

    /// Makes what stands up to `end` the body and counts its lines; returns whether one ends there.
    fn take_lines(&mut self, block: &mut Block, end: usize) -> bool {
        block.body = self.context..end;
        block.entries = None;
        let Some(entries) = &mut self.entries else {
            let body = &block.bytes[block.body.clone()];
            block.lines = memchr::memchr_iter(b'\n', body).count() as u64;
            return block.bytes[..end].ends_with(b"\n");
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

    /// Keeps what stands from `from` on; up to `end` it is context.
    fn keep(&mut self, block: &Block, from: usize, end: usize) {
        self.carry.extend_from_slice(&block.bytes[from..]);
        self.context = end - from;
        self.offset += from as u64;
    }
}

fn read_once(source: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &[u8], block_bytes: usize, fill: Fill) -> Vec<Block> {
        let mut reader = BlockReader::with_block_bytes(text, 0, fill, block_bytes);
        let mut blocks = Vec::new();
        loop {
            let mut block = Block::default();
            if !reader.next_block(&mut block).expect("a slice can be read") {
                return blocks;
            }
            blocks.push(block);
        }
    }

    #[test]
    fn the_bodies_are_the_text_whatever_the_block_size() {
        let text = b"one\ntwo\n\nthree, which is longer\nfour";
        for block_bytes in 1..=text.len() + 1 {
            for fill in [Fill::Full, Fill::Available] {
                let blocks = blocks(text, block_bytes, fill);

                let bodies: Vec<u8> = blocks
                    .iter()
                    .flat_map(|block| &block.bytes[block.body.clone()])
                    .copied()
                    .collect();
                assert_eq!(bodies, text, "{block_bytes} {fill:?}");
                assert_eq!(blocks.iter().map(|block| block.lines).sum::<u64>(), 5);
                let starts = blocks
                    .iter()
                    .map(|block| block.offset + block.body.start as u64);
                let ends = blocks
                    .iter()
                    .map(|block| block.offset + block.body.end as u64);
                assert!(starts.skip(1).eq(ends.take(blocks.len() - 1)));
            }
        }
    }

    #[test]
    fn the_head_of_a_long_line_begins_behind_nuls() {
        let line = [vec![0; 300_000], b"head".repeat(500), vec![b'x'; 300_000]].concat();
        for block_bytes in [1000, 1003, 200_000, 299_999, 300_000] {
            let blocks = blocks(&line, block_bytes, Fill::Full);

            let pieces = blocks.iter().filter_map(|block| block.piece.as_ref());
            let heads: Vec<_> = pieces.map(|piece| &*piece.head).collect();
            let nuls = heads.iter().take_while(|head| head.is_empty()).count();
            assert_eq!(nuls, 300_000 / block_bytes, "{block_bytes}");
            assert!(
                heads[nuls..]
                    .iter()
                    .all(|&head| head == b"head".repeat(128))
            );
        }
    }

    #[test]
    fn a_long_line_comes_in_overlapping_pieces_of_bounded_size() {
        let mut text = b"first\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 1 << 20));
        text.extend(b"\nlast\n");
        let block_bytes = 1000;

        let blocks = blocks(&text, block_bytes, Fill::Full);

        let bodies: Vec<u8> = blocks
            .iter()
            .flat_map(|block| &block.bytes[block.body.clone()])
            .copied()
            .collect();
        assert!(bodies == text);
        assert_eq!(blocks.iter().map(|block| block.lines).sum::<u64>(), 3);
        assert!(
            blocks
                .iter()
                .all(|block| block.bytes.len() <= block_bytes + 2 * CONTEXT_BYTES)
        );
        let inner = blocks.iter().filter(|block| block.piece.is_some());
        assert!(inner.clone().count() > 100);
        assert!(inner.clone().all(|block| {
            block
                .piece
                .as_ref()
                .is_some_and(|piece| piece.line_start == 6)
        }));
        assert!(
            inner
                .skip(70)
                .take(10)
                .all(|block| block.body.start == CONTEXT_BYTES)
        );
    }
}
