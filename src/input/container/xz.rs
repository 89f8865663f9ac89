//! xz: streams in a row, each of blocks with a checksum.
//!
//! The library begins with next to no memory and stops where a block needs more. What it needs
//! can only be asked by trying limits, which is done by halving; then it is set aside.

use std::io;

use liblzma::stream::{Action, Error, Status, Stream};

use super::Context;
use super::decoder::{Codec, Next, State, Step};
use super::fault::refused;
use super::memory::Reserved;
use crate::wording::reasons;

const MAGIC: &[u8] = b"\xfd7zXZ\0";

/// What the library may hold without asking, in bytes.
const LEAST_BYTES: u64 = 64 * 1024;

/// More than any block needs: the greatest dictionary has 4 GiB.
const MOST_BYTES: u64 = 1 << 40;

pub(super) struct Xz {
    stream: Stream,
    context: Context,
    memory: Vec<Reserved>,
}

impl Xz {
    pub(super) fn new(context: &Context) -> io::Result<Self> {
        Ok(Xz {
            stream: new_stream(LEAST_BYTES)?,
            context: context.clone(),
            memory: Vec::new(),
        })
    }

    /// Lets the library have what it has asked for.
    fn hold(&mut self) -> io::Result<()> {
        let before = self.stream.memlimit();
        let (mut less, mut enough) = (before, MOST_BYTES);
        while enough - less > 1 {
            let between = less + (enough - less) / 2;
            match self.stream.set_memlimit(between) {
                Ok(()) => enough = between,
                Err(_) => less = between,
            }
        }
        self.memory
            .push(self.context.reserve(Self::FORMAT, enough - before)?);
        let set = self.stream.set_memlimit(enough);
        set.map_err(|error| refused(reasons::xz_unreadable(&error.to_string())))
    }
}

fn new_stream(limit: u64) -> io::Result<Stream> {
    Stream::new_stream_decoder(limit, 0)
        .map_err(|error| io::Error::other(reasons::xz_unreadable(&error.to_string())))
}

impl Codec for Xz {
    const FORMAT: &'static str = "xz";
    const MAY_TRAIL: bool = false;

    fn begin(&mut self, head: &[u8], _: &Context) -> io::Result<Next> {
        if !head.starts_with(MAGIC) {
            return Ok(Next::Foreign);
        }
        self.memory.clear();
        self.stream = new_stream(LEAST_BYTES)?;
        Ok(Next::Frame)
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        let (taken, given) = (self.stream.total_in(), self.stream.total_out());
        let mut status = self.stream.process(input, out, Action::Run);
        let mut state = State::Within;
        while matches!(status, Err(Error::MemLimit)) {
            if let Err(error) = self.hold() {
                state = State::Refused(error);
                break;
            }
            let done = self.since(taken, given);
            status = self
                .stream
                .process(&input[done.0..], &mut out[done.1..], Action::Run);
        }
        let (taken, given) = self.since(taken, given);
        let state = match status {
            Ok(Status::StreamEnd) => State::Ended,
            Ok(_) | Err(Error::MemLimit) => state,
            Err(error) => State::Damaged(error.to_string()),
        };
        Step {
            taken,
            given,
            state,
        }
    }
}

impl Xz {
    fn since(&self, taken: u64, given: u64) -> (usize, usize) {
        let since = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(usize::MAX);
        (
            since(self.stream.total_in(), taken),
            since(self.stream.total_out(), given),
        )
    }
}
