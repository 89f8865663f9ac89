//! Decides what a file is: one that is followed, one that is known, a copy, or a new one.
//!
//! The file's device and inode only propose; its text decides. A rotated file that may be a copy
//! of another waits until it is clear, so that no line of it is counted twice.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::ProblemKind;
use super::checkpoint::Checkpoint;
use super::follower::Follower;
use super::names::is_rotated;
use super::pattern::is_missing;
use super::resume::{Resumed, Verdict, recognise, resume};
use super::stream::{Spot, Stream, now_ms};
use super::text::{self, Decoded, Key, Written, born, content, decoder, written_ms};
use crate::input::sniff::Content;
use crate::input::{Own, Positioned, is_refusal, name_of_original};
use crate::wording::{reasons, told};

/// A file that is being looked at.
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// The path under which it is counted if it is a new file; `None` where it is only looked at
    /// for what was followed before.
    pub(super) shown: Option<String>,
    /// Whether it was rotated away before it was seen, and begins with its first byte.
    pub(super) is_missed: bool,
    pub(super) file: File,
    pub(super) metadata: Metadata,
    /// When the look at it began.
    pub(super) seen_ms: i64,
    pub(super) content: Content,
}

/// What a file is found to be.
pub(super) enum Finding {
    /// A known stream, which goes on in it.
    Known(Box<Checkpoint>, Box<Resumed>, Option<Decoded>),
    /// A copy, all of which is counted from another file.
    Copy,
    /// Maybe a copy of a file that is still there.
    Unclear,
    /// A file of its own.
    New,
}

impl Follower {
    /// Looks at the file at `path`, for which a pattern stands if it is `shown`; returns what it is.
    pub(super) fn meet(&mut self, path: &Path, shown: Option<&Path>) -> Option<Key> {
        let metadata = fs::metadata(path);
        if self.passes_over(path, metadata.as_ref().ok(), shown) {
            return None;
        }
        let name = shown.map(|shown| shown.display().to_string());
        match metadata.and_then(|metadata| self.try_meet(path, &metadata, name.clone(), false)) {
            Ok(key) => {
                self.unsay(shown.unwrap_or(path));
                self.note_seen(key, name);
                Some(key)
            }
            Err(error) => {
                if let Some(shown) = shown.filter(|_| !is_missing(&error)) {
                    self.note_unread(path);
                    self.cannot_read(shown.to_owned(), &error);
                }
                None
            }
        }
    }

    /// Notes when the current stream of a path was last seen there.
    fn note_seen(&mut self, key: Key, shown: Option<String>) {
        if let (Some(shown), Some(&index)) = (shown, self.by_key.get(&key))
            && self.current.get(&shown) == Some(&index)
            && let Some(stream) = &self.streams[index]
        {
            self.seen_ms.insert(shown, stream.spot.seen_ms);
        }
    }

    /// The same, for a file that may have been rotated away before it was seen.
    pub(super) fn meet_generation(&mut self, path: &Path, shown: String, is_missed: bool) {
        let shown = is_missed.then_some(shown);
        let metadata = fs::metadata(path);
        if self.passes_over(path, metadata.as_ref().ok(), None) {
            return;
        }
        let met = metadata.and_then(|metadata| self.try_meet(path, &metadata, shown, is_missed));
        // A current log may be met as one of its own generations, and has one name.
        let named = self.patterns.iter().find_map(|pattern| pattern.shown(path));
        let named = named.unwrap_or_else(|| path.to_owned());
        match met {
            Ok(_) => self.unsay(&named),
            Err(error) if is_missing(&error) => {}
            Err(error) => self.cannot_read(named, &error),
        }
    }

    fn try_meet(
        &mut self,
        path: &Path,
        metadata: &Metadata,
        shown: Option<String>,
        is_missed: bool,
    ) -> io::Result<Key> {
        if self.is_open(path, metadata)
            || metadata.is_dir()
            || (!metadata.is_file() && !self.is_named(path))
            || self.has_nothing_new(path, metadata)
        {
            return Ok(Key::of(metadata));
        }
        if !metadata.is_file() {
            return Err(refusal(metadata));
        }
        let seen_ms = now_ms();
        let file = text::open(path)?;
        let metadata = file.metadata()?;
        let key = Key::of(&metadata);
        // Between the two looks the path may have got another file.
        if !self.is_open(path, &metadata) {
            self.decide(Candidate {
                path: path.to_owned(),
                shown,
                is_missed,
                content: content(&file)?,
                file,
                metadata,
                seen_ms,
            })?;
        }
        Ok(key)
    }

