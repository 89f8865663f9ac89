//! zstd frames: their ends are found from block to block.

use std::io::{self, Read};

use super::frames::{Frames, Look, Walk};
use super::{Helpers, Need, Parts, Stretch};
use crate::input::container::Context;
use crate::input::container::source::Source;
use crate::input::container::zstd::{Header, MAGIC, MEMORY_BYTES, Zstd, skippable_len};

/// The longest header of a frame, and that of a block, in bytes.
const HEADER_BYTES: usize = 18;
const BLOCK_HEADER_BYTES: usize = 3;

/// The shortest frame: a header and an empty block.
const LEAST_BYTES: usize = 9;

/// How many times longer than its data a text is taken to be whose length is not stated.
const GUESSED_RATIO: u64 = 12;

/// A guess is never less, in bytes.
const LEAST_GUESS_BYTES: u64 = 64 * 1024;

/// Groups of frames.
pub(in crate::input::container) struct ZstdFrames(Frames<Blocks>);

impl Parts for ZstdFrames {
    type Codec = Zstd;

    fn new(context: &Context, helpers: &Helpers) -> Option<Self> {
        Frames::new(context, helpers).map(ZstdFrames)
    }

    fn next<R: Read>(&mut self, source: &mut Source<R>) -> io::Result<Option<Stretch>> {
        Ok(self.0.next(source))
    }

    fn codec(_: &Context) -> io::Result<Zstd> {
        Zstd::new()
    }
}

/// Walks over the blocks of a frame.
#[derive(Default)]
pub(super) struct Blocks {
    /// Where the next block begins; at first nothing is known.
    at: usize,
    /// Whether the last block is behind.
    is_over: bool,
}

impl Walk for Blocks {
    const MOST_BYTES: usize = 3 * 1024 * 1024;

    fn look(&mut self, frame: &[u8]) -> Look {
        if frame.len() < LEAST_BYTES {
            return Look::Needs(LEAST_BYTES);
        }
        if let Some(len) = skippable_len(frame) {
            return match usize::try_from(len) {
                Ok(len) => Look::Frame(len, Need::default()),
                Err(_) => Look::Foreign,
            };
        }
        let Some(head) = frame.strip_prefix(&MAGIC) else {
            return Look::Foreign;
        };
        let Some(header) = Header::read(head) else {
            return match frame.len() < HEADER_BYTES {
                true => Look::Needs(frame.len() + 1),
                false => Look::Foreign,
            };
        };
        self.at = self.at.max(MAGIC.len() + header.len);
        while !self.is_over {
            let Some(block) = frame.get(self.at..self.at + BLOCK_HEADER_BYTES) else {
                return Look::Needs(self.at + BLOCK_HEADER_BYTES);
            };
            let block = u32::from_le_bytes([block[0], block[1], block[2], 0]);
            self.at += BLOCK_HEADER_BYTES;
            self.at += match block >> 1 & 0b11 {
                // One byte that is repeated.
                1 => 1,
                3 => return Look::Foreign,
                _ => (block >> 3) as usize,
            };
            self.is_over = block & 1 != 0;
        }
        let len = self.at + if header.has_checksum { 4 } else { 0 };
        let guess = (len as u64 * GUESSED_RATIO).max(LEAST_GUESS_BYTES);
        let need = Need {
            text: header.content_bytes.unwrap_or(guess),
            memory: header.window_bytes.saturating_add(MEMORY_BYTES),
        };
        Look::Frame(len, need)
    }
}
