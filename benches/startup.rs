//! What a run costs before it reads: loading a catalogue and building the matcher for it.
//!
//! Run all with `cargo bench --bench startup`, a part with `... -- matcher`. `ERRSIFT_BENCH_CODES`
//! names a file whose codes, one a line, are the large catalogue.

mod corpus;
mod setup;

use std::collections::HashSet;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use errsift::catalog::Catalog;
use errsift::matcher::{MatchOptions, Matcher};
use walkdir::WalkDir;

use setup::{Known, large_codes};

fn load_builtin(criterion: &mut Criterion) {
    let (bytes, entries) = embedded();
    let load = || Catalog::builtin().expect("the embedded catalogue is checked by tests");
    assert_eq!(load().entries().len(), entries);

    let mut group = setup::group(criterion, "startup/catalog", bytes);
    group.bench_function("builtin", |bencher| bencher.iter(|| black_box(load())));
}

fn load_large(criterion: &mut Criterion) {
    let codes = large_codes();
    let list = codes.join("\n");
    let load = || {
        Catalog::without_builtin()
            .with_text("bench", list.as_bytes())
            .expect("the codes should be ones that a plain list may hold")
    };
    let distinct: HashSet<&String> = codes.iter().collect();
    assert_eq!(load().entries().len(), distinct.len());

    let mut group = setup::group(criterion, "startup/catalog", list.len());
    group.bench_function("large", |bencher| bencher.iter(|| black_box(load())));
}

fn build_matcher(criterion: &mut Criterion) {
    for (name, known) in [("builtin", Known::builtin()), ("large", Known::large())] {
        let entries = known.catalog.entries().iter();
        let matched = entries.filter(|entry| !entry.is_http_status());
        let codes: HashSet<&str> = matched.map(|entry| &*entry.code).collect();
        let build = || Matcher::new(&known.catalog, MatchOptions::default());
        assert_eq!(build().codes().len(), codes.len(), "{name}");

        let bytes = codes.iter().map(|code| code.len()).sum();
        let mut group = setup::group(criterion, "startup/matcher", bytes);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(build())));
    }
}

/// The bytes and the entries of the files in `patterns/`, which are what the program embeds.
fn embedded() -> (usize, usize) {
    let patterns = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns");
    let files = WalkDir::new(patterns).into_iter().filter_map(|found| {
        let path = found.expect("the folder can be read").into_path();
        path.extension()?;
        Some(fs::read(path).expect("a file of patterns/ can be read"))
    });
    files.fold((0, 0), |(bytes, entries), text| {
        let file: serde_json::Value =
            serde_json::from_slice(&text).expect("a file of patterns/ is JSON");
        let codes = file["codes"].as_array().map_or(0, Vec::len);
        (bytes + text.len(), entries + codes)
    })
}

criterion_group! {
    name = benches;
    config = setup::criterion();
    targets = load_builtin, load_large, build_matcher
}
criterion_main!(benches);
