//! Values by the text of a token: made once, and asked for every token that begins like a code.
//!
//! Most that are asked for are not there, so that a look touches a small table first. The texts stand
//! in one piece of memory, and those of usual lengths are hashed and compared without a loop.

/// Spreads hashes: digits of pi.
const MIX: [u64; 3] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
];

/// Three times eight bytes, which may overlap, are all of a text up to this length.
const SHORT_BYTES: usize = 24;

/// Values by texts.
#[derive(Clone, Debug)]
pub(super) struct Words<T> {
    /// A power of two of them, at most half of them taken; the next free one takes what collides.
    slots: Vec<Slot>,
    shift: u32,
    entries: Vec<Entry<T>>,
    texts: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// A part of the hash that does not choose the slot.
    tag: u32,
    /// The number of the entry, counted from 1; 0 where the slot is free.
    entry: u32,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    start: u32,
    len: u32,
    value: T,
}

impl<T: Default> Words<T> {
    /// Room for `count` texts.
    pub(super) fn with_capacity(count: usize) -> Self {
        let slots = (2 * count).next_power_of_two().max(2);
        Words {
            slots: vec![Slot::default(); slots],
            shift: u64::BITS - slots.ilog2(),
            entries: Vec::with_capacity(count),
            texts: Vec::new(),
        }
    }

    /// The value of `text`, which is added if it is not there.
    pub(super) fn entry(&mut self, text: &[u8]) -> &mut T {
        let hash = hash(text);
        let (slot, found) = self.find(text, hash);
        let number = found.unwrap_or_else(|| {
            self.entries.push(Entry {
                start: narrow(self.texts.len()),
                len: narrow(text.len()),
                value: T::default(),
            });
            self.texts.extend_from_slice(text);
            self.slots[slot] = Slot {
                tag: hash as u32,
                entry: narrow(self.entries.len()),
            };
            self.entries.len() - 1
        });
        assert!(2 * self.entries.len() <= self.slots.len(), "there is room");
        &mut self.entries[number].value
    }
}

impl<T> Words<T> {
    /// The value of `text`.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<&T> {
        let (_, found) = self.find(text, hash(text));
        found.map(|number| &self.entries[number].value)
    }

    /// The length of the longest text.
    pub(super) fn longest(&self) -> usize {
        let lens = self.entries.iter().map(|entry| entry.len as usize);
        lens.max().unwrap_or(0)
    }

    /// The slot in which `text` is or would be, and the number of its entry if it is there.
    #[inline]
    fn find(&self, text: &[u8], hash: u64) -> (usize, Option<usize>) {
        let mut at = (hash >> self.shift) as usize;
        loop {
            let slot = self.slots[at];
            let Some(number) = slot.entry.checked_sub(1) else {
                return (at, None);
            };
            let number = number as usize;
            if slot.tag == hash as u32 && are_equal(self.text(&self.entries[number]), text) {
                return (at, Some(number));
            }
            at = (at + 1) % self.slots.len();
        }
    }

    #[inline]
    fn text(&self, entry: &Entry<T>) -> &[u8] {
        let start = entry.start as usize;
        &self.texts[start..start + entry.len as usize]
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("the codes of a catalogue are less than 4 GiB")
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

#[inline]
fn hash(text: &[u8]) -> u64 {
    let Some([first, last, middle]) = thirds(text) else {
        let bytes = text.iter();
        let packed = bytes.fold(1, |packed, &byte| packed << 8 | u64::from(byte));
        return fold(packed ^ MIX[0], MIX[1]);
    };
    let mut hash = fold(first ^ MIX[0], last ^ MIX[1] ^ text.len() as u64);
    if text.len() > SHORT_BYTES {
        let (between, _) = text.as_chunks();
        for bytes in &between[1..] {
            hash = fold(hash ^ MIX[0], u64::from_le_bytes(*bytes) ^ MIX[2]);
        }
    }
    fold(hash ^ MIX[1], middle ^ MIX[2])
}

/// Both halves of a product, together.
#[inline]
pub(super) fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> u64::BITS) as u64
}

#[inline]
fn are_equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (thirds(a), thirds(b)) {
        (Some(thirds_of_a), Some(thirds_of_b)) if a.len() <= SHORT_BYTES => {
            thirds_of_a == thirds_of_b
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_found_and_no_others() {
        let text = b"FailedOperation.NodeNotEmpty.AndNotEvenClean";
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
