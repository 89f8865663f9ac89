//! Values by the text of a token: made once, and asked for every token that begins like a code.
//!
//! Texts of usual lengths are hashed and compared as three or six numbers, without a loop, and stand in one
//! line of memory with their value, where their hash says: of many thousand few are in a cache when they are
//! asked for. The rest of longer ones stands in one piece of memory.

/// Spreads hashes: digits of pi.
const MIX: [u64; 3] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
];

/// Three times eight bytes, which may overlap, are all of a text up to this length.
const SHORT_BYTES: usize = 24;

/// So many at its beginning and at its end, which may overlap, are all of a text up to this length.
const USUAL_BYTES: usize = 2 * SHORT_BYTES;

/// Values by texts.
#[derive(Clone, Debug)]
pub(super) struct Words<T> {
    /// A power of two of them, at most half of them taken; the next free one takes what collides.
    entries: Vec<Entry<T>>,
    taken: usize,
    shift: u32,
    /// The texts that are longer than [`USUAL_BYTES`].
    long_texts: Vec<u8>,
    longest: usize,
}

/// As long as a line of memory where a value has eight bytes.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
struct Entry<T> {
    /// Those of its text's [`Key`].
    numbers: [u64; 6],
    /// The length of its text, counted from 1; 0 where the entry is free.
    len: u32,
    /// Where a long text begins.
    start: u32,
    value: T,
}

/// A text by its length and six numbers: up to [`SHORT_BYTES`] by its first, last and middle eight bytes, one
/// of less than eight by all of them; a longer one by as many bytes at its beginning and at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    numbers: [u64; 6],
    len: u32,
}

impl Key {
    #[inline]
    fn of(text: &[u8]) -> Self {
        let (first, second) = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) if text.len() > SHORT_BYTES => {
                (numbers(first), numbers(last))
            }
            _ => (short(text), [0; 3]),
        };
        let [a, b, c] = first;
        let [d, e, f] = second;
        Key {
            numbers: [a, b, c, d, e, f],
            // Lossless: a text that is asked for is no longer than the longest that is there.
            len: text.len() as u32,
        }
    }

    #[inline]
    fn hash(&self, text: &[u8]) -> u64 {
        let [first, second, third, rest @ ..] = self.numbers;
        let mut hash = fold(first ^ MIX[0], second ^ MIX[1] ^ u64::from(self.len));
        if text.len() > SHORT_BYTES {
            for number in rest {
                hash = fold(hash ^ MIX[0], number ^ MIX[2]);
            }
        }
        if text.len() > USUAL_BYTES {
            let (between, _) = text[SHORT_BYTES..].as_chunks();
            for bytes in between {
                hash = fold(hash ^ MIX[0], u64::from_le_bytes(*bytes) ^ MIX[2]);
            }
        }
        fold(hash ^ MIX[1], third ^ MIX[2])
    }
}

impl<T: Clone + Default> Words<T> {
    /// Room for `count` texts.
    pub(super) fn with_capacity(count: usize) -> Self {
        let entries = (2 * count).next_power_of_two().max(2);
        Words {
            entries: vec![Entry::default(); entries],
            taken: 0,
            shift: u64::BITS - entries.ilog2(),
            long_texts: Vec::new(),
            longest: 0,
        }
    }

    /// The value of `text`, which is added if it is not there.
    pub(super) fn entry(&mut self, text: &[u8]) -> &mut T {
        let key = Key::of(text);
        let (Ok(at) | Err(at)) = self.find(text, key);
        let entry = &mut self.entries[at];
        if entry.len == 0 {
            entry.numbers = key.numbers;
            entry.len = narrow(text.len() + 1);
            entry.start = narrow(self.long_texts.len());
            if text.len() > USUAL_BYTES {
                self.long_texts.extend_from_slice(text);
            }
            self.longest = self.longest.max(text.len());
            self.taken += 1;
        }
        assert!(2 * self.taken <= self.entries.len(), "there is room");
        &mut self.entries[at].value
    }
}

