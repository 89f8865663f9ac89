//! What is shown is what was written.

use errsift::tally::result::ScanResult;

use crate::client::{get, listening, result};
use crate::process::{counts, wait_until};
use crate::support::{Folder, LINE};

const UNKNOWN: &str = "FailedOperation.Foo\n";

#[test]
fn whoever_asks_after_a_line_was_printed_sees_it_counted() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    for count in 1..=20 {
        tail.write(LINE);
        tail.line();

        let result = result(address);
        assert_eq!(counts(&result), [("APIG.1002", count, count)]);
        assert_eq!(
            (result.totals.lines, result.totals.bytes),
            (count, count * LINE.len() as u64)
        );
    }
}

#[test]
fn what_is_shown_last_is_what_is_reported() {
    let folder = Folder::new();
    let log = std::fs::read_to_string("tests/data/incident.log").unwrap();
    let (mut tail, address) = listening(&folder, &["-q", "-o", "r.json", "--min-count", "2"]);
    tail.write(&log);
    tail.write(UNKNOWN);
    let lines = log.lines().count() as u64 + 1;
    wait_until(|| result(address).totals.lines == lines);

    let mut shown = result(address);
    let page = get(address, "/").body;
    tail.end();

    let saved: ScanResult = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert!(shown.codes.iter().all(|row| row.count >= 2));
    assert_eq!(shown.unknown[0].near.len(), 3);
    // Standard input has a name only when all of it was read.
    shown.inputs = saved.inputs.clone();
    assert_eq!(shown, saved);
    for row in &saved.codes {
        assert!(
            page.contains(&format!("\"code\":\"{}\"", row.code)),
            "{}",
            row.code
        );
    }
}

#[test]
fn a_restart_with_a_state_goes_on_counting() {
    let folder = Folder::new();
    folder.write("app.log", LINE.repeat(3));
    let args = ["--state", "app.state", "--from", "start", "-q", "app.log"];
    let (tail, address) = listening(&folder, &args);
    wait_until(|| result(address).totals.matches == 3);
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(0));

    folder.write("app.log", LINE.repeat(5));
    let (tail, address) = listening(&folder, &args);
    assert!(
        result(address).totals.matches >= 3,
        "what was counted is there at once"
    );
    wait_until(|| result(address).totals.matches == 5);
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(0));
}

#[test]
fn an_input_that_cannot_be_read_is_shown_while_the_tail_goes_on() {
    let folder = Folder::new();
    folder.write("app.log", LINE);
    std::fs::create_dir(folder.file("x")).unwrap();
    std::os::unix::fs::symlink("loop", folder.file("loop")).unwrap();
    let (mut tail, address) = listening(&folder, &["--from", "start", "-q", "app.log", "loop"]);
    let complaint = tail.err_line();
    assert!(complaint.starts_with("errsift: loop: "), "{complaint}");

    wait_until(|| result(address).totals.matches == 1);
    let inputs = result(address).inputs;
    let states: Vec<_> = inputs
        .iter()
        .map(|input| (input.path.as_str(), input.error.is_some()))
        .collect();
    assert_eq!(states, [("app.log", false), ("loop", true)]);
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(2));
}
