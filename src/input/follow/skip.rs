//! Begins behind what is not to be counted: at the end of a file that was there before.

use std::io::{self, Read};

use super::ProblemKind;
use super::follower::Follower;
use super::meet::Candidate;
use super::print::{HEAD_BYTES, MARKER_BYTES, Printer};
use super::resume::Resumed;
use super::text::{decoder, read_at};
use super::trail::Trail;
use crate::input::Positioned;
use crate::input::block::CONTEXT_BYTES;
use crate::input::bytes::newlines;
use crate::input::cut::{Cutter, Inside};
use crate::input::reader::read_once;
use crate::wording::told;

/// How much is read at the start, in all, to number the lines of files that begin at their end.
const NUMBERED_BYTES: u64 = 1 << 30;

impl Follower {
    /// Begins behind what is not to be counted.
    pub(super) fn resumed_at(&mut self, candidate: &Candidate, length: u64) -> io::Result<Resumed> {
        let file = &candidate.file;
        let is_numbered = self.numbered_bytes + length <= NUMBERED_BYTES;
        let mut skipped = match decoder(file, candidate.content, &self.options.limits)? {
            Some(mut decoded) => skip(&mut decoded)?,
            None => {
                let at = match is_numbered {
                    true => 0,
                    false => length.saturating_sub(CONTEXT_BYTES as u64),
                };
                let mut skipped = skip(&mut Positioned::new(file, at).take(length - at))?;
                skipped.offset += at;
                skipped.newlines *= u64::from(at == 0);
                skipped.head.resize(HEAD_BYTES, 0);
                let head_bytes = read_at(file, &mut skipped.head, 0)?;
                skipped.head.truncate(head_bytes);
                skipped
            }
        };
        self.numbered_bytes += if is_numbered { length } else { 0 };
        if !is_numbered {
            let path = candidate.path.clone();
            self.say(path, ProblemKind::Unnumbered, told::unnumbered());
        }
        let head_bytes = usize::try_from(skipped.offset).unwrap_or(HEAD_BYTES);
        skipped.head.truncate(head_bytes);
        Ok(skipped.resumed(self.options.block_bytes))
    }
}

/// What was skipped, and what of it is needed to go on behind it.
struct Skipped {
    offset: u64,
    newlines: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
}

/// Reads all of `source`.
fn skip(source: &mut dyn Read) -> io::Result<Skipped> {
    let mut skipped = Skipped {
        offset: 0,
        newlines: 0,
        head: Vec::new(),
        tail: Vec::new(),
    };
    let mut part = vec![0; 4 * CONTEXT_BYTES];
    loop {
        let read = read_once(&mut { &mut *source }, &mut part)?;
        let text = &part[..read];
        if read == 0 {
            return Ok(skipped);
        }
        skipped.offset += read as u64;
        skipped.newlines += newlines(text) as u64;
        let room = HEAD_BYTES - skipped.head.len();
        skipped.head.extend_from_slice(&text[..room.min(read)]);
        skipped
            .tail
            .extend_from_slice(&text[read.saturating_sub(CONTEXT_BYTES)..]);
        let surplus = skipped.tail.len().saturating_sub(CONTEXT_BYTES);
        skipped.tail.drain(..surplus);
    }
}

impl Skipped {
    fn resumed(self, block_bytes: usize) -> Resumed {
        let marker = &self.tail[self.tail.len().saturating_sub(MARKER_BYTES)..];
        let printer = Printer::new(self.offset, &self.head, marker);
        let newline = memchr::memrchr(b'\n', &self.tail);
        let line = newline.map_or(0, |newline| newline + 1);
        let context = self.tail[line..].to_vec();
        // The line that is there is not ours: only what is added to it is counted.
        let inside = (!context.is_empty()).then(|| Inside {
            line_start: self.offset - context.len() as u64,
            is_counted: true,
            resumes: true,
            is_long: newline.is_none() && context.len() >= CONTEXT_BYTES,
        });
        let mut cutter = Cutter::new(0, block_bytes);
        cutter.resume(self.offset, self.newlines, inside, context, Vec::new());
        Resumed {
            printer,
            cutter,
            trail: Trail::default(),
        }
    }
}
