//! New files, and what becomes of the ones before them.
//!
//! Where a path gets another file, or its file loses its text, what was there may have been moved,
//! copied or compressed near it. That is looked for first, so that it is read to its end.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::follower::Follower;
use super::meet::{Candidate, is_same_birth};
use super::near::{Near, Surroundings};
use super::print::Printer;
use super::resume::Resumed;
use super::stream::Stream;
use super::text::{Decoded, Key, Written, decoder};
use super::trail::Trail;
use super::{Followed, From, Problem, ProblemKind};
use crate::input::cut::Cutter;
use crate::wording::told;

impl Follower {
    /// Follows a new file.
    pub(super) fn begin(&mut self, candidate: Candidate) -> io::Result<()> {
        let Some(shown) = candidate.shown.clone() else {
            return Ok(());
        };
        let key = Key::of(&candidate.metadata);
        let replaces = !candidate.is_missed && self.seen_ms.contains_key(&shown);
        if replaces {
            self.find_replaced(&candidate, &shown)?;
            // It may have been renamed meanwhile, and met under its new name.
            if self.by_key.contains_key(&key) {
                return Ok(());
            }
        }
        let length = self.length_at_start(&candidate, replaces);
        if length.is_some() && candidate.content.is_packed() {
            self.settled.insert(key, Written::of(&candidate.metadata));
            return Ok(());
        }
        let block_bytes = self.options.block_bytes;
        let resumed = match length {
            None => from_start(block_bytes),
            Some(length) => self.resumed_at(&candidate, length)?,
        };
        let decoded =
            decoder(&candidate.file, candidate.content, &self.options.limits)?.map(|reader| {
                Decoded {
                    reader,
                    is_packed: candidate.content.is_packed(),
                }
            });
        self.open(candidate, shown, resumed, decoded)
    }

    /// Finds what was at the path `shown` before `candidate`, and says if it is the same file, truncated.
    fn find_replaced(&mut self, candidate: &Candidate, shown: &str) -> io::Result<()> {
        let key = Key::of(&candidate.metadata);
        let with_key = self.known.with_key(key);
        let is_truncated = with_key.iter().any(|known| {
            // The inode of a removed file is used again.
            known.path == shown && is_same_birth(known, &candidate.metadata)
        });
        let seen_ms = self.seen_ms.get(shown).copied();
        self.beginning = Some((key, candidate.file.try_clone()?));
        self.find_generations_afresh(&candidate.path, shown, seen_ms);
        if let Some(target) = target(&candidate.path) {
            self.find_generations_afresh(&target, shown, seen_ms);
        }
        self.beginning = None;
        if is_truncated {
            self.say_truncated(shown);
        }
        Ok(())
    }

    /// How long a file was at the start, where only what comes later is read of it.
    fn length_at_start(&mut self, candidate: &Candidate, replaces: bool) -> Option<u64> {
        if let Some(length) = self.unread_at_start.remove(&Key::of(&candidate.metadata)) {
            return Some(length).filter(|_| !replaces);
        }
        let at_end =
            self.is_starting && self.options.from == From::End && !replaces && !candidate.is_missed;
        at_end.then_some(candidate.metadata.len())
    }

    fn open(
        &mut self,
        candidate: Candidate,
        shown: String,
        resumed: Resumed,
        mut decoded: Option<Decoded>,
    ) -> io::Result<()> {
        let start = resumed.cutter.position();
        if let Some(decoded) = &mut decoded {
            io::copy(&mut (&mut decoded.reader).take(start), &mut io::sink())?;
        }
        self.make_room();
        self.last_id += 1;
        let id = self.last_id;
        let path = candidate.path.clone();
        let is_current = !candidate.is_missed;
        let after: Vec<usize> = (0..self.streams.len())
            .filter(|&index| {
                let earlier = self.streams[index].as_ref();
                is_current && earlier.is_some_and(|earlier| earlier.path == shown)
            })
            .collect();
        // Also where no path leads to one any more.
        after.iter().for_each(|&earlier| self.queue(earlier));
        let spot = candidate.into_spot(decoded);
        let index = self.add(shown.clone(), |number, path| {
            let mut stream = Stream::new(number, id, path, spot, (resumed, start));
            stream.after = after;
            stream
        });
        self.bind(
            index,
            &path,
            Some(&shown).filter(|_| is_current).map(String::as_str),
        );
        Ok(())
    }

