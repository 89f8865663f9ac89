//! Tells which paths have changed, as soon as the system says so.
//!
//! A notification is a hint to look, never a fact: it may come late, twice or not at all, and
//! a poll finds what none told.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::event::{CreateKind, EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::text::Key;
use crate::input::Wake;

/// What has changed since it was asked last.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Paths, and whether more than their text changed: they were made, moved, removed.
    pub(super) paths: BTreeMap<PathBuf, bool>,
    /// Whether notifications were lost, or a folder was made: look at everything.
    pub(super) everything: bool,
}

#[derive(Debug, Default)]
struct Pending {
    changes: Changes,
    is_signalled: bool,
}

/// Watches folders.
#[derive(Debug)]
pub(super) struct Watch {
    /// `None` where the system does not notify.
    watcher: Option<RecommendedWatcher>,
    pending: Arc<Mutex<Pending>>,
    signal: PipeReader,
    folders: HashMap<PathBuf, Key>,
}

impl Watch {
    /// Watches nothing yet; also says why nothing can be watched, if so.
    ///
    /// # Errors
    ///
    /// Returns what the system says where it cannot make a pipe.
    pub(super) fn new() -> io::Result<(Self, Option<String>)> {
        let (signal, signaller) = io::pipe()?;
        let pending = Arc::new(Mutex::new(Pending::default()));
        let shared = Arc::clone(&pending);
        let watcher = notify::recommended_watcher(move |event| note(event, &shared, &signaller));
        let (watcher, problem) = match watcher {
            Ok(watcher) => (Some(watcher), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let watch = Watch {
            watcher,
            pending,
            signal,
            folders: HashMap::new(),
        };
        Ok((watch, problem))
    }

    /// Watches `folder` from now on, also where it is another folder than before.
    ///
    /// # Errors
    ///
    /// Returns what the system says, once for each folder.
    pub(super) fn add(&mut self, folder: &Path) -> Result<(), String> {
        let (Some(watcher), Ok(metadata)) = (&mut self.watcher, folder.metadata()) else {
            return Ok(());
        };
        let key = Key::of(&metadata);
        match self.folders.insert(folder.to_owned(), key) {
            Some(before) if before == key => return Ok(()),
            // What was watched under this name may be gone, and then there is nothing to end.
            Some(_) => drop(watcher.unwatch(folder)),
            None => {}
        }
        let watched = watcher.watch(folder, RecursiveMode::NonRecursive);
        watched.map_err(|error| error.to_string())
    }

    /// Forgets the folders that are not among `wanted`.
    pub(super) fn keep_only(&mut self, wanted: &HashSet<PathBuf>) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        self.folders.retain(|folder, _| {
            let is_wanted = wanted.contains(folder);
            if !is_wanted {
                drop(watcher.unwatch(folder));
            }
            is_wanted
        });
    }

    /// What has changed since the last call.
    pub(super) fn changes(&mut self) -> Changes {
        let mut pending = lock(&self.pending);
        if pending.is_signalled {
            pending.is_signalled = false;
            // The byte is there: it was written before the flag could be seen.
            drop(self.signal.read(&mut [0]));
        }
        std::mem::take(&mut pending.changes)
    }

    /// Waits for changes, at most so long; `true` where `wake` ended the wait.
    ///
    /// # Errors
    ///
    /// Returns what the system says.
    pub(super) fn wait(&self, wake: &Wake, timeout: Duration) -> io::Result<bool> {
        wake.wait_beside(&self.signal, timeout)
    }
}

fn lock(pending: &Mutex<Pending>) -> std::sync::MutexGuard<'_, Pending> {
    pending.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes what an event is about. Runs in the watcher's thread.
fn note(event: notify::Result<Event>, pending: &Mutex<Pending>, signaller: &PipeWriter) {
    let Ok(event) = event else {
        let mut pending = lock(pending);
        pending.changes.everything = true;
        return signal(&mut pending, signaller);
    };
    let is_structure = match event.kind {
        EventKind::Access(_) => return,
        EventKind::Modify(ModifyKind::Data(_)) => false,
        _ => true,
    };
    let mut pending = lock(pending);
    pending.changes.everything |=
        event.need_rescan() || event.kind == EventKind::Create(CreateKind::Folder);
    for path in event.paths {
        *pending.changes.paths.entry(path).or_default() |= is_structure;
    }
    signal(&mut pending, signaller);
}

fn signal(pending: &mut Pending, mut signaller: &PipeWriter) {
    if !pending.is_signalled {
        pending.is_signalled = true;
        // It fails only where nobody reads any more.
        drop(signaller.write(b"."));
    }
}
