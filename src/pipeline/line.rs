//! The line of a match, without what wraps it.

use std::cell::Cell;
use std::ops::Range;

use jiff::Timestamp;

use crate::enrich::{Source, Stamp, TextForm, wrapper};
use crate::input::Block;

/// The line that was entered last.
pub(super) struct CurrentLine<'b> {
    /// The application's text.
    pub(super) text: &'b [u8],
    pub(super) form: TextForm,
    /// Where the text stands in the block.
    pub(super) range: Range<usize>,
    /// Where the whole line stands in the block.
    pub(super) whole: Range<usize>,
    /// Offset of the line's first byte.
    pub(super) start: u64,
    pub(super) time: Option<Timestamp>,
    pub(super) source: Option<Source<'b>>,
}

/// A line without what wraps it.
pub(super) struct Unwrapped<'b> {
    /// Where the application's text stands in the block.
    pub(super) range: Range<usize>,
    pub(super) form: TextForm,
    pub(super) stamp: Option<Stamp<'b>>,
    pub(super) source: Option<Source<'b>>,
}

impl<'b> Unwrapped<'b> {
    /// The application's text in the line at `whole` that holds the match at `at`, if any does.
    pub(super) fn new(block: &'b Block, whole: &Range<usize>, at: usize) -> Option<Self> {
        let is_entry = block.entries.is_some();
        let bare = Unwrapped {
            range: whole.clone(),
            form: TextForm::Plain,
            stamp: None,
            source: None,
        };
        // Of a long line's wrapper only the beginning is at hand, so all of the line counts as text.
        if let Some(piece) = &block.piece {
            let Some(wrapper) = wrapper(&piece.head, 0, is_entry) else {
                return Some(bare);
            };
            return Some(Unwrapped {
                stamp: wrapper.stamp,
                source: wrapper.source,
                ..bare
            });
        }
        let line = &block.bytes[whole.clone()];
        let Some(wrapper) = wrapper(line, at - whole.start, is_entry) else {
            return Some(bare);
        };
        let text = wrapper.text?;
        Some(Unwrapped {
            range: whole.start + text.start..whole.start + text.end,
            form: wrapper.form,
            stamp: wrapper.stamp,
            source: wrapper.source,
        })
    }
}

/// Counts lines up to those whose number somebody asks for: few matches are kept as samples.
pub(super) struct LineCursor<'b> {
    block: &'b Block,
    reached: Cell<Reached>,
}

#[derive(Clone, Copy)]
struct Reached {
    at: usize,
    line: u64,
    /// Where the line behind the last one begins.
    next: usize,
}

impl<'b> LineCursor<'b> {
    pub(super) fn new(block: &'b Block) -> Self {
        LineCursor {
            block,
            reached: Cell::new(Reached {
                at: block.body.start,
                line: block.first_line,
                next: usize::MAX,
            }),
        }
    }

    /// The number of `line` within its segment, from 0, or of the last one asked for where that is later.
    pub(super) fn number(&self, line: &Range<usize>) -> u64 {
        let reached = self.reached.get();
        let at = line.start.max(reached.at);
        let passed = if at == reached.next {
            1
        } else {
            self.block.lines_between(reached.at, at) as u64
        };
        let number = reached.line + passed;
        self.reached.set(Reached {
            at,
            line: number,
            // Entries have no byte between them.
            next: line.end + usize::from(self.block.entries.is_none()),
        });
        number
    }
}