    /// Notes where a stream is: at the path `shown`, or only at `path`.
    pub(super) fn bind(&mut self, index: usize, path: &Path, shown: Option<&str>) {
        self.by_path.insert(path.to_owned(), index);
        if let (Some(shown), Some(stream)) = (shown, &self.streams[index])
            && stream.path == shown
        {
            self.current.insert(shown.to_owned(), index);
            self.seen_ms.insert(shown.to_owned(), stream.spot.seen_ms);
        }
        if let Some(target) = target(path) {
            // The text is there, wherever the link leads later.
            if let Some(stream) = &mut self.streams[index] {
                stream.spot.path.clone_from(&target);
            }
            self.links.retain(|_, link| link != path);
            self.links.insert(target.clone(), path.to_owned());
            if let Some(folder) = target.parent().filter(|_| !self.options.once) {
                self.watch_folder(folder);
                self.nearby.remove(folder);
            }
            self.by_path.insert(target, index);
        }
    }

    /// A file lost what was counted of it.
    pub(super) fn truncated(&mut self, index: usize) {
        let Some(stream) = self.streams[index].take() else {
            return;
        };
        self.by_key.remove(&stream.spot.key);
        self.leave(stream.checkpoint());
        let (id, path) = (stream.id, &stream.spot.path);
        self.look_at(path);
        if !self.by_key.contains_key(&stream.spot.key) && !self.options.once {
            // Nothing leads to it any more, but what is new in it was written to what was followed.
            let seen_ms = self.seen_ms.get(&stream.path).copied();
            self.find_generations_afresh(path, &stream.path, seen_ms);
            self.meet_generation(path, stream.path.clone(), true);
        }
        // What was read of an unfinished line is in no copy of the file either.
        if self.known.has(id) && stream.has_rest() {
            self.remains.push_back(stream);
        }
    }

    fn say_truncated(&mut self, shown: &str) {
        self.told.push_back(Followed::Problem(Problem {
            path: shown.to_owned(),
            message: told::truncated(),
            kind: ProblemKind::Truncated,
        }));
    }

    /// Opens a file again whose handle the system no longer takes.
    pub(super) fn reopen(&mut self, index: usize) {
        let Some(path) = self.streams[index]
            .as_ref()
            .map(|stream| stream.spot.path.clone())
        else {
            return;
        };
        // Whether it can be read is found anew.
        self.note_readable(index);
        self.close(index);
        self.look_at(&path);
    }

    /// Looks near `path` for what was there before, and was last seen there at that time.
    pub(super) fn find_generations(&mut self, path: &Path, shown: &str, seen_ms: Option<i64>) {
        let found = self.earlier(path);
        self.meet_generations(found, shown, seen_ms);
    }

    /// The same where something has happened to what was there: what was looked at before may now
    /// be its copy.
    fn find_generations_afresh(&mut self, path: &Path, shown: &str, seen_ms: Option<i64>) {
        let mut found = self.earlier(path);
        if self.options.once {
            // What is asked for itself is counted under its own name.
            found.retain(|near| !self.is_asked_for(&near.path));
        }
        for near in &found {
            self.waiting.remove(&near.path);
            self.settled.remove(&near.key);
        }
        self.meet_generations(found, shown, seen_ms);
    }

    /// What may hold what the file at `path` held before.
    fn earlier(&mut self, path: &Path) -> Vec<Near> {
        match &mut self.surroundings {
            Some(known) => known.earlier(path),
            None => Surroundings::default().earlier(path),
        }
    }

