//! One worker: matches a block, enriches what it finds, and counts it.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::texts::lock;
use super::{Reading, Setup};
use crate::enrich::{Attribution, Enricher, Line, request_id, statuses};
use crate::input::Block;
use crate::matcher::{CodeId, Kind, Match};
use crate::tally::{Counted, Excerpt, Place, Tally};

/// As many inputs as are counted one by one without looking whether they are folded.
const LEAST_INPUTS: usize = 4096;

/// Where a block comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The input's number.
    pub(super) input: u32,
    /// The input's path.
    pub(super) path: Arc<str>,
    /// The part of the input in which lines are numbered.
    pub(super) segment: u32,
    /// When the input was written last.
    pub(super) file_time: Timestamp,
}

/// A match of a known code, to be shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) code: CodeId,
    pub(super) attribution: Attribution,
    pub(super) place: Place,
    pub(super) time: Option<Timestamp>,
    pub(super) observed: Option<u16>,
    pub(super) confirmed: bool,
    pub(super) excerpt: Excerpt,
    pub(super) request_id: Option<String>,
}

/// A matcher, an enricher and a tally.
pub(super) struct Worker<'a> {
    setup: &'a Setup<'a>,
    enricher: Enricher<'a>,
    tally: Tally,
    /// With how many inputs counted one by one those that are folded are looked for.
    most_inputs: usize,
}

impl<'a> Worker<'a> {
    pub(super) fn new(setup: &'a Setup<'a>) -> Self {
        Worker {
            enricher: Enricher::new(setup.catalog, setup.zone.clone()),
            tally: Tally::new(Arc::clone(&setup.tally)),
            most_inputs: LEAST_INPUTS,
            setup,
        }
    }

    /// Counts inputs that the result does not list no more one by one.
    pub(super) fn forget_folded(&mut self, reading: &Mutex<Reading>) {
        if self.tally.inputs() < self.most_inputs {
            return;
        }
        let reading = lock(reading);
        self.tally
            .fold_inputs(|number| reading.folded_state(number));
        self.most_inputs = LEAST_INPUTS.max(2 * self.tally.inputs());
    }

    pub(super) fn into_tally(self) -> Tally {
        self.tally
    }

    /// Counts what `block` holds, and adds each match that counts to `shown`, if given. Returns their number.
    pub(super) fn scan(
        &mut self,
        block: &Block,
        origin: &Origin,
        mut shown: Option<&mut Vec<Shown>>,
    ) -> u64 {
        let matcher = self.setup.matcher;
        let mut current: Option<CurrentLine> = None;
        let mut cursor = LineCursor {
            at: block.body.start,
            line: block.first_line,
        };
        let mut matches = 0;
        matcher.scan(&block.bytes, |found| {
            if !block.body.contains(&found.range.start) {
                return;
            }
            let line = match current.take() {
                Some(line) if line.range.contains(&found.range.start) => line,
                _ => self.enter_line(block, origin, &mut cursor, found.range.start),
            };
            matches += u64::from(self.count(block, origin, &line, &found, shown.as_deref_mut()));
            current = Some(line);
        });
        if self.tally.options().http {
            self.count_http(block);
        }
        self.tally.add_read(
            origin.input,
            origin.segment,
            block.body.len() as u64,
            block.lines,
        );
        matches
    }

    fn enter_line(
        &mut self,
        block: &Block,
        origin: &Origin,
        cursor: &mut LineCursor,
        at: usize,
    ) -> CurrentLine {
        let range = line_around(&block.bytes, at);
        let number = cursor.advance(&block.bytes, range.start.max(cursor.at));
        let line = Line {
            text: &block.bytes[range.clone()],
            head: block.piece.as_ref().map(|piece| piece.head.as_slice()),
            file_time: origin.file_time,
        };
        let time = self.enricher.read_line(&line);
        let start = block.offset + range.start as u64;
        let start = block.piece.as_ref().map_or(start, |piece| piece.line_start);
        CurrentLine {
            range,
            number,
            time,
            start,
        }
    }

    fn count(
        &mut self,
        block: &Block,
        origin: &Origin,
        line: &CurrentLine,
        found: &Match,
        shown: Option<&mut Vec<Shown>>,
    ) -> bool {
        let text = &block.bytes[line.range.clone()];
        let range = found.range.start - line.range.start..found.range.end - line.range.start;
        let observed = self.enricher.observed_status(&range);
        let counted = Counted {
            path: &origin.path,
            place: Place {
                input: origin.input,
                offset: block.offset + found.range.start as u64,
                segment: origin.segment,
                line: line.number,
                line_start: line.start,
            },
            time: line.time,
            observed,
            confirmed: found.confirmed,
            is_split: block.piece.is_some(),
            line: text,
            range,
        };
        let Kind::Known(id) = found.kind else {
            self.tally
                .add_unknown(&block.bytes[found.range.clone()], &counted);
            return false;
        };
        let line = Line {
            text,
            head: None,
            file_time: origin.file_time,
        };
        let attribution =
            self.enricher
                .attribute(&line, self.setup.matcher.code(id), &counted.range);
        let is_counted = self.tally.add_known(
            self.setup.catalog,
            self.setup.matcher,
            (id, attribution),
            &counted,
        );
        if let Some(shown) = shown.filter(|_| is_counted) {
            shown.push(Shown::new(id, attribution, &counted));
        }
        is_counted
    }

    fn count_http(&mut self, block: &Block) {
        let tally = &mut self.tally;
        statuses(&block.bytes, |status, range| {
            if block.body.contains(&range.start) {
                tally.add_http(status);
            }
        });
    }
}

/// The line that was entered last.
struct CurrentLine {
    range: Range<usize>,
    number: u64,
    time: Option<Timestamp>,
    start: u64,
}

/// Counts lines up to where matches are.
struct LineCursor {
    at: usize,
    line: u64,
}

impl LineCursor {
    fn advance(&mut self, text: &[u8], to: usize) -> u64 {
        self.line += memchr::memchr_iter(b'\n', &text[self.at..to]).count() as u64;
        self.at = to;
        self.line
    }
}

fn line_around(text: &[u8], at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |newline| newline + 1);
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |newline| at + newline);
    start..end
}

impl Shown {
    fn new(code: CodeId, attribution: Attribution, counted: &Counted) -> Self {
        Shown {
            code,
            attribution,
            place: counted.place,
            time: counted.time,
            observed: counted.observed,
            confirmed: counted.confirmed,
            excerpt: Excerpt::new(counted.line, &counted.range),
            request_id: request_id(counted.line).map(str::to_owned),
        }
    }
}
