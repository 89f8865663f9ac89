//! Bytes known by their lower six bits, each value of which selects a set of buckets.
//!
//! One look into a table of 64 bytes instead of two into smaller ones, which leaves room for a second
//! half of the buckets. Capitals are known by them as well as by all bits: what else has theirs is rare.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x64};

use super::{FRAGMENT_BYTES, LOOK_BUCKETS, STEP_BYTES, Step};

/// The number of bytes in a vector.
const VECTOR_BYTES: usize = STEP_BYTES;

/// How many values six bits have.
const VALUES: usize = 64;

/// A set of buckets for each value, at each place of a fragment.
type Sets = [[u8; VALUES]; FRAGMENT_BYTES];

/// The buckets of all values: eight for each look.
#[derive(Clone, Debug)]
pub(super) struct Lower<const LOOKS: usize>([Sets; LOOKS]);

/// The same as vectors.
pub(super) struct Vectors<S: Simd, const LOOKS: usize> {
    simd: S,
    tables: [[u8x64<S>; FRAGMENT_BYTES]; LOOKS],
}

impl<const LOOKS: usize> Lower<LOOKS> {
    /// Tables for fragments, each with its bucket.
    pub(super) fn new(fragments: impl Iterator<Item = ([u8; FRAGMENT_BYTES], u8)>) -> Self {
        let mut sets = [[[0; VALUES]; FRAGMENT_BYTES]; LOOKS];
        for (text, bucket) in fragments {
            let look = &mut sets[usize::from(bucket) / LOOK_BUCKETS];
            for (set, byte) in look.iter_mut().zip(text) {
                set[usize::from(byte) % VALUES] |= 1 << (usize::from(bucket) % LOOK_BUCKETS);
            }
        }
        Lower(sets)
    }

    #[inline(always)]
    pub(super) fn in_vectors<S: Simd>(&self, simd: S) -> Vectors<S, LOOKS> {
        let mut tables = [[u8x64::splat(simd, 0); FRAGMENT_BYTES]; LOOKS];
        for (vectors, sets) in tables.iter_mut().zip(&self.0) {
            for (vector, set) in vectors.iter_mut().zip(sets) {
                *vector = u8x64::from_slice(simd, set);
            }
        }
        Vectors { simd, tables }
    }
}

impl<S: Simd, const LOOKS: usize> Step for Vectors<S, LOOKS> {
    #[inline(always)]
    fn passing(&self, window: &[u8]) -> u64 {
        let simd = self.simd;
        let mut buckets = [u8x64::splat(simd, u8::MAX); LOOKS];
        for place in 0..FRAGMENT_BYTES {
            let bytes = u8x64::from_slice(simd, &window[place..place + VECTOR_BYTES]);
            let values = simd.and_u8x64(bytes, u8x64::splat(simd, VALUES as u8 - 1));
            for (buckets, tables) in buckets.iter_mut().zip(&self.tables) {
                *buckets = simd.and_u8x64(*buckets, simd.swizzle_dyn_u8x64(tables[place], values));
            }
        }
        let mut some = u8x64::splat(simd, 0);
        for buckets in buckets {
            some = simd.or_u8x64(some, buckets);
        }
        simd.simd_ne_u8x64(some, u8x64::splat(simd, 0)).to_bitmask()
    }
}
