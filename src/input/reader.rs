//! Reads a stream as blocks of whole lines.
//!
//! Every block but the last ends with `\n`, so no line, and therefore no match,
//! is divided between two blocks. The exception is a line that is longer than a
//! block: it comes in pieces that overlap by [`CONTEXT_BYTES`](super::CONTEXT_BYTES) on
//! both sides, which is as far as anything on a line is looked at from a code. So memory
//! is bounded whatever the input, and the matches are the same whatever the block size.
//! A line whose rest is late comes in pieces too, if asked for.

use std::io::{self, Read};

use super::block::{BLOCK_BYTES, Block};
use super::buffer::ReadBuffer;
use super::cut::{Cutter, Rest};

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
    cutter: Cutter,
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
            cutter: Cutter::new(offset, block_bytes),
            at_end: false,
        }
    }

    /// Offset of the first byte that no block has held as its body.
    pub fn position(&self) -> u64 {
        self.cutter.position()
    }

    /// Fills `block` with the next run of whole lines; `false` where the stream has ended.
    ///
    /// # Errors
    ///
    /// Returns the source's error. Blocks filled before that remain valid, and what was read since
    /// comes as a last block with the next call. [`io::ErrorKind::WouldBlock`] is no end: there is
    /// no whole line for now, and the next call goes on.
    pub fn next_block(&mut self, block: &mut Block) -> io::Result<bool> {
        self.cutter.begin(block);
        let mut wanted = self.cutter.wanted();
        loop {
            if let Err(error) = self.read_up_to(&mut block.bytes, wanted) {
                self.cutter.put_back(block);
                self.at_end = !is_pause(&error);
                return Err(error);
            }
            self.cutter.read_entries(&block.bytes);
            if let Some(end) = self.cutter.body_end(&block.bytes, self.at_end) {
                self.cutter.hand_over(block, end, self.at_end);
                return Ok(!block.body.is_empty());
            }
            wanted = self.cutter.wanted_for_long_line();
        }
    }

    /// Reads no more: what was read already comes as the last block.
    pub fn stop(&mut self) {
        self.at_end = true;
    }

    /// Whether a part of a line was read that no block has held yet, beside what may be the beginning
    /// of a code.
    pub fn has_unfinished(&self) -> bool {
        self.cutter.has(Rest::Settled)
    }

    /// Fills `block` with what was read of a line whose rest is not there yet; `false` where there is nothing.
    ///
    /// The line is counted with it. The rest comes as further pieces of the same line, and so does what
    /// may be the beginning of a code.
    pub fn take_unfinished(&mut self, block: &mut Block) -> bool {
        if !self.has_unfinished() {
            return false;
        }
        self.cutter.hand_over_rest(block, Rest::Settled);
        true
    }

    /// Reads until `bytes` are as many as wanted, or as [`Fill`] says.
    fn read_up_to(&mut self, bytes: &mut ReadBuffer, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(bytes.len());
        if self.at_end || missing == 0 {
            return Ok(());
        }
        let room = bytes.room(missing);
        let mut filled = 0;
        let end = loop {
            match read_once(&mut self.source, &mut room[filled..]) {
                Ok(0) => {
                    self.at_end = true;
                    break Ok(());
                }
                Ok(read) => filled += read,
                Err(error) if is_pause(&error) && filled > 0 && self.fill == Fill::Full => {
                    break Ok(());
                }
                Err(error) => break Err(error),
            }
            if filled == missing || self.fill == Fill::Available {
                break Ok(());
            }
        };
        bytes.add(filled);
        end
    }
}

/// Whether `error` only says that there is no more for now.
fn is_pause(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// Reads what there is, however often a signal comes between.
pub(crate) fn read_once(source: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
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
    use crate::input::CONTEXT_BYTES;

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

    /// Gives `parts` one after another, and says before each of them that there is no more for now:
    /// once to what has just read the one before, and once to what waits for the next.
    struct Pausing<'p> {
        parts: Vec<&'p [u8]>,
        pauses: u32,
    }

    impl Read for Pausing<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.pauses > 0 {
                self.pauses -= 1;
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let Some(part) = self.parts.first_mut() else {
                return Ok(0);
            };
            let read = part.read(out)?;
            if part.is_empty() {
                self.parts.remove(0);
                self.pauses = 2;
            }
            Ok(read)
        }
    }

    #[test]
    fn a_line_whose_rest_is_late_comes_in_pieces_and_counts_once() {
        let parts: [&[u8]; 5] = [b"one\ntw ", b"o ", b"\nth=", b"r ee\nfour\nfi,", b"ve"];
        for block_bytes in [1, 2, 3, 100] {
            let source = Pausing {
                parts: parts.to_vec(),
                pauses: 0,
            };
            let mut reader = BlockReader::with_block_bytes(source, 0, Fill::Full, block_bytes);
            let (mut text, mut lines, mut resumed) = (Vec::new(), 0, 0);
            let mut block = Block::default();
            loop {
                let goes_on = match reader.next_block(&mut block) {
                    Ok(goes_on) => goes_on,
                    Err(error) if !is_pause(&error) => panic!("{error}"),
                    Err(_) if !reader.take_unfinished(&mut block) => continue,
                    Err(_) => true,
                };
                if !goes_on {
                    break;
                }
                text.extend_from_slice(&block.bytes[block.body.clone()]);
                lines += block.lines;
                resumed += u32::from(block.resumes);
                assert_eq!(block.offset + block.body.end as u64, text.len() as u64);
            }

            assert_eq!(text, parts.concat(), "{block_bytes}");
            assert_eq!(lines, 5, "{block_bytes}");
            assert!(resumed >= 4, "{block_bytes}: {resumed}");
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
