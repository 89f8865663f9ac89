//! zstd (RFC 8878): frames in a row, among them frames to be skipped.
//!
//! The window is read from the frame's header before the library sees it, so that what it takes
//! is known before it is taken. The library is fed block by block, as it asks: where one is
//! damaged, the text of those before it has been given.

use std::io;

use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

use super::Context;
use super::decoder::{Codec, Next, State, Step};
use super::fault::refused;
use super::memory::Reserved;
use crate::wording::reasons;

pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The length of a skippable frame's header: its magic and the length of the rest.
const SKIPPABLE_HEADER_BYTES: u64 = 8;

/// What decompressing holds beside the window: a block before and after, one that is looked at,
/// and tables; in bytes.
pub(super) const MEMORY_BYTES: u64 = 832 * 1024;

/// The longest block, and the header in front of each, in bytes.
const MOST_BLOCK_BYTES: usize = 128 * 1024;
const BLOCK_HEADER_BYTES: usize = 3;

/// What the library says of a block that holds more text than there is room for, and of any that
/// cannot be.
const TOO_MUCH_TEXT: &str = "Destination buffer is too small";
const DAMAGED: &str = "Data corruption detected";

/// How much of a frame the library must see to go on.
const FIRST_BYTES: usize = 5;

/// The binary logarithm of the greatest window the library has; the memory decides before that.
const WINDOW_LOG_MAX: u32 = 31;

pub(super) struct Zstd {
    decoder: Decoder<'static>,
    /// How much the library asks for at a time.
    hint: usize,
    /// Whether there was no room for all the text of the last block.
    may_hold_text: bool,
    memory: Option<Reserved>,
}

impl Zstd {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Zstd {
            decoder: new_decoder()?,
            hint: FIRST_BYTES,
            may_hold_text: false,
            memory: None,
        })
    }
}

fn new_decoder() -> io::Result<Decoder<'static>> {
    let mut decoder = Decoder::new()?;
    decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX))?;
    Ok(decoder)
}

impl Codec for Zstd {
    const FORMAT: &'static str = "zstd";
    const MAY_TRAIL: bool = false;

    fn begin(&mut self, head: &[u8], context: &Context) -> io::Result<Next> {
        if let Some(len) = skippable_len(head) {
            return Ok(Next::Skip(len));
        }
        if !head.starts_with(&MAGIC) {
            return Ok(Next::Foreign);
        }
        let Some(header) = Header::read(&head[MAGIC.len()..]) else {
            return Ok(Next::Broken(reasons::damage::header_cut_short()));
        };
        if let Some(id) = header.dictionary {
            return Err(refused(reasons::zstd_dictionary(id)));
        }
        self.hint = FIRST_BYTES;
        self.may_hold_text = false;
        self.hold(header.window_bytes, context)?;
        Ok(Next::Frame)
    }

    fn wanted(&self) -> usize {
        // A block, of which the library can make nothing before all of it is there. What it asks
        // for holds the header of the next block too, which may be late.
        let block = self.hint.saturating_sub(BLOCK_HEADER_BYTES);
        block.clamp(1, MOST_BLOCK_BYTES)
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        // What follows may be damaged, and with a fault the library says nothing of the text that it
        // has just written: so the text that it holds comes alone.
        if self.may_hold_text {
            let held = self.run(&[], out);
            if held.given > 0 {
                return held;
            }
        }
        self.run(&input[..input.len().min(self.hint)], out)
    }
}

impl Zstd {
    fn run(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        let room = out.len();
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(out);
        let done = self.decoder.run(&mut from, &mut to);
        self.may_hold_text = to.pos() == room;
        let state = match done {
            Ok(0) => State::Ended,
            Ok(hint) => {
                self.hint = hint;
                State::Within
            }
            // How the library puts it may depend on how much it was to write.
            Err(error) => State::Damaged(error.to_string().replace(TOO_MUCH_TEXT, DAMAGED)),
        };
        Step {
            taken: from.pos(),
            given: to.pos(),
            state,
        }
    }

