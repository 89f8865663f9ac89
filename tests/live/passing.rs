//! What is printed of each line: all, some, folded, or nothing.

use crate::process::Tail;
use crate::support::{Folder, LINE};

/// A line with the same code as [`LINE`].
const AGAIN: &str = "again {\"error_code\":\"APIG.1002\",\"error_msg\":\"x\"}\n";

#[test]
fn all_lines_pass_as_they_are_and_matches_are_explained_below() {
    let folder = Folder::new();
    let other = b"\x1b[32mgreen\x1b[0m\xff\0\r\n";
    let mut child = folder.command(&["tail", "--all"]).spawn().unwrap();
    let text = [&other[..], LINE.as_bytes(), other].concat();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &text).unwrap();

    let out = child.wait_with_output().unwrap().stdout;

    assert!(out.starts_with(&text[..text.len() - other.len()]));
    assert!(out.ends_with(other));
    let between = &out[text.len() - other.len()..out.len() - other.len()];
    let between = std::str::from_utf8(between).unwrap();
    assert!(
        between.lines().all(|line| line.starts_with("  ")),
        "{between}"
    );
    assert_eq!(between.lines().count(), 3);
}

#[test]
fn a_quiet_tail_prints_only_its_report() {
    let ended = Folder::new().pipe(&["tail", "-q"], LINE);

    assert_eq!((ended.status, ended.out.as_str()), (Some(0), ""));
    assert!(
        ended.err.starts_with("1 match of 1 distinct code"),
        "{ended:?}"
    );
}

#[test]
fn repeats_are_folded_into_their_number_when_the_time_is_over() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "--fold", "1s"]);
    tail.write(LINE);
    (0..4).for_each(|_| assert_ne!(tail.line(), ""));

    tail.write(AGAIN.repeat(214));
    // Nothing more is written: the number comes by itself.
    let number = tail.line();
    tail.write(AGAIN);
    assert_eq!(tail.line(), format!("-:216: {AGAIN}"));
    (1..4).for_each(|_| assert_ne!(tail.line(), ""));
    tail.write(AGAIN);

    let ended = tail.end();
    assert_eq!(number, "APIG.1002: again x 214\n");
    assert_eq!(ended.out, "APIG.1002: again x 1\n");
    assert!(ended.err.starts_with("217 matches"), "{ended:?}");
}

#[test]
fn filters_decide_what_is_printed_too() {
    let text = format!("{LINE}OTHER InternalError\n");
    let args = ["tail", "-f", "ndjson", "--code", "Internal*"];
    let ended = Folder::new().pipe(&args, &text);
    let strict = Folder::new().pipe(&["tail", "-f", "ndjson", "--strict"], &text);

    assert_eq!(ended.out.lines().count(), 1);
    assert!(ended.out.contains("\"code\":\"InternalError\""));
    assert_eq!(strict.out.lines().count(), 1);
    assert!(strict.out.contains("\"code\":\"APIG.1002\""));
}

#[test]
fn events_are_those_of_a_scan() {
    let folder = Folder::new();
    let log = std::fs::read("tests/data/incident.log").unwrap();
    for format in ["text", "ndjson"] {
        let args = |verb| [verb, "-f", format, "--lang", "zh"];
        let (scanned, tailed) = (
            folder.pipe(&args("scan"), &log),
            folder.pipe(&args("tail"), &log),
        );

        assert_eq!(scanned.out, tailed.out);
        assert_eq!(scanned.err, tailed.err);
    }
}

#[test]
fn options_without_effect_are_refused() {
    for (args, complaint) in [
        (
            &["--all", "-f", "ndjson"][..],
            "--all: passes lines through as they are, expected no -f but text",
        ),
        (
            &["--fold", "10s", "-f", "json"],
            "--fold: there is nothing to fold in a report, expected -f text or ndjson",
        ),
        (
            &["--deltas"],
            "--deltas: expected -f ndjson and --interval TIME beside it",
        ),
        (
            &["--interval", "10s"],
            "--interval: nothing to write, expected -o FILE, --textfile FILE or -f ndjson --deltas beside it",
        ),
        (
            &["--fold", "0s"],
            "invalid value '0s' for --fold: expected a number and a unit, such as 30s, 5m, 1h or 1d",
        ),
        (
            &["--fold", "9999d"],
            "invalid value '9999d' for --fold: expected at most 365d",
        ),
        (
            &["-", "app.log"],
            "-: standard input is followed alone, expected no other PATH beside it",
        ),
    ] {
        let ended = Folder::new().run(&[&["tail"], args].concat());

        let expected = format!("errsift: {complaint}");
        assert_eq!(ended.complaint(), (Some(2), expected.as_str()), "{args:?}");
    }
}
