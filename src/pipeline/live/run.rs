//! What lasts as long as a tail, whatever the catalogue.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use jiff::Timestamp;

use super::TailOptions;
use super::feed::Reading;
use super::job::Job;
use super::ledger::Ledger;
use super::look::{Look, Troubles};
use super::watcher::{Wants, Watcher, show};
use crate::catalog::Catalog;
use crate::input::follow::{Checkpoint, Problem, ProblemKind};
use crate::input::{Block, container};
use crate::matcher::Effort;
use crate::pipeline::{Control, Outcome, Setup, Stats};
use crate::tally::result::{Input, InputState, ScanResult};
use crate::tally::{
    CountedLines, Scanned, ScannedInput, Tally, accumulate, accumulate_for_chart, conclude,
    finish_part,
};

/// How long something shown may wait for more before it is flushed, where input never pauses.
const FLUSH_INTERVAL: Duration = Duration::from_millis(10);

/// The coordinating thread's own.
pub(super) struct Run<'r> {
    pub(super) control: &'r Control,
    pub(super) readings: Receiver<Reading>,
    empty: Sender<Block>,
    watcher: &'r mut dyn Watcher,
    pub(super) wants: Wants,
    scanned: Scanned,
    /// Why inputs could not be read of which nothing was read so far.
    unread: BTreeMap<String, String>,
    /// Inputs that the total may still say cannot be read.
    solved: BTreeSet<String>,
    /// How many of the inputs the total lists.
    listed: usize,
    /// Where the line begins whose end was not read, by input.
    open_lines: HashMap<u32, u64>,
    counted_lines: CountedLines,
    /// Copied before it grows where somebody still looks at it.
    total: Arc<ScanResult>,
    /// How often it has changed.
    version: u64,
    troubles: Troubles,
    ledger: Option<Ledger>,
    /// What was counted since the last mark.
    unmarked: Option<ScanResult>,
    interval: Option<Duration>,
    next_snapshot: Option<Instant>,
    /// When the first of what is not flushed was shown.
    shown_since: Option<Instant>,
    /// What showing returned: nothing is shown after that.
    failure: Option<io::Error>,
    effort: Effort,
    started: Instant,
}

impl<'r> Run<'r> {
    pub(super) fn new(
        setup: &Setup,
        control: &'r Control,
        options: TailOptions,
        readings: Receiver<Reading>,
        empty: Sender<Block>,
        watcher: &'r mut dyn Watcher,
    ) -> Self {
        let nothing = Tally::new(Arc::clone(&setup.tally));
        let started = Instant::now();
        Run {
            control,
            readings,
            empty,
            wants: watcher.wants(),
            watcher,
            scanned: Scanned::none(container),
            unread: BTreeMap::new(),
            solved: BTreeSet::new(),
            listed: 0,
            open_lines: HashMap::new(),
            counted_lines: CountedLines::default(),
            total: Arc::new(options.total.unwrap_or_else(|| {
                let scanned = Scanned::none(container);
                finish_part(nothing, setup.catalog, setup.matcher, &scanned)
            })),
            version: 0,
            troubles: Troubles::default(),
            ledger: options.state.map(Ledger::new),
            unmarked: None,
            interval: options.interval,
            next_snapshot: options.interval.map(|interval| started + interval),
            shown_since: None,
            failure: None,
            effort: Effort::default(),
            started,
        }
    }

    pub(super) fn add_input(&mut self, path: String) {
        let number = u32::try_from(self.scanned.inputs.len());
        // What is read may be an earlier file of the path, of which the present one cannot be read.
        let error = self.unread.remove(&path);
        self.scanned.inputs.push(ScannedInput {
            number: number.expect("each input takes more than a byte of memory"),
            path,
            state: match error {
                Some(_) => InputState::Partial,
                None => InputState::Complete,
            },
            error,
            id: None,
        });
    }

    /// The path of an input.
    pub(super) fn path(&self, input: u32) -> &str {
        &self.scanned.inputs[input as usize].path
    }

    pub(super) fn identify(&mut self, input: u32, id: String) {
        self.scanned.inputs[input as usize].id = Some(id);
    }

    /// Tells of a problem. An input that cannot be read is one that has failed until it can be.
    pub(super) fn add_problem(&mut self, problem: Problem) {
        self.watcher.problem(&problem);
        self.troubles.add(problem.kind);
        self.version += 1;
        let Problem {
            path,
            message,
            kind,
        } = problem;
        if kind != ProblemKind::Unreadable {
            return;
        }
        match self.scanned_at(&path) {
            Some(input) => {
                input.state = InputState::Partial;
                input.error = Some(message);
            }
            None => drop(self.unread.insert(path, message)),
        }
    }

    /// An input that could not be read can be.
    pub(super) fn solve_problems(&mut self, path: String) {
        self.version += 1;
        match self.scanned_at(&path) {
            Some(input) => {
                input.state = InputState::Complete;
                input.error = None;
                self.solved.insert(path);
            }
            None => drop(self.unread.remove(&path)),
        }
    }

    fn scanned_at(&mut self, path: &str) -> Option<&mut ScannedInput> {
        let mut inputs = self.scanned.inputs.iter_mut();
        inputs.find(|input| input.path == path)
    }

    /// Takes note of a block: its input may be in the middle of a line.
    pub(super) fn follow(&mut self, input: u32, block: &Block) {
        match &block.piece {
            Some(piece) if !block.bytes[block.body.clone()].ends_with(b"\n") => {
                self.open_lines.insert(input, piece.line_start);
            }
            _ => drop(self.open_lines.remove(&input)),
        }
    }

