//! How far a stream was handed out, and how it is known again.
//!
//! A checkpoint is about a text and not about a name: it holds where the text
//! was found last, and hashes by which the same text is recognised under another
//! name, in a copy, or unpacked from a compressed file.

use serde::{Deserialize, Serialize};

use super::print::{HEAD_BYTES, Print};
use super::trail::Trail;

/// A position in a stream, and what the stream is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The stream's number, which no other stream of the same state ever has.
    pub stream: u64,
    /// The path under which it is followed and counted, also after its file was renamed.
    pub path: String,
    /// Where it was found last.
    pub place: Place,
    /// Where counting began: 0, or the end of what was not to be counted.
    pub start: u64,
    /// Offset of the first byte that no block has held as its body.
    pub offset: u64,
    /// The number of newlines before `offset`.
    pub lines: u64,
    /// The line that `offset` stands in, where it stands in one.
    pub line: Option<OpenLine>,
    /// What the text is recognised by.
    pub print: Print,
    /// What a part of it is recognised by.
    #[serde(default)]
    pub(super) trail: Trail,
}

impl Checkpoint {
    /// Whether its numbers can be those of a text, whatever wrote them.
    pub fn is_sound(&self) -> bool {
        let line_start = self.line.map_or(self.offset, |line| line.start);
        self.start <= self.offset
            && line_start <= self.offset
            && self.lines <= self.offset
            && self.print.head_bytes <= self.offset.min(HEAD_BYTES as u64)
            && self.trail.is_sound(self.offset)
    }
}

/// Where a stream was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file's path, absolute.
    pub path: String,
    /// The device.
    pub device: u64,
    /// The inode.
    pub inode: u64,
    /// When the file was made, in nanoseconds since the epoch, where the file system tells.
    pub born: Option<i128>,
    /// When the file was last seen there, in milliseconds since the epoch.
    pub seen_ms: i64,
    /// The length of a compressed file that was read to its end.
    pub packed: Option<u64>,
    /// Whether the file was removed, and read to its end.
    #[serde(default)]
    pub is_removed: bool,
    /// When it was written last, in milliseconds since the epoch, where nothing was handed out of the
    /// text that it holds.
    #[serde(default)]
    pub unread_ms: Option<i64>,
}

/// A line of which a part was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLine {
    /// Offset of its first byte.
    pub start: u64,
    /// Whether it was counted as a line, since it was unfinished for a while.
    pub is_counted: bool,
    /// Whether the part ends where the text ended, so that a code may go on behind it.
    pub is_unfinished: bool,
    /// Whether it comes in pieces.
    pub is_long: bool,
}
