//! How often short texts occur in ordinary logs: what fragments and buckets are chosen by.
//!
//! The rates are those of the sample logs of Android, Apache, Hadoop, Linux, OpenStack and Spark in
//! the Loghub collection (<https://github.com/logpai/loghub>), each log's counted for itself and then
//! averaged, so that no log outweighs another. A rate is a letter: `a` is one place in 2^22, and each
//! letter after it twice as many. `pairs.txt` has a line for each printable ASCII byte and on it a
//! letter for each such byte that may follow; `quads.txt` lists the thousand most frequent texts of
//! four token bytes behind their letter. What neither lists is taken to be rare.

const PAIRS: &str = include_str!("pairs.txt");
const QUADS: &str = include_str!("quads.txt");

/// The first byte that `PAIRS` has a line for.
const FIRST_BYTE: u8 = b' ';

/// How many bytes `PAIRS` has a line for, and a letter on each line.
const LISTED_BYTES: usize = (0x7f - FIRST_BYTE) as usize;

/// The listed bytes, and one that stands for all others.
const NUMBERS: usize = LISTED_BYTES + 1;

/// The negative exponent of the rate that `a` stands for.
const RAREST: u32 = 22;

/// The rate of pairs that `PAIRS` does not list, such as parts of Chinese characters.
const UNLISTED: f32 = 1.0 / (1 << 20) as f32;

/// The lowest rate of four small letters that `QUADS` does not list: they may stand in any word of any
/// prose, of which those logs show little. From a third of this on the choice of fragments for 537 and for
/// 11,545 codes is the same, and in prose, source code and other logs half as many places and less pass.
const SMALL_LETTERS: f32 = 1.0 / (1 << 15) as f32;

/// Rates of single bytes, pairs and texts of four bytes, per place in the text.
pub(super) struct Background {
    bytes: Vec<f32>,
    /// How often a byte follows another, by the [`number`] of both.
    following: Vec<f32>,
    /// Sorted.
    quads: Vec<([u8; 4], f32)>,
}

impl Background {
    pub(super) fn new() -> Self {
        let mut bytes = vec![256.0 * UNLISTED; 256];
        let mut following = Vec::with_capacity(NUMBERS * NUMBERS);
        for (line, sum) in PAIRS.lines().zip(&mut bytes[usize::from(FIRST_BYTE)..]) {
            // In whatever order: a few multiples of the rarest rate make no sum that is rounded.
            let listed: f32 = line.bytes().map(rate).sum();
            *sum = listed + (256 - LISTED_BYTES) as f32 * UNLISTED;
            let rates = line.bytes().map(rate).chain([UNLISTED]);
            following.extend(rates.map(|rate| rate / *sum));
        }
        following.extend([1.0 / 256.0; NUMBERS]);
        let mut quads = Vec::new();
        for line in QUADS.lines() {
            let mut words = line.split(' ');
            let rate = words.next().and_then(|word| word.bytes().next()).map(rate);
            let texts = words.filter_map(|word| <[u8; 4]>::try_from(word.as_bytes()).ok());
            quads.extend(texts.zip(rate.into_iter().cycle()));
        }
        quads.sort_unstable_by_key(|(text, _)| *text);
        Background {
            bytes,
            following,
            quads,
        }
    }

    /// How often `byte` occurs.
    pub(super) fn byte(&self, byte: u8) -> f32 {
        self.bytes[usize::from(byte)]
    }

    /// How often each byte follows where `first` stands, by the byte's [`number`].
    pub(super) fn following(&self, first: u8) -> &[f32] {
        &self.following[number(first) * NUMBERS..][..NUMBERS]
    }

    /// How often `text` occurs; where it is not listed, as a chain of pairs, but small letters at the least as
    /// often as words hold them.
    pub(super) fn quad(&self, text: [u8; 4]) -> f32 {
        if let Ok(at) = self.quads.binary_search_by_key(&text, |(text, _)| *text) {
            return self.quads[at].1;
        }
        let chain = text.windows(2).fold(self.byte(text[0]), |rate, pair| {
            rate * self.following(pair[0])[number(pair[1])]
        });
        if text.iter().all(u8::is_ascii_lowercase) {
            chain.max(SMALL_LETTERS)
        } else {
            chain
        }
    }
}

/// Which line `PAIRS` has for `byte`; one more than there are where it has none.
pub(super) fn number(byte: u8) -> usize {
    usize::from(byte.wrapping_sub(FIRST_BYTE)).min(LISTED_BYTES)
}

fn rate(letter: u8) -> f32 {
    (1u32 << (letter - b'a')) as f32 / (1u32 << RAREST) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_texts_are_told_from_rare_ones() {
        let background = Background::new();

        assert!(background.quad(*b"tion") > 100.0 * background.quad(*b"dOpe"));
        assert!(background.quad(*b"INFO") > 100.0 * background.quad(*b"APIG"));
        assert!(background.quad(*b"ubne") > 10.0 * background.quad(*b"dOpe"));
        assert!(background.byte(b'e') > background.byte(b'Q'));
    }

    #[test]
    fn what_follows_a_byte_makes_one() {
        let background = Background::new();

        for first in [0, b' ', b'e', b'~', 0x7f, 0xe9] {
            let sum: f32 = (0..=255)
                .map(|next| background.following(first)[number(next)])
                .sum();
            assert!((0.999..1.001).contains(&sum), "{first}: {sum}");
        }
        assert_eq!(
            background.following(b'e')[number(0xe9)],
            UNLISTED / background.byte(b'e')
        );
        let lines = PAIRS.lines().map(str::len);
        assert!(lines.eq([LISTED_BYTES; LISTED_BYTES]));
    }

    #[test]
    fn the_rates_of_all_pairs_make_one() {
        let background = Background::new();

        let sum: f32 = (0..=255).map(|byte| background.byte(byte)).sum();
        assert!((0.7..1.4).contains(&sum), "{sum}");
    }
}
