//! One worker: matches a block, enriches what it finds, and counts it.

#[cfg(test)]
mod tests;

use std::iter::Peekable;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::line::{CurrentLine, LineCursor, Unwrapped};
use super::shown::Shown;
use super::texts::lock;
use super::{Reading, Setup};
use crate::enrich::{Enricher, Hidden, Line, hidden, statuses};
use crate::input::{Block, Traces};
use crate::matcher::{Kind, Match};
use crate::tally::{Counted, Place, Tally};

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

    /// What was counted since the last call.
    pub(super) fn take_tally(&mut self) -> Tally {
        let nothing = Tally::new(Arc::clone(&self.setup.tally));
        std::mem::replace(&mut self.tally, nothing)
    }

    /// Counts what `block` holds, and adds each match that counts to `shown`, if given. Returns their number.
    pub(super) fn scan(
        &mut self,
        block: &Block,
        origin: &Origin,
        shown: Option<&mut Vec<Shown>>,
    ) -> u64 {
        self.tally.begin_block();
        let mut pass = Pass {
            block,
            origin,
            cursor: LineCursor::new(block),
            earlier: block
                .resumes
                .then(|| Earlier::new(self.setup, block, origin)),
            shown,
            matches: 0,
        };
        let mut hidden = hidden_texts(block).into_iter().peekable();
        self.count_seen(&mut pass, &mut hidden);
        hidden.for_each(|text| self.count_hidden(&mut pass, &text));
        if self.tally.options().http {
            self.count_http(block, origin);
        }
        self.tally.add_read(
            (origin.input, origin.segment),
            block.offset + block.body.start as u64,
            block.body.len() as u64,
            block.lines,
        );
        pass.matches
    }

    /// Counts what can be seen in the block, and what is `hidden` before the last of that.
    fn count_seen(&mut self, pass: &mut Pass, hidden: &mut Peekable<impl Iterator<Item = Hidden>>) {
        let block = pass.block;
        let mut current: Option<CurrentLine> = None;
        let mut hidden_end = 0;
        for found in self.find(&block.bytes) {
            let at = found.range.start;
            if !pass.is_counted_here(&found.range) {
                continue;
            }
            while let Some(text) = hidden.next_if(|text| text.zone.start <= at) {
                hidden_end = text.zone.end;
                self.count_hidden(pass, &text);
                current = None;
            }
            if at < hidden_end {
                continue;
            }
            let is_inside = |line: &CurrentLine| line.range.contains(&at);
            if !current.as_ref().is_some_and(is_inside) {
                let begin = current.as_ref().map_or(0, |line| line.whole.end + 1);
                let whole = block.line_behind(begin, at);
                current = self.enter_line(block, pass.origin, whole, at, None);
            }
            // A damaged entry may end inside a code: what goes on behind the text is none of it.
            let Some(line) = current
                .as_ref()
                .filter(|line| found.range.end <= line.range.end)
            else {
                continue;
            };
            let found = Match {
                range: at - line.range.start..found.range.end - line.range.start,
                ..found
            };
            // Only the first line can have been counted before.
            let is_first = line.range.start <= block.body.start;
            self.count(pass, line, &found, block.offset + at as u64, is_first);
        }
    }

    /// All matches of a text. They are found before the first is enriched: by turns, both push each
    /// other's instructions out of the cache next to the core.
    fn find(&mut self, text: &[u8]) -> Vec<Match> {
        let mut all = Vec::new();
        let effort = self.setup.matcher.scan(text, |found| all.push(found));
        self.tally.add_effort(effort);
        all
    }

    /// Counts what a text holds that cannot be seen in the block itself.
    fn count_hidden(&mut self, pass: &mut Pass, hidden: &Hidden) {
        let block = pass.block;
        let mut entered = None;
        for found in self.find(&hidden.text) {
            let place = hidden.place(found.range.start);
            if !hidden.zone.contains(&place) || !block.body.contains(&place) {
                continue;
            }
            if entered.is_none() {
                let text = Some(hidden.text.as_slice());
                let at = hidden.zone.start;
                entered = self.enter_line(block, pass.origin, block.line_around(at), at, text);
            }
            if let Some(line) = &entered {
                self.count(pass, line, &found, block.offset + place as u64, false);
            }
        }
    }

    /// Reads the line at `whole` for the match at `at`; `None` where the match is not in the application's text.
    ///
    /// `text` is what the application's text says where that cannot be seen in the block.
    fn enter_line<'b>(
        &mut self,
        block: &'b Block,
        origin: &Origin,
        whole: Range<usize>,
        at: usize,
        text: Option<&'b [u8]>,
    ) -> Option<CurrentLine<'b>> {
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
            whole,
        })
    }

    /// Counts what was found in the text of `line`; `offset` is that of the code's first byte.
    ///
    /// Where the line `may_be_resumed`, what was counted before it went on is not counted again.
    fn count(
        &mut self,
        pass: &mut Pass,
        line: &CurrentLine,
        found: &Match,
        offset: u64,
        may_be_resumed: bool,
    ) {
        let earlier = pass.earlier.as_ref().filter(|_| may_be_resumed);
        let counted = Counted {
            path: &pass.origin.path,
            place: Place {
                input: pass.origin.input,
                offset,
                segment: pass.origin.segment,
                line_start: line.start,
            },
            line_number: &|| pass.cursor.number(&line.whole),
            time: line.time,
            observed: self.enricher.observed_status(&found.range),
            confirmed: found.confirmed,
            is_split: pass.block.piece.is_some(),
            earlier: earlier.map(|earlier| &earlier.tally),
            line: line.text,
            range: found.range.clone(),
            form: line.form,
            source: line.source.as_ref(),
        };
        let Kind::Known(id) = found.kind else {
            let code = &line.text[found.range.clone()];
            return self.tally.add_unknown(self.setup.catalog, code, &counted);
        };
        let code = self.setup.matcher.code(id);
        let attribution = self.enricher.attribute(line.text, code, &found.range);
        let is_counted = self.tally.add_known(
            self.setup.catalog,
            self.setup.matcher,
            (id, attribution),
            &counted,
        );
        pass.matches += u64::from(is_counted);
        if let Some(shown) = pass.shown.as_mut().filter(|_| is_counted) {
            shown.push(Shown::new(id, attribution, &counted));
        }
    }

    fn count_http(&mut self, block: &Block, origin: &Origin) {
        let mut earlier = Vec::new();
        if block.resumes {
            statuses(&block.bytes[..block.body.start], |_, range| {
                earlier.push(range)
            });
        }
        let has_time = self.tally.options().filter.has_time();
        let mut current: Option<(Range<usize>, Option<Timestamp>)> = None;
        statuses(&block.bytes, |status, range| {
            if !is_counted_here(block, block.resumes.then_some(&*earlier), &range) {
                return;
            }
            let at = range.start;
            let is_inside = |(line, _): &(Range<usize>, _)| line.contains(&at);
            if has_time && !current.as_ref().is_some_and(is_inside) {
                let whole = block.line_around(at);
                let line = self.enter_line(block, origin, whole, at, None);
                current = line.map(|line| (line.whole, line.time));
            }
            let time = current.as_ref().and_then(|(_, time)| *time);
            self.tally.add_http(status, time);
        });
    }
}

