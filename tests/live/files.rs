//! Files that are followed, as a user sees it; `tests/follow` goes through their fates.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use errsift::tally::result::{InputState, ScanResult};

use crate::process::{Tail, counts, wait_until};
use crate::support::{Folder, LINE};

fn append(folder: &Folder, name: &str, text: &str) {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.file(name));
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

fn report(folder: &Folder) -> ScanResult {
    serde_json::from_str(&folder.read("r.json")).unwrap()
}

/// What the report says of the inputs.
fn states(folder: &Folder) -> Vec<(String, InputState)> {
    let inputs = report(folder).inputs.into_iter();
    inputs.map(|input| (input.path, input.state)).collect()
}

/// Ends `tail`, which has read all of the one input at `path`.
fn assert_ends_complete(tail: Tail, folder: &Folder, path: &str) {
    tail.send("TERM");
    let ended = tail.ended();
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(states(folder), [(path.to_owned(), InputState::Complete)]);
}

#[test]
fn more_files_than_a_process_may_open_are_all_followed() {
    const FILES: usize = 200;
    for from in ["start", "end"] {
        let folder = Folder::new();
        let name = |number: usize| format!("{number}.log");
        for number in 0..FILES {
            folder.write(&name(number), LINE);
        }
        let args = ["tail", "--from", from, "-f", "ndjson", "."];
        let errsift = folder.command(&args);
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""])
            .arg(errsift.get_program())
            .args(errsift.get_args())
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut tail = Tail::of(command);
        let read = |tail: &mut Tail, count: usize| {
            (0..count).for_each(|_| assert_ne!(tail.line(), ""));
        };
        if from == "start" {
            read(&mut tail, FILES);
        }
        tail.wait_for_handlers();
        for number in 0..FILES {
            append(&folder, &name(number), LINE);
        }
        read(&mut tail, FILES);

        tail.send("INT");
        let ended = tail.ended();
        assert_eq!(ended.status, Some(0), "{ended:?}");
        assert_eq!(ended.out, "");
    }
}

#[test]
fn a_file_is_followed_from_its_end_or_its_start() {
    for (from, lines) in [("end", 1), ("start", 2)] {
        let folder = Folder::with_log();
        let args = ["tail", "--from", from, "--all", "-o", "r.json", "app.log"];
        let mut tail = Tail::start(&folder, &args);
        tail.wait_for_handlers();
        if from == "start" {
            (0..4).for_each(|_| assert_ne!(tail.line(), ""));
        } else {
            tail.wait_for_file(&folder.file("app.log"));
        }
        append(&folder, "app.log", LINE);
        assert_eq!(tail.line(), LINE);

        tail.send("INT");
        let ended = tail.ended();
        assert_eq!(ended.status, Some(0), "{ended:?}");
        let result = serde_json::from_str(&folder.read("r.json")).unwrap();
        assert_eq!(counts(&result), [("APIG.1002", lines, lines)]);
        assert_eq!(result.inputs[0].path, "app.log");
    }
}

#[test]
fn new_files_of_a_folder_and_a_glob_are_picked_up() {
    let folder = Folder::new();
    folder.write("logs/old.log", "old\n");
    let mut tail = Tail::start(
        &folder,
        &["tail", "-f", "ndjson", "-o", "r.json", "logs", "x*.log"],
    );
    tail.wait_for_file(&folder.file("logs/old.log"));

    append(&folder, "logs/new.log", LINE);
    assert!(tail.line().contains("\"path\":\"logs/new.log\""));
    append(&folder, "x1.log", LINE);
    assert!(tail.line().contains("\"path\":\"x1.log\""));
    append(&folder, "logs/old.log", LINE);
    assert!(tail.line().contains("\"path\":\"logs/old.log\""));

    tail.send("TERM");
    let ended = tail.ended();
    assert_eq!(ended.status, Some(0), "{ended:?}");
    let result = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(counts(&result), [("APIG.1002", 3, 3)]);
}

#[test]
fn a_folder_that_was_missing_at_first_does_no_harm_to_the_status() {
    let folder = Folder::new();
    let args = ["tail", "-f", "ndjson", "-o", "r.json", "logs"];
    let mut tail = Tail::start(&folder, &args);
    tail.wait_for_handlers();
    assert_eq!(
        tail.err_line(),
        "errsift: logs: does not exist, it is waited for\n"
    );

    folder.write("logs/a.log", LINE);
    assert!(tail.line().contains("\"path\":\"logs/a.log\""));

    assert_ends_complete(tail, &folder, "logs/a.log");
}

