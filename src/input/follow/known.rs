//! Streams that are known and not open: those of an earlier run, and those whose files are gone.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::names::family;
use super::text::Key;

/// The most streams that are remembered; the oldest are forgotten first.
const MAX_STREAMS: usize = 100_000;

/// Checkpoints, found by what may be known of their files.
#[derive(Debug, Default)]
pub(super) struct Known {
    streams: BTreeMap<u64, Checkpoint>,
    by_key: HashMap<Key, Vec<u64>>,
    by_family: HashMap<PathBuf, Vec<u64>>,
}

impl Known {
    pub(super) fn insert(&mut self, checkpoint: Checkpoint) {
        let id = checkpoint.stream;
        self.take(id);
        self.by_key
            .entry(Key::of_place(&checkpoint.place))
            .or_default()
            .push(id);
        self.by_family
            .entry(family_of(&checkpoint))
            .or_default()
            .push(id);
        self.streams.insert(id, checkpoint);
        if self.streams.len() > MAX_STREAMS {
            let oldest = self.streams.keys().next().copied();
            oldest.and_then(|id| self.take(id));
        }
    }

    pub(super) fn take(&mut self, id: u64) -> Option<Checkpoint> {
        let checkpoint = self.streams.remove(&id)?;
        remove(&mut self.by_key, &Key::of_place(&checkpoint.place), id);
        remove(&mut self.by_family, &family_of(&checkpoint), id);
        Some(checkpoint)
    }

    pub(super) fn has(&self, id: u64) -> bool {
        self.streams.contains_key(&id)
    }

    pub(super) fn all(&self) -> Vec<Checkpoint> {
        self.streams.values().cloned().collect()
    }

    /// Those whose file this may be, the newest first.
    pub(super) fn with_key(&self, key: Key) -> Vec<Checkpoint> {
        self.newest(self.by_key.get(&key))
    }

    /// Those of which the file at `path` may be a copy, the newest first.
    pub(super) fn of_family(&self, path: &Path) -> Vec<Checkpoint> {
        self.newest(self.by_family.get(&family(path)))
    }

    fn newest(&self, ids: Option<&Vec<u64>>) -> Vec<Checkpoint> {
        let ids = ids.into_iter().flatten();
        let mut found: Vec<_> = ids.filter_map(|id| self.streams.get(id)).cloned().collect();
        found.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.stream));
        found
    }
}

fn family_of(checkpoint: &Checkpoint) -> PathBuf {
    family(Path::new(&checkpoint.place.path))
}

fn remove<K: Eq + Hash>(index: &mut HashMap<K, Vec<u64>>, key: &K, id: u64) {
    if let Some(ids) = index.get_mut(key) {
        ids.retain(|&other| other != id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}
