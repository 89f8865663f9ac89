//! Where the text of a stream is read from.
//!
//! A plain file is read by position, together with what stands before that
//! position: where this is no longer what was read there, the file was rewritten.
//! Anything else is decoded from its beginning to its end.

use std::fs::{File, Metadata};
use std::io::{self, IoSliceMut, Read};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::UNIX_EPOCH;

use rustix::fs::OFlags;

use super::checkpoint::Place;
use crate::input::container::text_in;
use crate::input::sniff::{Content, SNIFF_BYTES, sniff};
use crate::input::utf16::Utf16Reader;
use crate::input::{Limits, Positioned};

/// What tells one file from another while both exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) device: u64,
    pub(super) inode: u64,
}

impl Key {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Key {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    pub(super) fn of_place(place: &Place) -> Self {
        Key {
            device: place.device,
            inode: place.inode,
        }
    }
}

/// When a file was made, in nanoseconds since the epoch, where the file system tells.
pub(super) fn born(metadata: &Metadata) -> Option<i128> {
    let since = metadata.created().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i128::try_from(since.as_nanos()).ok()
}

/// When a file was written last, in milliseconds since the epoch.
pub(super) fn written_ms(metadata: &Metadata) -> i64 {
    let seconds = metadata.mtime().saturating_mul(1000);
    seconds.saturating_add(metadata.mtime_nsec() / 1_000_000)
}

/// What changes when a file is written to: its length and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    length: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Written {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Written {
            length: metadata.len(),
            seconds: metadata.mtime(),
            nanoseconds: metadata.mtime_nsec(),
        }
    }
}

/// Opens a file without waiting, whatever it is.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::options()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
}

/// What a file holds, by its first bytes.
pub(super) fn content(file: &File) -> io::Result<Content> {
    let mut head = vec![0; SNIFF_BYTES];
    let len = read_at(file, &mut head, 0)?;
    Ok(sniff(&head[..len]))
}

/// Reads from `offset` on until `bytes` are full or the file ends.
pub(super) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut len = 0;
    while len < bytes.len() {
        match file.read_at(&mut bytes[len..], offset + len as u64) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

/// The text of a file that is not plain, from its beginning; `None` for one that is.
///
/// # Errors
///
/// Returns what the system says, or that the format is none that is followed.
pub(super) fn decoder(
    file: &File,
    content: Content,
    limits: &Limits,
) -> io::Result<Option<Box<dyn Read + Send>>> {
    let source = || -> io::Result<Positioned<File>> { Ok(Positioned::new(file.try_clone()?, 0)) };
    match content {
        Content::Plain | Content::Export => Ok(None),
        Content::Utf16(encoding) => Ok(Some(Box::new(Utf16Reader::growing(source()?, encoding)))),
        Content::Compressed(_) | Content::Archive(_) | Content::Foreign(_) => {
            text_in(Box::new(source()?), limits).map(Some)
        }
    }
}

/// What reading gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Got {
    /// So many bytes, and maybe there are more.
    Bytes(usize),
    /// Nothing: all that is there was read.
    Nothing,
    /// Nothing: what stood before the position is not there any more.
    Rewritten,
}

/// Reads a plain file from `position` on, before which `marker` was read.
pub(super) fn read_behind(
    file: &File,
    bytes: &mut [u8],
    position: u64,
    marker: &[u8],
) -> io::Result<Got> {
    let mut before = [0; super::print::MARKER_BYTES];
    let before = &mut before[..marker.len()];
    let from = position - marker.len() as u64;
    let read = loop {
        let mut parts = [IoSliceMut::new(before), IoSliceMut::new(bytes)];
        match rustix::io::preadv(file, &mut parts, from) {
            Err(rustix::io::Errno::INTR) => {}
            read => break read?,
        }
    };
    if read < marker.len() || before != marker {
        return Ok(Got::Rewritten);
    }
    Ok(match read - marker.len() {
        0 => Got::Nothing,
        len => Got::Bytes(len),
    })
}

/// A text that is decoded in order.
pub(super) struct Decoded {
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) is_packed: bool,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "Decoded(packed: {})", self.is_packed)
    }
}
