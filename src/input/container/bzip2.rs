//! bzip2: streams in a row, each of blocks with a checksum.

use std::io;
use std::mem;
use std::ops::Range;

use bzip2::{Decompress, Status};

use super::Context;
use super::decoder::{Codec, Next, State, Step};
use super::memory::Reserved;

const MAGIC: &[u8] = b"BZh";

/// What decompressing holds for each 100,000 bytes of a block, in bytes; the manual says so.
const MEMORY_BYTES_PER_LEVEL: u64 = 400_000;

/// What it holds beside that, in bytes.
const MEMORY_BYTES: u64 = 100_000;

/// How much text is taken from a block at a time, in bytes. The text of the time at which a block
/// turns out to be damaged may be lost.
const TEXT_BYTES: usize = 4096;

pub(super) struct Bzip2 {
    stream: Decompress,
    /// Text that was taken from the block, and what of it is not handed out yet.
    text: Box<[u8]>,
    rest: Range<usize>,
    /// What follows that text.
    next: State,
    _memory: Reserved,
}

impl Bzip2 {
    pub(super) fn new(context: &Context) -> io::Result<Self> {
        let most = MEMORY_BYTES + 9 * MEMORY_BYTES_PER_LEVEL;
        Ok(Bzip2 {
            stream: Decompress::new(false),
            text: vec![0; TEXT_BYTES].into(),
            rest: 0..0,
            next: State::Within,
            _memory: context.reserve(Self::FORMAT, most)?,
        })
    }

    /// Takes text from the block that was read, or else reads `input`. Returns how much of that.
    ///
    /// Never both at once: how much text comes before a fault would hang on how the input is divided.
    fn advance(&mut self, input: &[u8]) -> usize {
        let (_, given) = self.decompress(&[], true);
        self.rest = 0..given;
        match self.next {
            State::Within if given == 0 => self.decompress(input, false).0,
            _ => 0,
        }
    }

    /// Returns how much was read and written.
    fn decompress(&mut self, input: &[u8], takes_text: bool) -> (usize, usize) {
        let (taken, given) = (self.stream.total_in(), self.stream.total_out());
        let text = if takes_text {
            &mut self.text[..]
        } else {
            &mut []
        };
        self.next = match self.stream.decompress(input, text) {
            Ok(Status::StreamEnd) => State::Ended,
            Ok(_) => State::Within,
            Err(error) => State::Damaged(error.to_string()),
        };
        let since = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(usize::MAX);
        (
            since(self.stream.total_in(), taken),
            since(self.stream.total_out(), given),
        )
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
        let taken = match self.rest.is_empty() {
            true => self.advance(input),
            false => 0,
        };
        let given = self.rest.len().min(out.len());
        out[..given].copy_from_slice(&self.text[self.rest.start..][..given]);
        self.rest.start += given;
        Step {
            taken,
            given,
            state: match self.rest.is_empty() {
                true => mem::take(&mut self.next),
                false => State::Within,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::input::container::decoder::Decoder;
    use crate::input::container::source::Source;

    /// Gives so many bytes at a time.
    struct Dripping<'p>(&'p [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let len = self.1.min(out.len());
            self.0.read(&mut out[..len])
        }
    }

    /// What comes out of `packed` where so much is read at a time, and whether it ends in a fault. The
    /// byte that is named is up to eight further on where the library has read so far.
    fn decompressed(packed: Dripping<'_>, step: usize) -> (Vec<u8>, bool) {
        let context = Context::alone();
        let codec = Bzip2::new(&context).expect("there is memory");
        let mut decoder = Decoder::over(Source::new(packed), codec, context);
        let (mut text, mut part) = (Vec::new(), vec![0; step]);
        loop {
            match decoder.read(&mut part) {
                Ok(0) => return (text, false),
                Ok(len) => text.extend_from_slice(&part[..len]),
                Err(_) => return (text, true),
            }
        }
    }

    #[test]
    fn how_much_comes_before_a_fault_does_not_hang_on_how_much_is_read_at_a_time() {
        let sound = include_bytes!("../../../tests/data/packed/bzip2-streams.bz2");
        let mut damaged = sound.to_vec();
        let mut parts = 0;
        for bit in 0..damaged.len() * 8 {
            damaged[bit / 8] ^= 1 << (bit % 8);
            let whole = decompressed(Dripping(&damaged, usize::MAX), 1 << 18);
            for (drip, step) in [(1, 1 << 18), (usize::MAX, 1), (100, 7), (13, 512)] {
                let other = decompressed(Dripping(&damaged, drip), step);
                assert_eq!(whole, other, "bit {bit}, {drip} bytes in, {step} out");
            }
            parts += usize::from(whole.1 && !whole.0.is_empty());
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
        assert!(parts > 100, "{parts} have text before the fault");
    }
}
