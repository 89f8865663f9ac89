//! Finds fragments in text, 64 places at a time.
//!
//! The method is that of Teddy in Hyperscan (Langdale and others): each byte selects a set of buckets,
//! and where the sets for four bytes in a row have a bucket in common a fragment may stand. What passes
//! is looked up. No step depends on how much passes, so that text full of fragments takes little longer
//! than text without.

mod ahead;
mod lower;
pub(super) mod nibbles;

use fearless_simd::{Level, Simd, dispatch};

use super::fragment::{FRAGMENT_BYTES, Fragment};
use ahead::fetch;
use lower::Lower;
use nibbles::Nibbles;

/// How many places one step looks at.
const STEP_BYTES: usize = 64;

/// How many places are noted together: the fewer instructions there are for a byte, the more of the
/// text is on its way from memory at a time.
const STRIDE_BYTES: usize = 2 * STEP_BYTES;

/// How much text is read for that.
const WINDOW_BYTES: usize = STRIDE_BYTES + FRAGMENT_BYTES - 1;

/// How many buckets one look tells: a bit of a byte for each.
const LOOK_BUCKETS: usize = u8::BITS as usize;

/// From so many fragments on twice as many buckets pay for the time they take. Measured with 34 and
/// with 90 of them, for 537 and 11,545 codes: only half as much passed for the latter, and nothing less
/// for the former.
const MANY_FRAGMENTS: usize = 48;

/// What a filter knows a byte by, and how many buckets it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Its lower half, and a mixture of the first two bytes: five looks into tables of 16 bytes.
    Nibbles,
    /// The same with the other two bytes: six looks.
    NibblesTwice,
    /// Its lower six bits: a look into a table of 64 bytes, for which only few processors have an instruction.
    Lower,
    /// The same with twice as many buckets: two looks.
    LowerTwice,
}

/// Finds the places of fragments, and of some texts that look like them.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    level: Level,
    tables: Tables,
}

#[derive(Clone, Debug)]
enum Tables {
    Nibbles(Nibbles<1>),
    NibblesTwice(Nibbles<2>),
    Lower(Box<Lower<1>>),
    LowerTwice(Box<Lower<2>>),
}

/// Those of 128 places from `from` on that pass: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Passed {
    from: u32,
    places: [u64; 2],
}

/// One step with the tables in vectors.
trait Step {
    /// A bit for each of the first 64 places of `window`, set where a fragment may stand.
    fn passing(&self, window: &[u8]) -> u64;
}

impl Sight {
    /// The best sight of the processor for so many fragments.
    pub(super) fn best_for(fragments: usize) -> Self {
        match (looks_up_64_bytes(Level::new()), fragments < MANY_FRAGMENTS) {
            (false, true) => Sight::Nibbles,
            (false, false) => Sight::NibblesTwice,
            (true, true) => Sight::Lower,
            (true, false) => Sight::LowerTwice,
        }
    }

    /// Of how many pairs of bytes a mixture is looked at.
    pub(super) fn pairs(self) -> usize {
        match self {
            Sight::Nibbles => 1,
            Sight::NibblesTwice => 2,
            Sight::Lower | Sight::LowerTwice => 0,
        }
    }

