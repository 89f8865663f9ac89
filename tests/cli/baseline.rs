//! `errsift report --baseline`: what has changed since an earlier result.

use errsift::tally::result::{Change, RateUnit};

use crate::support::{Ended, Folder};

/// `count` lines with `code`, spread over an hour from `hour` on.
fn lines(code: &str, count: u64, hour: u64) -> String {
    let line = |n: u64| {
        let second = if count > 1 { n * 3600 / (count - 1) } else { 0 };
        let (hour, minute, second) = (hour + second / 3600, second / 60 % 60, second % 60);
        format!("2026-11-22T{hour:02}:{minute:02}:{second:02}Z {{\"error_code\":\"{code}\"}}\n")
    };
    (0..count).map(line).collect()
}

/// A folder with `old.json` and `new.json`.
fn with_results() -> Folder {
    let folder = Folder::new();
    let old = [
        ("APIG.1002", 20),
        ("APIG.1005", 40),
        ("APIG.9008", 3),
        ("APIG.1000", 5),
    ];
    let new = [
        ("APIG.1002", 60),
        ("APIG.1005", 12),
        ("APIG.3999", 2),
        ("APIG.1000", 9),
    ];
    for (name, codes) in [("old", old), ("new", new)] {
        let text: String = codes.iter().map(|&(code, n)| lines(code, n, 10)).collect();
        folder.write(&format!("{name}.log"), text);
        let (log, result) = (format!("{name}.log"), format!("{name}.json"));
        assert_eq!(folder.run(&["scan", &log, "-o", &result]).status, Some(0));
    }
    folder
}

fn report(folder: &Folder, args: &[&str]) -> Ended {
    folder.run(&[&["report", "new.json", "--baseline", "old.json"], args].concat())
}

fn changes(ended: &Ended) -> Vec<(Change, String, u64, u64)> {
    let baseline = ended.result().baseline.expect("it was asked for");
    let rows = baseline.changes.into_iter();
    rows.map(|row| (row.change, row.code, row.count, row.baseline_count))
        .collect()
}

#[test]
fn codes_that_are_new_gone_grown_and_shrunk_are_told() {
    let ended = report(&with_results(), &["-f", "json"]);

    let row = |change, code: &str, count, before| (change, code.to_owned(), count, before);
    assert_eq!(
        changes(&ended),
        [
            row(Change::New, "APIG.3999", 2, 0),
            row(Change::Grown, "APIG.1002", 60, 20),
            row(Change::Shrunk, "APIG.1005", 12, 40),
            row(Change::Gone, "APIG.9008", 0, 3),
        ]
    );
    let baseline = ended.result().baseline.expect("it was asked for");
    assert_eq!(baseline.rate_per, Some(RateUnit::Hour));
    assert_eq!(baseline.changes[1].rate, Some(60.0));
    assert_eq!(baseline.changes[1].factor, Some(3.0));
    assert_eq!(baseline.totals.lines, 68);
}

#[test]
fn every_format_tells_the_changes() {
    let folder = with_results();

    let table = report(&folder, &[]).out;
    assert!(
        table.contains("Since the baseline: 1 new, 1 grown, 1 shrunk, 1 gone."),
        "{table}"
    );
    assert!(table.contains("\nChanges since the baseline\n"), "{table}");
    let markdown = report(&folder, &["-f", "markdown", "--by", "category"]).out;
    assert!(
        markdown.contains(
            "| grown | APIG.1002 | huaweicloud | authentication | 60 | 20 | 60.0 | 20.0 | x3.00 |"
        ),
        "{markdown}"
    );
    let csv = report(&folder, &["-f", "csv"]).out;
    assert!(csv.contains(",grown,20,60,20,3,hour\n"), "{csv}");
    assert!(csv.contains("\nAPIG.9008,huaweicloud,"), "{csv}");
    let page = report(&folder, &["-f", "html"]).out;
    assert!(
        page.contains("\"change\":\"grown\""),
        "the page has no changes"
    );
    let metrics = report(&folder, &["-f", "prometheus"]).out;
    assert!(
        metrics.contains("errsift_changed_codes{change=\"grown\"} 1\n"),
        "{metrics}"
    );
    assert!(
        metrics.contains(
            "errsift_baseline_matches{provider=\"huaweicloud\",code=\"APIG.9008\",change=\"gone\"} 3\n"
        ),
        "{metrics}"
    );
}

#[test]
fn a_new_code_fails_a_gate_and_no_new_code_passes_it() {
    let folder = with_results();
    let gate = |args: &[&str]| report(&folder, args).status;

    assert_eq!(gate(&["--fail-on", "new"]), Some(3));
    assert_eq!(gate(&["--fail-on", "new>1"]), Some(3));
    assert_eq!(gate(&["--fail-on", "new>2"]), Some(0));
    assert_eq!(gate(&["--code", "APIG.1*", "--fail-on", "new"]), Some(0));
    let same = folder.run(&[
        "report",
        "old.json",
        "--baseline",
        "old.json",
        "--fail-on",
        "new",
    ]);
    assert_eq!(same.status, Some(0));
}

#[test]
fn a_gate_names_what_closed_it_and_is_not_shown() {
    let folder = with_results();
    let told = |options: &[&str]| {
        let ended = report(&folder, &[options, &["--fail-on", "new"]].concat());
        assert_eq!(ended.status, Some(3));
        ended.err
    };

    assert_eq!(told(&[]), "errsift: --fail-on new holds\n");
    let because = "by what --min-count leaves out: APIG.3999";
    assert_eq!(
        told(&["--min-count", "10"]),
        format!("errsift: --fail-on new holds, {because}\n")
    );
    let chinese = told(&["--min-count", "10", "--lang", "zh"]);
    assert!(
        chinese.contains("因 --min-count 未列出：APIG.3999"),
        "{chinese}"
    );
}

