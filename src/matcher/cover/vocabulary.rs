//! Whether a token may be a code, or begin with one: by its first and last bytes and its length.
//!
//! In text that is rich in beginnings of codes nearly every token opens like one, and hardly any is one.
//! A look at the dictionary for each, of which nothing is told beforehand, cost more than this.

use super::grams::{Gram, Grams};
use crate::matcher::token::token_end;
use crate::matcher::word_bytes::is_word;
use crate::matcher::words::fold;

/// So many first and last bytes are looked at.
const SIDE_BYTES: usize = size_of::<u64>();

/// One answer of so many is wrong.
const BITS_PER_WORD: usize = 64;

/// Spread the two sides: digits of e.
const MIX: [u64; 2] = [0xb7e1_5162_8aed_2a6a, 0xbf71_5880_9cf4_f3c7];

/// A part of a token that begins with it. Where it ends is not known where that is where it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words that tokens may be, or begin with.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    grams: Grams,
}

impl Vocabulary {
    /// Takes over the token that each code begins with, and each name of a family.
    pub(super) fn new(codes: &[&[u8]], families: &[&[u8]]) -> Self {
        let first_token = |text: &'_ [u8]| token_end(text, 0);
        let whole = |name: &&&[u8]| first_token(name) == name.len();
        // Where no dot stands behind the first token of a name, it ends there.
        let names = families.iter().filter(|name| !whole(name));
        let ends = codes.iter().chain(names).map(|text| (text, false));
        let dots = codes.iter().chain(families).map(|text| (text, true));
        let grams: Vec<Gram> = ends
            .chain(dots)
            .map(|(text, joins)| gram_of(&text[..first_token(text)], joins))
            .collect();
        Vocabulary {
            grams: Grams::new(&grams, BITS_PER_WORD),
        }
    }

    /// Lists where those of `words` begin that may be known, or go on in a code that extends a known one.
    ///
    /// Which ones those are nobody could guess, so that there is no branch on it.
    #[inline]
    pub(super) fn choose(&self, text: &[u8], words: &[Word], starts: &mut Vec<usize>) {
        starts.clear();
        starts.resize(words.len(), 0);
        let mut count = 0;
        for word in words {
            starts[count] = word.start;
            count += usize::from(self.may_know(text, *word));
        }
        starts.truncate(count);
    }

    #[inline]
    fn may_know(&self, text: &[u8], Word { start, end }: Word) -> bool {
        let len = end - start;
        let last = start + len.saturating_sub(SIDE_BYTES);
        let sides = (eight(text, start), eight(text, last), eight(text, end));
        let (Some(first), Some(last), Some(behind)) = sides else {
            return true;
        };
        let joins = joins(behind);
        let gram = gram(first, last, len, joins);
        // The token may end before a colour.
        let has_colour = behind as u8 == b'[' && text[start..end].ends_with(b"ESC");
        self.grams.may_hold(gram) | has_colour | (len == 0)
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        self.grams.memory_usage()
    }
}

/// Whether what is `behind` a word goes on in its token.
#[inline]
fn joins(behind: u64) -> bool {
    let [byte, next, ..] = behind.to_le_bytes();
    (byte == b'.') & is_word(next)
}

fn gram_of(word: &[u8], joins: bool) -> Gram {
    let mut padded = word.to_vec();
    padded.resize(word.len().max(SIDE_BYTES), 0);
    let side = |at| eight(&padded, at).unwrap_or(0);
    let last = side(word.len().saturating_sub(SIDE_BYTES));
    gram(side(0), last, word.len(), joins)
}

/// A word by its length and its first and last eight bytes, of which those behind a shorter word do not
/// count.
#[inline]
fn gram(first: u64, last: u64, len: usize, joins: bool) -> Gram {
    let unused = SIDE_BYTES.saturating_sub(len);
    let mask = u64::MAX >> (8 * unused % 64);
    let kind = (len as u64) << 1 | u64::from(joins);
    Gram::long(fold(first & mask ^ MIX[0], last & mask ^ MIX[1] ^ kind))
}

/// The eight bytes at `at`, if there are.
#[inline]
fn eight(text: &[u8], at: usize) -> Option<u64> {
    let bytes = text.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [&str; 4] = ["APIG.1002", "FailedOperation", "UC.00011055", "ORA-00942"];

    /// The places in `text` at which one of `CODES`, or a code of the family `APIG`, may begin, of all its
    /// runs that a code may begin with.
    fn chosen(text: &str) -> Vec<usize> {
        let vocabulary = Vocabulary::new(&CODES.map(str::as_bytes), &[b"APIG", b"X-Y"]);
        // A word is looked at with what stands behind it.
        let padded = format!("{text} .......").into_bytes();
        let is_end = |end: &usize| !is_word(padded[*end]) && is_word(padded[*end - 1]);
        let words: Vec<Word> = (1..=text.len())
            .filter(is_end)
            .map(|end| Word { start: 0, end })
            .collect();
        let mut starts = Vec::new();
        vocabulary.choose(&padded, &words, &mut starts);
        starts
    }

    #[test]
    fn what_is_a_code_or_extends_one_is_chosen() {
        for text in [
            "APIG.1002",
            "APIG.3999",
            "APIG.1002.Please",
            "FailedOperation",
            "FailedOperation.NodeNotEmpty",
            "FailedOperationESC[0m",
            "UC.00011055",
            "ORA-00942",
            "X-Y.Foo",
        ] {
            assert!(!chosen(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_only_begins_like_a_code_is_not_chosen() {
        for text in [
            "APIG",
            "APIGW.1002",
            "FailedOp",
            "FailedOperations",
            "FailedOperation_Foo",
            "UC.0001105",
        ] {
            assert!(chosen(text).is_empty(), "{text}");
        }
    }
}
