//! Where codes may begin in text that is rich in fragments: where its tokens begin.
//!
//! A fragment in such text is no sign of a code, and each costs a look. A token costs one too, but there
//! are few of them where fragments stand close together, and where they begin is told 64 bytes at a time.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, mask8x32, u8x32};

use super::is_word;
use crate::matcher::escape::{MAX_LAYERS, MAX_PARAMETER_BYTES};

/// How many places one step looks at.
const STEP_BYTES: usize = 64;

/// The number of bytes in a vector: a step takes two.
const VECTOR_BYTES: usize = STEP_BYTES / 2;

/// How far before the text that is asked for reading begins: farther than any code reaches back from
/// its fragment, and an escape from its end, taken together.
const BEFORE_BYTES: usize = 2 * STEP_BYTES;

/// Finds where tokens begin.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    level: Level,
}

/// What 64 bytes are: a bit for each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// Where a token begins, unless that is right behind an escape's last letter.
    begins: u64,
    /// Marks of escapes that may end in a letter or a digit.
    marks: u64,
}

/// What a step has to know of the bytes before it.
#[derive(Clone, Copy, Default)]
struct Before {
    /// Whether they are word bytes: a bit for the last and one for the last but one.
    words: u64,
    /// Whether the last is a dot.
    dots: u64,
    /// The marks of the step before.
    marks: u64,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Tokens {
            level: Level::new(),
        }
    }

    /// Calls `found` with every place in `from..end` of `text` at which a token begins, and with some
    /// shortly before it; `steps` is memory that is used again.
    #[inline]
    pub(super) fn for_each(
        &self,
        text: &[u8],
        from: usize,
        end: usize,
        steps: &mut Vec<Step>,
        mut found: impl FnMut(usize),
    ) {
        let from = from.saturating_sub(BEFORE_BYTES);
        steps.resize((end - from).div_ceil(STEP_BYTES), Step::default());
        let before = Before {
            words: u64::from(from > 0 && is_word(text[from - 1])),
            ..Before::default()
        };
        dispatch!(self.level, simd => find(simd, &text[from..end], before, steps));
        let mut ahead = 0;
        for (at, step) in (from..).step_by(STEP_BYTES).zip(steps.iter()) {
            let mut begins = u128::from(step.begins | ahead);
            if step.marks != 0 {
                begins |= behind_escapes(text, at, step.marks);
            }
            ahead = (begins >> STEP_BYTES) as u64;
            let mut begins = begins as u64;
            while begins != 0 {
                found(at + begins.trailing_zeros() as usize);
                begins &= begins - 1;
            }
        }
    }
}

/// The places, counted from `at`, that may follow on the escapes whose `marks` are among the 64 bytes there.
fn behind_escapes(text: &[u8], at: usize, mut marks: u64) -> u128 {
    let mut begins = 0;
    while marks != 0 {
        let place = marks.trailing_zeros() as usize;
        marks &= marks - 1;
        begins |= behind_escape(&text[at + place..]) << place;
    }
    begins
}

/// The places, counted from its mark, that may follow on the escape that `text` begins with.
///
/// Those behind a colour are more than 32 bytes away at most, those behind the others less.
fn behind_escape(text: &[u8]) -> u128 {
    match *text {
        [b'\\', b'n' | b't' | b'r' | b'b' | b'f', ..] => 1 << 2,
        [b'\\', b'x', ..] => 1 << 4,
        [b'\\', b'u', ..] => 1 << 6,
        [b'%', ..] => {
            let layers = text[1..].chunks_exact(2).take(MAX_LAYERS);
            let layers = layers.take_while(|layer| *layer == b"25").count();
            // Behind each layer: the next one may be none.
            (0..=layers).fold(0, |begins, layer| begins | 1 << (3 + 2 * layer))
        }
        [b'[', ref rest @ ..] => {
            let parameters = rest.iter().take(MAX_PARAMETER_BYTES);
            let parameters = parameters.take_while(|byte| matches!(byte, b'0'..=b'?'));
            1 << (2 + parameters.count())
        }
        _ => 0,
    }
}

// Everything from here on is inlined into one function for each level: vectors in registers, and no
// call between them.

#[inline(always)]
fn find<S: Simd>(simd: S, text: &[u8], mut before: Before, steps: &mut [Step]) {
    let mut at = 0;
    for step in steps {
        if let Some(window) = text.get(at..at + STEP_BYTES) {
            *step = look(simd, window, &mut before);
        } else {
            let mut window = [0; STEP_BYTES];
            window[..text.len() - at].copy_from_slice(&text[at..]);
            *step = look(simd, &window, &mut before);
        }
        at += STEP_BYTES;
    }
}

