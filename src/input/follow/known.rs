//! Streams that are known and not open: those of an earlier run, and those whose files are gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::hash::Hash;
use std::path::Path;

use super::checkpoint::Checkpoint;
use super::names::log_name;
use super::text::Key;

/// The most streams that are remembered; the oldest are forgotten first.
const MAX_STREAMS: usize = 100_000;

/// The numbers of streams, the oldest first.
type Ids = BTreeSet<u64>;

/// Checkpoints, found by what may be known of their files.
#[derive(Debug, Default)]
pub(super) struct Known {
    streams: BTreeMap<u64, Checkpoint>,
    by_key: HashMap<Key, Ids>,
    by_log_name: HashMap<OsString, Ids>,
}

impl Known {
    pub(super) fn insert(&mut self, checkpoint: Checkpoint) {
        let id = checkpoint.stream;
        self.take(id);
        self.by_key
            .entry(Key::of_place(&checkpoint.place))
            .or_default()
            .insert(id);
        self.by_log_name
            .entry(name_of(&checkpoint))
            .or_default()
            .insert(id);
        self.streams.insert(id, checkpoint);
        if self.streams.len() > MAX_STREAMS {
            let oldest = self.streams.keys().next().copied();
            oldest.and_then(|id| self.take(id));
        }
    }

    pub(super) fn take(&mut self, id: u64) -> Option<Checkpoint> {
        let checkpoint = self.streams.remove(&id)?;
        remove(&mut self.by_key, &Key::of_place(&checkpoint.place), id);
        remove(&mut self.by_log_name, &name_of(&checkpoint), id);
        Some(checkpoint)
    }

    pub(super) fn has(&self, id: u64) -> bool {
        self.streams.contains_key(&id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Checkpoint> {
        self.streams.values()
    }

    /// Those whose file this may be, the newest first.
    pub(super) fn with_key(&self, key: Key) -> Vec<Checkpoint> {
        self.newest(self.by_key.get(&key), |_| true)
    }

    /// Those of which the file at `path` may be a copy by its name, and that `may_be` it, the newest
    /// first.
    pub(super) fn of_log(
        &self,
        path: &Path,
        may_be: impl Fn(&Checkpoint) -> bool,
    ) -> Vec<Checkpoint> {
        self.newest(self.by_log_name.get(&log_name(path)), may_be)
    }

    fn newest(
        &self,
        ids: Option<&Ids>,
        is_wanted: impl Fn(&Checkpoint) -> bool,
    ) -> Vec<Checkpoint> {
        let ids = ids.into_iter().flatten().rev();
        let found = ids.filter_map(|id| self.streams.get(id));
        found.filter(|found| is_wanted(found)).cloned().collect()
    }
}

fn name_of(checkpoint: &Checkpoint) -> OsString {
    log_name(Path::new(&checkpoint.place.path))
}

fn remove<K: Eq + Hash>(index: &mut HashMap<K, Ids>, key: &K, id: u64) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}
