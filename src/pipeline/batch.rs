//! Files, divided among workers by ranges of whole lines.
//!
//! Each worker takes the next range when it has done one, so none waits for
//! another, however unequal files and ranges are.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::ranges::{RANGE_BYTES, Ranges};
use super::worker::{Origin, Worker};
use super::{Control, Reading, Setup};
use crate::input::{Block, BlockReader, Fill, Opened, open};
use crate::tally::Tally;
use crate::tally::result::InputState;

/// A part of a file.
struct Task {
    number: usize,
    segment: u32,
    file: Arc<File>,
    range: Range<u64>,
}

/// Counts all files into `tally`; returns the numbers of what can only be read in order, still unopened.
pub(super) fn run(
    setup: &Setup,
    reading: &mut Reading,
    control: &Control,
    tally: &mut Tally,
) -> Vec<usize> {
    let numbers = reading.specs.len();
    let plan = Mutex::new(Plan {
        reading,
        control,
        numbers: 0..numbers,
        current: None,
        under_way: vec![0; numbers],
        streams: Vec::new(),
    });
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(setup.threads)
        .build();
    let pool = pool.expect("the system can start a few threads");
    let tallies: Vec<Tally> = pool.install(|| {
        let workers = (0..setup.threads).into_par_iter().with_max_len(1);
        workers.map(|_| work(setup, &plan, control)).collect()
    });
    for counted in tallies {
        tally.merge(counted);
    }
    plan.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .streams
}

fn work(setup: &Setup, plan: &Mutex<Plan>, control: &Control) -> Tally {
    let mut worker = Worker::new(setup);
    let mut block = Block::default();
    let lock = || plan.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let Some((task, origin)) = lock().next_task() else {
            break;
        };
        match scan_range(&mut worker, &mut block, &task, origin, control) {
            Ok(()) => lock().finish(task.number),
            Err(error) => lock().fail(task.number, error),
        }
    }
    worker.into_tally()
}

fn scan_range(
    worker: &mut Worker,
    block: &mut Block,
    task: &Task,
    origin: Origin,
    control: &Control,
) -> io::Result<()> {
    let mut file = PositionedFile {
        file: &task.file,
        at: task.range.start,
    };
    let source = file.by_ref().take(task.range.end - task.range.start);
    let mut reader = BlockReader::new(source, task.range.start, Fill::Full);
    loop {
        if control.is_stopped() {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted"));
        }
        match reader.next_block(block) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                let matches = worker.scan(block, origin, None);
                control.add(block.body.len() as u64, matches);
            }
            Err(error) => {
                let at = reader.position();
                while reader.next_block(block).unwrap_or(false) {
                    worker.scan(block, origin, None);
                }
                return Err(io::Error::new(
                    error.kind(),
                    format!("reading failed at byte {at}: {error}"),
                ));
            }
        }
    }
}

/// Reads a shared file from a place of its own.
struct PositionedFile<'f> {
    file: &'f File,
    at: u64,
}

impl Read for PositionedFile<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = std::os::unix::fs::FileExt::read_at(self.file, out, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// What is still to be read, in order.
struct Plan<'r> {
    reading: &'r mut Reading,
    control: &'r Control,
    numbers: Range<usize>,
    current: Option<Current>,
    /// How many ranges of each input are given out and not finished.
    under_way: Vec<usize>,
    streams: Vec<usize>,
}

/// The file that is being divided.
struct Current {
    number: usize,
    file: Arc<File>,
    ranges: Ranges,
    segment: u32,
}

impl Plan<'_> {
    fn next_task(&mut self) -> Option<(Task, Origin)> {
        while !self.control.is_stopped() {
            if let Some(task) = self.next_range() {
                let origin = Origin {
                    input: self.reading.ranks[task.number],
                    segment: task.segment,
                    file_time: self.reading.specs[task.number].time,
                };
                return Some((task, origin));
            }
            let number = self.numbers.next()?;
            self.open(number);
        }
        None
    }

    fn next_range(&mut self) -> Option<Task> {
        let current = self.current.as_mut()?;
        let range = match current.ranges.next(&current.file) {
            Ok(range) => range,
            Err(error) => {
                let number = current.number;
                self.current = None;
                self.fail(number, error);
                return None;
            }
        };
        let task = range.map(|range| Task {
            number: current.number,
            segment: current.segment,
            file: Arc::clone(&current.file),
            range,
        });
        current.segment += 1;
        self.under_way[current.number] += usize::from(task.is_some());
        if current.ranges.is_at_end() {
            self.current = None;
        }
        task
    }

    fn open(&mut self, number: usize) {
        if self.reading.states[number].is_some() {
            return;
        }
        // A pipe would keep every worker waiting, and could not be opened again.
        if self.reading.specs[number].size.is_none() {
            self.streams.push(number);
            return;
        }
        match open(&self.reading.specs[number], &self.control.wake()) {
            Ok(Opened::File { file, size, id }) => {
                self.reading.ids[number] = Some(id);
                let ranges = Ranges::new(size, RANGE_BYTES);
                self.current = Some(Current {
                    number,
                    file: Arc::new(file),
                    ranges,
                    segment: 0,
                });
            }
            // Closed until its turn comes: there may be more of them than can be open at once.
            Ok(Opened::Stream(_)) => self.streams.push(number),
            Err(_) if self.control.is_stopped() => {}
            Err(error) => self
                .reading
                .end(number, InputState::Failed, Some(error.to_string())),
        }
    }

    /// Notes that a range was read, and with the last one that the input is complete.
    fn finish(&mut self, number: usize) {
        self.under_way[number] -= 1;
        let is_divided = self
            .current
            .as_ref()
            .is_none_or(|current| current.number != number);
        if is_divided && self.under_way[number] == 0 {
            self.reading.end(number, InputState::Complete, None);
            self.control.add_input();
        }
    }

    fn fail(&mut self, number: usize, error: io::Error) {
        self.reading
            .end(number, InputState::Partial, Some(error.to_string()));
    }
}
