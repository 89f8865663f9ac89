//! Signals: the first ends the reading and the report is printed, another one ends the program.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command};
use std::time::Duration;

use errsift::tally::result::ScanResult;

use crate::support::{Folder, LINE, ended};

fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("sh")
        .args(["-c", "kill -s $0 $1", signal, &id])
        .status();
    assert!(status.unwrap().success());
}

/// Waits until the program handles SIGINT, which is signal 2.
fn wait_for_handler(child: &Child) {
    let path = format!("/proc/{}/status", child.id());
    for _ in 0..1000 {
        let status = fs::read_to_string(&path).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
        if caught & 0b10 != 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no handler after ten seconds");
}

/// A scan that waits for its standard input and handles signals.
fn waiting_scan(folder: &Folder) -> (Child, Option<ChildStdin>) {
    let mut command = folder.command(&["scan", "-f", "json", "-"]);
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take();
    wait_for_handler(&child);
    (child, stdin)
}

#[test]
fn a_signal_ends_a_wait_for_input_and_the_report_is_printed() {
    let folder = Folder::new();
    for signal in ["INT", "TERM"] {
        let (child, stdin) = waiting_scan(&folder);

        send(signal, &child);
        let ended = ended(child);
        drop(stdin);

        assert_eq!(ended.status, Some(2), "{ended:?}");
        assert_eq!(ended.err, "errsift: -: read in part: interrupted\n");
        let input = &ended.result().inputs[0];
        assert_eq!(input.error.as_deref(), Some("interrupted"));
    }
}

#[test]
fn a_signal_that_comes_twice_at_once_is_one() {
    let folder = Folder::new();
    let (child, stdin) = waiting_scan(&folder);

    // By one command: between two a busy machine may let time go by.
    let twice = format!("kill -s TERM {0} {0}", child.id());
    let sent = Command::new("sh").args(["-c", &twice]).status();
    let ended = ended(child);
    drop(stdin);

    assert!(sent.unwrap().success());
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert_eq!(
        ended.result().inputs[0].error.as_deref(),
        Some("interrupted")
    );
}

#[test]
fn what_was_read_before_a_signal_counts() {
    let folder = Folder::new();
    let args = ["scan", "-f", "json", "--progress", "always", "-"];
    let mut child = folder.command(&args).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Several blocks full, so that some are counted while the stream goes on.
    stdin.write_all(LINE.repeat(20_000).as_bytes()).unwrap();
    let mut progress = BufReader::new(child.stderr.take().unwrap()).lines();
    while progress.next().unwrap().unwrap().ends_with(", 0 matches") {}

    send("INT", &child);
    let ended = ended(child);
    drop(stdin);

    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.result().totals.matches >= 1, "{ended:?}");
}

#[test]
fn the_line_that_a_stream_had_begun_counts() {
    let folder = Folder::new();
    for format in ["json", "ndjson"] {
        let args = ["scan", "-f", format, "-o", "r.json", "--progress", "always"];
        let mut child = folder.command(&args).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"APIG.1002 a\nAPIG.1003 b").unwrap();
        let mut progress = BufReader::new(child.stderr.take().unwrap()).lines();
        while !progress.next().unwrap().unwrap().starts_with("23 B, ") {}

        send("INT", &child);
        let ended = child.wait_with_output().unwrap();
        drop(stdin);

        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        let result: ScanResult = serde_json::from_str(&folder.read("r.json")).unwrap();
        assert_eq!(result.totals.matches, 2, "{format}");
        assert_eq!((result.totals.lines, result.totals.bytes), (2, 23));
    }
}

#[test]
fn once_the_report_is_being_written_a_signal_ends_the_program() {
    let folder = Folder::new();
    let codes = folder.run(&["codes", "list", "-f", "csv"]).out;
    let codes = codes.lines().filter_map(|line| line.split(',').next());
    folder.write("all.log", codes.collect::<Vec<_>>().join("\n"));
    let mut child = folder
        .command(&["scan", "-f", "json", "all.log"])
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    // More than a pipe holds is to come, so the program waits from here on.
    out.read_exact(&mut [0; 10]).unwrap();

    send("INT", &child);
    let status = child.wait().unwrap();

    assert_eq!(status.code(), Some(130));
}
