//! Bytes known as a whole: each byte of ASCII selects a set of buckets.
//!
//! One look into a table instead of two, and nothing else than the fragments of a bucket, mixed place by
//! place, passes. What the look gives for bytes beyond ASCII is not defined: they may pass.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x64};

use super::{FRAGMENT_BYTES, STEP_BYTES, Step};

/// The number of bytes in a vector.
const VECTOR_BYTES: usize = STEP_BYTES;

/// How many bytes there are in ASCII.
const ASCII_BYTES: usize = 128;

/// A set of buckets for each byte, at each place of a fragment.
#[derive(Clone, Debug)]
pub(super) struct Whole([[u8; ASCII_BYTES]; FRAGMENT_BYTES]);

/// The same as vectors, two for each place.
pub(super) struct Vectors<S: Simd> {
    simd: S,
    tables: [[u8x64<S>; 2]; FRAGMENT_BYTES],
}

impl Whole {
    /// Tables for fragments of ASCII, each with the bit of its bucket.
    pub(super) fn new(fragments: impl Iterator<Item = ([u8; FRAGMENT_BYTES], u8)>) -> Self {
        let mut sets = [[0; ASCII_BYTES]; FRAGMENT_BYTES];
        for (text, bit) in fragments {
            for (set, byte) in sets.iter_mut().zip(text) {
                set[usize::from(byte)] |= bit;
            }
        }
        Whole(sets)
    }

    #[inline(always)]
    pub(super) fn in_vectors<S: Simd>(&self, simd: S) -> Vectors<S> {
        let mut tables = [[u8x64::splat(simd, 0); 2]; FRAGMENT_BYTES];
        for (vectors, table) in tables.iter_mut().zip(&self.0) {
            let (first, second) = table.split_at(VECTOR_BYTES);
            *vectors = [
                u8x64::from_slice(simd, first),
                u8x64::from_slice(simd, second),
            ];
        }
        Vectors { simd, tables }
    }
}

impl<S: Simd> Step for Vectors<S> {
    #[inline(always)]
    fn passing(&self, window: &[u8]) -> u64 {
        let simd = self.simd;
        let mut buckets = u8x64::splat(simd, u8::MAX);
        for (place, [first, second]) in self.tables.into_iter().enumerate() {
            let bytes = u8x64::from_slice(simd, &window[place..place + VECTOR_BYTES]);
            let taken = simd.concat_swizzle_dyn_u8x64(first, second, bytes);
            buckets = simd.and_u8x64(buckets, taken);
        }
        let none = u8x64::splat(simd, 0);
        simd.simd_ne_u8x64(buckets, none).to_bitmask()
    }
}