/// Whether what was found at `range` belongs to the body of `block`.
///
/// Behind an unfinished line, in which `earlier` was found, that is also what goes on into the
/// body and does not begin in one of those.
fn is_counted_here(block: &Block, earlier: Option<&[Range<usize>]>, range: &Range<usize>) -> bool {
    let goes_on = |earlier: &[Range<usize>]| {
        range.start < block.body.start
            && range.end > block.body.start
            && !earlier.iter().any(|found| found.contains(&range.start))
    };
    block.body.contains(&range.start) || earlier.is_some_and(goes_on)
}

/// A block while it is counted.
struct Pass<'b> {
    block: &'b Block,
    origin: &'b Origin,
    cursor: LineCursor<'b>,
    earlier: Option<Earlier>,
    /// Where matches that count are shown.
    shown: Option<&'b mut Vec<Shown>>,
    /// How many count.
    matches: u64,
}

impl Pass<'_> {
    fn is_counted_here(&self, range: &Range<usize>) -> bool {
        let earlier = self.earlier.as_ref().map(|earlier| &*earlier.found);
        is_counted_here(self.block, earlier, range)
    }
}

/// What was made of an unfinished line before it went on.
struct Earlier {
    found: Vec<Range<usize>>,
    tally: Tally,
}

impl Earlier {
    fn new(setup: &Setup, block: &Block, origin: &Origin) -> Self {
        let unfinished = Block {
            bytes: block.bytes[..block.body.start].to_vec().into(),
            body: 0..block.body.start,
            offset: block.offset,
            first_line: block.first_line,
            lines: 0,
            piece: block.piece.clone(),
            resumes: false,
            entries: block.entries.is_some().then(Vec::new),
            traces: Traces {
                // Nothing stands behind the line that its text could go on in.
                divided: Vec::new(),
                ..block.traces.clone()
            },
        };
        let mut found = Vec::new();
        let add = |earlier: Match| found.push(earlier.range);
        setup.matcher.scan(&unfinished.bytes, add);
        let mut worker = Worker::new(setup);
        worker.scan(&unfinished, origin, None);
        Earlier {
            found,
            tally: worker.into_tally(),
        }
    }
}

/// The texts of a block in which no code can be seen. A piece of a line does not tell of what it is one.
fn hidden_texts(block: &Block) -> Vec<Hidden> {
    if block.piece.is_some() || block.entries.is_some() {
        return Vec::new();
    }
    hidden(&block.bytes, &block.traces)
}
