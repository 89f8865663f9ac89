//! Opens an input and finds out how it can be read: in parts at once, or from its beginning to its end.

use std::fs::{File, Metadata};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::container::Stream;
use super::identity::{EDGE_BYTES, TextId, identity};
use super::positioned::Extent;
use super::sniff::{Content, SNIFF_BYTES, may_become_mark, read_more, sniff};
use super::utf16::Utf16Reader;
use super::wake::{Wake, WakeableFile};
use super::{InputSpec, Source};
use crate::wording::reasons;

/// How much text may wait in a pipe, in bytes: the most that Linux gives to whoever asks (pipe(7)).
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1 << 20;

/// An input that was opened.
pub(crate) enum Opened {
    /// A regular file of plain text: its length and its identity.
    File { file: File, size: u64, id: TextId },
    /// A regular file of anything else: its length.
    Packed { file: File, size: u64 },
    /// Anything else, of which nobody knows how long it takes.
    Stream(WakeableFile),
}

/// Opens `spec`.
///
/// # Errors
///
/// Returns what the system says.
pub(crate) fn open(spec: &InputSpec, wake: &Wake) -> io::Result<Opened> {
    match &spec.source {
        Source::File(path) => open_file(path, wake),
        Source::Stdin if let Some(size) = spec.size => regular(stdin()?, size),
        Source::Stdin => Ok(stream(stdin()?, wake)),
        Source::Failed(reason) | Source::Duplicate(reason) => Err(io::Error::other(reason.clone())),
    }
}

/// What standard input is, where that is a regular file of which nothing was read: such a one is
/// opened like any other.
pub(super) fn file_at_stdin() -> Option<Metadata> {
    let mut file = stdin().ok()?;
    let metadata = file.metadata().ok()?;
    let is_whole = metadata.len() > 0 && file.stream_position().ok()? == 0;
    (metadata.is_file() && is_whole).then_some(metadata)
}

/// Standard input as a file.
///
/// # Errors
///
/// Returns what the system says.
pub(super) fn stdin() -> io::Result<File> {
    use std::os::fd::AsFd;
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    widen(&file);
    Ok(file)
}

/// Lets more text wait in a pipe, so that who writes to it and who reads it change less often: the
/// text of `cat` comes twice as fast.
///
/// That nobody may have so much, or that it is no pipe, makes no other difference.
#[cfg(target_os = "linux")]
fn widen(file: &File) {
    let _ = rustix::pipe::fcntl_setpipe_size(file, PIPE_BYTES);
}

#[cfg(not(target_os = "linux"))]
fn widen(_: &File) {}

fn open_file(path: &Path, wake: &Wake) -> io::Result<Opened> {
    // A pipe without a writer is opened at once: the wait is for its text, and can be woken.
    let file = File::options()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)?;
    let metadata = file.metadata()?;
    // A file of the system's own may say that it is empty and give text all the same.
    if !metadata.is_file() || metadata.len() == 0 {
        widen(&file);
        return Ok(stream(file, wake));
    }
    regular(file, metadata.len())
}

/// A regular file of this size, of which nothing was read.
fn regular(mut file: File, size: u64) -> io::Result<Opened> {
    if sniff(&read_at(&file, 0, SNIFF_BYTES)?) != Content::Plain {
        return Ok(Opened::Packed { file, size });
    }
    // Whoever goes on with the same standard input finds it read.
    let _ = file.seek(SeekFrom::Start(size));
    Ok(Opened::File {
        id: file_identity(&file, size)?,
        file,
        size,
    })
}

/// The identity of what a file of this size holds, as it is.
///
/// # Errors
///
/// Returns what the system says.
pub(crate) fn file_identity(file: &File, size: u64) -> io::Result<TextId> {
    let first = read_at(file, 0, EDGE_BYTES)?;
    let last = read_at(file, size.saturating_sub(EDGE_BYTES as u64), EDGE_BYTES)?;
    Ok(identity(size, &first, &last))
}

fn stream(file: File, wake: &Wake) -> Opened {
    Opened::Stream(WakeableFile {
        file,
        wake: wake.clone(),
    })
}

/// As much of the beginning of `source` as tells its content, without a wait for what most texts
/// never have: a tar is told only where its first part does.
pub(super) fn read_live_head(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    while may_become_mark(&head) && read_more(source, &mut head)? {}
    Ok(head)
}

/// The text of what begins with `head` and goes on with `rest`.
///
/// # Errors
///
/// Returns that it is compressed.
pub(super) fn decoded(
    head: Vec<u8>,
    rest: impl Read + Send + 'static,
) -> io::Result<Stream<'static>> {
    let content = sniff(&head);
    let whole = Cursor::new(head).chain(rest);
    match content {
        Content::Utf16(encoding) => Ok(Box::new(Utf16Reader::new(whole, encoding))),
        Content::Plain | Content::Export => Ok(Box::new(whole)),
        Content::Compressed(_) | Content::Archive(_) | Content::Foreign(_) => {
            let reason = reasons::packed_not_plain(content.name());
            Err(io::Error::new(io::ErrorKind::Unsupported, reason))
        }
    }
}

fn read_at(file: &File, offset: u64, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; most];
    let mut len = 0;
    while len < most {
        match file.read_at(&mut bytes[len..], offset + len as u64) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(len);
    Ok(bytes)
}

impl Opened {
    /// The input from its beginning to its end, as it is.
    pub(crate) fn into_stream(self) -> Stream<'static> {
        match self {
            Opened::File { file, size, .. } => Box::new(Extent::new(file, 0..size)),
            Opened::Packed { file, .. } => Box::new(file),
            Opened::Stream(stream) => Box::new(stream),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn more_text_waits_in_a_pipe_that_is_read() {
        use std::os::fd::OwnedFd;
        let (reader, _writer) = io::pipe().expect("there are files to be had");
        let file = File::from(OwnedFd::from(reader));
        let size = |file: &File| rustix::pipe::fcntl_getpipe_size(file).expect("it is a pipe");
        let before = size(&file);

        widen(&file);

        assert!(size(&file) > before, "{before}");
    }

    #[test]
    fn what_is_no_pipe_is_left_as_it_is() {
        let file = tempfile::tempfile().expect("there is room for a file");
        widen(&file);

        assert_eq!(read_at(&file, 0, 1).expect("it can be read"), b"");
    }
}
