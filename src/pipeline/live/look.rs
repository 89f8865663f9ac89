//! Looking at a running tail from another thread.
//!
//! The tail hands out what it holds and never waits for who looks: counts are shared, and copied
//! by whichever side still needs them when the other goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, bounded};

use crate::catalog::Catalog;
use crate::input::follow::ProblemKind;
use crate::tally::conclude;
use crate::tally::result::{Input, ScanResult};

/// Looks at a running tail.
#[derive(Clone, Debug)]
pub struct Looker(Sender<Sender<Look>>);

/// Where a tail learns that somebody wants to look.
#[derive(Clone, Debug)]
pub struct Looks(pub(super) Receiver<Sender<Look>>);

/// A way to look at a tail.
pub fn looking() -> (Looker, Looks) {
    // Without room, so that nobody is answered who has given up.
    let (sender, receiver) = bounded(0);
    (Looker(sender), Looks(receiver))
}

/// Why there was nothing to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// The tail is busy: it reads nothing, or what it prints is not taken.
    Late,
    /// The tail has ended.
    Ended,
}

/// How often something went wrong with inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    /// An input could not be read.
    pub unreadable: u64,
    /// A file was truncated while it was followed.
    pub truncations: u64,
}

/// Everything that a tail has counted up to one moment.
#[derive(Clone, Debug)]
pub struct Look {
    /// Grows with whatever changes; as long as it does not, the result is the same.
    pub version: u64,
    /// How often something went wrong since the tail has begun.
    pub troubles: Troubles,
    pub(super) total: Arc<ScanResult>,
    /// Inputs of which nothing could be read.
    pub(super) unread: Vec<Input>,
    /// What it was counted with.
    pub catalog: Arc<Catalog>,
}

impl Looker {
    /// What was counted, all that was printed before this was called included.
    ///
    /// # Errors
    ///
    /// Returns [`Unseen`] where the tail does not answer within `patience`, or never will.
    pub fn look(&self, patience: Duration) -> Result<Look, Unseen> {
        let deadline = Instant::now() + patience;
        let (sender, receiver) = bounded(1);
        self.0
            .send_deadline(sender, deadline)
            .map_err(|error| match error {
                SendTimeoutError::Timeout(_) => Unseen::Late,
                SendTimeoutError::Disconnected(_) => Unseen::Ended,
            })?;
        receiver
            .recv_deadline(deadline)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => Unseen::Late,
                RecvTimeoutError::Disconnected => Unseen::Ended,
            })
    }
}

impl Look {
    /// The result, as it would be if the tail ended here.
    ///
    /// This takes its time, and is the caller's work: the sooner the look is gone, the less the
    /// tail has to copy.
    pub fn into_result(self) -> ScanResult {
        let mut total = Arc::unwrap_or_clone(self.total);
        total.inputs.extend(self.unread);
        conclude(total, &self.catalog)
    }
}

impl Troubles {
    pub(super) fn add(&mut self, kind: ProblemKind) {
        match kind {
            ProblemKind::Unreadable => self.unreadable += 1,
            ProblemKind::Truncated => self.truncations += 1,
            ProblemKind::Gone
            | ProblemKind::Lost
            | ProblemKind::Copy
            | ProblemKind::Unwatched
            | ProblemKind::Unnumbered
            | ProblemKind::Own => {}
        }
    }
}