    /// Looks at what was found near a log.
    fn meet_generations(&mut self, found: Vec<Near>, shown: &str, seen_ms: Option<i64>) {
        for near in found {
            let is_new = seen_ms.is_some_and(|seen_ms| near.written_ms >= seen_ms);
            let is_missed = near.is_generation && is_new;
            self.meet_generation(&near.path, shown.to_owned(), is_missed);
            if self.waiting.contains_key(&near.path) {
                let later = self.later.entry(near.path);
                later.or_insert_with(|| (shown.to_owned(), is_missed));
            }
        }
    }

    /// Looks at a file that may have been rotated from `path`, and at what was rotated before it.
    pub(super) fn look_beside(&mut self, rotated: &Path, path: &Path, shown: &str) {
        let Ok(metadata) = fs::metadata(rotated) else {
            return;
        };
        match self.by_key.get(&Key::of(&metadata)).copied() {
            Some(index) => self.find_again(index, rotated, metadata.len()),
            None if self.has_nothing_new(rotated, &metadata) => {}
            None => {
                let seen_ms = self.seen_ms.get(shown).copied();
                self.find_generations(path, shown, seen_ms);
            }
        }
    }

    /// Looks again at what may have been there before.
    pub(super) fn find_later(&mut self) {
        for (path, (shown, is_missed)) in std::mem::take(&mut self.later) {
            self.meet_generation(&path, shown.clone(), is_missed);
            if self.waiting.contains_key(&path) && path.exists() {
                self.later.insert(path, (shown, is_missed));
            }
        }
    }

    /// Closes the file that was quiet for longest where too many are open, or if none is quiet the one that would
    /// be read last.
    pub(super) fn make_room(&mut self) {
        if self.by_key.len() < self.most_open {
            return;
        }
        let idle = self
            .streams
            .iter()
            .enumerate()
            .filter_map(|(index, stream)| {
                let stream = stream.as_ref()?;
                let is_idle = stream.is_at_end && !stream.has_rest() && !stream.is_queued;
                is_idle.then_some((stream.grown, index, stream.id))
            });
        if let Some((_, index, id)) = idle.min() {
            // What came since the last read is found when the file is looked at next.
            let written = self.streams[index]
                .as_ref()
                .and_then(|stream| stream.written());
            self.close(index);
            self.parked.extend(written.map(|written| (id, written)));
            return;
        }
        let mut queued = self.ready.iter().rev();
        if let Some(&last) = queued.find(|&&index| self.is_found_again(index)) {
            self.close(last);
            self.has_closed_unread = true;
        }
    }

    /// Whether a look at everything finds the file of a stream, and nothing of that is held back.
    fn is_found_again(&self, index: usize) -> bool {
        let Some(stream) = &self.streams[index] else {
            return false;
        };
        let (path, key) = (&stream.spot.path, stream.spot.key);
        let mut patterns = self.patterns.iter();
        !stream.has_rest()
            && patterns.any(|pattern| pattern.shown(path).is_some())
            && fs::metadata(path).is_ok_and(|metadata| Key::of(&metadata) == key)
    }

    /// Keeps what is known of a stream whose file was closed.
    pub(super) fn leave(&mut self, checkpoint: Checkpoint) {
        self.left.push(checkpoint.clone());
        self.known.insert(checkpoint);
    }

    /// Notes the length of a file that cannot be read at the start.
    pub(super) fn note_unread(&mut self, path: &Path) {
        if self.is_starting
            && self.options.from == From::End
            && let Ok(metadata) = fs::metadata(path)
        {
            self.unread_at_start
                .insert(Key::of(&metadata), metadata.len());
        }
    }
}

/// Where a symbolic link leads.
fn target(path: &Path) -> Option<PathBuf> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    is_link.then(|| fs::canonicalize(path).ok()).flatten()
}

fn from_start(block_bytes: usize) -> Resumed {
    Resumed {
        printer: Printer::new(0, b"", b""),
        trail: Trail::default(),
        cutter: Cutter::new(0, block_bytes),
    }
}
