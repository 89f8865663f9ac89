//! Decompresses what comes next on idle threads, and gives the text in order.
//!
//! A text whose compressed form tells where parts of it end, without decompressing it, is read in
//! pieces, each by an ordinary decoder. A piece is whatever thread takes it first: an idle one, or
//! the reader when its turn comes. So nobody waits for help that does not come, and text, faults
//! and offsets are those of reading in order. What a piece takes is set aside before it is begun.

mod bgzf;
mod frames;
mod piece;
mod stretch;
#[cfg(test)]
mod tests;
mod xz;
mod zstd;

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use super::Context;
use super::decoder::{Codec, Decoder};
use super::memory::Reserved;
use super::source::Source;

pub(super) use bgzf::{Bgzf, LEAST_BGZF_BYTES, is_bgzf};
use piece::{Buffer, Piece, Slot, Text};
use stretch::{Lent, Need, Stretch};
pub(super) use xz::XzBlocks;
pub(super) use zstd::ZstdFrames;

/// Work that may be done by any thread.
pub(crate) type Work = Box<dyn FnOnce() + Send>;

/// Threads that may be idle.
#[derive(Clone)]
pub(crate) struct Helpers {
    offer: Arc<dyn Fn(Work) + Send + Sync>,
    threads: usize,
    may_take_turn: bool,
}

impl Helpers {
    /// So many threads, to which work is handed by `offer`; whether it is done is left to them.
    /// With `may_take_turn` what is read ahead may hold the memory that only one input has.
    pub(crate) fn new(
        threads: usize,
        may_take_turn: bool,
        offer: impl Fn(Work) + Send + Sync + 'static,
    ) -> Self {
        Helpers {
            offer: Arc::new(offer),
            threads,
            may_take_turn,
        }
    }

    /// The same for one of many texts, none of which may hold the memory that only one has.
    pub(super) fn without_turn(self) -> Self {
        Helpers {
            may_take_turn: false,
            ..self
        }
    }

    /// Sets memory aside for what is read ahead, if nobody has to wait for that.
    fn reserve(&self, context: &Context, bytes: u64) -> Option<Reserved> {
        context.account.try_reserve(bytes, self.may_take_turn)
    }

    /// How many pieces are under way at most: one for each thread, and one that waits for it.
    fn most_pieces(&self) -> usize {
        2 * self.threads
    }
}

impl fmt::Debug for Helpers {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{} helpers", self.threads)
    }
}

/// The most text that is held of one piece, in bytes; what is beyond is decompressed when it is read.
const MOST_TEXT_BYTES: u64 = 32 * 1024 * 1024;

/// Finds the parts of a compressed text without decompressing it.
pub(super) trait Parts {
    /// What decompresses them.
    type Codec: Codec + Send + 'static;

    /// Finds parts, if there is memory for that.
    fn new(context: &Context, helpers: &Helpers) -> Option<Self>
    where
        Self: Sized;

    /// The next part; `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns what is wrong between two parts.
    fn next<R: Read>(&mut self, source: &mut Source<R>) -> io::Result<Option<Stretch>>;

    /// What decompresses one of them.
    fn codec(context: &Context) -> io::Result<Self::Codec>;
}

/// A reader of the text that `R` holds compressed.
struct Ahead<P: Parts, R: Read> {
    parts: P,
    /// Lent to what reads in order.
    source: Option<Source<R>>,
    context: Context,
    helpers: Helpers,
    /// Pieces under way, in order.
    slots: VecDeque<Arc<Slot<P::Codec>>>,
    /// What comes after them, where that is known.
    next: Option<Next>,
    current: Current<P::Codec, R>,
    has_begun: bool,
    /// Buffers to be used again.
    spare: Vec<Buffer>,
}

/// The text that `source` holds compressed, whose parts are decompressed ahead; or the source, where
/// there is no memory for that.
pub(super) fn read_ahead<'r, P: Parts + Send + 'r, R: Read + Send + 'r>(
    source: Source<R>,
    helpers: Helpers,
    context: &Context,
) -> Result<Box<dyn Read + Send + 'r>, Source<R>> {
    match P::new(context, &helpers) {
        Some(parts) => Ok(Box::new(Ahead::new(
            parts,
            source,
            helpers,
            context.clone(),
        ))),
        None => Err(source),
    }
}

/// What comes after the pieces under way.
enum Next {
    /// A part for which there is no memory yet, or which is to be read in order.
    Part(Stretch),
    Fault(io::Error),
    Nothing,
}

/// What is being given out.
enum Current<C: Codec, R: Read> {
    None,
    Piece(Box<Text<C>>),
    InOrder(Box<Decoder<C, Lent<R>>>),
}

impl<P: Parts, R: Read> Ahead<P, R> {
    fn new(parts: P, source: Source<R>, helpers: Helpers, context: Context) -> Self {
        Ahead {
            parts,
            source: Some(source),
            context,
            helpers,
            slots: VecDeque::new(),
            next: None,
            current: Current::None,
            has_begun: false,
            spare: Vec::new(),
        }
    }

