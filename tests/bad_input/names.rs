//! File names that hold newlines, terminal sequences or no UTF-8.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use crate::bytes::assert_harmless;
use crate::support::{Ended, Folder, LINE, ended};

const NAMES: [&[u8]; 4] = [
    b"bidi\xe2\x80\xae.log",
    b"esc\x1b[31m.log",
    b"invalid\xff.log",
    b"new\nline.log",
];

fn odd_names() -> Folder {
    let folder = Folder::new();
    for name in NAMES {
        fs::write(folder.path().join(OsStr::from_bytes(name)), LINE).unwrap();
    }
    folder
}

fn run(folder: &Folder, args: &[&[u8]]) -> Ended {
    let mut command = folder.command(&[]);
    command.args(args.iter().map(|arg| OsStr::from_bytes(arg)));
    ended(command.spawn().unwrap())
}

#[test]
fn odd_names_are_shown_and_not_obeyed() {
    let folder = odd_names();

    let ended = folder.run(&["scan", "-f", "text", "."]);

    let heads: Vec<&str> = ended
        .out
        .lines()
        .filter_map(|line| line.strip_suffix(LINE.trim_end()))
        .collect();
    assert_eq!(
        heads,
        [
            "./bidi\\u{202e}.log:1: ",
            "./esc\\x1b[31m.log:1: ",
            "./invalid\u{fffd}.log:1: ",
            "./new\\nline.log:1: "
        ]
    );
    for format in ["table", "markdown", "csv", "text"] {
        let ended = folder.run(&["scan", ".", "--by", "file", "-f", format]);
        assert_eq!(ended.status, Some(0));
        assert_harmless(&ended.out);
        assert_harmless(&ended.err);
    }
}

#[test]
fn json_keeps_odd_names() {
    let folder = odd_names();

    let result = folder.run(&["scan", "-f", "json", "."]).result();

    let paths: Vec<&str> = result
        .inputs
        .iter()
        .map(|input| input.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "./bidi\u{202e}.log",
            "./esc\x1b[31m.log",
            "./invalid\u{fffd}.log",
            "./new\nline.log"
        ]
    );
}

#[test]
fn odd_names_may_be_given_and_listed() {
    let folder = odd_names();
    folder.write("list", NAMES.join(&0));

    let given = run(
        &folder,
        &[&[&b"scan"[..], b"-f", b"json"], &NAMES[..]].concat(),
    );
    let listed = folder.run(&["scan", "-f", "json", "--files-from", "list"]);

    assert_eq!(given.result().totals.matches, 4);
    assert_eq!(listed.out, given.out);
}

#[test]
fn a_message_stays_on_one_line_whatever_the_name() {
    let folder = Folder::with_log();
    let name: &[u8] = b"no\nerrsift: all is well\x1b[31m\xff";
    let shown = "no\\nerrsift: all is well\\x1b[31m\u{fffd}";
    let reason = "No such file or directory (os error 2)";
    let cases: [(&[&[u8]], String); 5] = [
        (
            &[b"scan", b"-f", b"csv", name],
            format!("{shown}: {reason}"),
        ),
        (
            &[b"report", name],
            format!("{shown}: cannot be opened: {reason}"),
        ),
        (
            &[b"scan", b"--catalog", name],
            format!("{shown}: cannot be opened: {reason}"),
        ),
        (
            &[b"scan", b"--files-from", name],
            format!("{shown}: cannot be opened: {reason}"),
        ),
        (
            &[b"scan", b"app.log", b"-o", b"no\nsuch/r.csv"],
            format!(
                "no\\nsuch/r.csv: not saved, printed instead\n\
                 errsift: no\\nsuch/r.csv: cannot be written: {reason}"
            ),
        ),
    ];
    for (args, message) in cases {
        let ended = run(&folder, args);

        assert_eq!(ended.status, Some(2));
        assert_eq!(ended.err, format!("errsift: {message}\n"));
    }
}
