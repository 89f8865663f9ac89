//! Which texts may be those of other inputs, and are held back until that is known.
//!
//! Within one input that is a member whose name is that of an earlier one and the end of a
//! compressed file's name, or the other way round. So the second of two is the duplicate,
//! and nothing has to be held back for what may still come.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex};

use super::texts::lock;
use crate::input::{TextId, names_of_copies};

/// The most members of one input that are remembered, for the sake of memory.
const MAX_REMEMBERED: usize = 100_000;

/// The members of an input by their path, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(super) struct Copies {
    seen: Arc<Mutex<Seen>>,
    hasher: foldhash::quality::FixedState,
}

/// Identities by the hash of the member's path; none yet for one that is being read.
type Seen = HashMap<u64, Option<TextId>, foldhash::fast::FixedState>;

impl Copies {
    /// Whether an earlier member has this path, or may be its copy or what it is a copy of.
    pub(super) fn is_related(&self, path: &str) -> bool {
        let seen = lock(&self.seen);
        seen.contains_key(&self.hash(path))
            || names_of_copies(path).any(|name| seen.contains_key(&self.hash(&name)))
    }

    /// The texts of earlier members that may be that of the one at `path`, with their paths.
    pub(super) fn candidates(&self, path: &str) -> Vec<(TextId, String)> {
        let seen = lock(&self.seen);
        let known = |name: String| {
            let id = *seen.get(&self.hash(&name))?;
            Some((id?, name))
        };
        names_of_copies(path).filter_map(known).collect()
    }

    /// Remembers that there is a member at `path`, and its identity if that is known.
    pub(super) fn remember(&self, path: &str, id: Option<TextId>) {
        let mut seen = lock(&self.seen);
        let hash = self.hash(path);
        if seen.len() < MAX_REMEMBERED || seen.contains_key(&hash) {
            seen.insert(hash, id);
        }
    }

    fn hash(&self, path: &str) -> u64 {
        self.hasher.hash_one(path)
    }
}
