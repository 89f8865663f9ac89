//! Standard input while it is written, and how a tail of it ends.

use std::io::{BufRead, Read};

use crate::process::{Tail, counts};
use crate::support::{Folder, LINE};

/// The lines that explain [`LINE`].
const EXPLAINED: usize = 3;

#[test]
fn a_match_is_printed_while_the_input_goes_on() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail"]);
    for number in 1..=3 {
        tail.write(format!("nothing here\n{LINE}"));

        assert_eq!(tail.line(), format!("-:{}: {LINE}", number * 2));
        assert_eq!(
            tail.line(),
            "  HTTP 401 (saw 403), authentication, huaweicloud/roma-connect\n"
        );
        (1..EXPLAINED).for_each(|_| assert!(tail.line().starts_with("  ")));
    }

    let ended = tail.end();
    assert_eq!((ended.status, ended.out.as_str()), (Some(0), ""));
    let headline = "3 matches of 1 distinct code in 3 of 6 lines";
    assert!(ended.err.starts_with(headline), "{ended:?}");
}

#[test]
fn a_tail_counts_what_a_scan_counts() {
    let folder = Folder::new();
    let log = std::fs::read("tests/data/incident.log").unwrap();
    let long = [
        &log[..],
        b"\n",
        &b"x APIG.1002 ".repeat(200_000),
        b"\nFailedOperation.Foo\n",
        &log[..],
    ];
    for text in [&b""[..], b"\n", b"a\nAPIG.1002", &log, &long.concat()] {
        let options = [
            "-f",
            "json",
            "--samples",
            "3",
            "--bucket",
            "1m",
            "--tz",
            "UTC",
        ];
        let scanned = folder.pipe(&[&["scan"], &options[..]].concat(), text);
        let tailed = folder.pipe(&[&["tail"], &options[..]].concat(), text);

        assert_eq!(scanned.status, tailed.status);
        assert!(scanned.result() == tailed.result(), "{}", tailed.out);
        assert_eq!(tailed.err, "");
    }
}

#[test]
fn a_signal_ends_a_tail_with_its_report_and_the_status_of_what_was_found() {
    let folder = Folder::new();
    for (signal, text, status) in [("INT", LINE, 0), ("TERM", LINE, 0), ("INT", "none\n", 1)] {
        let mut tail = Tail::start(&folder, &["tail", "--all", "-o", "r.json"]);
        tail.write(text);
        // When it is printed it has been read.
        tail.line();

        tail.send(signal);
        let ended = tail.ended();

        assert_eq!(ended.status, Some(status), "{ended:?}");
        let saved: errsift::tally::result::ScanResult =
            serde_json::from_str(&folder.read("r.json")).unwrap();
        assert_eq!(saved.totals.lines, 1);
        assert_eq!(saved.totals.matches, u64::from(status == 0));
        assert!(ended.err.contains("1 line"), "{ended:?}");
    }
}

#[test]
fn a_signal_ends_a_tail_to_which_nothing_was_written() {
    let folder = Folder::new();
    let tail = Tail::start(&folder, &["tail", "-f", "json"]);
    tail.wait_for_handlers();

    tail.send("TERM");
    let ended = tail.ended();

    assert_eq!((ended.status, ended.err.as_str()), (Some(1), ""));
    assert_eq!(ended.result().totals.lines, 0);
}

#[test]
fn a_second_signal_ends_a_tail_at_once() {
    let folder = Folder::new();
    folder.write("many.log", LINE.repeat(10_000));
    let input = std::fs::File::open(folder.file("many.log")).unwrap();
    let mut command = folder.command(&["tail", "-f", "ndjson"]);
    let mut child = command.stdin(input).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    // Far more than a pipe holds is to come, so the program waits from here on.
    out.read_exact(&mut [0; 1]).unwrap();
    let id = child.id().to_string();
    let signal = |name: &str| {
        let mut kill = std::process::Command::new("sh");
        kill.args(["-c", "kill -s $0 $1 2>/dev/null", name, &id])
            .status()
            .unwrap();
    };

    signal("INT");
    let status = format!("/proc/{}/status", child.id());
    crate::process::wait_until(|| {
        let status = std::fs::read_to_string(&status).unwrap();
        let pending = status.lines().find_map(|line| line.strip_prefix("ShdPnd:"));
        u64::from_str_radix(pending.unwrap().trim(), 16) == Ok(0)
    });
    // It is taken by one thread and may be handled a little later: either may be the second then.
    let mut status = None;
    crate::process::wait_until(|| {
        signal("TERM");
        status = child.try_wait().unwrap();
        status.is_some()
    });

    let status = status.unwrap().code();
    assert!(
        [Some(128 + 2), Some(128 + 15)].contains(&status),
        "{status:?}"
    );
}

#[test]
fn a_reader_that_has_seen_enough_ends_a_tail_quietly() {
    let folder = Folder::new();
    for args in [&["tail"][..], &["tail", "-f", "ndjson"], &["tail", "--all"]] {
        let mut command = folder.command(args);
        let input = folder.file("many.log");
        std::fs::write(&input, LINE.repeat(10_000)).unwrap();
        let mut child = command
            .stdin(std::fs::File::open(input).unwrap())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let out = child.stdout.take().unwrap();
        std::io::BufReader::with_capacity(1, out)
            .read_line(&mut first)
            .unwrap();

        let output = child.wait_with_output().unwrap();

        assert!(!first.is_empty());
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8(output.stderr).unwrap()
            ),
            (Some(0), String::new()),
            "{args:?}"
        );
    }
}

#[test]
fn what_is_packed_is_an_error_of_its_input() {
    let ended = Folder::new().pipe(&["tail", "-q"], b"\x1f\x8b\x08\0\0\0\0\0 APIG.1002\n");

    assert_eq!(ended.status, Some(2));
    assert!(
        ended.err.starts_with("errsift: -: is packed (gzip)"),
        "{ended:?}"
    );
}

#[test]
fn a_long_line_is_counted_as_one_in_whatever_parts_it_comes() {
    let folder = Folder::new();
    let mut tail = Tail::start(
        &folder,
        &["tail", "--all", "--interval", "1s", "-o", "r.json"],
    );
    let part = format!("{}APIG.1002 ", "x ".repeat(400_000));
    for _ in 0..3 {
        tail.write(&part);
        // Each part is counted by itself, in whatever pieces.
        tail.bytes(part.len());
    }
    tail.write("\n");
    tail.bytes(1);

    let ended = tail.end();
    assert_eq!(ended.status, Some(0), "{ended:?}");
    let result = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(counts(&result), [("APIG.1002", 3, 1)]);
    assert_eq!((result.totals.lines, result.totals.matched_lines), (1, 1));
}
