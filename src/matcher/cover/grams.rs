//! A set of short texts that answers "not there" or "maybe", at the cost of one look.

/// The fewest bits.
const MIN_BITS: usize = 1 << 10;

/// Spreads texts over the bits: 2^64 over the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// A text of up to eight bytes, as a part of something: equal texts in other parts are other grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gram(u64);

impl Gram {
    /// Four bytes, of which the first is the lowest, under a number that says what they are a part of.
    #[inline(always)]
    pub(super) fn short(number: u32, text: u32) -> Self {
        Gram(u64::from(number) << 32 | u64::from(text))
    }

    /// Eight bytes.
    #[inline(always)]
    pub(super) fn long(text: u64) -> Self {
        Gram(text)
    }
}

/// A set of grams.
#[derive(Clone, Debug)]
pub(super) struct Grams {
    bits: Vec<u64>,
    shift: u32,
}

impl Grams {
    /// The set of `grams`, of which each takes so many bits: of as many answers one is wrong.
    pub(super) fn new(grams: &[Gram], bits_per_gram: usize) -> Self {
        let bits = (grams.len() * bits_per_gram)
            .next_power_of_two()
            .max(MIN_BITS);
        let mut set = Grams {
            bits: vec![0; bits / u64::BITS as usize],
            shift: u64::BITS - bits.ilog2(),
        };
        for &gram in grams {
            let (word, bit) = set.place(gram);
            set.bits[word] |= 1 << bit;
        }
        set
    }

    /// Whether `gram` may be in the set.
    #[inline(always)]
    pub(super) fn may_hold(&self, gram: Gram) -> bool {
        let (word, bit) = self.place(gram);
        self.bits[word] >> bit & 1 == 1
    }

    #[inline(always)]
    fn place(&self, gram: Gram) -> (usize, u32) {
        let hash = gram.0.wrapping_mul(MIX) >> self.shift;
        let bits = u64::from(u64::BITS);
        ((hash / bits) as usize, (hash % bits) as u32)
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
    fn every_gram_of_the_set_may_be_in_it_and_few_others_may() {
        let grams = [
            Gram::short(0, u32::from_le_bytes(*b"Fail")),
            Gram::short(1, u32::from_le_bytes(*b"APIG")),
            Gram::long(u64::from_le_bytes(*b"Internal")),
        ];
        let set = Grams::new(&grams, 16);

        assert!(grams.iter().all(|gram| set.may_hold(*gram)));
        let other = b"the quick brown fox jumps over the lazy dog";
        let windows = other.array_windows().copied().map(u32::from_le_bytes);
        let windows = windows.map(|window| Gram::short(0, window));
        assert!(windows.filter(|gram| set.may_hold(*gram)).count() < 3);
    }
}
