//! tar archives: their members in order, in one pass. Where the archive is a file, that pass goes
//! from header to header, and each member is a part of its own, which may be read on another thread.
//!
//! The `tar` crate reads the fields of headers. The walk from header to header is done here,
//! because the crate's own takes a long name whole into memory, whatever its length, and does not
//! say at which byte it stopped.

mod header;
mod pax;
mod sparse;

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use tar::Header;

pub(crate) use header::is_tar;
use header::{BLOCK_BYTES, Described, has_checksum, name_of, size_of, time_of};
use pax::Pax;
use sparse::{Map, SparseReader};

use super::Context;
use super::fault::{cut_short, damaged};
use super::source::Source;
use super::walk::{Layer, Stream, Visitor};
use crate::input::Positioned;
use crate::wording::reasons::damage;
use crate::wording::remarks;

/// The longest name or set of extensions that is read, in bytes.
const MAX_EXTENSION_BYTES: u64 = 1024 * 1024;

/// Shows `visitor` the members of the archive in `source`.
pub(super) fn walk_tar(
    source: Stream,
    layer: &Layer,
    context: &Context,
    visitor: &mut dyn Visitor,
) -> ControlFlow<()> {
    Tar::new(Source::new(source), None).walk(layer, context, visitor)
}

/// Shows `visitor` the members of the archive that is the whole of `file`.
pub(super) fn walk_tar_file(
    file: &Arc<File>,
    size: u64,
    layer: &Layer,
    context: &Context,
    visitor: &mut dyn Visitor,
) -> ControlFlow<()> {
    let source: Stream = Box::new(Positioned::new(Arc::clone(file), 0));
    let file = Some((Arc::clone(file), size));
    Tar::new(Source::new(source), file).walk(layer, context, visitor)
}

/// An archive that is read from header to header.
struct Tar<'s> {
    source: Source<Stream<'s>>,
    /// The file that the archive is the whole of, and its length.
    file: Option<(Arc<File>, u64)>,
    /// Where something else begins behind its end.
    foreign: Option<u64>,
}

impl<'s> Tar<'s> {
    fn new(source: Source<Stream<'s>>, file: Option<(Arc<File>, u64)>) -> Self {
        Tar {
            source,
            file,
            foreign: None,
        }
    }

