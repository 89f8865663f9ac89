//! Compressed files: what they hold, as a stream of text.
//!
//! Formats are told by content. Memory is set aside before it is taken, so a file that asks for
//! more than there may be is refused, and says what it asks for. What is damaged is read up to the
//! damage, and the error says where that is.

mod ahead;
mod bzip2;
mod decoder;
mod fault;
mod gzip;
mod lz4;
mod memory;
mod source;
mod tar;
mod walk;
mod xz;
mod zip;
mod zstd;

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ahead::{Bgzf, LEAST_BGZF_BYTES, XzBlocks, ZstdFrames, is_bgzf, read_ahead};
pub(crate) use ahead::{Helpers, Work};
use decoder::Decoder;
use fault::stopped;
pub(crate) use fault::{is_fault, is_refusal, refused};
pub(crate) use memory::Memory;
use memory::{Account, Reserved};
use source::{BUFFER_BYTES, Source};
pub(crate) use tar::is_tar;
pub use walk::open_text;
pub(crate) use walk::{Job, Member, Stream, Visitor, packed_archive, text_in, walk, walk_file};
pub(crate) use zstd::skippable_len;

use crate::wording::reasons;

/// How one text is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Lz4,
}

impl Compression {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Xz => "xz",
            Compression::Bzip2 => "bzip2",
            Compression::Lz4 => "lz4",
        }
    }
}

/// How files are put together into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Tar,
    Zip,
}

impl Archive {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Archive::Tar => "tar",
            Archive::Zip => "zip",
        }
    }
}

/// How much is read of what is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The memory a scan may take, in bytes.
    pub max_memory: u64,
    /// How much may come out of one file by decompressing it, in bytes.
    pub max_decompressed: u64,
    /// How deep archives, or compressed files, may lie within each other.
    pub max_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_memory: 256 * 1024 * 1024,
            max_decompressed: 1 << 40,
            max_depth: 4,
        }
    }
}

/// What the decoders of one input share.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    limits: Arc<Limits>,
    account: Account,
    decompressed: Arc<AtomicU64>,
    remarks: Arc<Mutex<Vec<String>>>,
    helpers: Option<Helpers>,
}

impl Context {
    /// For one more input.
    pub(crate) fn new(limits: &Arc<Limits>, memory: &Memory) -> Self {
        Context {
            limits: Arc::clone(limits),
            account: memory.account(),
            decompressed: Arc::default(),
            remarks: Arc::default(),
            helpers: None,
        }
    }

    /// The same with threads that decompress ahead where they are idle.
    pub(crate) fn helped(self, helpers: Helpers) -> Self {
        Context {
            helpers: Some(helpers).filter(|_| self.may_divide()),
            ..self
        }
    }

    /// The same for what is decompressed ahead, whose memory is set aside already.
    fn paid(&self) -> Self {
        Context {
            account: Account::paid(),
            helpers: None,
            ..self.clone()
        }
    }

    /// For an input that is read by itself, with the limits that hold where none are given.
    #[cfg(test)]
    pub(crate) fn alone() -> Self {
        let limits = Limits::default();
        let memory = Memory::new(limits.max_memory, 1);
        Context::new(&Arc::new(limits), &memory)
    }

    /// For a part of the same input that is read beside the others.
    pub(crate) fn for_part(&self, memory: &Memory) -> Self {
        Context {
            account: memory.account(),
            remarks: Arc::default(),
            helpers: self.helpers.clone().map(Helpers::without_turn),
            ..self.clone()
        }
    }

    /// Whether parts may be read beside each other: which of them meets a limit that is so high
    /// that it guards against bombs alone does not matter, for any lower one it does.
    pub(crate) fn may_divide(&self) -> bool {
        self.limits.max_decompressed >= Limits::default().max_decompressed
    }

    /// What there is to remark since this was asked last.
    pub(crate) fn take_remarks(&self) -> Vec<String> {
        std::mem::take(&mut self.remarks.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds what a reader of the numbers must know.
    pub(crate) fn remark(&self, text: String) {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        remarks.push(text);
    }

    /// Sets memory aside for a decoder, and for the buffer it reads from.
    fn reserve(&self, format: &str, bytes: u64) -> io::Result<Reserved> {
        self.account.reserve(format, bytes + BUFFER_BYTES as u64)
    }

    /// How many of `len` more bytes may come out.
    fn allow(&self, len: usize) -> usize {
        let most = self.limits.max_decompressed;
        let before = self.decompressed.fetch_add(len as u64, Ordering::Relaxed);
        usize::try_from(most.saturating_sub(before)).map_or(len, |rest| rest.min(len))
    }

    /// The error of what comes out beyond the limit.
    fn beyond_limit(&self) -> io::Error {
        let most = self.limits.max_decompressed;
        stopped(reasons::too_much_text(most))
    }

    /// The error of a layer that lies too deep.
    pub(crate) fn too_deep(&self) -> io::Error {
        let most = self.limits.max_depth;
        refused(reasons::too_deep(most))
    }

    /// How deep layers may lie.
    pub(crate) fn max_depth(&self) -> usize {
        self.limits.max_depth
    }
}

/// The text that `reader` holds compressed.
///
/// # Errors
///
/// Returns why it cannot be read at all. What is damaged shows while it is read.
pub(crate) fn decompress<'r, R: Read + Send + 'r>(
    compression: Compression,
    reader: R,
    context: &Context,
) -> io::Result<Box<dyn Read + Send + 'r>> {
    let mut source = Source::new(reader);
    let Some(helpers) = context.helpers.clone() else {
        return in_order(compression, source, context);
    };
    let text = match compression {
        Compression::Gzip if source.peek(LEAST_BGZF_BYTES).is_ok_and(is_bgzf) => {
            read_ahead::<Bgzf, R>(source, helpers, context)
        }
        Compression::Zstd => read_ahead::<ZstdFrames, R>(source, helpers, context),
        Compression::Xz => read_ahead::<XzBlocks, R>(source, helpers, context),
        Compression::Gzip | Compression::Bzip2 | Compression::Lz4 => Err(source),
    };
    text.or_else(|source| in_order(compression, source, context))
}

/// The same from the beginning to the end.
fn in_order<'r, R: Read + Send + 'r>(
    compression: Compression,
    source: Source<R>,
    context: &Context,
) -> io::Result<Box<dyn Read + Send + 'r>> {
    let own = context.clone();
    Ok(match compression {
        Compression::Gzip => Box::new(Decoder::over(source, gzip::Gzip::new(context)?, own)),
        Compression::Zstd => Box::new(Decoder::over(source, zstd::Zstd::new()?, own)),
        Compression::Xz => Box::new(Decoder::over(source, xz::Xz::new(context)?, own)),
        Compression::Bzip2 => Box::new(Decoder::over(source, bzip2::Bzip2::new(context)?, own)),
        Compression::Lz4 => Box::new(lz4::Lz4::new(source, own)),
    })
}
