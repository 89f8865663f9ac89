//! What `errsift report` can tell about a part of a row, and what it cannot.

use errsift::tally::result::ScanResult;

use crate::support::Folder;

/// Unconfirmed, without a status and with two of them, on two days.
const LOG: &str = "2026-11-20T10:00:00Z saw InternalError in passing
2026-11-20T10:00:01Z saw InternalError in passing
2026-11-20T10:00:02Z \"code\":\"InternalError\" status=401
2026-11-21T10:00:02Z \"code\":\"InternalError\" status=500
2026-11-21T10:00:02Z \"code\":\"InternalError\" status=500
";

fn saved(log: &str) -> Folder {
    let folder = Folder::new();
    folder.write("u.log", log);
    folder.run(&["scan", "u.log", "--bucket", "1h", "-o", "u.json"]);
    folder
}

/// What a scan and a report tell with the same filter.
fn both(folder: &Folder, filter: &[&str]) -> (ScanResult, ScanResult) {
    let scan = &["scan", "u.log", "--bucket", "1h", "-f", "json"];
    let report = &["report", "u.json", "-f", "json"];
    let scanned = folder.run(&[scan, filter].concat());
    let reported = folder.run(&[report, filter].concat());
    (scanned.result(), reported.result())
}

fn has_note(result: &ScanResult, beginning: &str) -> bool {
    let notes = &result.notes;
    notes.iter().any(|note| note.starts_with(beginning))
}

#[test]
fn unconfirmed_matches_are_left_out_of_a_span_too() {
    let folder = saved(LOG);
    for since in ["2026-11-20T00:00:00Z", "2026-11-20T10:00:00Z"] {
        let (scanned, reported) = both(&folder, &["--strict", "--since", since]);
        assert_eq!(reported.totals, scanned.totals);
        assert_eq!(reported.totals.matches, 3);
    }

    // Both matches of that day may be the unconfirmed ones.
    let since = ["--since", "2026-11-21T00:00:00Z"];
    let (scanned, counted) = both(&folder, &since);
    let (_, strict) = both(&folder, &[&since[..], &["--strict"]].concat());

    assert_eq!((scanned.totals.matches, scanned.totals.unconfirmed), (2, 0));
    assert_eq!((counted.totals.matches, counted.totals.unconfirmed), (2, 2));
    assert_eq!((strict.totals.matches, strict.totals.unconfirmed), (0, 2));
    for result in [counted, strict] {
        let note = "saved results do not tell which matches are unconfirmed: 2 that";
        assert!(has_note(&result, note), "{:?}", result.notes);
    }
}

#[test]
fn matches_of_each_observed_status_are_told_apart() {
    let folder = saved(LOG);
    for (status, count) in [("401", 1), ("500", 2), ("4xx", 1), ("404", 0)] {
        let (scanned, reported) = both(&folder, &["--status", status]);
        assert_eq!(scanned.totals.matches, count, "{status}");
        assert_eq!(reported.totals.matches, count, "{status}");
        let statuses = |result: &ScanResult| {
            let rows = result.codes.iter().map(|row| row.observed_status.clone());
            rows.collect::<Vec<_>>()
        };
        assert_eq!(statuses(&reported), statuses(&scanned), "{status}");
        let note = "saved results count matches and do not list them: of 1 row a part";
        assert_eq!(has_note(&reported, note), count > 0, "{status}");
    }
}

#[test]
fn a_status_and_a_time_that_may_not_meet_are_noted() {
    let folder = saved(LOG);
    let filter = ["--status", "500", "--until", "2026-11-21T00:00:00Z"];
    let (scanned, reported) = both(&folder, &filter);

    assert_eq!(scanned.totals.matches, 0);
    assert_eq!(reported.totals.matches, 2);
    let note = "saved results do not tell which status was seen when: 2 of the matches";
    assert!(has_note(&reported, note), "{:?}", reported.notes);
}

#[test]
fn all_totals_but_of_what_was_read_are_filtered() {
    let other = "2026-11-22T10:00:00Z {\"error_code\":\"APIG.1002\",\"error_msg\":\"x\"}\n";
    let folder = saved(&format!("{LOG}{other}"));
    for provider in ["huaweicloud", "tencentcloud", "alibabacloud"] {
        let (scanned, reported) = both(&folder, &["--provider", provider]);
        assert_eq!(reported.totals, scanned.totals, "{provider}");
        assert_eq!(reported.time, scanned.time, "{provider}");
        assert_eq!(reported.notes, scanned.notes, "{provider}");
    }
    let gate = ["--provider", "huaweicloud", "--fail-on", "unconfirmed"];
    let ended = folder.run(&[&["report", "u.json"], &gate[..]].concat());
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(!ended.out.contains("left out"), "{ended:?}");
}

