//! Where a code may begin whose fragment was found.

use super::is_word;
use crate::matcher::escape::{may_end_escape, may_open_escape};

/// Tells where codes may begin before the fragments of a text, which come in order.
#[derive(Debug)]
pub(super) struct Starts<'t> {
    text: &'t [u8],
    /// The last run that was looked at, up to its fragment: the next one may be in it, too.
    last: Run,
}

/// Letters, digits and `_` in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    start: usize,
    end: usize,
    /// Whether none stands before it, as far as was looked.
    is_whole: bool,
}

impl<'t> Starts<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Starts {
            text,
            last: Run::default(),
        }
    }

    /// Calls `found` with the places before `at`, as many bytes as `offsets` has a bit for, at which a
    /// code may begin: where the token begins that `at` is in, behind its dots, and behind an escape.
    #[inline]
    pub(super) fn for_each(&mut self, at: usize, offsets: u64, mut found: impl FnMut(usize)) {
        if offsets.is_power_of_two() {
            // What stands between needs no look: it is that of a code or will be found to be other.
            let begin = at.checked_sub(offsets.trailing_zeros() as usize);
            return begin
                .into_iter()
                .filter(|&begin| self.may_begin(begin))
                .for_each(found);
        }
        let Some(farthest) = offsets.checked_ilog2() else {
            return;
        };
        let floor = at.saturating_sub(farthest as usize);
        let mut run = self.run_before(floor, at);
        self.last = run;
        loop {
            if run.is_whole && run.start >= floor && offsets >> (at - run.start) & 1 == 1 {
                found(run.start);
            }
            if run.start <= floor || self.text[run.start - 1] != b'.' {
                break;
            }
            run = self.run_before(floor, run.start - 1);
        }
        let before = run.start.checked_sub(1).map(|before| self.text[before]);
        if before.is_some_and(|before| !run.is_whole || may_open_escape(before)) {
            self.behind_escapes(run.start.max(floor), at, offsets, found);
        }
    }

    /// Whether a token may begin at `begin`, by what stands before it.
    #[inline]
    fn may_begin(&self, begin: usize) -> bool {
        let before = begin.checked_sub(1).map(|before| self.text[before]);
        !before.is_some_and(is_word) || may_end_escape(self.text, begin)
    }

    /// The run that ends at `end`, as far back as `floor`, or farther where that is known.
    #[inline]
    fn run_before(&self, floor: usize, end: usize) -> Run {
        let mut start = end;
        while start > floor && is_word(self.text[start - 1]) {
            if start == self.last.end && self.last.start < start {
                start = self.last.start;
            } else {
                start -= 1;
            }
        }
        Run {
            start,
            end,
            is_whole: start == 0 || !is_word(self.text[start - 1]),
        }
    }

    /// Calls `found` with the places from `start` on that may follow on an escape's last letter.
    fn behind_escapes(&self, start: usize, at: usize, offsets: u64, mut found: impl FnMut(usize)) {
        let mut offsets = offsets;
        while offsets != 0 {
            let offset = offsets.trailing_zeros() as usize;
            offsets &= offsets - 1;
            let Some(begin) = at.checked_sub(offset).filter(|&begin| begin >= start) else {
                return;
            };
            if begin > 0 && is_word(self.text[begin - 1]) && may_end_escape(self.text, begin) {
                found(begin);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::token::may_begin;

    /// Escapes, what looks like them, and what stands between.
    const PIECES: [&str; 16] = [
        "a", "7", ".", " ", "_", "m", "\\n", "\\x41", "\\u003c", "%22", "%2541", "&lt;", "[1;31m",
        "\x1b[0m", "[", "错",
    ];

    #[test]
    fn no_place_is_passed_over_at_which_a_token_begins() {
        let texts = PIECES.len().pow(4);
        let mut tried = 0;
        for number in 0..texts {
            let digits = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = digits.map(|digit| PIECES[digit]).collect();
            let (text, at) = (format!("{text}APIG").into_bytes(), text.len());
            let is_token = |start: &usize| {
                let before = &text[*start..at];
                before.iter().all(|&byte| is_word(byte) || byte == b'.')
            };
            let begins = (0..=at).rev().take_while(is_token);
            let begins: Vec<usize> = begins.filter(|&start| may_begin(&text, start)).collect();
            // With and without a look at an earlier place.
            for earlier in (0..=at).map(Some).chain([None]) {
                let found = |offsets: u64| {
                    let mut starts = Starts::new(&text);
                    if let Some(earlier) = earlier {
                        starts.for_each(earlier, 0b1001, |_| {});
                    }
                    let mut found = Vec::new();
                    starts.for_each(at, offsets, |start| found.push(start));
                    found
                };
                let anywhere = found(u64::MAX);
                for &start in &begins {
                    assert!(anywhere.contains(&start), "{}", text.escape_ascii());
                    assert_eq!(found(1 << (at - start)), [start]);
                    tried += 1;
                }
            }
        }
        assert!(tried > texts);
    }

    #[test]
    fn only_places_so_far_away_are_found() {
        let text = b"a..b\\nAPIG";
        let found = |offsets| {
            let mut found = Vec::new();
            Starts::new(text).for_each(6, offsets, |start| found.push(start));
            found
        };

        assert_eq!(found(1), [6]);
        assert!(found(1 << 5).is_empty());
        assert!(found(1 << 5 | 1 << 2).is_empty());
        assert!(found(0).is_empty());
    }
}
