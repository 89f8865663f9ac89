//! Tells a copy of a followed stream from a file of its own.
//!
//! Only rotated names are compared, and only to streams of the log that they name: in the same folder
//! to all of them, in others to those that begin alike. Far from the log that takes a KiB: the logs of
//! two replicas may begin alike, too. A file that begins like one that is still there may be a copy
//! in the making: it waits. What is still alike and unchanged after a while is a stream of its own,
//! unless it lies near the log and is compressed: that does not grow, and is a copy. What was written
//! before the other was made is no copy of it.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::ProblemKind;
use super::checkpoint::Checkpoint;
use super::follower::Follower;
use super::head::Head;
use super::look::Waiting;
use super::meet::{Candidate, Comparison, Finding, is_same_birth};
use super::names::{family, is_generation_of, is_rotated, log_name};
use super::near::has_other_log;
use super::resume::resume;
use super::stream::Stream;
use super::text::{self, Key, born, decoder, written_ms};
use crate::input::{Positioned, name_of_original};
use crate::wording::told;

/// How a file's text relates to a file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    /// All of it is the beginning of the other.
    Beginning,
    /// It begins with what was counted of the other, or all of it was.
    Counted,
    Other,
}

impl Follower {
    /// Looks for the stream whose text this file holds under a rotated name.
    pub(super) fn find_copy(&mut self, candidate: &Candidate) -> io::Result<Finding> {
        if self.is_unfinished(candidate)? {
            return Ok(Finding::Unclear);
        }
        let head = Head::read(candidate, &self.options.limits)?;
        let (found, mut likeness) = self.find_left(candidate, &head)?;
        if let Some(found) = found {
            return Ok(found);
        }
        for file in self.not_yet_followed(candidate)? {
            if self.likeness(candidate, Some(&file))? == Likeness::Beginning {
                likeness = Likeness::Beginning;
            }
        }
        for (index, distance) in self.open_of_log(candidate, &head) {
            likeness = match self.likeness_to_open(candidate, index)? {
                Likeness::Other => likeness,
                like => like.at(distance),
            };
        }
        Ok(match likeness {
            Likeness::Other => self.find_unread(candidate)?.unwrap_or(Finding::New),
            _ if !self.has_settled(candidate) => Finding::Unclear,
            // Nobody asked for the copy by its own name.
            Likeness::Beginning if candidate.is_packed() || candidate.is_missed => {
                if candidate.is_missed && !head.is_empty() && candidate.original().is_none() {
                    self.say(candidate.path.clone(), ProblemKind::Copy, told::copy());
                }
                Finding::Copy
            }
            Likeness::Beginning | Likeness::Counted => {
                self.find_unread(candidate)?.unwrap_or(Finding::New)
            }
        })
    }

    /// What it may be a copy of although it is not followed yet: what is about to be, and what is to
    /// be followed where it was rotated from.
    fn not_yet_followed(&self, candidate: &Candidate) -> io::Result<Vec<File>> {
        let is_another =
            |key| key != Key::of(&candidate.metadata) && !self.by_key.contains_key(&key);
        let mut files = Vec::new();
        if let Some((key, file)) = &self.beginning
            && is_another(*key)
        {
            files.push(file.try_clone()?);
        }
        if let Some((current, _)) = self.rotated_from(&candidate.path)
            && let Ok(metadata) = fs::metadata(&current)
            && metadata.is_file()
            && is_another(Key::of(&metadata))
        {
            files.extend(text::open(&current).ok());
        }
        Ok(files)
    }

    /// Looks for it among those that are not open: for one whose text is there no more, and how it
    /// relates to those whose text is.
    fn find_left(
        &self,
        candidate: &Candidate,
        head: &Head,
    ) -> io::Result<(Option<Finding>, Likeness)> {
        let mut likeness = Likeness::Other;
        let (mut whole, mut part) = (None, None);
        let mut most = 0;
        let distance_to =
            |checkpoint: &Checkpoint| Distance::new(candidate, Path::new(&checkpoint.place.path));
        let may_be = |checkpoint: &Checkpoint| match distance_to(checkpoint) {
            Distance::Beside | Distance::Generation => true,
            Distance::Near => head.may_be_of(&checkpoint.print),
            Distance::Far => head.is_that_of(&checkpoint.print),
        };
        for checkpoint in self.known.of_log(&candidate.path, may_be) {
            if checkpoint.offset <= most {
                continue;
            }
            // First what is there and last whether it is there still: what loses its text in between
            // was copied before, and is none of it.
            let original = original(candidate, &checkpoint)?;
            let like = self.likeness(candidate, original.as_ref())?;
            let comparison = self.compare(candidate, &checkpoint)?;
            let is_present = self.is_present(&checkpoint, original.as_ref())?;
            match comparison {
                Comparison::Same(resumed, decoded) if !is_present => {
                    most = checkpoint.offset;
                    whole = Some(Finding::Known(Box::new(checkpoint), resumed, decoded));
                }
                Comparison::Part(resumed, decoded) if !is_present => {
                    part = Some(Finding::Known(Box::new(checkpoint), resumed, decoded));
                }
                _ if like != Likeness::Other => likeness = like.at(distance_to(&checkpoint)),
                _ => {}
            }
        }
        Ok((whole.or(part), likeness))
    }

