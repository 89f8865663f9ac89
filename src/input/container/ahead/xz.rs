//! Blocks of xz data that state their lengths, as multi-threaded encoders write them.
//!
//! A block is decompressed as a stream of its own: behind the header of its stream, with an index
//! of one block after it. The index of the whole stream is compared with what was seen of the
//! blocks, in the order in which the library does it; only sums and a hash of that are kept.
//! The format: <https://tukaani.org/xz/xz-file-format.txt>.

use std::io::{self, Read};

use flate2::Crc;
use xxhash_rust::xxh3::Xxh3;

use super::{Helpers, Need, Parts, Stretch};
use crate::input::container::Context;
use crate::input::container::fault::{cut_short, damaged, refused};
use crate::input::container::source::Source;
use crate::input::container::xz::Xz;
use crate::wording::reasons;

const MAGIC: &[u8] = b"\xfd7zXZ\0";
const FOOTER_MAGIC: &[u8] = b"YZ";

/// The length of a stream's header and of its footer, in bytes.
const HEADER_BYTES: usize = 12;

/// The longest header of a block, in bytes.
const MOST_BLOCK_HEADER_BYTES: usize = 1024;

/// Lengths of checks by their numbers, in bytes.
const CHECK_BYTES: [u64; 16] = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/// What decompressing holds beside the dictionary, in bytes.
const MEMORY_BYTES: u64 = 256 * 1024;

/// The longest block that is read ahead, in bytes of its data.
const MOST_BLOCK_BYTES: u64 = 32 * 1024 * 1024;

/// The longest number of the format: its bytes have seven bits each.
const MOST_NUMBER_BYTES: usize = 9;

/// The blocks of streams in a row.
pub(in crate::input::container) struct XzBlocks {
    /// The stream that is being read.
    stream: Option<StreamState>,
}

struct StreamState {
    header: [u8; HEADER_BYTES],
    /// What the index must say.
    records: Records,
}

/// What is seen of blocks, or said of them.
#[derive(Default)]
struct Records {
    count: u64,
    /// The lengths of all blocks, of all texts, and of the records themselves.
    blocks: u64,
    texts: u64,
    len: u64,
    hash: Xxh3,
}

/// What the header of a block says.
struct Block {
    header_len: u64,
    /// The lengths of its data and of its text, if they are stated.
    lens: Option<(u64, u64)>,
    /// The length of the dictionary, if it has no other filters.
    dictionary: Option<u64>,
}

impl Parts for XzBlocks {
    type Codec = Xz;

    fn new(_: &Context, _: &Helpers) -> Option<Self> {
        Some(XzBlocks { stream: None })
    }

    fn next<R: Read>(&mut self, source: &mut Source<R>) -> io::Result<Option<Stretch>> {
        loop {
            let at = source.position();
            let Some(stream) = &mut self.stream else {
                let head = source.peek(HEADER_BYTES + MOST_BLOCK_HEADER_BYTES)?;
                if head.is_empty() {
                    return Ok(None);
                }
                self.stream = StreamState::new(head);
                if self.stream.is_none() {
                    return Ok(Some(Stretch::rest(Vec::new(), at)));
                }
                source.advance(HEADER_BYTES);
                continue;
            };
            let head = source.peek(MOST_BLOCK_HEADER_BYTES)?;
            if head.first() == Some(&0) {
                stream.check_index(source)?;
                self.stream = None;
                continue;
            }
            let header = stream.header.to_vec();
            let before = at - HEADER_BYTES as u64;
            return Ok(Some(match Block::read(head) {
                Some(block) => stream.stretch(&block, before)?,
                // What is wrong with it the decoder tells.
                None => Stretch::rest(header, before),
            }));
        }
    }

    fn codec(context: &Context) -> io::Result<Xz> {
        Xz::new(context)
    }
}

impl StreamState {
    /// The stream that begins with `head`, if its blocks state their lengths.
    fn new(head: &[u8]) -> Option<Self> {
        let (header, blocks) = head.split_first_chunk::<HEADER_BYTES>()?;
        let (magic, flags) = header.split_at(MAGIC.len());
        let is_sound = magic == MAGIC
            && flags[0] == 0
            && usize::from(flags[1]) < CHECK_BYTES.len()
            && flags[2..] == crc(&flags[..2]);
        Block::read(blocks)
            .filter(|block| is_sound && block.lens.is_some())
            .map(|_| StreamState {
                header: *header,
                records: Records::default(),
            })
    }

    /// The block whose stream's header is taken to begin at `offset`, right before it.
    fn stretch(&mut self, block: &Block, offset: u64) -> io::Result<Stretch> {
        let Some((data, text)) = block.lens else {
            return Err(refused(reasons::xz_lengths()));
        };
        let check = CHECK_BYTES[usize::from(self.header[7])];
        let unpadded = block.header_len.saturating_add(data) + check;
        let record = self.records.add(unpadded, text);
        let can_be_ahead = data <= MOST_BLOCK_BYTES;
        Ok(Stretch {
            front: self.header.to_vec(),
            offset,
            left: block.header_len + data.next_multiple_of(4) + check,
            back: self.ending(&record),
            need: block
                .dictionary
                .filter(|_| can_be_ahead)
                .map(|dictionary| Need {
                    text,
                    memory: dictionary.saturating_add(MEMORY_BYTES),
                }),
        })
    }

