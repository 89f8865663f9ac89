//! What the benches share: how they measure, how much text, and which codes.
#![allow(dead_code, reason = "each bench takes only a part of this module")]

pub mod engine;

use std::time::Duration;
use std::{env, fs};

use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, measurement::WallTime};
use errsift::catalog::Catalog;
use errsift::matcher::{MatchOptions, Matcher};

use crate::corpus::large_catalog;

/// The seed of every text and of every made-up catalogue.
pub const SEED: u64 = 1;

/// So many codes do three large SDKs have together.
const LARGE_CODES: usize = 11_545;

/// Few and short samples, so that all benches together take minutes.
pub fn criterion() -> Criterion {
    Criterion::default()
        .without_plots()
        .nresamples(10_000)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

/// A group whose benches each read `bytes` bytes.
pub fn group<'c>(
    criterion: &'c mut Criterion,
    name: &str,
    bytes: usize,
) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    // Each sample runs equally often: a slow bench then needs 10 runs, not 55.
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Bytes(bytes as u64));
    group
}

/// The least size of each text: `ERRSIFT_BENCH_MIB`, else 16 MiB to measure and 1 MiB to test.
pub fn corpus_bytes() -> usize {
    let mib = match env::var("ERRSIFT_BENCH_MIB") {
        Ok(mib) => mib
            .parse()
            .expect("ERRSIFT_BENCH_MIB should be a whole number of MiB"),
        Err(_) if is_test() => 1,
        Err(_) => 16,
    };
    mib << 20
}

/// Whether criterion runs each bench once and measures nothing.
pub fn is_test() -> bool {
    let has = |wanted: &str| env::args().any(|argument| argument == wanted);
    has("--test") || !has("--bench")
}

/// A catalogue with the matcher for it.
pub struct Known {
    pub catalog: Catalog,
    pub matcher: Matcher,
    pub codes: Vec<String>,
}

impl Known {
    /// What comes with the program.
    pub fn builtin() -> Known {
        Known::new(Known::builtin_catalog())
    }

    /// The catalogue alone that comes with the program.
    pub fn builtin_catalog() -> Catalog {
        Catalog::builtin().expect("the embedded catalogue is checked by tests")
    }

    /// [`large_codes`] and nothing else.
    pub fn large() -> Known {
        Known::of_list(large_codes())
    }

    /// `codes` and nothing else.
    pub fn of_list(codes: Vec<String>) -> Known {
        let catalog = Catalog::without_builtin().with_list("bench", codes.into_iter());
        Known::new(catalog.expect("the codes should be ones that a plain list may hold"))
    }

    /// A matcher for `catalog`.
    pub fn new(catalog: Catalog) -> Known {
        let matcher = Matcher::new(&catalog, MatchOptions::default());
        let codes = matcher.codes().iter().map(|code| code.text.to_string());
        Known {
            codes: codes.collect(),
            matcher,
            catalog,
        }
    }
}

/// The codes in the file that `ERRSIFT_BENCH_CODES` names, one a line, else 11,545 made-up ones.
pub fn large_codes() -> Vec<String> {
    let Ok(path) = env::var("ERRSIFT_BENCH_CODES") else {
        return large_catalog(LARGE_CODES, SEED);
    };
    let list = fs::read_to_string(&path).expect("ERRSIFT_BENCH_CODES should name a text file");
    let lines = list.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}