#[test]
fn a_file_that_was_read_and_is_gone_does_no_harm_to_the_status() {
    let folder = Folder::with_log();
    let args = [
        "tail", "-f", "ndjson", "--from", "start", "-o", "r.json", "app.log",
    ];
    let mut tail = Tail::start(&folder, &args);
    tail.wait_for_handlers();
    assert_ne!(tail.line(), "");

    fs::remove_file(folder.file("app.log")).unwrap();
    assert_eq!(
        tail.err_line(),
        "errsift: app.log: is gone, what comes next is waited for\n"
    );

    assert_ends_complete(tail, &folder, "app.log");
}

#[test]
fn a_file_that_took_the_place_of_another_and_cannot_be_read_is_an_error_until_it_can_be() {
    let folder = Folder::with_log();
    let args = [
        "tail",
        "-f",
        "ndjson",
        "--from",
        "start",
        "--interval",
        "1s",
        "-o",
        "r.json",
        "app.log",
    ];
    let mut tail = Tail::start(&folder, &args);
    tail.wait_for_handlers();
    assert_ne!(tail.line(), "");

    fs::rename(folder.file("app.log"), folder.file("app.log.1")).unwrap();
    symlink("app.log", folder.file("app.log")).unwrap();
    assert!(tail.err_line().starts_with("errsift: app.log: "));
    append(&folder, "app.log.1", LINE);
    assert_ne!(tail.line(), "");
    let is = |state| states(&folder) == [("app.log".to_owned(), state)];
    wait_until(|| {
        folder.file("r.json").exists()
            && report(&folder).totals.matches == 2
            && is(InputState::Partial)
    });

    fs::remove_file(folder.file("app.log")).unwrap();
    folder.write("app.log", "nothing\n");
    wait_until(|| is(InputState::Complete));

    tail.send("TERM");
    let ended = tail.ended();
    assert_eq!(ended.status, Some(0), "{ended:?}");
}

#[test]
fn lines_of_several_files_are_headed_by_their_paths() {
    let folder = Folder::new();
    folder.write("a.log", "");
    folder.write("b.log", "");
    let mut tail = Tail::start(
        &folder,
        &["tail", "--all", "--from", "start", "a.log", "b.log"],
    );
    for (name, text) in [("a.log", "one\n"), ("b.log", "two\n"), ("a.log", "three\n")] {
        append(&folder, name, text);
        assert_eq!(tail.line(), format!("==> {name} <==\n"));
        assert_eq!(tail.line(), text);
    }

    tail.send("INT");
    assert_eq!(tail.ended().status, Some(1));
}

#[test]
fn a_report_in_the_followed_folder_is_passed_over() {
    let folder = Folder::new();
    folder.write("logs/app.log", LINE);
    folder.run(&["scan", "logs", "-o", "logs/r.json"]);
    let args = [
        "tail",
        "-f",
        "ndjson",
        "--from",
        "start",
        "--interval",
        "1s",
        "-o",
        "logs/r.json",
        "logs",
    ];
    let mut tail = Tail::start(&folder, &args);
    let note = "errsift: note: logs/r.json: is this program's own output: passed over\n";
    assert_eq!(tail.err_line(), note);
    for matches in 2..=3 {
        append(&folder, "logs/app.log", LINE);
        wait_until(|| {
            let saved: ScanResult = serde_json::from_str(&folder.read("logs/r.json")).unwrap();
            saved.totals.matches == matches
        });
    }

    tail.send("INT");
    let ended = tail.ended();
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(ended.out.lines().count(), 3, "{ended:?}");
    let saved: ScanResult = serde_json::from_str(&folder.read("logs/r.json")).unwrap();
    assert_eq!(counts(&saved), [("APIG.1002", 3, 3)]);
    assert_eq!(saved.inputs.len(), 1, "{saved:?}");
}

#[test]
fn standard_output_in_the_followed_folder_is_passed_over() {
    let folder = Folder::new();
    folder.write("logs/app.log", LINE);
    folder.write("logs/out.log", "");
    let out = OpenOptions::new()
        .append(true)
        .open(folder.file("logs/out.log"));
    let mut command = folder.command(&["tail", "--from", "start", "-f", "ndjson", "logs/*.log"]);
    let mut child = command.stdout(out.unwrap()).spawn().unwrap();
    let mut said = String::new();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    err.read_line(&mut said).unwrap();
    assert_eq!(
        said,
        "errsift: note: logs/out.log: is this program's own output: passed over\n"
    );
    for lines in 1..=3 {
        wait_until(|| folder.read("logs/out.log").lines().count() == lines);
        append(&folder, "logs/app.log", LINE);
    }

    child.kill().unwrap();
    child.wait().unwrap();
    let out = folder.read("logs/out.log");
    assert!(
        out.lines()
            .all(|line| line.contains("\"path\":\"logs/app.log\"")),
        "{out}"
    );
}