    /// The index of a stream of one block, and its footer.
    fn ending(&self, record: &[u8]) -> Vec<u8> {
        let mut ending = [&[0, 1], record].concat();
        ending.resize(ending.len().next_multiple_of(4), 0);
        ending.extend(crc(&ending));
        let footer = self.footer(ending.len() as u64);
        ending.extend(footer);
        ending
    }

    /// The footer behind an index of this length.
    fn footer(&self, index_len: u64) -> Vec<u8> {
        let blocks = u32::try_from(index_len / 4 - 1).unwrap_or(u32::MAX);
        let fields = [&blocks.to_le_bytes(), &self.header[6..8]].concat();
        [&crc(&fields), &fields[..], FOOTER_MAGIC].concat()
    }

    /// Reads the index and the footer, which must be those of the blocks that were read.
    fn check_index(&self, source: &mut Source<impl Read>) -> io::Result<()> {
        let mut index = Index {
            source,
            crc: Crc::new(),
            len: 0,
        };
        index.expect(&[0])?;
        if index.number()? != self.records.count {
            return Err(index.wrong());
        }
        let mut records = Records::default();
        for _ in 0..self.records.count {
            let (unpadded, text) = (index.number()?, index.number()?);
            records.add(unpadded, text);
            if records.exceed(&self.records) {
                return Err(index.wrong());
            }
        }
        let padding = index.len.next_multiple_of(4) - index.len;
        index.expect(&[0; 3][..usize::try_from(padding).unwrap_or_default()])?;
        if records.hash.digest128() != self.records.hash.digest128() {
            return Err(index.wrong());
        }
        let sum = index.crc.sum();
        index.expect(&sum.to_le_bytes())?;
        let footer = self.footer(index.len);
        let mut found = Vec::new();
        for _ in 0..HEADER_BYTES {
            found.push(index.byte()?);
        }
        match found == footer {
            true => Ok(()),
            false => Err(index.wrong()),
        }
    }
}

impl Records {
    /// Adds a block; returns its record.
    fn add(&mut self, unpadded: u64, text: u64) -> Vec<u8> {
        let record = [number(unpadded), number(text)].concat();
        self.count += 1;
        self.blocks = self.blocks.saturating_add(unpadded.div_ceil(4) * 4);
        self.texts = self.texts.saturating_add(text);
        self.len += record.len() as u64;
        self.hash.update(&record);
        record
    }

    /// Whether they are more than all of the others.
    fn exceed(&self, all: &Records) -> bool {
        self.blocks > all.blocks || self.texts > all.texts || self.len > all.len
    }
}

/// The end of a stream, byte by byte.
struct Index<'s, R> {
    source: &'s mut Source<R>,
    crc: Crc,
    len: u64,
}

impl<R: Read> Index<'_, R> {
    fn byte(&mut self) -> io::Result<u8> {
        let at = self.source.position();
        let &byte = self
            .source
            .fill()?
            .first()
            .ok_or_else(|| cut_short("xz", at))?;
        self.source.advance(1);
        self.crc.update(&[byte]);
        self.len += 1;
        Ok(byte)
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for place in 0..MOST_NUMBER_BYTES {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << (7 * place);
            // The shortest form is the only one.
            match byte {
                0 if place > 0 => return Err(self.wrong()),
                ..0x80 => return Ok(value),
                _ => {}
            }
        }
        Err(self.wrong())
    }

    fn expect(&mut self, bytes: &[u8]) -> io::Result<()> {
        for &expected in bytes {
            if self.byte()? != expected {
                return Err(self.wrong());
            }
        }
        Ok(())
    }

    fn wrong(&self) -> io::Error {
        let what = liblzma::stream::Error::Data.to_string();
        damaged("xz", self.source.position(), &what)
    }
}

impl Block {
    /// Reads the header of a block, if it is sound.
    fn read(head: &[u8]) -> Option<Block> {
        // An index begins with zero.
        let &size = head.first().filter(|&&size| size > 0)?;
        let len = (usize::from(size) + 1) * 4;
        let (fields, sum) = head.get(..len)?.split_at(len - 4);
        if sum != crc(fields) {
            return None;
        }
        let flags = fields[1];
        let mut rest = &fields[2..];
        let mut stated = |bit: u8| match flags & bit {
            0 => Some(None),
            _ => take_number(&mut rest).map(Some),
        };
        let (data, text) = (stated(0x40)?, stated(0x80)?);
        // One filter, LZMA2, with one byte of properties.
        let dictionary = match (flags & 0b11, rest) {
            (0, [0x21, 1, bits @ 0..=39, ..]) => {
                Some((2 | u64::from(bits & 1)) << (u32::from(bits / 2) + 11))
            }
            _ => None,
        };
        Some(Block {
            header_len: len as u64,
            lens: data.zip(text),
            dictionary,
        })
    }
}

fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

/// A number as the format writes it: seven bits a byte, the lowest first.
fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MOST_NUMBER_BYTES);
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for place in 0..MOST_NUMBER_BYTES {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