    /// Goes on to what is given out next; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        self.begin_pieces();
        if let Some(slot) = self.slots.pop_front() {
            self.current = Current::Piece(Box::new(slot.text(&self.slots)?));
            return Ok(true);
        }
        match self.next.take() {
            Some(Next::Part(stretch)) => self.read_in_order(stretch).map(|()| true),
            Some(Next::Fault(error)) => {
                self.next = Some(Next::Nothing);
                Err(error)
            }
            Some(Next::Nothing) | None => {
                self.next = Some(Next::Nothing);
                Ok(false)
            }
        }
    }

    /// Begins as many pieces as may be under way and as there is memory for.
    fn begin_pieces(&mut self) {
        while self.slots.len() < self.helpers.most_pieces()
            && let Some(source) = &mut self.source
        {
            let parts = &mut self.parts;
            let next = self
                .next
                .take()
                .unwrap_or_else(|| match parts.next(source) {
                    Ok(Some(stretch)) => Next::Part(stretch),
                    Ok(None) => Next::Nothing,
                    Err(error) => Next::Fault(error),
                });
            let Next::Part(stretch) = next else {
                self.next = Some(next);
                return;
            };
            match self.piece_of(stretch) {
                Ok(piece) => self.begin(piece),
                Err(stretch) => {
                    self.next = Some(Next::Part(stretch));
                    return;
                }
            }
        }
    }

    /// Makes a piece of a part, if it can be read ahead.
    fn piece_of(&mut self, mut stretch: Stretch) -> Result<Piece<P::Codec>, Stretch> {
        let (Some(need), Some(source)) = (stretch.need, &mut self.source) else {
            return Err(stretch);
        };
        let (helpers, context) = (&self.helpers, &self.context);
        let most = need.text.min(MOST_TEXT_BYTES);
        let fitting = self.spare.pop().filter(|buffer| buffer.bytes() >= most);
        let Some(buffer) = fitting.or_else(|| Buffer::new(most, helpers.reserve(context, most)?))
        else {
            return Err(stretch);
        };
        let known = (stretch.front.len() + stretch.back.len()) as u64;
        let bytes = known
            .saturating_add(stretch.left)
            .saturating_add(need.memory);
        let Some(memory) = helpers.reserve(context, bytes) else {
            self.spare.push(buffer);
            return Err(stretch);
        };
        if !stretch.read_whole(source) {
            return Err(Stretch {
                need: None,
                ..stretch
            });
        }
        stretch.front.append(&mut stretch.back);
        Ok(Piece {
            bytes: stretch.front,
            offset: stretch.offset,
            buffer,
            context: self.context.paid(),
            new_codec: P::codec,
            memory,
        })
    }

    fn begin(&mut self, piece: Piece<P::Codec>) {
        self.has_begun = true;
        let slot = Arc::new(Slot::new(piece));
        self.slots.push_back(Arc::clone(&slot));
        (self.helpers.offer)(Box::new(move || {
            slot.decompress();
        }));
    }

    /// Lends the source to a decoder of its own.
    fn read_in_order(&mut self, stretch: Stretch) -> io::Result<()> {
        // All memory is the decoder's.
        self.spare.clear();
        let codec = P::codec(&self.context)?;
        let offset = stretch.offset;
        let lent = stretch.over(self.source.take());
        let (source, context) = (Source::at(lent, offset), self.context.clone());
        let decoder = match self.has_begun {
            true => Decoder::after_others(source, codec, context),
            false => Decoder::over(source, codec, context),
        };
        self.has_begun = true;
        self.current = Current::InOrder(Box::new(decoder));
        Ok(())
    }

    /// Ends what was given out.
    fn end_current(&mut self) {
        match std::mem::replace(&mut self.current, Current::None) {
            Current::None => {}
            Current::Piece(text) => self.spare.push(text.into_buffer()),
            Current::InOrder(decoder) => {
                let lent = decoder.into_source().into_inner();
                let (source, is_over) = lent.into_source();
                self.source = source;
                if is_over {
                    self.next = Some(Next::Nothing);
                }
            }
        }
    }
}

impl<P: Parts, R: Read> Read for Ahead<P, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            let read = match &mut self.current {
                Current::Piece(text) => text.read(out),
                Current::InOrder(decoder) => decoder.read(out),
                Current::None => match self.advance() {
                    Ok(true) => continue,
                    Ok(false) => break,
                    Err(error) => Err(error),
                },
            };
            match read {
                Ok(0) => self.end_current(),
                Ok(read) => return Ok(read),
                Err(error) => {
                    self.give_up();
                    return Err(error);
                }
            }
        }
        Ok(0)
    }
}

impl<P: Parts, R: Read> Ahead<P, R> {
    /// Forgets what is under way.
    fn give_up(&mut self) {
        self.slots.drain(..).for_each(|slot| slot.forget());
        self.current = Current::None;
        self.source = None;
        self.next = Some(Next::Nothing);
    }
}

impl<P: Parts, R: Read> Drop for Ahead<P, R> {
    fn drop(&mut self) {
        self.give_up();
    }
}
