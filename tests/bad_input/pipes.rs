//! Named pipes, which hold a program up until somebody writes.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::Command;

use errsift::tally::result::InputState::{Complete, Duplicate};

use crate::support::{Folder, LINE, ended};
use crate::{counts, states};

pub fn make_pipe(folder: &Folder, name: &str) {
    let status = Command::new("mkfifo").arg(folder.file(name)).status();
    assert!(status.unwrap().success());
}

/// The writing end, once the program has opened the other.
pub fn open_writer(folder: &Folder, name: &str) -> File {
    OpenOptions::new()
        .write(true)
        .open(folder.file(name))
        .unwrap()
}

#[test]
fn a_pipe_among_files_is_read_to_its_end() {
    let folder = Folder::with_log();
    make_pipe(&folder, "pipe");
    let child = folder
        .command(&["scan", "-f", "json", "pipe", "app.log"])
        .spawn()
        .unwrap();

    let mut writer = open_writer(&folder, "pipe");
    writer.write_all(b"APIG.1005\n").unwrap();
    drop(writer);
    let ended = ended(child);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert_eq!(
        counts(&ended.result()),
        [("APIG.1002", 1, 1), ("APIG.1005", 1, 1)]
    );
}

#[test]
fn a_pipe_that_is_given_twice_is_read_once() {
    let folder = Folder::new();
    make_pipe(&folder, "pipe");
    let child = folder
        .command(&["scan", "-f", "json", "pipe", "./pipe"])
        .spawn()
        .unwrap();

    let mut writer = open_writer(&folder, "pipe");
    writer.write_all(LINE.as_bytes()).unwrap();
    drop(writer);
    let ended = ended(child);

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(
        states(&ended.result()),
        [
            ("./pipe", Duplicate, "is the same file as pipe"),
            ("pipe", Complete, "")
        ]
    );
}

#[test]
fn a_pipe_in_a_folder_is_not_waited_for() {
    let folder = Folder::new();
    folder.write("logs/app.log", LINE);
    make_pipe(&folder, "logs/pipe");

    let ended = folder.run(&["scan", "-f", "json", "logs"]);

    assert_eq!(ended.status, Some(0));
    assert_eq!(states(&ended.result()), [("logs/app.log", Complete, "")]);
}

#[test]
fn a_report_goes_through_a_pipe() {
    let folder = Folder::with_log();
    make_pipe(&folder, "pipe");
    let child = folder
        .command(&["scan", "app.log", "-o", "pipe"])
        .spawn()
        .unwrap();

    let report = folder.read("pipe");
    let ended = ended(child);

    assert_eq!((ended.status, ended.out.as_str()), (Some(0), ""));
    assert!(report.starts_with("{\"schema\":\"errsift.result/1\""));
    assert!(report.ends_with("}\n"));
}
