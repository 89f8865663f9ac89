//! Where the earlier files of a log may lie: beside it, and in the folders beside it.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, DirEntryExt, WalkDir};

use super::names::{is_generation_of, log_name, number};
use super::text::Key;

/// A file near a log, when it was written last, and whether it is a generation of that log.
pub(super) struct Near {
    pub(super) path: PathBuf,
    pub(super) key: Key,
    pub(super) written_ms: i64,
    pub(super) is_generation: bool,
}

impl Near {
    /// The file at `path`, if it is one.
    fn new(path: PathBuf, log: &Path) -> Option<Self> {
        let metadata = fs::metadata(&path).ok().filter(Metadata::is_file)?;
        let written = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Near {
            is_generation: is_generation_of(&path, log) && !has_other_log(&path, log),
            key: Key::of(&metadata),
            written_ms: i64::try_from(written.as_millis()).unwrap_or(i64::MAX),
            path,
        })
    }
}

/// The files around many logs: each folder is read once.
#[derive(Debug, Default)]
pub(super) struct Surroundings(HashMap<PathBuf, ByLog>);

/// Files by the name of the log that they are or were.
type ByLog = HashMap<OsString, Vec<PathBuf>>;

impl Surroundings {
    /// The files that may hold what the file at `log` held before, by their names, the oldest first.
    pub(super) fn earlier(&mut self, log: &Path) -> Vec<Near> {
        let Some(folder) = log.parent() else {
            return Vec::new();
        };
        let by_log = match self.0.entry(folder.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(by_log(folder)),
        };
        let related = by_log.get(&log_name(log)).into_iter().flatten();
        let mut found: Vec<Near> = related
            .filter(|path| *path != log)
            .filter_map(|path| Near::new(path.clone(), log))
            .collect();
        found.sort_by_cached_key(|near| {
            let number = number(&near.path);
            (near.written_ms, Reverse(number), near.path.clone())
        });
        found
    }
}

fn by_log(folder: &Path) -> ByLog {
    let mut found = ByLog::new();
    for path in files(folder).map(DirEntry::into_path) {
        found.entry(log_name(&path)).or_default().push(path);
    }
    found
}

/// The files near these folders that have one of these inodes, whatever their names.
pub(super) fn renamed(folders: &HashSet<PathBuf>, inodes: &HashSet<u64>) -> Vec<PathBuf> {
    let entries = folders.iter().flat_map(|folder| files(folder));
    let found = entries.filter(|entry| inodes.contains(&entry.ino()));
    found.map(DirEntry::into_path).collect()
}

/// The folders in these ones.
pub(super) fn folders(folders: HashSet<&Path>) -> HashSet<PathBuf> {
    let entries = folders.into_iter().flat_map(|folder| {
        let walk = WalkDir::new(folder).min_depth(1).max_depth(1);
        walk.into_iter().filter_map(Result::ok)
    });
    let folders = entries.filter(|entry| entry.file_type().is_dir());
    folders.map(DirEntry::into_path).collect()
}

/// The files in a folder and in the folders of it.
fn files(folder: &Path) -> impl Iterator<Item = DirEntry> {
    let entries = WalkDir::new(folder).max_depth(2).into_iter();
    let entries = entries.filter_map(Result::ok);
    entries.filter(|entry| !entry.file_type().is_dir())
}

/// Whether a file in another folder is rather of a log there that has the same name.
pub(super) fn has_other_log(path: &Path, log: &Path) -> bool {
    let name = log.file_name().unwrap_or_default();
    path.parent() != log.parent() && path.with_file_name(name).exists()
}