#[test]
fn a_filter_is_of_both_and_rare_codes_are_not_gone() {
    let folder = with_results();

    let filtered = report(&folder, &["-f", "json", "--code", "APIG.9*"]);
    let frequent = report(&folder, &["-f", "json", "--min-count", "10"]);

    let codes = |ended: &Ended| -> Vec<String> {
        let changes = changes(ended).into_iter();
        changes.map(|(_, code, _, _)| code).collect()
    };
    assert_eq!(codes(&filtered), ["APIG.9008"]);
    assert_eq!(codes(&frequent), ["APIG.1002", "APIG.1005"]);
}

#[test]
fn a_baseline_without_its_rare_codes_is_noted() {
    let folder = with_results();
    folder.run(&[
        "report",
        "old.json",
        "--min-count",
        "10",
        "-o",
        "frequent.json",
    ]);

    let ended = folder.run(&[
        "report",
        "old.json",
        "--baseline",
        "frequent.json",
        "-f",
        "json",
    ]);

    let expected = "codes with few matches were left out of the baseline (--min-count), so a code that looks new may not be";
    assert_eq!(ended.result().baseline.unwrap().notes, [expected]);
}

#[test]
fn a_saved_comparison_is_kept_but_not_added_up_or_filtered() {
    let folder = with_results();
    report(&folder, &["-o", "compared.json"]);

    let again = folder.run(&["report", "-f", "json", "compared.json"]);
    let filtered = folder.run(&["report", "-f", "json", "--strict", "compared.json"]);
    let merged = folder.run(&["report", "-f", "json", "old.json", "compared.json"]);

    assert_eq!(changes(&again).len(), 4);
    for ended in [filtered, merged] {
        let result = ended.result();
        assert_eq!(result.baseline, None);
        assert!(
            result.notes.iter().any(|note| note.contains("left out")),
            "{:?}",
            result.notes
        );
    }
}

#[test]
fn untimed_results_are_compared_by_a_million_lines() {
    let folder = Folder::new();
    let line = "{\"error_code\":\"APIG.1002\"}\n";
    folder.write("old.log", line.repeat(10) + &"nothing\n".repeat(90));
    folder.write("new.log", line.repeat(10));
    for name in ["old", "new"] {
        folder.run(&[
            "scan",
            &format!("{name}.log"),
            "-o",
            &format!("{name}.json"),
        ]);
    }

    let ended = report(&folder, &["-f", "json"]);

    let baseline = ended.result().baseline.expect("it was asked for");
    assert_eq!(baseline.rate_per, Some(RateUnit::MillionLines));
    assert_eq!(baseline.changes[0].change, Change::Grown);
    assert_eq!(baseline.changes[0].rate, Some(1_000_000.0));
    assert_eq!(baseline.changes[0].baseline_rate, Some(100_000.0));
}

#[test]
fn top_limits_the_codes_of_a_csv_and_not_its_changes() {
    let folder = with_results();

    let ended = report(&folder, &["-f", "csv", "--top", "1"]);

    let codes: Vec<&str> = ended
        .out
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    assert_eq!(codes, ["APIG.1002", "APIG.3999", "APIG.1005", "APIG.9008"]);
    assert!(
        ended.out.contains(",shrunk,40,12,40,0.3,hour\n"),
        "{ended:?}"
    );
    assert_eq!(
        ended.err,
        "errsift: note: Left out by --top 1: 1 row with 9 matches.\n"
    );
}

#[test]
fn a_burst_in_a_long_log_is_not_taken_for_the_length_of_the_log() {
    let folder = Folder::new();
    let burst = "2026-11-22T10:00:00Z {\"error_code\":\"APIG.1002\"}\n".repeat(9)
        + "2026-11-22T10:00:27Z {\"error_code\":\"APIG.1002\"}\n";
    folder.write("new.log", burst + &"nothing\n".repeat(90));
    let spread: String = (0..24).map(|hour| lines("APIG.1002", 4, hour)).collect();
    folder.write("old.log", spread + "nothing\n");
    for name in ["old", "new"] {
        let (log, result) = (format!("{name}.log"), format!("{name}.json"));
        assert_eq!(folder.run(&["scan", &log, "-o", &result]).status, Some(0));
    }

    let baseline = report(&folder, &["-f", "json"]).result().baseline;

    let baseline = baseline.expect("it was asked for");
    assert_eq!(baseline.rate_per, Some(RateUnit::MillionLines));
    assert_eq!(baseline.changes[0].change, Change::Shrunk);
    assert!(
        baseline.notes[0]
            .starts_with("the first and last match are 27s apart, and 23h 40m in the baseline"),
        "{:?}",
        baseline.notes
    );
}

#[test]
fn a_change_stands_once_in_a_csv_however_many_rows_its_code_has() {
    let folder = Folder::new();
    let both = "code=InternalError\nAn error occurred (InternalError) when calling botocore\n";
    folder.write("new.log", both.repeat(7));
    folder.write("old.log", both.to_owned() + &"x\n".repeat(98));
    for name in ["new", "old"] {
        let (log, json) = (format!("{name}.log"), format!("{name}.json"));
        folder.run(&["scan", &log, "-o", &json]);
    }

    let args = ["report", "new.json", "--baseline", "old.json", "-f", "csv"];
    let ended = folder.run(&args);

    let rows: Vec<&str> = ended.out.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{ended:?}");
    let changed = rows.iter().filter(|row| row.contains(",grown,2,"));
    assert_eq!(changed.count(), 1, "{ended:?}");
    assert!(rows[1].ends_with(",known,,,,,,"), "{ended:?}");
}
