//! Lines whose rest is late.

use crate::process::{Tail, counts};
use crate::support::Folder;

#[test]
fn an_unfinished_line_counts_after_a_while_and_not_again_with_its_rest() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "-f", "ndjson", "-o", "r.json"]);

    tail.write("first APIG.1002");
    assert!(tail.line().contains(r#""text":"first APIG.1002""#));
    tail.write(" then APIG.1003\nAPIG.1005\n");
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
    let code = "FailedOperation.NodeNotEmpty";
    for (before, known, unknown) in [
        ("a ", Some(code), None),
        ("a Faile", Some(code), None),
        // What stood there was a code, or an unknown one, and stays counted.
        ("a FailedOperation", Some("FailedOperation"), None),
        ("a FailedOperation.Node", None, Some("FailedOperation.Node")),
    ] {
        let line = format!("a {code} b\n");
        let mut tail = Tail::start(&folder, &["tail", "--all", "-o", "r.json"]);
        tail.write(before);
        // It is passed through when it is counted.
        assert_eq!(tail.bytes(before.len()), before);
        tail.write(&line[before.len()..]);

        let ended = tail.end();
        let result: errsift::tally::result::ScanResult =
            serde_json::from_str(&folder.read("r.json")).unwrap();
        assert!(ended.out.starts_with(&line[before.len()..]), "{ended:?}");
        let known: Vec<_> = known.into_iter().map(|code| (code, 1, 1)).collect();
        assert_eq!(counts(&result), known, "{before}");
        let codes = result.unknown.iter().map(|row| (&*row.code, row.count));
        let unknown: Vec<_> = unknown.into_iter().map(|code| (code, 1)).collect();
        assert_eq!(codes.collect::<Vec<_>>(), unknown, "{before}");
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
    assert_eq!(tail.bytes(13), "one\nAPIG.1002");
    let ended = tail.end();

    assert!(ended.out.starts_with("\n  HTTP 401"), "{ended:?}");
    let result: errsift::tally::result::ScanResult =
        serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!((result.totals.bytes, result.totals.lines), (13, 2));
    assert_eq!(counts(&result), [("APIG.1002", 1, 1)]);
}
