//! Finds codes by fragments of them: few texts of four bytes, rare in logs, of which every code holds one.
//!
//! What is yielded is every place at which a code begins, and some at which none does. Of two codes
//! that overlap, the one that begins first comes first.

mod background;
mod bucket;
mod exact;
mod filter;
mod fragment;
mod grams;
mod starts;

use background::Background;
use exact::Exact;
use filter::{Filter, Sight};
use fragment::{FRAGMENT_BYTES, Fragment, Place};
use grams::{Gram, Grams};
use starts::Starts;

use super::token::is_word;

/// How much text is filtered before the hits are looked at. Less than 64 KiB was slower: at each
/// change the memory is left idle.
const PART_BYTES: usize = 64 * 1024;

/// The fragment at a part's last place ends this far in the next part.
const OVERLAP_BYTES: usize = FRAGMENT_BYTES - 1;

/// The number under which the grams of openings are; eight bytes of text have none so small.
const OPENING: u32 = 1;

/// Finds the places at which a code might begin.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    filter: Filter,
    exact: Exact,
    finds: Vec<Find>,
    /// What codes begin with, and what stands around a fragment inside them.
    grams: Grams,
}

/// How far before a fragment the codes begin that it is found in: a bit for each offset.
///
/// By what stands around the fragment in a text: nothing that does in a code, only what stands before
/// it, only what stands behind it, or both.
#[derive(Clone, Copy, Debug, Default)]
struct Find([u64; 4]);

impl Cover {
    /// Chooses fragments for all that begins with one of `codes`.
    ///
    /// `None` where fragments cannot do it: one of `codes` has less than four bytes.
    pub(crate) fn new(codes: &[&[u8]]) -> Option<Self> {
        let background = Background::new();
        let fragments = fragment::choose(codes, &background)?;
        let sight = Sight::best_for(&fragments);
        Cover::of(codes, &fragments, &background, sight)
    }

    /// A cover of `codes` by `fragments`.
    fn of(
        codes: &[&[u8]],
        fragments: &[Fragment],
        background: &Background,
        sight: Sight,
    ) -> Option<Self> {
        let buckets = bucket::assign(fragments, background, sight);
        let mut grams: Vec<Gram> = codes.iter().filter_map(|code| opening(code)).collect();
        for (number, fragment) in fragments.iter().enumerate() {
            let places = fragment.places.iter();
            grams.extend(places.flat_map(|place| around(number, place)));
        }
        Some(Cover {
            filter: Filter::new(fragments, &buckets, sight),
            exact: Exact::new(fragments)?,
            finds: fragments.iter().map(Find::new).collect(),
            grams: Grams::new(&grams),
        })
    }

    /// Calls `look` with every place in `text` at which a code might begin. Returns how many places
    /// the filter let pass.
    #[inline]
    pub(crate) fn for_each(&self, text: &[u8], mut look: impl FnMut(usize)) -> u64 {
        let mut passed = Vec::new();
        let mut starts = Starts::new(text);
        let mut candidates = 0;
        for from in (0..text.len()).step_by(PART_BYTES) {
            let end = text.len().min(from + PART_BYTES + OVERLAP_BYTES);
            let count = self.filter.find(&text[from..end], &mut passed);
            for place in passed[..count].iter().copied().flatten() {
                candidates += 1;
                let at = from + place;
                let offsets = self.offsets(text, at);
                starts.for_each(at, offsets, |start| {
                    if self.may_begin(text, start) {
                        look(start);
                    }
                });
            }
        }
        candidates
    }

    /// How far before `at` a code may begin that has its fragment there: a bit for each offset.
    #[inline]
    fn offsets(&self, text: &[u8], at: usize) -> u64 {
        let (is_fragment, number) = self.exact.look_up(text, at);
        let before = text[..at].last_chunk().copied().unwrap_or_default();
        let behind = text.get(at + FRAGMENT_BYTES..);
        let behind = behind.and_then(<[u8]>::first_chunk).copied();
        let before = before_of(number, before);
        let behind = behind_of(number, behind.unwrap_or_default());
        let known = surroundings(self.grams.may_hold(before), self.grams.may_hold(behind));
        self.finds[number].0[known] * u64::from(is_fragment)
    }

