//! One stream: an open file, how far it was handed out, and what it is known by.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::FileNumber;
use super::checkpoint::{Checkpoint, OpenLine, Place};
use super::print::{Printer, extend_marker};
use super::resume::Resumed;
use super::text::{Decoded, Got, Key, Written, content, read_at, read_behind, written_ms};
use super::trail::{Trail, next_mark};
use crate::input::cut::{Cutter, Rest};
use crate::input::reader::read_once;
use crate::input::sniff::{Content, SNIFF_BYTES, sniff};
use crate::input::{Block, ReadBuffer};

/// How much is read of a file that was read to its end before: rarely more than was written since.
const FIRST_BYTES: usize = 16 * 1024;

/// What came of reading on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    /// A block of whole lines.
    Block,
    /// All that is there was read.
    Nothing,
    /// What was counted is not in the file any more.
    Rewritten,
}

/// Where a stream's file is.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) file: File,
    pub(super) key: Key,
    pub(super) born: Option<i128>,
    /// Absolute.
    pub(super) path: PathBuf,
    /// Where the text is not the file's as it is.
    pub(super) decoded: Option<Decoded>,
    /// When it was last seen that what was read is there, and nothing else.
    pub(super) seen_ms: i64,
}

/// A stream whose file is open.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) number: FileNumber,
    pub(super) id: u64,
    /// The path under which it is counted.
    pub(super) path: String,
    pub(super) spot: Spot,
    cutter: Cutter,
    printer: Printer,
    trail: Trail,
    start: u64,
    /// The length of a compressed file that was read to its end.
    packed: Option<u64>,
    /// The file's length when a decoded text was read last.
    length: u64,
    /// Whether the position has changed since the last checkpoint.
    pub(super) is_changed: bool,
    pub(super) is_queued: bool,
    /// Whether it was seen to hold something before anything was read of it.
    is_unread: bool,
    /// Whether the last read failed.
    pub(super) is_failing: bool,
    /// Whether all that was there was read.
    pub(super) is_at_end: bool,
    /// Whether the file was removed, and read to its end.
    pub(super) is_removed: bool,
    /// When the unfinished last line is handed out.
    pub(super) quiet_at: Option<Instant>,
    pub(super) grown: Instant,
    /// Streams that are read to their end first.
    pub(super) after: Vec<usize>,
    /// An error that the next read returns, to try what no test can cause.
    #[cfg(test)]
    pub(super) fault: Option<i32>,
}

impl Stream {
    pub(super) fn new(
        number: FileNumber,
        id: u64,
        path: String,
        spot: Spot,
        (resumed, start): (Resumed, u64),
    ) -> Self {
        Stream {
            number,
            id,
            path,
            spot,
            cutter: resumed.cutter,
            printer: resumed.printer,
            trail: resumed.trail,
            start,
            packed: None,
            length: 0,
            is_changed: true,
            is_queued: false,
            is_unread: false,
            is_failing: false,
            is_at_end: false,
            is_removed: false,
            quiet_at: None,
            grown: Instant::now(),
            after: Vec::new(),
            #[cfg(test)]
            fault: None,
        }
    }

    /// Offset of the first byte that was not read.
    pub(super) fn read_position(&self) -> u64 {
        self.cutter.read_position()
    }

    /// Whether a file of this length holds something that was not read.
    pub(super) fn has_more(&self, length: u64) -> bool {
        match self.spot.decoded {
            None => length != self.read_position(),
            Some(_) => length != self.length,
        }
    }

    /// Notes that the file was found with this length; whether it holds something that was not read.
    pub(super) fn see(&mut self, length: u64) -> bool {
        let has_more = self.has_more(length);
        self.is_unread |= has_more && self.read_position() == 0;
        // What was there may be in a copy that is older than this look.
        if !has_more && !self.is_unread {
            self.spot.seen_ms = now_ms();
        }
        // Rotated before it is read, it is known by when it was written.
        self.is_changed |= has_more && self.cutter.position() == 0;
        has_more
    }

    /// When the file was written last, if all of it was read.
    pub(super) fn written(&self) -> Option<Written> {
        let metadata = self.spot.file.metadata().ok()?;
        (!self.has_more(metadata.len())).then(|| Written::of(&metadata))
    }

