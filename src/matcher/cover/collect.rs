//! Puts the words of text that is rich in fragments together: its tokens, and what stands in them before a
//! dot.

use super::openings::Openings;
use super::tokens::{STEP_BYTES, Step};
use super::vocabulary::Word;
use crate::matcher::escape::{MAX_LAYERS, MAX_PARAMETER_BYTES};
use crate::matcher::token::words_end;

/// So many steps are looked at before their words are looked up: what is collected stays next to the core.
pub(super) const STEPS: usize = 8;

/// The most words of those steps: where a token ends, and where one begins behind an escape, and the one in
/// which it does; and the last one.
const MOST_WORDS: usize = STEPS * STEP_BYTES * 3 + 1;

/// The words of some steps.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Where the last token begins.
    start: usize,
    /// The places in the next step that may follow on an escape of the last one.
    ahead: u64,
    words: Vec<Word>,
    count: usize,
    is_in_disorder: bool,
}

impl Words {
    pub(super) fn begin(&mut self, start: usize) {
        self.words.resize(MOST_WORDS, Word::default());
        *self = Words {
            start,
            ahead: 0,
            words: std::mem::take(&mut self.words),
            count: 0,
            is_in_disorder: false,
        };
    }

    /// Takes the words that end in a step, which stands at `at`.
    #[inline]
    pub(super) fn take(&mut self, text: &[u8], at: usize, step: Step, openings: &Openings) {
        let outer = self.start;
        let mut ends = step.ends;
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
    pub(super) fn leave_open(&mut self) {
        self.push(self.start, self.start);
    }

    fn push(&mut self, start: usize, end: usize) {
        self.words[self.count] = Word { start, end };
        self.count += 1;
    }

    /// What was collected since this was asked last.
    pub(super) fn collected(&mut self) -> &[Word] {
        let count = std::mem::take(&mut self.count);
        &self.words[..count]
    }

    /// Whether some of that begin before those that stand before them.
    pub(super) fn take_disorder(&mut self) -> bool {
        std::mem::take(&mut self.is_in_disorder)
    }
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
        // `#012`, too.
        behind[b'0' as usize] = 1 << 4;
        behind[b'x' as usize] = 1 << 4;
        behind[b'u' as usize] = 1 << 6;
        behind
    };
    match *text {
        [b'[', ..] | [b'%', b'2', b'5', ..] => behind_long_mark(text),
        // A backslash that is encoded.
        [b'%', b'5', b'c' | b'C', ..] | [b'\\', b'x', b'5', b'c' | b'C', ..] => {
            behind_long_mark(text)
        }
        [b'\\', b'u', b'0', b'0', b'5', b'c' | b'C', ..] => behind_long_mark(text),
        [mark, next, ..] => {
            let backslash = BACKSLASH[usize::from(next)];
            (if mark == b'%' { 1 << 3 } else { backslash }).into()
        }
        _ => 0,
    }
}

/// The same for an escape of many bytes.
///
/// Those behind a control sequence are as far away as its parameters reach, those behind the others less.
fn behind_long_mark(text: &[u8]) -> u128 {
    /// What an encoded backslash that ends at the place 0 may escape ends behind `n`, `x3c` or `u003c`.
    const BODIES: u128 = 1 << 1 | 1 << 3 | 1 << 5;

    match *text {
        [b'%', ..] => {
            let layers = text[1..].chunks_exact(2).take(MAX_LAYERS);
            let layers = layers.take_while(|layer| *layer == b"25").count();
            // Behind each layer: the next one may be none.
            let begins = (0..=layers).fold(0, |begins, layer| begins | 1 << (3 + 2 * layer));
            begins | BODIES << (3 + 2 * layers)
        }
        [b'\\', b'x', ..] => 1 << 4 | BODIES << 4,
        [b'\\', ..] => 1 << 6 | BODIES << 6,
        [b'[', ref rest @ ..] => {
            let parameters = rest.iter().take(MAX_PARAMETER_BYTES);
            let parameters = parameters.take_while(|byte| matches!(byte, b'0'..=b'?'));
            1 << (2 + parameters.count())
        }
        _ => 0,
    }
}