#[inline(always)]
fn look<S: Simd>(simd: S, window: &[u8], before: &mut Before) -> Step {
    let first = u8x32::from_slice(simd, &window[..VECTOR_BYTES]);
    let second = u8x32::from_slice(simd, &window[VECTOR_BYTES..]);
    let words = join(words(simd, first), words(simd, second));
    let dots = join(are(simd, first, b'.'), are(simd, second, b'.'));
    let marks = join(marks(simd, first), marks(simd, second));

    let behind_word = words << 1 | before.words & 1;
    let behind_dot = dots << 1 | before.dots;
    // A dot joins two parts of a token, unless what stands before it is the end of an escape.
    let joined = behind_dot & (behind_word << 1 | before.words >> 1);
    let is_plain = marks | before.marks == 0;
    let joined = joined & u64::from(is_plain).wrapping_neg();
    let begins = words & !behind_word & !joined;
    *before = Before {
        words: words >> 63 | words >> 62 << 1 & 2,
        dots: dots >> 63,
        marks,
    };
    Step { begins, marks }
}

/// Letters, digits and `_`.
#[inline(always)]
fn words<S: Simd>(simd: S, bytes: u8x32<S>) -> mask8x32<S> {
    let letters = (bytes | u8x32::splat(simd, 0x20)) - u8x32::splat(simd, b'a');
    let digits = bytes - u8x32::splat(simd, b'0');
    simd.simd_le_u8x32(letters, u8x32::splat(simd, b'z' - b'a'))
        | simd.simd_le_u8x32(digits, u8x32::splat(simd, 9))
        | are(simd, bytes, b'_')
}

/// `\`, `%` and `[`.
#[inline(always)]
fn marks<S: Simd>(simd: S, bytes: u8x32<S>) -> mask8x32<S> {
    are(simd, bytes, b'\\') | are(simd, bytes, b'%') | are(simd, bytes, b'[')
}

#[inline(always)]
fn are<S: Simd>(simd: S, bytes: u8x32<S>, byte: u8) -> mask8x32<S> {
    simd.simd_eq_u8x32(bytes, u8x32::splat(simd, byte))
}

/// A bit for each byte of two vectors.
#[inline(always)]
fn join<S: Simd>(first: mask8x32<S>, second: mask8x32<S>) -> u64 {
    first.to_bitmask() & u64::from(u32::MAX) | second.to_bitmask() << VECTOR_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::token::may_begin;

    /// Escapes, what looks like them, and what stands between.
    const PIECES: [&str; 18] = [
        "a", "7", ".", " ", "_", "m", "\\n", "\\x41", "\\u003c", "%22", "%2525", "&lt;", "[1;31m",
        "\x1b[0m", "[", "\\", "ESC[m", "错",
    ];

    fn begins(tokens: &Tokens, text: &[u8], from: usize, end: usize) -> Vec<usize> {
        let mut found = Vec::new();
        tokens.for_each(text, from, end, &mut Vec::new(), |start| found.push(start));
        found
    }

    fn levels() -> Vec<Level> {
        let best = Level::new();
        #[cfg(target_arch = "x86_64")]
        let others = [
            best.as_sse2().map(|token| token.level()),
            best.as_avx2().map(|token| token.level()),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let others: [Option<Level>; 0] = [];
        others.into_iter().flatten().chain([best]).collect()
    }

    #[test]
    fn no_place_is_passed_over_at_which_a_token_begins() {
        let mut tried = 0;
        for number in 0..PIECES.len().pow(4) {
            let digits = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = digits.map(|digit| PIECES[digit]).collect();
            // So that the pieces stand around the end of a step.
            let before = " ".repeat(STEP_BYTES - 2 - number % 29);
            let text = format!("{before}{text}APIG").into_bytes();
            let expected: Vec<usize> = (0..text.len())
                .filter(|&start| is_word(text[start]) && may_begin(&text, start))
                .collect();
            for level in levels() {
                let found = begins(&Tokens { level }, &text, 0, text.len());

                for start in &expected {
                    assert!(found.contains(start), "{start} {}", text.escape_ascii());
                    tried += 1;
                }
                assert!(found.is_sorted());
            }
        }
        assert!(tried > PIECES.len().pow(4));
    }

    #[test]
    fn every_level_of_the_processor_finds_the_same_from_everywhere() {
        let text = PIECES.concat().repeat(9).into_bytes();
        for from in 0..text.len() {
            let mut found = levels().into_iter().map(|level| {
                let found = begins(&Tokens { level }, &text, from, text.len());
                let inside = found.into_iter().filter(|&start| start >= from);
                inside.collect::<Vec<usize>>()
            });
            let first = found.next();

            assert!(found.all(|found| Some(&found) == first.as_ref()));
            let expected = |start: &usize| is_word(text[*start]) && may_begin(&text, *start);
            let missed = (from..text.len())
                .filter(expected)
                .find(|start| !first.as_ref().is_some_and(|found| found.contains(start)));
            assert_eq!(missed, None, "from {from}");
        }
    }

    #[test]
    fn a_part_that_a_dot_joins_to_its_token_is_no_beginning() {
        let tokens = Tokens::new();

        assert_eq!(begins(&tokens, b"com.acme.APIG ..APIG.7", 0, 22), [0, 16]);
        // What the dot stands behind is the end of an escape.
        assert!(begins(&tokens, b"%22.APIG", 0, 8).contains(&4));
    }
}
