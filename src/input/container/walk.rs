//! Takes the layers off an input and shows every text that lies beneath them.
//!
//! Nothing is passed over: what cannot be read is shown too, with the reason.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::fault::refused;
use super::tar::{walk_tar, walk_tar_file};
use super::zip::{walk_directory, walk_zip};
use super::{Archive, Context, Limits, Memory, decompress};
use crate::input::sniff::{Content, SNIFF_BYTES, is_undecided, read_more, sniff};
use crate::input::utf16::Utf16Reader;
use crate::wording::reasons;

/// A stream of bytes.
pub(crate) type Stream<'s> = Box<dyn Read + Send + 's>;

/// What a text is within its input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Member {
    /// What its path adds to the input's, such as `!var/log/app.log`; empty for the input itself.
    pub(crate) path: String,
    /// When it was written last, where the archive says so.
    pub(crate) time: Option<Timestamp>,
}

/// Shows a visitor a part of an input, on whatever thread.
pub(crate) type Job = Box<dyn FnOnce(&Context, &mut dyn Visitor) -> ControlFlow<()> + Send>;

/// Takes what an input holds, in order. It breaks where it wants no more.
pub(crate) trait Visitor {
    /// Takes a member that can be read apart from the others, now or later.
    fn part(&mut self, member: &Member, job: Job) -> ControlFlow<()>;

    /// Takes note that so many bytes of the input are done with, where it is read here and there.
    fn passed(&mut self, bytes: u64);

    /// Takes a text.
    fn text(&mut self, member: &Member, text: &mut dyn Read) -> ControlFlow<()>;

    /// Takes the reason why what is there could not be read, or not to its end.
    fn fault(&mut self, member: &Member, error: io::Error) -> ControlFlow<()>;
}

/// Shows `visitor` every text in `source`.
pub(crate) fn walk(
    source: Stream,
    context: &Context,
    visitor: &mut dyn Visitor,
) -> ControlFlow<()> {
    Layer::default().walk(source, context, visitor)
}

/// Shows `visitor` every text in a file of this size, in which can be gone back and forth; `source`
/// reads it from its beginning to its end.
pub(crate) fn walk_file(
    file: &Arc<File>,
    size: u64,
    source: Stream,
    context: &Context,
    visitor: &mut dyn Visitor,
) -> ControlFlow<()> {
    let mut head = [0; SNIFF_BYTES];
    let read = file.read_at(&mut head, 0).unwrap_or_default();
    let layer = Layer::default();
    match sniff(&head[..read]) {
        Content::Archive(Archive::Zip) => walk_directory(file, size, &layer, context, visitor),
        Content::Archive(Archive::Tar) => walk_tar_file(file, size, &layer, context, visitor),
        _ => layer.walk(source, context, visitor),
    }
}

/// The archive that `source` holds compressed, as bytes; `None` where it holds anything else.
pub(crate) fn packed_archive<'s>(source: Stream<'s>, context: &Context) -> Option<Stream<'s>> {
    let source = Sniffed::new(source);
    let Content::Compressed(compression) = source.content() else {
        return None;
    };
    let within = Sniffed::new(decompress(compression, source, context).ok()?);
    match within.content() {
        Content::Archive(_) => Some(Box::new(within)),
        _ => None,
    }
}

/// The text of the file at `path`: decompressed, and decoded where it is UTF-16.
///
/// # Errors
///
/// Returns what the system says, or that the file is an archive, which is no single text, or packed
/// in a way that is not read. What is damaged shows while the text is read.
pub fn open_text(path: &Path, limits: &Limits) -> io::Result<Box<dyn Read + Send>> {
    text_in(Box::new(File::open(path)?), limits)
}

/// The text that `source` holds beneath all compression, decoded where it is UTF-16.
///
/// # Errors
///
/// Returns that it is an archive, or packed in a way that is not read. What is damaged shows while
/// the text is read.
pub(crate) fn text_in(mut source: Stream<'static>, limits: &Limits) -> io::Result<Stream<'static>> {
    let memory = Memory::new(limits.max_memory, 1);
    let context = Context::new(&Arc::new(limits.clone()), &memory);
    for _ in 0..=limits.max_depth {
        let sniffed = Sniffed::new(source);
        source = match sniffed.content() {
            Content::Plain | Content::Export => return Ok(Box::new(sniffed)),
            Content::Utf16(encoding) => return Ok(Box::new(Utf16Reader::new(sniffed, encoding))),
            Content::Compressed(compression) => decompress(compression, sniffed, &context)?,
            content @ (Content::Archive(_) | Content::Foreign(_)) => {
                return Err(refused(reasons::packed_not_one_text(content.name())));
            }
        };
    }
    Err(context.too_deep())
}

/// Where the walk is.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    member: Member,
    /// How many archives it is in.
    archives: usize,
    /// How many compressions directly in each other were taken off.
    compressions: usize,
}

