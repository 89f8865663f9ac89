//! bzip2: streams in a row, each of blocks with a checksum.

use std::io;

use bzip2::{Decompress, Status};

use super::Context;
use super::decoder::{Codec, Next, State, Step};
use super::memory::Reserved;

const MAGIC: &[u8] = b"BZh";

/// What decompressing holds for each 100,000 bytes of a block, in bytes; the manual says so.
const MEMORY_BYTES_PER_LEVEL: u64 = 400_000;

/// What it holds beside that, in bytes.
const MEMORY_BYTES: u64 = 100_000;

pub(super) struct Bzip2 {
    stream: Decompress,
    _memory: Reserved,
}

impl Bzip2 {
    pub(super) fn new(context: &Context) -> io::Result<Self> {
        let most = MEMORY_BYTES + 9 * MEMORY_BYTES_PER_LEVEL;
        Ok(Bzip2 {
            stream: Decompress::new(false),
            _memory: context.reserve(Self::FORMAT, most)?,
        })
    }
}

impl Codec for Bzip2 {
    const FORMAT: &'static str = "bzip2";
    const MAY_TRAIL: bool = false;

    fn begin(&mut self, head: &[u8], _: &Context) -> io::Result<Next> {
        if !head.starts_with(MAGIC) {
            return Ok(Next::Foreign);
        }
        self.stream = Decompress::new(false);
        Ok(Next::Frame)
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        let (taken, given) = (self.stream.total_in(), self.stream.total_out());
        let status = self.stream.decompress(input, out);
        let since = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(usize::MAX);
        Step {
            taken: since(self.stream.total_in(), taken),
            given: since(self.stream.total_out(), given),
            state: match status {
                Ok(Status::StreamEnd) => State::Ended,
                Ok(_) => State::Within,
                Err(error) => State::Damaged(error.to_string()),
            },
        }
    }
}
