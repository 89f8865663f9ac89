//! What codes begin with: up to eight bytes, of which all digits are alike.
//!
//! With all digits alike a numeric family, which only four digits extend, is known by as many bytes as
//! a code. So few texts that hold a fragment, or begin like a code, are looked up.

use super::grams::{Gram, Grams};

/// So many bytes are looked at.
pub(super) const OPENING_BYTES: usize = 8;

/// Few wrong answers: each costs a look in the dictionary.
const BITS_PER_OPENING: usize = 64;

/// How many masks there are: few enough for the cache next to the core, and more than heads in most
/// catalogues.
const MASKS: usize = 512;

/// Tells whether a text may begin like a code.
#[derive(Clone, Debug)]
pub(super) struct Openings {
    /// A bit for each two bytes that they begin with.
    heads: Vec<u64>,
    /// Which bytes count behind a head, by its [`slot`]: as many as the shortest opening has that begins so.
    masks: Vec<u64>,
    grams: Grams,
}

impl Openings {
    /// Takes over the first bytes of each of `texts`, which have two or more.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Self {
        let mut heads = vec![0; (1 << u16::BITS) / u64::BITS as usize];
        let mut masks = vec![u64::MAX; MASKS];
        let mut openings: Vec<u64> = Vec::new();
        for text in texts {
            let bytes = first(text);
            let [head, next, ..] = bytes.to_le_bytes();
            let (word, bit) = place([head, next]);
            heads[word] |= 1 << bit;
            let opening = alike(bytes);
            masks[slot(opening)] &= mask(text.len());
            openings.push(opening);
        }
        openings.sort_unstable();
        openings.dedup();
        let openings = openings
            .into_iter()
            .map(|opening| opening & masks[slot(opening)]);
        let grams: Vec<Gram> = openings.map(Gram::long).collect();
        Openings {
            heads,
            masks,
            grams: Grams::new(&grams, BITS_PER_OPENING),
        }
    }

    /// What all texts begin with.
    #[cfg(test)]
    pub(super) fn all() -> Self {
        let openings = Openings::new([b"".as_slice()].into_iter());
        Openings {
            heads: vec![u64::MAX; openings.heads.len()],
            // No byte counts, and none is what the empty text begins with.
            masks: vec![0; MASKS],
            ..openings
        }
    }

    /// Whether `text` may begin with one of the texts, whatever its digits are.
    #[inline(always)]
    pub(super) fn may_open(&self, text: &[u8]) -> bool {
        let bytes = alike(first(text));
        let mask = self.masks[slot(bytes)];
        self.grams.may_hold(Gram::long(bytes & mask))
    }

    /// Whether one of the texts may begin at `at`, by two bytes.
    #[inline]
    pub(super) fn has_head(&self, text: &[u8], at: usize) -> bool {
        let head = text.get(at..).and_then(<[u8]>::first_chunk);
        head.is_none_or(|head| {
            let (word, bit) = place(*head);
            self.heads[word] >> bit & 1 == 1
        })
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.heads) + size_of_val(&*self.masks) + self.grams.memory_usage()
    }
}

/// The bit of two bytes.
#[inline]
fn place(head: [u8; 2]) -> (usize, u32) {
    let head = u32::from(u16::from_le_bytes(head));
    ((head / u64::BITS) as usize, head % u64::BITS)
}

/// Which mask is for texts that begin with these bytes: by the first two of them.
#[inline(always)]
fn slot(bytes: u64) -> usize {
    /// An odd number with well mixed bits: 2^16 over the golden ratio.
    const MIX: u16 = 0x9e37;
    let head = (bytes as u16).wrapping_mul(MIX); // lossless: the others are not asked for
    usize::from(head >> (u16::BITS - MASKS.ilog2()))
}

/// The first bytes of `text`; zeroes where it is shorter.
#[inline(always)]
fn first(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; OPENING_BYTES];
            bytes[..text.len()].copy_from_slice(text);
            u64::from_le_bytes(bytes)
        }
    }
}

/// The bytes that count of an opening of `len` bytes.
fn mask(len: usize) -> u64 {
    let unused = OPENING_BYTES - len.min(OPENING_BYTES);
    u64::MAX.checked_shr(8 * unused as u32).unwrap_or(0)
}

/// `bytes` with a 0 for every digit.
#[inline(always)]
fn alike(bytes: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; OPENING_BYTES]);
    const HIGH: u64 = EACH << 7;
    // Of seven bits, and with no more than seven bits added: a sum never leaves its byte.
    let low = bytes & !HIGH;
    let from_digits = low + EACH * (0x80 - b'0' as u64);
    let from_behind = low + EACH * (0x80 - (b'9' + 1) as u64);
    let digits = from_digits & !from_behind & !bytes & HIGH;
    bytes & !((digits >> 3) - (digits >> 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_alike_and_other_bytes_are_not() {
        let same = |text: &[u8; 8]| alike(u64::from_le_bytes(*text)).to_le_bytes();

        assert_eq!(&same(b"APIG.129"), b"APIG.000");
        assert_eq!(&same(b"/:09\xb0\xb9@ "), b"/:00\xb0\xb9@ ");
        for byte in 0..=u8::MAX {
            let expected = if byte.is_ascii_digit() { b'0' } else { byte };
            assert_eq!(same(&[byte; 8]), [expected; 8]);
        }
    }

    #[test]
    fn a_text_opens_like_a_code_of_any_length() {
        let texts = [
            b"APIG.0000".as_slice(),
            b"UC.0000",
            b"Zone",
            b"FailedOperation",
        ];
        let openings = Openings::new(texts.into_iter());

        for text in [
            "APIG.1002",
            "UC.0007.",
            "UC.0007",
            "Zone",
            "Zones",
            "FailedOpera",
        ] {
            assert!(openings.may_open(text.as_bytes()), "{text}");
        }
        let others = [
            "APIG.10 x",
            "UC.10 UC.1",
            "Zon",
            "APIG Zone",
            "",
            "Failed operation",
        ];
        let passed = others
            .iter()
            .filter(|text| openings.may_open(text.as_bytes()));
        assert!(passed.count() < 2);
    }
}