    /// How many buckets there are.
    pub(super) fn buckets(self) -> usize {
        match self {
            Sight::Nibbles | Sight::NibblesTwice | Sight::Lower => LOOK_BUCKETS,
            Sight::LowerTwice => 2 * LOOK_BUCKETS,
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn looks_up_64_bytes(level: Level) -> bool {
    level.as_avx512().is_some()
}

#[cfg(not(target_arch = "x86_64"))]
fn looks_up_64_bytes(_: Level) -> bool {
    false
}

impl Filter {
    /// A filter for `fragments`, each in its bucket.
    pub(super) fn new(fragments: &[Fragment], buckets: &[u8], sight: Sight) -> Self {
        let texts = fragments.iter().map(|fragment| fragment.text);
        let texts = texts.zip(buckets.iter().copied());
        Filter {
            level: Level::new(),
            tables: match sight {
                Sight::Nibbles => Tables::Nibbles(Nibbles::new(texts)),
                Sight::NibblesTwice => Tables::NibblesTwice(Nibbles::new(texts)),
                Sight::Lower => Tables::Lower(Box::new(Lower::new(texts))),
                Sight::LowerTwice => Tables::LowerTwice(Box::new(Lower::new(texts))),
            },
        }
    }

    /// Writes the places that pass in the first `len` bytes of `text` to the front of `passed`, which
    /// grows as needed; returns how many elements have some.
    pub(super) fn find(&self, text: &[u8], len: usize, passed: &mut Vec<Passed>) -> usize {
        let strides = len.div_ceil(STRIDE_BYTES) + 1;
        if passed.len() < strides {
            passed.resize(strides, Passed::default());
        }
        match &self.tables {
            Tables::Nibbles(tables) => self.find_by_nibbles(tables, text, len, passed),
            Tables::NibblesTwice(tables) => self.find_by_nibbles(tables, text, len, passed),
            Tables::Lower(tables) => {
                dispatch!(self.level, simd => find(simd, &tables.in_vectors(simd), text, len, passed))
            }
            Tables::LowerTwice(tables) => {
                dispatch!(self.level, simd => find(simd, &tables.in_vectors(simd), text, len, passed))
            }
        }
    }

    fn find_by_nibbles<const LOOKS: usize>(
        &self,
        tables: &Nibbles<LOOKS>,
        text: &[u8],
        len: usize,
        passed: &mut [Passed],
    ) -> usize {
        if tables.is_ascii() {
            dispatch!(self.level, simd => {
                find(simd, &tables.in_vectors::<_, true>(simd), text, len, passed)
            })
        } else {
            dispatch!(self.level, simd => {
                find(simd, &tables.in_vectors::<_, false>(simd), text, len, passed)
            })
        }
    }
}

// Everything from here on is inlined into one function for each level: vectors in registers, and no
// call between them.

#[inline(always)]
fn find<S: Simd>(
    simd: S,
    step: &impl Step,
    whole: &[u8],
    len: usize,
    passed: &mut [Passed],
) -> usize {
    let text = &whole[..len];
    let mut count = 0;
    let mut note = |places: [u64; 2], at| {
        // Written whether a place passes or not: a wrong guess costs more than a write.
        passed[count] = Passed {
            from: at as u32,
            places,
        };
        count += usize::from(places[0] | places[1] != 0);
    };
    let mut at = 0;
    while let Some(window) = text.get(at..at + WINDOW_BYTES) {
        fetch(simd, whole, at, window);
        note(
            [step.passing(window), step.passing(&window[STEP_BYTES..])],
            at,
        );
        at += STRIDE_BYTES;
    }
    // The last places are looked at in a copy with zeroes behind it, which may look like a fragment.
    while at + FRAGMENT_BYTES <= text.len() {
        let mut window = [0; WINDOW_BYTES];
        let rest = &text[at..text.len().min(at + WINDOW_BYTES)];
        window[..rest.len()].copy_from_slice(rest);
        let places = rest.len() + 1 - FRAGMENT_BYTES;
        note(
            [
                step.passing(&window) & first_places(places),
                step.passing(&window[STEP_BYTES..])
                    & first_places(places.saturating_sub(STEP_BYTES)),
            ],
            at,
        );
        at += STRIDE_BYTES;
    }
    count
}

/// A bit for each of the first `count` places of a step.
fn first_places(count: usize) -> u64 {
    let others = STEP_BYTES.saturating_sub(count);
    // Lossless: at most 64.
    u64::MAX.unbounded_shr(others as u32)
}

impl Passed {
    /// How many places pass.
    #[inline]
    pub(super) fn count(&self) -> usize {
        let [first, second] = self.places;
        (first.count_ones() + second.count_ones()) as usize
    }

    /// A bit for each of 128 places, set where one passes, and where the first of them is.
    #[inline(always)]
    pub(super) fn places(&self) -> (u128, usize) {
        let [first, second] = self.places;
        // Both halves at once: which of them has the next place cannot be guessed.
        let places = u128::from(first) | u128::from(second) << STEP_BYTES;
        (places, self.from as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::levels;

    const SIGHTS: [Sight; 4] = [
        Sight::Nibbles,
        Sight::NibblesTwice,
        Sight::Lower,
        Sight::LowerTwice,
    ];

    fn fragment(text: &[u8; 4]) -> Fragment {
        Fragment {
            text: *text,
            places: Vec::new(),
        }
    }

    fn places(filter: &Filter, text: &[u8]) -> Vec<usize> {
        places_within(filter, text, text.len())
    }

    fn places_within(filter: &Filter, text: &[u8], len: usize) -> Vec<usize> {
        let mut passed = Vec::new();
        let count = filter.find(text, len, &mut passed);
        let places = passed[..count].iter().flat_map(|passed| {
            let (places, from) = passed.places();
            (0..u128::BITS as usize)
                .filter_map(move |at| (places >> at & 1 == 1).then_some(from + at))
        });
        places.collect()
    }

    #[test]
    fn a_fragment_is_found_at_every_place_of_a_text_of_every_length() {
        for sight in SIGHTS {
            let filter = Filter::new(&[fragment(b"APIG")], &[3], sight);
            for len in 4..200 {
                for at in 0..=len - 4 {
                    let mut text = vec![b'x'; len];
                    text[at..at + 4].copy_from_slice(b"APIG");

                    assert_eq!(places(&filter, &text), [at], "{len} {sight:?}");
                }
            }
        }
    }

    #[test]
    fn no_place_passes_that_is_not_asked_for() {
        for sight in SIGHTS {
            // The zeroes behind a text cannot be told from `@` by their lower bits.
            let filter = Filter::new(&[fragment(b"@@@@")], &[0], sight);
            for len in 4..200 {
                for more in [0, 1, 300, 9000] {
                    let text = vec![b'@'; len + more];

                    let found = places_within(&filter, &text, len);

                    assert!(found.into_iter().eq(0..len - 3), "{len} {more} {sight:?}");
                }
            }
        }
    }

    #[test]
    fn text_may_be_full_of_fragments() {
        for sight in SIGHTS {
            let filter = Filter::new(&[fragment(b"AAAA")], &[0], sight);

            assert!(places(&filter, &[b'A'; 1000]).into_iter().eq(0..997));
        }
    }

    #[test]
    fn a_fragment_may_have_other_bytes_than_ascii() {
        for sight in SIGHTS {
            let filter = Filter::new(&[fragment(b"\xe9\x94\x99\xe8")], &[0], sight);

            assert_eq!(places(&filter, "x错误".as_bytes()), [1], "{sight:?}");
        }
    }

    #[test]
    fn every_level_of_the_processor_finds_the_same() {
        let fragments = [fragment(b"APIG"), fragment(b"dOpe"), fragment(b"UC.0")];
        let text = b"APIG.1002 FailedOperation UC.00011 \xe9\x94\x99 APIgdOPe".repeat(9);
        for sight in SIGHTS {
            let mut filter = Filter::new(&fragments, &[0, 1, 1], sight);
            let expected = places(&filter, &text);
            assert!(expected.len() >= 27);

            for level in levels() {
                filter.level = level;

                assert_eq!(places(&filter, &text), expected, "{level:?} {sight:?}");
            }
        }
    }
}
