//! The first few occurrences of a code, kept to be looked at.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use super::Counted;
use crate::enrich::event::Cut;
use crate::enrich::{Source, request_id};

/// How much of a line is kept around a code, in bytes of UTF-8.
pub(crate) const SAMPLE_BYTES: usize = 1024;

/// How much of a line is looked at on either side of a code: a character more than is kept, so that
/// none of those kept is broken.
const WINDOW_BYTES: usize = SAMPLE_BYTES + 3;

/// Where a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The input's number.
    pub(crate) input: u32,
    /// Offset of the code's first byte in the input's text.
    pub(crate) offset: u64,
    /// The part of the input in which its line is numbered.
    pub(crate) segment: u32,
    /// Offset of the line's first byte, by which it is told from the others.
    pub(crate) line_start: u64,
}

/// An occurrence with its text.
#[derive(Clone, Debug)]
pub(crate) struct Occurrence {
    /// The input's path.
    pub(crate) path: Arc<str>,
    pub(crate) place: Place,
    /// The line within the segment, from 0.
    pub(crate) line: u64,
    pub(crate) text: String,
    pub(crate) cut: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) source: Option<Source<'static>>,
}

impl Occurrence {
    /// Keeps what stands around the code in its line.
    pub(crate) fn new(counted: &Counted) -> Self {
        let excerpt = counted.excerpt();
        Occurrence {
            path: Arc::clone(counted.path),
            place: counted.place,
            line: (counted.line_number)(),
            cut: excerpt.cut.into(),
            request_id: request_id(counted.line, &counted.range).map(str::to_owned),
            source: counted.source.cloned().map(Source::into_owned),
            text: excerpt.text,
        }
    }

    /// The order of samples: by path, then offset, whatever the order of reading.
    fn order(&self, path: &str, place: &Place) -> Ordering {
        let (own, input) = (&self.place, (self.place.input, place.input));
        let by_path = match input.0 == input.1 {
            true => Ordering::Equal,
            false => (*self.path).cmp(path),
        };
        by_path
            .then_with(|| own.offset.cmp(&place.offset))
            .then_with(|| input.0.cmp(&input.1))
    }
}

/// A line as people see it: at most [`SAMPLE_BYTES`] around a code, as lossy UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    pub(crate) cut: Cut,
    /// Where the code stands in `text`.
    pub(crate) code: Range<usize>,
}

impl Excerpt {
    pub(crate) fn new(line: &[u8], code: &Range<usize>) -> Self {
        let nuls = line.iter().take_while(|&&byte| byte == 0).count();
        let line_end = line
            .strip_suffix(b"\r")
            .map_or(line.len(), <[u8]>::len)
            .max(code.end);
        let line_start = nuls.min(code.start);
        let start = code.start.saturating_sub(WINDOW_BYTES).max(line_start);
        let end = line_end.min(code.end + WINDOW_BYTES);
        let before = String::from_utf8_lossy(&line[start..code.start]);
        let before = before.strip_prefix('\u{feff}').unwrap_or(&before);
        let found = String::from_utf8_lossy(&line[code.clone()]);
        let found = &found[..found.floor_char_boundary(SAMPLE_BYTES)];
        let after = String::from_utf8_lossy(&line[code.end..end]);
        // Half of the room before the code, and more where what stands behind it leaves some.
        let room = SAMPLE_BYTES - found.len();
        let least_before = before.len().min(room / 2);
        let most_before = room - after.len().min(room - least_before);
        let from = before.ceil_char_boundary(before.len().saturating_sub(most_before));
        let to = after.floor_char_boundary(room - least_before);
        let code_start = before.len() - from;
        Excerpt {
            code: code_start..code_start + found.len(),
            text: [&before[from..], found, &after[..to]].concat(),
            cut: Cut {
                before: from > 0,
                behind: to < after.len() || found.len() < code.len(),
            },
        }
    }
}

/// Keeps `occurrence` if it is among the first `limit`.
pub(crate) fn keep(samples: &mut Vec<Occurrence>, occurrence: Occurrence, limit: usize) {
    let is_before = |kept: &Occurrence| kept.order(&occurrence.path, &occurrence.place).is_lt();
    let at = samples.partition_point(is_before);
    samples.insert(at, occurrence);
    samples.truncate(limit);
}

