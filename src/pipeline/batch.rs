//! Files, divided among workers by ranges of whole lines.
//!
//! Each worker takes the next range when it has done one, so none waits for
//! another, however unequal files and ranges are. A file that can only be read in order
//! is read by one worker, and its blocks are counted by whichever thread is idle.

use std::fs::File;
use std::io;
use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::Scope;

use super::ranges::{RANGE_BLOCK_BYTES, RANGE_BYTES, Ranges};
use super::reading::number;
use super::texts::{RunPart, Sequence, Take, lock, read_texts};
use super::worker::{Origin, Worker};
use super::{Control, Reading, Setup};
use crate::input::{Block, BlockReader, Extent, Fill, Helpers, InputSpec, Job, Opened, open};
use crate::tally::Tally;
use crate::tally::result::InputState;
use crate::wording::reasons;

/// Blocks for each thread that wait to be counted by an idle one, while their reader goes on.
const SPARE_BLOCKS_PER_THREAD: usize = 2;

/// How many of them are handed on together: waking a thread for each took a twentieth of the time of
/// whoever decompresses.
const BLOCKS_AT_A_TIME: usize = 2;

/// What one worker does next.
enum Task {
    /// Counts a part of a file.
    Range(Part),
    /// Counts a file that is read in order.
    Whole(u32, Sequence),
}

/// A part of a file.
struct Part {
    number: u32,
    origin: Origin,
    file: Arc<File>,
    range: Range<u64>,
}

/// Counts all files into `tally`; returns the numbers of what may have to be waited for, still unopened.
pub(super) fn run(
    setup: &Setup,
    reading: &Mutex<Reading>,
    control: &Control,
    tally: &mut Tally,
) -> Vec<u32> {
    let specs = Arc::clone(&lock(reading).specs);
    let plan = Mutex::new(Plan {
        reading,
        control,
        numbers: 0..number(specs.len()),
        current: None,
        under_way: vec![0; specs.len()],
        specs,
        streams: Vec::new(),
        threads: setup.threads,
    });
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(setup.threads)
        .build();
    let pool = pool.expect("the system can start a few threads");
    let crew = Crew::new(setup, reading, control);
    pool.in_place_scope(|scope| {
        for _ in 0..setup.threads {
            scope.spawn(|scope| work(&crew, &plan, scope));
        }
        // The result asks for it; this thread has nothing else to do meanwhile.
        setup.catalog.id();
    });
    for worker in crew.workers {
        let worker = worker.into_inner().unwrap_or_else(PoisonError::into_inner);
        tally.merge(worker.into_tally());
    }
    plan.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .streams
}

fn work<'s>(crew: &'s Crew, plan: &'s Mutex<Plan>, scope: &Scope<'s>) {
    let mut block = Block::default();
    loop {
        let Some(task) = lock(plan).next_task() else {
            return;
        };
        match task {
            Task::Range(part) => match scan_range(crew, &mut block, &part) {
                Ok(()) => lock(plan).finish(part.number),
                Err(error) => lock(plan).fail(part.number, &error),
            },
            Task::Whole(number, sequence) => {
                // The blocks of such a text take the memory that one of a range took.
                block = Block::default();
                let mut shared = Shared::new(crew, scope);
                read_texts(
                    crew.reading,
                    crew.control,
                    number,
                    sequence,
                    Fill::Full,
                    &mut shared,
                );
            }
        }
    }
}

/// Has blocks counted by whichever thread is idle.
struct Shared<'c, 's, 'a> {
    crew: &'s Crew<'a>,
    scope: &'c Scope<'s>,
    /// Counts what is taken apart.
    apart: Option<Worker<'a>>,
    /// Blocks that wait for others to be handed on with them.
    ready: Vec<(Block, Origin)>,
}

impl<'c, 's, 'a> Shared<'c, 's, 'a> {
    fn new(crew: &'s Crew<'a>, scope: &'c Scope<'s>) -> Self {
        Shared {
            crew,
            scope,
            apart: None,
            ready: Vec::new(),
        }
    }

