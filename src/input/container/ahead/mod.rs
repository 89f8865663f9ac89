//! Decompresses what comes next on idle threads, and gives the text in order.
//!
//! A text whose compressed form tells where parts of it end, without decompressing it, is read in
//! pieces, each by an ordinary decoder. A piece is whatever thread takes it first: an idle one, or
//! the reader when its turn comes. So nobody waits for help that does not come, and text, faults
//! and offsets are those of reading in order. What a piece takes is set aside before it is begun.

mod bgzf;
mod frames;
mod piece;
#[cfg(test)]
mod tests;
mod xz;
mod zstd;

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use super::Context;
use super::decoder::{Codec, Decoder};
use super::source::Source;

pub(super) use bgzf::{Bgzf, LEAST_BGZF_BYTES, is_bgzf};
use piece::{Piece, Slot, Text};
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

/// What a part of a text takes to be decompressed ahead, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    /// The length of the text, as far as it is stated, or a guess.
    text: u64,
    /// What the decoder holds.
    memory: u64,
}

impl Need {
    fn and(self, other: Need) -> Need {
        Need {
            text: self.text.saturating_add(other.text),
            memory: self.memory.max(other.memory),
        }
    }
}

/// The next part of the compressed bytes: what was read of them, what is still to be read of the
/// source, and what is to stand behind that.
pub(super) struct Stretch {
    front: Vec<u8>,
    /// What `front` begins with has this offset.
    offset: u64,
    left: u64,
    back: Vec<u8>,
    /// What it takes to be read ahead, if it can be.
    need: Option<Need>,
}

impl Stretch {
    /// All that follows.
    fn rest(front: Vec<u8>, offset: u64) -> Self {
        Stretch {
            front,
            offset,
            left: u64::MAX,
            back: Vec::new(),
            need: None,
        }
    }
}

/// Finds the parts of a compressed text without decompressing it.
pub(super) trait Parts {
    /// What decompresses them.
    type Codec: Codec + Send + 'static;

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
pub(super) struct Ahead<P: Parts, R: Read> {
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
    spare: Vec<Vec<u8>>,
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
    pub(super) fn new(parts: P, source: Source<R>, helpers: Helpers, context: Context) -> Self {
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
        let text_bytes = need.text.min(MOST_TEXT_BYTES);
        let known = (stretch.front.len() + stretch.back.len()) as u64;
        let bytes = [stretch.left, text_bytes, need.memory]
            .into_iter()
            .fold(known, u64::saturating_add);
        let may_take_turn = self.helpers.may_take_turn;
        let Some(memory) = self.context.account.try_reserve(bytes, may_take_turn) else {
            return Err(stretch);
        };
        if !read_whole(source, &mut stretch) {
            return Err(Stretch {
                need: None,
                ..stretch
            });
        }
        stretch.front.append(&mut stretch.back);
        Ok(Piece {
            bytes: stretch.front,
            offset: stretch.offset,
            text: self.spare.pop().unwrap_or_default(),
            text_bytes: usize::try_from(text_bytes).unwrap_or_default(),
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
        let codec = P::codec(&self.context)?;
        let offset = stretch.offset;
        let lent = Lent {
            front: Cursor::new(stretch.front),
            source: self.source.take(),
            left: stretch.left,
            back: Cursor::new(stretch.back),
        };
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
                if lent.left == u64::MAX {
                    self.next = Some(Next::Nothing);
                }
                self.source = lent.source;
            }
        }
    }
}

impl<P: Parts, R: Read> Read for Ahead<P, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            if matches!(self.current, Current::None) && !self.advance()? {
                break;
            }
            let read = match &mut self.current {
                Current::None => Ok(0),
                Current::Piece(text) => text.read(out),
                Current::InOrder(decoder) => decoder.read(out),
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

/// Reads the whole of `stretch`; where there is less, or reading fails, what was read is in it.
fn read_whole<R: Read>(source: &mut Source<R>, stretch: &mut Stretch) -> bool {
    let before = stretch.front.len();
    let wanted = usize::try_from(stretch.left).unwrap_or_default();
    stretch.front.reserve_exact(wanted + stretch.back.len());
    // What reading fails with is met again where the text ends that was read before.
    let read = source
        .by_ref()
        .take(stretch.left)
        .read_to_end(&mut stretch.front);
    stretch.left -= (stretch.front.len() - before) as u64;
    read.is_ok() && stretch.left == 0
}

/// A source that is lent for a part of what it has.
struct Lent<R: Read> {
    front: Cursor<Vec<u8>>,
    source: Option<Source<R>>,
    left: u64,
    back: Cursor<Vec<u8>>,
}

impl<R: Read> Read for Lent<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.front.read(out)?;
        if read > 0 || out.is_empty() {
            return Ok(read);
        }
        if self.left == 0 {
            return self.back.read(out);
        }
        let most = usize::try_from(self.left).map_or(out.len(), |left| left.min(out.len()));
        let source = self.source.as_mut();
        let read = source.map_or(Ok(0), |source| source.read(&mut out[..most]))?;
        if self.left < u64::MAX {
            self.left -= read as u64;
        }
        Ok(read)
    }
}
