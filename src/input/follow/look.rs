//! Looks at what is there: all of it now and then, and at once at what was notified.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::ProblemKind;
use super::checkpoint::{Checkpoint, Place};
use super::follower::Follower;
use super::names::{family, is_rotated, log_name};
use super::near;
use super::pattern::{Findings, Found, absolute, is_missing};
use super::text::Key;
use crate::input::cut::Rest;
use crate::wording::{reasons, told};

/// How often a file that looks like a copy of another is seen unchanged before it is one of its own.
const LOOKS: u32 = 3;

/// How long a removed file is kept open after it was written to.
const REMOVED: Duration = Duration::from_secs(30);

/// How long a renamed file, of which no pattern is true any more, is kept open after it was written to.
const RENAMED: Duration = Duration::from_secs(600);

/// A file of which it is not clear yet whether it is a copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    length: u64,
    /// How often it was seen with this length.
    looks: u32,
    last_look: Instant,
}

impl Waiting {
    pub(super) fn new(length: u64) -> Self {
        Waiting {
            length,
            looks: 1,
            last_look: Instant::now(),
        }
    }

    /// Whether it is too early to look again at a file of this length.
    ///
    /// Looks are apart, so that being stopped for a while is no look.
    pub(super) fn is_early(&self, length: u64, poll: Duration) -> bool {
        self.length == length && self.last_look.elapsed() < poll / 2
    }

    /// Looks at a file of this length; whether it has had it for a while.
    pub(super) fn look(&mut self, length: u64, poll: Duration) -> bool {
        if self.length != length {
            *self = Waiting::new(length);
        } else if !self.is_early(length, poll) {
            self.looks += 1;
            self.last_look = Instant::now();
        }
        self.looks >= LOOKS
    }
}

impl Follower {
    /// Looks at everything for the first time.
    pub(super) fn start(&mut self) {
        let findings = self.find(true);
        let seen_ms = self.seen_ms.clone();
        let is_known = |found: &Found, follower: &Follower| {
            let metadata = fs::metadata(&found.path);
            metadata.is_ok_and(|metadata| !follower.known.with_key(Key::of(&metadata)).is_empty())
        };
        // What is known goes on first: the others may be copies of what is gone.
        let (known, new): (Vec<_>, Vec<_>) = findings
            .files
            .into_iter()
            .partition(|found| is_known(found, self));
        // Rotated files last, so that a current one finds its earlier generations.
        let (rotated, new): (Vec<_>, Vec<_>) =
            new.into_iter().partition(|found| is_rotated(&found.path));
        self.to_meet.extend(known);
        if self.options.once {
            self.to_meet.extend(new.into_iter().chain(rotated));
            return;
        }
        while self.meet_next() {}
        self.find_renamed();
        self.to_meet.extend(new);
        while self.meet_next() {}
        self.find_missing(&seen_ms);
        self.to_meet.extend(rotated);
        while self.meet_next() {}
        self.say_lost(&seen_ms);
        self.is_starting = false;
        self.surroundings = None;
    }

    /// Looks for what was followed and is not where it was followed.
    fn find_missing(&mut self, seen_ms: &HashMap<String, i64>) {
        let all: Vec<Checkpoint> = self.known.iter().cloned().collect();
        for checkpoint in all {
            let place = Path::new(&checkpoint.place.path);
            let is_there = fs::metadata(place)
                .is_ok_and(|metadata| Key::of(&metadata) == Key::of_place(&checkpoint.place));
            if is_there && self.is_followed(&checkpoint.path) {
                // Where its text is another one, it was rewritten, and begins anew.
                self.meet_generation(place, checkpoint.path, true);
            }
        }
        for (shown, &seen_ms) in seen_ms {
            if self.is_followed(shown) {
                self.find_generations(&absolute(Path::new(shown)), shown, Some(seen_ms));
            }
        }
    }

    /// Looks for the very files of streams that are not open yet, whatever their names are now.
    fn find_renamed(&mut self) {
        let closed = self.known.iter();
        let closed = closed.filter(|checkpoint| self.is_followed(&checkpoint.path));
        let (mut folders, mut inodes) = (HashSet::new(), HashSet::new());
        for Place { path, inode, .. } in closed.map(|checkpoint| &checkpoint.place) {
            folders.extend(Path::new(path).parent().map(Path::to_owned));
            inodes.insert(*inode);
        }
        for path in near::renamed(&folders, &inodes) {
            self.meet(&path, None);
        }
    }

