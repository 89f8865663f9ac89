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
    texts: Vec<u32>,
    /// The fragment in each slot.
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

    /// Keeps those of `hits` at which a fragment stands; returns their number.
    #[inline]
    pub(super) fn keep(&self, text: &[u8], hits: &mut [u32]) -> usize {
        let mut kept = 0;
        for number in 0..hits.len() {
            let hit = hits[number];
            hits[kept] = hit;
            kept += usize::from(self.holds(text, hit as usize));
        }
        kept
    }

    #[inline]
    fn holds(&self, text: &[u8], at: usize) -> bool {
        read(text, at).is_some_and(|key| self.texts[self.slot(key)] == key)
    }

    /// The number of the fragment that stands at `at`, which is one of the places kept.
    #[inline]
    pub(super) fn fragment(&self, text: &[u8], at: usize) -> usize {
        read(text, at).map_or(0, |key| usize::from(self.numbers[self.slot(key)]))
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.texts) + size_of_val(&*self.numbers)
    }
}

fn key(text: [u8; FRAGMENT_BYTES]) -> u32 {
    u32::from_le_bytes(text)
}

#[inline]
fn read(text: &[u8], at: usize) -> Option<u32> {
    let bytes = text.get(at..at + FRAGMENT_BYTES)?;
    bytes.try_into().ok().map(key)
}
