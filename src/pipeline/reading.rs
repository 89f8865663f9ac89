//! The inputs of a scan and what became of each.
//!
//! An input has a number: those given have theirs by their order, and what is found within them
//! has the next free one. The first word on how an input ended is the last.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::worker::Origin;
use super::{Control, Outcome, Setup, Stats};
use crate::input::{Context, InputSpec, Inputs, Limits, Memory, Source, is_fault, is_refusal};
use crate::tally::result::InputState;
use crate::tally::{ScannedInput, Tally, finish};

/// How many of the paths with equal content a note names.
const NAMED_PATHS: usize = 10;

/// The inputs, and what is known of them so far.
pub(super) struct Reading {
    pub(super) specs: Arc<[InputSpec]>,
    entries: Vec<Entry>,
    limits: Arc<Limits>,
    memory: Memory,
    notes: Vec<String>,
}

/// One input.
struct Entry {
    path: Arc<str>,
    state: Option<InputState>,
    error: Option<String>,
    id: Option<String>,
}

impl Reading {
    pub(super) fn new(inputs: Inputs, threads: usize) -> Self {
        let entry = |spec: &InputSpec| Entry {
            path: Arc::from(spec.path.as_str()),
            state: None,
            error: None,
            id: None,
        };
        let mut reading = Reading {
            entries: inputs.specs.iter().map(entry).collect(),
            memory: Memory::new(inputs.limits.max_memory, threads),
            limits: Arc::new(inputs.limits),
            specs: inputs.specs.into(),
            notes: Vec::new(),
        };
        for (number, spec) in Arc::clone(&reading.specs).iter().enumerate() {
            match &spec.source {
                Source::Failed(reason) => {
                    reading.end(number, InputState::Failed, Some(reason.clone()));
                }
                Source::Duplicate(first) => {
                    let reason = format!("is the same file as {first}");
                    reading.end(number, InputState::Duplicate, Some(reason));
                }
                Source::Stdin | Source::File(_) => {}
            }
        }
        reading
    }

    /// Whether it is known how the input with this number ended.
    pub(super) fn has_ended(&self, number: usize) -> bool {
        self.entries[number].state.is_some()
    }

    /// Notes how far an input was read.
    pub(super) fn end(&mut self, number: usize, state: InputState, error: Option<String>) {
        let entry = &mut self.entries[number];
        if entry.state.is_none() {
            entry.state = Some(state);
            entry.error = error;
        }
    }

    /// Notes why an input was read no further than `bytes`.
    pub(super) fn fail(&mut self, number: usize, bytes: u64, error: &io::Error) {
        let is_fault = is_fault(error);
        let state = match bytes == 0 && (is_refusal(error) || !is_fault) {
            true => InputState::Failed,
            false => InputState::Partial,
        };
        let reason = match is_fault || bytes == 0 {
            true => error.to_string(),
            false => format!("reading failed at byte {bytes}: {error}"),
        };
        self.end(number, state, Some(reason));
    }

    /// Notes the identity of an input's text.
    pub(super) fn identify(&mut self, number: usize, id: String) {
        self.entries[number].id = Some(id);
    }

    /// Adds what a reader of the numbers must know of an input.
    pub(super) fn remark(&mut self, number: usize, remarks: Vec<String>) {
        let path = &self.entries[number].path;
        let notes = remarks.iter().map(|remark| format!("{path}: {remark}"));
        self.notes.extend(notes);
    }

    /// Where the text of the input with this number comes from.
    pub(super) fn origin(&self, number: usize, time: Timestamp) -> Origin {
        Origin {
            input: u32::try_from(number).expect("each input takes more than a byte of memory"),
            segment: 0,
            file_time: time,
            path: Arc::clone(&self.entries[number].path),
        }
    }

    /// What the decoders of one more input share.
    pub(super) fn context(&self) -> Context {
        Context::new(&self.limits, &self.memory)
    }

    pub(super) fn outcome(
        mut self,
        setup: &Setup,
        tally: Tally,
        control: &Control,
        started: Instant,
    ) -> Outcome {
        for number in 0..self.entries.len() {
            match control.is_stopped() {
                true => {
                    let reason = String::from("interrupted");
                    self.end(number, InputState::Partial, Some(reason));
                }
                false => self.end(number, InputState::Complete, None),
            }
        }
        let scanned: Vec<ScannedInput> = self.entries.into_iter().map(Entry::scanned).collect();
        let mut result = finish(tally, setup.catalog, setup.matcher, &scanned);
        result.notes.extend(self.notes);
        result.notes.extend(equal_contents(&scanned));
        result.notes.sort();
        Outcome {
            failed: scanned
                .iter()
                .any(|input| matches!(input.state, InputState::Failed | InputState::Partial)),
            stats: Stats {
                engine: setup.matcher.describe(),
                bytes: result.totals.bytes,
                lines: result.totals.lines,
                elapsed: started.elapsed(),
                threads: setup.threads,
            },
            result,
        }
    }
}

impl Entry {
    fn scanned(self) -> ScannedInput {
        ScannedInput {
            path: self.path.to_string(),
            state: self.state.unwrap_or(InputState::Complete),
            error: self.error,
            id: self.id,
        }
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
        .map(|mut paths| {
            paths.sort_unstable();
            format!("equal content, each counted: {}", named(&paths))
        })
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