    /// Has the blocks that wait counted by whichever thread is idle.
    fn hand_on(&mut self) {
        let ready = std::mem::take(&mut self.ready);
        if ready.is_empty() {
            return;
        }
        let crew = self.crew;
        self.scope.spawn(move |_| {
            for (block, origin) in ready {
                crew.scan(&block, &origin);
                lock(&crew.spare).push(block);
            }
        });
    }
}

impl Drop for Shared<'_, '_, '_> {
    fn drop(&mut self) {
        self.hand_on();
    }
}

impl Take for Shared<'_, '_, '_> {
    fn take(&mut self, block: Block, origin: &Origin) -> ControlFlow<(), Block> {
        let Some(spare) = self.crew.spare_block() else {
            self.hand_on();
            self.crew.scan(&block, origin);
            return ControlFlow::Continue(block);
        };
        self.ready.push((block, origin.clone()));
        if self.ready.len() >= BLOCKS_AT_A_TIME {
            self.hand_on();
        }
        ControlFlow::Continue(spare)
    }

    fn hold(&mut self, block: &Block, origin: &Origin) -> bool {
        let crew = self.crew;
        let apart = self.apart.get_or_insert_with(|| Worker::new(crew.setup));
        let matches = apart.scan(block, origin, None);
        crew.control.add(block.body.len() as u64, matches);
        true
    }

    fn release(&mut self, is_counted: bool) {
        if let Some(apart) = self.apart.take().filter(|_| is_counted) {
            self.crew.own_worker().absorb(apart);
        }
    }

    fn run_parts(&mut self, jobs: Vec<Job>, run: RunPart) {
        let crew = self.crew;
        rayon::scope(|scope| {
            for job in jobs {
                scope.spawn(move |scope| run(job, &mut Shared::new(crew, scope)));
            }
        });
    }

    fn divides(&self) -> bool {
        self.crew.workers.len() > 1
    }

    fn helpers(&self, may_take_turn: bool) -> Option<Helpers> {
        // Only a thread of the pool reads, so the work stays in it.
        let threads = self.crew.workers.len();
        (threads > 1).then(|| Helpers::new(threads, may_take_turn, rayon::spawn))
    }
}

/// The workers, one a thread.
struct Crew<'a> {
    setup: &'a Setup<'a>,
    workers: Vec<Mutex<Worker<'a>>>,
    reading: &'a Mutex<Reading>,
    control: &'a Control,
    /// Empty blocks for those that are handed to idle threads.
    spare: Mutex<Vec<Block>>,
}

impl<'a> Crew<'a> {
    fn new(setup: &'a Setup<'a>, reading: &'a Mutex<Reading>, control: &'a Control) -> Self {
        let spare = match setup.threads {
            1 => 0,
            threads => threads * SPARE_BLOCKS_PER_THREAD,
        };
        Crew {
            setup,
            workers: (0..setup.threads)
                .map(|_| Mutex::new(Worker::new(setup)))
                .collect(),
            reading,
            control,
            spare: Mutex::new(std::iter::repeat_with(Block::default).take(spare).collect()),
        }
    }

    /// The worker of this thread.
    fn own_worker(&self) -> MutexGuard<'_, Worker<'a>> {
        let thread = rayon::current_thread_index().expect("workers run in the pool");
        lock(&self.workers[thread])
    }

    /// Counts `block` on this thread.
    fn scan(&self, block: &Block, origin: &Origin) {
        let mut worker = self.own_worker();
        let matches = worker.scan(block, origin, None);
        worker.forget_folded(self.reading);
        self.control.add(block.body.len() as u64, matches);
    }

    /// An empty block, unless all are under way: then whoever reads has to count, too.
    fn spare_block(&self) -> Option<Block> {
        lock(&self.spare).pop()
    }
}