    /// Shows what a block held.
    pub(super) fn show(&mut self, setup: &Setup, job: &Job) {
        let path = &self.scanned.inputs[job.origin.input as usize].path;
        if self.wants != Wants::Nothing && self.failure.is_none() {
            self.shown_since.get_or_insert_with(Instant::now);
            let shown = show(setup, path, job, self.watcher);
            self.note_failure(shown);
        }
    }

    pub(super) fn recycle(&self, block: Block) {
        // The reader may have ended, and then needs no more blocks.
        drop(self.empty.send(block));
    }

    fn note_failure(&mut self, shown: io::Result<()>) {
        if let Err(error) = shown
            && self.failure.is_none()
        {
            self.failure = Some(error);
            self.control.stop();
        }
    }

    /// Does what is due; `is_idle` where nothing is under way.
    pub(super) fn tick(&mut self, is_idle: bool) {
        let now = Instant::now();
        if let Some(ledger) = &mut self.ledger
            && ledger.due().is_some_and(|due| due <= now)
        {
            ledger.commit(self.watcher);
        }
        if self.failure.is_some() {
            return;
        }
        if self.watcher.due().is_some_and(|due| due <= now) {
            let shown = self.watcher.tick(now);
            self.shown_since.get_or_insert(now);
            self.note_failure(shown);
        }
        let is_late = |since: Instant| is_idle || now >= since + FLUSH_INTERVAL;
        if self.shown_since.is_some_and(is_late) {
            self.shown_since = None;
            let flushed = self.watcher.flush();
            self.note_failure(flushed);
        }
    }

    /// When [`tick`](Self::tick) or a snapshot is due next.
    pub(super) fn due(&self) -> Option<Instant> {
        let flush = self.shown_since.map(|since| since + FLUSH_INTERVAL);
        let shown = [flush, self.watcher.due(), self.next_snapshot];
        let shown = shown
            .into_iter()
            .flatten()
            .filter(|_| self.failure.is_none());
        let commit = self.ledger.as_ref().and_then(Ledger::due);
        shown.chain(commit).min()
    }

    pub(super) fn is_snapshot_due(&self) -> bool {
        self.failure.is_none() && self.next_snapshot.is_some_and(|due| due <= Instant::now())
    }

    pub(super) fn snapshot(&mut self, setup: &Setup) {
        let now = Instant::now();
        // A late snapshot is not made up for by two soon after each other.
        self.next_snapshot = self.interval.map(|interval| now + interval);
        let total = conclude(ScanResult::clone(&self.total), setup.catalog);
        let shown = self.watcher.snapshot(&total);
        self.note_failure(shown);
    }

    /// What is held now, for somebody to look at.
    pub(super) fn look(&self, catalog: Arc<Catalog>) -> Look {
        let unread = self.unread.clone().into_iter().map(unread);
        Look {
            version: self.version,
            troubles: self.troubles,
            total: Arc::clone(&self.total),
            unread: unread.collect(),
            catalog,
        }
    }

    /// Adds a finished part of the counting.
    pub(super) fn add_part(&mut self, setup: &Setup, mut tally: Tally) {
        self.effort += tally.effort();
        let is_open = |input, line| self.open_lines.get(&input) == Some(&line);
        tally.continue_lines(&mut self.counted_lines, is_open);
        let mut part = finish_part(tally, setup.catalog, setup.matcher, &self.scanned);
        part.note_reading(Timestamp::now());
        let new = &self.scanned.inputs[self.listed..];
        let solved = std::mem::take(&mut self.solved);
        part.inputs.retain(|input| {
            let is_told = input.state != InputState::Complete || input.id.is_some();
            input.bytes > 0
                || input.lines > 0
                || is_told
                || solved.contains(&input.path)
                || new.iter().any(|new| new.path == input.path)
        });
        self.listed = self.scanned.inputs.len();
        self.version += 1;
        let total = Arc::make_mut(&mut self.total);
        match setup.tally.bucket.is_some() && setup.tally.fits_chart {
            true => accumulate_for_chart(total, &part),
            false => accumulate(total, &part),
        }
        if self.ledger.is_some() {
            match &mut self.unmarked {
                Some(sum) => accumulate(sum, &part),
                none => *none = Some(part),
            }
        }
    }

    /// Commits what was counted up to these positions.
    pub(super) fn commit(&mut self, positions: Vec<Checkpoint>) {
        if let Some(ledger) = &mut self.ledger {
            ledger.add(positions, self.unmarked.take(), &self.total);
            ledger.commit(self.watcher);
        }
    }

    /// Lines that are not at their end are counted anew with the codes of another catalogue.
    pub(super) fn forget_lines(&mut self) {
        self.counted_lines = CountedLines::default();
    }

    /// What the tail leaves behind.
    pub(super) fn outcome(mut self, setup: &Setup) -> io::Result<Outcome> {
        if let Some(ledger) = &mut self.ledger {
            ledger.commit(self.watcher);
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let failed = self
            .scanned
            .inputs
            .iter()
            .any(|input| input.state != InputState::Complete);
        let owes = self
            .ledger
            .as_ref()
            .is_some_and(|ledger| ledger.due().is_some());
        let failed = failed || !self.unread.is_empty() || owes;
        let mut total = Arc::unwrap_or_clone(self.total);
        total.inputs.extend(self.unread.into_iter().map(unread));
        let result = conclude(total, setup.catalog);
        Ok(Outcome {
            failed,
            stats: Stats {
                engine: setup.matcher.describe(),
                effort: self.effort,
                bytes: result.totals.bytes,
                lines: result.totals.lines,
                elapsed: self.started.elapsed(),
                threads: setup.threads,
            },
            result,
        })
    }
}

/// An input of which nothing could be read.
fn unread((path, error): (String, String)) -> Input {
    Input::unread(path, InputState::Failed, Some(error))
}
