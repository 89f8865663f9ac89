//! Files with holes, of which an archive holds only the rest. A hole reads as NULs.

use std::io::{self, Read};

use tar::{GnuExtSparseHeader, GnuSparseHeader, Header};

use super::header::BLOCK_BYTES;
use crate::input::container::Context;
use crate::input::container::fault::{damaged, refused};
use crate::wording::reasons;

/// The most parts of one file; a map of so many takes 16 MiB.
const MAX_PARTS: usize = 1 << 20;

/// The longest number in a map, in digits.
const MAX_DIGITS: usize = 20;

/// Where the parts of a file that are stored belong.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Map {
    /// The file's length, its holes included.
    size: u64,
    /// Offset and length of each part, in order.
    parts: Vec<(u64, u64)>,
}

impl Map {
    pub(super) fn new(size: u64, parts: Vec<(u64, u64)>) -> Self {
        Map { size, parts }
    }

    /// The map in an old GNU header and in those that follow it, which `read` gives.
    pub(super) fn of_gnu(
        header: &Header,
        mut read: impl FnMut(&mut [u8; BLOCK_BYTES]) -> io::Result<()>,
    ) -> io::Result<Map> {
        let Some(gnu) = header.as_gnu() else {
            return Err(refused(reasons::sparse_without_header()));
        };
        let mut map = Map::new(gnu.real_size()?, Vec::new());
        map.add(&gnu.sparse)?;
        let mut is_extended = gnu.is_extended();
        while is_extended {
            let mut more = GnuExtSparseHeader::new();
            read(more.as_mut_bytes())?;
            map.add(more.sparse())?;
            is_extended = more.is_extended();
        }
        Ok(map)
    }

    fn add(&mut self, parts: &[GnuSparseHeader]) -> io::Result<()> {
        for part in parts.iter().filter(|part| !part.is_empty()) {
            self.parts.push((part.offset()?, part.length()?));
        }
        self.bounded()
    }

    /// The map that precedes a member's data in the sparse format 1.0: lines of decimal numbers.
    /// It begins `at` this byte of the archive.
    pub(super) fn in_data(
        at: u64,
        size: Option<u64>,
        mut read: impl FnMut(&mut [u8; BLOCK_BYTES]) -> io::Result<()>,
    ) -> io::Result<Map> {
        let mut block = [0; BLOCK_BYTES];
        let mut next = BLOCK_BYTES;
        let no_map = || damaged("tar", at, &reasons::damage::sparse_map());
        let mut number = || {
            let mut digits = String::new();
            loop {
                if next == BLOCK_BYTES {
                    read(&mut block)?;
                    next = 0;
                }
                next += 1;
                match block[next - 1] {
                    b'\n' => break,
                    digit @ b'0'..=b'9' if digits.len() < MAX_DIGITS => {
                        digits.push(char::from(digit));
                    }
                    _ => return Err(no_map()),
                }
            }
            digits.parse::<u64>().map_err(|_| no_map())
        };
        let parts = number()?;
        let mut map = Map::new(size.unwrap_or_default(), Vec::new());
        for _ in 0..parts {
            let part = (number()?, number()?);
            map.parts.push(part);
            map.bounded()?;
        }
        Ok(map)
    }

    fn bounded(&self) -> io::Result<()> {
        match self.parts.len() > MAX_PARTS {
            true => Err(refused(reasons::sparse_parts(MAX_PARTS))),
            false => Ok(()),
        }
    }
}

/// The text of a sparse file.
pub(super) struct SparseReader<R> {
    stored: R,
    map: Map,
    context: Context,
    /// The next part.
    part: usize,
    at: u64,
}

impl<R: Read> SparseReader<R> {
    pub(super) fn new(stored: R, map: Map, context: Context) -> Self {
        SparseReader {
            stored,
            map,
            context,
            part: 0,
            at: 0,
        }
    }

    /// Gives NULs up to `end`.
    fn read_hole(&mut self, out: &mut [u8], end: u64) -> io::Result<usize> {
        let len = bounded(end - self.at, out.len());
        let allowed = self.context.allow(len);
        if allowed == 0 {
            return Err(self.context.beyond_limit());
        }
        out[..allowed].fill(0);
        self.at += allowed as u64;
        Ok(allowed)
    }
}

fn bounded(wanted: u64, most: usize) -> usize {
    usize::try_from(wanted).map_or(most, |wanted| wanted.min(most))
}

impl<R: Read> Read for SparseReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some(&(offset, len)) = self.map.parts.get(self.part)
            && self.at < self.map.size
            && !out.is_empty()
        {
            if self.at < offset {
                return self.read_hole(out, offset.min(self.map.size));
            }
            let left = offset.saturating_add(len).saturating_sub(self.at);
            if left == 0 {
                self.part += 1;
                continue;
            }
            let len = bounded(left, out.len());
            let read = self.stored.read(&mut out[..len])?;
            if read == 0 {
                self.part = self.map.parts.len();
                break;
            }
            self.at += read as u64;
            return Ok(read);
        }
        match self.at < self.map.size && !out.is_empty() {
            true => self.read_hole(out, self.map.size),
            false => Ok(0),
        }
    }
}
