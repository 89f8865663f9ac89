//! Merging: commutative, associative, and the same as one scan over all inputs.

use std::fs;
use std::path::{Path, PathBuf};

use errsift::catalog::Text;
use errsift::tally::result::{CodeRow, Input, InputState, Sample, ScanResult, UnknownRow};
use errsift::tally::{Overlap, TallyOptions, accumulate, conclude, merge};
use proptest::prelude::*;

use crate::cases;
use crate::counts::scan_files;
use crate::library::catalog;

fn options() -> TallyOptions {
    TallyOptions {
        samples: 2,
        bucket: Some(60),
        by_file: true,
        http: true,
        ..TallyOptions::default()
    }
}

fn add(results: &[&ScanResult]) -> ScanResult {
    let named = results
        .iter()
        .enumerate()
        .map(|(number, result)| (number.to_string(), (*result).clone()));
    let merged = merge(named.collect(), Overlap::Refuse).expect("the inputs have different names");
    merged.expect("there are results")
}

/// Writes `text`, divided after lines with times, into three files.
fn files(folder: &Path, text: &[u8], cuts: (usize, usize)) -> Vec<PathBuf> {
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    let (a, b) = (cuts.0 % (lines.len() + 1), cuts.1 % (lines.len() + 1));
    let parts = [
        &lines[..a.min(b)],
        &lines[a.min(b)..a.max(b)],
        &lines[a.max(b)..],
    ];
    let write = |(part, name): (&&[&[u8]], &str)| {
        let path = folder.join(name);
        let stamped = part.iter().enumerate().map(|(second, line)| {
            [
                format!("2026-11-22T10:00:{:02}Z ", second % 60).as_bytes(),
                *line,
            ]
            .concat()
        });
        fs::write(&path, stamped.collect::<Vec<_>>().concat()).expect("a file can be written");
        path
    };
    parts
        .iter()
        .zip(["c.log", "a.log", "b.log"])
        .map(write)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn merged_results_are_one_scan_in_any_order((rules, text) in cases(), cuts: (usize, usize)) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let catalog = catalog(&rules);
        let paths = files(folder.path(), &text, cuts);
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let one = |path: &Path| scan_files(&catalog, &[path], options(), 1);
        let (a, b, c) = (one(paths[0]), one(paths[1]), one(paths[2]));

        let mut all = scan_files(&catalog, &paths, options(), 2);
        // Equal content is noted where one scan sees it.
        all.notes.clear();

        prop_assert_eq!(&add(&[&a, &b, &c]), &all);
        prop_assert_eq!(&add(&[&c, &a, &b]), &all);
        prop_assert_eq!(&add(&[&a, &add(&[&b, &c])]), &all);
        prop_assert_eq!(&add(&[&add(&[&a, &b]), &c]), &all);
        for parts in [[&a, &b, &c], [&c, &b, &a]] {
            let mut total = parts[0].clone();
            parts[1..].iter().for_each(|part| accumulate(&mut total, part));
            prop_assert_eq!(&conclude(total, &catalog), &all);
        }
    }
}

/// The widths of buckets that results may have, in seconds.
const WIDTHS: [Option<i64>; 4] = [None, Some(60), Some(90), Some(420)];

/// Results that differ in their catalogues, their texts, in how many samples they keep, in their
/// buckets and in whether they are strict.
fn results() -> impl Strategy<Value = Vec<ScanResult>> {
    let row = (
        0..3_u8,
        0..3_u8,
        prop::collection::btree_set(0..9_u64, 1..5),
    );
    let rows = prop::collection::btree_map("[AB]", row, 0..3);
    let result = (
        (0..3_u8, 0..4_usize, rows),
        (any::<bool>(), prop::sample::select(&WIDTHS[..])),
    );
    prop::collection::vec(result, 3).prop_map(|results| {
        let numbered = (0..).zip(results);
        let result = |(number, ((catalog, limit, rows), (strict, width))): (u64, _)| {
            let mut result = saved(number, catalog, limit, rows);
            (result.strict, result.bucket_seconds) = (strict, width);
            for row in result.codes.iter_mut().filter(|_| width.is_some()) {
                let start = format!("1970-01-01T00:{:02}:00Z", 7 * number);
                row.buckets.push((start, row.count));
            }
            result
        };
        numbered.map(result).collect()
    })
}

type Rows = std::collections::BTreeMap<String, (u8, u8, std::collections::BTreeSet<u64>)>;

/// A result of the input `number` with these texts and offsets of each code.
fn saved(number: u64, catalog: u8, limit: usize, rows: Rows) -> ScanResult {
    let path = format!("{}.log", 2 - number);
    let mut result = ScanResult {
        sample_limit: limit,
        ..ScanResult::default()
    };
    result.catalog.sha256 = catalog.to_string();
    result.inputs.push(Input {
        path: path.clone(),
        bytes: 1,
        lines: 1,
        matches: 1,
        state: InputState::Complete,
        error: None,
        id: Some(number.to_string()),
        offset: None,
        source: None,
        folded: None,
    });
    let sample = |&offset: &u64| Sample {
        path: path.clone(),
        line: 1,
        offset,
        text: String::new(),
        cut: false,
        request_id: None,
        source: None,
    };
    for (code, (status, text, offsets)) in rows {
        let samples: Vec<Sample> = offsets.iter().take(limit).map(sample).collect();
        let text = || text.to_string().into();
        result.unknown.push(UnknownRow {
            code: format!("{code}.X"),
            count: number,
            lines: 1,
            near: vec![status.to_string()],
            samples: samples.clone(),
        });
        result.codes.push(CodeRow {
            code,
            http_status: (status > 0).then_some(400 + u16::from(status)),
            meaning: Some(Text {
                en: text(),
                zh: text(),
            }),
            count: number,
            unconfirmed: 1,
            samples,
            ..CodeRow::default()
        });
        result.totals.matches += number;
        result.totals.unconfirmed += 1;
    }
    result
}

proptest! {
    #[test]
    fn results_of_different_making_are_merged_in_any_order(results in results()) {
        let [a, b, c] = [&results[0], &results[1], &results[2]];
        let all = add(&[a, b, c]);

        for [a, b, c] in [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
            prop_assert_eq!(&add(&[a, b, c]), &all);
            prop_assert_eq!(&add(&[a, &add(&[b, c])]), &all);
        }
    }
}
