//! Tails of streams that do not end: as fast as it takes, in the same memory.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::process::Tail;
use crate::support::{Folder, LINE};

/// How much more memory a later part may take, in KiB.
const GROWTH_KIB: u64 = 4 * 1024;

/// Writes `lines` events to a tail and looks at its memory after a tenth of them and at the end.
fn assert_flat(lines: usize) {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "-q", "-o", "r.json"]);
    let part = LINE.repeat(lines / 100);
    (0..10).for_each(|_| tail.write(&part));
    let early = tail.peak_kib();
    (10..100).for_each(|_| tail.write(&part));
    let late = tail.peak_kib();

    assert_eq!(tail.end().status, Some(0));
    let result: errsift::tally::result::ScanResult =
        serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(result.totals.matches, lines as u64);
    println!("{lines} events: {early} KiB after a tenth, {late} KiB at the end");
    assert!(late <= early + GROWTH_KIB, "{early} KiB grew to {late} KiB");
}

#[test]
fn memory_stays_flat() {
    assert_flat(200_000);
}

#[test]
#[ignore = "10 million events through a debug build take long; run by .ci/run"]
fn memory_stays_flat_over_10_million_events() {
    assert_flat(10_000_000);
}

/// How long `args` take for `text` from a pipe.
fn time(folder: &Folder, args: &[&str], text: &[u8]) -> Duration {
    let mut command = folder.command(args);
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    start.elapsed()
}

#[test]
#[ignore = "a measurement; run by .ci/run"]
fn a_quiet_tail_of_dense_text_takes_at_most_twice_as_long_as_a_scan() {
    let folder = Folder::new();
    let text = LINE.repeat(2_000_000).into_bytes();
    let best = |args: &[&str]| (0..5).map(|_| time(&folder, args, &text)).min().unwrap();

    let (scan, tail) = (best(&["scan"]), best(&["tail", "-q"]));

    println!(
        "{} MB of dense text: scan {scan:?}, tail {tail:?}",
        text.len() / 1_000_000
    );
    assert!(tail <= 2 * scan, "scan {scan:?}, tail {tail:?}");
}
