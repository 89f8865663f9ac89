//! Where lines begin and end, and what else is to be found by a look at all bytes of a text.
//!
//! One such look at every block, in vectors as wide as the processor has them.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x16};

/// How many bytes have a bit each in a word.
const WORD_BYTES: usize = u64::BITS as usize;

/// How many words are written before anything is made of them: a bit for each, and no more newlines in a
/// lane of the smallest vectors, of which a word takes four, than a byte can count.
const WORDS: usize = u8::MAX as usize / 4;

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
    let likely = Likely::new(pairs);
    let mut newlines = 0;
    let mut at = 0;
    let mut begins = [0; WORDS];
    // The byte behind a word's may be the second one of a pair.
    while at + WORD_BYTES < text.len() {
        let begins = &mut begins[..WORDS.min((text.len() - 1 - at) / WORD_BYTES)];
        let window = &text[at..=at + begins.len() * WORD_BYTES];
        let (count, some) =
            dispatch!(level, simd => look_in::<_, PAIRS>(simd, window, &likely, begins));
        newlines += count;
        for number in bits(some) {
            bits(begins[number]).for_each(|bit| found(at + number * WORD_BYTES + bit));
        }
        at += begins.len() * WORD_BYTES;
    }
    for at in at..text.len() {
        newlines += usize::from(text[at] == b'\n');
        if pairs.iter().any(|pair| text[at..].starts_with(pair)) {
            found(at);
        }
    }
    newlines
}

/// The pair that a byte may begin, by its lower half: one look, however many pairs there are.
struct Likely {
    first: [u8; 16],
    second: [u8; 16],
}

impl Likely {
    fn new<const PAIRS: usize>(pairs: [[u8; 2]; PAIRS]) -> Self {
        // Where no pair begins, a byte that has another lower half.
        let mut first = std::array::from_fn(|low| !(low as u8));
        let mut second = [0; 16];
        for [byte, next] in pairs {
            let low = usize::from(byte & 0xf);
            assert_ne!(
                usize::from(first[low] & 0xf),
                low,
                "these pairs begin alike"
            );
            first[low] = byte;
            second[low] = next;
        }
        Likely { first, second }
    }
}

/// Sets a bit of `begins` for each place at which a pair begins. Returns how many newlines there are,
/// and a bit for each word in which a pair begins; the last byte of `text` is looked at as the second
/// one of a pair alone.
#[inline(always)]
fn look_in<S: Simd, const PAIRS: usize>(
    simd: S,
    text: &[u8],
    likely: &Likely,
    begins: &mut [u64],
) -> (usize, u64) {
    let first = S::u8s::block_splat(u8x16::from_slice(simd, &likely.first));
    let second = S::u8s::block_splat(u8x16::from_slice(simd, &likely.second));
    let none = S::u8s::splat(simd, 0);
    let one = S::u8s::splat(simd, 1);
    let mut newlines = none;
    let mut some = 0;
    for (number, begins) in begins.iter_mut().enumerate() {
        let window = &text[number * WORD_BYTES..][..=WORD_BYTES];
        let mut places = 0;
        for at in (0..WORD_BYTES).step_by(S::u8s::LEN) {
            let here = S::u8s::from_slice(simd, &window[at..at + S::u8s::LEN]);
            newlines += here.simd_eq(b'\n').select(one, none);
            if PAIRS > 0 {
                let behind = S::u8s::from_slice(simd, &window[at + 1..=at + S::u8s::LEN]);
                let low = here & 0xf;
                let others = (first.swizzle_dyn_within_blocks(low) ^ here)
                    | (second.swizzle_dyn_within_blocks(low) ^ behind);
                places |= others.simd_eq(none).to_bitmask() << at;
            }
        }
        *begins = places;
        some |= u64::from(places != 0) << number;
    }
    let counts = newlines.as_slice().iter().copied();
    (counts.map(usize::from).sum(), some)
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