    /// Whether what was followed at a path is followed now.
    pub(super) fn is_followed(&self, shown: &str) -> bool {
        self.is_asked_for(&absolute(Path::new(shown)))
    }

    /// Whether a pattern stands for `path`.
    pub(super) fn is_asked_for(&self, path: &Path) -> bool {
        let mut patterns = self.patterns.iter();
        patterns.any(|pattern| pattern.shown(path).is_some())
    }

    /// Meets the next file that was found; `false` where there is none.
    pub(super) fn meet_next(&mut self) -> bool {
        let Some(found) = self.to_meet.pop_front() else {
            return false;
        };
        self.meet(&found.path, Some(&found.shown));
        true
    }

    /// Looks at what has changed, and at everything when it is time.
    pub(super) fn look_around(&mut self) {
        if self.options.once {
            return;
        }
        self.retry();
        let changes = self.watch.changes();
        // Rotated files before the current ones: they lie deeper or their names are longer.
        let mut paths: Vec<_> = changes.paths.into_iter().rev().collect();
        paths.sort_by_cached_key(|(path, _)| Reverse(path.components().count()));
        for (path, is_structure) in paths {
            match self.by_path.get(&path) {
                Some(&index) if !is_structure && self.streams[index].is_some() => self.queue(index),
                _ => self.look_at(&path),
            }
        }
        if changes.everything || Instant::now() >= self.next_poll {
            self.look_at_all(changes.everything);
        }
    }

    /// Looks at a path at which something has changed.
    pub(super) fn look_at(&mut self, path: &Path) {
        let shown = self.patterns.iter().find_map(|pattern| pattern.shown(path));
        match self.rotated_from(path).filter(|_| shown.is_none()) {
            Some((current, shown)) => self.look_beside(path, &current, &shown),
            None if shown.is_none() && self.is_nearby(path) => {}
            None => drop(self.meet(path, shown.as_deref())),
        }
        if let Some(link) = self.links.get(path).cloned() {
            let shown = self
                .patterns
                .iter()
                .find_map(|pattern| pattern.shown(&link));
            self.meet(&link, shown.as_deref());
        }
    }

    /// The file that is followed and may have been rotated to `path`, and how it is shown.
    pub(super) fn rotated_from(&self, path: &Path) -> Option<(PathBuf, String)> {
        if !is_rotated(path) {
            return None;
        }
        let shown = |log: PathBuf| {
            let mut patterns = self.patterns.iter();
            let shown = patterns.find_map(|pattern| pattern.shown(&log))?;
            Some((log, shown.display().to_string()))
        };
        let above = path.parent().and_then(Path::parent);
        let above = above.map(|folder| folder.join(log_name(path)));
        let above = above.filter(|log| !near::has_other_log(path, log));
        shown(family(path)).or_else(|| above.and_then(shown))
    }

    /// Whether a path is in a folder in which nobody asked for anything.
    fn is_nearby(&self, path: &Path) -> bool {
        let folder = path.parent();
        folder.is_some_and(|folder| self.nearby.contains(folder))
    }

    pub(super) fn look_at_all(&mut self, has_new_folders: bool) {
        self.next_poll = Instant::now() + self.options.poll;
        let findings = self.find(has_new_folders);
        let mut seen = HashSet::new();
        for found in &findings.files {
            seen.extend(self.meet(&found.path, Some(&found.shown)));
        }
        self.find_later();
        for index in 0..self.streams.len() {
            let stream = self.streams[index].as_ref();
            if stream.is_some_and(|stream| !seen.contains(&stream.spot.key)) {
                self.look_at_detached(index);
            }
        }
        self.by_path
            .retain(|_, index| self.streams[*index].is_some());
    }

