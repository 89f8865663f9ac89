//! Chooses few and rare fragments of four bytes so that every code holds one.
//!
//! A greedy weighted set cover: the next fragment is the one that covers the most codes for its
//! weight, which is how often it occurs in ordinary logs plus a price for being one more.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::background::Background;
use crate::matcher::dictionary::is_token;

/// The length of a fragment, in bytes.
pub(super) const FRAGMENT_BYTES: usize = 4;

/// What one more fragment costs, as a rate: each makes the filter a little less selective. From
/// measurements with 537 and with 11,545 codes, in which 7 in a million was better than 75.
const PRICE: f32 = 7e-6;

/// Fragments are looked for this far into a code, in bytes.
const REACH_BYTES: usize = 64;

/// A text of four bytes, and where it stands in the codes that are found by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    pub(super) text: [u8; FRAGMENT_BYTES],
    pub(super) places: Vec<Place>,
}

/// Where a fragment stands in a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: u8,
    /// The four bytes before it, where the code has so many there.
    pub(super) before: Option<[u8; FRAGMENT_BYTES]>,
    /// The four bytes behind it, where the code has so many there.
    pub(super) behind: Option<[u8; FRAGMENT_BYTES]>,
}

/// Where a code may be covered: a text of it, the code's number and the text's offset, from the highest bits
/// to the lowest. Sorting numbers takes a third of the time that sorting three fields does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Window(u64);

/// How many bits a code's number has.
const CODE_BITS: u32 = 24;

impl Window {
    fn new(text: [u8; FRAGMENT_BYTES], code: u64, offset: u8) -> Self {
        let text = u64::from(u32::from_be_bytes(text));
        Window(text << (CODE_BITS + u8::BITS) | code << u8::BITS | u64::from(offset))
    }

    fn text(self) -> [u8; FRAGMENT_BYTES] {
        // Lossless: there are 32 bits.
        ((self.0 >> (CODE_BITS + u8::BITS)) as u32).to_be_bytes()
    }

    fn code(self) -> usize {
        (self.0 >> u8::BITS) as usize & ((1 << CODE_BITS) - 1)
    }

    fn offset(self) -> u8 {
        self.0 as u8 // the lowest bits
    }

    /// The text and the code.
    fn without_offset(self) -> u64 {
        self.0 >> u8::BITS
    }
}

/// Chooses fragments for `codes`; `None` where one is too short, or they are more than 16 million.
///
/// Tokens cannot overlap, so they come in order wherever their fragments stand. What is no token is
/// found by what it begins with, so that it comes before all that begins inside it.
pub(super) fn choose(codes: &[&[u8]], background: &Background) -> Option<Vec<Fragment>> {
    if codes.len() >> CODE_BITS > 0 {
        return None;
    }
    let mut windows = Vec::new();
    for (code, text) in (0..).zip(codes) {
        if text.len() < FRAGMENT_BYTES {
            return None;
        }
        let is_token = is_token(text.strip_suffix(b".").unwrap_or(text));
        let reach = if is_token { REACH_BYTES } else { 1 };
        let texts = text.array_windows::<FRAGMENT_BYTES>();
        let texts = (0..).zip(texts.take(reach));
        windows.extend(texts.map(|(offset, &text)| Window::new(text, code, offset)));
    }
    windows.sort_unstable();
    windows.dedup_by_key(|window| window.without_offset());
    let chosen = cover(codes.len(), &windows, background);
    Some(fragments(codes, chosen))
}

/// The texts of one fragment among all windows.
struct Candidate<'w> {
    windows: &'w [Window],
    weight: f32,
    /// Codes covered for the weight, as it was when last counted: it only falls.
    gain: f32,
}

/// Chooses windows until every code has one.
fn cover(codes: usize, windows: &[Window], background: &Background) -> Vec<Window> {
    let mut is_covered = vec![false; codes];
    let mut chosen = Vec::new();
    let groups = windows.chunk_by(|a, b| a.text() == b.text());
    let mut heap: BinaryHeap<Candidate> = groups
        .map(|windows| {
            let weight = PRICE + background.quad(windows[0].text());
            Candidate {
                windows,
                weight,
                gain: windows.len() as f32 / weight,
            }
        })
        .collect();
    while let Some(mut best) = heap.pop() {
        let open = |window: &&Window| !is_covered[window.code()];
        let gain = best.windows.iter().filter(open).count() as f32 / best.weight;
        if gain < best.gain {
            best.gain = gain;
            heap.extend((gain > 0.0).then_some(best));
            continue;
        }
        chosen.extend(best.windows.iter().filter(open));
        for window in best.windows {
            is_covered[window.code()] = true;
        }
    }
    chosen
}

fn fragments(codes: &[&[u8]], mut chosen: Vec<Window>) -> Vec<Fragment> {
    chosen.sort_unstable_by_key(|window| (window.text(), window.offset()));
    let place = |window: &Window| {
        let offset = window.offset();
        let (before, rest) = codes[window.code()].split_at(offset.into());
        Place {
            offset,
            before: before.last_chunk().copied(),
            behind: rest[FRAGMENT_BYTES..].first_chunk().copied(),
        }
    };
    let same = chosen.chunk_by(|a, b| a.text() == b.text());
    same.map(|windows| Fragment {
        text: windows[0].text(),
        places: windows.iter().map(place).collect(),
    })
    .collect()
}

impl Ord for Candidate<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The text makes the choice the same every time.
        let key = |candidate: &Self| std::cmp::Reverse(candidate.windows[0].text());
        self.gain
            .total_cmp(&other.gain)
            .then_with(|| key(self).cmp(&key(other)))
    }
}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_holds_a_fragment_where_the_fragment_says() {
        let codes: [&[u8]; 7] = [
            b"FailedOperation",
            b"UnauthorizedOperation",
            b"InternalError",
            b"APIG.",
            b"UC.0",
            b"UC.1",
            b"ORA-00942",
        ];

        let fragments = choose(&codes, &Background::new()).unwrap();

        for code in codes {
            let holds = |fragment: &Fragment| {
                let mut places = fragment.places.iter();
                places.any(|place| code[usize::from(place.offset)..].starts_with(&fragment.text))
            };
            assert!(fragments.iter().any(holds), "{}", code.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_token_is_found_by_what_it_begins_with() {
        let fragments = choose(&[b"tion-Oper"], &Background::new()).unwrap();

        let expected = Fragment {
            text: *b"tion",
            places: vec![Place {
                offset: 0,
                before: None,
                behind: Some(*b"-Ope"),
            }],
        };
        assert_eq!(fragments, [expected]);
    }

    #[test]
    fn codes_share_a_rare_fragment() {
        let codes: [&[u8]; 2] = [b"FailedOperation", b"UnsupportedOperation"];

        let fragments = choose(&codes, &Background::new()).unwrap();

        let place = |offset, before: &[u8; 4]| Place {
            offset,
            before: Some(*before),
            behind: Some(*b"rati"),
        };
        let expected = Fragment {
            text: *b"dOpe",
            places: vec![place(5, b"aile"), place(10, b"orte")],
        };
        assert_eq!(fragments, [expected]);
    }

    #[test]
    fn a_code_that_is_too_short_cannot_be_covered() {
        assert_eq!(choose(&[b"E12"], &Background::new()), None);
    }
}
