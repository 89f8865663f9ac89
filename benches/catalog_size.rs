//! How the number of codes tells on the matcher, on one thread and an ordinary text.
//!
//! Run it with `cargo bench --bench catalog_size`. `ERRSIFT_BENCH_MIB` sets the size of each text.

mod corpus;
mod setup;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use errsift::matcher::{Kind, Matcher};

use corpus::{large_catalog, sparse};
use setup::{Known, SEED, corpus_bytes};

/// Sizes of catalogues; each catalogue begins with the codes of the one before it.
const SIZES: [usize; 7] = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];

fn catalog_size(criterion: &mut Criterion) {
    let codes = large_catalog(SIZES[SIZES.len() - 1], SEED);
    for size in SIZES {
        let known = Known::of_list(codes[..size].to_vec());
        let corpus = sparse(corpus_bytes(), &known.codes, SEED);
        assert_eq!(
            count(&known.matcher, &corpus.text),
            corpus.matches,
            "{size} codes"
        );

        let mut group = setup::group(criterion, "catalog_size", corpus.text.len());
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| black_box(count(&known.matcher, &corpus.text)));
        });
    }
}

fn count(matcher: &Matcher, text: &[u8]) -> u64 {
    let mut known = 0;
    matcher.scan(text, |found| {
        known += u64::from(matches!(found.kind, Kind::Known(_)));
    });
    known
}

criterion_group! {
    name = benches;
    config = setup::criterion();
    targets = catalog_size
}
criterion_main!(benches);