    /// Looks for the stream that nothing was read of, and whose file is there no more, which may be this
    /// one by its name and its time: there is nothing else that tells.
    fn find_unread(&self, candidate: &Candidate) -> io::Result<Option<Finding>> {
        let written_ms = written_ms(&candidate.metadata);
        let may_be = |Checkpoint { place, .. }: &Checkpoint| {
            let log = family(Path::new(&place.path));
            // Some compressors keep whole seconds of it.
            let is_before = |unread_ms: i64| unread_ms / 1000 <= written_ms / 1000;
            place.unread_ms.is_some_and(is_before)
                && Distance::new(candidate, &log) != Distance::Far
                && is_generation_of(&candidate.path, &log)
                && !has_other_log(&candidate.path, &log)
        };
        for checkpoint in self.known.of_log(&candidate.path, may_be) {
            let original = original(candidate, &checkpoint)?;
            if checkpoint.offset == 0
                && original.is_none()
                && let Some((resumed, decoded)) = self.compare(candidate, &checkpoint)?.same()
            {
                let found = Finding::Known(Box::new(checkpoint), resumed, decoded);
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The streams that are followed and of which a file may be a copy, and how far it is from them.
    fn open_of_log(&self, candidate: &Candidate, head: &Head) -> Vec<(usize, Distance)> {
        let name = log_name(&candidate.path);
        let may_be = |stream: &Stream| {
            let path = &stream.spot.path;
            let distance = Distance::new(candidate, path);
            let may_be = match distance {
                Distance::Beside | Distance::Generation => true,
                Distance::Near => head.may_be_in(stream),
                Distance::Far => head.is_that_in(stream),
            };
            (may_be && log_name(path) == name).then_some(distance)
        };
        let streams = self.streams.iter().enumerate();
        let found = streams.filter_map(|(index, stream)| Some((index, may_be(stream.as_ref()?)?)));
        found.collect()
    }

    /// Whether a compressed file may still be written by whoever compresses it.
    fn is_unfinished(&mut self, candidate: &Candidate) -> io::Result<bool> {
        let written = candidate.metadata.modified().ok();
        let age = written.and_then(|time| time.elapsed().ok());
        let is_new = age.is_some_and(|age| age < self.options.poll);
        let decoder = decoder(&candidate.file, candidate.content, &self.options.limits)?;
        let Some(mut text) = decoder.filter(|_| is_new && candidate.is_packed()) else {
            return Ok(false);
        };
        let is_whole = io::copy(&mut text, &mut io::sink()).is_ok();
        Ok(!is_whole && !self.has_settled(candidate))
    }

    /// Whether a file has had its length for a while. Begins to wait for that.
    fn has_settled(&mut self, candidate: &Candidate) -> bool {
        let length = candidate.metadata.len();
        let path = candidate.path.clone();
        let new = || Waiting::new(length);
        let waiting = self.waiting.entry(path).or_insert_with(new);
        waiting.look(length, self.options.poll) || self.options.once
    }

    /// Compares a file to one that is being followed.
    fn likeness_to_open(&mut self, candidate: &Candidate, index: usize) -> io::Result<Likeness> {
        let Some(stream) = &self.streams[index] else {
            return Ok(Likeness::Other);
        };
        let checkpoint = stream.checkpoint();
        // The likeness first: where the other loses its text in between, the copy is whole before
        // it is compared to what was counted.
        let is_plain = stream.spot.decoded.is_none();
        let likeness = self.likeness(candidate, Some(&stream.spot.file).filter(|_| is_plain))?;
        let comparison = match checkpoint.offset {
            0 => Comparison::Shorter,
            _ => self.compare(candidate, &checkpoint)?,
        };
        let is_counted = matches!(comparison, Comparison::Same(..) | Comparison::Part(..));
        let is_removed = stream.spot.file.metadata()?.nlink() == 0;
        if is_removed && (is_counted || likeness != Likeness::Other) {
            // When the removed file is closed, the stream goes on in its copy.
            self.waiting.remove(&candidate.path);
            return Ok(Likeness::Counted);
        }
        Ok(match likeness {
            Likeness::Other if is_counted => Likeness::Counted,
            likeness => likeness,
        })
    }

    /// Whether all of a file is the beginning of another.
    fn likeness(&self, candidate: &Candidate, whole: Option<&File>) -> io::Result<Likeness> {
        let Some(file) = whole else {
            return Ok(Likeness::Other);
        };
        if candidate.precedes(&file.metadata()?) {
            return Ok(Likeness::Other);
        }
        let mut whole = Positioned::new(file, 0);
        let mut decoded = decoder(&candidate.file, candidate.content, &self.options.limits)?;
        let mut plain = Positioned::new(&candidate.file, 0);
        let part: &mut dyn Read = match &mut decoded {
            Some(decoded) => decoded,
            None => &mut plain,
        };
        Ok(match is_beginning(part, &mut whole)? {
            true => Likeness::Beginning,
            false => Likeness::Other,
        })
    }

    /// Whether `file` still holds what was counted of a known stream.
    fn is_present(&self, checkpoint: &Checkpoint, file: Option<&File>) -> io::Result<bool> {
        let Some(file) = file else {
            return Ok(false);
        };
        Ok(match checkpoint.place.packed {
            Some(length) => length == file.metadata()?.len(),
            None => resume(file, checkpoint, self.options.block_bytes)?.is_some(),
        })
    }
}

/// Where a file lies as seen from the log that it may be a copy of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Distance {
    /// In the same folder.
    Beside,
    /// In the same folder, and both are earlier files of a log. Those of a crash loop are alike.
    Generation,
    /// In a folder there.
    Near,
    Far,
}

impl Distance {
    fn new(candidate: &Candidate, log: &Path) -> Self {
        let folder = candidate.path.parent();
        let may_be_generation = !candidate.is_packed() && candidate.metadata.len() > 0;
        if folder == log.parent() {
            match may_be_generation && is_rotated(log) {
                true => Distance::Generation,
                false => Distance::Beside,
            }
        } else if folder.and_then(Path::parent) == log.parent() {
            Distance::Near
        } else {
            Distance::Far
        }
    }
}

impl Likeness {
    /// What it means so far from the log: far from it and beside an earlier file of it nothing is a copy
    /// as long as the other holds all of it.
    fn at(self, distance: Distance) -> Self {
        match (self, distance) {
            (Likeness::Beginning, Distance::Far | Distance::Generation) => Likeness::Counted,
            (likeness, _) => likeness,
        }
    }
}

/// The file of a known stream, where it is the same file still and another than the candidate.
fn original(candidate: &Candidate, checkpoint: &Checkpoint) -> io::Result<Option<File>> {
    let Ok(file) = text::open(Path::new(&checkpoint.place.path)) else {
        return Ok(None);
    };
    let metadata = file.metadata()?;
    let key = Key::of(&metadata);
    let is_it = key == Key::of_place(&checkpoint.place)
        && key != Key::of(&candidate.metadata)
        && is_same_birth(checkpoint, &metadata);
    Ok(Some(file).filter(|_| is_it))
}

impl Candidate {
    pub(super) fn is_packed(&self) -> bool {
        self.content.is_packed()
    }

    /// The file that this is the compressed copy of by its name, if that is there.
    fn original(&self) -> Option<Key> {
        let original = name_of_original(&self.path).filter(|_| self.is_packed());
        let metadata = fs::metadata(original?).ok()?;
        Some(Key::of(&metadata))
    }

    /// Whether it was last written before another file was made, of which it is no copy then.
    fn precedes(&self, other: &Metadata) -> bool {
        let Some(other_born) = born(other) else {
            return false;
        };
        let written = i128::from(self.metadata.mtime()) * 1_000_000_000
            + i128::from(self.metadata.mtime_nsec());
        written < other_born && self.original() != Some(Key::of(other))
    }
}

/// Whether `part` is the beginning of `whole`.
fn is_beginning(part: &mut dyn Read, whole: &mut dyn Read) -> io::Result<bool> {
    const STEP_BYTES: u64 = 64 * 1024;
    let (mut a, mut b) = (Vec::new(), Vec::new());
    loop {
        a.clear();
        b.clear();
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
