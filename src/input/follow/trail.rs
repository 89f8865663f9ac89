//! Hashes of a text at some of the places up to which it was handed out.
//!
//! What is written to a log between the end of its copy and its truncation is in the log alone, and
//! was maybe counted: by them such a copy is known, although it ends before what was counted.

use serde::{Deserialize, Serialize};

use super::print::{CHUNK_BYTES, Hash, MARKER_BYTES};

/// How far two marks of the first [`CHUNK_BYTES`] are apart at most before some of them go, in bytes.
const STEP_BYTES: u64 = 4096;

/// The most marks of a trail. They are written with every checkpoint, 30 bytes each.
const MOST: usize = 24;

/// A place in a text, and a hash of all that was counted before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64)", into = "(u64, u64)")]
pub(super) struct Mark {
    pub(super) offset: u64,
    counted: u64,
}

/// The marks of a text in its order, the sparser the further back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Trail {
    marks: Vec<Mark>,
}

impl From<(u64, u64)> for Mark {
    fn from((offset, counted): (u64, u64)) -> Self {
        Mark { offset, counted }
    }
}

impl From<Mark> for (u64, u64) {
    fn from(mark: Mark) -> Self {
        (mark.offset, mark.counted)
    }
}

impl Mark {
    pub(super) fn new(offset: u64, counted: Hash) -> Self {
        let counted = counted.0 as u64; // the lower half
        Mark { offset, counted }
    }
}

impl Trail {
    /// Adds the mark of the last place. One before it stays where the gap that it divides is wider
    /// than what stands before the gap, or than four times what stands behind it.
    pub(super) fn add(&mut self, last: Mark) {
        self.marks.push(last);
        let mut kept: usize = 0;
        for at in 0..self.marks.len() {
            let before = kept.checked_sub(1).map(|before| self.marks[before].offset);
            let next = self.marks.get(at + 1).map(|next| next.offset);
            let is_dense = before.zip(next).is_some_and(|(before, next)| {
                next - before <= before.min(last.offset.saturating_sub(next).saturating_mul(4))
            });
            if !is_dense {
                self.marks[kept] = self.marks[at];
                kept += 1;
            }
        }
        self.marks.truncate(kept);
        self.marks.drain(..kept.saturating_sub(MOST));
    }

    /// The same up to `last`, where a text goes on that another process counted.
    pub(super) fn up_to(&self, last: Mark) -> Trail {
        let mut trail = self.before(last.offset);
        if trail.marks.last() != Some(&last) {
            trail.add(last);
        }
        trail
    }

    /// What it was at `end`.
    pub(super) fn before(&self, end: u64) -> Trail {
        let marks = self.marks.iter().filter(|mark| mark.offset <= end);
        Trail {
            marks: marks.copied().collect(),
        }
    }

    /// Whether its marks can be those of a text of this length, whatever wrote them.
    pub(super) fn is_sound(&self, length: u64) -> bool {
        let offsets = self.marks.iter().map(|mark| mark.offset);
        offsets.clone().is_sorted() && offsets.max().is_none_or(|last| last <= length)
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

/// The place behind `offset` at which there is a mark whatever is handed out at a time: before the text
/// is twice as long.
pub(super) fn next_mark(offset: u64) -> u64 {
    let beyond = offset + 1;
    if beyond < STEP_BYTES {
        beyond.next_power_of_two().max(MARKER_BYTES as u64)
    } else if beyond < CHUNK_BYTES {
        beyond.next_multiple_of(STEP_BYTES)
    } else {
        beyond.next_multiple_of(CHUNK_BYTES)
    }
}

/// Whether a text of this length is part of another of which it has the first bytes: so many of them
/// that no other text does.
pub(super) fn is_part(length: u64, alike: u64) -> bool {
    alike >= MARKER_BYTES as u64 && alike >= length / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_any_text_is_known_by_a_mark() {
        let mut last = 0;
        let mut length = MARKER_BYTES as u64;
        while length < 1_000_000 {
            if next_mark(last) <= length {
                last = next_mark(last);
            }
            assert!(is_part(length, last), "{length} {last}");
            length += 1;
        }
    }

    #[test]
    fn a_trail_reaches_far_back_and_is_dense_at_its_end() {
        let mut trail = Trail::default();
        for offset in 1..=100_000 {
            trail.add(Mark::new(offset, Hash(offset.into())));
        }

        let offsets: Vec<u64> = trail.marks().iter().map(|mark| mark.offset).collect();

        assert!(offsets.len() <= MOST, "{offsets:?}");
        assert!(offsets[0] < 1000, "{offsets:?}");
        assert!(offsets.ends_with(&[99_999, 100_000]), "{offsets:?}");
        for two in offsets.windows(2) {
            // What ends between them is known by the first.
            assert!(two[1] <= 2 * two[0], "{offsets:?}");
            assert!(
                two[1] - two[0] <= 4 * (100_000 - two[1]).max(1),
                "{offsets:?}"
            );
        }
    }

    #[test]
    fn a_trail_is_written_as_numbers_and_read_again() {
        let mut trail = Trail::default();
        trail.add(Mark::new(7, Hash(9)));

        let written = serde_json::to_string(&trail).expect("numbers can be written");

        assert_eq!(written, "[[7,9]]");
        assert_eq!(serde_json::from_str::<Trail>(&written).ok(), Some(trail));
    }

    #[test]
    fn marks_in_disorder_or_beyond_the_text_are_not_sound() {
        for (written, is_sound) in [
            ("[]", true),
            ("[[7,1],[9,1]]", true),
            ("[[9,1],[7,1]]", false),
            ("[[7,1],[10,1]]", false),
        ] {
            let trail: Trail = serde_json::from_str(written).expect("these are numbers");

            assert_eq!(trail.is_sound(9), is_sound, "{written}");
        }
    }
}
