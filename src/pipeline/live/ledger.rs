//! What a state is owed: counts and the positions that belong to them, which commit together.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::watcher::Watcher;
use crate::error::chain;
use crate::input::follow::Checkpoint;
use crate::state::State;
use crate::tally::accumulate;
use crate::tally::result::ScanResult;

/// How long after a commit that failed it is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// A state, and what it does not hold yet.
pub(super) struct Ledger {
    state: State,
    /// The last position of each stream.
    positions: HashMap<u64, Checkpoint>,
    /// What was counted up to there.
    counts: Option<ScanResult>,
    /// Why the last commit failed, and when it is tried again.
    failure: Option<(String, Instant)>,
}

impl Ledger {
    pub(super) fn new(state: State) -> Self {
        Ledger {
            state,
            positions: HashMap::new(),
            counts: None,
            failure: None,
        }
    }

    /// Owes these positions, and what was counted between them and the ones before; `total` tells
    /// how it is counted where that is nothing.
    pub(super) fn add(
        &mut self,
        positions: Vec<Checkpoint>,
        counted: Option<ScanResult>,
        total: &ScanResult,
    ) {
        if positions.is_empty() && counted.is_none() {
            return;
        }
        let newer = positions.into_iter();
        self.positions
            .extend(newer.map(|position| (position.stream, position)));
        let counted = counted.unwrap_or_else(|| ScanResult::nothing_of(total));
        match &mut self.counts {
            Some(sum) => accumulate(sum, &counted),
            none => *none = Some(counted),
        }
    }

    /// Commits what is owed. What cannot be committed now stays owed, and is told once.
    pub(super) fn commit(&mut self, watcher: &mut dyn Watcher) {
        let Some(counts) = &self.counts else {
            return;
        };
        let positions: Vec<Checkpoint> = self.positions.values().cloned().collect();
        match self.state.commit(&positions, counts) {
            Ok(()) => {
                self.positions.clear();
                self.counts = None;
                self.failure = None;
            }
            Err(error) => {
                let error = chain(&error);
                if self.failure.as_ref().is_none_or(|(told, _)| *told != error) {
                    watcher.complain(&format!("{error}; it is tried again"));
                }
                self.failure = Some((error, Instant::now() + PAUSE));
            }
        }
    }

    /// When to try again, if a commit has failed.
    pub(super) fn due(&self) -> Option<Instant> {
        self.failure.as_ref().map(|(_, due)| *due)
    }
}
