//! What other programs got wrong, by the number of the issue that told it.
//!
//! Where no issue tells it, the link leads to the documentation of the behaviour.

mod scanning;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use errsift::catalog::Catalog;
use errsift::pipeline::Outcome;
use errsift::tally::result::{CodeRow, InputState, ScanResult};
use tempfile::TempDir;

use scanning::scan_paths;

/// A catalogue of these codes alone.
fn listed<'c>(codes: impl IntoIterator<Item = &'c str>) -> Catalog {
    let codes = codes.into_iter().map(str::to_owned);
    Catalog::without_builtin()
        .with_list("codes.txt", codes)
        .unwrap()
}

/// A folder with a file of each name and text.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn scan_all(catalog: &Catalog, paths: &[PathBuf]) -> ScanResult {
    let Outcome { result, failed, .. } = scan_paths(catalog, paths, 2);
    assert!(!failed, "{:?}", result.inputs);
    result
}

/// The result for a file of this text.
fn scan_text(text: &[u8]) -> ScanResult {
    let folder = folder(&[("app.log", text)]);
    scan_all(
        &Catalog::builtin().unwrap(),
        &[folder.path().join("app.log")],
    )
}

fn counts(result: &ScanResult) -> BTreeMap<&str, u64> {
    result
        .codes
        .iter()
        .map(|row| (row.code.as_str(), row.count))
        .collect()
}

fn only(result: &ScanResult) -> &CodeRow {
    let [row] = &result.codes[..] else {
        panic!("{:#?}", result.codes);
    };
    row
}

// https://github.com/BurntSushi/ripgrep/issues/1244
#[test]
fn r1244_every_pattern_is_counted() {
    let codes: Vec<String> = (0..10_000)
        .map(|n| format!("Service{}.Fault{n}", n % 97))
        .collect();
    let times = |n: usize| n % 5 + 1;
    let mut texts = vec![String::new(); 8];
    for (n, code) in codes.iter().enumerate() {
        for time in 0..times(n) {
            writeln!(texts[(n + time) % 8], "call {n} failed: Code={code}, again").unwrap();
        }
    }
    let names: Vec<String> = (0..8).map(|n| format!("app-{n}.log")).collect();
    let files: Vec<_> = names
        .iter()
        .map(String::as_str)
        .zip(texts.iter().map(String::as_bytes))
        .collect();
    let folder = folder(&files);

    let result = scan_all(
        &listed(codes.iter().map(String::as_str)),
        &[folder.path().to_owned()],
    );

    let expected = codes
        .iter()
        .enumerate()
        .map(|(n, code)| (code.as_str(), times(n) as u64));
    assert_eq!(counts(&result), expected.collect());
    assert_eq!(result.totals.matches, 30_000);
}

// https://github.com/BurntSushi/ripgrep/issues/1334
#[test]
fn r1334_copies_of_a_pattern_hide_no_match() {
    let catalog = listed(
        ["1.208.0.0/12"; 40]
            .into_iter()
            .chain(["Net.Unreachable"; 40]),
    );
    let folder = folder(&[("app.log", b"1.208.0.0/12\nNet.Unreachable\n")]);

    let result = scan_all(&catalog, &[folder.path().to_owned()]);

    assert_eq!(
        counts(&result),
        [("1.208.0.0/12", 1), ("Net.Unreachable", 1)].into()
    );
}

// https://docs.rs/regex/latest/regex/#syntax: "This is called leftmost-first", so that the first of
// two patterns hides the longer one after it.
#[test]
fn a_code_does_not_swallow_a_longer_one_after_it() {
    let catalog = listed([
        "FailedOperation",
        "FailedOperation.NodeNotEmpty",
        "FailedOperation.NodeNotEmpty.Deep",
    ]);
    let text =
        b"FailedOperation\nFailedOperation.NodeNotEmpty\nFailedOperation.NodeNotEmpty.Deep\n";
    let folder = folder(&[("app.log", text)]);

    let result = scan_all(&catalog, &[folder.path().to_owned()]);

    let each_once = catalog.entries().iter().map(|entry| (&*entry.code, 1));
    assert_eq!(counts(&result), each_once.collect());
}

// https://github.com/BurntSushi/ripgrep/blob/master/GUIDE.md#binary-data: a file with a NUL is left
// at its first match, or altogether.
#[test]
fn a_file_with_nul_bytes_is_counted_to_its_end() {
    let mut text = b"APIG.1002\n\0\x01\xff\0 APIG.1002 \0APIG.1002\0\n".to_vec();
    text.extend([0; 100_000]);
    text.extend(b"\nAPIG.1002\n");

    let result = scan_text(&text);

    assert_eq!(counts(&result), [("APIG.1002", 4)].into());
    assert_eq!((only(&result).lines, result.totals.lines), (3, 4));
}

