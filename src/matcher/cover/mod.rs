//! Finds codes by fragments of them: few texts of four bytes, rare in logs, of which every code holds one.
//!
//! What is yielded is every place at which a code begins, and some at which none does. Of two codes
//! that overlap, the one that begins first comes first.

mod around;
mod background;
mod bucket;
mod collect;
mod exact;
mod filter;
mod fragment;
mod grams;
mod narrow;
mod openings;
mod starts;
mod tokens;
mod vocabulary;

use around::Around;
use background::Background;
use filter::{Filter, Passed, Sight};
use fragment::{FRAGMENT_BYTES, Fragment};
use narrow::Narrower;
use openings::Openings;
use tokens::Tokens;
use vocabulary::Vocabulary;

use super::engine::Needles;
use super::word_bytes::is_word;

/// Parts of less than 64 KiB were slower: at each change between filtering and looking the memory is left
/// idle. In text with a code on every line 6 candidates a KiB pass, 17 with 11,545 codes, and in text
/// made of fragments 96 and more; 64 a KiB are rich. With 32 programs were slower, whose candidates mostly
/// end at the first look.
const PARTS: Parts = Parts {
    bytes: 64 * 1024,
    rich: 64 * 64,
};

/// The fragment at a part's last place ends this far in the next part.
const OVERLAP_BYTES: usize = FRAGMENT_BYTES - 1;

/// Finds the places at which a code might begin.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    filter: Filter,
    narrower: Narrower,
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
        let around = Around::new(fragments)?;
        let buckets = bucket::assign(fragments, background, sight);
        let openings = Openings::new(needles.openings.iter().map(AsRef::as_ref));
        Some(Cover {
            filter: Filter::new(fragments, &buckets, sight),
            narrower: Narrower::new(around, openings),
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
        let mut room = narrow::Room::default();
        let mut tokens_room = tokens::Room::default();
        let mut begins = Vec::new();
        let mut candidates = 0;
        for from in (0..text.len()).step_by(self.parts.bytes) {
            let end = text.len().min(from + self.parts.bytes + OVERLAP_BYTES);
            let count = self.filter.find(&text[from..], end - from, &mut passed);
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
                    self.narrower.openings(),
                    &mut tokens_room,
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
            let begins = self.narrower.find(text, from, passed, here, &mut room);
            begins.iter().copied().for_each(&mut look);
        }
        candidates
    }

    /// How many fragments there are.
    pub(crate) fn fragments(&self) -> usize {
        self.narrower.fragments()
    }

    /// The same cover for parts of so many `bytes`, which are rich from so many candidates on.
    #[cfg(test)]
    pub(crate) fn in_parts(mut self, bytes: usize, rich: usize) -> Self {
        self.parts = Parts { bytes, rich };
        self
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Self>() + self.narrower.memory_usage() + self.vocabulary.memory_usage()
    }
}

fn begin_as_tokens(codes: &[&[u8]]) -> bool {
    codes
        .iter()
        .all(|code| code.first().is_some_and(|&byte| is_word(byte)))
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
            let needles = Needles {
                openings: codes.map(Into::into).into(),
                codes: codes.into(),
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

            for sight in [Sight::Nibbles, Sight::NibblesTwice, Sight::Lower, Sight::LowerTwice] {
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
