//! What goes wrong with one file is said once, and tried again; the others are followed meanwhile.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::follower::Follower;
use super::{Problem, ProblemKind};

/// How long after a failed read it is tried again.
const RETRY: Duration = Duration::from_secs(1);

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
            true => format!("{error}, it is tried again when it changes"),
            false => format!("{error}, it is tried again soon"),
        };
        let problem = Problem {
            path: stream.path.clone(),
            message,
            kind: ProblemKind::Unreadable,
        };
        if is_packed {
            self.settle(index);
            self.close(index);
        } else {
            self.retries.push_back((Instant::now() + RETRY, index));
        }
        if is_new {
            self.problems.push_back(problem);
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
        if self.said.get(&path) != Some(&message) {
            self.problems.push_back(Problem {
                path: path.display().to_string(),
                message: message.clone(),
                kind,
            });
        }
        self.said.insert(path, message);
    }
}
