//! Files that are followed, as a user sees it; `tests/follow` goes through their fates.

use std::fs::OpenOptions;
use std::io::Write;

use crate::process::{Tail, counts};
use crate::support::{Folder, LINE};

fn append(folder: &Folder, name: &str, text: &str) {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.file(name));
    file.unwrap().write_all(text.as_bytes()).unwrap();
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
