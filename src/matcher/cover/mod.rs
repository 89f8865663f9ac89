//! Finds codes by fragments of them: few texts of four bytes, rare in logs, of which every code holds one.
//!
//! What is yielded is every place at which a code begins, and some at which none does. Of two codes
//! that overlap, the one that begins first comes first.

mod background;
mod bucket;
mod collect;
mod exact;
mod filter;
mod fragment;
mod grams;
mod openings;
mod starts;
mod tokens;
mod vocabulary;

use background::Background;
use exact::Exact;
use filter::{Filter, Passed, Sight};
use fragment::{FRAGMENT_BYTES, Fragment, Place};
use grams::{Gram, Grams};
use openings::Openings;
use starts::Starts;
use tokens::{Room, Tokens};
use vocabulary::Vocabulary;

use super::engine::Needles;
use super::word_bytes::is_word;

/// Parts of less than 64 KiB were slower: at each change between filtering and looking the memory is left
/// idle. In text with a code on every line 6 candidates a KiB pass, 23 with 11,545 codes, and in text
/// made of fragments 96 and more; 64 a KiB are rich. With 32 programs were slower, whose candidates mostly
/// end at the first look.
const PARTS: Parts = Parts {
    bytes: 64 * 1024,
    rich: 64 * 64,
};

/// The fragment at a part's last place ends this far in the next part.
const OVERLAP_BYTES: usize = FRAGMENT_BYTES - 1;

/// Few enough wrong answers, and small enough for the caches next to the core.
const BITS_PER_GRAM: usize = 16;

/// Finds the places at which a code might begin.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    filter: Filter,
    exact: Exact,
    finds: Vec<Find>,
    /// What stands around a fragment inside codes.
    grams: Grams,
    openings: Openings,
    /// For text that is rich in fragments; `None` where some code begins with other than a token.
    tokens: Option<Tokens>,
    vocabulary: Vocabulary,
    parts: Parts,
}

/// How text is divided, and when it counts as rich in fragments.
#[derive(Clone, Copy, Debug)]
struct Parts {
    /// How much text is filtered before the hits are looked at.
    bytes: usize,
    /// From so many candidates in a part on, its tokens are looked at instead.
    rich: usize,
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
    /// `needles` tells more of what is looked for. `None` where fragments cannot do it: one of `codes` has
    /// less than four bytes.
    pub(crate) fn new(codes: &[&[u8]], needles: &Needles) -> Option<Self> {
        let background = Background::new();
        let fragments = fragment::choose(codes, &background)?;
        let sight = Sight::best_for(fragments.len());
        Cover::of(codes, needles, &fragments, &background, sight)
    }

    /// A cover of `codes` by `fragments`.
    fn of(
        codes: &[&[u8]],
        needles: &Needles,
        fragments: &[Fragment],
        background: &Background,
        sight: Sight,
    ) -> Option<Self> {
        let buckets = bucket::assign(fragments, background, sight);
        let mut grams: Vec<Gram> = Vec::new();
        for (number, fragment) in fragments.iter().enumerate() {
            let places = fragment.places.iter();
            grams.extend(places.flat_map(|place| around(number, place)));
        }
        Some(Cover {
            filter: Filter::new(fragments, &buckets, sight),
            exact: Exact::new(fragments)?,
            finds: fragments.iter().map(Find::new).collect(),
            grams: Grams::new(&grams, BITS_PER_GRAM),
            openings: Openings::new(needles.openings.iter().map(Vec::as_slice)),
            vocabulary: Vocabulary::new(&needles.codes, &needles.families),
            tokens: begin_as_tokens(codes).then(Tokens::new),
            parts: PARTS,
        })
    }

