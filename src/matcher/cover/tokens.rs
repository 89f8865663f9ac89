//! Where codes may begin and end in text that is rich in fragments: where its tokens do.
//!
//! A fragment in such text is no sign of a code, and each costs a look. A token costs one too, but there
//! are few of them where fragments stand close together, and where they begin is told 64 bytes at a time.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, mask8x32, u8x32};

use super::openings::Openings;
use super::vocabulary::Word;
use crate::matcher::escape::{MAX_LAYERS, MAX_PARAMETER_BYTES};
use crate::matcher::token::{is_word, words_end};

/// How many places one step looks at.
const STEP_BYTES: usize = 64;

/// The number of bytes in a vector: a step takes two.
const VECTOR_BYTES: usize = STEP_BYTES / 2;

/// So many steps are looked at before their words are looked up: what is collected stays next to the core.
const STEPS: usize = 8;

/// The most words of those steps: where a token ends, and where one begins behind an escape, and the one in
/// which it does; and the last one.
const MOST_WORDS: usize = STEPS * STEP_BYTES * 3 + 1;

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
struct Step {
    /// Letters, digits and `_`.
    words: u64,
    /// Where a token begins, unless that is right behind an escape's last letter.
    begins: u64,
    /// Where a dot seems to join two parts of a token: if the first is an escape, a token begins here.
    behind_dots: u64,
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

/// Memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Room {
    steps: Vec<Step>,
    words: Words,
}

impl Step {
    /// The last place at which a token begins, of those that have a bit, in the step at `at`; `before` where
    /// there is none.
    #[inline]
    fn begin_in(&self, places: u64, at: usize, before: usize) -> usize {
        let begins = self.begins & places;
        let last = at + (u64::BITS - 1).wrapping_sub(begins.leading_zeros()) as usize;
        if begins == 0 { before } else { last }
    }
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
        words.begin(from, before.words);
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

/// Puts the words of a text together: tokens, and what stands in them before a dot.
#[derive(Debug, Default)]
struct Words {
    /// Where the last token begins.
    start: usize,
    /// Whether a word byte stands before the next step, as a bit.
    before: u64,
    /// The places in the next step that may follow on an escape of the last one.
    ahead: u64,
    words: Vec<Word>,
    count: usize,
    is_in_disorder: bool,
}

impl Words {
    fn begin(&mut self, start: usize, before: u64) {
        self.words.resize(MOST_WORDS, Word::default());
        *self = Words {
            start,
            before,
            ahead: 0,
            words: std::mem::take(&mut self.words),
            count: 0,
            is_in_disorder: false,
        };
    }

    /// Takes the words that end in a step, which stands at `at`.
    #[inline]
    fn take(&mut self, text: &[u8], at: usize, step: Step, openings: &Openings) {
        let outer = self.start;
        let mut ends = !step.words & (step.words << 1 | self.before);
        let words = self.words.as_mut_slice();
        let mut count = self.count;
        while ends != 0 {
            let up_to_end = ends ^ (ends - 1);
            let start = step.begin_in(up_to_end, at, outer);
            words[count] = Word {
                start,
                end: at + ends.trailing_zeros() as usize,
            };
            count += usize::from(openings.has_head(text, start));
            ends &= ends - 1;
        }
        self.count = count;
        self.start = step.begin_in(u64::MAX, at, outer);
        self.before = step.words >> (STEP_BYTES - 1);
        if step.marks | step.behind_dots | self.ahead != 0 {
            self.take_behind_escapes(text, at, step, outer, openings);
        }
    }

    /// Takes the words that may begin inside a token, because of an escape. `start` is where the last
    /// token of the step before begins.
    fn take_behind_escapes(
        &mut self,
        text: &[u8],
        at: usize,
        step: Step,
        start: usize,
        openings: &Openings,
    ) {
        let behind = behind_escapes(text, at, step.marks) | u128::from(self.ahead);
        self.ahead = (behind >> STEP_BYTES) as u64;
        let mut begins = (behind as u64 & step.words & !step.begins) | step.behind_dots;
        while begins != 0 {
            let place = begins.trailing_zeros();
            begins &= begins - 1;
            let here = at + place as usize;
            if openings.may_open(&text[here..]) {
                self.is_in_disorder = true;
                // The token that it stands in may end later, and begins first.
                let outer = step.begin_in(!(u64::MAX << place), at, start);
                self.push(outer, outer);
                let end = words_end(text, here);
                let goes_on = text.get(end) == Some(&b'.');
                self.push(here, if goes_on { here } else { end });
            }
        }
    }

    /// Takes the last token, wherever it ends.
    fn leave_open(&mut self) {
        self.push(self.start, self.start);
    }

    fn push(&mut self, start: usize, end: usize) {
        self.words[self.count] = Word { start, end };
        self.count += 1;
    }

    /// What was collected since this was asked last.
    fn collected(&mut self) -> &[Word] {
        let count = std::mem::take(&mut self.count);
        &self.words[..count]
    }

    /// Whether some of that begin before those that stand before them.
    fn take_disorder(&mut self) -> bool {
        std::mem::take(&mut self.is_in_disorder)
    }
}

/// The places, counted from `at`, that may follow on the escapes whose `marks` are among the 64 bytes there.
fn behind_escapes(text: &[u8], at: usize, mut marks: u64) -> u128 {
    let mut begins = 0;
    while marks != 0 {
        let place = marks.trailing_zeros() as usize;
        marks &= marks - 1;
        begins |= behind_mark(&text[at + place..]) << place;
    }
    begins
}

/// The places, counted from its mark, that may follow on the escape that `text` begins with: without a
/// branch on which of the usual ones it is.
#[inline]
fn behind_mark(text: &[u8]) -> u128 {
    /// The place behind a backslash and what follows on it, as a bit.
    const BACKSLASH: [u8; 256] = {
        let mut behind = [0; 256];
        let mut at = 0;
        while at < b"nrtbf".len() {
            behind[b"nrtbf"[at] as usize] = 1 << 2;
            at += 1;
        }
        behind[b'x' as usize] = 1 << 4;
        behind[b'u' as usize] = 1 << 6;
        behind
    };
    match *text {
        [b'[', ..] | [b'%', b'2', b'5', ..] => behind_long_mark(text),
        [mark, next, ..] => {
            let backslash = BACKSLASH[usize::from(next)];
            (if mark == b'%' { 1 << 3 } else { backslash }).into()
        }
        _ => 0,
    }
}

/// The same for an escape of many bytes.
///
/// Those behind a colour are more than 32 bytes away at most, those behind the others less.
fn behind_long_mark(text: &[u8]) -> u128 {
    match *text {
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
    let joined = words & behind_dot & (behind_word << 1 | before.words >> 1);
    let has_marks = marks | before.marks != 0;
    let step = Step {
        words,
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
    use std::ops::Range;

    use super::*;
    use crate::matcher::token::{may_begin, token_end};

    /// Escapes, what looks like them, and what stands between.
    const PIECES: [&str; 19] = [
        "a", "7", ".", " ", "_", "m", "\\n", "\\x41", "\\u003c", "%22", "%2525", "&lt;", "[1;31m",
        "\x1b[0m", "[", "\\", "\\u", "ESC[m", "错",
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

    /// The words that begin with the token at `start`.
    fn expected(text: &[u8], start: usize) -> Vec<Word> {
        let end = token_end(text, start);
        let dots = (start..end).filter(|&at| text[at] == b'.');
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