    /// Finds all files and watches their folders, and those in which their earlier files may come to lie,
    /// of which there may be new ones.
    fn find(&mut self, has_new_folders: bool) -> Findings {
        let mut findings = Findings::default();
        for pattern in &mut self.patterns {
            pattern.find(&mut findings);
        }
        if !self.options.once {
            let links = self.links.keys().filter_map(|file| file.parent());
            let mut folders: HashSet<PathBuf> = findings
                .folders
                .drain(..)
                .chain(links.map(Path::to_owned))
                .collect();
            for folder in &folders {
                self.watch_folder(folder);
            }
            if has_new_folders {
                let files = findings
                    .files
                    .iter()
                    .filter_map(|found| found.path.parent());
                self.nearby = near::folders(files.collect());
                self.nearby.retain(|folder| !folders.contains(folder));
            }
            for folder in &self.nearby {
                // Nobody asked for them: where that cannot be, nobody needs to know.
                drop(self.watch.add(folder));
            }
            folders.extend(self.nearby.iter().cloned());
            self.watch.keep_only(&folders);
        }
        let before = std::mem::take(&mut self.unfound);
        for (path, error) in findings.failures.drain(..) {
            self.cannot_find(path.clone(), &error);
            let said = self.said.get(&path).cloned();
            self.unfound.extend(said.map(|said| (path, said)));
        }
        for (path, said) in before {
            if !self.unfound.contains_key(&path) && self.said.get(&path) == Some(&said) {
                self.unsay(&path);
            }
        }
        findings
    }

    pub(super) fn watch_folder(&mut self, folder: &Path) {
        if let Err(problem) = self.watch.add(folder) {
            self.say_unwatched(folder.to_owned(), &problem);
        }
    }

    pub(super) fn say_unwatched(&mut self, folder: PathBuf, problem: &str) {
        let poll = self.options.poll;
        let message = told::unwatched(problem, &format!("{poll:?}"));
        self.say(folder, ProblemKind::Unwatched, message);
    }

    /// Says that nothing is found at a typed path, or in a folder.
    fn cannot_find(&mut self, path: PathBuf, error: &io::Error) {
        let is_gone = is_missing(error) && self.was_followed(&path);
        if is_gone && !self.options.once {
            self.say(path, ProblemKind::Gone, told::gone());
        } else {
            self.cannot_read(path, error);
        }
    }

    /// Whether a file was followed at a typed path, now or in an earlier run, or a folder looked into.
    fn was_followed(&self, typed: &Path) -> bool {
        let mut patterns = self.patterns.iter();
        self.seen_ms.contains_key(&typed.display().to_string())
            || patterns.any(|pattern| pattern.was_walked(typed))
    }

    /// Says that a path cannot be read now.
    pub(super) fn cannot_read(&mut self, path: PathBuf, error: &io::Error) {
        let message = if self.options.once {
            error.to_string()
        } else if is_missing(error) {
            reasons::awaited()
        } else {
            reasons::again(&error.to_string())
        };
        self.say(path, ProblemKind::Unreadable, message);
    }

    /// A file that is already followed was found at `path`.
    pub(super) fn find_again(&mut self, index: usize, path: &Path, length: u64) {
        let Some(stream) = &mut self.streams[index] else {
            return;
        };
        if stream.spot.path != path {
            let is_there_too = fs::metadata(&stream.spot.path)
                .is_ok_and(|metadata| Key::of(&metadata) == stream.spot.key);
            if !is_there_too {
                path.clone_into(&mut stream.spot.path);
                stream.is_changed = true;
            }
        }
        let has_more = stream.see(length);
        if self.by_path.get(path) != Some(&index) {
            self.by_path.insert(path.to_owned(), index);
        }
        if has_more {
            self.queue(index);
        }
    }

    /// Looks at an open file that no pattern found: it was removed, or renamed.
    fn look_at_detached(&mut self, index: usize) {
        let Some(stream) = &mut self.streams[index] else {
            return;
        };
        let Ok(metadata) = stream.spot.file.metadata() else {
            return;
        };
        if stream.has_more(metadata.len()) {
            return self.queue(index);
        }
        if !stream.is_at_end || stream.has(Rest::Settled) {
            return;
        }
        let is_removed = metadata.nlink() == 0;
        stream.is_changed |= stream.is_removed != is_removed;
        stream.is_removed = is_removed;
        let kept = if is_removed { REMOVED } else { RENAMED };
        if stream.grown.elapsed() >= kept {
            self.let_go(index);
        }
    }
}
