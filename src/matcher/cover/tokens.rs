//! Where codes may begin and end in text that is rich in fragments: where its tokens do.
//!
//! A fragment in such text is no sign of a code, and each costs a look. A token costs one too, but there
//! are few of them where fragments stand close together, and where they begin is told 64 bytes at a time.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, mask8x32, u8x32};

use super::collect::{STEPS, Words};
use super::openings::Openings;
use super::vocabulary::Word;
use crate::matcher::dictionary::MIN_DIGITS;
use crate::matcher::word_bytes::{is_word, words};

/// How many places one step looks at.
pub(super) const STEP_BYTES: usize = 64;

/// The number of bytes in a vector: a step takes two.
const VECTOR_BYTES: usize = STEP_BYTES / 2;

/// How far before the text that is asked for reading begins: farther than any code reaches back from
/// its fragment, and an escape from its end, taken together.
const BEFORE_BYTES: usize = 2 * STEP_BYTES;

/// Finds where tokens begin and end.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    level: Level,
}

/// What 64 bytes are: a bit for each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// Letters, digits and `_`.
    pub(super) words: u64,
    /// What ends a run of those, unless it is a dot behind which no code goes on.
    pub(super) ends: u64,
    /// Where a token begins, unless that is right behind an escape's last letter.
    pub(super) begins: u64,
    /// Where a dot seems to join two parts of a token: if the first is an escape, a token begins here.
    pub(super) behind_dots: u64,
    /// Marks of escapes that may end in a letter or a digit.
    pub(super) marks: u64,
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

/// Memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Room {
    steps: Vec<Step>,
    words: Words,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Tokens {
            level: Level::new(),
        }
    }

    /// Calls `found`, some at a time, with the words in `from..end` of `text` that begin where a code may
    /// and like one of `openings`, and with some shortly before it. Those that begin first come first,
    /// unless it is said that they are in disorder.
    #[inline]
    pub(super) fn for_each(
        &self,
        text: &[u8],
        from: usize,
        end: usize,
        openings: &Openings,
        room: &mut Room,
        mut found: impl FnMut(&[Word], bool),
    ) {
        let from = from.saturating_sub(BEFORE_BYTES);
        let Room { steps, words } = room;
        steps.resize((end - from).div_ceil(STEP_BYTES), Step::default());
        let before = Before {
            words: u64::from(from > 0 && is_word(text[from - 1])),
            ..Before::default()
        };
        dispatch!(self.level, simd => find(simd, &text[from..end], before, steps));
        words.begin(from);
        let mut at = from;
        for some in steps.chunks(STEPS) {
            for step in some {
                words.take(text, at, *step, openings);
                at += STEP_BYTES;
            }
            if at >= end {
                words.leave_open();
            }
            let is_in_disorder = words.take_disorder();
            found(words.collected(), is_in_disorder);
        }
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
    let extends = extends(
        join(digits(simd, first), digits(simd, second)),
        join(capitals(simd, first), capitals(simd, second)),
    );
    let marks = join(marks(simd, first), marks(simd, second));

    let behind_word = words << 1 | before.words & 1;
    let behind_dot = dots << 1 | before.dots;
    // A dot joins two parts of a token, unless what stands before it is the end of an escape.
    let joined = words & behind_dot & (behind_word << 1 | before.words >> 1);
    let has_marks = marks | before.marks != 0;
    let step = Step {
        words,
        ends: !words & behind_word & !(dots & words >> 1 & !extends),
        begins: words & !behind_word & !joined,
        behind_dots: joined & u64::from(has_marks).wrapping_neg(),
        marks,
    };
    *before = Before {
        words: words >> 63 | words >> 62 << 1 & 2,
        dots: dots >> 63,
        marks,
    };
    step
}

/// Behind which places stands what may extend a code there, or begin a sentence: a capital, or
/// [`MIN_DIGITS`] digits. It may, too, where that cannot be seen.
#[inline(always)]
fn extends(digits: u64, capitals: u64) -> u64 {
    let number = (1..=MIN_DIGITS).fold(u64::MAX, |all, place| all & digits >> place);
    let unseen = !(u64::MAX >> (MIN_DIGITS + 1));
    number | capitals >> 1 | unseen
}

/// `\`, `#`, `%` and `[`.
#[inline(always)]
fn marks<S: Simd>(simd: S, bytes: u8x32<S>) -> mask8x32<S> {
    let escapes = are(simd, bytes, b'\\') | are(simd, bytes, b'%') | are(simd, bytes, b'[');
    escapes | are(simd, bytes, b'#')
}

#[inline(always)]
fn digits<S: Simd>(simd: S, bytes: u8x32<S>) -> mask8x32<S> {
    simd.simd_le_u8x32(bytes - u8x32::splat(simd, b'0'), u8x32::splat(simd, 9))
}

