//! What a run writes is not what it reads: neither replaced, nor counted.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use crate::support::{Ended, Folder, LINE, ended};

/// The program with `name` behind its standard output.
fn run_into(folder: &Folder, name: &str, args: &[&str]) -> Ended {
    let mut command = folder.command(args);
    let out = File::options()
        .append(true)
        .create(true)
        .open(folder.file(name));
    command.stdout(out.unwrap());
    ended(command.spawn().unwrap())
}

const OWN: &str =
    r#"{"schema":"errsift.catalog/1","provider":"own","product":"p","codes":[{"code":"A.1001"}]}"#;

#[test]
fn nothing_is_written_to_a_file_that_is_read() {
    let folder = Folder::with_log();
    folder.write("own.json", OWN);
    folder.write("list", "app.log\n");
    folder.write("cat/own.json", OWN);
    symlink("app.log", folder.file("link.log")).unwrap();
    fs::hard_link(folder.file("app.log"), folder.file("hard.log")).unwrap();
    folder.run(&["scan", "app.log", "-o", "r.json"]);
    folder.run(&["scan", "app.log", "-o", "base.json"]);
    folder.run(&["scan", "app.log", "--state", "s.db"]);
    let cases: [(&[&str], &str); 17] = [
        (
            &["scan", "app.log", "-o", "app.log"],
            "-o app.log: is the same file as PATH app.log",
        ),
        (
            &["scan", "app.log", "-o", "link.log"],
            "-o link.log: is the same file as PATH app.log",
        ),
        (
            &["scan", "link.log", "-o", "app.log"],
            "-o app.log: is the same file as PATH link.log",
        ),
        (
            &["scan", "hard.log", "-o", "app.log"],
            "-o app.log: is the same file as PATH hard.log",
        ),
        (
            &["scan", "app.log", "--state", "s.db", "-o", "s.db"],
            "-o s.db: is the same file as --state s.db",
        ),
        (
            &["scan", "app.log", "--state", "new.db", "-o", "./new.db"],
            "-o ./new.db: is the same file as --state new.db",
        ),
        (
            &["scan", "app.log", "s.db", "--state", "s.db"],
            "--state s.db: is the same file as PATH s.db",
        ),
        (
            &["scan", "app.log", "--catalog", "own.json", "-o", "own.json"],
            "-o own.json: is the same file as --catalog own.json",
        ),
        (
            &["scan", "app.log", "--catalog", "cat", "-o", "cat/own.json"],
            "-o cat/own.json: is the same file as --catalog cat/own.json",
        ),
        (
            &["scan", "--files-from", "list", "-o", "list"],
            "-o list: is the same file as --files-from list",
        ),
        (
            &["scan", "--files-from", "list", "-o", "app.log"],
            "-o app.log: is the same file as PATH app.log",
        ),
        (
            &["scan", "app.log", "--textfile", "r.prom", "-o", "r.prom"],
            "-o r.prom: is the same file as --textfile r.prom",
        ),
        (
            &["tail", "app.log", "-o", "app.log"],
            "-o app.log: is the same file as PATH app.log",
        ),
        (
            &[
                "tail",
                "--listen",
                "127.0.0.1:0",
                "--token-file",
                "list",
                "-o",
                "list",
            ],
            "-o list: is the same file as --token-file list",
        ),
        (
            &["tail", "app.log", "--state", "s.db", "-o", "s.db"],
            "-o s.db: is the same file as --state s.db",
        ),
        (
            &[
                "report",
                "r.json",
                "--baseline",
                "base.json",
                "-o",
                "base.json",
            ],
            "-o base.json: is the same file as --baseline base.json",
        ),
        (
            &["report", "s.db", "-o", "s.db"],
            "-o s.db: is the same file as RESULT s.db",
        ),
    ];
    let files = ["app.log", "own.json", "cat/own.json", "list", "base.json"];
    let texts = || files.map(|name| folder.read(name));
    let (before, state) = (texts(), fs::read(folder.file("s.db")).unwrap());
    for (args, problem) in cases {
        let ended = folder.run(args);

        let message = format!(
            "errsift: {problem}, expected one that is not read or written besides; choose another name"
        );
        assert_eq!(ended.complaint(), (Some(2), message.as_str()), "{args:?}");
        assert_eq!(texts(), before, "{args:?}");
        assert_eq!(fs::read(folder.file("s.db")).unwrap(), state, "{args:?}");
    }
    assert!(!folder.file("new.db").exists());
}

