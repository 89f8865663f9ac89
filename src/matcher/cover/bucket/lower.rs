//! What passes a filter that knows bytes by their lower six bits.

use std::iter;

use super::{Background, FRAGMENT_BYTES, Judge};
use crate::matcher::cover::background::number;

/// Judges by how often bytes follow on each other.
pub(super) struct ByBytes<'b>(pub(super) &'b Background);

/// A set of bytes: for each high half a bit for each low one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bytes([u16; 16]);

impl Judge for ByBytes<'_> {
    type Taken = [Bytes; FRAGMENT_BYTES];

    fn add(&self, taken: &mut Self::Taken, text: [u8; FRAGMENT_BYTES]) {
        for (bytes, byte) in taken.iter_mut().zip(text) {
            bytes.0[usize::from(byte >> 4)] |= 1 << (byte & 0xf);
            bytes.mix_printed();
        }
    }

    fn passing(&self, taken: &Self::Taken) -> f32 {
        let Self(background) = self;
        let [first, rest @ ..] = taken;
        let (mut ends, mut reached) = (Vec::with_capacity(256), Vec::with_capacity(256));
        ends.extend(first.each().map(|byte| (byte, background.byte(byte))));
        for bytes in rest {
            reached.extend(bytes.each().map(|next| (next, 0.0)));
            for (byte, rate) in ends.drain(..) {
                let following = background.following(byte);
                for (next, sum) in &mut reached {
                    *sum += rate * following[number(*next)];
                }
            }
            std::mem::swap(&mut ends, &mut reached);
        }
        ends.iter().map(|(_, rate)| rate).sum()
    }
}

impl Bytes {
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
