//! One worker: matches a block, enriches what it finds, and counts it.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::line::{CurrentLine, LineCursor, Unwrapped};
use super::texts::lock;
use super::{Reading, Setup};
use crate::enrich::{Attribution, Enricher, Hidden, Line, Source, hidden, request_id, statuses};
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
    pub(super) source: Option<Source<'static>>,
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

    /// Adds what another worker has counted.
    pub(super) fn absorb(&mut self, other: Worker) {
        self.tally.merge(other.tally);
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
        let mut cursor = LineCursor::new(block);
        let mut matches = 0;
        let mut hidden = hidden_texts(block).into_iter().peekable();
        let mut hidden_end = 0;
        matcher.scan(&block.bytes, |found| {
            let at = found.range.start;
            if !block.body.contains(&at) {
                return;
            }
            while let Some(text) = hidden.next_if(|text| text.zone.start <= at) {
                hidden_end = text.zone.end;
                let shown = shown.as_deref_mut();
                matches += self.scan_hidden(block, origin, &mut cursor, &text, shown);
                current = None;
            }
            if at < hidden_end {
                return;
            }
            let line = match current.take() {
                Some(line) if line.range.contains(&at) => line,
                _ => match self.enter_line(block, origin, &mut cursor, at, None) {
                    Some(line) => line,
                    None => return,
                },
            };
            let offset = block.offset + at as u64;
            let found = Match {
                range: at - line.range.start..found.range.end - line.range.start,
                ..found
            };
            matches +=
                u64::from(self.count(block, origin, &line, &found, offset, shown.as_deref_mut()));
            current = Some(line);
        });
        for text in hidden {
            let shown = shown.as_deref_mut();
            matches += self.scan_hidden(block, origin, &mut cursor, &text, shown);
        }
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

    /// Counts what a text holds that cannot be seen in the block itself.
    fn scan_hidden(
        &mut self,
        block: &Block,
        origin: &Origin,
        cursor: &mut LineCursor,
        hidden: &Hidden,
        mut shown: Option<&mut Vec<Shown>>,
    ) -> u64 {
        let Some(line) =
            self.enter_line(block, origin, cursor, hidden.zone.start, Some(&hidden.text))
        else {
            return 0;
        };
        let mut matches = 0;
        self.setup.matcher.scan(&hidden.text, |found| {
            let place = hidden.place(found.range.start);
            if !hidden.zone.contains(&place) {
                return;
            }
            let offset = block.offset + place as u64;
            let shown = shown.as_deref_mut();
            matches += u64::from(self.count(block, origin, &line, &found, offset, shown));
        });
        matches
    }

    /// Reads the line of the match at `at`; `None` where the match is not in the application's text.
    ///
    /// `text` is what the application's text says where that cannot be seen in the block.
    fn enter_line<'b>(
        &mut self,
        block: &'b Block,
        origin: &Origin,
        cursor: &mut LineCursor,
        at: usize,
        text: Option<&'b [u8]>,
    ) -> Option<CurrentLine<'b>> {
        let whole = block.line_around(at);
        let number = cursor.advance(block, &whole);
        let start = block.offset + whole.start as u64;
        let unwrapped = Unwrapped::new(block, &whole, at)?;
        let line = Line {
            text: text.unwrap_or(&block.bytes[unwrapped.range.clone()]),
            head: block.piece.as_ref().map(|piece| piece.head.as_slice()),
            stamp: unwrapped.stamp,
            file_time: origin.file_time,
        };
        Some(CurrentLine {
            time: self.enricher.read_line(&line),
            text: line.text,
            form: unwrapped.form,
            range: unwrapped.range,
            source: unwrapped.source,
            start: block.piece.as_ref().map_or(start, |piece| piece.line_start),
            number,
        })
    }

    /// Counts what was found in the text of `line`; `offset` is that of the code's first byte.
    fn count(
        &mut self,
        block: &Block,
        origin: &Origin,
        line: &CurrentLine,
        found: &Match,
        offset: u64,
        shown: Option<&mut Vec<Shown>>,
    ) -> bool {
        let counted = Counted {
            path: &origin.path,
            place: Place {
                input: origin.input,
                offset,
                segment: origin.segment,
                line: line.number,
                line_start: line.start,
            },
            time: line.time,
            observed: self.enricher.observed_status(&found.range),
            confirmed: found.confirmed,
            is_split: block.piece.is_some(),
            line: line.text,
            range: found.range.clone(),
            form: line.form,
            source: line.source.as_ref(),
        };
        let Kind::Known(id) = found.kind else {
            self.tally
                .add_unknown(&line.text[found.range.clone()], &counted);
            return false;
        };
        let code = self.setup.matcher.code(id);
        let line = Line {
            text: line.text,
            head: None,
            stamp: None,
            file_time: origin.file_time,
        };
        let attribution = self.enricher.attribute(&line, code, &found.range);
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

/// The texts of a block in which no code can be seen. A piece of a line does not tell of what it is one.
fn hidden_texts(block: &Block) -> Vec<Hidden> {
    if block.piece.is_some() || block.entries.is_some() {
        return Vec::new();
    }
    hidden(&block.bytes)
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
            excerpt: counted.excerpt(),
            request_id: request_id(counted.line).map(str::to_owned),
            source: counted.source.cloned().map(Source::into_owned),
        }
    }
}
