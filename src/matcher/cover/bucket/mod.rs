//! Divides fragments among the buckets of the filter so that few other texts pass.
//!
//! A bucket takes at each place of a fragment whatever byte some fragment of it has there, and also what
//! the filter cannot tell from such a byte: one that has a half of one and a half of another, or the same
//! lower bits. So what passes is more than the fragments. How much more depends on which of them share a
//! bucket.

mod lower;
mod nibbles;

use lower::ByBytes;
use nibbles::ByNibbles;

use super::background::Background;
use super::filter::Sight;
use super::fragment::{FRAGMENT_BYTES, Fragment};

/// How often every fragment is put where it does best; after this few still move.
const ROUNDS: usize = 3;

/// So many fragments are put where they do best, the most frequent ones. With that many a bucket takes nearly
/// every byte, so it hardly matters where the others are, and to look took seconds for some thousand of them.
/// 11,545 codes of vendors take 95 fragments, and 100,000 that are made like those 46.
const MOST_JUDGED: usize = 512;

/// Tells how much a bucket lets pass.
trait Judge {
    /// What a bucket takes.
    type Taken: Clone + Copy + Default;

    /// Has a bucket take this text, and what cannot be told from it.
    fn add(&self, taken: &mut Self::Taken, text: [u8; FRAGMENT_BYTES]);

    /// At how many of all places of ordinary text something passes.
    fn passing(&self, taken: &Self::Taken) -> f32;
}

#[derive(Clone, Copy, Default)]
struct Bucket<T> {
    taken: T,
    /// Kept, because a bucket is compared with itself and one more fragment far more often than it changes.
    passing: f32,
}

/// The bucket of each fragment.
pub(super) fn assign(fragments: &[Fragment], background: &Background, sight: Sight) -> Vec<u8> {
    let rate = |fragment: &Fragment| background.quad(fragment.text);
    let mut by_rate: Vec<usize> = (0..fragments.len()).collect();
    by_rate.sort_by(|&a, &b| rate(&fragments[b]).total_cmp(&rate(&fragments[a])));
    by_rate.truncate(MOST_JUDGED);
    let buckets = sight.buckets();
    match sight {
        Sight::Nibbles | Sight::NibblesTwice => {
            let judge = ByNibbles::new(background, sight.pairs());
            assign_by(&judge, fragments, &by_rate, buckets)
        }
        Sight::Lower | Sight::LowerTwice => {
            assign_by(&ByBytes(background), fragments, &by_rate, buckets)
        }
    }
}

/// Puts those in `by_rate` where they do best, and the others by their first byte.
fn assign_by<J: Judge>(
    judge: &J,
    fragments: &[Fragment],
    by_rate: &[usize],
    buckets: usize,
) -> Vec<u8> {
    let by_first_byte = |text: [u8; FRAGMENT_BYTES]| usize::from(text[0]) % buckets;
    let mut buckets = vec![Bucket::default(); buckets];
    let mut assigned: Vec<Option<usize>> = vec![None; fragments.len()];
    for _ in 0..ROUNDS {
        let mut has_moved = false;
        for &fragment in by_rate {
            let before = assigned[fragment].take();
            if let Some(before) = before {
                let held = fragments.iter().zip(&assigned);
                let others = held.filter(|(_, bucket)| **bucket == Some(before));
                buckets[before] = bucket(judge, others.map(|(other, _)| other.text));
            }
            let (best, with) = best(judge, &buckets, fragments[fragment].text);
            buckets[best] = with;
            assigned[fragment] = Some(best);
            has_moved |= assigned[fragment] != before;
        }
        if !has_moved {
            break;
        }
    }
    let assigned = fragments.iter().zip(assigned);
    let bucket = |(fragment, bucket): (&Fragment, Option<usize>)| {
        bucket.unwrap_or_else(|| by_first_byte(fragment.text)) as u8 // lossless: there are few
    };
    assigned.map(bucket).collect()
}

/// A bucket of fragments with these texts.
fn bucket<J: Judge>(
    judge: &J,
    texts: impl IntoIterator<Item = [u8; FRAGMENT_BYTES]>,
) -> Bucket<J::Taken> {
    let mut taken = J::Taken::default();
    for text in texts {
        judge.add(&mut taken, text);
    }
    Bucket {
        taken,
        passing: judge.passing(&taken),
    }
}

