//! lz4 frames in a row, among them frames to be skipped.
//!
//! The library reads for itself and takes an end within a frame for the frame's end; so it gets
//! one frame at a time, and a reader that remembers whether it was asked for more than there is.
//! Frames of the time before the present format are read block by block (`legacy`).

mod legacy;

use std::io::{self, Read};

use lz4_flex::frame::FrameDecoder;

use legacy::Legacy;

use super::Context;
use super::fault::{cut_short, damaged, refused};
use super::memory::Reserved;
use super::source::Source;
use super::zstd::skippable_len;
use crate::wording::reasons;

const FORMAT: &str = "lz4";
const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];

/// The length of the shortest frame header, in bytes.
const HEADER_BYTES: usize = 7;

/// Whether a frame's first byte after the magic says that it needs a dictionary.
const NEEDS_DICTIONARY: u8 = 1;

/// The text of all frames in a row.
pub(super) struct Lz4<R: Read> {
    state: State<R>,
    has_begun: bool,
    context: Context,
    memory: Option<Reserved>,
}

enum State<R: Read> {
    Between(Source<R>),
    Within(Box<FrameDecoder<Watched<R>>>),
    Legacy(Box<Legacy<R>>),
    Over,
}

/// A source that knows whether more was wanted of it than it had.
struct Watched<R> {
    source: Source<R>,
    has_failed: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out);
        self.has_failed |= !out.is_empty() && matches!(read, Ok(0));
        read
    }
}

impl<R: Read> Lz4<R> {
    pub(super) fn new(source: Source<R>, context: Context) -> Self {
        Lz4 {
            state: State::Between(source),
            has_begun: false,
            context,
            memory: None,
        }
    }

    /// Passes from between two frames into the next, or to the end.
    fn begin_frame(&mut self, mut source: Source<R>) -> io::Result<()> {
        if self.has_begun && !source.skip_padding()? {
            return Ok(());
        }
        let at = source.position();
        let head = source.peek(HEADER_BYTES)?;
        if head.is_empty() {
            return Ok(());
        }
        self.has_begun = true;
        if let Some(len) = skippable_len(head) {
            if source.skip(len)? < len {
                return Err(cut_short(FORMAT, source.position()));
            }
            self.state = State::Between(source);
            return Ok(());
        }
        let is_legacy = head.starts_with(&legacy::MAGIC);
        let memory_bytes = match is_legacy {
            true => legacy::MEMORY_BYTES,
            false => memory_bytes(head, at)?,
        };
        self.memory = None;
        self.memory = Some(self.context.reserve(FORMAT, memory_bytes)?);
        self.state = match is_legacy {
            true => {
                source.advance(legacy::MAGIC.len());
                State::Legacy(Box::new(Legacy::new(source)))
            }
            false => State::Within(Box::new(FrameDecoder::new(Watched {
                source,
                has_failed: false,
            }))),
        };
        Ok(())
    }

    /// Reads of the frame at hand; `0` where it has ended.
    fn read_frame(
        &mut self,
        mut frame: Box<FrameDecoder<Watched<R>>>,
        out: &mut [u8],
    ) -> io::Result<usize> {
        let read = frame.read(out);
        let watched = frame.get_ref();
        let at = watched.source.position();
        match read {
            Ok(0) if watched.has_failed => Err(cut_short(FORMAT, at)),
            Ok(0) => {
                self.state = State::Between(frame.into_inner().source);
                Ok(0)
            }
            Ok(read) => {
                self.state = State::Within(frame);
                self.allow(read)
            }
            Err(_) if watched.has_failed => Err(cut_short(FORMAT, at)),
            Err(error) if is_of_the_format(&error) => Err(damaged(FORMAT, at, &error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// The same of a frame of the time before.
    fn read_legacy(&mut self, mut frame: Box<Legacy<R>>, out: &mut [u8]) -> io::Result<usize> {
        match frame.read(out)? {
            0 => {
                self.state = State::Between(frame.into_source());
                Ok(0)
            }
            read => {
                self.state = State::Legacy(frame);
                self.allow(read)
            }
        }
    }

    /// How much of what was read may come out.
    fn allow(&mut self, read: usize) -> io::Result<usize> {
        match self.context.allow(read) {
            0 => {
                self.state = State::Over;
                Err(self.context.beyond_limit())
            }
            allowed => Ok(allowed),
        }
    }
}

/// Whether an error is the library's own; others come from what it reads.
fn is_of_the_format(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(|inner| inner.is::<lz4_flex::frame::Error>())
}

/// What the frame takes that begins with `head`, at this byte: a block, and two more with the window
/// before them.
fn memory_bytes(head: &[u8], at: u64) -> io::Result<u64> {
    if !head.starts_with(&MAGIC) {
        let what = reasons::damage::no_beginning(FORMAT);
        return Err(damaged(FORMAT, at, &what));
    }
    let &[_, _, _, _, flags, descriptor, _, ..] = head else {
        return Err(cut_short(FORMAT, at + head.len() as u64));
    };
    if flags & NEEDS_DICTIONARY != 0 {
        return Err(refused(reasons::lz4_dictionary()));
    }
    let block_bytes = 1_u64 << (8 + 2 * u32::from(descriptor >> 4 & 0b111));
    Ok(3 * block_bytes + 64 * 1024)
}

impl<R: Read> Read for Lz4<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(source) => self.begin_frame(source)?,
                State::Within(frame) => match self.read_frame(frame, out)? {
                    0 => {}
                    read => return Ok(read),
                },
                State::Legacy(frame) => match self.read_legacy(frame, out)? {
                    0 => {}
                    read => return Ok(read),
                },
            }
        }
        Ok(0)
    }
}
