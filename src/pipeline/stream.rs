//! What is read in order: a reader, workers, and a collector, joined by channels with recycled blocks.
//!
//! Every thread ends because the channel before or behind it closes. The
//! collector puts results back into the order of the blocks.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::shown::{InputName, Shown, event};
use super::texts::{RunPart, Sequence, Take, lock, read_texts};
use super::worker::{Origin, Worker};
use super::{Control, Reading, Setup, empty_blocks, join};
use crate::enrich::event::Event;
use crate::input::{Block, Fill, Helpers, Job, Work, open};
use crate::tally::Tally;
use crate::tally::result::InputState;

/// Blocks under way for each worker: one being matched, one waiting.
const BLOCKS_PER_WORKER: usize = 2;

/// The most matches that are held back until it is known whether they count.
const MAX_HELD: usize = 20_000;

/// Calls for each event, in order.
pub(super) type OnEvent<'e> = &'e mut dyn FnMut(&Event) -> io::Result<()>;

/// A block with its number in the stream.
struct Numbered<T> {
    number: u64,
    item: T,
}

/// Matches and the path of their input.
pub(super) type Found = (Vec<Shown>, Arc<str>);

/// What a worker does next.
enum Task {
    /// Counts a block, and knows whose it is.
    Count(Box<Numbered<(Block, Origin)>>),
    /// Helps the reader.
    Help(Work),
}

/// Counts the input with this number, and shows its matches if asked.
///
/// # Errors
///
/// Returns what `on_event` returns first; reading ends there.
pub(super) fn run(
    setup: &Setup,
    reading: &Mutex<Reading>,
    input: u32,
    control: &Control,
    tally: &mut Tally,
    on_event: Option<OnEvent>,
) -> io::Result<()> {
    let Some(sequence) = open_sequence(reading, input, control) else {
        return Ok(());
    };
    let workers = setup.threads.saturating_sub(1).max(1);
    let blocks = workers * BLOCKS_PER_WORKER;
    let (empty_sender, empty) = empty_blocks(blocks);
    let (full_sender, full) = bounded(blocks);
    let (shown_sender, shown) = bounded(blocks);
    let counter = Counter {
        setup,
        reading,
        control,
        full,
        empty: empty_sender,
        shown: on_event.is_some().then_some(shown_sender),
    };
    std::thread::scope(|scope| {
        let shown_by_reader = counter.shown.clone();
        let reader = scope.spawn(move || {
            let hand_on = HandOn::new(setup, control, full_sender, empty, shown_by_reader);
            hand_on.run(reading, input, sequence)
        });
        let counters = std::iter::repeat_n(counter, workers);
        let counting: Vec<_> = counters
            .map(|counter| scope.spawn(move || counter.run()))
            .collect();
        let outcome = collect(setup, shown, on_event);
        for counter in counting {
            tally.merge(join(counter));
        }
        tally.merge(join(reader));
        outcome
    })
}

/// Opens an input; `None` where there is nothing to read, or no more wanted.
pub(super) fn open_sequence(
    reading: &Mutex<Reading>,
    number: u32,
    control: &Control,
) -> Option<Sequence> {
    let specs = {
        let reading = lock(reading);
        if reading.has_ended(number) || control.is_stopped() {
            return None;
        }
        Arc::clone(&reading.specs)
    };
    match open(&specs[number as usize], &control.wake()) {
        Ok(opened) => Some(opened.into()),
        Err(_) if control.is_stopped() => None,
        Err(error) => {
            lock(reading).end(number, InputState::Failed, Some(error.to_string()));
            None
        }
    }
}

/// Hands blocks to the workers, numbered in the order of the stream.
struct HandOn<'a> {
    setup: &'a Setup<'a>,
    control: &'a Control,
    full: Sender<Task>,
    empty: Receiver<Block>,
    shown: Option<Sender<Numbered<Found>>>,
    number: u64,
    apart: Apart<'a>,
    /// What was taken apart and counts.
    kept: Worker<'a>,
}

/// Counts what is taken apart, with its matches.
#[derive(Default)]
pub(super) struct Apart<'a>(Option<(Worker<'a>, Found)>);

impl<'a> Apart<'a> {
    /// Takes a block, and keeps its matches if they are to be shown; whether more can be taken.
    pub(super) fn hold(
        &mut self,
        setup: &'a Setup<'a>,
        (block, origin): (&Block, &Origin),
        is_shown: bool,
        control: &Control,
    ) -> bool {
        let new = || (Worker::new(setup), (Vec::new(), Arc::clone(&origin.path)));
        let (worker, (found, _)) = self.0.get_or_insert_with(new);
        let matches = worker.scan(block, origin, is_shown.then_some(&mut *found));
        control.add(block.body.len() as u64, matches);
        found.len() <= MAX_HELD
    }

