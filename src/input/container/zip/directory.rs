//! A zip archive in a file: its members as the central directory lists them.
//!
//! The directory is read entry by entry, so its length does not matter. Members lie apart, so
//! each is a part of its own, which may be read on another thread.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use zip::read::{Config, ZipFileEntry};
use zip::result::{ZipError, ZipResult};
use zip::unstable::read::ZipIterable;

use super::data::text_of;
use super::local::Local;
use super::walk_zip;
use crate::input::Positioned;
use crate::input::container::Context;
use crate::input::container::fault::damaged;
use crate::input::container::source::Source;
use crate::input::container::walk::{Layer, Visitor};
use crate::wording::reasons::damage;

/// How much is read of the directory at a time, in bytes.
const WINDOW_BYTES: usize = 64 * 1024;

/// The shortest header in front of a member, in bytes.
const HEADER_BYTES: u64 = 30;

/// Shows `visitor` the members of the archive that is the whole of `file`.
pub(in crate::input::container) fn walk_directory(
    file: &Arc<File>,
    size: u64,
    layer: &Layer,
    context: &Context,
    visitor: &mut dyn Visitor,
) -> ControlFlow<()> {
    let window = Window::new(Arc::clone(file), size);
    let mut zip = match ZipIterable::try_new(window, Config::default()) {
        Ok(zip) => zip,
        Err(error) => {
            // Without the directory there are still the members' own headers.
            let stream = Box::new(Positioned::new(Arc::clone(file), 0));
            walk_zip(stream, layer, context, visitor)?;
            return visitor.fault(layer.member(), unreadable(size, &error));
        }
    };
    let entries = match zip.files() {
        Ok(entries) => entries,
        Err(error) => return visitor.fault(layer.member(), error.into()),
    };
    let mut is_empty = true;
    for entry in checked(entries, size) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return visitor.fault(layer.member(), error),
        };
        if entry.name.ends_with('/') {
            continue;
        }
        is_empty = false;
        let (file, layer) = (Arc::clone(file), layer.clone());
        let beneath = layer.of_member(&entry.name, None);
        let job = move |context: &Context, visitor: &mut dyn Visitor| {
            entry.show(file, &layer, context, visitor)
        };
        visitor.part(beneath.member(), Box::new(job))?;
    }
    match is_empty {
        true => visitor.text(layer.member(), &mut io::empty()),
        false => ControlFlow::Continue(()),
    }
}

/// What the directory says of each member, as far as that can be true of a file of `size` bytes.
fn checked(
    entries: impl Iterator<Item = ZipResult<ZipFileEntry<'static>>>,
    size: u64,
) -> impl Iterator<Item = io::Result<Entry>> {
    let mut taken = 0_u64;
    entries.map(move |entry| {
        let entry = Entry::new(&entry.map_err(|error| unreadable(size, &error))?);
        taken = taken
            .saturating_add(HEADER_BYTES)
            .saturating_add(entry.stored);
        match taken <= size {
            true => Ok(entry),
            false => Err(damaged("zip", entry.at, &damage::members_overlap())),
        }
    })
}

/// The directory of a file of `size` bytes cannot be read.
fn unreadable(size: u64, error: &ZipError) -> io::Error {
    let what = damage::directory_unreadable(&error.to_string());
    damaged("zip", size, &what)
}

/// What the directory says of a member.
struct Entry {
    name: String,
    /// Where its header is.
    at: u64,
    stored: u64,
    size: u64,
    checksum: u32,
}

impl Entry {
    fn new(entry: &ZipFileEntry) -> Self {
        Entry {
            name: String::from_utf8_lossy(entry.name_raw()).into_owned(),
            at: entry.header_start(),
            stored: entry.compressed_size(),
            size: entry.size(),
            checksum: entry.crc32(),
        }
    }

    fn show(
        self,
        file: Arc<File>,
        layer: &Layer,
        context: &Context,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<()> {
        let mut source = Source::at(Positioned::new(file, self.at), self.at);
        let local = Local::read(&mut source).map(|local| Local {
            checksum: self.checksum,
            stored: self.stored,
            size: self.size,
            ..local
        });
        let time = local.as_ref().ok().and_then(|local| local.time);
        let beneath = layer.of_member(&self.name, time);
        let at = source.position();
        let text = local.and_then(|local| match local.refusal() {
            Some(error) => Err(error),
            None => text_of(&local, source, at, context),
        });
        let flow = match text {
            Ok(text) => beneath.walk(text, context, visitor),
            Err(error) => visitor.fault(beneath.member(), error),
        };
        visitor.passed(self.stored);
        flow
    }
}

/// A file of which a window is held in memory, for many small reads near each other.
struct Window {
    file: Arc<File>,
    size: u64,
    at: u64,
    held: Vec<u8>,
    held_at: u64,
}

impl Window {
    fn new(file: Arc<File>, size: u64) -> Self {
        Window {
            file,
            size,
            at: 0,
            held: Vec::new(),
            held_at: 0,
        }
    }

    /// What is held from the place on.
    fn at_hand(&self) -> &[u8] {
        let from = self.at.checked_sub(self.held_at);
        let from = from.and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.held.get(from..))
            .unwrap_or_default()
    }
}

impl Read for Window {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at_hand().is_empty() {
            self.held.resize(WINDOW_BYTES, 0);
            let read = self.file.read_at(&mut self.held, self.at);
            self.held.truncate(*read.as_ref().unwrap_or(&0));
            self.held_at = self.at;
            read?;
        }
        let at_hand = self.at_hand();
        let len = at_hand.len().min(out.len());
        out[..len].copy_from_slice(&at_hand[..len]);
        self.at += len as u64;
        Ok(len)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning");
        self.at = at.ok_or_else(before)?;
        Ok(self.at)
    }
}