impl Layer {
    /// What is read here, as the visitor sees it.
    pub(super) fn member(&self) -> &Member {
        &self.member
    }

    /// The layer of the file with this name in the archive that is read here.
    pub(super) fn of_member(&self, name: &str, time: Option<Timestamp>) -> Layer {
        Layer {
            member: Member {
                path: format!("{}!{name}", self.member.path),
                time: time.or(self.member.time),
            },
            archives: self.archives + 1,
            compressions: 0,
        }
    }

    /// Shows `visitor` every text in `source`.
    pub(super) fn walk(
        &self,
        source: Stream,
        context: &Context,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<()> {
        let mut source = Sniffed::new(source);
        let content = source.content();
        let depth = match content {
            Content::Compressed(_) => self.compressions,
            Content::Archive(_) => self.archives,
            _ => 0,
        };
        if depth == context.max_depth() && depth > 0 {
            return visitor.fault(&self.member, context.too_deep());
        }
        match content {
            Content::Plain | Content::Export => visitor.text(&self.member, &mut source),
            Content::Utf16(encoding) => {
                visitor.text(&self.member, &mut Utf16Reader::new(source, encoding))
            }
            Content::Compressed(compression) => match decompress(compression, source, context) {
                Ok(text) => self.beneath().walk(text, context, visitor),
                Err(error) => visitor.fault(&self.member, error),
            },
            Content::Archive(Archive::Tar) => walk_tar(Box::new(source), self, context, visitor),
            Content::Archive(Archive::Zip) => walk_zip(Box::new(source), self, context, visitor),
            Content::Foreign(name) => visitor.fault(&self.member, unknown(name)),
        }
    }

    fn beneath(&self) -> Layer {
        Layer {
            compressions: self.compressions + 1,
            ..self.clone()
        }
    }
}

fn unknown(format: &str) -> io::Error {
    refused(reasons::packed_unknown(format))
}

/// A stream whose beginning was looked at, and is read again.
struct Sniffed<'s> {
    head: Cursor<Vec<u8>>,
    /// What went wrong behind the head.
    error: Option<io::Error>,
    rest: Stream<'s>,
}

impl<'s> Sniffed<'s> {
    /// Looks at what `source` begins with. Rarely more than one read, so that a stream that begins
    /// slowly is shown as it comes.
    fn new(mut source: Stream<'s>) -> Self {
        let mut head = Vec::with_capacity(SNIFF_BYTES);
        let mut error = None;
        while is_undecided(&head) {
            match read_more(&mut source, &mut head) {
                Ok(true) => {}
                Ok(false) => break,
                Err(met) => {
                    error = Some(met);
                    break;
                }
            }
        }
        Sniffed {
            head: Cursor::new(head),
            error,
            rest: source,
        }
    }

    fn content(&self) -> Content {
        sniff(self.head.get_ref())
    }
}

impl Read for Sniffed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.head.read(out)?;
        if read > 0 || out.is_empty() {
            return Ok(read);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, read::GzEncoder};

    #[test]
    fn the_text_of_a_file_is_the_same_compressed_and_not() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let text = "APIG.1002 错误\n".repeat(1_000);
        let mut packed = Vec::new();
        GzEncoder::new(text.as_bytes(), Compression::fast())
            .read_to_end(&mut packed)
            .expect("a text can be compressed");
        let wide: Vec<u8> = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();

        for content in [text.as_bytes(), &packed, &wide] {
            let path = folder.path().join("app.log");
            std::fs::write(&path, content).expect("a file can be written");
            let mut read = String::new();
            open_text(&path, &Limits::default())
                .and_then(|mut source| source.read_to_string(&mut read))
                .expect("the file is sound");
            assert_eq!(read, text);
        }
    }
}
