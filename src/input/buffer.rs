//! Memory that is read into again and again.

use std::ops::Deref;

/// Where the bytes begin: at a whole line of the cache, because all of them are looked at by vectors as
/// long as one. From elsewhere newlines are counted at 61 instead of 100 GB/s, and fragments found at
/// 20 instead of 27 (Intel with AVX-512, text in the second-level cache).
const ALIGNMENT: usize = 64;

/// Bytes that were read, in memory that is zeroed once: what it held before is read over.
#[derive(Debug, Default)]
pub struct ReadBuffer {
    memory: Vec<u8>,
    /// Where in `memory` the bytes begin.
    start: usize,
    len: usize,
}

impl ReadBuffer {
    /// Drops all from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Adds a copy of `bytes`.
    pub(crate) fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// As many bytes to read into; what is in them counts with [`Self::add`] alone.
    pub(crate) fn room(&mut self, bytes: usize) -> &mut [u8] {
        let end = self.len + bytes;
        if self.start + end > self.memory.len() {
            self.grow(end);
        }
        &mut self.memory[self.start..][self.len..end]
    }

    /// Moves the bytes to memory for so many.
    fn grow(&mut self, bytes: usize) {
        let mut memory = vec![0; bytes + ALIGNMENT];
        // An offset that cannot be told is a great number.
        let start = memory.as_ptr().align_offset(ALIGNMENT) % ALIGNMENT;
        memory[start..][..self.len].copy_from_slice(self);
        (self.memory, self.start) = (memory, start);
    }

    /// Adds the first `bytes` of the room.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.len += bytes;
    }
}

impl Deref for ReadBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.start..][..self.len]
    }
}

impl From<Vec<u8>> for ReadBuffer {
    fn from(memory: Vec<u8>) -> Self {
        ReadBuffer {
            len: memory.len(),
            start: 0,
            memory,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_is_gone_until_it_is_read_over() {
        let mut buffer = ReadBuffer::from(b"before".to_vec());

        buffer.truncate(2);
        buffer.extend_from_slice(b"-");
        let room = buffer.room(7);
        room[..3].copy_from_slice(b"new");
        buffer.add(3);

        assert_eq!(*buffer, *b"be-new");
        assert_eq!(buffer.as_ptr().align_offset(ALIGNMENT), 0);
        buffer.truncate(0);
        assert_eq!(*buffer, *b"");
    }
}
