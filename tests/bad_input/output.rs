//! `-o` onto what is there already, what is full, and what is no file.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;

use crate::support::{Folder, ended};

const MISSING: &str = "No such file or directory (os error 2)";

#[test]
fn what_cannot_be_saved_is_printed_in_its_own_format() {
    let folder = Folder::with_log();
    fs::create_dir(folder.file("folder.json")).unwrap();
    let cases = [
        (
            "/dev/full",
            "{\"schema\"",
            "No space left on device (os error 28)",
        ),
        ("no/r.json", "{\"schema\"", MISSING),
        ("no/r.csv", "code,provider", MISSING),
        ("no/r.md", "1 match of 1", MISSING),
        (
            "app.log/r.csv",
            "code,provider",
            "Not a directory (os error 20)",
        ),
        ("folder.json", "{\"schema\"", "Is a directory (os error 21)"),
    ];
    for (name, beginning, reason) in cases {
        let ended = folder.run(&["scan", "app.log", "-o", name]);

        assert_eq!(ended.status, Some(2), "{name}");
        assert!(ended.out.starts_with(beginning), "{ended:?}");
        let told = [
            ": not saved, printed instead".to_owned(),
            format!(": cannot be written: {reason}"),
        ];
        let told = told.map(|what| format!("errsift: {name}{what}\n")).concat();
        assert_eq!(ended.err, told);
    }
}

#[test]
fn an_existing_report_is_replaced_at_once() {
    let folder = Folder::with_log();
    folder.write("r.json", "old");
    let mut old = File::open(folder.file("r.json")).unwrap();

    let ended = folder.run(&["scan", "app.log", "missing.log", "-o", "r.json"]);

    assert_eq!(ended.status, Some(2), "an input failed");
    assert!(folder.read("r.json").starts_with("{\"schema\""));
    let mut text = String::new();
    old.read_to_string(&mut text).unwrap();
    assert_eq!(text, "old", "whoever has it open sees no half of it");
    let new = fs::metadata(folder.file("r.json")).unwrap();
    assert_ne!(new.ino(), old.metadata().unwrap().ino());
}

#[test]
fn a_scan_that_does_not_begin_leaves_the_report_alone() {
    let folder = Folder::with_log();
    folder.write("r.json", "old");
    folder.write("bad.json", "{");
    for wrong in [
        &["--catalog", "bad.json"][..],
        &["--since", "soon"],
        &["--files-from", "missing"],
        &["--no-such-option"],
    ] {
        let mut args = vec!["scan", "app.log", "-o", "r.json"];
        args.extend(wrong);

        let ended = folder.run(&args);

        assert_eq!(ended.complaint().0, Some(2), "{wrong:?}");
        assert_eq!(folder.read("r.json"), "old", "{wrong:?}");
    }
}

#[test]
fn a_file_behind_standard_output_keeps_what_it_holds() {
    let folder = Folder::with_log();
    folder.write("out", "before\n");
    let file = File::options().append(true).open(folder.file("out"));
    let mut command = folder.command(&["scan", "app.log", "-o", "/dev/stdout", "-f", "csv"]);
    command.stdout(file.unwrap());

    let ended = ended(command.spawn().unwrap());

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let out = folder.read("out");
    let beginnings = out.lines().map(|line| &line[..6]);
    let expected = ["before", "{\"sche", "code,p", "APIG.1"];
    assert!(beginnings.eq(expected), "{out}");
}

#[test]
fn a_closed_pipe_behind_standard_output_ends_quietly() {
    let folder = Folder::with_log();
    let mut child = folder
        .command(&["scan", "app.log", "-o", "/dev/stdout"])
        .spawn()
        .unwrap();
    drop(child.stdout.take());

    let ended = ended(child);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
}
