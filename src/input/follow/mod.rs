//! Follows files while they grow, are rotated, truncated, replaced and compressed.
//!
//! Each byte of a stream is in the body of exactly one block, whatever happens to
//! its file and however often the reading ends and goes on from its checkpoints.
//! A stream is a text, not a name: it is known by what was handed out of it.

mod checkpoint;
mod copy;
mod fail;
mod follower;
mod head;
mod known;
mod look;
mod meet;
mod names;
mod near;
mod pattern;
mod print;
mod resume;
mod rotate;
mod skip;
mod stream;
#[cfg(test)]
mod tests;
mod text;
mod trail;
mod turns;
mod watch;

use std::time::Duration;

use super::{Limits, OwnFiles};

pub use checkpoint::{Checkpoint, OpenLine, Place};
pub use follower::Follower;
pub use print::{Hash, Print};

/// What to follow.
#[derive(Clone, Debug)]
pub struct FollowOptions {
    /// Files, globs and folders, as typed.
    pub paths: Vec<String>,
    /// Where a file begins that is present at the start and that `known` does not name.
    pub from: From,
    /// The streams that an earlier run has followed, which go on where it ended.
    pub known: Vec<Checkpoint>,
    /// Files that are never opened, wherever they lie. Closing one of a state would end the locks
    /// that this process has on it.
    pub own: OwnFiles,
    /// Target size of one block, in bytes.
    pub block_bytes: usize,
    /// How long the last line may be unfinished before it is handed out as it is, but for what may be
    /// the beginning of a code.
    pub quiet: Duration,
    /// How often everything is looked at, whether or not something was notified.
    ///
    /// A file that looks like a copy of another counts as one of its own when it was seen unchanged
    /// at three such looks.
    pub poll: Duration,
    /// How much is read of what is compressed, of each file by itself.
    pub limits: Limits,
    /// Ends when all that is there was read, instead of waiting for more.
    pub once: bool,
    /// A later run goes on where this one ends, so what may be the beginning of a code is left to it,
    /// unless nothing was added to the line for as long as `quiet`.
    pub goes_on: bool,
}

impl Default for FollowOptions {
    fn default() -> Self {
        FollowOptions {
            paths: Vec::new(),
            from: From::End,
            known: Vec::new(),
            own: OwnFiles::default(),
            block_bytes: super::BLOCK_BYTES,
            quiet: Duration::from_millis(500),
            // Looking at 1,000 files takes about 3 ms.
            poll: Duration::from_secs(2),
            limits: Limits::default(),
            once: false,
            goes_on: false,
        }
    }
}

/// Where a file begins that is present at the start and not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// At its first byte.
    Start,
    /// Behind its last byte: only what is written from now on.
    End,
}

/// A stream's number among those that a follower has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileNumber(pub u32);

/// What happened next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The block was filled from this file.
    Block {
        /// Whose text it is.
        file: FileNumber,
    },
    /// There is nothing to read now: whoever holds something back should show it.
    Idle,
    /// Files are followed that were not, and nothing of them was handed out: where they begin should be kept
    /// before that is. Only where a later follower goes on.
    Met,
    /// Something to say and to count; following goes on.
    Problem(Problem),
    /// What was told of this path as [`ProblemKind::Unreadable`] holds no more: it can be read.
    Readable(String),
    /// The wait was ended, or all was read that was to be read once.
    Stopped,
}

/// What went wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// What happened, and what is done about it.
    pub message: String,
    /// What to count it as.
    pub kind: ProblemKind,
}

/// What to count a problem as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A file cannot be read now; it is tried again.
    Unreadable,
    /// A path that was followed is there no more, and what comes next is waited for.
    Gone,
    /// A file lost what was counted of it and begins anew.
    Truncated,
    /// What a file held when it was last read, in an earlier run, is in none: its end may be uncounted.
    Lost,
    /// An earlier file of a log is taken for a copy of another, and not counted.
    Copy,
    /// A folder cannot be watched; it is looked at now and then.
    Unwatched,
    /// The lines of a large file are numbered from where following began.
    Unnumbered,
    /// A file is this program's own output, and is not read.
    Own,
}
