//! The inputs of a scan and what became of each.
//!
//! An input has a number: those given have theirs by their order, and what is found within them
//! has the next free one. The first word on how an input ended is the last. Beyond as many inputs
//! as a result lists, those that are complete are forgotten as soon as they end, so that memory
//! does not grow with the number of an archive's members.

mod twins;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

pub(super) use twins::Twin;
use twins::originals;

use super::contents::Contents;
use super::worker::Origin;
use super::{Control, Outcome, Setup, Stats};
use crate::input::{
    Context, Dedup, InputSpec, Inputs, Limits, Memory, Source, TextId, container, is_fault,
    is_refusal,
};
use crate::tally::result::InputState;
use crate::tally::{MAX_INPUTS, Scanned, ScannedInput, Tally, finish};
use crate::wording::{Note, notes, reasons};

/// The most notes on single inputs; the first by their text are kept.
const MAX_REMARKS: usize = 100;

/// The inputs, and what is known of them so far.
pub(super) struct Reading {
    pub(super) specs: Arc<[InputSpec]>,
    /// By number; those that are folded are gone.
    entries: BTreeMap<u32, Entry>,
    /// The number of the next member.
    next: u32,
    /// How many complete inputs are folded.
    complete: u64,
    /// Members that were not read to their end, in the order in which they are listed.
    faulty: BTreeSet<(Arc<str>, u32)>,
    /// Those of them that are folded, of which something was counted.
    faulty_folded: HashSet<u32>,
    faulty_count: u64,
    /// Whether no complete input may be folded, since rows name them.
    lists_all: bool,
    limits: Arc<Limits>,
    threads: usize,
    memory: Memory,
    contents: Contents,
    dedup: Dedup,
    /// The original beside which each compressed copy lies, by their numbers.
    originals: HashMap<u32, u32>,
    /// The path under which each text is counted, where equal ones count once.
    claims: HashMap<TextId, Arc<str>>,
    remarks: BTreeSet<Note>,
    more_remarks: bool,
}

/// One input.
struct Entry {
    path: Arc<str>,
    state: Option<InputState>,
    error: Option<String>,
    id: Option<TextId>,
}

impl Reading {
    pub(super) fn new(inputs: Inputs, setup: &Setup, control: &Control) -> Self {
        let specs: Arc<[InputSpec]> = inputs.specs.into();
        let entries = specs.iter().map(|spec| Entry::new(spec.path.as_str()));
        let entries: BTreeMap<u32, Entry> = (0..).zip(entries).collect();
        let mut reading = Reading {
            next: number(entries.len()),
            entries,
            complete: 0,
            faulty: BTreeSet::new(),
            faulty_folded: HashSet::new(),
            faulty_count: 0,
            lists_all: setup.tally.by_file,
            threads: setup.threads,
            memory: Memory::new(inputs.limits.max_memory, setup.threads),
            limits: Arc::new(inputs.limits),
            specs: Arc::clone(&specs),
            contents: Contents::default(),
            dedup: inputs.dedup,
            originals: originals(&specs),
            claims: HashMap::new(),
            remarks: BTreeSet::new(),
            more_remarks: false,
        };
        for (given, spec) in specs.iter().enumerate() {
            let given = number(given);
            match &spec.source {
                Source::Failed(reason) => {
                    reading.end(given, InputState::Failed, Some(reason.clone()));
                }
                Source::Duplicate(first) => {
                    let reason = reasons::same_file(first);
                    reading.end(given, InputState::Duplicate, Some(reason));
                }
                Source::Stdin | Source::File(_) => {}
            }
        }
        if reading.is_by_content() {
            reading.claim_known(control);
        }
        reading
    }

    /// Adds what was found within the input `given`, whose path goes on with `path`.
    pub(super) fn add_member(&mut self, given: u32, path: &str) -> u32 {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let path = format!("{}{path}", self.specs[given as usize].path);
        self.entries.insert(number, Entry::new(&path));
        if self.folds() && self.members() == MAX_INPUTS as u64 + 1 {
            self.fold_complete();
        }
        number
    }

    /// How many inputs there are beside those given.
    fn members(&self) -> u64 {
        u64::from(self.next) - self.specs.len() as u64
    }

    /// Whether complete inputs are folded: there are more than can be listed, whatever follows.
    fn folds(&self) -> bool {
        self.members() > MAX_INPUTS as u64 && !self.lists_all
    }

    fn fold_complete(&mut self) {
        let before = self.entries.len();
        self.entries
            .retain(|_, entry| entry.state != Some(InputState::Complete));
        self.complete += (before - self.entries.len()) as u64;
    }

    /// The state with which an input is counted that is not listed.
    pub(super) fn folded_state(&self, number: u32) -> Option<InputState> {
        match self.entries.contains_key(&number) {
            true => None,
            false if self.faulty_folded.contains(&number) => Some(InputState::Partial),
            false => Some(InputState::Complete),
        }
    }

    /// Whether it is known how the input with this number ended.
    pub(super) fn has_ended(&self, number: u32) -> bool {
        let entry = self.entries.get(&number);
        entry.is_none_or(|entry| entry.state.is_some())
    }

