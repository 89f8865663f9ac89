//! Where digits, colons and letters stand in a line, 64 bytes at a time.
//!
//! Statuses are runs of digits and clocks are digits around colons, so a few operations on whole
//! words of bits rule out nearly all of a line.

mod look;

use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch};

use look::{Seen, look};

/// The number of digits of a status.
pub(super) const STATUS_DIGITS: usize = 3;

/// How many bytes one step looks at: a bit for each.
pub(super) const STEP_BYTES: usize = u64::BITS as usize;

/// Which of 64 bytes are what: a bit for each, the first byte's lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    digits: u64,
    colons: u64,
    /// The letter T, which parts a date from a time.
    tees: u64,
    /// What stands behind three digits that may be a status, by themselves and by the bytes around them.
    behind_statuses: u64,
}

/// Reads marks; keeps the memory for them from line to line.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    level: Level,
    steps: Vec<Marks>,
}

impl Marker {
    pub(super) fn new() -> Self {
        Marker {
            level: Level::new(),
            steps: Vec::new(),
        }
    }

    /// The marks of `text`, and behind them at least one byte that is nothing.
    pub(super) fn read(&mut self, text: &[u8]) -> &[Marks] {
        let count = text.len() / STEP_BYTES + 1;
        if self.steps.len() < count {
            self.steps.resize(count, Marks::default());
        }
        let steps = &mut self.steps[..count];
        dispatch!(self.level, simd => read(simd, text, steps));
        &self.steps[..count]
    }
}

// These are inlined into one function for each level of the processor; what is in a closure
// would not be.

#[inline(always)]
fn read<S: Simd>(simd: S, text: &[u8], steps: &mut [Marks]) {
    let (whole, rest) = text.as_chunks::<STEP_BYTES>();
    let mut before = Seen::default();
    for (step, bytes) in steps.iter_mut().zip(whole) {
        let seen = look(simd, bytes);
        *step = Marks::of(&seen, &before);
        before = seen;
    }
    let missing = STEP_BYTES - rest.len();
    let seen = match text.last_chunk() {
        Some(last) => look(simd, last).without_first(missing),
        None => {
            let mut last = [0; STEP_BYTES];
            last[..rest.len()].copy_from_slice(rest);
            look(simd, &last)
        }
    };
    steps[whole.len()] = Marks::of(&seen, &before);
}

impl Marks {
    #[inline(always)]
    fn of(seen: &Seen, before: &Seen) -> Self {
        Marks {
            digits: seen.digits,
            colons: seen.colons,
            tees: seen.tees,
            behind_statuses: seen.behind_statuses(before),
        }
    }
}

/// The ends of three digits that may be a status by themselves and by the bytes around them.
#[inline]
pub(super) fn ends_of_statuses(marks: &[Marks]) -> impl Iterator<Item = usize> + '_ {
    each(marks, |_, here, _| here.behind_statuses)
}

/// The runs of eight digits or more.
#[inline]
pub(super) fn long_numbers<'m>(
    marks: &'m [Marks],
    text: &'m [u8],
) -> impl Iterator<Item = Range<usize>> + 'm {
    let ends = each(marks, |before, here, _| {
        let digits = u128::from(here.digits) << u64::BITS | u128::from(before.digits);
        let twos = digits & digits << 1;
        let fours = twos & twos << 2;
        let eights = fours & fours << 4;
        // Lossless: the upper half alone.
        !here.digits & (eights << 1 >> u64::BITS) as u64
    });
    ends.map(|end| {
        let digits = text[..end].iter().rev();
        end - digits.take_while(|byte| byte.is_ascii_digit()).count()..end
    })
}

/// The colons.
#[inline]
pub(super) fn colons(marks: &[Marks]) -> impl Iterator<Item = usize> + '_ {
    each(marks, |_, here, _| here.colons)
}

/// The places where a clock may be: the first colon of `10:00:00`, and a T between digits.
#[inline]
pub(super) fn clocks(marks: &[Marks]) -> impl Iterator<Item = usize> + '_ {
    each(marks, |before, here, behind| {
        let digit_before = here.digits << 1 | before.digits >> (u64::BITS - 1);
        let digit_behind = here.digits >> 1 | behind.digits << (u64::BITS - 1);
        let second_colon = here.colons >> 3 | behind.colons << (u64::BITS - 3);
        (here.colons & second_colon | here.tees) & digit_before & digit_behind
    })
}

/// The places that `select` sets a bit for, in order; it is given the steps before, here and behind.
#[inline]
fn each<F: Fn(Marks, Marks, Marks) -> u64>(marks: &[Marks], select: F) -> Places<'_, F> {
    Places {
        marks,
        select,
        before: Marks::default(),
        from: 0,
        places: 0,
    }
}