/// The bucket to which a fragment adds the least, and what it is with that fragment.
fn best<J: Judge>(
    judge: &J,
    buckets: &[Bucket<J::Taken>],
    text: [u8; FRAGMENT_BYTES],
) -> (usize, Bucket<J::Taken>) {
    let with = buckets.iter().map(|bucket| {
        let mut taken = bucket.taken;
        judge.add(&mut taken, text);
        let passing = judge.passing(&taken);
        (Bucket { taken, passing }, passing - bucket.passing)
    });
    let best = with
        .enumerate()
        .min_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
    let (best, (with, _)) = best.expect("there are buckets");
    (best, with)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What [`assign`] does, with every bucket put together anew for each comparison.
    fn assigned_anew<J: Judge>(fragments: &[Fragment], judge: &J, buckets: usize) -> Vec<u8> {
        let background = Background::new();
        let rate = |number: &usize| background.quad(fragments[*number].text);
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
                let added = |number_of_bucket| {
                    let with = held(number_of_bucket).chain([fragments[number].text]);
                    bucket(judge, with).passing - bucket(judge, held(number_of_bucket)).passing
                };
                let least = (0..buckets as u8).min_by(|&a, &b| added(a).total_cmp(&added(b)));
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
            let by_bytes = ByBytes(&background);
            for (sight, buckets) in [(Sight::Lower, 8), (Sight::LowerTwice, 16)] {
                let anew = assigned_anew(&fragments, &by_bytes, buckets);
                prop_assert_eq!(assign(&fragments, &background, sight), anew);
            }
            for (sight, looks) in [(Sight::Nibbles, 1), (Sight::NibblesTwice, 2)] {
                let anew = assigned_anew(&fragments, &ByNibbles::new(&background, looks), 8);
                prop_assert_eq!(assign(&fragments, &background, sight), anew);
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

    /// At how many places a bucket of these fragments lets something pass.
    fn rate(judge: &impl Judge, texts: &[&[u8; FRAGMENT_BYTES]]) -> f32 {
        bucket(judge, texts.iter().map(|text| **text)).passing
    }

    #[test]
    fn more_passes_where_unlike_fragments_share_a_bucket_and_most_by_nibbles() {
        let background = Background::new();
        let by_bytes = ByBytes(&background);
        let [one_look, two_looks] = [1, 2].map(|looks| ByNibbles::new(&background, looks));
        let both: [&[u8; 4]; 2] = [b"APIG", b"dope"];

        let apart = rate(&by_bytes, &both[..1]) + rate(&by_bytes, &both[1..]);
        let together = rate(&by_bytes, &both);
        let by_nibbles = rate(&one_look, &both);

        assert!(together > apart, "{together} {apart}");
        assert!(by_nibbles > together, "{by_nibbles} {together}");
        assert!(rate(&two_looks, &both) < by_nibbles);
    }

    #[test]
    fn every_one_of_more_fragments_than_are_judged_has_a_bucket() {
        let texts = (b'A'..=b'Z')
            .flat_map(|first| (b'A'..=b'Z').map(move |next| [first, next, b'x', first]));
        let fragments: Vec<Fragment> = texts
            .map(|text| Fragment {
                text,
                places: Vec::new(),
            })
            .collect();
        assert!(fragments.len() > MOST_JUDGED);
        for sight in [Sight::NibblesTwice, Sight::LowerTwice] {
            let assigned = assign(&fragments, &Background::new(), sight);

            assert_eq!(assigned.len(), fragments.len());
            let buckets = sight.buckets();
            assert!(
                assigned.iter().all(|&bucket| usize::from(bucket) < buckets),
                "{sight:?}"
            );
        }
    }

    #[test]
    fn what_every_bucket_takes_passes_everywhere() {
        let background = Background::new();
        let all: Vec<[u8; FRAGMENT_BYTES]> = (0..=u8::MAX)
            .flat_map(|first| (0..=u8::MAX).map(move |second| [first, second, first, second]))
            .collect();

        for passing in [
            bucket(&ByBytes(&background), all.iter().copied()).passing,
            bucket(&ByNibbles::new(&background, 2), all.iter().copied()).passing,
        ] {
            assert!((0.7..1.4).contains(&passing), "{passing}");
        }
    }
}
