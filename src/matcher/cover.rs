//! A few fragments of which every code holds at least one.
//!
//! Codes share their words, so a handful of short fragments covers hundreds of
//! them; those are found faster than the codes themselves. Which fragments to take
//! is a weighted set cover, solved greedily: the weight of a fragment is how often
//! ordinary log text is expected to hold it.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

/// The longest fragment, in bytes: as many as the searcher compares at once.
const FRAGMENT_BYTES: usize = 4;

/// The shortest fragment, in bytes. Shorter ones are met all the time.
pub(super) const MIN_FRAGMENT_BYTES: usize = 3;

/// The most fragments that are searched for at once: the limit of aho-corasick's Teddy.
const MAX_FRAGMENTS: usize = 64;

/// What one more fragment costs wherever it is not met, as a rate of meeting it: fewer fragments are better
/// than rarer ones. 300 in 4 MB of text.
const FRAGMENT_RATE: f64 = 300.0 / 4e6;

/// How surprising each of the characters from blank to `~` is in ordinary log text, in bits. Counted over
/// 1.8 MB of the loghub samples of Android, Apache, Hadoop, Linux, OpenStack and Spark, rounded.
#[rustfmt::skip]
const SURPRISE_BITS: [u8; 95] = [
    3, 15, 10, 14, 15, 15, 15, 14, 8, 8, 14, 14, 8, 5, 5, 7,
    4, 4, 5, 6, 5, 5, 6, 6, 6, 6, 5, 11, 13, 7, 13, 15,
    11, 8, 9, 8, 8, 8, 8, 10, 10, 8, 9, 12, 9, 8, 8, 8,
    9, 14, 8, 8, 8, 11, 10, 10, 15, 15, 15, 7, 15, 7, 15, 7,
    15, 5, 6, 5, 5, 4, 7, 7, 7, 5, 10, 7, 6, 6, 5, 5,
    6, 10, 5, 5, 5, 6, 7, 8, 9, 8, 13, 13, 15, 13, 15,
];

/// How surprising any other byte is, in bits.
const OTHER_SURPRISE_BITS: u8 = 15;

/// Fragments of which every one of `texts` holds at least one; `None` where those would be too many.
pub(super) fn cover<'t>(texts: &[&'t [u8]]) -> Option<Vec<&'t [u8]>> {
    let mut places: HashMap<&[u8], Vec<usize>, foldhash::fast::FixedState> = HashMap::default();
    for (number, text) in texts.iter().enumerate() {
        for fragment in text.windows(FRAGMENT_BYTES.min(text.len())) {
            let numbers = places.entry(fragment).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }
    let mut heap: BinaryHeap<Choice> = places
        .iter()
        .map(|(fragment, numbers)| Choice::new(fragment, numbers.len()))
        .collect();
    let mut is_covered = vec![false; texts.len()];
    let mut left = texts.len();
    let mut chosen = Vec::new();
    while left > 0 {
        let choice = heap.pop().expect("every text has fragments that cover it");
        let numbers = &places[choice.fragment];
        let gain = numbers
            .iter()
            .filter(|&&number| !is_covered[number])
            .count();
        // What others cover by now no longer counts for this one; it may not be the best any more.
        if gain < choice.gain {
            if gain > 0 {
                heap.push(Choice::new(choice.fragment, gain));
            }
            continue;
        }
        if chosen.len() == MAX_FRAGMENTS {
            return None;
        }
        numbers.iter().for_each(|&number| is_covered[number] = true);
        left -= gain;
        chosen.push(choice.fragment);
    }
    Some(chosen)
}

/// A fragment and how many texts it would newly cover.
#[derive(Debug)]
struct Choice<'t> {
    fragment: &'t [u8],
    gain: usize,
    worth: f64,
}

impl<'t> Choice<'t> {
    fn new(fragment: &'t [u8], gain: usize) -> Self {
        Choice {
            fragment,
            gain,
            worth: gain as f64 / (expected_rate(fragment) + FRAGMENT_RATE),
        }
    }
}

impl Ord for Choice<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.worth
            .total_cmp(&other.worth)
            .then_with(|| other.fragment.cmp(self.fragment))
    }
}

impl PartialOrd for Choice<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Choice<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Choice<'_> {}

/// How often ordinary text holds `fragment`, per byte, if its bytes came independently.
fn expected_rate(fragment: &[u8]) -> f64 {
    let bits = fragment.iter().map(|&byte| {
        let place = usize::from(byte).checked_sub(usize::from(b' '));
        place
            .and_then(|place| SURPRISE_BITS.get(place))
            .copied()
            .unwrap_or(OTHER_SURPRISE_BITS)
    });
    (-f64::from(bits.map(u32::from).sum::<u32>())).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_holds_a_fragment_and_rare_shared_ones_are_preferred() {
        let texts: Vec<&[u8]> = vec![
            b"APIG.",
            b"InvalidParameter",
            b"InvalidAction",
            b"UC.",
            b"InternalError",
        ];

        let fragments = cover(&texts).expect("a few texts need few fragments");

        let holds = |text: &[u8]| {
            fragments
                .iter()
                .any(|fragment| text.windows(fragment.len()).any(|part| part == *fragment))
        };
        assert!(texts.iter().all(|text| holds(text)), "{fragments:?}");
        assert!(fragments.len() <= 4, "{fragments:?}");
    }

    #[test]
    fn texts_that_share_nothing_are_too_many() {
        let texts: Vec<String> = (0..100).map(|number| format!("{number:03}_")).collect();
        let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();

        assert_eq!(cover(&texts), None);
    }
}
