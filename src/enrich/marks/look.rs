//! What 64 bytes are, told by two looks at small tables.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x64};

use super::{STATUS_DIGITS, STEP_BYTES};
use crate::matcher::MAX_ESCAPE_BYTES;

const DIGITS: u32 = STATUS_DIGITS as u32;

// No escape that ends in one step begins before the last one.
const _: () = assert!(MAX_ESCAPE_BYTES < STEP_BYTES);

/// What is seen of 64 bytes: a bit for each, the first byte's lowest.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) digits: u64,
    /// The digits with which a status begins.
    firsts: u64,
    /// What makes digits before it the beginning of something else: letters and digits, but not the
    /// E of an `Error` that nothing parts from its status.
    goes_on: u64,
    /// What parts the numbers of dates, paths and lists: `+,-./`.
    joins: u64,
    /// What an escape that ends in a letter or a digit has: `\`, `#`, `%` or `[`.
    escapes: u64,
    pub(super) colons: u64,
    pub(super) tees: u64,
}

impl Seen {
    /// What is seen of the bytes behind the first `count`, at most 64.
    #[inline(always)]
    pub(super) fn without_first(self, count: usize) -> Self {
        let behind = |seen: u64| seen.unbounded_shr(count as u32);
        Seen {
            digits: behind(self.digits),
            firsts: behind(self.firsts),
            goes_on: behind(self.goes_on),
            joins: behind(self.joins),
            escapes: behind(self.escapes),
            colons: behind(self.colons),
            tees: behind(self.tees),
        }
    }

    /// What stands behind three digits that may be a status, by themselves and by the bytes around them.
    #[inline(always)]
    pub(super) fn behind_statuses(&self, before: &Seen) -> u64 {
        let back =
            |before: u64, here: u64, places: u32| here << places | before >> (u64::BITS - places);
        let digits = |places| back(before.digits, self.digits, places);
        let others = (1..DIGITS).fold(u64::MAX, |all, places| all & digits(places));
        let numbers = back(before.firsts, self.firsts, DIGITS) & others;
        // A number ends an escape or begins behind one, or else it is one by itself.
        let has_escapes = before.escapes | self.escapes != 0;
        let words = back(before.goes_on, self.goes_on, DIGITS + 1);
        let is_inside = words & u64::from(has_escapes).wrapping_sub(1);
        let is_joined = back(before.joins, self.joins, DIGITS + 1);
        numbers & !self.goes_on & !is_inside & !is_joined
    }
}

/// What `bytes` are.
#[inline(always)]
pub(super) fn look<S: Simd>(simd: S, bytes: &[u8; STEP_BYTES]) -> Seen {
    let bytes = u8x64::from_slice(simd, bytes);
    let kinds = kinds(simd, bytes);
    let none = u8x64::splat(simd, 0);
    let have = |kind: u8| {
        let others = simd.and_u8x64(kinds, u8x64::splat(simd, kind));
        !simd.simd_eq_u8x64(others, none).to_bitmask()
    };
    let are = |byte: u8| {
        simd.simd_eq_u8x64(bytes, u8x64::splat(simd, byte))
            .to_bitmask()
    };
    Seen {
        digits: have(DIGIT),
        firsts: have(FIRST),
        goes_on: have(DIGIT | LETTER),
        joins: have(JOIN),
        escapes: have(ESCAPE),
        colons: have(COLON),
        tees: are(b'T'),
    }
}

/// The kinds of each byte: what the tables of both its halves have in common.
#[inline(always)]
fn kinds<S: Simd>(simd: S, bytes: u8x64<S>) -> u8x64<S> {
    let half = u8x64::splat(simd, 0x0f);
    let lower = simd.and_u8x64(bytes, half);
    let upper = simd.and_u8x64(simd.shr_u8x64(bytes, 4), half);
    let of = |table: &[u8; STEP_BYTES], halves| {
        simd.swizzle_dyn_within_blocks_u8x64(u8x64::from_slice(simd, table), halves)
    };
    simd.and_u8x64(of(&KINDS[0], upper), of(&KINDS[1], lower))
}

// Kinds of bytes, as they are in the fields of [`Seen`]: a bit, or two where two ranges make up one.

const DIGIT: u8 = 1;
const FIRST: u8 = 1 << 1;
const LETTER: u8 = 3 << 2;
const JOIN: u8 = 1 << 4;
const COLON: u8 = 1 << 5;
const ESCAPE: u8 = 3 << 6;

/// Kinds of bytes by their upper and by their lower half, once for each 16 bytes of a step.
const KINDS: [[u8; STEP_BYTES]; 2] = {
    // A bit, and which upper and which lower halves the bytes have that it stands for.
    let kinds: [(u8, u16, u16); u8::BITS as usize] = [
        (DIGIT, 1 << 3, 0x03ff),
        (FIRST, 1 << 3, 0x003e),
        // Without `E` and `e`.
        (1 << 2, 1 << 4 | 1 << 6, 0xffde),
        (1 << 3, 1 << 5 | 1 << 7, 0x07ff),
        (JOIN, 1 << 2, 0xf800),
        (COLON, 1 << 3, 1 << 0xa),
        // `[` and `\`, and `#` and `%`.
        (1 << 6, 1 << 5, 3 << 0xb),
        (1 << 7, 1 << 2, 1 << 3 | 1 << 5),
    ];
    let mut tables = [[0; STEP_BYTES]; 2];
    let mut place = 0;
    while place < STEP_BYTES {
        let half = place % 16;
        let mut kind = 0;
        while kind < kinds.len() {
            let (bit, upper, lower) = kinds[kind];
            tables[0][place] |= bit * (upper >> half & 1) as u8;
            tables[1][place] |= bit * (lower >> half & 1) as u8;
            kind += 1;
        }
        place += 1;
    }
    tables
};
