//! The compressed bytes of one layer, and where reading them stands.
//!
//! [`Source::position`] is the offset of the next byte that no decoder has taken: what a message names.

use std::io::{self, Read};

use super::fault::again;

/// How much is read at a time, in bytes, as long as no more is wanted.
pub(super) const BUFFER_BYTES: usize = 64 * 1024;

/// How much can be looked at, in bytes.
pub(super) const MOST_PEEKED_BYTES: usize = 256 * 1024;

/// A reader that can be looked into.
pub(super) struct Source<R> {
    inner: R,
    buffer: Vec<u8>,
    /// The part of `buffer` that is still to be taken.
    start: usize,
    end: usize,
    /// Offset of the byte at `start`.
    offset: u64,
    at_end: bool,
    /// What reading has failed with, and fails with from then on.
    failed: Option<io::Error>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(inner: R) -> Self {
        Source {
            inner,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            offset: 0,
            at_end: false,
            failed: None,
        }
    }

    /// The same for what has this offset in something greater.
    pub(super) fn at(inner: R, offset: u64) -> Self {
        Source {
            offset,
            ..Source::new(inner)
        }
    }

    /// The same for `bytes`, which are all there is and have this offset in something greater.
    pub(super) fn whole(inner: R, bytes: Vec<u8>, offset: u64) -> Self {
        Source {
            inner,
            end: bytes.len(),
            buffer: bytes,
            start: 0,
            offset,
            at_end: true,
            failed: None,
        }
    }

    /// What it reads, behind what is at hand.
    pub(super) fn into_inner(self) -> R {
        self.inner
    }

    /// Offset of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.offset
    }

    /// What is at hand, which is empty only at the end.
    pub(super) fn fill(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    /// At least `wanted` bytes where there are so many, which are not taken by that.
    pub(super) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        debug_assert!(wanted <= MOST_PEEKED_BYTES);
        if wanted > self.buffer.len() && !self.at_end {
            self.buffer.resize(MOST_PEEKED_BYTES, 0);
        }
        if self.end - self.start < wanted && self.start > 0 && !self.at_end {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        while self.end - self.start < wanted && !self.at_end {
            let read = read_into(
                &mut self.inner,
                &mut self.buffer[self.end..],
                &mut self.failed,
            )?;
            self.at_end = read == 0;
            self.end += read;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// Takes `len` bytes of what is at hand.
    pub(super) fn advance(&mut self, len: usize) {
        debug_assert!(len <= self.end - self.start);
        self.start += len;
        self.offset += len as u64;
    }

    /// Takes up to `len` bytes, and says how many there were.
    pub(super) fn skip(&mut self, len: u64) -> io::Result<u64> {
        let mut skipped = 0;
        while skipped < len {
            let at_hand = self.fill()?.len();
            if at_hand == 0 {
                break;
            }
            let part = usize::try_from(len - skipped).map_or(at_hand, |rest| rest.min(at_hand));
            self.advance(part);
            skipped += part as u64;
        }
        Ok(skipped)
    }

    /// Goes on at `offset`, where `inner` is unless what is at hand has it.
    pub(super) fn jump(&mut self, offset: u64, inner: impl FnOnce() -> R) {
        let forward = offset.checked_sub(self.offset);
        let forward = forward.and_then(|bytes| usize::try_from(bytes).ok());
        match forward.filter(|&bytes| bytes <= self.end - self.start) {
            Some(bytes) => self.advance(bytes),
            None => {
                self.inner = inner();
                (self.start, self.end) = (0, 0);
                self.offset = offset;
                self.at_end = false;
            }
        }
    }

    /// Takes NULs, and says whether anything comes after them.
    pub(super) fn skip_padding(&mut self) -> io::Result<bool> {
        loop {
            let at_hand = self.fill()?;
            let padding = at_hand.iter().take_while(|&&byte| byte == 0).count();
            let is_over = padding < at_hand.len() || at_hand.is_empty();
            let has_more = padding < at_hand.len();
            self.advance(padding);
            if is_over {
                return Ok(has_more);
            }
        }
    }
}

/// Reads once; where that has failed before, it fails again.
fn read_into(
    inner: &mut impl Read,
    out: &mut [u8],
    failed: &mut Option<io::Error>,
) -> io::Result<usize> {
    if let Some(error) = failed {
        return Err(again(error));
    }
    loop {
        match inner.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                *failed = Some(again(&error));
                return Err(error);
            }
            read => return read,
        }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && out.len() >= BUFFER_BYTES && !self.at_end {
            let read = read_into(&mut self.inner, out, &mut self.failed)?;
            self.at_end = read == 0;
            self.offset += read as u64;
            return Ok(read);
        }
        let at_hand = self.fill()?;
        let len = at_hand.len().min(out.len());
        out[..len].copy_from_slice(&at_hand[..len]);
        self.advance(len);
        Ok(len)
    }
}