    /// Whether it is a compressed file that was read to its end.
    pub(super) fn is_unpacked(&self) -> bool {
        self.packed.is_some()
    }

    /// Whether it is a compressed file.
    pub(super) fn is_packed(&self) -> bool {
        self.spot
            .decoded
            .as_ref()
            .is_some_and(|text| text.is_packed)
    }

    /// Whether an unfinished line is waiting for its end.
    pub(super) fn has_rest(&self) -> bool {
        self.cutter.has_rest()
    }

    /// How much of it is handed out where following ends and may go on later: all of what nothing was
    /// added to for `quiet`.
    pub(super) fn rest_before_a_pause(&self, quiet: Duration) -> Rest {
        match self.grown.elapsed() < quiet {
            true => Rest::Settled,
            false => Rest::All,
        }
    }

    /// Whether there is so much of it.
    pub(super) fn has(&self, rest: Rest) -> bool {
        self.cutter.has(rest)
    }

    /// Fills `block` with the whole lines that are there now, at most a block.
    ///
    /// # Errors
    ///
    /// Returns what the system says; nothing is lost by that.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<Filled> {
        let seen_ms = now_ms();
        if self.is_at_end && self.has_other_head()? {
            return Ok(Filled::Rewritten);
        }
        let mut marker = self.marker();
        let mut position = self.cutter.read_position();
        self.cutter.begin(block);
        let mut wanted = self.cutter.wanted();
        if self.is_at_end {
            wanted = wanted.min(block.bytes.len() + FIRST_BYTES);
        }
        loop {
            let before = block.bytes.len();
            let got = match self.read(&mut block.bytes, wanted, position, &marker) {
                Err(error) => {
                    self.cutter.put_back(block);
                    return Err(error);
                }
                Ok(got) => got,
            };
            if let Got::Bytes(len) = got {
                self.is_at_end = false;
                self.is_unread = false;
                // Whatever it held before its first byte was read, nothing tells.
                if position > 0 {
                    self.spot.seen_ms = seen_ms;
                }
                position += len as u64;
                extend_marker(&mut marker, &block.bytes[before..]);
                self.note_growth();
            }
            if got == Got::Rewritten || got == Got::Nothing {
                return Ok(self.stay(block, got));
            }
            if self.is_other_content(&block.bytes) {
                // What was read is no text.
                block.bytes.truncate(0);
                return Ok(Filled::Rewritten);
            }
            self.cutter.read_entries(&block.bytes);
            if let Some(end) = self.cutter.body_end(&block.bytes, false) {
                self.hand_over(block, end, false);
                return Ok(Filled::Block);
            }
            wanted = self.cutter.wanted_for_long_line();
        }
    }

    /// Whether a file that was empty when it was opened begins with what is no plain text.
    fn is_other_content(&self, text: &[u8]) -> bool {
        let is_beginning = self.cutter.position() == 0 && self.spot.decoded.is_none();
        let content = sniff(&text[..text.len().min(SNIFF_BYTES)]);
        is_beginning && !matches!(content, Content::Plain | Content::Export)
    }

    /// Keeps what was read, since there is no whole line in it.
    fn stay(&mut self, block: &mut Block, got: Got) -> Filled {
        if got == Got::Rewritten {
            self.cutter.put_back(block);
            return Filled::Rewritten;
        }
        self.is_at_end = true;
        let is_packed = self.is_packed();
        if is_packed {
            self.packed = Some(self.length);
            self.is_changed = true;
        }
        // A compressed file does not grow: its last line is as it is.
        if let Some(end) = self.cutter.body_end(&block.bytes, is_packed)
            && end > self.cutter.context()
        {
            self.hand_over(block, end, is_packed);
            return Filled::Block;
        }
        self.cutter.put_back(block);
        Filled::Nothing
    }

    /// Hands out the unfinished last line, as much as `rest` says.
    pub(super) fn hand_out_rest(&mut self, block: &mut Block, rest: Rest) {
        self.quiet_at = None;
        self.cutter.hand_over_rest(block, rest);
        self.note_body(block);
    }

    fn hand_over(&mut self, block: &mut Block, end: usize, at_end: bool) {
        self.cutter.hand_over(block, end, at_end);
        self.note_body(block);
    }

    /// Takes note of what is handed out.
    fn note_body(&mut self, block: &Block) {
        let mut body = &block.bytes[block.body.clone()];
        while !body.is_empty() {
            let room = next_mark(self.printer.offset()) - self.printer.offset();
            let len = usize::try_from(room).map_or(body.len(), |room| room.min(body.len()));
            self.printer.update(&body[..len]);
            self.trail.add(self.printer.mark());
            body = &body[len..];
        }
        self.is_changed = true;
    }

    fn note_growth(&mut self) {
        self.grown = Instant::now();
        self.quiet_at = None;
    }

    /// Begins to wait for the end of an unfinished line, of which `rest` is handed out else.
    pub(super) fn wait_for_line(&mut self, quiet: Duration, rest: Rest) -> Option<Instant> {
        let is_unread = self.has(rest) && self.quiet_at.is_none();
        if is_unread {
            self.quiet_at = Some(self.grown + quiet);
        }
        self.quiet_at.filter(|_| is_unread)
    }

    /// Whether the beginning of the file is not what it was.
    fn has_other_head(&self) -> io::Result<bool> {
        let head = self.printer.head();
        if self.spot.decoded.is_some() {
            return Ok(self.spot.file.metadata()?.len() < self.length);
        }
        let mut now = vec![0; head.len()];
        let read = read_at(&self.spot.file, &mut now, 0)?;
        Ok(now[..read] != *head)
    }

    /// The beginning of what was handed out, and of what stands before it.
    pub(super) fn head(&self) -> &[u8] {
        self.printer.head()
    }

    /// What was read last.
    fn marker(&self) -> Vec<u8> {
        let mut marker = self.printer.marker().to_vec();
        extend_marker(&mut marker, self.cutter.rest());
        marker
    }

    /// Reads until `bytes` are `wanted`, or less.
    fn read(
        &mut self,
        bytes: &mut ReadBuffer,
        wanted: usize,
        position: u64,
        marker: &[u8],
    ) -> io::Result<Got> {
        #[cfg(test)]
        if let Some(code) = self.fault.take() {
            return Err(io::Error::from_raw_os_error(code));
        }
        let room = bytes.room(wanted.saturating_sub(bytes.len()).max(1));
        let got = match &mut self.spot.decoded {
            None => read_behind(&self.spot.file, room, position, marker),
            Some(decoded) => {
                self.length = self.spot.file.metadata()?.len();
                read_once(&mut decoded.reader, room).map(|read| match read {
                    0 => Got::Nothing,
                    read => Got::Bytes(read),
                })
            }
        };
        if let Ok(Got::Bytes(read)) = got {
            bytes.add(read);
        }
        got
    }

    /// When the file was written last, where nothing was handed out of what it holds.
    fn unread_ms(&self) -> Option<i64> {
        if self.cutter.position() > 0 || self.packed.is_some() {
            return None;
        }
        let file = &self.spot.file;
        let metadata = file.metadata().ok().filter(|metadata| metadata.len() > 0)?;
        // What was empty when it was opened may be compressed now, and then be a copy.
        let is_text = || matches!(content(file), Ok(Content::Plain | Content::Export));
        (self.spot.decoded.is_some() || is_text()).then(|| written_ms(&metadata))
    }

    /// How far it was handed out.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        let line = self.cutter.inside().map(|inside| OpenLine {
            start: inside.line_start,
            is_counted: inside.is_counted,
            is_unfinished: inside.resumes,
            is_long: inside.is_long,
        });
        Checkpoint {
            stream: self.id,
            path: self.path.clone(),
            place: Place {
                path: self.spot.path.display().to_string(),
                device: self.spot.key.device,
                inode: self.spot.key.inode,
                born: self.spot.born,
                seen_ms: self.spot.seen_ms,
                packed: self.packed,
                is_removed: self.is_removed,
                unread_ms: self.unread_ms(),
            },
            start: self.start,
            offset: self.cutter.position(),
            lines: self.cutter.lines(),
            line,
            print: self.printer.print(),
            trail: self.trail.clone(),
        }
    }
}

/// Now, in milliseconds since the epoch, by the clock that file systems stamp files with.
pub(super) fn now_ms() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
    now.tv_sec * 1000 + now.tv_nsec / 1_000_000
}
