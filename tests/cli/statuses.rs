//! `--http`: which statuses count.

use crate::support::Folder;

const LOG: &str = "2020-01-01T00:00:00Z \"GET / HTTP/1.1\" 500 1
2026-11-22T10:00:00Z \"GET / HTTP/1.1\" 404 1, after \"HTTP/1.1 429\"
{\"log\":\"GET / HTTP/1.1 503\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T10:00:01Z\"}
\"GET / HTTP/1.1\" 400 1, at no time
";

/// The statuses that a scan with `options` counts, and how many it leaves out for want of a time.
fn counted(options: &[&str]) -> (Vec<(u16, u64)>, u64) {
    let args = [&["scan", "--http", "-f", "json"], options].concat();
    let result = Folder::new().pipe(&args, LOG).result();
    let rows = result.http.iter().map(|row| (row.status, row.count));
    (rows.collect(), result.totals.without_time)
}

#[test]
fn within_a_span_only_the_statuses_of_its_lines_count() {
    let all = [400, 404, 429, 500, 503].map(|status| (status, 1));
    assert_eq!(counted(&[]), (all.to_vec(), 0));

    let since = counted(&["--since", "2026-01-01T00:00:00Z"]);
    assert_eq!(since, (vec![(404, 1), (429, 1), (503, 1)], 1));

    let until = counted(&["--until", "2026-11-22T10:00:01Z"]);
    assert_eq!(until, (vec![(404, 1), (429, 1), (500, 1)], 1));
}

#[test]
fn what_is_left_out_for_want_of_a_time_is_said() {
    let args = ["scan", "--http", "--since", "2026-01-01T00:00:00Z"];
    let out = Folder::new().pipe(&args, LOG).out;

    let note = "Left out for want of a time (--since, --until): 1 occurrence.";
    assert!(out.contains(note), "{out}");
}

#[test]
fn a_report_says_that_saved_statuses_have_no_times() {
    let folder = Folder::new();
    folder.pipe(&["scan", "--http", "-o", "r.json"], LOG);
    let note =
        "saved results do not tell when an HTTP status was stated: those of all times are shown";
    let has_note = |options: &[&str]| {
        let args = [&["report", "-f", "json", "r.json"], options].concat();
        let result = folder.run(&args).result();
        assert_eq!(result.http.len(), 5);
        result.notes.iter().any(|it| it == note)
    };

    assert!(!has_note(&[]));
    assert!(has_note(&["--since", "2026-01-01T00:00:00Z"]));
}