    /// Calls `look` with every place in `text` at which a code might begin. Returns how many places
    /// the filter let pass.
    #[inline]
    pub(crate) fn for_each(&self, text: &[u8], mut look: impl FnMut(usize)) -> u64 {
        let mut passed = Vec::new();
        let mut room = Room::default();
        let mut begins = Vec::new();
        let mut starts = Starts::new(text);
        let mut candidates = 0;
        for from in (0..text.len()).step_by(self.parts.bytes) {
            let end = text.len().min(from + self.parts.bytes + OVERLAP_BYTES);
            let count = self.filter.find(&text[from..end], &mut passed);
            let passed = &passed[..count];
            let here: usize = passed.iter().map(Passed::count).sum();
            candidates += here as u64;
            if here >= self.parts.rich
                && let Some(tokens) = &self.tokens
            {
                let end = end.min(from + self.parts.bytes);
                tokens.for_each(
                    text,
                    from,
                    end,
                    &self.openings,
                    &mut room,
                    |words, is_in_disorder| {
                        self.vocabulary.choose(text, words, &mut begins);
                        if is_in_disorder {
                            begins.sort_unstable();
                        }
                        begins.dedup();
                        begins.iter().copied().for_each(&mut look);
                    },
                );
                continue;
            }
            for place in passed.iter().copied().flatten() {
                let at = from + place;
                let offsets = self.offsets(text, at);
                starts.for_each(at, offsets, |start| {
                    if self.openings.may_open(&text[start..]) {
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

    /// How many fragments there are.
    pub(crate) fn fragments(&self) -> usize {
        self.finds.len()
    }

    /// The same cover for parts of so many `bytes`, which are rich from so many candidates on.
    #[cfg(test)]
    pub(crate) fn in_parts(mut self, bytes: usize, rich: usize) -> Self {
        self.parts = Parts { bytes, rich };
        self
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Self>()
            + self.exact.memory_usage()
            + self.grams.memory_usage()
            + self.openings.memory_usage()
            + self.vocabulary.memory_usage()
            + size_of_val(&*self.finds)
    }
}

fn begin_as_tokens(codes: &[&[u8]]) -> bool {
    codes
        .iter()
        .all(|code| code.first().is_some_and(|&byte| is_word(byte)))
}

/// What stands right before a fragment inside a code.
#[inline]
fn before_of(fragment: usize, before: [u8; FRAGMENT_BYTES]) -> Gram {
    Gram::short(2 * fragment as u32, before)
}

/// What stands right behind a fragment inside a code.
#[inline]
fn behind_of(fragment: usize, behind: [u8; FRAGMENT_BYTES]) -> Gram {
    Gram::short(2 * fragment as u32 + 1, behind)
}

fn around(fragment: usize, place: &Place) -> impl Iterator<Item = Gram> {
    let before = place.before.map(|before| before_of(fragment, before));
    let behind = place.behind.map(|behind| behind_of(fragment, behind));
    before.into_iter().chain(behind)
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
    use crate::matcher::token::{may_begin, may_end};

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
        fn every_place_at_which_a_code_begins_is_found_in_every_way(
            text in text(),
            bytes in 1..200usize,
            rich in 0..9usize,
        ) {
            let codes = CODES.map(str::as_bytes);
            let background = Background::new();
            let fragments = fragment::choose(&codes, &background).expect("no code is too short");
            let texts: Vec<Vec<u8>> = codes.map(<[u8]>::to_vec).into();
            let needles = Needles {
                openings: texts.clone(),
                codes: texts,
                ..Needles::default()
            };
            let stands = |at: usize, code: &[u8]| {
                let Some(behind) = text.as_bytes()[at..].strip_prefix(code) else {
                    return false;
                };
                let is_extended = (b'A'..=b'Z').any(|capital| behind.starts_with(&[b'.', capital]));
                is_extended
                    || behind.starts_with(b".0001")
                    || may_end(text.as_bytes(), at + code.len())
            };
            let begins = |at: &usize| {
                may_begin(text.as_bytes(), *at) && codes.iter().any(|code| stands(*at, code))
            };
            let expected: Vec<usize> = (0..text.len()).filter(begins).collect();

            for sight in [Sight::Halves, Sight::Lower, Sight::LowerTwice] {
                let cover = Cover::of(&codes, &needles, &fragments, &background, sight).expect("they are few");
                for parts in [PARTS, Parts { bytes, rich }] {
                    let cover = cover.clone().in_parts(parts.bytes, parts.rich);
                    let mut found = Vec::new();
                    cover.for_each(text.as_bytes(), |start| found.push(start));

                    for start in &expected {
                        prop_assert!(found.contains(start), "{start} {sight:?} {parts:?}");
                    }
                }
            }
        }
    }
}
