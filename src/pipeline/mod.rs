//! Runs the stages: the only place with threads.
//!
//! A worker is a matcher, an enricher and a tally; it shares nothing. Files are
//! divided among workers by ranges of whole lines (`batch`); what can only be read in
//! order, or must be shown in order, goes through channels with recycled blocks (`stream`), and
//! so does what is followed while it is written (`live`).

mod batch;
mod control;
mod line;
pub mod live;
mod ranges;
mod shown;
mod stats;
mod stream;
mod worker;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::catalog::{Catalog, Lang};
use crate::enrich::event::Event;
use crate::input::{InputSpec, Inputs, Source, container};
use crate::matcher::Matcher;
use crate::tally::result::{InputState, ScanResult};
use crate::tally::{ScannedInput, Tally, TallyOptions, finish};

pub use control::Control;
pub use stats::Stats;

/// How many of the paths with equal content a note names.
const NAMED_PATHS: usize = 10;

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
    /// The number of threads in all, the reader's included.
    pub threads: usize,
    /// The language of events.
    pub lang: Lang,
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
    let mut reading = Reading::new(inputs);
    let mut tally = Tally::new(Arc::clone(&setup.tally));
    let streams = batch::run(setup, &mut reading, control, &mut tally);
    for number in streams {
        let Some(stream) = reading.open_stream(number, control) else {
            continue;
        };
        let read = stream::run(
            setup,
            &mut reading,
            number,
            stream,
            control,
            &mut tally,
            None,
        );
        read.expect("nothing is shown, so showing cannot fail");
    }
    reading.outcome(setup, tally, control, started)
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
    let mut reading = Reading::new(inputs);
    let mut tally = Tally::new(Arc::clone(&setup.tally));
    for number in 0..reading.specs.len() {
        if let Some(stream) = reading.open_stream(number, control) {
            stream::run(
                setup,
                &mut reading,
                number,
                stream,
                control,
                &mut tally,
                Some(on_event),
            )?;
        }
    }
    Ok(reading.outcome(setup, tally, control, started))
}

fn join<T>(thread: std::thread::ScopedJoinHandle<T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The inputs and what became of each so far.
struct Reading {
    specs: Vec<InputSpec>,
    /// The rank of each input by its path: the order of samples.
    ranks: Vec<u32>,
    states: Vec<Option<InputState>>,
    errors: Vec<Option<String>>,
    ids: Vec<Option<String>>,
}

impl Reading {
    fn new(inputs: Inputs) -> Self {
        let specs = inputs.specs;
        let mut order: Vec<usize> = (0..specs.len()).collect();
        order.sort_by(|&a, &b| specs[a].path.cmp(&specs[b].path));
        let mut ranks = vec![0; specs.len()];
        for (rank, &number) in (0..).zip(&order) {
            ranks[number] = rank;
        }
        let mut reading = Reading {
            ranks,
            states: vec![None; specs.len()],
            errors: vec![None; specs.len()],
            ids: vec![None; specs.len()],
            specs,
        };
        for number in 0..reading.specs.len() {
            match reading.specs[number].source.clone() {
                Source::Failed(reason) => reading.end(number, InputState::Failed, Some(reason)),
                Source::Duplicate(first) => {
                    reading.end(
                        number,
                        InputState::Duplicate,
                        Some(format!("is the same file as {first}")),
                    );
                }
                Source::Stdin | Source::File(_) => {}
            }
        }
        reading
    }

    /// Notes how far an input was read; the first word is the last.
    fn end(&mut self, number: usize, state: InputState, error: Option<String>) {
        if self.states[number].is_none() {
            self.states[number] = Some(state);
            self.errors[number] = error;
        }
    }

    fn open_stream(&mut self, number: usize, control: &Control) -> Option<crate::input::Stream> {
        if self.states[number].is_some() || control.is_stopped() {
            return None;
        }
        match crate::input::open(&self.specs[number], &control.wake()) {
            Ok(opened) => Some(opened.into_stream()),
            Err(_) if control.is_stopped() => None,
            Err(error) => {
                self.end(number, InputState::Failed, Some(error.to_string()));
                None
            }
        }
    }

    fn outcome(
        mut self,
        setup: &Setup,
        tally: Tally,
        control: &Control,
        started: Instant,
    ) -> Outcome {
        for number in 0..self.specs.len() {
            let state = if control.is_stopped() {
                InputState::Partial
            } else {
                InputState::Complete
            };
            let reason = control.is_stopped().then(|| String::from("interrupted"));
            self.end(number, state, reason);
        }
        let mut scanned: Vec<(u32, ScannedInput)> = (0..self.specs.len())
            .map(|number| self.scanned(number, &tally))
            .collect();
        scanned.sort_by_key(|(rank, _)| *rank);
        let scanned: Vec<ScannedInput> = scanned.into_iter().map(|(_, input)| input).collect();
        let effort = tally.effort();
        let mut result = finish(tally, setup.catalog, setup.matcher, &scanned);
        result.notes.extend(equal_contents(&scanned));
        Outcome {
            failed: scanned
                .iter()
                .any(|input| matches!(input.state, InputState::Failed | InputState::Partial)),
            stats: Stats {
                engine: setup.matcher.describe(),
                effort,
                bytes: result.totals.bytes,
                lines: result.totals.lines,
                elapsed: started.elapsed(),
                threads: setup.threads,
            },
            result,
        }
    }

    fn scanned(&self, number: usize, tally: &Tally) -> (u32, ScannedInput) {
        let is_of_container = tally.is_of_container(self.ranks[number]);
        let input = ScannedInput {
            container: is_of_container
                .then(|| container(&self.specs[number].path))
                .flatten(),
            path: self.specs[number].path.clone(),
            state: self.states[number].unwrap_or(InputState::Complete),
            error: self.errors[number].clone(),
            id: self.ids[number].clone(),
        };
        (self.ranks[number], input)
    }
}

/// A note for each text that was counted under more than one path.
fn equal_contents(scanned: &[ScannedInput]) -> Vec<String> {
    let mut paths: HashMap<&str, Vec<&str>> = HashMap::new();
    for input in scanned {
        if let Some(id) = input.id.as_deref().filter(|id| !id.starts_with("0-")) {
            paths.entry(id).or_default().push(&input.path);
        }
    }
    let equal = paths.into_values().filter(|paths| paths.len() > 1);
    let mut notes: Vec<String> = equal
        .map(|paths| format!("equal content, each counted: {}", named(&paths)))
        .collect();
    notes.sort();
    notes
}

/// The first few of `paths`, and how many more there are.
fn named(paths: &[&str]) -> String {
    let shown = &paths[..paths.len().min(NAMED_PATHS)];
    match paths.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
