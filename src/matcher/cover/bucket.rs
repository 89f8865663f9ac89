//! Divides fragments among the buckets of the filter so that few other texts pass.
//!
//! A bucket takes at each place of a fragment whatever byte some fragment of it has there, and a filter
//! that knows bytes by their halves also those of which one half is of one and one of another. So what
//! passes is more than the fragments. How much more depends on which of them share a bucket.

use std::iter;

use super::background::Background;
use super::filter::Sight;
use super::fragment::{FRAGMENT_BYTES, Fragment};

/// The number of buckets: one for each bit of a byte.
const BUCKETS: u8 = 8;

/// How often every fragment is put where it does best; after this few still move.
const ROUNDS: usize = 3;

/// A set of bytes: for each high half a bit for each low one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bytes([u16; 16]);

/// What a bucket takes, at each place of a fragment.
type Bucket = [Bytes; FRAGMENT_BYTES];

/// The bucket of each fragment.
pub(super) fn assign(fragments: &[Fragment], background: &Background, sight: Sight) -> Vec<u8> {
    let mut by_rate: Vec<usize> = (0..fragments.len()).collect();
    let rate = |fragment: usize| background.quad(fragments[fragment].text);
    by_rate.sort_by(|&a, &b| rate(b).total_cmp(&rate(a)));
    let mut assigned = vec![None; fragments.len()];
    for _ in 0..ROUNDS {
        let mut has_moved = false;
        for &fragment in &by_rate {
            let before = assigned[fragment].take();
            assigned[fragment] = Some(best(fragments, &assigned, fragment, background, sight));
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
    assigned: &[Option<u8>],
    fragment: usize,
    background: &Background,
    sight: Sight,
) -> u8 {
    let text = fragments[fragment].text;
    let added = |bucket: u8| {
        let held = fragments.iter().zip(assigned);
        let without = held
            .filter(|(_, assigned)| **assigned == Some(bucket))
            .fold(Bucket::default(), |bucket, (other, _)| {
                with(bucket, other.text, sight)
            });
        passing(&with(without, text, sight), background) - passing(&without, background)
    };
    let costs: Vec<f32> = (0..BUCKETS).map(added).collect();
    let buckets = 0..BUCKETS;
    let least = buckets.min_by(|&a, &b| costs[usize::from(a)].total_cmp(&costs[usize::from(b)]));
    least.unwrap_or(0)
}

fn with(mut bucket: Bucket, text: [u8; FRAGMENT_BYTES], sight: Sight) -> Bucket {
    for (bytes, byte) in bucket.iter_mut().zip(text) {
        bytes.0[usize::from(byte >> 4)] |= 1 << (byte & 0xf);
        if sight == Sight::Halves {
            bytes.mix_halves();
        }
    }
    bucket
}

/// At how many of all places of ordinary text `bucket` lets something pass.
fn passing(bucket: &Bucket, background: &Background) -> f32 {
    let [first, rest @ ..] = bucket;
    let mut ends: Vec<(u8, f32)> = first
        .each()
        .map(|byte| (byte, background.byte(byte)))
        .collect();
    for bytes in rest {
        let reached = |next: u8| -> f32 {
            let from = ends.iter();
            from.map(|&(byte, rate)| rate * background.following(byte, next))
                .sum()
        };
        ends = bytes.each().map(|next| (next, reached(next))).collect();
    }
    ends.iter().map(|(_, rate)| rate).sum()
}

impl Bytes {
    /// Adds every byte of a low half and a high half that some of the bytes have.
    fn mix_halves(&mut self) {
        let low = self.0.iter().fold(0, |all, low| all | low);
        let taken = self.0.iter_mut().filter(|lows| **lows != 0);
        taken.for_each(|lows| *lows = low);
    }

    fn each(self) -> impl Iterator<Item = u8> {
        let rows = (0..).zip(self.0);
        rows.flat_map(|(high, mut lows)| {
            iter::from_fn(move || {
                let low = lows.checked_ilog2()?;
                lows ^= 1 << low;
                Some(high << 4 | low as u8)
            })
        })
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
            places: Vec::new(),
        });

        let mut assigned = assign(&fragments, &Background::new(), Sight::Whole);

        assigned.sort_unstable();
        assigned.dedup();
        assert_eq!(assigned.len(), texts.len());
    }

    #[test]
    fn more_passes_where_unlike_fragments_share_a_bucket_and_most_by_halves() {
        let background = Background::new();
        let rate = |texts: &[&[u8; 4]], sight| {
            let bucket = texts.iter().fold(Bucket::default(), |bucket, text| {
                with(bucket, **text, sight)
            });
            passing(&bucket, &background)
        };

        let apart = rate(&[b"APIG"], Sight::Whole) + rate(&[b"dope"], Sight::Whole);
        let together = rate(&[b"APIG", b"dope"], Sight::Whole);
        let by_halves = rate(&[b"APIG", b"dope"], Sight::Halves);

        assert!(together > apart, "{together} {apart}");
        assert!(by_halves > together, "{by_halves} {together}");
    }
}
