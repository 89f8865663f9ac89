//! Bytes known by their lower halves, and two neighbours by a mixture of what else they have.
//!
//! Each of the four bytes of a fragment costs a look into a table of 16 bytes, and each pair of them one
//! more, where two looks for each byte would tell its upper half for itself. For few fragments one pair
//! tells enough.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x16, u8x32, u16x16};

use super::{FRAGMENT_BYTES, STEP_BYTES, Step};

/// The number of bytes in a vector: a step takes two.
const VECTOR_BYTES: usize = STEP_BYTES / 2;

/// How many pairs of bytes a fragment has.
pub(in crate::matcher::cover) const PAIRS: usize = FRAGMENT_BYTES / 2;

/// A set of buckets for each value of four bits.
type Set = [u8; 16];

/// The buckets of all values, of which the first `LOOKS` pairs are looked at.
#[derive(Clone, Debug)]
pub(super) struct Nibbles<const LOOKS: usize> {
    low: [Set; FRAGMENT_BYTES],
    mixed: [Set; LOOKS],
    /// Whether no fragment has other bytes than ASCII.
    is_ascii: bool,
}

/// The same as vectors. Where `ASCII` holds, no other byte needs to be found.
pub(super) struct Vectors<S: Simd, const LOOKS: usize, const ASCII: bool> {
    simd: S,
    low: [u8x32<S>; FRAGMENT_BYTES],
    mixed: [u8x32<S>; LOOKS],
}

/// Four bits of two bytes that follow on each other: the upper half of each, as far as they have room.
#[inline]
pub(in crate::matcher::cover) fn mixed(first: u8, second: u8) -> u8 {
    (first >> 4 ^ second >> 2) & 0xf
}

impl<const LOOKS: usize> Nibbles<LOOKS> {
    /// Tables for fragments, each with its bucket.
    pub(super) fn new(fragments: impl Iterator<Item = ([u8; FRAGMENT_BYTES], u8)>) -> Self {
        let mut nibbles = Nibbles {
            low: [Set::default(); FRAGMENT_BYTES],
            mixed: [Set::default(); LOOKS],
            is_ascii: true,
        };
        for (text, bucket) in fragments {
            let bit = 1 << bucket;
            for (set, byte) in nibbles.low.iter_mut().zip(text) {
                set[usize::from(byte & 0xf)] |= bit;
            }
            let (pairs, _) = text.as_chunks();
            for (set, &[first, second]) in nibbles.mixed.iter_mut().zip(pairs) {
                set[usize::from(mixed(first, second))] |= bit;
            }
            nibbles.is_ascii &= text.is_ascii();
        }
        nibbles
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    #[inline(always)]
    pub(super) fn in_vectors<S: Simd, const ASCII: bool>(
        &self,
        simd: S,
    ) -> Vectors<S, LOOKS, ASCII> {
        Vectors {
            simd,
            low: in_blocks(simd, &self.low),
            mixed: in_blocks(simd, &self.mixed),
        }
    }
}

/// Each table in both blocks of a vector.
#[inline(always)]
fn in_blocks<S: Simd, const SETS: usize>(simd: S, sets: &[Set; SETS]) -> [u8x32<S>; SETS] {
    let mut vectors = [u8x32::splat(simd, 0); SETS];
    for (vector, set) in vectors.iter_mut().zip(sets) {
        *vector = u8x32::block_splat(u8x16::from_slice(simd, set));
    }
    vectors
}

impl<S: Simd, const LOOKS: usize, const ASCII: bool> Step for Vectors<S, LOOKS, ASCII> {
    #[inline(always)]
    fn passing(&self, window: &[u8]) -> u64 {
        // Written out: what is in a closure is not inlined into a function for this processor.
        let first = self.passing_from(window, 0);
        let second = self.passing_from(window, VECTOR_BYTES);
        first | second << VECTOR_BYTES
    }
}

impl<S: Simd, const LOOKS: usize, const ASCII: bool> Vectors<S, LOOKS, ASCII> {
    /// A bit for each of the 32 places from `from` on.
    #[inline(always)]
    fn passing_from(&self, window: &[u8], from: usize) -> u64 {
        let simd = self.simd;
        let mut buckets = u8x32::splat(simd, u8::MAX);
        let mut bytes = [buckets; FRAGMENT_BYTES];
        for (place, bytes) in bytes.iter_mut().enumerate() {
            let start = from + place;
            *bytes = u8x32::from_slice(simd, &window[start..start + VECTOR_BYTES]);
            let low = low_half::<S, ASCII>(simd, *bytes);
            buckets &= simd.swizzle_dyn_within_blocks_u8x32(self.low[place], low);
        }
        for pair in 0..LOOKS {
            let mixed = shifted::<S, 4>(bytes[2 * pair]) ^ shifted::<S, 2>(bytes[2 * pair + 1]);
            let mixed = mixed & u8x32::splat(simd, 0xf);
            buckets &= simd.swizzle_dyn_within_blocks_u8x32(self.mixed[pair], mixed);
        }
        let none = u8x32::splat(simd, 0);
        !simd.simd_eq_u8x32(buckets, none).to_bitmask() & u64::from(u32::MAX)
    }
}

/// What a look into a table takes. The instruction of x86 looks at the lower half by itself, and finds
/// nothing for a byte beyond ASCII.
#[inline(always)]
fn low_half<S: Simd, const ASCII: bool>(simd: S, bytes: u8x32<S>) -> u8x32<S> {
    #[cfg(target_arch = "x86_64")]
    if ASCII && simd.level().as_sse4_2().is_some() {
        return bytes;
    }
    bytes & u8x32::splat(simd, 0xf)
}

/// The bytes without their lower bits, with bits of their neighbours above: those are masked out later.
#[inline(always)]
fn shifted<S: Simd, const BITS: u32>(bytes: u8x32<S>) -> u8x32<S> {
    let words: u16x16<S> = bytes.bitcast();
    (words >> BITS).bitcast()
}
