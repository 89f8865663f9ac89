//! Hashes by which a text is recognised: of its beginning, of what stands before a position, and
//! of all that was counted.
//!
//! The hash of what was counted goes on from a checkpoint, since it is a chain over chunks of a
//! fixed size: only the last chunk is read again.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::trail::Mark;

/// How much of a text's beginning it is known by, in bytes.
pub(super) const HEAD_BYTES: usize = 1024;

/// How much before a position is compared, in bytes.
pub(super) const MARKER_BYTES: usize = 64;

/// How much is hashed at a time, and read again to go on, in bytes.
pub(super) const CHUNK_BYTES: u64 = 64 * 1024;

/// An xxh3-128 hash, written as hexadecimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hash(pub u128);

impl Hash {
    /// The hash of `bytes`.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Hash(xxh3_128(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let hash = u128::from_str_radix(&text, 16).map_err(serde::de::Error::custom)?;
        Ok(Hash(hash))
    }
}

/// Hashes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// How many bytes of the beginning `head` covers.
    pub head_bytes: u64,
    /// Hash of the beginning, at most the first KiB.
    pub head: Hash,
    /// Hash of the last 64 bytes before the offset.
    pub marker: Hash,
    /// Hash of the whole 64 KiB chunks from where counting began, each hashed with the hash before it.
    pub chain: Hash,
    /// Hash of `chain` and what follows up to the offset.
    pub counted: Hash,
}

/// Collects the hashes of a text while it is handed out.
#[derive(Clone)]
pub(super) struct Printer {
    /// Offset of the next byte.
    offset: u64,
    head: Vec<u8>,
    marker: Vec<u8>,
    chain: u128,
    chunk: Xxh3,
    /// How much the current chunk lacks.
    missing: u64,
}

impl Printer {
    /// Nothing of a text that is counted from `start` on, before which stands `marker`, and whose
    /// beginning is `head` as far as it precedes `start`.
    pub(super) fn new(start: u64, head: &[u8], marker: &[u8]) -> Self {
        Printer::chained(0, start, head, marker)
    }

    /// Goes on behind whole chunks that have this chain.
    pub(super) fn chained(chain: u128, offset: u64, head: &[u8], marker: &[u8]) -> Self {
        Printer {
            offset,
            head: head.to_vec(),
            marker: marker.to_vec(),
            chain,
            chunk: chunk(chain),
            missing: CHUNK_BYTES,
        }
    }

    /// Takes the next part of the text.
    pub(super) fn update(&mut self, text: &[u8]) {
        if self.head.len() < HEAD_BYTES && self.offset == self.head.len() as u64 {
            let room = HEAD_BYTES - self.head.len();
            self.head.extend_from_slice(&text[..room.min(text.len())]);
        }
        extend_marker(&mut self.marker, text);
        self.offset += text.len() as u64;
        let mut rest = text;
        while !rest.is_empty() {
            let len = usize::try_from(self.missing).map_or(rest.len(), |most| most.min(rest.len()));
            self.chunk.update(&rest[..len]);
            self.missing -= len as u64;
            if self.missing == 0 {
                self.chain = self.chunk.digest128();
                self.chunk = chunk(self.chain);
                self.missing = CHUNK_BYTES;
            }
            rest = &rest[len..];
        }
    }

    /// Offset of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The beginning of the text, as far as it was handed out.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// What stands before the next byte.
    pub(super) fn marker(&self) -> &[u8] {
        &self.marker
    }

    /// The mark of the next byte.
    pub(super) fn mark(&self) -> Mark {
        Mark::new(self.offset, Hash(self.chunk.digest128()))
    }

    /// The hashes so far.
    pub(super) fn print(&self) -> Print {
        Print {
            head_bytes: self.head.len() as u64,
            head: Hash::of(&self.head),
            marker: Hash::of(&self.marker),
            chain: Hash(self.chain),
            counted: Hash(self.chunk.digest128()),
        }
    }
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "Printer({}: {:?})", self.offset, self.print())
    }
}

/// Brings a marker behind `text`, which follows it.
pub(super) fn extend_marker(marker: &mut Vec<u8>, text: &[u8]) {
    marker.extend_from_slice(&text[text.len().saturating_sub(MARKER_BYTES)..]);
    let surplus = marker.len().saturating_sub(MARKER_BYTES);
    marker.drain(..surplus);
}

fn chunk(chain: u128) -> Xxh3 {
    let mut chunk = Xxh3::new();
    chunk.update(&chain.to_le_bytes());
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Vec<u8> {
        (0..50_000_u32).flat_map(u32::to_le_bytes).collect()
    }

    #[test]
    fn the_hashes_do_not_depend_on_how_the_text_is_divided() {
        let text = text();
        let mut whole = Printer::new(0, b"", b"");
        whole.update(&text);

        for part in [1, 63, 1000, 65_536, 100_000] {
            let mut printer = Printer::new(0, b"", b"");
            text.chunks(part).for_each(|part| printer.update(part));

            assert_eq!(printer.print(), whole.print(), "{part}");
            assert_eq!(printer.head(), &text[..HEAD_BYTES]);
            assert_eq!(printer.marker(), &text[text.len() - MARKER_BYTES..]);
        }
    }

    #[test]
    fn the_chain_goes_on_behind_its_last_whole_chunk() {
        let text = text();
        let (before, after) = text.split_at(150_000);
        let mut first = Printer::new(0, b"", b"");
        first.update(before);

        let at = 2 * 65_536;
        let mut second = Printer::chained(
            first.print().chain.0,
            at as u64,
            first.head(),
            &text[at - MARKER_BYTES..at],
        );
        second.update(&before[at..]);
        assert_eq!(second.print(), first.print());

        first.update(after);
        second.update(after);
        assert_eq!(second.print(), first.print());
    }
}
