//! A part of a compressed text that is decompressed by whoever comes first.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::input::container::Context;
use crate::input::container::decoder::{Codec, Decoder};
use crate::input::container::memory::Reserved;
use crate::input::container::source::Source;

/// What is to be decompressed.
pub(super) struct Piece<C> {
    pub(super) bytes: Vec<u8>,
    /// What `bytes` begin with has this offset.
    pub(super) offset: u64,
    /// Where the text is held, as much as there is room for.
    pub(super) buffer: Buffer,
    pub(super) context: Context,
    pub(super) new_codec: fn(&Context) -> io::Result<C>,
    pub(super) memory: Reserved,
}

/// Room for text, which is set aside as long as this is there.
pub(super) struct Buffer {
    text: Vec<u8>,
    memory: Reserved,
}

impl Buffer {
    /// Room for so many bytes, which are set aside already.
    pub(super) fn new(bytes: u64, memory: Reserved) -> Option<Self> {
        let text = vec![0; usize::try_from(bytes).ok()?];
        Some(Buffer { text, memory })
    }

    /// How much there is room for.
    pub(super) fn bytes(&self) -> u64 {
        self.memory.bytes()
    }
}

/// The text of a piece.
pub(super) struct Text<C: Codec> {
    buffer: Buffer,
    /// The part of `buffer` that is still to be given.
    start: usize,
    end: usize,
    rest: Rest<C>,
    _memory: Reserved,
}

/// What follows the text that is held.
enum Rest<C: Codec> {
    Nothing,
    More(Box<Decoder<C, io::Empty>>),
    Fault(io::Error),
}

impl<C: Codec> Piece<C> {
    /// A reader of the text, of which nothing is held yet.
    fn open(self) -> io::Result<Text<C>> {
        let codec = (self.new_codec)(&self.context)?;
        let source = Source::whole(io::empty(), self.bytes, self.offset);
        Ok(Text {
            buffer: self.buffer,
            start: 0,
            end: 0,
            rest: Rest::More(Box::new(Decoder::over(source, codec, self.context))),
            _memory: self.memory,
        })
    }

    /// The text, as much as is to be held.
    fn decompress(self) -> io::Result<Text<C>> {
        let mut text = self.open()?;
        while let Rest::More(decoder) = &mut text.rest
            && text.end < text.buffer.text.len()
        {
            match decoder.read(&mut text.buffer.text[text.end..]) {
                Ok(0) => text.rest = Rest::Nothing,
                Ok(read) => text.end += read,
                Err(error) => text.rest = Rest::Fault(error),
            }
        }
        Ok(text)
    }
}

impl<C: Codec> Text<C> {
    /// Its buffer, to be used again.
    pub(super) fn into_buffer(self) -> Buffer {
        self.buffer
    }
}

impl<C: Codec> Read for Text<C> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = out.len().min(self.end - self.start);
        if len > 0 {
            out[..len].copy_from_slice(&self.buffer.text[self.start..self.start + len]);
            self.start += len;
            return Ok(len);
        }
        match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Nothing => Ok(0),
            Rest::Fault(error) => Err(error),
            Rest::More(mut decoder) => {
                let read = decoder.read(out)?;
                if read > 0 {
                    self.rest = Rest::More(decoder);
                }
                Ok(read)
            }
        }
    }
}

/// A piece under way.
pub(super) struct Slot<C: Codec> {
    state: Mutex<State<C>>,
    is_done: Condvar,
}

enum State<C: Codec> {
    Waiting(Piece<C>),
    Begun,
    Done(io::Result<Text<C>>),
    Forgotten,
}

impl<C: Codec> Slot<C> {
    pub(super) fn new(piece: Piece<C>) -> Self {
        Slot {
            state: Mutex::new(State::Waiting(piece)),
            is_done: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the piece, unless somebody has begun with it.
    fn begin(&self) -> Option<Piece<C>> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Begun) {
            State::Waiting(piece) => Some(piece),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Decompresses the piece, unless somebody has begun with it; whether that was so.
    pub(super) fn decompress(&self) -> bool {
        let Some(piece) = self.begin() else {
            return false;
        };
        let text = piece.decompress();
        let mut state = self.lock();
        if matches!(*state, State::Begun) {
            *state = State::Done(text);
        }
        self.is_done.notify_all();
        true
    }

    /// Forgets the piece, which nobody will read.
    pub(super) fn forget(&self) {
        *self.lock() = State::Forgotten;
    }

    /// The text, as soon as it is there. Meanwhile others of the pieces are decompressed.
    pub(super) fn text(&self, others: &VecDeque<Arc<Slot<C>>>) -> io::Result<Text<C>> {
        if let Some(piece) = self.begin() {
            return piece.open();
        }
        for other in others {
            if matches!(*self.lock(), State::Begun) {
                other.decompress();
            }
        }
        let is_begun = |state: &mut State<C>| matches!(state, State::Begun);
        let state = self.is_done.wait_while(self.lock(), is_begun);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Forgotten) {
            State::Done(text) => text,
            // Only who reads the text forgets it.
            _ => Err(io::Error::other("a piece was forgotten")),
        }
    }
}
