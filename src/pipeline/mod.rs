//! Runs the stages: the only place with threads.
//!
//! A worker is a matcher, an enricher and a tally; it shares nothing. Files are
//! divided among workers by ranges of whole lines, and those that are compressed go to a worker each
//! (`batch`); what may have to be waited for, or must be shown in order, goes through channels with
//! recycled blocks (`stream`), and so does what is followed while it is written (`live`).

mod batch;
mod bound;
mod contents;
mod control;
mod copies;
mod line;
pub mod live;
mod ranges;
mod reading;
mod shown;
mod small;
mod stats;
mod stream;
mod texts;
mod worker;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::catalog::{Catalog, Lang};
use crate::enrich::event::Event;
use crate::input::{Block, Inputs};
use crate::matcher::Matcher;
use crate::tally::result::ScanResult;
use crate::tally::{Tally, TallyOptions};

pub use bound::MemoryBound;
pub use control::Control;
use reading::Reading;
use small::SmallFiles;
pub use stats::Stats;

/// What a scan works with.
#[derive(Clone, Debug)]
pub struct Setup<'a> {
    /// The catalogue.
    pub catalog: &'a Catalog,
    /// A matcher for its codes.
    pub matcher: &'a Matcher,
    /// What to count.
    pub tally: Arc<TallyOptions>,
    /// The zone of stamps without one.
    pub zone: jiff::tz::TimeZone,
    /// The number of threads in all, the reader's included. There are fewer where the memory that is
    /// allowed has no room for the text of so many.
    pub threads: usize,
    /// The language of events.
    pub lang: Lang,
}

impl Setup<'_> {
    /// The same with no more threads than there is room for.
    fn within(&self, inputs: &Inputs) -> Self {
        Setup {
            threads: bound::threads_within(&inputs.limits, self.threads),
            ..self.clone()
        }
    }
}

/// What a scan leaves behind.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The counts.
    pub result: ScanResult,
    /// Whether an input could not be read to its end.
    pub failed: bool,
    /// How it went.
    pub stats: Stats,
}

/// Counts the codes in `inputs`.
pub fn scan(setup: &Setup, inputs: Inputs, control: &Control) -> Outcome {
    let started = Instant::now();
    let setup = &setup.within(&inputs);
    let reading = Mutex::new(Reading::new(inputs, setup, control));
    let mut tally = Tally::new(Arc::clone(&setup.tally));
    for number in batch::run(setup, &reading, control, &mut tally) {
        let read = stream::run(setup, &reading, number, control, &mut tally, None);
        read.expect("nothing is shown, so showing cannot fail");
    }
    into_inner(reading).outcome(setup, tally, control, started)
}

/// Counts the codes in `inputs` and calls `on_event` for each match of a known code, in input order.
///
/// # Errors
///
/// Returns what `on_event` returns first; reading ends there.
pub fn scan_events(
    setup: &Setup,
    inputs: Inputs,
    control: &Control,
    on_event: &mut dyn FnMut(&Event) -> io::Result<()>,
) -> io::Result<Outcome> {
    let started = Instant::now();
    let numbers = 0..reading::number(inputs.specs.len());
    let setup = &setup.within(&inputs);
    let reading = Mutex::new(Reading::new(inputs, setup, control));
    let mut tally = Tally::new(Arc::clone(&setup.tally));
    let mut small = SmallFiles::new(setup, &reading, control);
    for number in numbers {
        match small.is_one(number) {
            true => small.run(number, on_event)?,
            false => stream::run(setup, &reading, number, control, &mut tally, Some(on_event))?,
        }
    }
    tally.merge(small.into_tally());
    Ok(into_inner(reading).outcome(setup, tally, control, started))
}

/// A channel that holds so many empty blocks, with room for the one that the reader fills.
fn empty_blocks(blocks: usize) -> (Sender<Block>, Receiver<Block>) {
    let (sender, receiver) = bounded(blocks + 1);
    for _ in 0..blocks {
        sender
            .send(Block::default())
            .expect("the receiver is at hand and has room");
    }
    (sender, receiver)
}

fn into_inner(reading: Mutex<Reading>) -> Reading {
    reading.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn join<T>(thread: std::thread::ScopedJoinHandle<T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
