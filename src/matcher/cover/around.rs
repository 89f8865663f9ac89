//! Where before a fragment the codes begin that it is found in, by what stands around it.

use super::exact::Exact;
use super::fragment::{FRAGMENT_BYTES, Fragment, Place};
use super::grams::{Gram, Grams};

/// Few enough wrong answers, and small enough for the caches next to the core.
const BITS_PER_GRAM: usize = 16;

/// A fragment, as many bytes before it, and as many behind it.
const SEEN_BYTES: usize = 3 * FRAGMENT_BYTES;

/// What stands around fragments inside codes.
#[derive(Clone, Debug)]
pub(super) struct Around {
    exact: Exact,
    finds: Vec<Find>,
    grams: Grams,
}

/// Where the codes begin that a fragment is found in: a bit for each of the 64 places up to the fragment's
/// own, which has the highest.
///
/// By what stands around the fragment in a text: nothing that does in a code, only what stands before
/// it, only what stands behind it, or both.
#[derive(Clone, Copy, Debug, Default)]
struct Find([u64; 4]);

impl Around {
    /// Takes over what stands around `fragments`; `None` where they cannot be told by a table.
    pub(super) fn new(fragments: &[Fragment]) -> Option<Self> {
        let mut grams: Vec<Gram> = Vec::new();
        for (number, fragment) in (0..).zip(fragments) {
            let places = fragment.places.iter();
            grams.extend(places.flat_map(|place| around(number, place)));
        }
        Some(Around {
            exact: Exact::new(fragments)?,
            finds: fragments.iter().map(Find::new).collect(),
            grams: Grams::new(&grams, BITS_PER_GRAM),
        })
    }

    /// Whether there is a fragment at `at`, and its number if there is.
    #[inline(always)]
    pub(super) fn look_up(&self, text: &[u8], at: usize) -> (bool, u32) {
        match text.get(at..).and_then(<[u8]>::first_chunk) {
            Some(fragment) => self.exact.look_up(u32::from_le_bytes(*fragment)),
            None => (false, 0),
        }
    }

    /// Where a code may begin that has the fragment with this number at `at`, as far as the bytes around it
    /// tell: a bit for each of the 64 places up to `at`, which has the highest.
    #[inline(always)]
    pub(super) fn begins(&self, text: &[u8], at: usize, number: u32) -> u64 {
        let [before, behind] = seen(text, at);
        let before = self.grams.may_hold(before_of(number, before));
        let behind = self.grams.may_hold(behind_of(number, behind));
        let Find(find) = &self.finds[number as usize];
        find[surroundings(before, behind)]
    }

    /// How many fragments there are.
    pub(super) fn fragments(&self) -> usize {
        self.finds.len()
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        self.exact.memory_usage() + self.grams.memory_usage() + size_of_val(&*self.finds)
    }
}

impl Find {
    fn new(fragment: &Fragment) -> Self {
        let mut find = Find::default();
        for place in &fragment.places {
            let needed = surroundings(place.before.is_some(), place.behind.is_some());
            let suffices = |known: &usize| known & needed == needed;
            for known in (0..find.0.len()).filter(suffices) {
                find.0[known] |= 1 << (u64::BITS - 1 - u32::from(place.offset));
            }
        }
        find
    }
}

/// Which of the four cases of [`Find`] it is.
#[inline(always)]
fn surroundings(before: bool, behind: bool) -> usize {
    usize::from(before) + 2 * usize::from(behind)
}

/// The four bytes before a fragment at `at` and those behind it; zeroes where the text does not reach.
#[inline(always)]
fn seen(text: &[u8], at: usize) -> [u32; 2] {
    let start = at.wrapping_sub(FRAGMENT_BYTES);
    let bytes = match text.get(start..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => *bytes,
        None => seen_near_edge(text, at),
    };
    [
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]),
    ]
}

/// The same where a part of them lies outside of the text.
#[cold]
fn seen_near_edge(text: &[u8], at: usize) -> [u8; SEEN_BYTES] {
    let mut bytes = [0; SEEN_BYTES];
    let first = FRAGMENT_BYTES.saturating_sub(at);
    for (to, from) in bytes[first..]
        .iter_mut()
        .zip(&text[at.saturating_sub(FRAGMENT_BYTES)..])
    {
        *to = *from;
    }
    bytes
}

/// What stands right before a fragment inside a code.
#[inline(always)]
fn before_of(fragment: u32, before: u32) -> Gram {
    Gram::short(2 * fragment, before)
}

/// What stands right behind a fragment inside a code.
#[inline(always)]
fn behind_of(fragment: u32, behind: u32) -> Gram {
    Gram::short(2 * fragment + 1, behind)
}

fn around(fragment: u32, place: &Place) -> impl Iterator<Item = Gram> {
    let before = place.before.map(u32::from_le_bytes);
    let behind = place.behind.map(u32::from_le_bytes);
    let before = before.map(|before| before_of(fragment, before));
    let behind = behind.map(|behind| behind_of(fragment, behind));
    before.into_iter().chain(behind)
}