impl<T> Words<T> {
    /// The value of `text`.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<&T> {
        if text.len() > self.longest {
            return None;
        }
        let key = Key::of(text);
        let found = self.find(text, key).ok()?;
        Some(&self.entries[found].value)
    }

    /// The length of the longest text.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Which entry `text` has, or which one would be its.
    #[inline]
    fn find(&self, text: &[u8], key: Key) -> Result<usize, usize> {
        let mut at = (key.hash(text) >> self.shift) as usize;
        loop {
            let entry = &self.entries[at];
            if entry.len == 0 {
                return Err(at);
            }
            if self.is_entry(entry, text, key) {
                return Ok(at);
            }
            at = (at + 1) % self.entries.len();
        }
    }

    #[inline]
    fn is_entry(&self, entry: &Entry<T>, text: &[u8], key: Key) -> bool {
        let is_long = text.len() > USUAL_BYTES;
        // Two arrays of this size would be compared by a call.
        let numbers = entry.numbers.iter().zip(key.numbers);
        let other = numbers.fold(0, |other, (own, number)| other | own ^ number);
        other == 0
            && entry.len == key.len + 1
            && !(is_long && self.long_texts[entry.start as usize..][..text.len()] != *text)
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("the codes of a catalogue are less than 4 GiB")
}

/// Three numbers that tell a text of up to [`SHORT_BYTES`] from others of its length.
#[inline]
fn short(text: &[u8]) -> [u64; 3] {
    thirds(text).unwrap_or_else(|| {
        let bytes = text.iter();
        let packed = bytes.fold(0, |packed, &byte| packed << 8 | u64::from(byte));
        [packed, 0, 0]
    })
}

/// The eight bytes at a time as numbers.
#[inline]
fn numbers(bytes: &[u8; SHORT_BYTES]) -> [u64; 3] {
    let (eights, _) = bytes.as_chunks();
    [0, 1, 2].map(|at| u64::from_le_bytes(eights[at]))
}

/// The first, the last and the middle eight bytes of `text`; `None` where it is too short.
#[inline]
fn thirds(text: &[u8]) -> Option<[u64; 3]> {
    let middle = (text.len() / 2).checked_sub(4)?;
    let thirds = [
        text.first_chunk()?,
        text.last_chunk()?,
        text.get(middle..)?.first_chunk()?,
    ];
    Some(thirds.map(|bytes| u64::from_le_bytes(*bytes)))
}

/// Both halves of a product, together.
#[inline]
pub(super) fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> u64::BITS) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_found_and_no_others() {
        let text = b"FailedOperation.NodeNotEmpty.AndNotEvenClean.OrAnythingElse.ThatEnds";
        let with = |at: usize| {
            let mut other = text.to_vec();
            other[at] ^= 1;
            other
        };
        let mut words = Words::with_capacity(text.len());
        for len in 0..text.len() {
            *words.entry(&text[..len]) = len;
        }

        for len in 0..text.len() {
            assert_eq!(words.get(&text[..len]), Some(&len));
            for at in 0..len {
                assert_eq!(words.get(&with(at)[..len]), None, "{len} {at}");
            }
        }
        assert_eq!(words.get(text), None);
        assert_eq!(words.longest(), text.len() - 1);
    }

    #[test]
    fn an_entry_with_a_small_value_is_a_line_of_memory() {
        assert_eq!(size_of::<Entry<u64>>(), 64);
    }

    #[test]
    fn a_text_that_is_there_keeps_its_value() {
        let mut words = Words::with_capacity(1);
        *words.entry(b"APIG.1002") = 7;

        assert_eq!(*words.entry(b"APIG.1002"), 7);
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert_eq!(Words::<u8>::with_capacity(0).get(b"APIG"), None);
    }
}
