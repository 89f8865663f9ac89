//! The coordinating loop under one catalogue: hands blocks to workers, and takes their counts in between.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, at, bounded, never, select};
use jiff::Timestamp;

use super::Codes;
use super::feed::Reading;
use super::job::{Done, Job, work as work_on};
use super::look::Look;
use super::run::Run;
use super::watcher::Wants;
use crate::catalog::Catalog;
use crate::input::Block;
use crate::input::follow::Checkpoint;
use crate::pipeline::Setup;
use crate::pipeline::worker::{Origin, Worker};

/// How a shift ended.
pub(super) enum Next {
    /// There is no more to read.
    Ended,
    /// The counting goes on with these codes.
    Replaced(Box<Codes>),
}

/// Where others ask for something.
pub(super) struct Asked {
    pub(super) reloads: Receiver<Codes>,
    pub(super) looks: Receiver<Sender<Look>>,
}

/// Why to wait until nothing is under way, and take the counts.
enum Cut {
    Mark(Vec<Checkpoint>),
    Snapshot,
    Look(Sender<Look>),
    Replace(Box<Codes>),
    End,
}

/// Counts until the input ends or the codes are replaced, with at most `jobs` blocks under way.
pub(super) fn work(setup: &Setup, run: &mut Run, asked: &Asked, jobs: usize) -> Next {
    let (job_sender, todo) = bounded(jobs);
    let (done_sender, done) = bounded(jobs);
    std::thread::scope(|scope| {
        for _ in 0..setup.threads.saturating_sub(1).max(1) {
            let (todo, done) = (todo.clone(), done_sender.clone());
            scope.spawn(move || work_on(&todo, &done));
        }
        // What remains are the workers' own: nothing is sent to nobody.
        drop((todo, done_sender));
        let shift = Shift {
            setup,
            run,
            reloads: asked.reloads.clone(),
            looks: asked.looks.clone(),
            catalog: None,
            jobs: job_sender,
            done,
            idle: (0..jobs).map(|_| Worker::new(setup)).collect(),
            under_way: 0,
            next_number: 0,
            next_shown: 0,
            waiting: BTreeMap::new(),
            is_uncut: false,
            cut: None,
        };
        shift.run()
    })
}

struct Shift<'s, 'r, 'w> {
    setup: &'s Setup<'s>,
    run: &'r mut Run<'w>,
    reloads: Receiver<Codes>,
    looks: Receiver<Sender<Look>>,
    /// The catalogue as it is shared with who looks, from the first look on.
    catalog: Option<Arc<Catalog>>,
    jobs: Sender<Job<'s>>,
    done: Receiver<Done<'s>>,
    /// The workers that are not under way.
    idle: Vec<Worker<'s>>,
    /// The jobs that are not done.
    under_way: usize,
    next_number: u64,
    /// The job to be shown next.
    next_shown: u64,
    /// Jobs that are done before earlier ones are.
    waiting: BTreeMap<u64, Job<'s>>,
    /// Whether something was read since the counts were taken.
    is_uncut: bool,
    /// What is to be done when nothing is under way; nothing is read until then.
    cut: Option<Cut>,
}

impl<'s> Shift<'s, '_, '_> {
    fn run(mut self) -> Next {
        loop {
            if self.under_way == 0
                && let Some(cut) = self.cut.take()
                && let Some(next) = self.perform(cut)
            {
                return next;
            }
            self.step();
            let is_idle = self.under_way == 0 && self.run.readings.is_empty();
            self.run.tick(is_idle);
            if self.cut.is_none() && self.run.is_snapshot_due() {
                self.cut = Some(Cut::Snapshot);
            }
        }
    }

    /// Waits for one thing to happen, and does what follows from it.
    fn step(&mut self) {
        let readings = match self.cut.is_none() && !self.idle.is_empty() {
            true => self.run.readings.clone(),
            false => never(),
        };
        let (reloads, looks, alarm) = match self.cut {
            None => (
                self.reloads.clone(),
                self.looks.clone(),
                self.run.due().map_or_else(never, at),
            ),
            Some(_) => (never(), never(), never()),
        };
        select! {
            recv(self.done) -> done => match done.expect("workers live as long as jobs are sent") {
                Ok(job) => self.finish(job),
                Err(panic) => resume_unwind(panic),
            },
            recv(readings) -> reading => match reading {
                Ok(reading) => self.take(reading),
                Err(_) => self.cut = Some(Cut::End),
            },
            recv(reloads) -> codes => match codes {
                Ok(codes) => self.cut = Some(Cut::Replace(Box::new(codes))),
                Err(_) => self.reloads = never(),
            },
            recv(looks) -> asker => match asker {
                Ok(asker) => self.cut = Some(Cut::Look(asker)),
                Err(_) => self.looks = never(),
            },
            recv(alarm) -> _ => {}
        }
    }

    fn take(&mut self, reading: Reading) {
        self.is_uncut |= !matches!(reading, Reading::Mark(_));
        match reading {
            Reading::Input(path) => self.run.add_input(path),
            Reading::Problem(problem) => self.run.add_problem(problem),
            Reading::Readable(path) => self.run.solve_problems(path),
            Reading::Identity { input, id } => self.run.identify(input, id),
            Reading::Mark(checkpoints) => self.cut = Some(Cut::Mark(checkpoints)),
            Reading::Block { input, block } => self.hand_out(input, block),
        }
    }

    fn hand_out(&mut self, input: u32, block: Block) {
        let worker = self.idle.pop();
        let worker = worker.expect("blocks are taken only where a worker is idle");
        self.run.follow(input, &block);
        let job = Job {
            number: self.next_number,
            origin: Origin {
                input,
                path: Arc::from(self.run.path(input)),
                segment: 0,
                file_time: Timestamp::now(),
            },
            block,
            worker,
            shown: (self.run.wants != Wants::Nothing).then(Vec::new),
            matches: 0,
        };
        self.next_number += 1;
        self.under_way += 1;
        let is_sent = self.jobs.send(job).is_ok();
        assert!(is_sent, "workers live as long as jobs are sent");
    }

    /// Shows what is done in the order of the blocks.
    fn finish(&mut self, job: Job<'s>) {
        let bytes = job.block.body.len() as u64;
        self.run.control.add(bytes, job.matches);
        self.waiting.insert(job.number, job);
        while let Some(job) = self.waiting.remove(&self.next_shown) {
            self.next_shown += 1;
            self.under_way -= 1;
            self.run.show(self.setup, &job);
            self.run.recycle(job.block);
            self.idle.push(job.worker);
        }
    }

    fn perform(&mut self, cut: Cut) -> Option<Next> {
        if self.is_uncut {
            self.is_uncut = false;
            let tallies = self.idle.iter_mut().map(Worker::take_tally);
            let sum = tallies.reduce(|mut sum, tally| {
                sum.merge(tally);
                sum
            });
            let sum = sum.expect("all workers are idle, and there is at least one");
            self.run.add_part(self.setup, sum);
        }
        match cut {
            Cut::Mark(checkpoints) => {
                self.run.commit(checkpoints);
                None
            }
            Cut::Snapshot => {
                self.run.snapshot(self.setup);
                None
            }
            Cut::Look(asker) => {
                let catalog = self
                    .catalog
                    .get_or_insert_with(|| Arc::new(self.setup.catalog.clone()));
                // Who asked may have given up meanwhile.
                drop(asker.send(self.run.look(Arc::clone(catalog))));
                None
            }
            Cut::Replace(codes) => {
                self.run.forget_lines();
                Some(Next::Replaced(codes))
            }
            Cut::End => Some(Next::Ended),
        }
    }
}
