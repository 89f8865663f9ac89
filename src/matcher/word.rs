//! Letters, digits and `_`, of which tokens are made, alone and in a row.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x16};

/// The bytes that are letters, digits or `_`.
const WORD: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    bytes
};

/// Whether `byte` is a letter, a digit or `_`.
#[inline]
pub(crate) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

/// The end of the letters, digits and `_` from `start` on.
#[inline]
pub(super) fn words_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let others = others(bytes);
        if others != 0 {
            return at + others.trailing_zeros() as usize;
        }
        at += bytes.len();
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| is_word(byte)).count()
}

/// The start of the letters, digits and `_` before `end`, as far back as `floor`.
#[inline]
pub(super) fn words_start(text: &[u8], floor: usize, end: usize) -> usize {
    let mut at = end;
    while let Some(bytes) = text[..at].last_chunk()
        && at > floor
    {
        let others = others(bytes);
        if others != 0 {
            return floor.max(at - others.leading_zeros() as usize);
        }
        at -= bytes.len();
    }
    let rest = text.get(floor..at).unwrap_or_default();
    floor.max(at) - rest.iter().rev().take_while(|&&byte| is_word(byte)).count()
}

/// Which of 16 bytes is no letter, no digit and no `_`: a bit for each, the lowest for the first. Most
/// parts of tokens are shorter, so that one look suffices.
///
/// With the instructions for which the program is built: better ones gain nothing for so few bytes, and
/// would have to be chosen each time.
#[inline]
fn others(bytes: &[u8; 16]) -> u16 {
    dispatch!(Level::baseline(), simd => others_in(simd, bytes))
}

#[inline(always)]
fn others_in<S: Simd>(simd: S, bytes: &[u8; 16]) -> u16 {
    let bytes = u8x16::from_slice(simd, bytes);
    let letters = (bytes | u8x16::splat(simd, 0x20)) - u8x16::splat(simd, b'a');
    let digits = bytes - u8x16::splat(simd, b'0');
    let words = simd.simd_le_u8x16(letters, u8x16::splat(simd, b'z' - b'a'))
        | simd.simd_le_u8x16(digits, u8x16::splat(simd, 9))
        | simd.simd_eq_u8x16(bytes, u8x16::splat(simd, b'_'));
    !words.to_bitmask() as u16 // lossless: a bit for each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_from_others_at_every_place() {
        for byte in 0..=255 {
            for (at, filler) in (0..24).zip(b"a_Z0z9Ab".iter().cycle()) {
                let mut text = [*filler; 24];
                text[at] = byte;
                let expected = if is_word(byte) { 24 } else { at };

                assert_eq!(words_end(&text, 0), expected, "{}", text.escape_ascii());
                for floor in [0, 3, 20] {
                    let after = if is_word(byte) { 0 } else { at + 1 };
                    assert_eq!(words_start(&text, floor, 24), after.max(floor));
                }
            }
        }
    }
}
