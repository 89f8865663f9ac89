//! gzip (RFC 1952): members in a row, each with a checksum.

use std::io;

use flate2::{Decompress, DecompressError, FlushDecompress, Status};

use super::Context;
use super::decoder::{Codec, Next, State, Step};
use super::memory::Reserved;
use crate::wording::reasons::damage;

/// What a member begins with: the magic and the only method there is.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// What inflating holds: its window and its tables, in bytes.
pub(super) const MEMORY_BYTES: u64 = 64 * 1024;

/// The binary logarithm of the greatest window that deflate has.
const WINDOW_BITS: u8 = 15;

pub(super) struct Gzip {
    member: Decompress,
    _memory: Reserved,
}

impl Gzip {
    pub(super) fn new(context: &Context) -> io::Result<Self> {
        Ok(Gzip {
            member: Decompress::new_gzip(WINDOW_BITS),
            _memory: context.reserve(Self::FORMAT, MEMORY_BYTES)?,
        })
    }
}

impl Codec for Gzip {
    const FORMAT: &'static str = "gzip";
    const MAY_TRAIL: bool = true;

    fn begin(&mut self, head: &[u8], _: &Context) -> io::Result<Next> {
        if head.starts_with(&MAGIC) {
            self.member = Decompress::new_gzip(WINDOW_BITS);
            return Ok(Next::Frame);
        }
        // A member whose magic is damaged is no garbage: the text in it is lost.
        let alike = MAGIC.iter().zip(head).filter(|(a, b)| a == b).count();
        Ok(match alike {
            2 => Next::Broken(damage::gzip_magic()),
            _ => Next::Foreign,
        })
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        inflate(&mut self.member, input, out)
    }
}

/// One step of inflating.
pub(super) fn inflate(member: &mut Decompress, input: &[u8], out: &mut [u8]) -> Step {
    let (taken, given) = (member.total_in(), member.total_out());
    let status = member.decompress(input, out, FlushDecompress::None);
    let since = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(usize::MAX);
    Step {
        taken: since(member.total_in(), taken),
        given: since(member.total_out(), given),
        state: match status {
            Ok(Status::Ok | Status::BufError) => State::Within,
            Ok(Status::StreamEnd) => State::Ended,
            Err(error) => State::Damaged(what_is_wrong(&error)),
        },
    }
}

fn what_is_wrong(error: &DecompressError) -> String {
    match error.message() {
        Some("incorrect data check") => damage::text_checksum(),
        Some("incorrect length check") => damage::text_length(),
        // What else the library says depends on how much room there is for the text.
        _ => damage::no_deflate(),
    }
}