#[test]
fn lines_that_codes_may_share_are_told_as_a_range() {
    let both_codes = "\"code\":\"InternalError\" \"error_code\":\"APIG.1002\"\n";
    let alone = "\"error_code\":\"APIG.1005\" \"error_code\":\"APIG.1002\"\n";
    let folder = saved(&format!("{both_codes}{alone}"));
    let (scanned, reported) = both(&folder, &["--code", "APIG.100*"]);

    assert_eq!(scanned.totals.matched_lines, 2);
    assert_eq!(reported.totals.matched_lines, 2);

    let folder = saved(&format!("{both_codes}{alone}{alone}"));
    let (scanned, reported) = both(&folder, &["--code", "[!A]*", "--code", "*5"]);
    assert_eq!(scanned.totals.matched_lines, 3);
    assert_eq!(reported.totals.matched_lines, 3);
    let note = "which matches share a line is not kept: the lines that hold one are at least 2 and at most 3";
    assert!(has_note(&reported, note), "{:?}", reported.notes);
}

#[test]
fn matches_that_no_bucket_holds_are_counted_as_without_a_time() {
    let folder = saved(&format!("{LOG}\"code\":\"InternalError\" without a time\n"));
    let (scanned, reported) = both(&folder, &["--since", "2026-11-20T00:00:00Z"]);

    assert_eq!(scanned.totals.without_time, 1);
    assert_eq!(reported.totals.without_time, 1);
    assert_eq!(reported.totals.matches, 5);
    let note =
        "matches that lie in no bucket, for want of a time or because a merged result had none: 1,";
    assert!(has_note(&reported, note), "{:?}", reported.notes);

    // A result without buckets, merged with one that has some.
    folder.write("v.log", LOG);
    folder.run(&["scan", "v.log", "-o", "v.json"]);
    let since = ["--since", "2026-11-21T00:00:00Z", "-f", "json"];
    let merged = folder.run(&[&["report", "u.json", "v.json"], &since[..]].concat());
    let merged = merged.result();
    assert_eq!(merged.totals.matches, 2);
    assert_eq!(merged.totals.without_time, 6);
}

#[test]
fn rows_without_buckets_that_reach_beyond_a_span_are_told() {
    let folder = Folder::new();
    folder.write(
        "a.log",
        "2026-11-22T10:00:00Z code=APIG.1001\n2026-11-22T12:00:00Z code=APIG.1001\n",
    );
    folder.run(&["scan", "a.log", "-o", "a.json"]);
    folder.run(&["scan", "a.log", "--bucket", "1h", "-o", "buckets.json"]);
    let reported = |result, since| {
        let args = ["report", result, "--since", since, "-f", "json"];
        folder.run(&args).result()
    };

    let beyond = reported("a.json", "2026-11-22T11:00:00Z");
    let within = reported("a.json", "2026-11-22T10:00:00Z");
    let cut = reported("buckets.json", "2026-11-22T11:00:00Z");

    let note = "1 row reaches beyond the span and is counted whole, by --fail-on too";
    let told = [&beyond, &within, &cut].map(|result| has_note(result, note));
    assert_eq!(told, [true, false, false]);
    let matches = [&beyond, &within, &cut].map(|result| result.totals.matches);
    assert_eq!(matches, [2, 2, 1]);
}

#[test]
fn how_many_lines_there_may_be_is_told_of_the_rows_that_are_left() {
    let folder = Folder::new();
    folder.write(
        "l.log",
        "code=APIG.1002 code=UC.00011039\ncode=APIG.1002\ncode=APIG.1003\ncode=APIG.1005\n",
    );
    folder.run(&["scan", "l.log", "-o", "l.json"]);

    let filter = ["--code", "APIG.*", "--min-count", "2"];
    let ended = folder.run(&[&["report", "l.json", "-f", "json"], &filter[..]].concat());

    let result = ended.result();
    assert_eq!((result.totals.matches, result.totals.matched_lines), (2, 2));
    assert!(
        !has_note(&result, "which matches share a line"),
        "{:?}",
        result.notes
    );
}