    /// Shows all members.
    fn walk(
        mut self,
        layer: &Layer,
        context: &Context,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<()> {
        let mut is_empty = true;
        loop {
            let described = match self.next_member() {
                Ok(Some(described)) => described,
                Ok(None) => break,
                Err(error) => return visitor.fault(layer.member(), error),
            };
            is_empty = false;
            if let Err(error) = self.show(described, layer, context, visitor)? {
                return visitor.fault(layer.member(), error);
            }
        }
        if let Some(at) = self.foreign {
            context.remark(remarks::trailing_tar(at));
        }
        match is_empty {
            true => visitor.text(layer.member(), &mut io::empty()),
            false => ControlFlow::Continue(()),
        }
    }
    /// Goes on to the next member that holds text.
    fn next_member(&mut self) -> io::Result<Option<Described>> {
        let mut long_name = None;
        let mut pax = Pax::default();
        while let Some(header) = self.next_header()? {
            match header.entry_type().as_byte() {
                b'L' => long_name = Some(self.extension(&header)?),
                b'x' => pax = Pax::read(&self.extension(&header)?),
                // What holds for all members, and a long name that a link refers to.
                b'g' | b'K' => self.skip(padded(self.size(&header)?))?,
                // A folder's size is a hint; symbolic links and devices have no data.
                b'2'..=b'6' => (long_name, pax) = (None, Pax::default()),
                // Only the format of pax repeats the data of a file with a second name.
                b'1' => {
                    self.skip(pax.size.map_or(0, padded))?;
                    (long_name, pax) = (None, Pax::default());
                }
                // A volume's label, a folder's list of names, and names of the time before `L`.
                b'V' | b'D' | b'N' | b'X' => {
                    self.skip(padded(self.size(&header)?))?;
                    (long_name, pax) = (None, Pax::default());
                }
                _ => {
                    let name = pax.name.take().or(long_name.take());
                    let name = name.map_or_else(|| name_of(&header), trimmed);
                    let described = self.describe(&header, name, std::mem::take(&mut pax))?;
                    // Before POSIX a folder was a file whose name ends so.
                    if !described.name.ends_with('/') {
                        return Ok(Some(described));
                    }
                    self.skip(padded(described.stored))?;
                }
            }
        }
        Ok(None)
    }

    /// The next header; `None` at the end of the archive. Zeros between archives in a row are passed over.
    fn next_header(&mut self) -> io::Result<Option<Header>> {
        let mut zeros = 0;
        loop {
            let at = self.source.position();
            let block = self.source.peek(BLOCK_BYTES)?;
            let block = &block[..block.len().min(BLOCK_BYTES)];
            let is_whole = block.len() == BLOCK_BYTES;
            if is_whole && block.iter().all(|&byte| byte == 0) {
                self.source.advance(BLOCK_BYTES);
                zeros += 1;
                continue;
            }
            if is_whole && has_checksum(Header::from_byte_slice(block)) {
                let header = Header::from_byte_slice(block).clone();
                self.source.advance(BLOCK_BYTES);
                return Ok(Some(header));
            }
            // What follows the two blocks that end an archive belongs to it no more.
            let is_padding = block.iter().all(|&byte| byte == 0);
            return match (zeros, is_padding) {
                (1.., true) => Ok(None),
                (2.., false) => {
                    self.foreign = Some(at);
                    Ok(None)
                }
                _ if !is_whole => Err(cut_short("tar", at)),
                _ => Err(damaged("tar", at, &damage::tar_checksum())),
            };
        }
    }

    /// The size that a header states.
    fn size(&self, header: &Header) -> io::Result<u64> {
        size_of(header).map_err(|error| self.damaged_header(&error.to_string()))
    }

    fn damaged_header(&self, what: &str) -> io::Error {
        let at = self.source.position().saturating_sub(BLOCK_BYTES as u64);
        damaged("tar", at, what)
    }

    fn describe(&mut self, header: &Header, name: String, pax: Pax) -> io::Result<Described> {
        let mut stored = match pax.size {
            Some(size) => size,
            None => self.size(header)?,
        };
        let map = if header.entry_type().is_gnu_sparse() {
            Some(Map::of_gnu(header, |block| self.read_block(block))?)
        } else if pax.has_map_in_data() {
            let before = self.source.position();
            let map = Map::in_data(before, pax.real_size, |block| self.read_block(block))?;
            stored = stored.saturating_sub(self.source.position() - before);
            Some(map)
        } else {
            pax.map()
        };
        Ok(Described {
            name,
            time: pax.time.or_else(|| time_of(header)),
            stored,
            map,
        })
    }

    /// Shows one member and goes on to its end.
    fn show(
        &mut self,
        described: Described,
        layer: &Layer,
        context: &Context,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<(), io::Result<()>> {
        let stored = described.stored;
        if let Some((file, _)) = &self.file {
            self.show_apart(Arc::clone(file), described, layer, visitor)?;
            return ControlFlow::Continue(self.skip(padded(stored)));
        }
        let mut data = Data {
            source: &mut self.source,
            left: stored,
        };
        let beneath = layer.of_member(&described.name, described.time);
        beneath.walk(text_of(&mut data, described.map, context), context, visitor)?;
        let left = data.left;
        ControlFlow::Continue(self.skip(left.saturating_add(padded(stored) - stored)))
    }

    /// Shows one member of a file, which is read by itself.
    fn show_apart(
        &self,
        file: Arc<File>,
        described: Described,
        layer: &Layer,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<()> {
        let at = self.source.position();
        let beneath = layer.of_member(&described.name, described.time);
        let member = beneath.member().clone();
        let job = move |context: &Context, visitor: &mut dyn Visitor| {
            let mut source: Source<Stream> = Source::at(Box::new(Positioned::new(file, at)), at);
            let mut data = Data {
                source: &mut source,
                left: described.stored,
            };
            let text = text_of(&mut data, described.map, context);
            let flow = beneath.walk(text, context, visitor);
            visitor.passed(padded(described.stored) + BLOCK_BYTES as u64);
            flow
        };
        visitor.part(&member, Box::new(job))
    }

    /// The text of an extension, which must not be too long.
    fn extension(&mut self, header: &Header) -> io::Result<Vec<u8>> {
        let len = self.size(header)?;
        if len > MAX_EXTENSION_BYTES {
            let what = damage::tar_name(len, MAX_EXTENSION_BYTES);
            return Err(self.damaged_header(&what));
        }
        let mut text = Vec::new();
        let read = self.source.by_ref().take(len).read_to_end(&mut text)? as u64;
        if read < len {
            return Err(cut_short("tar", self.source.position()));
        }
        self.skip(padded(len) - len)?;
        Ok(text)
    }

    fn skip(&mut self, len: u64) -> io::Result<()> {
        if let Some((file, size)) = &self.file {
            let to = self.source.position().saturating_add(len);
            if to > *size {
                return Err(cut_short("tar", *size));
            }
            let inner = || Box::new(Positioned::new(Arc::clone(file), to)) as Stream;
            self.source.jump(to, inner);
            return Ok(());
        }
        match self.source.skip(len)? < len {
            true => Err(cut_short("tar", self.source.position())),
            false => Ok(()),
        }
    }

    fn read_block(&mut self, block: &mut [u8; BLOCK_BYTES]) -> io::Result<()> {
        let at_hand = self.source.peek(BLOCK_BYTES)?;
        let Some(next) = at_hand.get(..BLOCK_BYTES) else {
            return Err(cut_short("tar", self.source.position()));
        };
        block.copy_from_slice(next);
        self.source.advance(BLOCK_BYTES);
        Ok(())
    }
}

/// The text of a member with these data, which may have holes.
fn text_of<'d>(data: &'d mut Data, map: Option<Map>, context: &Context) -> Stream<'d> {
    match map {
        None => Box::new(data),
        Some(map) => Box::new(SparseReader::new(data, map, context.clone())),
    }
}

/// What a member takes in the archive.
fn padded(len: u64) -> u64 {
    len.saturating_add(BLOCK_BYTES as u64 - 1) / BLOCK_BYTES as u64 * BLOCK_BYTES as u64
}

/// A name as text, without the NUL that ends it.
fn trimmed(name: Vec<u8>) -> String {
    let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(name).into_owned()
}

/// The data of one member.
struct Data<'t, 's> {
    source: &'t mut Source<Stream<'s>>,
    left: u64,
}

impl Read for Data<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = usize::try_from(self.left).map_or(out.len(), |left| left.min(out.len()));
        let read = self.source.read(&mut out[..len])?;
        if read == 0 && len > 0 {
            return Err(cut_short("tar", self.source.position()));
        }
        self.left -= read as u64;
        Ok(read)
    }
}
