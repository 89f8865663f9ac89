//! Where lines begin and end, and what else is to be found by a look at all bytes of a text, 64 at a time.
//!
//! One such look at every block; with AVX-512 it takes half the time of memchr's or less, whose vectors have
//! 32 bytes at most.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

/// How many bytes are compared at once.
const VECTOR_BYTES: usize = 64;

/// How many vectors are looked at before anything is made of them: a bit for each.
const VECTORS: usize = u64::BITS as usize;

/// How many newlines there are in `text`.
pub(crate) fn newlines(text: &[u8]) -> usize {
    look(text, [], |_| {})
}

/// Where the line of the byte at `at` ends.
pub(crate) fn line_end_behind(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |newline| at + newline)
}

/// Where the line of the byte at `at` begins.
pub(crate) fn line_start_before(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at]).map_or(0, |newline| newline + 1)
}

/// How many newlines there are in `text`; calls `found` with every place in it at which one of these
/// pairs of bytes begins, in order.
pub(crate) fn look<const PAIRS: usize>(
    text: &[u8],
    pairs: [[u8; 2]; PAIRS],
    found: impl FnMut(usize),
) -> usize {
    look_at(Level::new(), text, pairs, found)
}

fn look_at<const PAIRS: usize>(
    level: Level,
    text: &[u8],
    pairs: [[u8; 2]; PAIRS],
    mut found: impl FnMut(usize),
) -> usize {
    let mut newlines = 0;
    let mut at = 0;
    let mut begins = [0; VECTORS];
    // The byte behind a vector may be the second one of a pair.
    while at + VECTOR_BYTES < text.len() {
        let begins = &mut begins[..VECTORS.min((text.len() - 1 - at) / VECTOR_BYTES)];
        let window = &text[at..=at + begins.len() * VECTOR_BYTES];
        let (count, some) = dispatch!(level, simd => look_in(simd, window, pairs, begins));
        newlines += count;
        for number in bits(some) {
            bits(begins[number]).for_each(|bit| found(at + number * VECTOR_BYTES + bit));
        }
        at += begins.len() * VECTOR_BYTES;
    }
    for at in at..text.len() {
        newlines += usize::from(text[at] == b'\n');
        if pairs.iter().any(|pair| text[at..].starts_with(pair)) {
            found(at);
        }
    }
    newlines
}

/// Sets a bit of `begins` for each place at which a pair begins. Returns how many newlines there are,
/// and a bit for each vector in which a pair begins; the last byte of `text` is looked at as the second
/// one of a pair alone.
#[inline(always)]
fn look_in<S: Simd, const PAIRS: usize>(
    simd: S,
    text: &[u8],
    pairs: [[u8; 2]; PAIRS],
    begins: &mut [u64],
) -> (usize, u64) {
    let (here, _) = text.as_chunks::<VECTOR_BYTES>();
    let (behind, _) = text[1..].as_chunks::<VECTOR_BYTES>();
    let mut newlines = 0;
    let mut some = 0;
    for (number, ((here, behind), begins)) in here.iter().zip(behind).zip(begins).enumerate() {
        let here = u8x64::from_slice(simd, here);
        let behind = u8x64::from_slice(simd, behind);
        newlines += places(simd, here, b'\n').count_ones() as usize;
        if PAIRS > 0 {
            let mut least = u8x64::splat(simd, u8::MAX);
            for [first, second] in pairs {
                let first = here ^ u8x64::splat(simd, first);
                least = least.min(first | (behind ^ u8x64::splat(simd, second)));
            }
            *begins = places(simd, least, 0);
            some |= u64::from(*begins != 0) << number;
        }
    }
    (newlines, some)
}

/// Which of these bytes are this one: a bit for each.
#[inline(always)]
fn places<S: Simd>(simd: S, bytes: u8x64<S>, byte: u8) -> u64 {
    simd.simd_eq_u8x64(bytes, u8x64::splat(simd, byte))
        .to_bitmask()
}

/// The numbers of the bits that are set.
fn bits(word: u64) -> impl Iterator<Item = usize> {
    let rest = std::iter::successors(Some(word), |&rest| Some(rest & rest.wrapping_sub(1)));
    let rest = rest.take_while(|&rest| rest != 0);
    rest.map(|rest| rest.trailing_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matcher::levels;

    proptest! {
        #[test]
        fn every_level_of_the_processor_sees_what_a_look_at_each_byte_does(
            text in prop::collection::vec(prop::sample::select(&b"\nm\"\x8a"[..]), 0..900),
        ) {
            let newlines = text.iter().filter(|&&byte| byte == b'\n').count();
            let pairs = [*b"m\"", *b"\n\n"];
            let expected = |pairs: &[[u8; 2]]| -> Vec<usize> {
                let begins = |at: &usize| pairs.iter().any(|pair| text[*at..].starts_with(pair));
                (0..text.len()).filter(begins).collect()
            };

            for level in levels() {
                let (mut one, mut both) = (Vec::new(), Vec::new());
                let counted = [
                    look_at(level, &text, [], |_| unreachable!("no pair is looked for")),
                    look_at(level, &text, [pairs[0]], |at| one.push(at)),
                    look_at(level, &text, pairs, |at| both.push(at)),
                ];

                prop_assert_eq!(counted, [newlines; 3]);
                prop_assert_eq!(one, expected(&pairs[..1]));
                prop_assert_eq!(both, expected(&pairs));
            }
        }
    }
}
