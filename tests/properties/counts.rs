//! The counts of a scan against those of the oracle, whatever the threads and the way of reading.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use errsift::catalog::{Catalog, Lang};
use errsift::input::{Selection, collect};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Setup, scan, scan_events};
use errsift::tally::TallyOptions;
use errsift::tally::result::ScanResult;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::cases;
use crate::library::catalog;
use crate::oracle::{self, Found, Kind};

/// Provider and candidates of a code.
type Owner = (Option<String>, Vec<String>);

/// What a row counts: occurrences, unconfirmed ones, lines.
type Counts = (u64, u64, u64);

/// A scan of the files at `paths`.
pub fn scan_files(
    catalog: &Catalog,
    paths: &[&Path],
    options: TallyOptions,
    threads: usize,
) -> ScanResult {
    run(catalog, paths, options, threads, false)
}

fn run(
    catalog: &Catalog,
    paths: &[&Path],
    options: TallyOptions,
    threads: usize,
    in_order: bool,
) -> ScanResult {
    let matcher = Matcher::new(catalog, MatchOptions::default());
    let setup = Setup {
        catalog,
        matcher: &matcher,
        tally: Arc::new(options),
        zone: TimeZone::UTC,
        threads,
        lang: Lang::En,
    };
    let paths: Vec<_> = paths.iter().map(|path| path.to_path_buf()).collect();
    let inputs = collect(&paths, &Selection::default());
    let control = Control::new().expect("a pipe can be made");
    if in_order {
        let outcome = scan_events(&setup, inputs, &control, &mut |_| Ok(()));
        return outcome.expect("nothing is written").result;
    }
    scan(&setup, inputs, &control).result
}

fn rows(result: &ScanResult) -> BTreeMap<(String, Owner), Counts> {
    let key = |row: &errsift::tally::result::CodeRow| {
        (
            row.code.clone(),
            (row.provider.clone(), row.candidates.clone()),
        )
    };
    result
        .codes
        .iter()
        .map(|row| (key(row), (row.count, row.unconfirmed, row.lines)))
        .collect()
}

fn expected(found: &[Found]) -> BTreeMap<(String, Owner), Counts> {
    let mut rows: BTreeMap<_, (u64, u64, BTreeSet<usize>)> = BTreeMap::new();
    for one in found.iter().filter(|one| one.kind == Kind::Known) {
        let row = rows
            .entry((
                one.code.clone(),
                (one.provider.clone(), one.candidates.clone()),
            ))
            .or_default();
        row.0 += 1;
        row.1 += u64::from(!one.confirmed);
        row.2.insert(one.line);
    }
    rows.into_iter()
        .map(|(key, (count, unconfirmed, lines))| (key, (count, unconfirmed, lines.len() as u64)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_scan_counts_what_the_oracle_finds((rules, text) in cases(), threads in 1..5_usize, in_order: bool) {
        let catalog = catalog(&rules);
        let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
        file.write_all(&text).expect("a file can be written");

        let result = run(&catalog, &[file.path()], TallyOptions::default(), threads, in_order);

        // A byte order mark of UTF-16 makes other text of these bytes.
        prop_assume!(!text.starts_with(b"\xff\xfe") && !text.starts_with(b"\xfe\xff"));
        let found = oracle::scan(&rules, &text, false);
        prop_assert_eq!(rows(&result), expected(&found));
        let unknown: BTreeMap<_, _> = result.unknown.iter().map(|row| (row.code.clone(), row.count)).collect();
        let mut expected_unknown = BTreeMap::new();
        for one in found.iter().filter(|one| one.kind == Kind::Unknown) {
            *expected_unknown.entry(one.code.clone()).or_insert(0) += 1;
        }
        prop_assert_eq!(unknown, expected_unknown);
        let lines: BTreeSet<_> = found.iter().filter(|one| one.kind == Kind::Known).map(|one| one.line).collect();
        prop_assert_eq!(result.totals.matched_lines, lines.len() as u64);
        prop_assert_eq!(result.totals.bytes, text.len() as u64);
        let first = found.iter().find(|one| one.kind == Kind::Known);
        let samples = result.codes.iter().flat_map(|row| &row.samples);
        let first_sample = samples.min_by_key(|sample| sample.offset).map(|sample| (sample.line, sample.offset));
        prop_assert_eq!(first_sample, first.map(|one| (one.line as u64, one.start as u64)));
    }
}
