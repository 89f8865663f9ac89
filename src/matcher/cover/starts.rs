//! Where a token may begin whose fragment was found.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x64};

use crate::matcher::escape::{may_end_escape, may_open_escape};
use crate::matcher::word_bytes::{is_word, words};

/// How many places are looked at: the fragment's own and those before it.
pub(super) const REACH_BYTES: usize = u64::BITS as usize;

/// The place of the fragment, which has the highest bit.
const OWN: u64 = 1 << (u64::BITS - 1);

/// Those of the `wanted` places at which a token may begin that reaches up to `at`: behind what is no token
/// byte, behind two dots, and behind an escape. A bit for each of the 64 places up to `at`, which has the
/// highest.
///
/// Where it cannot be seen whether one begins, one may.
#[inline(always)]
pub(super) fn before<S: Simd>(simd: S, text: &[u8], at: usize, wanted: u64) -> u64 {
    if wanted.is_power_of_two() {
        // What stands between needs no look: it is that of a code or will be found to be other.
        let begin = place(at, wanted);
        return if may_begin(text, begin) { wanted } else { 0 };
    }
    let first = (at + 1).wrapping_sub(REACH_BYTES);
    let bytes = match text.get(first..).and_then(<[u8]>::first_chunk) {
        Some(window) => u8x64::from_slice(simd, window as &[u8; REACH_BYTES]),
        None => {
            let mut window = [0; REACH_BYTES];
            window[REACH_BYTES - 1 - at..].copy_from_slice(&text[..=at]);
            u8x64::from_slice(simd, &window)
        }
    };
    let words = words(simd, bytes).to_bitmask();
    let dots = bytes.simd_eq(u8x64::splat(simd, b'.')).to_bitmask();
    let behind_word = words << 1;
    let joined = words & (dots & behind_word) << 1;
    // Where the letters, digits, `_` and dots begin that reach up to the fragment.
    let others = !(words | dots) & !OWN;
    let stretch = u64::BITS - others.leading_zeros();
    let reached = u64::MAX.unbounded_shl(stretch);
    let begins = wanted & (words & reached | OWN) & !behind_word & !joined;
    // The mark may stand before all that is seen.
    let before = first.wrapping_add(stretch as usize).wrapping_sub(1);
    let before = text.get(before).copied().unwrap_or_default();
    let is_behind_mark = (stretch == 0) | may_open_escape(before);
    let others = wanted & reached & !begins;
    if (others != 0) & is_behind_mark {
        let run = words.unbounded_shr(stretch).trailing_ones();
        return begins | behind_escapes(text, at, stretch, run, others);
    }
    begins
}

/// Whether a token may begin at `begin`, by what stands before it.
#[inline(always)]
fn may_begin(text: &[u8], begin: usize) -> bool {
    match text.get(begin.wrapping_sub(1)) {
        Some(&before) => !is_word(before) || may_end_escape(text, begin),
        None => begin == 0,
    }
}

/// Where the first place is that has a bit, of the 64 up to `at`.
#[inline(always)]
pub(super) fn place(at: usize, places: u64) -> usize {
    (at + 1 + places.trailing_zeros() as usize).wrapping_sub(REACH_BYTES)
}

/// The same behind an escape that ends in a run of letters, digits and `_`, which begins at the bit `start`:
/// inside that run, or behind the dot that follows on it.
fn behind_escapes(text: &[u8], at: usize, start: u32, run: u32, wanted: u64) -> u64 {
    let behind_dot = 1u64.unbounded_shl(start + run + 1);
    let inside = !u64::MAX.unbounded_shl(start + run) & u64::MAX.unbounded_shl(start);
    let mut begins = wanted & behind_dot;
    let mut places = wanted & inside;
    while places != 0 {
        if may_begin(text, place(at, places)) {
            begins |= places & places.wrapping_neg();
        }
        places &= places - 1;
    }
    begins
}

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use super::*;
    use crate::matcher::levels;
    use crate::matcher::token;

    /// Escapes, what looks like them, and what stands between.
    const PIECES: [&str; 20] = [
        "a", "7", ".", " ", "_", "m", "\\n", "n", "\\x41", "\\u005c", "%22", "%5C", "%2541",
        "&lt;", "[1;31m", "\x1b[0m", "[", "错", "#", "012",
    ];

    /// How many bytes before the fragment are written behind the pieces: so that those stand wherever the
    /// look ends, too.
    const BETWEEN: [usize; 8] = [0, 1, 48, 56, 59, 61, 62, 63];

    /// The places that are found, each for itself.
    fn found(text: &[u8], at: usize, wanted: u64) -> Vec<usize> {
        let found = |level| dispatch!(level, simd => before(simd, text, at, wanted));
        let mut found = levels().into_iter().map(found);
        let places = found.next().expect("there is a level");
        assert!(found.all(|other| other == places));
        let bits = (0..u64::BITS as usize).filter(|bit| places >> bit & 1 == 1);
        bits.map(|bit| at + 1 + bit - REACH_BYTES).collect()
    }

    #[test]
    fn no_place_is_passed_over_at_which_a_token_begins() {
        let (mut tried, mut exact) = (0, 0);
        for number in 0..PIECES.len().pow(4) {
            let digits = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let pieces: String = digits.map(|digit| PIECES[digit]).collect();
            let between = BETWEEN[number % BETWEEN.len()];
            let text = format!("{pieces}{}APIG", "a".repeat(between)).into_bytes();
            let at = text.len() - "APIG".len();
            let is_token = |start: &usize| {
                let before = &text[*start..at];
                before.iter().all(|&byte| is_word(byte) || byte == b'.')
            };
            let first = (at + 1).saturating_sub(REACH_BYTES);
            let begins = (first..=at).filter(is_token);
            let begins: Vec<usize> = begins
                .filter(|&start| token::may_begin(&text, start))
                .collect();
            let begins_word = |start: &usize| is_word(text[*start]);

            let anywhere = found(&text, at, u64::MAX);

            let begins: Vec<usize> = begins.into_iter().filter(begins_word).collect();
            for &start in &begins {
                assert!(anywhere.contains(&start), "{}", text.escape_ascii());
                let own = 1 << (REACH_BYTES - 1 - (at - start));
                assert_eq!(found(&text, at, own), [start]);
                tried += 1;
            }
            if at + 1 < REACH_BYTES && !pieces.contains(['\\', '#', '%', '[', ';']) {
                assert_eq!(anywhere, begins, "{}", text.escape_ascii());
                exact += 1;
            }
        }
        assert!(tried > PIECES.len().pow(3));
        assert!(exact > 1000);
    }

    #[test]
    fn only_wanted_places_are_found() {
        let text = b"a..b\\nAPIG";
        let offset = |offset: u32| 1 << (u64::BITS - 1 - offset);

        assert_eq!(found(text, 6, offset(0)), [6]);
        assert!(found(text, 6, offset(5)).is_empty());
        assert!(found(text, 6, offset(5) | offset(2)).is_empty());
        assert!(found(text, 6, 0).is_empty());
    }

    #[test]
    fn what_is_no_token_begins_where_its_fragment_does() {
        assert_eq!(found(b"x -1234", 2, 1 << 63), [2]);
        assert!(found(b"xx-1234", 2, 1 << 63).is_empty());
    }
}
