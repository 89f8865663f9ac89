//! Finds out whether a text is the one that a checkpoint is about, and goes on behind what was counted.

use std::fs::File;
use std::io::{self, Read};

use super::checkpoint::Checkpoint;
use super::print::{CHUNK_BYTES, HEAD_BYTES, Hash, MARKER_BYTES, Printer};
use super::text::read_at;
use super::trail::{Trail, is_part};
use crate::input::Positioned;
use crate::input::block::{CONTEXT_BYTES, Piece};
use crate::input::cut::{Cutter, Inside};
use crate::input::reader::read_once;

/// What it takes to go on with a stream.
#[derive(Debug)]
pub(super) struct Resumed {
    pub(super) printer: Printer,
    pub(super) cutter: Cutter,
    pub(super) trail: Trail,
}

/// How a text compares to what was counted of a stream.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It begins with all that was counted.
    Same(Box<Resumed>),
    /// All of it is the beginning of what was counted. Going on behind it is what remains to do.
    Part(Box<Resumed>),
    /// It is shorter, and nothing that it holds tells it from the stream.
    Shorter,
    /// It is another text.
    Other,
}

/// Goes on in the very file that `checkpoint` names; `None` where it was rewritten.
pub(super) fn resume(
    file: &File,
    checkpoint: &Checkpoint,
    block_bytes: usize,
) -> io::Result<Option<Resumed>> {
    let offset = checkpoint.offset;
    let print = &checkpoint.print;
    let Some(head) = exactly(file, 0, print.head_bytes)? else {
        return Ok(None);
    };
    let chunk_start = offset - (offset - checkpoint.start) % CHUNK_BYTES;
    let marker_start = chunk_start.saturating_sub(MARKER_BYTES as u64);
    let Some(behind) = exactly(file, marker_start, offset - marker_start)? else {
        return Ok(None);
    };
    let (marker, chunk) = behind.split_at(usize_of(chunk_start - marker_start));
    let mut printer = Printer::chained(print.chain.0, chunk_start, &head, marker);
    printer.update(chunk);
    if printer.print() != *print {
        return Ok(None);
    }
    let mut line = LineParts::of(checkpoint);
    let mut source = Positioned::new(file, line.from(offset));
    line.read(&mut source, offset)?;
    Ok(Some(Resumed {
        cutter: line.cutter(checkpoint, block_bytes),
        trail: checkpoint.trail.up_to(printer.mark()),
        printer,
    }))
}

/// Reads a text from its beginning and compares it to `checkpoint`. Where it is the same, `source`
/// stands behind what was counted.
pub(super) fn recognise(
    source: &mut dyn Read,
    checkpoint: &Checkpoint,
    block_bytes: usize,
) -> io::Result<Verdict> {
    let print = &checkpoint.print;
    let mut head = vec![0; usize_of(print.head_bytes)];
    let read = fill(source, &mut head)?;
    if read == head.len() && Hash::of(&head) != print.head {
        return Ok(Verdict::Other);
    }
    head.truncate(read);
    // What stands before the start is not counted, but known by head and marker.
    let mut source = head.as_slice().chain(source);
    let mut line = LineParts::of(checkpoint);
    let mut before = Printer::new(0, b"", b"");
    if !walk(&mut source, checkpoint.start, &mut before, &mut line)? {
        return Ok(Verdict::Shorter);
    }
    let head = &head[..head.len().min(usize_of(checkpoint.start)).min(HEAD_BYTES)];
    let mut printer = Printer::new(checkpoint.start, head, before.marker());
    let mut alike = 0;
    for mark in checkpoint.trail.marks() {
        if !walk(&mut source, mark.offset, &mut printer, &mut line)? {
            return Ok(shorter(printer, alike, checkpoint, block_bytes));
        }
        if printer.mark() != *mark {
            return Ok(Verdict::Other);
        }
        alike = mark.offset;
    }
    if !walk(&mut source, checkpoint.offset, &mut printer, &mut line)? {
        return Ok(shorter(printer, alike, checkpoint, block_bytes));
    }
    if printer.print() != *print {
        return Ok(Verdict::Other);
    }
    Ok(Verdict::Same(Box::new(Resumed {
        cutter: line.cutter(checkpoint, block_bytes),
        trail: checkpoint.trail.up_to(printer.mark()),
        printer,
    })))
}

