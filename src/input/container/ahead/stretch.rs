//! Parts of compressed bytes, as far as they are found without decompressing them.

use std::io::{self, Cursor, Read};

use crate::input::container::source::Source;

/// What a part of a text takes to be decompressed ahead, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::input::container) struct Need {
    /// The length of the text, as far as it is stated, or a guess.
    pub(super) text: u64,
    /// What the decoder holds.
    pub(super) memory: u64,
}

impl Need {
    pub(super) fn and(self, other: Need) -> Need {
        Need {
            text: self.text.saturating_add(other.text),
            memory: self.memory.max(other.memory),
        }
    }
}

/// The next part of the compressed bytes: what was read of them, what is still to be read of the
/// source, and what is to stand behind that.
pub(in crate::input::container) struct Stretch {
    pub(super) front: Vec<u8>,
    /// What `front` begins with has this offset.
    pub(super) offset: u64,
    pub(super) left: u64,
    pub(super) back: Vec<u8>,
    /// What it takes to be read ahead, if it can be.
    pub(super) need: Option<Need>,
}

impl Stretch {
    /// All that follows.
    pub(super) fn rest(front: Vec<u8>, offset: u64) -> Self {
        Stretch {
            front,
            offset,
            left: u64::MAX,
            back: Vec::new(),
            need: None,
        }
    }

    /// Reads all that is left; where there is less, or reading fails, what was read is in it.
    pub(super) fn read_whole(&mut self, source: &mut Source<impl Read>) -> bool {
        let before = self.front.len();
        let wanted = usize::try_from(self.left).unwrap_or_default();
        self.front.reserve_exact(wanted + self.back.len());
        // What reading fails with is met again where the text ends that was read before.
        let mut left = source.by_ref().take(self.left);
        let read = left.read_to_end(&mut self.front);
        self.left -= (self.front.len() - before) as u64;
        read.is_ok() && self.left == 0
    }

    /// A reader of it, to which the source is lent.
    pub(super) fn over<R: Read>(self, source: Option<Source<R>>) -> Lent<R> {
        Lent {
            front: Cursor::new(self.front),
            source,
            left: self.left,
            back: Cursor::new(self.back),
        }
    }
}

/// A source that is lent for a part of what it has.
pub(super) struct Lent<R: Read> {
    front: Cursor<Vec<u8>>,
    source: Option<Source<R>>,
    left: u64,
    back: Cursor<Vec<u8>>,
}

impl<R: Read> Lent<R> {
    /// The source, and whether it was lent for all that it has.
    pub(super) fn into_source(self) -> (Option<Source<R>>, bool) {
        (self.source, self.left == u64::MAX)
    }
}

impl<R: Read> Read for Lent<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.front.read(out)?;
        if read > 0 || out.is_empty() {
            return Ok(read);
        }
        self.front = Cursor::default();
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
