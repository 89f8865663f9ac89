//! What is read: files, folders and streams, each text once, as blocks of whole lines.
//!
//! Nothing is skipped in silence: what cannot be read stays in the list, with the reason.

mod block;
mod buffer;
mod bytes;
mod collect;
mod container;
mod cut;
mod entries;
pub mod follow;
mod identity;
mod live;
mod open;
mod own;
mod parts;
mod positioned;
mod reader;
mod sniff;
mod traces;
mod utf16;
mod wake;
mod writer;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub(crate) use block::CONTEXT_BYTES;
pub use block::{BLOCK_BYTES, Block, Piece};
pub use buffer::ReadBuffer;
pub(crate) use bytes::{line_end_behind, line_start_before};
pub use collect::{Selection, collect};
pub(crate) use container::{
    Context, Helpers, Job, Member, Memory, Stream, Visitor, Work, is_fault, is_refusal,
    packed_archive, walk, walk_file,
};
pub use container::{Limits, open_text};
#[cfg(test)]
pub(crate) use cut::Cutter;
pub(crate) use entries::{is_name, value_bytes};
pub(crate) use identity::{Identity, TextId};
pub(crate) use live::{Fed, LiveStdin};
pub(crate) use open::{Opened, file_identity, open};
pub use own::{DRAFT_PREFIX, Own, OwnFiles, is_same_file, place};
pub(crate) use parts::{DOCKER_OPENING, MAX_LINES_BETWEEN, cri, part, whole_end};
pub(crate) use positioned::{Extent, Positioned};
pub use reader::{BlockReader, Fill};
pub use traces::Traces;
pub use utf16::decode_utf16;
pub use wake::Wake;
pub(crate) use writer::container;

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// Something to read.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// How it is named in results.
    pub path: String,
    /// Where it is read from.
    pub source: Source,
    /// Its length in bytes, where it is a regular file.
    pub size: Option<u64>,
    /// When it was written last; now, for a stream.
    pub time: Timestamp,
}

/// Where an input is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file by its path.
    File(PathBuf),
    /// Nothing: the reason why, where it failed.
    Failed(String),
    /// Nothing: the path of the input that is the same file.
    Duplicate(String),
}

/// What is read, in the order given.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// All inputs, the failed ones too.
    pub specs: Vec<InputSpec>,
    /// How much is read of those that are compressed or archives.
    pub limits: Limits,
    /// What is counted once though it is there more than once.
    pub dedup: Dedup,
    /// The files of one's own that were found in folders, and are not read.
    pub passed_over: Vec<String>,
}

/// What is counted once though it is there more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dedup {
    /// The same file reached twice, and a file beside its own compressed copy.
    #[default]
    Copies,
    /// All texts that are equal by their identity.
    Content,
    /// Nothing.
    None,
}

/// What the names of compressed files end with, where the rest is the name of what was compressed.
const COMPRESSED_ENDS: [&str; 5] = [".gz", ".zst", ".xz", ".bz2", ".lz4"];

/// The names of a file's compressed copies, and of the file of which `name` is one.
pub(crate) fn names_of_copies(name: &str) -> impl Iterator<Item = String> {
    let ends = COMPRESSED_ENDS.iter();
    let original = ends.filter_map(|end| name.strip_suffix(end).map(str::to_owned));
    let copies = COMPRESSED_ENDS
        .iter()
        .map(move |end| format!("{name}{end}"));
    original.chain(copies)
}

/// The path of the file of which the one at `path` is a compressed copy, by its name.
pub(crate) fn name_of_original(path: &Path) -> Option<&Path> {
    let path = path.as_os_str().as_bytes();
    let mut ends = COMPRESSED_ENDS.iter();
    let original = ends.find_map(|end| path.strip_suffix(end.as_bytes()))?;
    Some(Path::new(OsStr::from_bytes(original)))
}

impl Inputs {
    /// How many bytes will be read; `None` where a stream is among the inputs.
    pub fn total_bytes(&self) -> Option<u64> {
        let readable = self.specs.iter().filter(|spec| spec.is_readable());
        readable.map(|spec| spec.size).sum()
    }

    /// How many inputs there are.
    pub fn len(&self) -> usize {
        self.specs.len()
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.specs.is_empty()
    }

    /// The inputs that cannot be read, with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.specs.iter().filter_map(|spec| match &spec.source {
            Source::Failed(reason) => Some((spec.path.as_str(), reason.as_str())),
            _ => None,
        })
    }
}

impl InputSpec {
    /// Whether there is something to read.
    pub fn is_readable(&self) -> bool {
        matches!(self.source, Source::Stdin | Source::File(_))
    }
}
