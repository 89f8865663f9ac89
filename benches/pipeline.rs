//! A whole scan of one file that lies in the page cache: with one and two threads, and on one thread
//! with each option that costs something.
//!
//! Run all with `cargo bench --bench pipeline`, a part with `... -- threads`. `ERRSIFT_BENCH_MIB`
//! sets the size of the file; a second thread has something to do from 9 MiB on.

mod corpus;
mod setup;

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use errsift::catalog::Lang;
use errsift::input::{Inputs, Selection, collect};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Outcome, Setup, scan};
use errsift::tally::TallyOptions;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use corpus::{Corpus, dense, sparse};
use setup::{Known, SEED, corpus_bytes};

fn sparse_file(criterion: &mut Criterion) {
    let known = Known::builtin();
    let corpus = sparse(corpus_bytes(), &known.codes, SEED);
    scans(criterion, "pipeline/sparse", &known, &corpus);
}

fn dense_file(criterion: &mut Criterion) {
    let known = Known::builtin();
    let corpus = dense(corpus_bytes(), &known.codes, SEED);
    scans(criterion, "pipeline/dense", &known, &corpus);
}

fn scans(criterion: &mut Criterion, name: &str, known: &Known, corpus: &Corpus) {
    let folder = TempDir::new().expect("a folder can be made");
    let inputs = write(&folder, corpus);
    let discover = Matcher::new(&known.catalog, MatchOptions { discover: true });
    let listed = Known::of_list(known.codes.clone());
    let mut group = setup::group(criterion, name, corpus.text.len());
    let mut bench = |id: &str, setup: Setup| {
        let scan = || scan(&setup, inputs.clone(), &control());
        assert_counts(&scan(), corpus);
        group.bench_function(id, |bencher| bencher.iter(|| black_box(scan())));
    };
    let plain = |tally: TallyOptions| setup_of(known, tally);

    bench("1_thread", plain(TallyOptions::default()));
    bench(
        "2_threads",
        Setup {
            threads: 2,
            ..plain(TallyOptions::default())
        },
    );
    for (id, options) in options() {
        bench(id, plain(options));
    }
    bench(
        "discover",
        Setup {
            matcher: &discover,
            ..plain(TallyOptions::default())
        },
    );
    bench("no_builtin", setup_of(&listed, TallyOptions::default()));
}

/// Each option of a tally that costs something.
fn options() -> [(&'static str, TallyOptions); 4] {
    let plain = TallyOptions::default;
    [
        (
            "by_file",
            TallyOptions {
                by_file: true,
                ..plain()
            },
        ),
        (
            "bucket",
            TallyOptions {
                bucket: Some(60),
                ..plain()
            },
        ),
        (
            "http",
            TallyOptions {
                http: true,
                ..plain()
            },
        ),
        (
            "samples_10",
            TallyOptions {
                samples: 10,
                ..plain()
            },
        ),
    ]
}

fn setup_of(known: &Known, tally: TallyOptions) -> Setup<'_> {
    Setup {
        catalog: &known.catalog,
        matcher: &known.matcher,
        tally: Arc::new(tally),
        zone: TimeZone::UTC,
        threads: 1,
        lang: Lang::En,
    }
}

fn write(folder: &TempDir, corpus: &Corpus) -> Inputs {
    let path: PathBuf = folder.path().join("bench.log");
    fs::write(&path, &corpus.text).expect("a file can be written");
    collect(&[path], &Selection::default())
}

fn control() -> Control {
    Control::new().expect("the system has room for a pipe")
}

fn assert_counts(outcome: &Outcome, corpus: &Corpus) {
    let totals = &outcome.result.totals;
    let counted = (totals.matches, totals.lines, totals.bytes);
    let expected = (corpus.matches, corpus.lines, corpus.text.len() as u64);
    assert_eq!((counted, outcome.failed), (expected, false));
}

criterion_group! {
    name = benches;
    config = setup::criterion();
    targets = sparse_file, dense_file
}
criterion_main!(benches);
