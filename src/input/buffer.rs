//! Memory that is read into again and again.

use std::ops::Deref;

/// Bytes that were read, in memory that is zeroed once: what it held before is read over.
#[derive(Debug, Default)]
pub struct ReadBuffer {
    memory: Vec<u8>,
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
        if end > self.memory.len() {
            self.memory.reserve_exact(end - self.memory.len());
            self.memory.resize(end, 0);
        }
        &mut self.memory[self.len..end]
    }

    /// Adds the first `bytes` of the room.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.len += bytes;
    }
}

impl Deref for ReadBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[..self.len]
    }
}

impl From<Vec<u8>> for ReadBuffer {
    fn from(memory: Vec<u8>) -> Self {
        ReadBuffer {
            len: memory.len(),
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
        buffer.truncate(0);
        assert_eq!(*buffer, *b"");
    }
}
