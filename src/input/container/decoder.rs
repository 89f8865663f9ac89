//! Reads what a codec decompresses, frame after frame.
//!
//! A codec only turns bytes into bytes. Where frames begin and end, what stands between them and
//! behind the last, and what a fault is called, is decided here, and is the same for every format.

use std::borrow::BorrowMut;
use std::io::{self, Read};
use std::marker::PhantomData;

use super::Context;
use super::fault::{cut_short, damaged};
use super::source::Source;
use crate::wording::reasons::damage;
use crate::wording::remarks;

/// How much of a frame's beginning a codec sees before it begins, in bytes.
pub(super) const HEAD_BYTES: usize = 32;

/// What one step of a codec has done.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// Bytes of the input that are done with.
    pub(super) taken: usize,
    /// Bytes of text that were written.
    pub(super) given: usize,
    /// Whether the frame has ended, or what is wrong with it.
    pub(super) state: State,
}

#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Within,
    Ended,
    Damaged(String),
    /// The next step needs memory that is refused.
    Refused(io::Error),
}

/// What stands where a frame may begin.
pub(super) enum Next {
    /// A frame, which the codec is ready for.
    Frame,
    /// So many bytes that are no text.
    Skip(u64),
    /// Nothing of the format.
    Foreign,
    /// What was meant to be a frame.
    Broken(String),
}

/// Decompresses frames of one format.
pub(super) trait Codec {
    /// What the format is called.
    const FORMAT: &'static str;

    /// Whether whatever follows the last frame is passed over, with a remark.
    const MAY_TRAIL: bool;

    /// Gets ready for the frame that begins with `head`.
    ///
    /// # Errors
    ///
    /// Returns why the frame cannot be read though it is whole.
    fn begin(&mut self, head: &[u8], context: &Context) -> io::Result<Next>;

    /// How many bytes the next step should have at hand, where there are so many. What is damaged is
    /// then told by its own place, and not by what happened to be read at a time.
    fn wanted(&self) -> usize {
        1
    }

    /// Decompresses from `input`, of which more may come, into `out`.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step;
}

/// The text of all frames in a row.
///
/// The source is its own, or borrowed where something follows in it.
pub(super) struct Decoder<C, R, S = Source<R>> {
    source: S,
    _reader: PhantomData<R>,
    codec: C,
    /// Whether the first frame is all.
    is_single: bool,
    context: Context,
    is_within: bool,
    /// Whether a frame has been read.
    has_begun: bool,
    is_over: bool,
    /// What is returned when the text before it is.
    fault: Option<io::Error>,
}

impl<C: Codec, R: Read, S: BorrowMut<Source<R>>> Decoder<C, R, S> {
    /// Decompresses all frames that `source` has from here on.
    pub(super) fn over(source: S, codec: C, context: Context) -> Self {
        Decoder {
            source,
            _reader: PhantomData,
            codec,
            is_single: false,
            context,
            is_within: false,
            has_begun: false,
            is_over: false,
            fault: None,
        }
    }

    /// The same for the next frame alone.
    pub(super) fn single(source: S, codec: C, context: Context) -> Self {
        Decoder {
            is_single: true,
            ..Decoder::over(source, codec, context)
        }
    }

    /// The same where frames of the same text were read before.
    pub(super) fn after_others(source: S, codec: C, context: Context) -> Self {
        Decoder {
            has_begun: true,
            ..Decoder::over(source, codec, context)
        }
    }

    /// What it reads.
    pub(super) fn into_source(self) -> S {
        self.source
    }

    /// What follows the frames that were read.
    pub(super) fn source(&mut self) -> &mut Source<R> {
        self.source.borrow_mut()
    }

    /// Finds the next frame; `false` where there is none.
    fn begin_frame(&mut self) -> io::Result<bool> {
        if self.has_begun && (self.is_single || !self.source().skip_padding()?) {
            return Ok(false);
        }
        let source = self.source.borrow_mut();
        let at = source.position();
        let head = source.peek(HEAD_BYTES)?;
        if head.is_empty() && !self.is_single {
            return Ok(false);
        }
        match self.codec.begin(head, &self.context)? {
            Next::Frame => self.is_within = true,
            Next::Skip(len) => {
                if source.skip(len)? < len {
                    return Err(cut_short(C::FORMAT, source.position()));
                }
            }
            Next::Foreign if self.has_begun && C::MAY_TRAIL => {
                let len = source.skip(u64::MAX)?;
                let remark = remarks::trailing_data(len, at, C::FORMAT);
                self.context.remark(remark);
                return Ok(false);
            }
            Next::Foreign => {
                let what = damage::no_beginning(C::FORMAT);
                return Err(damaged(C::FORMAT, at, &what));
            }
            Next::Broken(what) => return Err(damaged(C::FORMAT, at, &what)),
        }
        self.has_begun = true;
        Ok(true)
    }

    /// Decompresses some of the frame; `0` where it only read, or the frame has ended.
    fn read_frame(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let source = self.source.borrow_mut();
        let input = source.peek(self.codec.wanted())?;
        let is_at_end = input.is_empty();
        let step = self.codec.step(input, out);
        source.advance(step.taken);
        let at = source.position();
        match step.state {
            State::Ended => self.is_within = false,
            State::Damaged(what) => self.fault = Some(damaged(C::FORMAT, at, &what)),
            State::Refused(error) => self.fault = Some(error),
            State::Within if step.taken == 0 && step.given == 0 => {
                self.fault = Some(match is_at_end {
                    true => cut_short(C::FORMAT, at),
                    false => damaged(C::FORMAT, at, &damage::leads_nowhere()),
                });
            }
            State::Within => {}
        }
        Ok(step.given)
    }
}

impl<C: Codec, R: Read, S: BorrowMut<Source<R>>> Read for Decoder<C, R, S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.is_over && !out.is_empty() {
            if let Some(fault) = self.fault.take() {
                self.is_over = true;
                return Err(fault);
            }
            if !self.is_within {
                let begun = self.begin_frame();
                self.is_over = !matches!(begun, Ok(true));
                begun?;
                continue;
            }
            let given = self.read_frame(out)?;
            let allowed = self.context.allow(given);
            if allowed < given {
                self.fault = Some(self.context.beyond_limit());
            }
            if allowed > 0 {
                return Ok(allowed);
            }
        }
        Ok(0)
    }
}
