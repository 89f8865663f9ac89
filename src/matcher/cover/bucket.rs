//! Divides fragments among the buckets of the filter so that few other texts pass.
//!
//! A bucket takes at each place of a fragment whatever byte some fragment of it has there, and also what
//! the filter cannot tell from such a byte: one that has a half of one and a half of another, or the same
//! lower bits. So what passes is more than the fragments. How much more depends on which of them share a
//! bucket.

use std::iter;

use super::background::{Background, number};
use super::filter::Sight;
use super::fragment::{FRAGMENT_BYTES, Fragment};

/// How often every fragment is put where it does best; after this few still move.
const ROUNDS: usize = 3;

/// A set of bytes: for each high half a bit for each low one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bytes([u16; 16]);

/// What a bucket takes.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// At each place of a fragment.
    bytes: [Bytes; FRAGMENT_BYTES],
    /// At how many of all places of ordinary text it lets something pass. Kept, because a bucket is
    /// compared with itself and one more fragment far more often than it changes.
    passing: f32,
}

/// What buckets are judged by.
#[derive(Clone, Copy)]
struct Judge<'a> {
    background: &'a Background,
    sight: Sight,
}

/// The bucket of each fragment.
pub(super) fn assign(fragments: &[Fragment], background: &Background, sight: Sight) -> Vec<u8> {
    let judge = Judge { background, sight };
    let mut by_rate: Vec<usize> = (0..fragments.len()).collect();
    let rate = |fragment: usize| background.quad(fragments[fragment].text);
    by_rate.sort_by(|&a, &b| rate(b).total_cmp(&rate(a)));
    let mut buckets = vec![Bucket::default(); sight.buckets()];
    let mut assigned: Vec<Option<usize>> = vec![None; fragments.len()];
    for _ in 0..ROUNDS {
        let mut has_moved = false;
        for &fragment in &by_rate {
            let before = assigned[fragment].take();
            if let Some(before) = before {
                let held = fragments.iter().zip(&assigned);
                let others = held.filter(|(_, bucket)| **bucket == Some(before));
                buckets[before] = judge.bucket(others.map(|(other, _)| other.text));
            }
            let (best, with) = judge.best(&buckets, fragments[fragment].text);
            buckets[best] = with;
            assigned[fragment] = Some(best);
            has_moved |= assigned[fragment] != before;
        }
        if !has_moved {
            break;
        }
    }
    let assigned = assigned.into_iter().flatten();
    assigned.map(|bucket| bucket as u8).collect() // lossless: there are few
}

impl Judge<'_> {
    /// A bucket of fragments with these texts.
    fn bucket(self, texts: impl IntoIterator<Item = [u8; FRAGMENT_BYTES]>) -> Bucket {
        let mut bytes = <[Bytes; FRAGMENT_BYTES]>::default();
        for text in texts {
            self.add(&mut bytes, text);
        }
        self.judged(bytes)
    }

    /// The bucket to which a fragment adds the least, and what it is with that fragment.
    fn best(self, buckets: &[Bucket], text: [u8; FRAGMENT_BYTES]) -> (usize, Bucket) {
        let with = buckets.iter().map(|bucket| {
            let mut bytes = bucket.bytes;
            self.add(&mut bytes, text);
            let with = self.judged(bytes);
            (with, with.passing - bucket.passing)
        });
        let best = with
            .enumerate()
            .min_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
        let (best, (with, _)) = best.expect("there are buckets");
        (best, with)
    }

    fn add(self, bytes: &mut [Bytes; FRAGMENT_BYTES], text: [u8; FRAGMENT_BYTES]) {
        for (bytes, byte) in bytes.iter_mut().zip(text) {
            bytes.0[usize::from(byte >> 4)] |= 1 << (byte & 0xf);
            match self.sight {
                Sight::Halves => bytes.mix_halves(),
                Sight::Lower | Sight::LowerTwice => bytes.mix_printed(),
            }
        }
    }

    fn judged(self, bytes: [Bytes; FRAGMENT_BYTES]) -> Bucket {
        let [first, rest @ ..] = &bytes;
        let (mut ends, mut reached) = (Vec::with_capacity(256), Vec::with_capacity(256));
        ends.extend(first.each().map(|byte| (byte, self.background.byte(byte))));
        for bytes in rest {
            reached.extend(bytes.each().map(|next| (next, 0.0)));
            for (byte, rate) in ends.drain(..) {
                let following = self.background.following(byte);
                for (next, sum) in &mut reached {
                    *sum += rate * following[number(*next)];
                }
            }
            std::mem::swap(&mut ends, &mut reached);
        }
        let passing = ends.iter().map(|(_, rate)| rate).sum();
        Bucket { bytes, passing }
    }
}

