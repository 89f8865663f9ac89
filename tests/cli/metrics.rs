//! `-f prometheus`, `-o FILE.prom` and `--textfile`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Folder, LINE, pipe};

const MATCHES: &str = "errsift_matches_total{provider=\"huaweicloud\",product=\"roma-connect\",code=\"APIG.1002\"} 1\n";

#[test]
fn the_counts_are_printed_for_prometheus_by_scan_and_report_alike() {
    let folder = Folder::with_log();
    folder.run(&["scan", "-o", "r.json", "app.log"]);

    let scanned = folder.run(&["scan", "-f", "prometheus", "app.log"]);
    let reported = folder.run(&["report", "-f", "prometheus", "r.json"]);

    assert_eq!((scanned.status, reported.status), (Some(0), Some(0)));
    assert!(scanned.out.contains(MATCHES), "{scanned:?}");
    assert_eq!(scanned.out, reported.out);
}

#[test]
fn a_match_without_a_time_was_seen_when_it_was_read_and_a_saved_result_does_not_know_when() {
    let folder = Folder::new();
    folder.write("app.log", "{\"error_code\":\"APIG.1002\"}\n");
    folder.run(&["scan", "-o", "r.json", "app.log"]);
    let metric = "errsift_last_match_timestamp_seconds";

    let scanned = folder.run(&["scan", "-f", "prometheus", "app.log"]).out;
    let reported = folder.run(&["report", "-f", "prometheus", "r.json"]).out;

    assert!(scanned.contains(metric), "{scanned}");
    assert!(!reported.contains(metric), "{reported}");
}

#[test]
fn a_file_that_ends_in_prom_is_written_for_prometheus() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "-o", "r.prom", "app.log"]);

    assert_eq!((ended.status, ended.out.as_str()), (Some(0), ""));
    assert!(folder.read("r.prom").contains(MATCHES));
}

#[test]
fn a_textfile_is_replaced_whole_and_can_be_read_by_others() {
    let folder = Folder::with_log();
    folder.write("node/errsift.prom", "old\n");
    fs::set_permissions(
        folder.file("node/errsift.prom"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();

    let ended = folder.run(&["scan", "--textfile", "node/errsift.prom", "app.log"]);

    assert_eq!(ended.status, Some(0));
    assert!(
        ended.out.starts_with("1 match of 1 distinct code"),
        "{ended:?}"
    );
    let text = folder.read("node/errsift.prom");
    assert!(text.contains(MATCHES) && !text.contains("old"), "{text}");
    let names: Vec<_> = fs::read_dir(folder.file("node")).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let mode = fs::metadata(folder.file("node/errsift.prom")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o644);
}

#[test]
fn with_a_state_a_textfile_holds_what_all_scans_have_counted() {
    let folder = Folder::new();
    let args = ["scan", "--state", "s", "--textfile", "errsift.prom"];
    let counted = |name: &str| -> Vec<u64> {
        let text = folder.read("errsift.prom");
        let lines = text.lines().filter(|line| line.starts_with(name));
        lines
            .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap())
            .collect()
    };
    for (count, files, status, errors) in [
        (1, &["app.log"][..], 0, 0),
        (1, &["app.log"], 1, 0),
        (3, &["app.log", "none.log"], 2, 1),
        (4, &["app.log"], 0, 0),
    ] {
        folder.write("app.log", LINE.repeat(count));

        let ended = folder.run(&[&args, files].concat());

        assert_eq!(ended.status, Some(status), "{ended:?}");
        let count = count as u64;
        assert_eq!(counted("errsift_matches_total"), [count]);
        assert_eq!(counted("errsift_lines_total"), [count]);
        assert_eq!(counted("errsift_input_errors_total"), [errors]);
    }
}

#[test]
fn a_textfile_that_cannot_be_written_is_an_error_and_the_report_is_still_printed() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "--textfile", "nowhere/errsift.prom", "app.log"]);

    assert_eq!(ended.status, Some(2));
    assert!(ended.out.starts_with("1 match"), "{ended:?}");
    assert!(
        ended
            .err
            .starts_with("errsift: nowhere/errsift.prom: cannot be written"),
        "{ended:?}"
    );
}

#[test]
fn events_and_a_textfile_come_of_one_scan() {
    let folder = Folder::with_log();

    let ended = folder.run(&[
        "scan",
        "-f",
        "text",
        "--textfile",
        "errsift.prom",
        "app.log",
    ]);

    assert_eq!(ended.status, Some(0));
    assert!(folder.read("errsift.prom").contains(MATCHES));
}

#[test]
fn codes_to_watch_are_zero_and_the_rest_is_folded() {
    let text = format!("{LINE}{LINE}{{\"error_code\":\"APIG.1005\"}}\n");
    let args = [
        "scan",
        "-f",
        "prometheus",
        "--zero-for",
        "code=APIG.9008",
        "--max-series",
        "2",
    ];

    let ended = pipe(&args, text);

    let matches = ended.out.lines();
    let matches: Vec<&str> = matches
        .filter_map(|line| {
            line.strip_prefix("errsift_matches_total{provider=\"huaweicloud\",product=\"")
        })
        .collect();
    assert_eq!(
        matches,
        [
            "roma-connect\",code=\"APIG.1002\"} 2",
            "roma-connect\",code=\"APIG.9008\"} 0",
            "\",code=\"__other__\"} 1",
        ]
    );
}
