//! Streams that are known and not open: those of an earlier run, and those whose files are gone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::names::family;
use super::text::Key;

/// Checkpoints, found by what may be known of their files.
#[derive(Debug, Default)]
pub(super) struct Known {
    streams: HashMap<u64, Checkpoint>,
    by_key: HashMap<Key, Vec<u64>>,
    by_family: HashMap<PathBuf, Vec<u64>>,
}

impl Known {
    pub(super) fn insert(&mut self, checkpoint: Checkpoint) {
        let id = checkpoint.stream;
        let key = Key::of_place(&checkpoint.place);
        let family = family(Path::new(&checkpoint.place.path));
        add(self.by_key.entry(key).or_default(), id);
        add(self.by_family.entry(family).or_default(), id);
        self.streams.insert(id, checkpoint);
    }

    pub(super) fn take(&mut self, id: u64) -> Option<Checkpoint> {
        self.streams.remove(&id)
    }

    pub(super) fn has(&self, id: u64) -> bool {
        self.streams.contains_key(&id)
    }

    /// Those whose file this may be, the newest first.
    pub(super) fn with_key(&self, key: Key) -> Vec<Checkpoint> {
        let ids = self.by_key.get(&key).into_iter().flatten().rev();
        let found = ids.filter_map(|id| self.streams.get(id));
        found
            .filter(|checkpoint| Key::of_place(&checkpoint.place) == key)
            .cloned()
            .collect()
    }

    /// Those of which the file at `path` may be a copy, the newest first.
    pub(super) fn of_family(&self, path: &Path) -> Vec<Checkpoint> {
        let ids = self.by_family.get(&family(path)).into_iter().flatten();
        let mut found: Vec<Checkpoint> =
            ids.filter_map(|id| self.streams.get(id)).cloned().collect();
        found.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.stream));
        found
    }
}

fn add(ids: &mut Vec<u64>, id: u64) {
    if let Err(at) = ids.binary_search(&id) {
        ids.insert(at, id);
    }
}
