//! Frames of the time before lz4 had its present format: blocks in a row, each behind its length.
//!
//! Only what follows such a frame tells where it ends: the end of all data, padding, or a number
//! that is no block's length, such as the magic of another frame. Nothing in it is a checksum.

use std::io::{self, Read};
use std::ops::Range;

use lz4_flex::block::decompress_into;

use super::FORMAT;
use crate::input::container::fault::{cut_short, damaged};
use crate::input::container::source::Source;

pub(super) const MAGIC: [u8; 4] = [0x02, 0x21, 0x4c, 0x18];

/// The longest text of a block, in bytes.
const MOST_TEXT_BYTES: usize = 8 * 1024 * 1024;

/// The longest block, in bytes: what does not compress becomes longer by so much.
const MOST_BLOCK_BYTES: usize = MOST_TEXT_BYTES + MOST_TEXT_BYTES / 255 + 16;

/// What decompressing holds: a block and its text, in bytes.
pub(super) const MEMORY_BYTES: u64 = (MOST_BLOCK_BYTES + MOST_TEXT_BYTES) as u64;

/// The text of one frame.
pub(super) struct Legacy<R> {
    source: Source<R>,
    block: Vec<u8>,
    text: Vec<u8>,
    /// The part of `text` that is still to be given.
    rest: Range<usize>,
}

impl<R: Read> Legacy<R> {
    /// Reads the frame whose magic was taken from `source`.
    pub(super) fn new(source: Source<R>) -> Self {
        Legacy {
            source,
            block: Vec::new(),
            text: vec![0; MOST_TEXT_BYTES],
            rest: 0..0,
        }
    }

    /// What follows the frame.
    pub(super) fn into_source(self) -> Source<R> {
        self.source
    }

    /// Decompresses the next block; `false` where the frame has ended.
    fn read_block(&mut self) -> io::Result<bool> {
        let at = self.source.position();
        let head = self.source.peek(4)?;
        let Some(len) = head.first_chunk().copied().map(u32::from_le_bytes) else {
            return match head.iter().all(|&byte| byte == 0) {
                true => Ok(false),
                false => Err(cut_short(FORMAT, at + head.len() as u64)),
            };
        };
        if !(1..=MOST_BLOCK_BYTES as u64).contains(&u64::from(len)) {
            return Ok(false);
        }
        self.source.advance(4);
        self.block.clear();
        self.block.reserve_exact(len as usize);
        let mut data = self.source.by_ref().take(u64::from(len));
        if data.read_to_end(&mut self.block)? < len as usize {
            return Err(cut_short(FORMAT, self.source.position()));
        }
        let given = decompress_into(&self.block, &mut self.text)
            .map_err(|error| damaged(FORMAT, at, &error.to_string()))?;
        self.rest = 0..given;
        Ok(true)
    }
}

/// Gives `0` where the frame has ended.
impl<R: Read> Read for Legacy<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !out.is_empty() {
            if !self.read_block()? {
                return Ok(0);
            }
        }
        let given = self.rest.len().min(out.len());
        out[..given].copy_from_slice(&self.text[self.rest.start..][..given]);
        self.rest.start += given;
        Ok(given)
    }
}
