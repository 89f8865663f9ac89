//! lz4 frames in a row, among them frames to be skipped.
//!
//! The library reads for itself and takes an end within a frame for the frame's end; so it gets
//! one frame at a time, and a reader that remembers whether it was asked for more than there is.

use std::io::{self, Read};

use lz4_flex::frame::FrameDecoder;

use super::Context;
use super::fault::{cut_short, damaged, refused};
use super::memory::Reserved;
use super::source::Source;
use super::zstd::skippable_len;

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
        if !head.starts_with(&MAGIC) {
            let what = "expected the beginning of lz4 data";
            return Err(damaged(FORMAT, at, what));
        }
        if head.len() < HEADER_BYTES {
            return Err(cut_short(FORMAT, at + head.len() as u64));
        }
        if head[4] & NEEDS_DICTIONARY != 0 {
            return Err(refused(String::from(
                "its lz4 data were compressed with a dictionary, expected data without one",
            )));
        }
        self.memory = None;
        self.memory = Some(self.context.reserve(FORMAT, memory_bytes(head[5]))?);
        self.state = State::Within(Box::new(FrameDecoder::new(Watched {
            source,
            has_failed: false,
        })));
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
                let allowed = self.context.allow(read);
                if allowed == 0 {
                    return Err(self.context.beyond_limit());
                }
                self.state = State::Within(frame);
                Ok(allowed)
            }
            Err(_) if watched.has_failed => Err(cut_short(FORMAT, at)),
            Err(error) if is_of_the_format(&error) => Err(damaged(FORMAT, at, &error.to_string())),
            Err(error) => Err(error),
        }
    }
}

/// Whether an error is the library's own; others come from what it reads.
fn is_of_the_format(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(|inner| inner.is::<lz4_flex::frame::Error>())
}

/// What a frame with this block descriptor takes: a block, and two more with the window before them.
fn memory_bytes(descriptor: u8) -> u64 {
    let block_bytes = 1_u64 << (8 + 2 * u32::from(descriptor >> 4 & 0b111));
    3 * block_bytes + 64 * 1024
}

impl<R: Read> Read for Lz4<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(source) => self.begin_frame(source)?,
                State::Within(frame) => {
                    let read = self.read_frame(frame, out)?;
                    if read > 0 {
                        return Ok(read);
                    }
                }
            }
        }
        Ok(0)
    }
}
