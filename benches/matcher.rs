//! The matcher alone, on one thread, beside two yardsticks that read the same blocks: counting
//! newlines, which is the practical limit, and the aho-corasick crate's DFA over the same codes.
//!
//! Run all with `cargo bench --bench matcher`, a part with `... -- dense`. `ERRSIFT_BENCH_MIB` sets
//! the size of each text: one that fits into a cache is read from there, which flatters the newlines
//! most. `ERRSIFT_BENCH_CODES` names a file whose codes, one a line, are the large catalogue.

mod corpus;
mod setup;

use std::hint::black_box;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use criterion::{Criterion, criterion_group, criterion_main};
use errsift::input::BLOCK_BYTES;
use errsift::matcher::{Kind, Matcher};

use corpus::{Corpus, Hard, adversarial, dense, sparse};
use setup::{Known, SEED, corpus_bytes};

/// What is compared.
#[derive(Clone, Copy)]
enum Engine<'a> {
    Errsift(&'a Matcher),
    AhoCorasick(&'a AhoCorasick),
    Newlines,
}

impl Engine<'_> {
    fn count(self, block: &[u8]) -> u64 {
        match self {
            Engine::Errsift(matcher) => {
                let mut known = 0;
                matcher.scan(block, |found| {
                    known += u64::from(matches!(found.kind, Kind::Known(_)));
                });
                known
            }
            Engine::AhoCorasick(automaton) => {
                let found = automaton.find_iter(block);
                found
                    .filter(|found| is_whole_token(block, found.start(), found.end()))
                    .count() as u64
            }
            Engine::Newlines => memchr::memchr_iter(b'\n', block).count() as u64,
        }
    }

    /// What it counts in `corpus` unless it is broken.
    fn expected(self, corpus: &Corpus) -> u64 {
        match self {
            Engine::Errsift(_) | Engine::AhoCorasick(_) => corpus.matches,
            Engine::Newlines => corpus.lines - u64::from(!corpus.text.ends_with(b"\n")),
        }
    }
}

fn ordinary_texts(criterion: &mut Criterion) {
    for (size, known) in [("builtin", Known::builtin()), ("large", Known::large())] {
        let automaton = automaton(&known.codes);
        let engines = [
            ("errsift", Engine::Errsift(&known.matcher)),
            ("aho_corasick_dfa", Engine::AhoCorasick(&automaton)),
            ("newlines", Engine::Newlines),
        ];
        let corpus = sparse(corpus_bytes(), &known.codes, SEED);
        compare(criterion, &format!("sparse_{size}"), &corpus, &engines);
        let corpus = dense(corpus_bytes(), &known.codes, SEED);
        compare(criterion, &format!("dense_{size}"), &corpus, &engines);
    }
}

fn hard_texts(criterion: &mut Criterion) {
    let builtin = Known::builtin();
    let large = Known::large();
    let automaton = automaton(&builtin.codes);
    let engines = [
        ("errsift", Engine::Errsift(&builtin.matcher)),
        ("errsift_large", Engine::Errsift(&large.matcher)),
        ("aho_corasick_dfa", Engine::AhoCorasick(&automaton)),
        ("newlines", Engine::Newlines),
    ];
    for kind in Hard::ALL {
        let corpus = adversarial(kind, corpus_bytes());
        compare(criterion, &format!("{kind:?}"), &corpus, &engines);
    }
}

fn compare(criterion: &mut Criterion, text: &str, corpus: &Corpus, engines: &[(&str, Engine)]) {
    let blocks = blocks(&corpus.text);
    let mut group = setup::group(criterion, &format!("matcher/{text}"), corpus.text.len());
    for &(name, engine) in engines {
        let count = || blocks.iter().map(|block| engine.count(block)).sum::<u64>();
        assert_eq!(count(), engine.expected(corpus), "{name} in {text}");
        group.bench_function(name, |bencher| bencher.iter(|| black_box(count())));
    }
}

fn automaton(codes: &[String]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(codes)
        .expect("these codes are far fewer than an automaton has states")
}

/// The simplest test that gives every engine the same counts.
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
fn blocks(text: &[u8]) -> Vec<&[u8]> {
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

criterion_group! {
    name = benches;
    config = setup::criterion();
    targets = ordinary_texts, hard_texts
}
criterion_main!(benches);