struct Places<'m, F> {
    /// The steps that are not looked at yet.
    marks: &'m [Marks],
    select: F,
    before: Marks,
    /// Where the steps in `marks` begin.
    from: usize,
    /// What is left of the step before them.
    places: u64,
}

impl<F: Fn(Marks, Marks, Marks) -> u64> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.places == 0 {
            let (&here, rest) = self.marks.split_first()?;
            let behind = rest.first().copied().unwrap_or_default();
            self.places = (self.select)(self.before, here, behind);
            self.before = here;
            self.marks = rest;
            self.from += STEP_BYTES;
        }
        let place = self.places.trailing_zeros() as usize;
        self.places &= self.places - 1;
        Some(self.from - STEP_BYTES + place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matcher::MAX_ESCAPE_BYTES;
    use crate::matcher::levels;

    fn read(text: &[u8]) -> Vec<Marks> {
        Marker::new().read(text).to_vec()
    }

    /// The runs of eight digits or more.
    fn naive(text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        for (at, byte) in text.iter().chain(b" ").enumerate() {
            if byte.is_ascii_digit() {
                continue;
            }
            if at - start >= 8 {
                found.push(start..at);
            }
            start = at + 1;
        }
        found
    }

    #[test]
    fn runs_are_found_wherever_they_stand() {
        for len in 0..200 {
            for run in 0..=len.min(12) {
                for at in [0, 1, 54, 58, 60, 61, 62, 63, 64, 65, 127, len - run] {
                    if at + run > len {
                        continue;
                    }
                    let mut text = vec![b'/'; len];
                    text[at..at + run].fill(b'7');

                    let long: Vec<Range<usize>> = long_numbers(&read(&text), &text).collect();
                    assert_eq!(long, naive(&text), "{len} {run} {at}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_may_be_a_status_is_found_and_little_else(
            text in prop::collection::vec(
                prop_oneof![prop::sample::select(&b"0345aE_ :-+/[#%\\"[..]), any::<u8>()],
                0..300,
            ),
        ) {
            let found: Vec<usize> = ends_of_statuses(&read(&text)).collect();

            let is_word = |byte: &u8| byte.is_ascii_alphanumeric() && !b"Ee".contains(byte);
            let is_escape = |byte: &u8| matches!(byte, b'[' | b'#' | b'%' | b'\\');
            for end in 3..=text.len() {
                let (before, number) = text[..end].split_at(end - 3);
                let is_status = number.iter().all(u8::is_ascii_digit)
                    && matches!(number[0], b'1'..=b'5')
                    && !text.get(end).is_some_and(is_word)
                    && !matches!(before, [.., b'+'..=b'/']);
                let is_inside = before.last().is_some_and(is_word);
                let near = &before[before.len().saturating_sub(MAX_ESCAPE_BYTES)..];
                let may_be = is_status && (!is_inside || near.iter().any(is_escape));
                let is_found = found.contains(&end);
                prop_assert!(is_found || !may_be, "{end} {}", text.escape_ascii());
                let is_sure = is_status && (!is_inside || text.iter().any(is_escape));
                prop_assert!(is_sure || !is_found, "{end} {}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn clocks_are_found_wherever_they_stand() {
        for at in 0..130 {
            for (clock, place) in [("10:00:00", Some(2)), ("1T0", Some(1)), ("1:0:", None)] {
                let text = format!("{}{clock}", " ".repeat(at));
                let found: Vec<usize> = clocks(&read(text.as_bytes())).collect();
                let expected = Vec::from_iter(place.map(|place| at + place));
                assert_eq!(found, expected, "{at} {clock}");
            }
        }
    }

    #[test]
    fn every_level_of_the_processor_sees_the_same() {
        let mut text: Vec<u8> = (0..=u8::MAX).cycle().take(1000).collect();
        text.extend(b"100 200 300 status=403 7/404 500Error a201 [31m503 200x %22302".repeat(9));
        let expected = read(&text);
        for level in levels() {
            let mut marker = Marker::new();
            marker.level = level;

            assert_eq!(marker.read(&text), expected);
            for (at, byte) in text.iter().enumerate() {
                let step = expected[at / STEP_BYTES];
                let bit = 1 << (at % STEP_BYTES);
                assert_eq!(step.digits & bit != 0, byte.is_ascii_digit(), "{at}");
                assert_eq!(step.colons & bit != 0, *byte == b':', "{at}");
                assert_eq!(step.tees & bit != 0, *byte == b'T', "{at}");
            }
        }
    }
}