    /// Notes how far an input was read.
    pub(super) fn end(&mut self, number: u32, state: InputState, error: Option<String>) {
        let Some(entry) = self.entries.get_mut(&number) else {
            return;
        };
        if entry.state.is_some() {
            return;
        }
        entry.state = Some(state);
        entry.error = error;
        if let Some(id) = entry.id.filter(|_| state != InputState::Duplicate) {
            self.contents.add(id, &entry.path);
        }
        let path = Arc::clone(&entry.path);
        let is_given = (number as usize) < self.specs.len();
        if state == InputState::Complete && self.folds() {
            self.entries.remove(&number);
            self.complete += 1;
        } else if state != InputState::Complete && !is_given {
            self.faulty.insert((path, number));
            self.fold_faulty();
        }
    }

    /// Keeps the first of those that were not read to their end.
    fn fold_faulty(&mut self) {
        if self.faulty.len() <= MAX_INPUTS {
            return;
        }
        if let Some((_, number)) = self.faulty.pop_last() {
            let entry = self.entries.remove(&number);
            if entry.is_some_and(|entry| entry.id.is_some()) {
                self.faulty_folded.insert(number);
            }
            self.faulty_count += 1;
        }
    }

    /// Notes why an input was read no further than `bytes`.
    pub(super) fn fail(&mut self, number: u32, bytes: u64, error: &io::Error) {
        let is_fault = is_fault(error);
        let state = match bytes == 0 && (is_refusal(error) || !is_fault) {
            true => InputState::Failed,
            false => InputState::Partial,
        };
        let reason = match is_fault || bytes == 0 {
            true => error.to_string(),
            false => reasons::reading_failed(bytes, &error.to_string()),
        };
        self.end(number, state, Some(reason));
    }

    /// Notes the identity of an input's text.
    pub(super) fn identify(&mut self, number: u32, id: TextId) {
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.id = Some(id);
        }
    }

    /// Notes that an input is an archive, which has no text beside its members'.
    pub(super) fn end_archive(&mut self, number: u32) {
        if !self.has_ended(number) {
            self.entries.remove(&number);
        }
    }

    /// Whether there are fewer inputs than threads, so that some are idle from the beginning.
    pub(super) fn is_short_of_inputs(&self) -> bool {
        self.specs.len() < self.threads
    }

    /// What the decoders of a part of an input share, which is read beside the others.
    pub(super) fn context_of_part(&self, whole: &Context) -> Context {
        whole.for_part(&self.memory)
    }

    /// Adds what a reader of the numbers must know of an input.
    pub(super) fn remark(&mut self, number: u32, remarks: Vec<String>) {
        let Some(entry) = self.entries.get(&number) else {
            return;
        };
        for remark in remarks {
            self.remarks.insert(notes::on_input(&entry.path, &remark));
            if self.remarks.len() > MAX_REMARKS {
                self.remarks.pop_last();
                self.more_remarks = true;
            }
        }
    }

    /// Where the text of the input with this number comes from.
    pub(super) fn origin(&self, number: u32, time: Timestamp) -> Origin {
        let path = self.entries.get(&number).map(|entry| &entry.path);
        Origin {
            input: number,
            segment: 0,
            file_time: time,
            path: path.map_or_else(|| Arc::from(""), Arc::clone),
        }
    }

    /// What the decoders of one more input share.
    pub(super) fn context(&self) -> Context {
        Context::new(&self.limits, &self.memory)
    }

    pub(super) fn outcome(
        mut self,
        setup: &Setup,
        mut tally: Tally,
        control: &Control,
        started: Instant,
    ) -> Outcome {
        let unread: Vec<u32> = self.entries.keys().copied().collect();
        for number in unread {
            match control.is_stopped() {
                true => {
                    let reason = reasons::interrupted();
                    self.end(number, InputState::Partial, Some(reason));
                }
                false => self.end(number, InputState::Complete, None),
            }
        }
        tally.fold_inputs(|number| self.folded_state(number));
        let scanned = self.scanned();
        let effort = tally.effort();
        let mut result = finish(tally, setup.catalog, setup.matcher, &scanned);
        result.notes.extend(self.notes());
        result.notes.sort();
        let is_bad = |state: &InputState| matches!(state, InputState::Failed | InputState::Partial);
        Outcome {
            failed: scanned.inputs.iter().any(|input| is_bad(&input.state))
                || scanned.folded.keys().any(is_bad),
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

    fn scanned(&self) -> Scanned {
        let inputs = self.entries.iter().map(|(&number, entry)| ScannedInput {
            number,
            path: entry.path.to_string(),
            state: entry.state.unwrap_or(InputState::Complete),
            error: entry.error.clone(),
            id: entry.id.map(|id| id.to_string()),
        });
        let folded = [
            (InputState::Complete, self.complete),
            (InputState::Partial, self.faulty_count),
        ];
        Scanned {
            inputs: inputs.collect(),
            folded: folded.into_iter().filter(|(_, count)| *count > 0).collect(),
            container,
        }
    }

    fn notes(&self) -> Vec<Note> {
        let mut told: Vec<Note> = self.remarks.iter().cloned().collect();
        if self.more_remarks {
            told.push(notes::many_remarks(MAX_REMARKS));
        }
        told.extend(self.contents.notes());
        told
    }
}

impl Entry {
    fn new(path: &str) -> Self {
        Entry {
            path: Arc::from(path),
            state: None,
            error: None,
            id: None,
        }
    }
}

/// A place in a list of inputs as a number.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).expect("each input given takes more than a byte of memory")
}
