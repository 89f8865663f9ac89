//! Which bytes are letters, digits or `_`: one, and a vector at a time.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, mask8x32, u8x32};

/// How many bytes one look takes in.
pub(super) const LOOK_BYTES: usize = u32::BITS as usize;

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

/// What 32 bytes are: a bit for each, the first byte's lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// Letters, digits and `_`.
    pub(super) words: u32,
    pub(super) dots: u32,
}

impl Look {
    /// Looks at `bytes` with what every processor has that this is compiled for: a choice by the
    /// processor would cost more than it gives for so few.
    #[inline]
    pub(super) fn at(bytes: &[u8; LOOK_BYTES]) -> Self {
        dispatch!(Level::baseline(), simd => look(simd, bytes))
    }
}

#[inline(always)]
fn look<S: Simd>(simd: S, bytes: &[u8; LOOK_BYTES]) -> Look {
    let bytes = u8x32::from_slice(simd, bytes);
    // Lossless: there is a bit for each of 32 bytes.
    let bits = |mask: mask8x32<S>| mask.to_bitmask() as u32;
    Look {
        words: bits(words(simd, bytes)),
        dots: bits(simd.simd_eq_u8x32(bytes, u8x32::splat(simd, b'.'))),
    }
}

/// Letters, digits and `_`.
#[inline(always)]
pub(super) fn words<S: Simd, V: SimdInt<S, Element = u8>>(simd: S, bytes: V) -> V::Mask {
    let letters = (bytes | V::splat(simd, 0x20)) - V::splat(simd, b'a');
    let digits = bytes - V::splat(simd, b'0');
    letters.simd_le(V::splat(simd, b'z' - b'a'))
        | digits.simd_le(V::splat(simd, 9))
        | bytes.simd_eq(V::splat(simd, b'_'))
}

/// Every level that this processor has, to be compared.
#[cfg(test)]
pub(crate) fn levels() -> Vec<Level> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    let others = [
        best.as_sse2().map(|token| token.level()),
        best.as_sse4_2().map(|token| token.level()),
        best.as_avx2().map(|token| token.level()),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let others: [Option<Level>; 0] = [];
    others.into_iter().flatten().chain([best]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_from_others_at_every_place() {
        for byte in 0..=u8::MAX {
            for at in 0..LOOK_BYTES {
                let mut bytes = [b'/'; LOOK_BYTES];
                bytes[at] = byte;

                let expected = Look {
                    words: u32::from(byte.is_ascii_alphanumeric() || byte == b'_') << at,
                    dots: u32::from(byte == b'.') << at,
                };
                assert_eq!(Look::at(&bytes), expected, "{byte} {at}");
            }
        }
    }
}
