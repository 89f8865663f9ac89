//! Signals while the program waits for a pipe, or cannot get rid of what it has to say.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use errsift::tally::result::InputState::{Complete, Partial};

use crate::pipes::{make_pipe, open_writer};
use crate::states;
use crate::support::{Folder, LINE, ended};

/// What a shell makes of a program that SIGTERM has ended.
const TERMINATED: i32 = 128 + 15;

const PATIENCE: Duration = Duration::from_secs(60);

fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("sh")
        .args(["-c", "kill -s $0 $1", signal, &id])
        .status();
    assert!(status.unwrap().success());
}

/// Asks again and again, as nothing tells that it has become true.
fn wait_until(mut is_true: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether SIGINT, which is signal 2, is in a set of signals that the system tells of the program.
fn has_interrupt(child: &Child, set: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let signals = status.lines().find_map(|line| line.strip_prefix(set));
    let signals = u64::from_str_radix(signals.unwrap().trim(), 16).unwrap();
    signals & 0b10 != 0
}

fn handles_signals(child: &Child) -> bool {
    has_interrupt(child, "SigCgt:")
}

fn is_pending(child: &Child) -> bool {
    has_interrupt(child, "ShdPnd:")
}

#[test]
fn a_signal_ends_the_reading_of_a_pipe_that_never_ends() {
    let folder = Folder::with_log();
    make_pipe(&folder, "pipe");
    let child = folder
        .command(&["scan", "-f", "json", "app.log", "pipe"])
        .spawn()
        .unwrap();
    let mut writer = open_writer(&folder, "pipe");
    writer.write_all(LINE.as_bytes()).unwrap();

    send("INT", &child);
    let ended = ended(child);

    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert_eq!(ended.err, "errsift: pipe: read in part: interrupted\n");
    let result = ended.result();
    assert_eq!(
        states(&result),
        [("app.log", Complete, ""), ("pipe", Partial, "interrupted")]
    );
    assert!(result.totals.matches >= 1);
}

#[test]
fn a_signal_ends_the_wait_for_a_pipe_that_nobody_writes_to() {
    let folder = Folder::new();
    make_pipe(&folder, "pipe");
    for format in ["json", "ndjson"] {
        let child = folder
            .command(&["scan", "-f", format, "-o", "r.json", "pipe"])
            .spawn()
            .unwrap();
        wait_until(|| handles_signals(&child));

        send("INT", &child);
        let ended = ended(child);

        assert_eq!(ended.status, Some(2), "{ended:?}");
        let result = serde_json::from_str(&folder.read("r.json")).unwrap();
        assert_eq!(states(&result), [("pipe", Partial, "interrupted")]);
    }
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let folder = Folder::new();
    folder.write("app.log", LINE.repeat(10_000));
    let mut child = folder
        .command(&["scan", "-f", "ndjson", "app.log"])
        .spawn()
        .unwrap();
    // A block's matches are far more than a pipe holds, so the program waits from here on.
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 1]).unwrap();

    send("INT", &child);
    wait_until(|| !is_pending(&child));
    // More than a pipe holds: the program goes on after the first signal.
    out.read_exact(&mut [0; 128 * 1024]).unwrap();
    let mut status = None;
    wait_until(|| {
        send("TERM", &child);
        status = child.try_wait().unwrap();
        status.is_some()
    });

    assert_eq!(status.unwrap().code(), Some(TERMINATED));
}

#[test]
fn a_saved_report_survives_a_scan_that_is_killed() {
    let folder = Folder::new();
    folder.write("r.json", "old");
    make_pipe(&folder, "pipe");
    let mut child = folder
        .command(&["scan", "-o", "r.json", "pipe"])
        .spawn()
        .unwrap();
    let writer = open_writer(&folder, "pipe");

    child.kill().unwrap();
    child.wait().unwrap();
    drop(writer);

    assert_eq!(folder.read("r.json"), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
