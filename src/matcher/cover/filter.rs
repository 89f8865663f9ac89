//! Finds fragments in text, 64 places at a time.
//!
//! The method is that of Teddy in Hyperscan (Langdale and others): a byte's low half and its high
//! half each select a set of buckets, and where the sets for four bytes in a row have a bucket in
//! common a fragment may stand. What passes is looked up. No step depends on how much passes, so
//! that text full of fragments takes little longer than text without.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x32};

use super::bucket::BUCKETS;
use super::fragment::{FRAGMENT_BYTES, Fragment};

/// The number of bytes in a vector.
const VECTOR_BYTES: usize = 32;

/// How many places one step looks at.
const STEP_BYTES: usize = 2 * VECTOR_BYTES;

/// How much text one step reads.
const WINDOW_BYTES: usize = STEP_BYTES + FRAGMENT_BYTES - 1;

/// How many places of a step are written down without asking whether there are so many.
const USUAL_HITS: usize = 3;

/// A set of buckets for each half of a byte.
type Halves = [[u8; 16]; FRAGMENT_BYTES];

/// Finds the places of fragments, and of some texts that look like them.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    low: Halves,
    high: Halves,
    level: Level,
}

impl Filter {
    /// A filter for `fragments`, each in its bucket.
    pub(super) fn new(fragments: &[Fragment], buckets: &[usize]) -> Self {
        let mut low = Halves::default();
        let mut high = Halves::default();
        for (fragment, bucket) in fragments.iter().zip(buckets) {
            let bit = 1 << (bucket % BUCKETS);
            for (place, byte) in fragment.text.into_iter().enumerate() {
                low[place][usize::from(byte & 0xf)] |= bit;
                high[place][usize::from(byte >> 4)] |= bit;
            }
        }
        Filter {
            low,
            high,
            level: Level::new(),
        }
    }

    /// Fills `hits` with the places that the filter lets pass.
    pub(super) fn find(&self, text: &[u8], hits: &mut Vec<u32>) {
        dispatch!(self.level, simd => find(simd, self, text, hits))
    }
}

/// The tables of the filter, as vectors.
struct Tables<S: Simd> {
    low: [u8x32<S>; FRAGMENT_BYTES],
    high: [u8x32<S>; FRAGMENT_BYTES],
}

// Everything from here on is inlined into one function for each level: vectors in registers, and no
// call between them.

#[inline(always)]
fn find<S: Simd>(simd: S, filter: &Filter, text: &[u8], hits: &mut Vec<u32>) {
    let tables = Tables {
        low: twice(simd, &filter.low),
        high: twice(simd, &filter.high),
    };
    let mut count = 0;
    let mut at = 0;
    while let Some(window) = text.get(at..at + WINDOW_BYTES) {
        count = note(step(simd, &tables, window), at, hits, count);
        at += STEP_BYTES;
    }
    // The last places are looked at in a copy with zeroes behind it.
    while at + FRAGMENT_BYTES <= text.len() {
        let mut window = [0; WINDOW_BYTES];
        let rest = &text[at..text.len().min(at + WINDOW_BYTES)];
        window[..rest.len()].copy_from_slice(rest);
        count = note(step(simd, &tables, &window), at, hits, count);
        at += STEP_BYTES;
    }
    hits.truncate(count);
}

/// Each table in both blocks of a vector.
#[inline(always)]
fn twice<S: Simd>(simd: S, halves: &Halves) -> [u8x32<S>; FRAGMENT_BYTES] {
    let mut vectors = [u8x32::splat(simd, 0); FRAGMENT_BYTES];
    for (vector, table) in vectors.iter_mut().zip(halves) {
        let mut both = [0; VECTOR_BYTES];
        both[..16].copy_from_slice(table);
        both[16..].copy_from_slice(table);
        *vector = u8x32::from_slice(simd, &both);
    }
    vectors
}

/// A bit for each of the first 64 places of `window`, set where a fragment may stand.
#[inline(always)]
fn step<S: Simd>(simd: S, tables: &Tables<S>, window: &[u8]) -> u64 {
    let first = passing(simd, tables, window, 0);
    let second = passing(simd, tables, window, VECTOR_BYTES);
    first | second << VECTOR_BYTES
}

/// A bit for each of the 32 places from `from` on.
#[inline(always)]
fn passing<S: Simd>(simd: S, tables: &Tables<S>, window: &[u8], from: usize) -> u64 {
    let mut buckets = u8x32::splat(simd, u8::MAX);
    for place in 0..FRAGMENT_BYTES {
        let start = from + place;
        let bytes = u8x32::from_slice(simd, &window[start..start + VECTOR_BYTES]);
        let low = bytes & u8x32::splat(simd, 0x0f);
        buckets = buckets
            & simd.swizzle_dyn_within_blocks_u8x32(tables.low[place], low)
            & simd.swizzle_dyn_within_blocks_u8x32(tables.high[place], bytes >> 4);
    }
    let none = u8x32::splat(simd, 0);
    !simd.simd_eq_u8x32(buckets, none).to_bitmask() & u64::from(u32::MAX)
}

/// Writes a place for each bit of `passed` behind the `count` hits there are.
#[inline(always)]
fn note(mut passed: u64, at: usize, hits: &mut Vec<u32>, count: usize) -> usize {
    if hits.len() < count + STEP_BYTES {
        hits.resize(2 * (count + STEP_BYTES), 0);
    }
    let all = count + passed.count_ones() as usize;
    // Written whether there are so many or not: a wrong guess costs more than a write.
    for hit in &mut hits[count..count + USUAL_HITS] {
        *hit = at as u32 + passed.trailing_zeros();
        passed &= passed.wrapping_sub(1);
    }
    let mut next = count + USUAL_HITS;
    while passed != 0 {
        hits[next] = at as u32 + passed.trailing_zeros();
        passed &= passed - 1;
        next += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(text: &[u8; 4]) -> Fragment {
        Fragment {
            text: *text,
            offsets: vec![0],
            leads: Vec::new(),
        }
    }

    fn hits(filter: &Filter, text: &[u8]) -> Vec<u32> {
        let mut hits = Vec::new();
        filter.find(text, &mut hits);
        hits
    }

    #[test]
    fn a_fragment_is_found_at_every_place_of_a_text_of_every_length() {
        let filter = Filter::new(&[fragment(b"APIG")], &[3]);
        for len in 4..200 {
            for at in 0..=len - 4 {
                let mut text = vec![b'x'; len];
                text[at..at + 4].copy_from_slice(b"APIG");

                assert_eq!(hits(&filter, &text), [at as u32], "{len}");
            }
        }
    }

    #[test]
    fn text_may_be_full_of_hits() {
        let filter = Filter::new(&[fragment(b"AAAA")], &[0]);

        assert!(hits(&filter, &[b'A'; 1000]).into_iter().eq(0..997));
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn every_level_of_the_processor_finds_the_same() {
        let best = Level::new();
        let levels = [
            best.as_sse2().map(|token| token.level()),
            best.as_sse4_2().map(|token| token.level()),
            best.as_avx2().map(|token| token.level()),
        ];
        let fragments = [fragment(b"APIG"), fragment(b"dOpe"), fragment(b"UC.0")];
        let mut filter = Filter::new(&fragments, &[0, 1, 1]);
        let text = b"APIG.1002 FailedOperation UC.00011 \xe9\x94\x99 APIgdOPe".repeat(9);
        let expected = hits(&filter, &text);
        assert!(expected.len() >= 27);

        for level in levels.into_iter().flatten() {
            filter.level = level;

            assert_eq!(hits(&filter, &text), expected, "{level:?}");
        }
    }
}