    /// Whether a code may begin at `start`, by its first bytes.
    #[inline]
    fn may_begin(&self, text: &[u8], start: usize) -> bool {
        let Some((short, rest)) = text.get(start..).and_then(<[u8]>::split_first_chunk) else {
            return false;
        };
        let long = rest
            .first_chunk()
            .is_some_and(|rest| self.grams.may_hold(Gram::long(join(*short, *rest))));
        long | self.grams.may_hold(Gram::short(OPENING, *short))
    }

    /// How many fragments there are.
    pub(crate) fn fragments(&self) -> usize {
        self.finds.len()
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Self>()
            + self.exact.memory_usage()
            + self.grams.memory_usage()
            + size_of_val(&*self.finds)
    }
}

/// What `code` is recognised by at its beginning: eight bytes, or four of a shorter one.
fn opening(code: &[u8]) -> Option<Gram> {
    let long = code.first_chunk().map(|bytes| Gram::long(*bytes));
    long.or_else(|| {
        let short = code.first_chunk();
        short.map(|bytes| Gram::short(OPENING, *bytes))
    })
}

/// What stands right before a fragment inside a code.
#[inline]
fn before_of(fragment: usize, before: [u8; FRAGMENT_BYTES]) -> Gram {
    Gram::short(OPENING + 1 + 2 * fragment as u32, before)
}

/// What stands right behind a fragment inside a code.
#[inline]
fn behind_of(fragment: usize, behind: [u8; FRAGMENT_BYTES]) -> Gram {
    Gram::short(OPENING + 2 + 2 * fragment as u32, behind)
}

fn around(fragment: usize, place: &Place) -> impl Iterator<Item = Gram> {
    let before = place.before.map(|before| before_of(fragment, before));
    let behind = place.behind.map(|behind| behind_of(fragment, behind));
    before.into_iter().chain(behind)
}

#[inline]
fn join(first: [u8; 4], second: [u8; 4]) -> [u8; 8] {
    let [a, b, c, d] = first;
    let [e, f, g, h] = second;
    [a, b, c, d, e, f, g, h]
}

impl Find {
    fn new(fragment: &Fragment) -> Self {
        let mut find = Find::default();
        for place in &fragment.places {
            let needed = surroundings(place.before.is_some(), place.behind.is_some());
            let suffices = |known: &usize| known & needed == needed;
            for known in (0..find.0.len()).filter(suffices) {
                find.0[known] |= 1 << place.offset;
            }
        }
        find
    }
}

/// Which of the four cases of [`Find`] it is.
#[inline]
fn surroundings(before: bool, behind: bool) -> usize {
    usize::from(before) + 2 * usize::from(behind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODES: [&str; 9] = [
        "FailedOperation",
        "InternalError",
        "UnauthorizedOperation.CamNoAuth",
        "APIG.",
        "APIC.7",
        "UC.0001",
        "LimitExceeded",
        "ORA-00942",
        "Zone",
    ];

    fn text() -> impl Strategy<Value = String> {
        let whole = prop::sample::select(&CODES[..]).prop_map(str::to_owned);
        let part = (
            prop::sample::select(&CODES[..]),
            any::<prop::sample::Index>(),
        );
        let part = part.prop_map(|(code, at)| code[at.index(code.len())..].to_owned());
        let other = prop::sample::select(&[" ", ".", "\\n", "%22", "x", "错", "[31m", "\n"][..]);
        let piece = prop_oneof![whole, part, other.prop_map(str::to_owned)];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_sight_finds_every_place_at_which_a_code_begins(text in text()) {
            let codes = CODES.map(str::as_bytes);
            let background = Background::new();
            let fragments = fragment::choose(&codes, &background).expect("no code is too short");
            let begins = |at: &usize| {
                let is_token = crate::matcher::token::may_begin(text.as_bytes(), *at);
                is_token && codes.iter().any(|code| text.as_bytes()[*at..].starts_with(code))
            };
            let expected: Vec<usize> = (0..text.len()).filter(begins).collect();

            for sight in [Sight::Halves, Sight::Whole] {
                let cover = Cover::of(&codes, &fragments, &background, sight).expect("they are few");
                let mut found = Vec::new();
                cover.for_each(text.as_bytes(), |start| found.push(start));

                for start in &expected {
                    prop_assert!(found.contains(start), "{start} {sight:?}");
                }
            }
        }
    }
}