    /// Sets aside what a frame with this window takes. The library keeps its greatest window for
    /// the frames that follow, so that is given back with it.
    fn hold(&mut self, window_bytes: u64, context: &Context) -> io::Result<()> {
        let wanted = window_bytes.saturating_add(MEMORY_BYTES);
        if self
            .memory
            .as_ref()
            .is_some_and(|held| held.bytes() >= wanted)
        {
            return Ok(());
        }
        if self.memory.take().is_some() {
            self.decoder = new_decoder()?;
        }
        self.memory = Some(context.reserve(Self::FORMAT, wanted)?);
        Ok(())
    }
}

/// The length of the skippable frame that begins with `head`, its header included.
pub(crate) fn skippable_len(head: &[u8]) -> Option<u64> {
    let (magic, rest) = head.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*magic) & !0xf != 0x184d_2a50 {
        return None;
    }
    let len = rest.first_chunk().copied().map(u32::from_le_bytes);
    Some(SKIPPABLE_HEADER_BYTES + u64::from(len.unwrap_or_default()))
}

/// What a frame's header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) window_bytes: u64,
    pub(super) dictionary: Option<u32>,
    /// The length of the text, where it is stated.
    pub(super) content_bytes: Option<u64>,
    /// Whether a checksum follows the last block.
    pub(super) has_checksum: bool,
    /// The length of the header itself, its magic not included.
    pub(super) len: usize,
}

impl Header {
    /// Reads what follows the magic.
    pub(super) fn read(head: &[u8]) -> Option<Header> {
        let (&descriptor, mut rest) = head.split_first()?;
        let is_single = descriptor & 0b10_0000 != 0;
        let mut window_bytes = 0;
        if !is_single {
            let (&window, after) = rest.split_first()?;
            let base = 1_u64 << (10 + u32::from(window >> 3));
            window_bytes = base + base / 8 * u64::from(window & 0b111);
            rest = after;
        }
        let dictionary_len = [0, 1, 2, 4][usize::from(descriptor & 0b11)];
        let (dictionary, rest) = rest.split_at_checked(dictionary_len)?;
        let content_len = match descriptor >> 6 {
            0 => usize::from(is_single),
            more => [0, 2, 4, 8][usize::from(more)],
        };
        // Two bytes begin to count where one byte ends.
        let content_bytes = little_endian(rest.get(..content_len)?)
            .saturating_add(if content_len == 2 { 256 } else { 0 });
        if is_single {
            window_bytes = content_bytes;
        }
        let dictionary = u32::try_from(little_endian(dictionary)).ok();
        Some(Header {
            window_bytes,
            dictionary: dictionary.filter(|&id| id != 0),
            content_bytes: (content_len > 0).then_some(content_bytes),
            has_checksum: descriptor & 0b100 != 0,
            len: head.len() - rest.len() + content_len,
        })
    }
}

fn little_endian(bytes: &[u8]) -> u64 {
    let digits = bytes.iter().rev();
    digits.fold(0, |number, &byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_read_from_every_kind_of_header() {
        let header = |bytes: &[u8]| {
            Header::read(bytes).map(|header| (header.window_bytes, header.dictionary))
        };

        assert_eq!(header(&[0, 0b1000_1000]), Some((1 << 27, None)));
        assert_eq!(
            header(&[0, 0b0101_1001]),
            Some(((1 << 21) + (1 << 18), None))
        );
        assert_eq!(header(&[0b10_0000, 7]), Some((7, None)));
        assert_eq!(header(&[0b0110_0000, 1, 0]), Some((257, None)));
        assert_eq!(header(&[0b01, 0, 9]), Some((1024, Some(9))));
        assert_eq!(header(&[0b1110_0000, 1, 2]), None);
    }
}
