//! Bytes known by their halves: each half selects a set of buckets, and a byte those in both sets.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x32};

use super::{FRAGMENT_BYTES, STEP_BYTES, Step};

/// The number of bytes in a vector: a step takes two.
const VECTOR_BYTES: usize = STEP_BYTES / 2;

/// A set of buckets for each half of a byte, at each place of a fragment.
type Sets = [[u8; 16]; FRAGMENT_BYTES];

/// The buckets of all halves.
#[derive(Clone, Debug)]
pub(super) struct Halves {
    low: Sets,
    high: Sets,
}

/// The same as vectors.
pub(super) struct Vectors<S: Simd> {
    simd: S,
    low: [u8x32<S>; FRAGMENT_BYTES],
    high: [u8x32<S>; FRAGMENT_BYTES],
}

impl Halves {
    /// Tables for fragments, each with its bucket.
    pub(super) fn new(fragments: impl Iterator<Item = ([u8; FRAGMENT_BYTES], u8)>) -> Self {
        let mut low = Sets::default();
        let mut high = Sets::default();
        for (text, bucket) in fragments {
            let bit = 1 << bucket;
            for (place, byte) in text.into_iter().enumerate() {
                low[place][usize::from(byte & 0xf)] |= bit;
                high[place][usize::from(byte >> 4)] |= bit;
            }
        }
        Halves { low, high }
    }

    #[inline(always)]
    pub(super) fn in_vectors<S: Simd>(&self, simd: S) -> Vectors<S> {
        Vectors {
            simd,
            low: twice(simd, &self.low),
            high: twice(simd, &self.high),
        }
    }
}

/// Each table in both blocks of a vector.
#[inline(always)]
fn twice<S: Simd>(simd: S, sets: &Sets) -> [u8x32<S>; FRAGMENT_BYTES] {
    let mut vectors = [u8x32::splat(simd, 0); FRAGMENT_BYTES];
    for (vector, table) in vectors.iter_mut().zip(sets) {
        let mut both = [0; VECTOR_BYTES];
        both[..16].copy_from_slice(table);
        both[16..].copy_from_slice(table);
        *vector = u8x32::from_slice(simd, &both);
    }
    vectors
}

impl<S: Simd> Step for Vectors<S> {
    #[inline(always)]
    fn passing(&self, window: &[u8]) -> u64 {
        // Written out: what is in a closure is not inlined into a function for this processor.
        let first = self.passing_from(window, 0);
        let second = self.passing_from(window, VECTOR_BYTES);
        first | second << VECTOR_BYTES
    }
}

impl<S: Simd> Vectors<S> {
    /// A bit for each of the 32 places from `from` on.
    #[inline(always)]
    fn passing_from(&self, window: &[u8], from: usize) -> u64 {
        let simd = self.simd;
        let mut buckets = u8x32::splat(simd, u8::MAX);
        for place in 0..FRAGMENT_BYTES {
            let start = from + place;
            let bytes = u8x32::from_slice(simd, &window[start..start + VECTOR_BYTES]);
            let low = bytes & u8x32::splat(simd, 0x0f);
            buckets = buckets
                & simd.swizzle_dyn_within_blocks_u8x32(self.low[place], low)
                & simd.swizzle_dyn_within_blocks_u8x32(self.high[place], bytes >> 4);
        }
        let none = u8x32::splat(simd, 0);
        !simd.simd_eq_u8x32(buckets, none).to_bitmask() & u64::from(u32::MAX)
    }
}
