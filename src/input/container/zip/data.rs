//! The text of a member, which must have the length and the checksum that are stated.

use std::io::{self, Read};

use flate2::{Crc, Decompress};

use super::local::Local;
use crate::input::container::bzip2::Bzip2;
use crate::input::container::decoder::{Codec, Decoder, Next, Step};
use crate::input::container::fault::{cut_short, damaged, refused};
use crate::input::container::gzip::{MEMORY_BYTES, inflate};
use crate::input::container::memory::Reserved;
use crate::input::container::source::Source;
use crate::input::container::xz::Xz;
use crate::input::container::zstd::Zstd;
use crate::input::container::{Context, Stream};
use crate::wording::reasons::{self, damage};

/// Methods of compression, by the numbers that the format gives them.
pub(super) const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BZIP2: u16 = 12;
const ZSTD: u16 = 93;
const XZ: u16 = 95;

/// The names of methods that are not read.
const FOREIGN: [(u16, &str); 6] = [
    (1, "shrink"),
    (6, "implode"),
    (9, "deflate64"),
    (14, "lzma"),
    (98, "ppmd"),
    (99, "encryption"),
];

/// The magic of what describes a member behind its data; it may be missing.
const DESCRIPTOR_MAGIC: &[u8] = b"PK\x07\x08";

/// The longest descriptor, in bytes.
const DESCRIPTOR_BYTES: usize = 24;

/// deflate data without a header.
struct Deflate {
    member: Decompress,
    _memory: Reserved,
}

impl Deflate {
    fn new(context: &Context) -> io::Result<Self> {
        Ok(Deflate {
            member: Decompress::new(false),
            _memory: context.reserve(Self::FORMAT, MEMORY_BYTES)?,
        })
    }
}

impl Codec for Deflate {
    const FORMAT: &'static str = "zip";
    const MAY_TRAIL: bool = false;

    fn begin(&mut self, _: &[u8], _: &Context) -> io::Result<Next> {
        Ok(Next::Frame)
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        inflate(&mut self.member, input, out)
    }
}

/// The text of a member whose data are of a known length; `reader` begins with them, which is `at`
/// this byte of the archive.
pub(super) fn text_of<'r, R: Read + Send + 'r>(
    local: &Local,
    reader: R,
    at: u64,
    context: &Context,
) -> io::Result<Stream<'r>> {
    let source = Source::at(reader.take(local.stored), at);
    let own = context.clone();
    let text: Stream = match local.method {
        STORED => Box::new(source),
        DEFLATED => Box::new(Decoder::single(source, Deflate::new(context)?, own)),
        BZIP2 => Box::new(Decoder::over(source, Bzip2::new(context)?, own)),
        ZSTD => Box::new(Decoder::over(source, Zstd::new()?, own)),
        XZ => Box::new(Decoder::over(source, Xz::new(context)?, own)),
        method => return Err(unknown(method)),
    };
    Ok(Box::new(Checked {
        text,
        sum: Sum::default(),
        checksum: local.checksum,
        size: local.size,
        at,
    }))
}

/// The text of a member whose data say themselves where they end, and are described behind that.
pub(super) fn text_before_descriptor<'r, R: Read + Send + 'r>(
    local: &Local,
    source: &'r mut Source<R>,
    context: &Context,
) -> io::Result<Stream<'r>> {
    let own = context.clone();
    Ok(match local.method {
        DEFLATED => described(Decoder::single(source, Deflate::new(context)?, own)),
        BZIP2 => described(Decoder::single(source, Bzip2::new(context)?, own)),
        ZSTD => described(Decoder::single(source, Zstd::new()?, own)),
        XZ => described(Decoder::single(source, Xz::new(context)?, own)),
        STORED => {
            return Err(refused(reasons::length_behind()));
        }
        method => return Err(unknown(method)),
    })
}

fn unknown(method: u16) -> io::Error {
    let name = FOREIGN.iter().find(|(number, _)| *number == method);
    refused(match name {
        Some((_, name)) => reasons::zip_method_named(method, name),
        None => reasons::zip_method(method),
    })
}

/// What was read so far.
#[derive(Default)]
struct Sum {
    crc: Crc,
    len: u64,
}

impl Sum {
    fn add(&mut self, text: &[u8]) {
        self.crc.update(text);
        self.len += text.len() as u64;
    }

    fn check(&self, checksum: u32, size: u64, at: u64) -> io::Result<()> {
        if self.len < size && self.crc.sum() != checksum {
            return Err(cut_short("zip", at));
        }
        if self.crc.sum() != checksum {
            return Err(damaged("zip", at, &damage::member_checksum()));
        }
        match self.len == size {
            true => Ok(()),
            false => Err(damaged("zip", at, &damage::member_length())),
        }
    }
}

/// A text whose length and checksum are known.
struct Checked<'r> {
    text: Stream<'r>,
    sum: Sum,
    checksum: u32,
    size: u64,
    /// Where its data begin.
    at: u64,
}

impl Read for Checked<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(out)?;
        self.sum.add(&out[..read]);
        if read == 0 && !out.is_empty() {
            self.sum.check(self.checksum, self.size, self.at)?;
        }
        Ok(read)
    }
}

fn described<'r, C: Codec + Send + 'r, R: Read + Send + 'r>(
    text: Decoder<C, R, &'r mut Source<R>>,
) -> Stream<'r> {
    Box::new(Described {
        text,
        sum: Sum::default(),
        is_over: false,
    })
}

/// A text whose length and checksum follow it.
struct Described<'r, C, R> {
    text: Decoder<C, R, &'r mut Source<R>>,
    sum: Sum,
    is_over: bool,
}

impl<C: Codec, R: Read> Read for Described<'_, C, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.is_over || out.is_empty() {
            return Ok(0);
        }
        let read = self.text.read(out)?;
        self.sum.add(&out[..read]);
        if read == 0 {
            self.is_over = true;
            check_descriptor(self.text.source(), &self.sum)?;
        }
        Ok(read)
    }
}

/// Reads the descriptor and checks `sum` against it. Its sizes have 32 or 64 bits, which nothing
/// but their values tells.
fn check_descriptor<R: Read>(source: &mut Source<R>, sum: &Sum) -> io::Result<()> {
    let at = source.position();
    let head = source.peek(DESCRIPTOR_BYTES)?;
    let magic = match head.starts_with(DESCRIPTOR_MAGIC) {
        true => DESCRIPTOR_MAGIC.len(),
        false => 0,
    };
    let number = |at: usize, len: usize| {
        let bytes = head.get(magic + at..magic + at + len)?;
        let digits = bytes.iter().rev();
        Some(digits.fold(0, |number, &byte| number << 8 | u64::from(byte)))
    };
    let Some(checksum) = number(0, 4).and_then(|number| u32::try_from(number).ok()) else {
        return Err(cut_short("zip", at + head.len() as u64));
    };
    let low = sum.len & 0xffff_ffff;
    let (size, len) = match (number(8, 4), number(12, 8)) {
        (Some(size), _) if size == low => (sum.len, 12),
        (_, Some(size)) if size == sum.len => (size, 20),
        (Some(size), _) => (size, 12),
        _ => return Err(cut_short("zip", at + head.len() as u64)),
    };
    source.advance(magic + len);
    sum.check(checksum, size, at)
}
