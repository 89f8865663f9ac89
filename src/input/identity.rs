//! What tells one text from another without reading all of it.

use std::collections::VecDeque;
use std::io;

use xxhash_rust::xxh3::Xxh3;

/// How much of a text's beginning and end is looked at, in bytes.
pub(crate) const EDGE_BYTES: usize = 64 * 1024;

/// The identity of a text, as `<length>-<xxh3-128 of the first and last 64 KiB>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TextId {
    length: u64,
    digest: u128,
}

impl TextId {
    /// Whether it is the identity of no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl std::fmt::Display for TextId {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "{}-{:032x}", self.length, self.digest)
    }
}

/// Collects the identity of a text that is read in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    length: u64,
    first: Vec<u8>,
    last: VecDeque<u8>,
}

impl Identity {
    /// Takes the next part of the text.
    pub(crate) fn update(&mut self, text: &[u8]) {
        self.length += text.len() as u64;
        let room = EDGE_BYTES - self.first.len();
        self.first.extend_from_slice(&text[..room.min(text.len())]);
        let tail = &text[text.len().saturating_sub(EDGE_BYTES)..];
        let surplus = (self.last.len() + tail.len()).saturating_sub(EDGE_BYTES);
        self.last.drain(..surplus);
        self.last.extend(tail);
    }

    /// How long the text is so far, in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// The identity of the text so far.
    pub(crate) fn finish(&self) -> TextId {
        let (a, b) = self.last.as_slices();
        identity(self.length, &self.first, [a, b].concat().as_slice())
    }
}

/// The identity of a text of `length` bytes that begins and ends like this.
pub(crate) fn identity(length: u64, first: &[u8], last: &[u8]) -> TextId {
    let mut hash = Xxh3::new();
    hash.update(first);
    hash.update(last);
    TextId {
        length,
        digest: hash.digest128(),
    }
}

impl io::Write for Identity {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.update(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_does_not_depend_on_how_the_text_is_divided() {
        let text: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let whole = identity(
            text.len() as u64,
            &text[..EDGE_BYTES],
            &text[text.len() - EDGE_BYTES..],
        );

        for part in [1_000, 70_000, text.len()] {
            let mut identity = Identity::default();
            text.chunks(part).for_each(|part| identity.update(part));
            assert_eq!(identity.finish(), whole);
        }
    }
}
