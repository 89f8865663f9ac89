//! What goes wrong with one file is said once, and tried again; the others are followed meanwhile.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::checkpoint::Checkpoint;
use super::follower::Follower;
use super::names::log_name;
use super::pattern::absolute;
use super::{Followed, Problem, ProblemKind};
use crate::wording::{reasons, told};

/// How long after a failed read it is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// What was said of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    kind: ProblemKind,
    message: String,
}

impl Follower {
    /// A stream cannot be read now.
    pub(super) fn failed(&mut self, index: usize, error: io::Error) {
        if error.raw_os_error() == Some(Errno::STALE.raw_os_error()) {
            return self.reopen(index);
        }
        let Some(stream) = &mut self.streams[index] else {
            return;
        };
        let is_new = !std::mem::replace(&mut stream.is_failing, true);
        let is_packed = stream.is_packed();
        let message = match is_packed {
            _ if self.options.once => error.to_string(),
            true => reasons::again_when_changed(&error.to_string()),
            false => reasons::again_soon(&error.to_string()),
        };
        let problem = Problem {
            path: stream.path.clone(),
            message,
            kind: ProblemKind::Unreadable,
        };
        if is_packed {
            self.damaged
                .insert(stream.spot.path.clone(), stream.path.clone());
            self.settle(index);
            self.close(index);
        } else {
            self.retries.push_back((Instant::now() + RETRY, index));
        }
        if is_new {
            self.told.push_back(Followed::Problem(problem));
        }
    }

    /// Queues what is to be tried again.
    pub(super) fn retry(&mut self) {
        let now = Instant::now();
        while let Some((_, index)) = self.retries.pop_front_if(|(at, _)| *at <= now) {
            self.queue(index);
        }
    }

    /// Says something of a path, once until it can be read.
    pub(super) fn say(&mut self, path: PathBuf, kind: ProblemKind, message: String) {
        let said = Said { kind, message };
        if self.said.get(&path) != Some(&said) {
            self.told.push_back(Followed::Problem(Problem {
                path: path.display().to_string(),
                message: said.message.clone(),
                kind,
            }));
        }
        self.said.insert(path, said);
    }

    /// Says where a log has another text than when it was last seen, in an earlier run, and its earlier
    /// one was not found: nobody knows whether that had grown.
    pub(super) fn say_lost(&mut self, seen_ms: &HashMap<String, i64>) {
        let is_unclear = |log: &str| {
            let name = log_name(Path::new(log));
            self.waiting.keys().any(|path| log_name(path) == name)
        };
        let is_lost = |Checkpoint { path, place, .. }: &Checkpoint| {
            seen_ms.get(path) == Some(&place.seen_ms)
                && place.packed.is_none()
                && !place.is_removed
                && absolute(Path::new(path)) == Path::new(&place.path)
                && self.current.contains_key(path)
                && self.is_followed(path)
                && !is_unclear(path)
        };
        let lost = self.known.iter().filter(|checkpoint| is_lost(checkpoint));
        let lost: Vec<_> = lost
            .map(|lost| (PathBuf::from(&lost.path), lost.offset))
            .collect();
        for (path, bytes) in lost {
            self.say(path, ProblemKind::Lost, told::lost(bytes));
        }
    }

    /// What was said of a path holds no more.
    pub(super) fn unsay(&mut self, path: &Path) {
        let said = self.said.remove(path).map(|said| said.kind);
        if matches!(said, Some(ProblemKind::Unreadable | ProblemKind::Gone)) {
            self.tell_readable(path.display().to_string());
        }
    }

    /// A stream was read.
    pub(super) fn note_readable(&mut self, index: usize) {
        if let Some(stream) = &mut self.streams[index]
            && std::mem::take(&mut stream.is_failing)
        {
            let path = stream.path.clone();
            self.tell_readable(path);
        }
    }

    /// The compressed file at `path` was read to its end.
    pub(super) fn note_undamaged(&mut self, path: &Path) {
        if let Some(shown) = self.damaged.remove(path) {
            self.tell_readable(shown);
        }
    }

    /// Tells that a path can be read, if nothing else that was said of it holds.
    fn tell_readable(&mut self, path: String) {
        let said = self.said.get(Path::new(&path));
        let is_unread = said.is_some_and(|said| said.kind == ProblemKind::Unreadable);
        let mut streams = self.streams.iter().flatten();
        let is_failing = streams.any(|stream| stream.is_failing && stream.path == path);
        let is_damaged = || self.damaged.values().any(|shown| *shown == path);
        if !is_unread && !is_failing && !is_damaged() {
            self.told.push_back(Followed::Readable(path));
        }
    }
}
