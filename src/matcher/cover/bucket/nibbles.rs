//! What passes a filter that knows bytes by their lower halves, and pairs of them by a mixture.

use super::{Background, FRAGMENT_BYTES, Judge};
use crate::matcher::cover::background::number;
use crate::matcher::cover::filter::nibbles::{PAIRS, mixed};

/// How many values four bits have.
const VALUES: usize = 16;

/// Judges by how often lower halves follow on each other, and with which mixtures.
pub(super) struct ByNibbles {
    /// How often a lower half occurs.
    low: [f32; VALUES],
    /// How often another follows on it, for each mixture of both bytes.
    following: Box<[[[f32; VALUES]; VALUES]; VALUES]>,
    /// Of how many pairs the filter looks at the mixture.
    looks: usize,
}

/// What a bucket takes: a bit for each value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    /// At each place of a fragment.
    low: [u16; FRAGMENT_BYTES],
    /// Of each pair of places.
    mixed: [u16; PAIRS],
}

impl ByNibbles {
    /// For a filter that looks at the mixtures of the first `looks` pairs.
    pub(super) fn new(background: &Background, looks: usize) -> Self {
        let mut low = [0.0; VALUES];
        let mut following = Box::new([[[0.0; VALUES]; VALUES]; VALUES]);
        // What is not printed is rare.
        for first in b' '..=b'~' {
            let rate = background.byte(first);
            low[low_half(first)] += rate;
            let rates = background.following(first);
            for second in b' '..=b'~' {
                let mixture = usize::from(mixed(first, second));
                following[low_half(first)][low_half(second)][mixture] +=
                    rate * rates[number(second)];
            }
        }
        for (rates, low) in following.iter_mut().zip(low) {
            rates
                .as_flattened_mut()
                .iter_mut()
                .for_each(|rate| *rate /= low);
        }
        ByNibbles {
            low,
            following,
            looks,
        }
    }

    /// How often `second` follows where `first` stands, with one of these mixtures.
    fn rate(&self, first: usize, second: usize, mixed: u16) -> f32 {
        let rates = &self.following[first][second];
        bits(mixed).map(|mixture| rates[mixture]).sum()
    }
}

impl Judge for ByNibbles {
    type Taken = Taken;

    fn add(&self, taken: &mut Taken, text: [u8; FRAGMENT_BYTES]) {
        for (low, byte) in taken.low.iter_mut().zip(text) {
            *low |= 1 << low_half(byte);
        }
        let (pairs, _) = text.as_chunks();
        for (number, &[first, second]) in pairs.iter().enumerate() {
            taken.mixed[number] |= match number < self.looks {
                true => 1 << mixed(first, second),
                false => u16::MAX,
            };
        }
    }

    fn passing(&self, taken: &Taken) -> f32 {
        let mut rates = [0.0; VALUES];
        bits(taken.low[0]).for_each(|low| rates[low] = self.low[low]);
        for (place, &lows) in (1..).zip(&taken.low[1..]) {
            let is_pair = place % 2 == 1;
            let mixed = if is_pair {
                taken.mixed[place / 2]
            } else {
                u16::MAX
            };
            let mut reached = [0.0; VALUES];
            for first in bits(taken.low[place - 1]) {
                for next in bits(lows) {
                    reached[next] += rates[first] * self.rate(first, next, mixed);
                }
            }
            rates = reached;
        }
        rates.iter().sum()
    }
}

fn low_half(byte: u8) -> usize {
    usize::from(byte & 0xf)
}

/// The numbers of the bits that are set.
fn bits(word: u16) -> impl Iterator<Item = usize> {
    let rest = std::iter::successors(Some(word), |&rest| Some(rest & rest.wrapping_sub(1)));
    let rest = rest.take_while(|&rest| rest != 0);
    rest.map(|rest| rest.trailing_zeros() as usize)
}
