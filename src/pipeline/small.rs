//! Small files whose matches are shown, read and counted on one thread: to start two for each took many times
//! as long as to read it.

use std::io;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::{Arc, Mutex};

use super::stream::{Apart, OnEvent, open_sequence, show};
use super::texts::{RunPart, Take, lock, read_texts};
use super::worker::{Origin, Worker};
use super::{Control, Reading, Setup};
use crate::input::{Block, Fill, Helpers, Job};
use crate::tally::Tally;

/// The sizes of small files. The system says of some that they are empty which it makes while they are read.
const BYTES: RangeInclusive<u64> = 1..=256 * 1024;

/// Reads small files, one after the other.
pub(super) struct SmallFiles<'a> {
    setup: &'a Setup<'a>,
    reading: &'a Mutex<Reading>,
    control: &'a Control,
    worker: Worker<'a>,
}

impl<'a> SmallFiles<'a> {
    pub(super) fn new(
        setup: &'a Setup<'a>,
        reading: &'a Mutex<Reading>,
        control: &'a Control,
    ) -> Self {
        SmallFiles {
            setup,
            reading,
            control,
            worker: Worker::new(setup),
        }
    }

    /// Whether the input with this number is one.
    pub(super) fn is_one(&self, number: u32) -> bool {
        let reading = lock(self.reading);
        let size = reading.specs[number as usize].size;
        size.is_some_and(|size| BYTES.contains(&size))
    }

    /// Counts the input with this number, and shows its matches.
    ///
    /// # Errors
    ///
    /// Returns what `on_event` returns first; reading ends there.
    pub(super) fn run(&mut self, number: u32, on_event: OnEvent) -> io::Result<()> {
        let Some(sequence) = open_sequence(self.reading, number, self.control) else {
            return Ok(());
        };
        let (reading, control) = (self.reading, self.control);
        let mut file = SmallFile {
            files: self,
            apart: Apart::default(),
            on_event,
            shown: Ok(()),
        };
        read_texts(reading, control, number, sequence, Fill::Full, &mut file);
        file.shown
    }

    /// What was counted.
    pub(super) fn into_tally(self) -> Tally {
        self.worker.into_tally()
    }
}

/// One that is being read.
struct SmallFile<'f, 'a, 'e> {
    files: &'f mut SmallFiles<'a>,
    apart: Apart<'a>,
    on_event: OnEvent<'e>,
    shown: io::Result<()>,
}

impl Take for SmallFile<'_, '_, '_> {
    fn take(&mut self, block: Block, origin: &Origin) -> ControlFlow<(), Block> {
        // What was taken apart before may have been shown in vain.
        if self.shown.is_err() {
            return ControlFlow::Break(());
        }
        let SmallFiles {
            setup,
            reading,
            control,
            worker,
        } = self.files;
        let mut found = Vec::new();
        let matches = worker.scan(&block, origin, Some(&mut found));
        worker.forget_folded(reading);
        control.add(block.body.len() as u64, matches);
        self.shown = show(setup, &(found, Arc::clone(&origin.path)), self.on_event);
        match self.shown {
            Ok(()) => ControlFlow::Continue(block),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn hold(&mut self, block: &Block, origin: &Origin) -> bool {
        let files = &self.files;
        (self.apart).hold(files.setup, (block, origin), true, files.control)
    }

    fn release(&mut self, is_counted: bool) {
        let Some((worker, found)) = self.apart.release(is_counted) else {
            return;
        };
        self.files.worker.absorb(worker);
        if self.shown.is_ok() {
            self.shown = show(self.files.setup, &found, self.on_event);
        }
    }

    fn run_parts(&mut self, jobs: Vec<Job>, run: RunPart) {
        jobs.into_iter().for_each(|job| run(job, self));
    }

    fn divides(&self) -> bool {
        false
    }

    fn helpers(&self, _may_take_turn: bool) -> Option<Helpers> {
        None
    }
}