fn scan_range(crew: &Crew, block: &mut Block, part: &Part) -> io::Result<()> {
    let start = part.range.start;
    let source = Extent::new(&*part.file, part.range.clone());
    let mut reader = BlockReader::with_block_bytes(source, start, Fill::Full, RANGE_BLOCK_BYTES);
    loop {
        if crew.control.is_stopped() {
            let reason = reasons::interrupted();
            return Err(io::Error::new(io::ErrorKind::Interrupted, reason));
        }
        match reader.next_block(block) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                crew.scan(block, &part.origin);
                crew.control.add_read(block.body.len() as u64);
            }
            Err(error) => {
                let at = reader.position();
                while reader.next_block(block).unwrap_or(false) {
                    crew.scan(block, &part.origin);
                }
                let reason = reasons::reading_failed(at, &error.to_string());
                return Err(io::Error::new(error.kind(), reason));
            }
        }
    }
}

/// What is still to be read, in order.
struct Plan<'r> {
    reading: &'r Mutex<Reading>,
    control: &'r Control,
    specs: Arc<[InputSpec]>,
    numbers: Range<u32>,
    current: Option<Current>,
    /// How many ranges of each input are given out and not finished.
    under_way: Vec<usize>,
    streams: Vec<u32>,
    /// How many workers ask for ranges.
    threads: usize,
}

/// The file that is being divided.
struct Current {
    number: u32,
    origin: Origin,
    file: Arc<File>,
    ranges: Ranges,
}

impl Plan<'_> {
    fn next_task(&mut self) -> Option<Task> {
        while !self.control.is_stopped() {
            if let Some(part) = self.next_range() {
                return Some(Task::Range(part));
            }
            let number = self.numbers.next()?;
            if let Some(stream) = self.open(number) {
                return Some(Task::Whole(number, stream));
            }
        }
        None
    }

    fn next_range(&mut self) -> Option<Part> {
        let current = self.current.as_mut()?;
        let range = match current.ranges.next(&current.file) {
            Ok(range) => range,
            Err(error) => {
                let number = current.number;
                self.current = None;
                self.fail(number, &error);
                return None;
            }
        };
        let part = range.map(|range| Part {
            number: current.number,
            origin: current.origin.clone(),
            file: Arc::clone(&current.file),
            range,
        });
        current.origin.segment += 1;
        self.under_way[current.number as usize] += usize::from(part.is_some());
        if current.ranges.is_at_end() {
            self.current = None;
        }
        part
    }

    /// Opens an input: plain text to be divided, anything else to be read in order by who asked.
    fn open(&mut self, number: u32) -> Option<Sequence> {
        if lock(self.reading).has_ended(number) {
            return None;
        }
        let spec = &self.specs[number as usize];
        // A pipe would keep every worker waiting, and could not be opened again.
        if spec.size.is_none() {
            self.streams.push(number);
            return None;
        }
        match open(spec, &self.control.wake()) {
            Ok(Opened::File { file, size, id }) => {
                let mut reading = lock(self.reading);
                reading.identify(number, id);
                self.current = Some(Current {
                    number,
                    origin: reading.origin(number, spec.time),
                    file: Arc::new(file),
                    ranges: Ranges::new(size, self.threads, RANGE_BYTES),
                });
            }
            // Which of equal texts comes first is told in the order of the inputs.
            Ok(Opened::Packed { .. }) if lock(self.reading).is_by_content() => {
                self.streams.push(number);
            }
            Ok(opened @ Opened::Packed { .. }) => return Some(opened.into()),
            // Closed until its turn comes: there may be more of them than can be open at once.
            Ok(Opened::Stream(_)) => self.streams.push(number),
            Err(_) if self.control.is_stopped() => {}
            Err(error) => {
                lock(self.reading).end(number, InputState::Failed, Some(error.to_string()));
            }
        }
        None
    }

    /// Notes that a range was read, and with the last one that the input is complete.
    fn finish(&mut self, number: u32) {
        self.under_way[number as usize] -= 1;
        let is_divided = self
            .current
            .as_ref()
            .is_none_or(|current| current.number != number);
        if is_divided && self.under_way[number as usize] == 0 {
            lock(self.reading).end(number, InputState::Complete, None);
            self.control.add_input();
        }
    }

    fn fail(&mut self, number: u32, error: &io::Error) {
        lock(self.reading).end(number, InputState::Partial, Some(error.to_string()));
    }
}
