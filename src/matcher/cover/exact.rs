//! Which fragment a text of four bytes is, without a branch.
//!
//! A table in which no two fragments collide: one look tells whether there is a fragment, and which.

use super::fragment::{FRAGMENT_BYTES, Fragment};

/// How many multipliers are tried before the table is doubled.
const TRIES: u32 = 64;

/// An odd number with well mixed bits, from which the multipliers are made: 2^32 over the golden ratio.
const MIX: u32 = 0x9e37_79b9;

/// A table of fragments.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    /// The fragment in each slot as a key; 0 in an empty one.
    texts: Vec<u32>,
    numbers: Vec<u16>,
    multiplier: u32,
    shift: u32,
}

impl Exact {
    /// A table of `fragments`; `None` where they are too many or one is all zeroes.
    pub(super) fn new(fragments: &[Fragment]) -> Option<Self> {
        let count = u16::try_from(fragments.len()).ok()?;
        let keys: Vec<u32> = fragments
            .iter()
            .map(|fragment| key(fragment.text))
            .collect();
        if keys.contains(&0) {
            return None;
        }
        let fewest = usize::from(count).next_power_of_two().ilog2() + 2;
        (fewest..u32::BITS).find_map(|bits| {
            let shift = u32::BITS - bits;
            let mut multipliers = (0..TRIES).map(|number| MIX.wrapping_mul(2 * number + 1));
            multipliers.find_map(|multiplier| Exact::fill(&keys, multiplier, shift))
        })
    }

    fn fill(keys: &[u32], multiplier: u32, shift: u32) -> Option<Self> {
        let slots = 1 << (u32::BITS - shift);
        let mut table = Exact {
            texts: vec![0; slots],
            numbers: vec![0; slots],
            multiplier,
            shift,
        };
        for (number, &key) in (0..).zip(keys) {
            let slot = table.slot(key);
            if table.texts[slot] != 0 {
                return None;
            }
            table.texts[slot] = key;
            table.numbers[slot] = number;
        }
        Some(table)
    }

    #[inline]
    fn slot(&self, key: u32) -> usize {
        (key.wrapping_mul(self.multiplier) >> self.shift) as usize
    }

    /// Whether a fragment stands at `at`, and its number if one does.
    #[inline]
    pub(super) fn look_up(&self, text: &[u8], at: usize) -> (bool, usize) {
        let key = read(text, at);
        let slot = self.slot(key);
        (self.texts[slot] == key, usize::from(self.numbers[slot]))
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.texts) + size_of_val(&*self.numbers)
    }
}

fn key(text: [u8; FRAGMENT_BYTES]) -> u32 {
    u32::from_le_bytes(text)
}

/// The text at `at` as a key; 0, which is no fragment's, where it is too short.
#[inline]
fn read(text: &[u8], at: usize) -> u32 {
    let bytes = text.get(at..).and_then(<[u8]>::first_chunk);
    bytes.copied().map_or(0, key)
}