#[inline(always)]
fn capitals<S: Simd>(simd: S, bytes: u8x32<S>) -> mask8x32<S> {
    simd.simd_le_u8x32(bytes - u8x32::splat(simd, b'A'), u8x32::splat(simd, 25))
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
    use std::ops::Range;

    use super::*;
    use crate::matcher::levels;
    use crate::matcher::token::{may_begin, token_end};

    /// Escapes, what looks like them, and what stands between.
    const PIECES: [&str; 22] = [
        "n", "7", "1002", ".", " ", "_", "m", "\\n", "\\x41", "\\u005c", "%5C", "%2525", "&lt;",
        "[1;31m", "\x1b[0m", "[", "\\", "\\u", "ESC[m", "错", "#", "012",
    ];

    fn words(tokens: &Tokens, text: &[u8], from: usize, end: usize) -> Vec<Word> {
        let mut all = Vec::new();
        tokens.for_each(
            text,
            from,
            end,
            &Openings::all(),
            &mut Room::default(),
            |words, is_in_disorder| {
                let before = all.last().map_or(0, |word: &Word| word.start);
                let mut words = words.to_vec();
                if is_in_disorder {
                    words.sort_by_key(|word| word.start);
                }
                assert!(words.iter().all(|word| word.start >= before));
                assert!(words.is_sorted_by_key(|word| word.start));
                all.extend(words);
            },
        );
        all
    }

    /// The words that begin with the token at `start`: itself, and what stands before a dot behind
    /// which a code may go on.
    fn expected(text: &[u8], start: usize) -> Vec<Word> {
        let end = token_end(text, start);
        let goes_on = |behind: &[u8]| {
            let is_number = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
            behind[0].is_ascii_uppercase() || behind.get(..MIN_DIGITS).is_some_and(is_number)
        };
        let dots = (start..end).filter(|&at| text[at] == b'.' && goes_on(&text[at + 1..]));
        dots.chain([end]).map(|end| Word { start, end }).collect()
    }

    /// Asserts that all words are found that begin where a token does in a part of `text`.
    fn assert_found(found: &[Word], text: &[u8], part: Range<usize>) -> usize {
        let begins = |start: &usize| is_word(text[*start]) && may_begin(text, *start);
        let mut tried = 0;
        for start in part.filter(begins) {
            for word in expected(text, start) {
                let is_found = |found: &Word| {
                    // A colour is looked for behind the word that may end before it.
                    let is_end = found.end == word.end
                        || text[word.end..].starts_with(b"ESC[") && found.end == word.end + 3;
                    found.start == start && (is_end || found.end == start)
                };
                assert!(
                    found.iter().any(is_found),
                    "{word:?} {found:?} {}",
                    text.escape_ascii()
                );
                tried += 1;
            }
        }
        tried
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
            for level in levels() {
                let found = words(&Tokens { level }, &text, 0, text.len());
                tried += assert_found(&found, &text, 0..text.len());
            }
        }
        assert!(tried > PIECES.len().pow(4));
    }

    #[test]
    fn every_level_of_the_processor_finds_the_same_in_every_part() {
        let text = PIECES.concat().repeat(9).into_bytes();
        for from in 0..text.len() {
            let end = text.len().min(from + 1 + from % 200);
            let mut found = levels()
                .into_iter()
                .map(|level| words(&Tokens { level }, &text, from, end));
            let first = found.next().expect("there is a level");

            assert!(found.all(|found| found == first));
            assert_found(&first, &text, from..end);
        }
    }

    #[test]
    fn what_stands_before_a_dot_is_a_word_where_a_code_may_go_on_behind_it() {
        let ends = |text: &[u8]| {
            let mut words = words(&Tokens::new(), text, 0, text.len());
            // The last token is named once more, since it might go on.
            words.pop();
            words.into_iter().map(|word| word.end).collect::<Vec<_>>()
        };

        assert_eq!(ends(b"APIG.1002 A.Foo.bar U.123 "), [4, 9, 11, 19, 25]);
        // What stands behind the next 64 bytes is not seen.
        let text = format!("{} APIG.123 ", " ".repeat(STEP_BYTES - 7));
        assert_eq!(ends(text.as_bytes()), [STEP_BYTES - 2, STEP_BYTES + 2]);
    }

    #[test]
    fn a_part_that_a_dot_joins_to_its_token_is_no_beginning() {
        let begins = |text: &[u8]| {
            let words = words(&Tokens::new(), text, 0, text.len());
            let mut begins: Vec<usize> = words.into_iter().map(|word| word.start).collect();
            begins.dedup();
            begins
        };

        assert_eq!(begins(b"com.acme.APIG ..APIG.7"), [0, 16]);
        // What the dot stands behind is the end of an escape.
        assert!(begins(b"%22.APIG").contains(&4));
    }
}
