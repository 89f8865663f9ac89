//! A set of texts of four bytes that answers "not there" or "maybe", at the cost of one look.

use super::fragment::FRAGMENT_BYTES;

/// Bits for each text: few enough wrong answers, and small enough for the first-level cache.
const BITS_PER_TEXT: usize = 16;

/// The fewest bits.
const MIN_BITS: usize = 1 << 10;

/// Spreads texts over the bits: 2^32 over the golden ratio.
const MIX: u32 = 0x9e37_79b9;

/// Texts of four bytes, each under a number.
#[derive(Clone, Debug)]
pub(super) struct Grams {
    bits: Vec<u64>,
    shift: u32,
}

impl Grams {
    /// The set of `texts` under their numbers.
    pub(super) fn new(texts: &[(u32, [u8; FRAGMENT_BYTES])]) -> Self {
        let bits = (texts.len() * BITS_PER_TEXT)
            .next_power_of_two()
            .max(MIN_BITS);
        let mut grams = Grams {
            bits: vec![0; bits / u64::BITS as usize],
            shift: u32::BITS - bits.ilog2(),
        };
        for &(number, text) in texts {
            let (word, bit) = grams.place(number, u32::from_le_bytes(text));
            grams.bits[word] |= 1 << bit;
        }
        grams
    }

    /// Whether the text at `at` may be in the set under `number`; never where there are less than four bytes.
    #[inline]
    pub(super) fn may_hold(&self, number: u32, text: &[u8], at: usize) -> bool {
        let bytes = text.get(at..at + FRAGMENT_BYTES);
        let Some(bytes) = bytes.and_then(|bytes| bytes.try_into().ok()) else {
            return false;
        };
        let (word, bit) = self.place(number, u32::from_le_bytes(bytes));
        self.bits[word] >> bit & 1 == 1
    }

    #[inline]
    fn place(&self, number: u32, text: u32) -> (usize, u32) {
        let hash = (text ^ number.rotate_right(8)).wrapping_mul(MIX) >> self.shift;
        ((hash / u64::BITS) as usize, hash % u64::BITS)
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_set_may_be_in_it_and_few_others_may() {
        let texts = [(0, *b"Fail"), (1, *b"APIG"), (2, *b"UC.0")];
        let grams = Grams::new(&texts);

        assert!(
            texts
                .iter()
                .all(|(number, text)| grams.may_hold(*number, text, 0))
        );
        let other = b"the quick brown fox jumps over the lazy dog";
        let passed = (0..other.len()).filter(|&at| grams.may_hold(0, other, at));
        assert!(passed.count() < 3);
    }
}