/// What a text is that ends before what was counted does, and of which `alike` bytes are the same.
fn shorter(printer: Printer, alike: u64, checkpoint: &Checkpoint, block_bytes: usize) -> Verdict {
    let end = printer.offset();
    if !is_part(end, alike) {
        return Verdict::Shorter;
    }
    // Its lines are counted: what would follow begins another one.
    let mut cutter = Cutter::new(0, block_bytes);
    cutter.resume(end, checkpoint.lines.min(end), None, Vec::new(), Vec::new());
    Verdict::Part(Box::new(Resumed {
        cutter,
        printer,
        trail: checkpoint.trail.before(end),
    }))
}

/// Reads up to `end`; `false` where the text is shorter.
fn walk(
    source: &mut impl Read,
    end: u64,
    printer: &mut Printer,
    line: &mut LineParts,
) -> io::Result<bool> {
    let mut part = vec![0; usize_of(CHUNK_BYTES)];
    while printer.offset() < end {
        let wanted = usize_of((end - printer.offset()).min(CHUNK_BYTES));
        let read = read_once(source, &mut part[..wanted])?;
        if read == 0 {
            return Ok(false);
        }
        line.take(printer.offset(), &part[..read]);
        printer.update(&part[..read]);
    }
    Ok(true)
}

/// The parts of the line that a checkpoint stands in which the next block needs.
struct LineParts {
    offset: u64,
    line: Option<Inside>,
    /// The last bytes before the checkpoint, as far as they are of the line.
    context: Vec<u8>,
    head: Piece,
}

impl LineParts {
    fn of(checkpoint: &Checkpoint) -> Self {
        let line = checkpoint.line.map(|line| Inside {
            line_start: line.start,
            is_counted: line.is_counted,
            resumes: line.is_unfinished,
            is_long: line.is_long,
        });
        LineParts {
            offset: checkpoint.offset,
            line,
            context: Vec::new(),
            head: Piece {
                line_start: checkpoint.line.map_or(checkpoint.offset, |line| line.start),
                head: Vec::new(),
            },
        }
    }

    /// Where the parts begin.
    fn from(&self, offset: u64) -> u64 {
        self.line.map_or(offset, |line| line.line_start)
    }

    /// Offset of the first byte of the context.
    fn context_start(&self) -> u64 {
        let most = self.offset.saturating_sub(CONTEXT_BYTES as u64);
        self.from(self.offset).max(most)
    }

    /// Takes what belongs to the parts from `text`, which stands at `at`.
    fn take(&mut self, at: u64, text: &[u8]) {
        let end = at + text.len() as u64;
        if end <= self.head.line_start {
            return;
        }
        let of_line = &text[usize_of(self.head.line_start.saturating_sub(at))..];
        self.head.look_for_head(of_line, of_line.len());
        if end > self.context_start() {
            let skipped = usize_of(self.context_start().saturating_sub(at));
            self.context.extend_from_slice(&text[skipped..]);
        }
    }

    /// Reads the parts alone.
    fn read(&mut self, source: &mut Positioned<&File>, offset: u64) -> io::Result<()> {
        let mut part = vec![0; usize_of(CHUNK_BYTES)];
        while source.at < offset {
            if !self.head.head.is_empty() && source.at < self.context_start() {
                source.at = self.context_start();
            }
            let at = source.at;
            let wanted = usize_of((offset - at).min(CHUNK_BYTES));
            let read = read_once(source, &mut part[..wanted])?;
            if read == 0 {
                break;
            }
            self.take(at, &part[..read]);
        }
        Ok(())
    }

    fn cutter(self, checkpoint: &Checkpoint, block_bytes: usize) -> Cutter {
        let mut cutter = Cutter::new(0, block_bytes);
        let Checkpoint { offset, lines, .. } = *checkpoint;
        cutter.resume(offset, lines, self.line, self.context, self.head.head);
        cutter
    }
}

/// So many bytes from `offset` on, if there are.
fn exactly(file: &File, offset: u64, len: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![0; usize_of(len)];
    let read = read_at(file, &mut bytes, offset)?;
    Ok((read == bytes.len()).then_some(bytes))
}

fn fill(source: &mut dyn Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < bytes.len() {
        match read_once(&mut { &mut *source }, &mut bytes[len..])? {
            0 => break,
            read => len += read,
        }
    }
    Ok(len)
}

/// A length that is bounded, and in a checkpoint that was tampered with wrong rather than huge.
fn usize_of(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}
