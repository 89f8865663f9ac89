//! Lines whose rest is late.

use crate::process::{Tail, counts};
use crate::support::Folder;

#[test]
fn an_unfinished_line_counts_after_a_while_and_not_again_with_its_rest() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "-f", "ndjson", "-o", "r.json"]);

    tail.write("first APIG.1002 th");
    assert!(tail.line().contains(r#""text":"first APIG.1002 ""#));
    tail.write("en APIG.1003\nAPIG.1005\n");
    let later = tail.line();
    assert!(later.contains(r#""line":1,"code":"APIG.1003""#), "{later}");
    assert!(
        later.contains(r#""text":"first APIG.1002 then APIG.1003""#),
        "{later}"
    );
    assert!(tail.line().contains(r#""line":2,"code":"APIG.1005""#));

    let ended = tail.end();
    assert_eq!((ended.status, ended.out.as_str()), (Some(0), ""));
    let result = serde_json::from_str(&folder.read("r.json")).unwrap();
    let one = |code| (code, 1, 1);
    assert_eq!(
        counts(&result),
        ["APIG.1002", "APIG.1003", "APIG.1005"].map(one)
    );
    assert_eq!((result.totals.lines, result.totals.matched_lines), (2, 2));
}

#[test]
fn a_code_divided_by_a_pause_is_counted_once() {
    let folder = Folder::new();
    let line = "a FailedOperation.NodeNotEmpty b\n";
    // Two of the beginnings are a code themselves, one known and one not.
    for before in [
        "a ",
        "a Faile",
        "a FailedOperation",
        "a FailedOperation.Node",
    ] {
        let mut tail = Tail::start(&folder, &["tail", "--all", "-o", "r.json"]);
        tail.write(before);
        // What may be the beginning of a code is passed through with its end.
        assert_eq!(tail.bytes(2), "a ");
        tail.write(&line[before.len()..]);

        let ended = tail.end();
        let result: errsift::tally::result::ScanResult =
            serde_json::from_str(&folder.read("r.json")).unwrap();
        assert!(ended.out.starts_with(&line[2..]), "{ended:?}");
        let code = ("FailedOperation.NodeNotEmpty", 1, 1);
        assert_eq!(counts(&result), [code], "{before}");
        assert!(result.unknown.is_empty(), "{before}");
        assert_eq!(result.totals.lines, 1);
    }
}

#[test]
fn a_code_divided_between_two_writes_is_found() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;
    let folder = Folder::new();
    let line = "an APIG.1002 code\n";
    for at in 1..line.len() {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let mut command = folder.command(&["tail", "-f", "json"]);
        command.stdin(std::process::Stdio::from(OwnedFd::from(theirs)));
        let child = command.spawn().unwrap();
        for part in [&line.as_bytes()[..at], &line.as_bytes()[at..], b""] {
            ours.send(part).unwrap();
        }

        let ended = crate::support::ended(child);

        assert_eq!(counts(&ended.result()), [("APIG.1002", 1, 1)], "{at}");
    }
}

#[test]
fn an_unfinished_line_at_the_end_counts() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "--all", "-o", "r.json"]);

    tail.write("one\nAPIG.1002");
    assert_eq!(tail.bytes(4), "one\n");
    let ended = tail.end();

    assert!(ended.out.starts_with("APIG.1002\n  HTTP 401"), "{ended:?}");
    let result: errsift::tally::result::ScanResult =
        serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!((result.totals.bytes, result.totals.lines), (13, 2));
    assert_eq!(counts(&result), [("APIG.1002", 1, 1)]);
}