// https://github.com/vectordotdev/vector/issues/26392
#[test]
fn r26392_a_bom_and_carriage_returns_are_no_part_of_a_line() {
    let result = scan_text("\u{feff}2026-11-22T10:00:00Z APIG.1002\r\nUC.00011003\r\n".as_bytes());

    let [apig, uc] = &result.codes[..] else {
        panic!("{:#?}", result.codes);
    };
    assert_eq!(apig.samples[0].text, "2026-11-22T10:00:00Z APIG.1002");
    assert_eq!((apig.samples[0].line, apig.samples[0].offset), (1, 24));
    assert_eq!(apig.first_seen.as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(uc.samples[0].text, "UC.00011003");
}

// https://github.com/vectordotdev/vector/issues/18341
#[test]
fn r18341_a_last_line_without_a_newline_counts() {
    let result = scan_text(b"nothing\nAPIG.1002");

    assert_eq!(counts(&result), [("APIG.1002", 1)].into());
    assert_eq!(result.totals.lines, 2);
    assert_eq!(only(&result).samples[0].line, 2);
}

// https://github.com/fluent/fluent-bit/issues/10435
#[test]
fn r10435_an_overlong_line_drops_neither_the_file_nor_itself() {
    let filling = "x ".repeat(2 << 20);
    let text =
        format!("APIG.1001\nAPIG.1002 {filling} APIG.1002 {filling} APIG.1002\nUC.00011003\n");

    let result = scan_text(text.as_bytes());

    assert_eq!(
        counts(&result),
        [("APIG.1001", 1), ("APIG.1002", 3), ("UC.00011003", 1)].into()
    );
    assert_eq!((result.totals.lines, result.totals.matched_lines), (3, 3));
    let [long, _, after] = &result.codes[..] else {
        panic!("{:#?}", result.codes);
    };
    assert_eq!(
        (long.lines, long.samples[0].line, long.samples[0].cut),
        (1, 2, true)
    );
    assert!(long.samples[0].text.len() <= 1024);
    assert_eq!(
        (after.samples[0].line, &*after.samples[0].text),
        (3, "UC.00011003")
    );
}

// https://docs.fluentbit.io/manual/data-pipeline/inputs/tail: a log that is copied and truncated
// while its writer goes on begins with NULs up to the writer's old place.
#[test]
fn the_nuls_that_copytruncate_leaves_are_no_part_of_the_first_line() {
    let line = "2026-11-22T10:00:00Z HTTP/1.1 401 APIG.1002";
    let mut text = vec![0; 3 << 20];
    text.extend(line.as_bytes());
    text.push(b'\n');

    let result = scan_text(&text);

    let row = only(&result);
    assert_eq!((row.count, row.lines, result.totals.lines), (1, 1, 1));
    assert_eq!((row.samples[0].line, &*row.samples[0].text), (1, line));
    assert_eq!(row.first_seen.as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(row.observed_status, [(401, 1)].into());
}

// https://github.com/allinurl/goaccess/issues/334
#[test]
fn r334_a_file_that_is_reached_twice_is_counted_once() {
    let folder = folder(&[("app.log", b"APIG.1002\n")]);
    let file = folder.path().join("app.log");
    symlink(&file, folder.path().join("link.log")).unwrap();
    fs::hard_link(&file, folder.path().join("same.log")).unwrap();

    let paths = [file.clone(), folder.path().to_owned(), file];
    let result = scan_all(&Catalog::builtin().unwrap(), &paths);

    assert_eq!(counts(&result), [("APIG.1002", 1)].into());
    let complete = result
        .inputs
        .iter()
        .filter(|input| input.state == InputState::Complete);
    assert_eq!((complete.count(), result.totals.lines), (1, 1));
}

// https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/46496
#[test]
fn r46496_files_that_begin_alike_are_both_counted() {
    let head = "same line\n".repeat(10_000);
    let (a, b) = (format!("{head}APIG.1001\n"), format!("{head}APIG.1002\n"));
    let folder = folder(&[
        ("a.log", a.as_bytes()),
        ("b.log", b.as_bytes()),
        ("c.log", b.as_bytes()),
    ]);

    let result = scan_all(&Catalog::builtin().unwrap(), &[folder.path().to_owned()]);

    assert_eq!(counts(&result), [("APIG.1001", 1), ("APIG.1002", 2)].into());
}

// https://github.com/bensadeh/tailspin/issues/75
#[test]
fn r75_an_empty_file_is_read_to_its_end() {
    let result = scan_text(b"");

    assert_eq!(result.codes, []);
    assert_eq!(result.totals, errsift::tally::result::Totals::default());
    assert_eq!(result.inputs[0].state, InputState::Complete);
}
