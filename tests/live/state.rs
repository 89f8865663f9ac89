//! What a state keeps: each line is counted once, whoever counts it and however that ends.

use std::fs::OpenOptions;
use std::io::Write;

use errsift::tally::result::ScanResult;

use crate::process::{Tail, counts, wait_until};
use crate::support::{Folder, LINE};

fn append(folder: &Folder, text: &str) {
    let file = OpenOptions::new().append(true).open(folder.file("app.log"));
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

/// What the state `kept` holds.
fn kept(folder: &Folder) -> ScanResult {
    let ended = folder.run(&["report", "-f", "json", "kept"]);
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    ended.result()
}

fn start(folder: &Folder) -> Tail {
    let args = [
        "tail", "-q", "--from", "start", "--state", "kept", "app.log",
    ];
    Tail::start(folder, &args)
}

/// Waits until the state holds so many matches.
fn wait_for(folder: &Folder, matches: u64) {
    wait_until(|| {
        let is_there = std::fs::metadata(folder.file("kept")).is_ok_and(|kept| kept.len() > 0);
        is_there && kept(folder).totals.matches >= matches
    });
}

#[test]
fn nothing_is_lost_or_counted_twice_when_a_tail_is_killed() {
    let folder = Folder::with_log();
    let mut written = 1;
    for round in 0..3 {
        let tail = start(&folder);
        wait_for(&folder, written);
        // Counted, and perhaps committed, when it is killed.
        append(&folder, &LINE.repeat(1000));
        written += 1000;
        if round == 1 {
            wait_for(&folder, written);
        }
        tail.send("KILL");
        assert_eq!(tail.ended().status, None);
        append(&folder, LINE);
        written += 1;
    }

    let tail = start(&folder);
    wait_for(&folder, written);
    tail.send("INT");
    let ended = tail.ended();

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(
        ended.err.starts_with(&format!("{} matches", "3,004")),
        "{ended:?}"
    );
    let result = kept(&folder);
    assert_eq!(counts(&result), [("APIG.1002", written, written)]);
    assert_eq!(
        result.totals.bytes,
        std::fs::metadata(folder.file("app.log")).unwrap().len()
    );
    assert_eq!(result.inputs.len(), 1);
}

#[test]
fn what_was_shown_of_a_new_file_is_counted_though_the_tail_is_killed_at_once() {
    let folder = Folder::new();
    folder.write("app.log", "before any tail\n");
    let mut written = 0;
    for life in 0..3 {
        let path = ["app.log", "new.log"][usize::from(life == 1)];
        let args = [
            "tail", "-f", "ndjson", "--state", "kept", "app.log", "new.log",
        ];
        let mut tail = Tail::start(&folder, &args);
        tail.wait_for_handlers();
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.file(path))
            .unwrap();
        // What an earlier life has shown and not counted may be shown again first.
        let mark = format!("in life {life}");
        let line = format!("APIG.1002 {mark}\n");
        file.write_all(line.as_bytes()).unwrap();
        let mut shown = std::iter::from_fn(|| Some(tail.line()).filter(|line| !line.is_empty()));
        assert!(shown.any(|line| line.contains(&mark)));
        tail.send("KILL");
        assert_eq!(tail.ended().status, None);
        file.write_all(LINE.as_bytes()).unwrap();
        written += 2;
    }

    let tail = Tail::start(
        &folder,
        &["tail", "-q", "--state", "kept", "app.log", "new.log"],
    );
    wait_for(&folder, written);
    tail.send("INT");
    tail.ended();

    assert_eq!(kept(&folder).totals.matches, written);
}

#[test]
fn a_scan_adds_to_a_state_what_nobody_has_counted() {
    let folder = Folder::with_log();
    let scan = || folder.run(&["scan", "-f", "json", "--state", "kept", "app.log"]);

    let first = scan();
    append(&folder, &LINE.repeat(2));
    let second = scan();
    let third = scan();

    let matches = [&first, &second, &third].map(|ended| ended.result().totals.matches);
    assert_eq!(matches, [1, 2, 0]);
    assert_eq!(
        [first.status, second.status, third.status],
        [Some(0), Some(0), Some(1)]
    );
    assert_eq!(
        third.result().notes,
        ["1 input holds nothing that was not read before"]
    );
    let result = kept(&folder);
    assert_eq!(counts(&result), [("APIG.1002", 3, 3)]);
    assert_eq!(result.totals.lines, 3);
}

