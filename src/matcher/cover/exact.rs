//! Which fragment a text of four bytes is, without a branch.
//!
//! A table in which no two fragments collide: one look tells whether there is a fragment, and which.

use super::fragment::{FRAGMENT_BYTES, Fragment};

/// How many multipliers are tried before the table is doubled.
const TRIES: u32 = 64;

/// A table has at most so many slots, as a power of two: 16 MiB. Some four thousand fragments have room.
const MOST_BITS: u32 = 21;

/// An odd number with well mixed bits, from which the multipliers are made: 2^32 over the golden ratio.
const MIX: u32 = 0x9e37_79b9;

/// A table of fragments.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    /// The fragment in each slot and its number; a key of 0 in an empty one.
    slots: Vec<Slot>,
    multiplier: u32,
    shift: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u32,
    number: u32,
}

impl Exact {
    /// A table of `fragments`; `None` where they are too many or one is all zeroes.
    pub(super) fn new(fragments: &[Fragment]) -> Option<Self> {
        let keys: Vec<u32> = fragments
            .iter()
            .map(|fragment| key(fragment.text))
            .collect();
        if keys.contains(&0) {
            return None;
        }
        let fewest = keys.len().next_power_of_two().ilog2() + 2;
        // With fewer slots the chance that none collide is less than one in e^16.
        let is_hopeless = |bits: &u32| keys.len().pow(2) >> bits > 32;
        let mut sizes = (fewest..=MOST_BITS).filter(|bits| !is_hopeless(bits));
        sizes.find_map(|bits| {
            let shift = u32::BITS - bits;
            let mut multipliers = (0..TRIES).map(|number| MIX.wrapping_mul(2 * number + 1));
            multipliers.find_map(|multiplier| Exact::fill(&keys, multiplier, shift))
        })
    }

    fn fill(keys: &[u32], multiplier: u32, shift: u32) -> Option<Self> {
        let slots = 1 << (u32::BITS - shift);
        let mut table = Exact {
            slots: vec![Slot::default(); slots],
            multiplier,
            shift,
        };
        for (number, &key) in (0..).zip(keys) {
            let place = table.place(key);
            let slot = &mut table.slots[place];
            if slot.key != 0 {
                return None;
            }
            *slot = Slot { key, number };
        }
        Some(table)
    }

    #[inline(always)]
    fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(self.multiplier) >> self.shift) as usize
    }

    /// Whether the four bytes of `key`, of which the first is the lowest, are a fragment, and its number if
    /// they are.
    #[inline(always)]
    pub(super) fn look_up(&self, key: u32) -> (bool, u32) {
        let slot = self.slots[self.place(key)];
        (slot.key == key, slot.number)
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.slots)
    }
}

fn key(text: [u8; FRAGMENT_BYTES]) -> u32 {
    u32::from_le_bytes(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragments(count: u32) -> Vec<Fragment> {
        let texts = (1..=count).map(|number| number.wrapping_mul(0x85eb_ca6b).to_le_bytes());
        let fragment = |text| Fragment {
            text,
            places: Vec::new(),
        };
        texts.map(fragment).collect()
    }

    #[test]
    fn each_fragment_is_found_by_its_number_and_nothing_else_is() {
        for count in [1, 2, 90, 1000] {
            let fragments = fragments(count);
            let table = Exact::new(&fragments).expect("they are few");

            for (number, fragment) in (0..).zip(&fragments) {
                assert_eq!(table.look_up(key(fragment.text)), (true, number));
                assert!(!table.look_up(key(fragment.text) ^ 1 << 31).0);
            }
        }
    }

    #[test]
    fn too_many_fragments_have_no_table() {
        assert!(Exact::new(&fragments(50_000)).is_none());
    }
}