impl Bytes {
    /// Adds every byte of a low half and a high half that some of the bytes have.
    fn mix_halves(&mut self) {
        let low = self.0.iter().fold(0, |all, low| all | low);
        let taken = self.0.iter_mut().filter(|lows| **lows != 0);
        taken.for_each(|lows| *lows = low);
    }

    /// Adds every byte that has the lower six bits of one of the bytes; only those that are printed,
    /// since there are hardly others in ordinary logs.
    fn mix_printed(&mut self) {
        for (punctuation, letters) in [(2, 6), (3, 7)] {
            let all = self.0[punctuation] | self.0[letters];
            self.0[punctuation] = all;
            self.0[letters] = all;
        }
    }

    fn each(self) -> impl Iterator<Item = u8> {
        let rows = (0..).zip(self.0).filter(|(_, lows)| *lows != 0);
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
    use proptest::prelude::*;

    use super::*;

    /// What [`assign`] does, with every bucket put together anew for each comparison.
    fn assigned_anew(fragments: &[Fragment], judge: Judge) -> Vec<u8> {
        let rate = |number: &usize| judge.background.quad(fragments[*number].text);
        let mut by_rate: Vec<usize> = (0..fragments.len()).collect();
        by_rate.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
        let mut assigned = vec![None; fragments.len()];
        for _ in 0..ROUNDS {
            for &number in &by_rate {
                assigned[number] = None;
                let held = |bucket| {
                    let held = fragments.iter().zip(&assigned);
                    let held = held.filter(move |(_, assigned)| **assigned == Some(bucket));
                    held.map(|(other, _)| other.text)
                };
                let added = |bucket| {
                    let with = held(bucket).chain([fragments[number].text]);
                    judge.bucket(with).passing - judge.bucket(held(bucket)).passing
                };
                let least =
                    (0..judge.sight.buckets() as u8).min_by(|&a, &b| added(a).total_cmp(&added(b)));
                assigned[number] = least;
            }
        }
        assigned.into_iter().flatten().collect()
    }

    fn fragments() -> impl Strategy<Value = Vec<Fragment>> {
        let text = prop_oneof![
            prop::array::uniform4(prop::sample::select(&b"aeInrtEO.0_"[..])),
            any::<[u8; FRAGMENT_BYTES]>(),
        ];
        let fragment = text.prop_map(|text| Fragment {
            text,
            places: Vec::new(),
        });
        prop::collection::vec(fragment, 0..40)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_kept_of_buckets_changes_no_choice(fragments in fragments()) {
            let background = Background::new();
            for sight in [Sight::Lower, Sight::LowerTwice, Sight::Halves] {
                let judge = Judge { background: &background, sight };

                let assigned = assign(&fragments, &background, sight);

                prop_assert_eq!(assigned, assigned_anew(&fragments, judge));
            }
        }
    }

    #[test]
    fn few_fragments_have_buckets_of_their_own() {
        let texts = [b"APIG", b"dOpe", b"lErr", b"tion"];
        let fragments = texts.map(|text| Fragment {
            text: *text,
            places: Vec::new(),
        });

        let mut assigned = assign(&fragments, &Background::new(), Sight::Lower);

        assigned.sort_unstable();
        assigned.dedup();
        assert_eq!(assigned.len(), texts.len());
    }

    #[test]
    fn more_passes_where_unlike_fragments_share_a_bucket_and_most_by_halves() {
        let background = Background::new();
        let rate = |texts: &[&[u8; 4]], sight| {
            let judge = Judge {
                background: &background,
                sight,
            };
            judge.bucket(texts.iter().map(|text| **text)).passing
        };

        let apart = rate(&[b"APIG"], Sight::Lower) + rate(&[b"dope"], Sight::Lower);
        let together = rate(&[b"APIG", b"dope"], Sight::Lower);
        let by_halves = rate(&[b"APIG", b"dope"], Sight::Halves);

        assert!(together > apart, "{together} {apart}");
        assert!(by_halves > together, "{by_halves} {together}");
    }
}