#[test]
fn a_scan_beside_a_tail_counts_only_for_itself() {
    let folder = Folder::with_log();
    let tail = start(&folder);
    wait_for(&folder, 1);
    folder.write("other.log", LINE.repeat(5));

    let args = [
        "scan",
        "-f",
        "ndjson",
        "-o",
        "r.json",
        "--state",
        "kept",
        "app.log",
        "other.log",
    ];
    let ended = folder.run(&args);

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(
        ended.out.matches("\"path\":\"other.log\"").count(),
        5,
        "{ended:?}"
    );
    assert_eq!(ended.out.lines().count(), 5);
    if !ended.err.contains("kept: another errsift writes to it") {
        tail.send("INT");
        panic!("{:?} {}", tail.ended(), ended.err.lines().next().unwrap());
    }
    let own: ScanResult = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(counts(&own), [("APIG.1002", 5, 5)]);
    tail.send("INT");
    assert_eq!(tail.ended().status, Some(0));
    assert_eq!(kept(&folder).totals.matches, 1);
}

#[test]
fn a_scan_with_a_state_names_what_it_cannot_read() {
    let folder = Folder::with_log();

    let ended = folder.run(&[
        "scan", "-f", "json", "--state", "kept", "app.log", "gone.log",
    ]);

    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.err.starts_with("errsift: gone.log: "), "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    let result = ended.result();
    assert_eq!(result.inputs.len(), 2);
    assert_eq!(counts(&result), [("APIG.1002", 1, 1)]);
}

#[test]
fn standard_input_adds_to_what_was_counted_before() {
    let folder = Folder::new();
    let args = [
        "tail",
        "--state",
        "kept",
        "-f",
        "ndjson",
        "--deltas",
        "--interval",
        "1s",
    ];
    for (round, total) in [(1, 1), (2, 2)] {
        let ended = folder.pipe(&args, LINE);

        assert_eq!(ended.status, Some(0), "{ended:?}");
        // Only what is new is told, with the total of all.
        let told = format!("\"count\":1,\"total\":{total}");
        assert_eq!(ended.out.matches(&told).count(), 1, "{round}: {ended:?}");
        assert_eq!(kept(&folder).totals.matches, total);
    }
}

#[test]
fn a_state_has_one_writer_and_what_is_none_is_refused() {
    let folder = Folder::with_log();
    let tail = start(&folder);
    wait_for(&folder, 1);

    let second = folder.run(&["tail", "--state", "kept", "app.log"]);
    folder.write("other", "not a state");
    let other = folder.run(&["tail", "--state", "other", "app.log"]);
    let piped = folder.pipe(&["report"], std::fs::read(folder.file("kept")).unwrap());

    assert_eq!(second.status, Some(2));
    let held = "errsift: kept: is written to by another errsift, expected one at a time";
    assert!(second.err.starts_with(held), "{second:?}");
    assert_eq!(other.status, Some(2));
    assert!(
        other
            .err
            .starts_with("errsift: other: is no state of errsift"),
        "{other:?}"
    );
    assert_eq!(folder.read("other"), "not a state");
    assert_eq!(piped.status, Some(2));
    assert!(
        piped.err.contains("is a state, expected its path"),
        "{piped:?}"
    );
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(0));
}

#[test]
fn a_commit_that_fails_is_told_and_tried_again() {
    let folder = Folder::with_log();
    let mut tail = start(&folder);
    wait_for(&folder, 1);
    // Another program's lock lasts longer than anyone waits for it.
    let other = rusqlite::Connection::open(folder.file("kept")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    append(&folder, LINE);

    let told = tail.err_line();
    other.execute_batch("COMMIT").unwrap();
    // Nothing more is written: it is tried again by itself.
    wait_for(&folder, 2);

    assert!(
        told.starts_with("errsift: kept: ") && told.ends_with("; it is tried again\n"),
        "{told}"
    );
    tail.send("INT");
    assert_eq!(tail.ended().status, Some(0));
    assert_eq!(kept(&folder).totals.matches, 2);
}

#[test]
fn a_state_that_lies_among_the_logs_is_no_log() {
    let folder = Folder::with_log();
    folder.write("logs/app.log", LINE);
    let args = [
        "tail",
        "-q",
        "--from",
        "start",
        "--state",
        "logs/kept",
        "logs",
    ];
    let tail = Tail::start(&folder, &args);
    let report = || folder.run(&["report", "-f", "json", "logs/kept"]);
    wait_until(|| {
        let is_there = std::fs::metadata(folder.file("logs/kept")).is_ok_and(|kept| kept.len() > 0);
        is_there && report().result().totals.matches == 1
    });
    // Whoever closes a file of the state beside SQLite loses the locks on it, and every reader
    // would then take the state for abandoned and clear it away.
    for number in 0..20 {
        folder.write(&format!("logs/{number}.log"), "new\n");
        assert_eq!(report().status, Some(0));
    }

    let scanned = folder.run(&["scan", "-f", "json", "--state", "logs/kept", "logs"]);
    tail.send("INT");
    let ended = tail.ended();

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(
        scanned.err.contains("another errsift writes to it"),
        "{scanned:?}"
    );
    let result = report().result();
    let paths: Vec<&str> = result.inputs.iter().map(|input| &*input.path).collect();
    assert!(paths.iter().all(|path| path.ends_with(".log")), "{paths:?}");
    assert_eq!(result.totals.lines, 21);
}
