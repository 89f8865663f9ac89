//! The log of one night, counted by hand: `data/incident.log` and what is in it,
//! `data/incident.expected.json`.
//!
//! The night has an expired token, throttling, a nightly job on three clouds, codes that no
//! catalogue has, and texts that look like codes and are none.

mod scanning;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use errsift::catalog::Catalog;
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Outcome, scan_events};
use errsift::tally::result::{CodeRow, ScanResult};
use serde::Deserialize;

use scanning::{inputs, scan_paths, setup};

/// How often each code occurs, whosever it is.
#[derive(Debug, PartialEq, Deserialize)]
struct Counts {
    unknown: BTreeMap<String, u64>,
    #[serde(flatten)]
    known: BTreeMap<String, u64>,
}

impl Counts {
    fn expected() -> Self {
        let text = fs::read(data("incident.expected.json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn of(result: &ScanResult) -> Self {
        let mut known = BTreeMap::new();
        for row in &result.codes {
            *known.entry(row.code.clone()).or_default() += row.count;
        }
        let unknown = result
            .unknown
            .iter()
            .map(|row| (row.code.clone(), row.count));
        Counts {
            unknown: unknown.collect(),
            known,
        }
    }
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn scan_log(threads: usize) -> ScanResult {
    let catalog = Catalog::builtin().unwrap();
    let Outcome { result, failed, .. } = scan_paths(&catalog, &[data("incident.log")], threads);
    assert!(!failed, "{:?}", result.inputs);
    result
}

fn rows<'r>(result: &'r ScanResult, code: &str) -> Vec<&'r CodeRow> {
    result.codes.iter().filter(|row| row.code == code).collect()
}

#[test]
fn the_counts_are_those_made_by_hand() {
    let result = scan_log(1);

    let expected = Counts::expected();
    assert_eq!(Counts::of(&result), expected);
    assert_eq!(result.totals.matches, expected.known.values().sum::<u64>());
    assert_eq!(
        result.totals.unknown,
        expected.unknown.values().sum::<u64>()
    );
    assert_eq!(result.totals.lines, 363);
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let one = scan_log(1);

    for threads in [2, 5] {
        assert_eq!(scan_log(threads), one, "{threads} threads");
    }
}

#[test]
fn a_stream_gives_what_the_file_gives() {
    let text = fs::read(data("incident.log")).unwrap();
    let catalog = Catalog::builtin().unwrap();

    for threads in [1, 2, 5] {
        let (pipe, mut writer) = std::io::pipe().unwrap();
        let path = format!("/dev/fd/{}", pipe.as_raw_fd());
        let result = std::thread::scope(|scope| {
            scope.spawn(|| {
                for part in text.chunks(777) {
                    writer.write_all(part).unwrap();
                }
                drop(writer);
            });
            scan_paths(&catalog, &[path], threads).result
        });

        let file = scan_log(1);
        assert_eq!(Counts::of(&result), Counts::of(&file), "{threads} threads");
        assert_eq!(result.totals, file.totals, "{threads} threads");
        assert_eq!(result.inputs[0].id, file.inputs[0].id, "{threads} threads");
    }
}

#[test]
fn two_mentions_in_passing_are_unconfirmed_and_nobodys() {
    let result = scan_log(2);

    let [mentioned, tencent] = rows(&result, "InternalError")[..] else {
        panic!("{:#?}", rows(&result, "InternalError"));
    };
    assert_eq!(tencent.provider.as_deref(), Some("tencentcloud"));
    assert_eq!((tencent.count, tencent.unconfirmed), (2, 0));
    assert_eq!(mentioned.provider, None);
    assert_eq!(mentioned.candidates, ["tencentcloud"]);
    assert_eq!((mentioned.count, mentioned.unconfirmed), (2, 2));
    assert_eq!(result.totals.unconfirmed, 2);
}

#[test]
fn three_links_to_error_centres_are_no_further_occurrences() {
    let text = fs::read_to_string(data("incident.log")).unwrap();
    let linked: Vec<(u64, &str)> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains("/troubleshoot?") || line.contains("/status/search?"))
        .collect();
    assert_eq!(linked.len(), 3, "{linked:#?}");
    let catalog = Catalog::builtin().unwrap();
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let mut found = BTreeMap::<u64, Vec<String>>::new();

    let outcome = scan_events(
        &setup(&catalog, &matcher, 2),
        inputs(&[data("incident.log")]),
        &Control::new().unwrap(),
        &mut |event| {
            found
                .entry(event.line)
                .or_default()
                .push(event.code.to_owned());
            Ok(())
        },
    );

    assert_eq!(Counts::of(&outcome.unwrap().result), Counts::expected());
    let found = linked
        .iter()
        .map(|(line, _)| found.remove(line).unwrap_or_default());
    let expected: [&[&str]; 3] = [
        // The link stands on a line of its own, below the one that states the code.
        &[],
        &["EntityNotExists.Account"],
        &["LegalEntityDifferent"],
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}
