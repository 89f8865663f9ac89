//! zip archives: by their central directory where there is a file to go back and forth in
//! (`directory`), else by the header in front of each member.
//!
//! The `zip` crate reads the central directory, entry by entry. Members are read here, since in a
//! stream the crate cannot read those whose length follows them, and since it does not say at
//! which byte it stopped, nor bounds the memory of their decoders.

mod data;
mod directory;
mod local;

use std::io;
use std::ops::ControlFlow;

use data::{STORED, text_before_descriptor, text_of};
pub(super) use directory::walk_directory;
use local::Local;

use super::Context;
use super::fault::{cut_short, damaged, stopped};
use super::source::Source;
use super::walk::{Layer, Stream, Visitor};
use crate::wording::reasons::{self, damage};

/// What an entry of the central directory, what follows the last, and their counterparts begin with.
const ENTRY_MAGIC: &[u8] = b"PK\x01\x02";
const END_MAGICS: [&[u8]; 2] = [b"PK\x05\x06", b"PK\x06\x06"];

/// Shows `visitor` the members of the archive in `source`, which is read once, in order.
pub(super) fn walk_zip(
    source: Stream,
    layer: &Layer,
    context: &Context,
    visitor: &mut dyn Visitor,
) -> ControlFlow<()> {
    let mut zip = Zip {
        source: Source::new(source),
        members: 0,
    };
    loop {
        let local = match zip.next_member() {
            Ok(Some(local)) => local,
            Ok(None) => break,
            Err(error) => return visitor.fault(layer.member(), error),
        };
        if let Err(error) = zip.show(&local, layer, context, visitor)? {
            return visitor.fault(layer.member(), error);
        }
    }
    if let Err(error) = zip.check_directory() {
        return visitor.fault(layer.member(), error);
    }
    match zip.members {
        0 => visitor.text(layer.member(), &mut io::empty()),
        _ => ControlFlow::Continue(()),
    }
}

/// An archive that is read in order.
struct Zip<'s> {
    source: Source<Stream<'s>>,
    members: u64,
}

impl Zip<'_> {
    /// Goes on to the next member; `None` where the central directory begins.
    fn next_member(&mut self) -> io::Result<Option<Local>> {
        let at = self.source.position();
        let head = self.source.peek(4)?;
        if head.starts_with(local::MAGIC) {
            self.members += 1;
            return Local::read(&mut self.source).map(Some);
        }
        match is_directory(head) {
            true => Ok(None),
            false if head.len() < 4 => Err(cut_short("zip", at)),
            false => {
                let what = damage::no_member_or_directory();
                Err(damaged("zip", at, &what))
            }
        }
    }

    /// Shows one member and goes on to its end, if that can be found.
    fn show(
        &mut self,
        local: &Local,
        layer: &Layer,
        context: &Context,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<(), io::Result<()>> {
        let beneath = layer.of_member(&local.name, local.time);
        let is_open = local.is_described_later && local.stored == 0;
        if is_open && !(local.is_folder() && self.is_behind_data(local)) {
            return self.show_open(local, &beneath, context, visitor);
        }
        let end = self.source.position().saturating_add(local.stored);
        if !local.is_folder() {
            let at = self.source.position();
            let text = match local.refusal() {
                Some(error) => Err(error),
                None => text_of(local, &mut self.source, at, context),
            };
            match text {
                Ok(text) => beneath.walk(text, context, visitor),
                Err(error) => visitor.fault(beneath.member(), error),
            }?;
        }
        let left = end.saturating_sub(self.source.position());
        ControlFlow::Continue(
            self.skip(left)
                .and_then(|()| match local.is_described_later {
                    true => self.skip_descriptor(),
                    false => Ok(()),
                }),
        )
    }

    /// Whether an open folder has no data. It has where it is written as a text, which is then empty.
    fn is_behind_data(&mut self, folder: &Local) -> bool {
        folder.method == STORED || matches!(self.descriptor_len(), Ok(Some(_)))
    }

    /// Shows a member of which only its data say where they end.
    fn show_open(
        &mut self,
        local: &Local,
        beneath: &Layer,
        context: &Context,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<(), io::Result<()>> {
        let text = match local.refusal() {
            Some(error) => Err(error),
            None => text_before_descriptor(local, &mut self.source, context),
        };
        let mut text = match text {
            Ok(text) => text,
            Err(error) => {
                visitor.fault(beneath.member(), error)?;
                return ControlFlow::Continue(Err(stopped(reasons::member_lost(&local.name))));
            }
        };
        if !local.is_folder() {
            beneath.walk(Box::new(&mut text), context, visitor)?;
        }
        // What the member's reader had no use for, such as the padding of an archive in it.
        ControlFlow::Continue(io::copy(&mut text, &mut io::sink()).map(drop))
    }

    fn skip(&mut self, len: u64) -> io::Result<()> {
        match self.source.skip(len)? < len {
            true => Err(cut_short("zip", self.source.position())),
            false => Ok(()),
        }
    }

    /// Passes over what describes a member once more.
    fn skip_descriptor(&mut self) -> io::Result<()> {
        let len = self.descriptor_len()?;
        self.source.advance(len.unwrap_or_default());
        Ok(())
    }

    /// The length of what describes a member once more, which may be missing; `None` where something
    /// else comes next.
    fn descriptor_len(&mut self) -> io::Result<Option<usize>> {
        let is_next = |head: &[u8]| head.starts_with(local::MAGIC) || is_directory(head);
        // With a magic or without, with sizes of 32 or 64 bits.
        for len in [16, 24, 12, 20, 0] {
            let head = self.source.peek(len + 4)?;
            if head.get(len..).is_some_and(is_next) {
                return Ok(Some(len));
            }
        }
        Ok(None)
    }

    /// Compares the number of members with that of the central directory.
    fn check_directory(&mut self) -> io::Result<()> {
        let mut entries = 0;
        while self.source.peek(46)?.starts_with(ENTRY_MAGIC) {
            let head = self.source.peek(46)?;
            if head.len() < 46 {
                return Err(cut_short("zip", self.source.position()));
            }
            let short = |at: usize| u64::from(u16::from_le_bytes([head[at], head[at + 1]]));
            let len = 46 + short(28) + short(30) + short(32);
            self.skip(len)?;
            entries += 1;
        }
        let at = self.source.position();
        let head = self.source.peek(4)?;
        if head.len() < 4 {
            return Err(cut_short("zip", at));
        }
        if entries != self.members {
            let what = damage::other_members(entries, self.members);
            return Err(damaged("zip", at, &what));
        }
        Ok(())
    }
}

fn is_directory(head: &[u8]) -> bool {
    head.starts_with(ENTRY_MAGIC) || END_MAGICS.iter().any(|magic| head.starts_with(magic))
}
