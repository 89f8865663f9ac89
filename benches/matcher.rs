//! The matcher alone, on one thread, beside two yardsticks that read the same blocks: counting
//! newlines, which is the practical limit, and the aho-corasick crate's DFA over the same codes.
//!
//! Run all with `cargo bench --bench matcher`, a part with `... -- dense`. `ERRSIFT_BENCH_MIB` sets
//! the size of each text: one that fits into a cache is read from there, which flatters the newlines
//! most. `ERRSIFT_BENCH_CODES` names a file whose codes, one a line, are the large catalogue.

mod corpus;
mod setup;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};

use corpus::{Corpus, Hard, adversarial, dense, sparse};
use setup::engine::{Engine, automaton, blocks};
use setup::{Known, SEED, corpus_bytes};

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
    let others = [
        ("aho_corasick_dfa", Engine::AhoCorasick(&automaton)),
        ("newlines", Engine::Newlines),
    ];
    for (size, known, others) in [("builtin", &builtin, &others[..]), ("large", &large, &[])] {
        let engines = [&[("errsift", Engine::Errsift(&known.matcher))], others].concat();
        for kind in Hard::ALL {
            let corpus = adversarial(kind, &known.codes, corpus_bytes());
            compare(criterion, &format!("{kind:?}_{size}"), &corpus, &engines);
        }
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

criterion_group! {
    name = benches;
    config = setup::criterion();
    targets = ordinary_texts, hard_texts
}
criterion_main!(benches);
