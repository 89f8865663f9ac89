//! A block on its way through a worker thread, with everything that the thread needs.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, Sender};

use crate::input::Block;
use crate::pipeline::shown::Shown;
use crate::pipeline::worker::{Origin, Worker};

/// A block to be counted. The worker travels with it: who has all of them has all counts.
pub(super) struct Job<'s> {
    /// Its place among all blocks.
    pub(super) number: u64,
    pub(super) origin: Origin,
    pub(super) block: Block,
    pub(super) worker: Worker<'s>,
    /// Where matches are collected, if anybody wants to see them.
    pub(super) shown: Option<Vec<Shown>>,
    /// The number of matches found.
    pub(super) matches: u64,
}

/// A counted block, or why counting it broke off.
pub(super) type Done<'s> = Result<Job<'s>, Box<dyn Any + Send>>;

/// Counts blocks until there are no more.
pub(super) fn work<'s>(todo: &Receiver<Job<'s>>, done: &Sender<Done<'s>>) {
    for mut job in todo {
        // A job that is lost would be awaited forever.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let shown = job.shown.as_mut();
            job.matches = job.worker.scan(&job.block, &job.origin, shown);
            job
        }));
        if done.send(outcome).is_err() {
            break;
        }
    }
}
