//! What the matcher is measured against: engines that read the same blocks and count the same.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use errsift::input::BLOCK_BYTES;
use errsift::matcher::{Kind, Matcher};

use crate::corpus::Corpus;

/// What is compared.
#[derive(Clone, Copy)]
pub enum Engine<'a> {
    /// Ours.
    Errsift(&'a Matcher),
    /// The automaton of the aho-corasick crate, with the simplest test for whole tokens.
    AhoCorasick(&'a AhoCorasick),
    /// The practical limit: memchr.
    Newlines,
}

impl Engine<'_> {
    /// How often it finds what it looks for in `block`.
    pub fn count(self, block: &[u8]) -> u64 {
        match self {
            Engine::Errsift(matcher) => {
                let mut known = 0;
                matcher.scan(block, |found| {
                    known += u64::from(matches!(found.kind, Kind::Known(_)));
                });
                known
            }
            Engine::AhoCorasick(automaton) => whole_tokens(automaton, block).count() as u64,
            Engine::Newlines => memchr::memchr_iter(b'\n', block).count() as u64,
        }
    }

    /// What it counts in `corpus` unless it is broken.
    pub fn expected(self, corpus: &Corpus) -> u64 {
        match self {
            Engine::Errsift(_) | Engine::AhoCorasick(_) => corpus.matches,
            Engine::Newlines => corpus.lines - u64::from(!corpus.text.ends_with(b"\n")),
        }
    }
}

/// A DFA for `codes` that prefers the longest.
pub fn automaton(codes: &[String]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(codes)
        .expect("these codes are far fewer than an automaton has states")
}

/// The place of each code in the automaton's list that stands in `block` as a whole token.
pub fn whole_tokens<'a>(
    automaton: &'a AhoCorasick,
    block: &'a [u8],
) -> impl Iterator<Item = usize> + 'a {
    let found = automaton.find_iter(block);
    found
        .filter(|found| is_whole_token(block, found.start(), found.end()))
        .map(|found| found.pattern().as_usize())
}

/// The simplest test that gives every engine the same counts in the texts of [`crate::corpus`].
fn is_whole_token(text: &[u8], start: usize, end: usize) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let before = start.checked_sub(1).map(|at| text[at]);
    let mut after = text[end..].iter();
    let is_extended = match after.next() {
        Some(b'.') => after.next().is_some_and(is_word),
        next => next.is_some_and(is_word),
    };
    !is_extended && !before.is_some_and(|byte| is_word(&byte) || byte == b'.')
}

/// Whole lines, as many to a block as a scan takes. A longer line is a block of its own.
pub fn blocks(text: &[u8]) -> Vec<&[u8]> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while rest.len() > BLOCK_BYTES {
        let end = memchr::memrchr(b'\n', &rest[..BLOCK_BYTES])
            .or_else(|| memchr::memchr(b'\n', rest))
            .map_or(rest.len(), |newline| newline + 1);
        let (block, later) = rest.split_at(end);
        blocks.push(block);
        rest = later;
    }
    blocks.push(rest);
    blocks
}
