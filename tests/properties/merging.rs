//! Merging: commutative, associative, and the same as one scan over all inputs.

use std::fs;
use std::path::{Path, PathBuf};

use errsift::tally::result::ScanResult;
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