    /// What was taken, if it counts.
    pub(super) fn release(&mut self, is_counted: bool) -> Option<(Worker<'a>, Found)> {
        self.0.take().filter(|_| is_counted)
    }
}

impl<'a> HandOn<'a> {
    fn new(
        setup: &'a Setup<'a>,
        control: &'a Control,
        full: Sender<Task>,
        empty: Receiver<Block>,
        shown: Option<Sender<Numbered<Found>>>,
    ) -> Self {
        HandOn {
            setup,
            control,
            full,
            empty,
            shown,
            number: 0,
            apart: Apart::default(),
            kept: Worker::new(setup),
        }
    }

    /// Reads the input with this number, and returns what was counted here.
    fn run(mut self, reading: &Mutex<Reading>, input: u32, sequence: Sequence) -> Tally {
        let fill = match self.shown {
            Some(_) => Fill::Available,
            None => Fill::Full,
        };
        read_texts(reading, self.control, input, sequence, fill, &mut self);
        self.kept.into_tally()
    }
}

impl Take for HandOn<'_> {
    fn take(&mut self, block: Block, origin: &Origin) -> ControlFlow<(), Block> {
        let numbered = Numbered {
            number: self.number,
            item: (block, origin.clone()),
        };
        self.number += 1;
        let is_sent = self.full.send(Task::Count(Box::new(numbered))).is_ok();
        match (is_sent, self.empty.recv()) {
            (true, Ok(block)) => ControlFlow::Continue(block),
            _ => ControlFlow::Break(()),
        }
    }

    fn hold(&mut self, block: &Block, origin: &Origin) -> bool {
        let is_shown = self.shown.is_some();
        (self.apart).hold(self.setup, (block, origin), is_shown, self.control)
    }

    fn release(&mut self, is_counted: bool) {
        let Some((worker, found)) = self.apart.release(is_counted) else {
            return;
        };
        self.kept.absorb(worker);
        if let Some(shown) = &self.shown {
            let number = self.number;
            self.number += 1;
            // Where nobody wants more matches, the next block says so.
            drop(shown.send(Numbered {
                number,
                item: found,
            }));
        }
    }

    fn run_parts(&mut self, jobs: Vec<Job>, run: RunPart) {
        jobs.into_iter().for_each(|job| run(job, self));
    }

    fn divides(&self) -> bool {
        false
    }

    fn helpers(&self, may_take_turn: bool) -> Option<Helpers> {
        let full = self.full.clone();
        let offer = move |work| {
            // Where there is no room nobody is idle, and the reader does without help.
            drop(full.try_send(Task::Help(work)));
        };
        (self.setup.threads > 1).then(|| Helpers::new(self.setup.threads, may_take_turn, offer))
    }
}

/// What one of several threads counts with: all take from the same channel.
#[derive(Clone)]
struct Counter<'a> {
    setup: &'a Setup<'a>,
    reading: &'a Mutex<Reading>,
    control: &'a Control,
    full: Receiver<Task>,
    empty: Sender<Block>,
    shown: Option<Sender<Numbered<Found>>>,
}

impl Counter<'_> {
    /// Counts blocks until there are no more.
    fn run(self) -> Tally {
        let mut worker = Worker::new(self.setup);
        for task in &self.full {
            let Numbered {
                number,
                item: (block, origin),
            } = match task {
                Task::Count(numbered) => *numbered,
                Task::Help(work) => {
                    work();
                    continue;
                }
            };
            let mut found = self.shown.as_ref().map(|_| Vec::new());
            let matches = worker.scan(&block, &origin, found.as_mut());
            worker.forget_folded(self.reading);
            self.control.add(block.body.len() as u64, matches);
            // The reader may have ended, and then needs no more blocks.
            drop(self.empty.send(block));
            if let (Some(shown), Some(found)) = (&self.shown, found)
                && let item = (found, origin.path)
                && shown.send(Numbered { number, item }).is_err()
            {
                break;
            }
        }
        worker.into_tally()
    }
}

/// Shows matches in the order of their blocks.
fn collect(
    setup: &Setup,
    shown: Receiver<Numbered<Found>>,
    on_event: Option<OnEvent>,
) -> io::Result<()> {
    let Some(on_event) = on_event else {
        return Ok(());
    };
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for Numbered { number, item } in shown {
        waiting.insert(number, item);
        while let Some(found) = waiting.remove(&next) {
            next += 1;
            show(setup, &found, on_event)?;
        }
    }
    Ok(())
}

/// Shows the matches of a block.
pub(super) fn show(setup: &Setup, (matches, path): &Found, on_event: OnEvent) -> io::Result<()> {
    let input = InputName::new(path);
    matches
        .iter()
        .try_for_each(|found| on_event(&event(setup, &input, found)))
}
