//! Files that are not there, or there more than once, or too many.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use errsift::tally::result::InputState::{Complete, Duplicate, Failed};

use crate::pipes::{make_pipe, open_writer};
use crate::support::{Folder, LINE, ended};
use crate::{counts, states};

const MISSING: &str = "No such file or directory (os error 2)";
const LOOP: &str = "Too many levels of symbolic links (os error 40)";

#[test]
fn a_missing_file_is_named_and_the_others_are_counted() {
    let folder = Folder::with_log();
    folder.write("b.log", "APIG.1005\n");

    let ended = folder.run(&["scan", "-f", "json", "app.log", "missing.log", "b.log"]);

    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.err, format!("errsift: missing.log: {MISSING}\n"));
    let result = ended.result();
    assert_eq!(counts(&result), [("APIG.1002", 1, 1), ("APIG.1005", 1, 1)]);
    assert_eq!(
        states(&result),
        [
            ("app.log", Complete, ""),
            ("b.log", Complete, ""),
            ("missing.log", Failed, MISSING)
        ]
    );
}

#[test]
fn only_missing_files_are_an_error_too() {
    let ended = Folder::new().run(&["scan", "--exit-zero", "missing.log"]);

    assert_eq!(ended.status, Some(2));
    assert_eq!(
        ended.out.lines().next(),
        Some("No known error code found in 0 lines of 1 input, 1 not complete (0 B).")
    );
}

#[test]
fn files_that_vanish_while_others_are_read_are_named() {
    let folder = Folder::new();
    make_pipe(&folder, "pipe");
    folder.write("gone.log", LINE);
    folder.write("folder/gone.log", LINE);
    folder.write("stays.log", LINE);
    let args = ["scan", "-f", "ndjson", "-o", "r.json"];
    let mut command = folder.command(&args);
    command.args(["pipe", "gone.log", "folder", "stays.log"]);
    let child = command.spawn().unwrap();
    // Opened by the program only after it has found all files.
    let writer = open_writer(&folder, "pipe");

    fs::remove_file(folder.file("gone.log")).unwrap();
    fs::remove_dir_all(folder.file("folder")).unwrap();
    drop(writer);
    let ended = ended(child);

    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert_eq!(ended.out.lines().count(), 1, "{ended:?}");
    let result = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(
        states(&result),
        [
            ("folder/gone.log", Failed, MISSING),
            ("gone.log", Failed, MISSING),
            ("pipe", Complete, ""),
            ("stays.log", Complete, ""),
        ]
    );
}

#[test]
fn a_file_reached_twice_counts_once() {
    let folder = Folder::with_log();
    fs::hard_link(folder.file("app.log"), folder.file("hard.log")).unwrap();
    symlink("app.log", folder.file("soft.log")).unwrap();

    let ended = folder.run(&["scan", "-f", "json", "app.log", ".", "app.log"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let result = ended.result();
    let reason = "is the same file as app.log";
    assert_eq!(counts(&result), [("APIG.1002", 1, 1)]);
    assert_eq!(
        states(&result),
        [
            ("./app.log", Duplicate, reason),
            ("./hard.log", Duplicate, reason),
            ("./soft.log", Duplicate, reason),
            ("app.log", Duplicate, reason),
            ("app.log", Complete, ""),
        ]
    );
    assert_eq!((result.totals.lines, result.notes.len()), (1, 0));
}

#[test]
fn links_that_lead_nowhere_or_round_are_named() {
    let folder = Folder::new();
    folder.write("sub/app.log", LINE);
    symlink("nowhere", folder.file("sub/dangling")).unwrap();
    symlink("b", folder.file("sub/a")).unwrap();
    symlink("a", folder.file("sub/b")).unwrap();
    symlink("..", folder.file("sub/up")).unwrap();

    let ended = folder.run(&["scan", "-f", "json", "sub", "sub/a"]);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    assert_eq!(
        states(&result),
        [
            ("sub/a", Failed, LOOP),
            ("sub/a", Failed, LOOP),
            ("sub/app.log", Complete, ""),
            ("sub/b", Failed, LOOP),
            ("sub/dangling", Failed, MISSING),
        ]
    );
    assert_eq!(result.totals.matches, 1);
}

#[test]
fn an_empty_folder_has_nothing_to_find() {
    let folder = Folder::new();
    fs::create_dir(folder.file("empty")).unwrap();

    let ended = folder.run(&["scan", "-f", "json", "empty"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(1), ""));
    assert_eq!(states(&ended.result()), []);
}

#[test]
fn two_thousand_files_need_few_of_them_open() {
    let folder = Folder::new();
    let wide: Vec<u8> = "\u{feff}APIG.1005\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for number in 0..2000 {
        let text = match number % 10 {
            0 => b"",
            1 => wide.as_slice(),
            _ => LINE.as_bytes(),
        };
        folder.write(&format!("logs/{number:04}.log"), text);
    }
    let limited = ["-c", "ulimit -n 64; exec \"$@\"", "sh"];
    let program = env!("CARGO_BIN_EXE_errsift");

    let output = Command::new("sh")
        .args(limited)
        .args([program, "scan", "-f", "json", "logs"])
        .current_dir(folder.path())
        .output()
        .unwrap();

    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    let result = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        counts(&result),
        [("APIG.1002", 1600, 1600), ("APIG.1005", 200, 200)]
    );
    assert_eq!((result.inputs.len(), result.totals.lines), (2000, 1800));
    let rest: Vec<&str> = result
        .notes
        .iter()
        .filter_map(|note| note.rsplit(" and ").next())
        .collect();
    assert_eq!(rest, ["190 more", "1590 more"]);
}