/// Whether an occurrence at `place` of the input at `path` would be among the first `limit`.
pub(crate) fn has_room(samples: &[Occurrence], path: &str, place: &Place, limit: usize) -> bool {
    let is_before = |last: &Occurrence| last.order(path, place).is_gt();
    samples.len() < limit || samples.last().is_some_and(is_before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::TextForm;

    const BOTH: Cut = Cut {
        before: true,
        behind: true,
    };

    #[test]
    fn a_long_line_is_cut_around_the_code_at_character_boundaries() {
        let line = format!("{}APIG.1002{}", "错".repeat(700), "误".repeat(700));
        let start = 2100;

        let excerpt = Excerpt::new(line.as_bytes(), &(start..start + 9));

        assert_eq!(excerpt.cut, BOTH);
        assert!(excerpt.text.len() <= SAMPLE_BYTES, "{}", excerpt.text.len());
        assert_eq!(&excerpt.text[excerpt.code.clone()], "APIG.1002");
        assert!(!excerpt.text.contains('\u{fffd}'));
    }

    #[test]
    fn bytes_that_are_no_text_count_as_what_is_shown_for_them() {
        let noise = [0xff; 900];
        let line = [&noise[..], b"APIG.1002", &noise].concat();

        let excerpt = Excerpt::new(&line, &(900..909));

        assert!((SAMPLE_BYTES - 6..=SAMPLE_BYTES).contains(&excerpt.text.len()));
        assert_eq!(&excerpt.text[excerpt.code.clone()], "APIG.1002");
        assert_eq!(excerpt.cut, BOTH);
        let beside = excerpt.text.replace("APIG.1002", "");
        assert_eq!(beside.trim_matches('\u{fffd}'), "");
    }

    #[test]
    fn where_a_code_stands_near_an_end_the_other_side_has_the_room() {
        let line = format!("APIG.1002 {}", "x".repeat(2000));
        let at_start = Excerpt::new(line.as_bytes(), &(0..9));
        let line = format!("{} APIG.1002", "x".repeat(2000));
        let at_end = Excerpt::new(line.as_bytes(), &(2001..2010));

        assert_eq!((at_start.text.len(), at_start.code), (SAMPLE_BYTES, 0..9));
        assert_eq!(at_end.text.len(), SAMPLE_BYTES);
        assert_eq!(at_end.code, SAMPLE_BYTES - 9..SAMPLE_BYTES);
        assert_eq!((at_start.cut.before, at_start.cut.behind), (false, true));
        assert_eq!((at_end.cut.before, at_end.cut.behind), (true, false));
    }

    #[test]
    fn a_code_longer_than_a_sample_is_cut_too() {
        let line = "x".repeat(3000);

        let excerpt = Excerpt::new(line.as_bytes(), &(0..2000));

        assert_eq!(excerpt.text.len(), SAMPLE_BYTES);
        assert_eq!(excerpt.code, 0..SAMPLE_BYTES);
        assert!(!excerpt.cut.before && excerpt.cut.behind);
    }

    #[test]
    fn what_only_encodes_a_line_is_not_shown() {
        let line = b"\0\0APIG.1002\r";

        let excerpt = Excerpt::new(line, &(2..11));

        assert_eq!(
            excerpt,
            Excerpt {
                text: "APIG.1002".into(),
                cut: Cut::default(),
                code: 0..9
            }
        );
    }

    #[test]
    fn the_first_occurrences_by_path_are_kept_whatever_their_order() {
        let mut samples = Vec::new();
        for (input, path, offset) in [(0, "b", 0), (1, "a", 9), (1, "a", 5), (1, "a", 7)] {
            let path = Arc::from(path);
            let counted = Counted {
                path: &path,
                place: Place {
                    input,
                    offset,
                    segment: 0,
                    line_start: 0,
                },
                line_number: &|| 0,
                time: None,
                observed: None,
                confirmed: true,
                is_split: false,
                earlier: None,
                line: b"x",
                range: 0..1,
                form: TextForm::Plain,
                source: None,
            };
            if has_room(&samples, &path, &counted.place, 2) {
                keep(&mut samples, Occurrence::new(&counted), 2);
            }
        }

        let offsets: Vec<u64> = samples.iter().map(|sample| sample.place.offset).collect();
        assert_eq!(offsets, [5, 7]);
    }
}
