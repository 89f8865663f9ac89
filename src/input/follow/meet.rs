//! Decides what a file is: one that is followed, one that is known, a copy, or a new one.
//!
//! The file's device and inode only propose; its text decides. A rotated file that may be a copy
//! of another waits until it is clear, so that no line of it is counted twice.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::follower::Follower;
use super::look::Waiting;
use super::names::{family, is_rotated};
use super::pattern::is_missing;
use super::resume::{Resumed, Verdict, recognise, resume};
use super::stream::{Spot, Stream};
use super::text::{self, Decoded, Key, born, content, decoder};
use crate::input::sniff::Content;

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
    pub(super) content: Content,
}

/// What a file is found to be.
enum Finding {
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
        let shown = shown.map(|shown| shown.display().to_string());
        match self.try_meet(path, shown.clone(), false) {
            Ok(key) => {
                self.said.remove(path);
                Some(key)
            }
            Err(error) => {
                if !is_missing(&error) && shown.is_some() {
                    self.note_unread(path);
                    self.cannot_read(path.to_owned(), &error);
                }
                None
            }
        }
    }

    /// The same, for a file that may have been rotated away before it was seen.
    pub(super) fn meet_generation(&mut self, path: &Path, shown: String, is_missed: bool) {
        let shown = is_missed.then_some(shown);
        if let Err(error) = self.try_meet(path, shown, is_missed)
            && !is_missing(&error)
        {
            self.cannot_read(path.to_owned(), &error);
        }
    }

    fn try_meet(&mut self, path: &Path, shown: Option<String>, is_missed: bool) -> io::Result<Key> {
        let metadata = fs::metadata(path)?;
        if self.is_open(path, &metadata)
            || metadata.is_dir()
            || self.has_nothing_new(path, &metadata)
        {
            return Ok(Key::of(&metadata));
        }
        if !metadata.is_file() {
            return Err(io::Error::other("is no regular file"));
        }
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
            })?;
        }
        Ok(key)
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
    fn has_nothing_new(&mut self, path: &Path, metadata: &Metadata) -> bool {
        let (key, length) = (Key::of(metadata), metadata.len());
        if self.settled.get(&key) == Some(&length) {
            return true;
        }
        if self
            .waiting
            .get(path)
            .is_some_and(|waiting| waiting.is_early(length, self.options.poll))
        {
            return true;
        }
        let with_key = self.known.with_key(key);
        with_key.iter().any(|checkpoint| {
            self.parked.contains(&checkpoint.stream)
                && checkpoint.offset == length
                && is_same_birth(checkpoint, metadata)
        })
    }

    fn decide(&mut self, candidate: Candidate) -> io::Result<()> {
        let finding = match self.find_known(&candidate)? {
            Finding::New if is_rotated(&candidate.path) => self.find_copy(&candidate)?,
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
            Finding::Copy => drop(self.settled.insert(key, candidate.metadata.len())),
            Finding::Unclear => {}
            Finding::New => self.begin(candidate)?,
        }
        Ok(())
    }

    /// Looks for the stream that was followed in this very file.
    fn find_known(&mut self, candidate: &Candidate) -> io::Result<Finding> {
        let length = candidate.metadata.len();
        for checkpoint in self.known.with_key(Key::of(&candidate.metadata)) {
            if !is_same_birth(&checkpoint, &candidate.metadata) {
                continue;
            }
            if checkpoint.place.packed == Some(length) {
                return Ok(Finding::Copy);
            }
            if let Some((resumed, decoded)) = self.compare(candidate, &checkpoint)?.same() {
                return Ok(Finding::Known(Box::new(checkpoint), resumed, decoded));
            }
        }
        Ok(Finding::New)
    }

    /// Looks for the stream whose text this file holds under a rotated name.
    fn find_copy(&mut self, candidate: &Candidate) -> io::Result<Finding> {
        let path = &candidate.path;
        if self.is_unsettled(candidate) {
            return Ok(Finding::Unclear);
        }
        let mut finding = Finding::New;
        for checkpoint in self.known.of_family(path) {
            if checkpoint.offset > 0
                && let Some((resumed, decoded)) = self.compare(candidate, &checkpoint)?.same()
            {
                if !self.is_present(&checkpoint)? {
                    return Ok(Finding::Known(Box::new(checkpoint), resumed, decoded));
                }
                finding = self.copy_of_present(candidate);
            }
        }
        let family = family(path);
        let is_of_family = |stream: &&Stream| self::family(&stream.spot.path) == family;
        let open: Vec<usize> = (0..self.streams.len())
            .filter(|&index| self.streams[index].as_ref().filter(is_of_family).is_some())
            .collect();
        for index in open {
            match self.compare_to_open(candidate, index)? {
                Finding::New => {}
                found => finding = found,
            }
        }
        Ok(finding)
    }

    /// Whether a file may still be written by whoever copies or compresses it.
    fn is_unsettled(&mut self, candidate: &Candidate) -> bool {
        if self.options.once || candidate.content == Content::Plain {
            return false;
        }
        let age = candidate
            .metadata
            .modified()
            .ok()
            .and_then(|time| time.elapsed().ok());
        age.is_some_and(|age| age < self.options.poll) && !self.has_settled(candidate)
    }

    /// Whether a file has had its length for a while. Begins to wait for that.
    fn has_settled(&mut self, candidate: &Candidate) -> bool {
        let length = candidate.metadata.len();
        let path = candidate.path.clone();
        let waiting = self
            .waiting
            .entry(path)
            .or_insert_with(|| Waiting::new(length));
        waiting.look(length, self.options.poll) || self.options.once
    }

    /// What a file is that begins with all that was counted of one that is still there.
    fn copy_of_present(&mut self, candidate: &Candidate) -> Finding {
        if !self.has_settled(candidate) {
            return Finding::Unclear;
        }
        match candidate.content {
            Content::Packed(_) => Finding::Copy,
            // Two files may well hold the same: they are two streams.
            Content::Plain | Content::Utf16(_) => Finding::New,
        }
    }

    /// Compares a file to one that is being followed, of the same family.
    fn compare_to_open(&mut self, candidate: &Candidate, index: usize) -> io::Result<Finding> {
        let Some(stream) = &self.streams[index] else {
            return Ok(Finding::New);
        };
        let checkpoint = stream.checkpoint();
        if checkpoint.offset == 0 && stream.read_position() == 0 && candidate.metadata.len() > 0 {
            return Ok(Finding::New);
        }
        let is_removed = stream.spot.file.metadata()?.nlink() == 0;
        let is_like = match self.compare(candidate, &checkpoint)? {
            Comparison::Same(..) => true,
            Comparison::Shorter => self.is_beginning_of(candidate, index)?,
            Comparison::Other => false,
        };
        Ok(match is_like {
            false => Finding::New,
            true if is_removed => {
                // When the removed file is closed, the stream goes on in its copy.
                self.has_settled(candidate);
                Finding::Unclear
            }
            true => self.copy_of_present(candidate),
        })
    }

    /// Whether all of a file is the beginning of one that is being followed.
    fn is_beginning_of(&self, candidate: &Candidate, index: usize) -> io::Result<bool> {
        let Some(stream) = self.streams[index]
            .as_ref()
            .filter(|stream| stream.spot.decoded.is_none())
        else {
            return Ok(false);
        };
        let mut whole = text::From {
            file: &stream.spot.file,
            at: 0,
        };
        let mut decoded = decoder(&candidate.file, candidate.content)?;
        let mut plain = text::From {
            file: &candidate.file,
            at: 0,
        };
        let part: &mut dyn Read = match &mut decoded {
            Some(decoded) => decoded,
            None => &mut plain,
        };
        is_beginning(part, &mut whole)
    }

    /// Whether the text of a known stream still is where it was.
    fn is_present(&self, checkpoint: &Checkpoint) -> io::Result<bool> {
        let Ok(file) = text::open(Path::new(&checkpoint.place.path)) else {
            return Ok(false);
        };
        let metadata = file.metadata()?;
        if Key::of(&metadata) != Key::of_place(&checkpoint.place) {
            return Ok(false);
        }
        if checkpoint.place.packed.is_some() {
            return Ok(checkpoint.place.packed == Some(metadata.len()));
        }
        Ok(resume(&file, checkpoint, self.options.block_bytes)?.is_some())
    }

    fn compare(&self, candidate: &Candidate, checkpoint: &Checkpoint) -> io::Result<Comparison> {
        let block_bytes = self.options.block_bytes;
        let is_packed = matches!(candidate.content, Content::Packed(_));
        let is_same_file = Key::of(&candidate.metadata) == Key::of_place(&checkpoint.place);
        if is_same_file && candidate.content == Content::Plain {
            let resumed = resume(&candidate.file, checkpoint, block_bytes)?;
            return Ok(resumed.map_or(Comparison::Other, |resumed| {
                Comparison::Same(Box::new(resumed), None)
            }));
        }
        let verdict = match decoder(&candidate.file, candidate.content)? {
            None => {
                let mut source = text::From {
                    file: &candidate.file,
                    at: 0,
                };
                (recognise(&mut source, checkpoint, block_bytes)?, None)
            }
            Some(mut reader) => (
                recognise(&mut reader, checkpoint, block_bytes)?,
                Some(Decoded { reader, is_packed }),
            ),
        };
        Ok(match verdict {
            (Verdict::Same(resumed), decoded) => Comparison::Same(resumed, decoded),
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
        let shown = candidate.shown.clone();
        let spot = candidate.into_spot(decoded);
        let index = self.add(checkpoint.path, |number, path| {
            Stream::new(number, id, path, spot, (resumed, start))
        });
        self.bind(index, &path, shown.as_deref());
    }
}

/// How a file compares to a stream.
enum Comparison {
    Same(Box<Resumed>, Option<Decoded>),
    Shorter,
    Other,
}

impl Comparison {
    fn same(self) -> Option<(Box<Resumed>, Option<Decoded>)> {
        match self {
            Comparison::Same(resumed, decoded) => Some((resumed, decoded)),
            Comparison::Shorter | Comparison::Other => None,
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
        }
    }
}

/// Whether a file can be the one of a checkpoint: its inode may have been used again.
fn is_same_birth(checkpoint: &Checkpoint, metadata: &Metadata) -> bool {
    match (checkpoint.place.born, born(metadata)) {
        (Some(before), Some(now)) => before == now,
        _ => true,
    }
}

/// Whether `part` is the beginning of `whole`.
fn is_beginning(part: &mut dyn Read, whole: &mut dyn Read) -> io::Result<bool> {
    const STEP_BYTES: u64 = 64 * 1024;
    let (mut a, mut b) = (Vec::new(), Vec::new());
    loop {
        (a.clear(), b.clear());
        part.take(STEP_BYTES).read_to_end(&mut a)?;
        whole.take(a.len() as u64).read_to_end(&mut b)?;
        if a != b {
            return Ok(false);
        }
        if a.is_empty() {
            return Ok(true);
        }
    }
}