#[test]
fn standard_input_is_a_file_that_is_read() {
    let folder = Folder::with_log();
    let mut command = folder.command(&["scan", "-o", "app.log"]);
    command.stdin(File::open(folder.file("app.log")).unwrap());

    let ended = ended(command.spawn().unwrap());

    let (status, message) = ended.complaint();
    assert_eq!(status, Some(2));
    assert!(
        message.starts_with("errsift: -o app.log: is the same file as PATH /dev/stdin, "),
        "{message}"
    );
    assert_eq!(folder.read("app.log"), LINE);
}

#[test]
fn devices_are_no_files_that_could_be_lost() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "app.log", "/dev/null", "-o", "/dev/null"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn a_result_may_be_replaced_by_what_becomes_of_it() {
    let folder = Folder::with_log();
    folder.run(&["scan", "app.log", "-o", "total.json"]);
    folder.write("b.log", LINE.repeat(2));
    folder.run(&["scan", "b.log", "-o", "day.json"]);

    let ended = folder.run(&["report", "total.json", "day.json", "-o", "total.json"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let total = folder.run(&["report", "total.json", "-f", "json"]);
    assert_eq!(total.result().totals.matches, 3);
}

#[test]
fn a_folder_s_own_outputs_are_passed_over() {
    let folder = Folder::new();
    folder.write("logs/app.log", LINE);
    let args = ["scan", "logs", "-o", "logs/r.json", "--state", "logs/s.db"];
    folder.run(&args);
    folder.write("logs/b.log", LINE);

    let again = folder.run(&args);

    assert_eq!(again.status, Some(0), "{again:?}");
    assert_eq!(
        again.err,
        "errsift: note: logs/r.json: is this program's own output: passed over\n\
         errsift: note: logs/s.db: is this program's own output: passed over\n"
    );
    let saved = folder.run(&["report", "logs/r.json", "-f", "json"]);
    assert_eq!(saved.result().totals.matches, 1, "what was new");
}

#[test]
fn standard_output_in_the_scanned_folder_is_passed_over() {
    let folder = Folder::with_log();
    for format in ["ndjson", "json"] {
        folder.write("out", "");

        let ended = run_into(&folder, "out", &["scan", ".", "-f", format]);

        assert_eq!(ended.status, Some(0), "{ended:?}");
        let note = "errsift: note: ./out: is this program's own output: passed over\n";
        assert!(ended.err.starts_with(note), "{ended:?}");
        let out = folder.read("out");
        assert_eq!(out.matches("\"code\":\"APIG.1002\"").count(), 1, "{out}");
        assert_eq!(out.matches("./out").count(), 0, "{out}");
    }
}

#[test]
fn standard_output_as_a_path_is_an_error() {
    let folder = Folder::with_log();
    for args in [&["scan", "app.log"][..], &["tail", "app.log"]] {
        let ended = run_into(&folder, "app.log", args);

        assert_eq!(ended.status, Some(2), "{ended:?}");
        assert_eq!(
            ended.err,
            "errsift: app.log: is the same file as standard output, expected an input that this run \
             does not write; send the output to another file\n"
        );
        assert_eq!(folder.read("app.log"), LINE);
    }
}

#[test]
fn a_folder_that_is_not_there_is_no_file() {
    let folder = Folder::with_log();
    for (verb, option) in [("scan", "-o"), ("scan", "--state"), ("report", "-o")] {
        folder.run(&["scan", "app.log", "-o", "r.json"]);
        let input = if verb == "scan" { "app.log" } else { "r.json" };

        let ended = folder.run(&[verb, input, option, "new/"]);

        let complaint = format!("{option} new/: names a folder, expected a file");
        assert!(ended.err.contains(&complaint), "{ended:?}");
        assert_eq!(ended.status, Some(2));
        assert!(!folder.file("new").exists());
    }
}
