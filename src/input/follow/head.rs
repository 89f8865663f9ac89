//! The beginning of a file's text, by which most others are told from it at once.

use std::fs::File;
use std::io::{self, Read};

use super::meet::Candidate;
use super::print::{HEAD_BYTES, Hash, Print};
use super::stream::Stream;
use super::text::{decoder, read_at};
use crate::input::Limits;

/// The first KiB of a text, or all of it.
pub(super) struct Head {
    bytes: Vec<u8>,
    hash: Hash,
}

impl Head {
    /// Reads the beginning of a file's text.
    ///
    /// # Errors
    ///
    /// Returns what the system says, or that the format is none that is followed.
    pub(super) fn read(candidate: &Candidate, limits: &Limits) -> io::Result<Self> {
        let Some(decoded) = decoder(&candidate.file, candidate.content, limits)? else {
            return Head::of(&candidate.file);
        };
        let mut head = Vec::new();
        // What is damaged is told when it is read to its end.
        let _ = decoded.take(HEAD_BYTES as u64).read_to_end(&mut head);
        Ok(Head::new(head))
    }

    fn of(file: &File) -> io::Result<Self> {
        let mut head = vec![0; HEAD_BYTES];
        let len = read_at(file, &mut head, 0)?;
        head.truncate(len);
        Ok(Head::new(head))
    }

    fn new(bytes: Vec<u8>) -> Self {
        let hash = Hash::of(&bytes);
        Head { bytes, hash }
    }

    /// Whether there is no text.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether the text may hold what was counted of another, or its beginning.
    pub(super) fn may_be_of(&self, print: &Print) -> bool {
        let len = usize::try_from(print.head_bytes).unwrap_or(usize::MAX);
        match self.bytes.get(..len) {
            Some(all) if all.len() == self.bytes.len() => self.hash == print.head,
            Some(head) => Hash::of(head) == print.head,
            // Too short to tell, unless there is nothing to tell.
            None => !self.bytes.is_empty(),
        }
    }

    /// The same for a stream that is open: by what was read of it, if anything was, or by what its file
    /// holds now, which may be another text.
    pub(super) fn may_be_in(&self, stream: &Stream) -> bool {
        let is_plain = stream.spot.decoded.is_none();
        let is_unread = is_plain && stream.head().is_empty();
        let is_in_file = || {
            let head = Head::of(&stream.spot.file);
            is_plain && head.is_ok_and(|head| self.is_like(&head.bytes))
        };
        (!is_unread && self.is_like(stream.head())) || is_in_file()
    }

    /// Whether another text of which this was counted begins with the same KiB.
    pub(super) fn is_that_of(&self, print: &Print) -> bool {
        self.bytes.len() == HEAD_BYTES
            && print.head_bytes == HEAD_BYTES as u64
            && self.hash == print.head
    }

    /// The same for a stream that is open.
    pub(super) fn is_that_in(&self, stream: &Stream) -> bool {
        self.bytes.len() == HEAD_BYTES && self.bytes == stream.head()
    }

    /// Whether one is the beginning of the other.
    fn is_like(&self, other: &[u8]) -> bool {
        let shorter = self.bytes.len().min(other.len());
        self.bytes[..shorter] == other[..shorter]
    }
}
