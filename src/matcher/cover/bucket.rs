//! Divides fragments among the buckets of the filter so that few other texts pass.
//!
//! The filter takes a byte for a bucket's if its low half and its high half each belong to some byte
//! that a fragment of the bucket has there, so what passes is more than the fragments. How much more
//! depends on which of them share a bucket.

use super::background::Background;
use super::fragment::{FRAGMENT_BYTES, Fragment};

/// The number of buckets: one for each bit of a byte.
pub(super) const BUCKETS: usize = 8;

/// How often every fragment is put where it does best; after this few still move.
const ROUNDS: usize = 3;

/// The halves of bytes that a bucket takes at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Halves {
    low: u16,
    high: u16,
}

/// What a bucket takes, at each place of a fragment.
type Bucket = [Halves; FRAGMENT_BYTES];

/// The bucket of each fragment.
pub(super) fn assign(fragments: &[Fragment], background: &Background) -> Vec<usize> {
    let mut by_rate: Vec<usize> = (0..fragments.len()).collect();
    let rate = |fragment: usize| background.quad(fragments[fragment].text);
    by_rate.sort_by(|&a, &b| rate(b).total_cmp(&rate(a)));
    let mut assigned = vec![None; fragments.len()];
    for _ in 0..ROUNDS {
        let mut has_moved = false;
        for &fragment in &by_rate {
            let before = assigned[fragment].take();
            assigned[fragment] = Some(best(fragments, &assigned, fragment, background));
            has_moved |= assigned[fragment] != before;
        }
        if !has_moved {
            break;
        }
    }
    assigned.into_iter().flatten().collect()
}

/// The bucket in which `fragment` adds the least.
fn best(
    fragments: &[Fragment],
    assigned: &[Option<usize>],
    fragment: usize,
    background: &Background,
) -> usize {
    let text = fragments[fragment].text;
    let added = |bucket: usize| {
        let held = fragments.iter().zip(assigned);
        let without = held
            .filter(|(_, assigned)| **assigned == Some(bucket))
            .fold(Bucket::default(), |bucket, (other, _)| {
                with(bucket, other.text)
            });
        passing(&with(without, text), background) - passing(&without, background)
    };
    let costs: Vec<f32> = (0..BUCKETS).map(added).collect();
    let buckets = 0..BUCKETS;
    let least = buckets.min_by(|&a, &b| costs[a].total_cmp(&costs[b]));
    least.unwrap_or(0)
}

fn with(mut bucket: Bucket, text: [u8; FRAGMENT_BYTES]) -> Bucket {
    for (halves, byte) in bucket.iter_mut().zip(text) {
        halves.low |= 1 << (byte & 0xf);
        halves.high |= 1 << (byte >> 4);
    }
    bucket
}

/// At how many of all places of ordinary text `bucket` lets something pass.
fn passing(bucket: &Bucket, background: &Background) -> f32 {
    let [first, rest @ ..] = bucket;
    let mut ends: Vec<(u8, f32)> = first
        .bytes()
        .map(|byte| (byte, background.byte(byte)))
        .collect();
    for halves in rest {
        let reached = |next: u8| -> f32 {
            let from = ends.iter();
            from.map(|&(byte, rate)| rate * background.following(byte, next))
                .sum()
        };
        ends = halves.bytes().map(|next| (next, reached(next))).collect();
    }
    ends.iter().map(|(_, rate)| rate).sum()
}

impl Halves {
    fn bytes(self) -> impl Iterator<Item = u8> {
        let set = |halves: u16| (0..16).filter(move |half| halves >> half & 1 == 1);
        set(self.high).flat_map(move |high| set(self.low).map(move |low| high << 4 | low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_fragments_have_buckets_of_their_own() {
        let texts = [b"APIG", b"dOpe", b"lErr", b"tion"];
        let fragments = texts.map(|text| Fragment {
            text: *text,
            offsets: vec![0],
            leads: Vec::new(),
        });

        let mut assigned = assign(&fragments, &Background::new());

        assigned.sort_unstable();
        assigned.dedup();
        assert_eq!(assigned.len(), texts.len());
    }

    #[test]
    fn more_passes_where_unlike_fragments_share_a_bucket() {
        let background = Background::new();
        let alone = |text: &[u8; 4]| with(Bucket::default(), *text);

        let together = passing(&with(alone(b"APIG"), *b"dope"), &background);

        let apart = passing(&alone(b"APIG"), &background) + passing(&alone(b"dope"), &background);
        assert!(together > apart, "{together} {apart}");
    }
}
