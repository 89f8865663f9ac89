//! Follows files while they grow, are rotated, truncated, replaced and compressed.
//!
//! Each byte of a stream is in the body of exactly one block, whatever happens to
//! its file and however often the reading ends and goes on from its checkpoints.
//! A stream is a text, not a name: it is known by what was handed out of it.

mod checkpoint;
mod print;

use std::io;
use std::time::Duration;

use super::{Block, Wake};
use crate::error::Result;

pub use checkpoint::{Checkpoint, OpenLine, Place, Print};
pub use print::Hash;

/// What to follow.
#[derive(Clone, Debug)]
pub struct FollowOptions {
    /// Files, globs and folders, as typed.
    pub paths: Vec<String>,
    /// Where a file begins that is present at the start and that `known` does not name.
    pub from: From,
    /// The streams that an earlier run has followed, which go on where it ended.
    pub known: Vec<Checkpoint>,
    /// Target size of one block, in bytes.
    pub block_bytes: usize,
    /// How long the last line may be unfinished before it is handed out as it is.
    pub quiet: Duration,
    /// Ends when all that is there was read, instead of waiting for more.
    pub once: bool,
}

impl Default for FollowOptions {
    fn default() -> Self {
        FollowOptions {
            paths: Vec::new(),
            from: From::End,
            known: Vec::new(),
            block_bytes: super::BLOCK_BYTES,
            quiet: Duration::from_millis(500),
            once: false,
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
    /// Something to say and to count; following goes on.
    Problem(Problem),
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
    /// A file lost what was counted of it and begins anew.
    Truncated,
    /// A folder cannot be watched; it is looked at now and then.
    Unwatched,
}

/// Follows files.
#[derive(Debug)]
pub struct Follower {}

impl Follower {
    /// Finds what there is to follow. Waits end when `wake` is written to.
    ///
    /// # Errors
    ///
    /// Returns [`crate::Error::Usage`] for a glob that is none.
    pub fn new(options: FollowOptions, wake: Wake) -> Result<Self> {
        let _ = (options, wake);
        Ok(Follower {})
    }

    /// Fills `block` with the next whole lines of some file, or tells what else there is to know.
    ///
    /// After a run of blocks it returns [`Followed::Idle`] at once when nothing more is there;
    /// called again it waits, at most `timeout`, and returns [`Followed::Idle`] where nothing came.
    ///
    /// # Errors
    ///
    /// Returns what the system says where waiting itself is impossible. What goes wrong with a
    /// file is a [`Followed::Problem`].
    pub fn next(&mut self, block: &mut Block, timeout: Duration) -> io::Result<Followed> {
        let _ = (block, timeout);
        Ok(Followed::Stopped)
    }

    /// The path under which a file is followed and counted: as typed, or as found in a folder or
    /// by a glob. It stays the same when the file is renamed, and a later file at that path, and
    /// an earlier one that was rotated away, have the same path and another number.
    pub fn path(&self, file: FileNumber) -> &str {
        let _ = file;
        ""
    }

    /// The checkpoints of the streams whose position has changed since the last call.
    ///
    /// A position covers exactly the blocks that were handed out before the call.
    pub fn checkpoints(&mut self) -> Vec<Checkpoint> {
        Vec::new()
    }
}