    /// Whether a file is this program's own, which is said of one that a pattern stands for.
    fn passes_over(
        &mut self,
        path: &Path,
        metadata: Option<&Metadata>,
        shown: Option<&Path>,
    ) -> bool {
        let own = metadata.and_then(|metadata| self.options.own.find(path, metadata));
        if let (Some(Own::Output), Some(shown)) = (own, shown) {
            self.say(shown.to_owned(), ProblemKind::Own, told::own_output());
        }
        own.is_some()
    }

    /// Whether a path was typed as it is: what is found in a folder or by a glob is passed over
    /// where it is no regular file.
    fn is_named(&self, path: &Path) -> bool {
        let mut patterns = self.patterns.iter();
        patterns.any(|pattern| pattern.names(path))
    }

    /// Whether a file is followed already.
    fn is_open(&mut self, path: &Path, metadata: &Metadata) -> bool {
        let index = self.by_key.get(&Key::of(metadata)).copied();
        if let Some(index) = index {
            self.find_again(index, path, metadata.len());
        }
        index.is_some()
    }

    /// Whether a file was looked at before and has not changed since.
    pub(super) fn has_nothing_new(&mut self, path: &Path, metadata: &Metadata) -> bool {
        let (key, written) = (Key::of(metadata), Written::of(metadata));
        if self.settled.get(&key) == Some(&written) {
            return true;
        }
        let waiting = self.waiting.get(path);
        if waiting.is_some_and(|waiting| waiting.is_early(metadata.len(), self.options.poll)) {
            return true;
        }
        let with_key = self.known.with_key(key);
        with_key.iter().any(|checkpoint| {
            self.parked.get(&checkpoint.stream) == Some(&written)
                && is_same_birth(checkpoint, metadata)
        })
    }

    fn decide(&mut self, candidate: Candidate) -> io::Result<()> {
        let finding = match self.find_known(&candidate)? {
            Finding::New if is_rotated(&candidate.path) && self.is_text(&candidate) => {
                self.find_copy(&candidate)?
            }
            finding => finding,
        };
        let key = Key::of(&candidate.metadata);
        if !matches!(finding, Finding::Unclear) {
            self.waiting.remove(&candidate.path);
        }
        match finding {
            Finding::Known(checkpoint, resumed, decoded) => {
                self.go_on(candidate, *checkpoint, *resumed, decoded);
            }
            Finding::Copy => drop(self.settled.insert(key, Written::of(&candidate.metadata))),
            Finding::Unclear => {}
            Finding::New => self.begin(candidate)?,
        }
        Ok(())
    }

    /// Whether a file holds a text that may be another's: an archive is told when it is to be read.
    fn is_text(&self, candidate: &Candidate) -> bool {
        let text = decoder(&candidate.file, candidate.content, &self.options.limits);
        !text.is_err_and(|error| is_refusal(&error))
    }

    /// Looks for the stream that was followed in this very file, or in its compressed copy.
    fn find_known(&mut self, candidate: &Candidate) -> io::Result<Finding> {
        let length = candidate.metadata.len();
        for checkpoint in self.known.with_key(Key::of(&candidate.metadata)) {
            // A file that was empty and is compressed now may be a copy of any other stream.
            let is_unread = checkpoint.place.unread_ms == Some(written_ms(&candidate.metadata));
            let is_empty = checkpoint.offset == 0 && candidate.is_packed() && !is_unread;
            if is_empty || !is_same_birth(&checkpoint, &candidate.metadata) {
                continue;
            }
            if checkpoint.place.packed == Some(length) {
                return Ok(Finding::Copy);
            }
            if let Some((resumed, decoded)) = self.compare(candidate, &checkpoint)?.same() {
                return Ok(Finding::Known(Box::new(checkpoint), resumed, decoded));
            }
        }
        self.find_unpacked(candidate)
    }

    /// Looks for the stream that was read from the compressed copy of this file, where all of it
    /// is equal.
    fn find_unpacked(&self, candidate: &Candidate) -> io::Result<Finding> {
        let length = candidate.metadata.len();
        let is_its_copy = |checkpoint: &Checkpoint| {
            let copy = Path::new(&checkpoint.place.path);
            checkpoint.place.packed.is_some()
                && checkpoint.offset == length
                && name_of_original(copy) == Some(&candidate.path)
        };
        let may_be = |checkpoint: &Checkpoint| length > 0 && is_its_copy(checkpoint);
        for checkpoint in self.known.of_log(&candidate.path, may_be) {
            if let Some((resumed, decoded)) = self.compare(candidate, &checkpoint)?.same() {
                return Ok(Finding::Known(Box::new(checkpoint), resumed, decoded));
            }
        }
        Ok(Finding::New)
    }

    /// Compares a file to what was counted of a stream.
    pub(super) fn compare(
        &self,
        candidate: &Candidate,
        checkpoint: &Checkpoint,
    ) -> io::Result<Comparison> {
        let block_bytes = self.options.block_bytes;
        let is_packed = candidate.content.is_packed();
        let is_same_file = Key::of(&candidate.metadata) == Key::of_place(&checkpoint.place);
        let is_plain = matches!(candidate.content, Content::Plain | Content::Export);
        if is_same_file && is_plain {
            let resumed = resume(&candidate.file, checkpoint, block_bytes)?;
            return Ok(resumed.map_or(Comparison::Other, |resumed| {
                Comparison::Same(Box::new(resumed), None)
            }));
        }
        let verdict = match decoder(&candidate.file, candidate.content, &self.options.limits)? {
            None => {
                let mut source = Positioned::new(&candidate.file, 0);
                (recognise(&mut source, checkpoint, block_bytes)?, None)
            }
            Some(mut reader) => (
                recognise(&mut reader, checkpoint, block_bytes)?,
                Some(Decoded { reader, is_packed }),
            ),
        };
        Ok(match verdict {
            (Verdict::Same(resumed), decoded) => Comparison::Same(resumed, decoded),
            (Verdict::Part(resumed), decoded) => Comparison::Part(resumed, decoded),
            (Verdict::Shorter, _) => Comparison::Shorter,
            (Verdict::Other, _) => Comparison::Other,
        })
    }

    /// Follows a known stream in this file.
    fn go_on(
        &mut self,
        candidate: Candidate,
        checkpoint: Checkpoint,
        resumed: Resumed,
        decoded: Option<Decoded>,
    ) {
        self.known.take(checkpoint.stream);
        self.parked.remove(&checkpoint.stream);
        self.make_room();
        let start = checkpoint.start;
        let id = checkpoint.stream;
        let path = candidate.path.clone();
        let shown = candidate.shown.clone().filter(|_| !candidate.is_missed);
        let spot = candidate.into_spot(decoded);
        let index = self.add(checkpoint.path, |number, path| {
            Stream::new(number, id, path, spot, (resumed, start))
        });
        self.bind(index, &path, shown.as_deref());
    }
}

/// How a file compares to a stream.
pub(super) enum Comparison {
    Same(Box<Resumed>, Option<Decoded>),
    Part(Box<Resumed>, Option<Decoded>),
    Shorter,
    Other,
}

impl Comparison {
    pub(super) fn same(self) -> Option<(Box<Resumed>, Option<Decoded>)> {
        match self {
            Comparison::Same(resumed, decoded) => Some((resumed, decoded)),
            Comparison::Part(..) | Comparison::Shorter | Comparison::Other => None,
        }
    }
}

impl Candidate {
    pub(super) fn into_spot(self, decoded: Option<Decoded>) -> Spot {
        Spot {
            key: Key::of(&self.metadata),
            born: born(&self.metadata),
            file: self.file,
            path: self.path,
            decoded,
            seen_ms: self.seen_ms,
        }
    }
}

/// Why what is no regular file is not followed, though it was named.
fn refusal(metadata: &Metadata) -> io::Error {
    io::Error::other(match metadata.file_type().is_fifo() {
        true => reasons::is_pipe(),
        false => reasons::not_regular(),
    })
}

/// Whether a file can be the one of a checkpoint: its inode may have been used again.
pub(super) fn is_same_birth(checkpoint: &Checkpoint, metadata: &Metadata) -> bool {
    match (checkpoint.place.born, born(metadata)) {
        (Some(before), Some(now)) => before == now,
        _ => true,
    }
}
