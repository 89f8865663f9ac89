//! `errsift report`.

use crate::support::{Folder, LINE};

const LATER: &str =
    "2026-11-22T11:30:00Z ERROR {\"error_code\":\"APIG.1005\",\"error_msg\":\"x\"}\n";

/// A folder with `one.json` and `two.json`, the results of different files.
fn with_results() -> Folder {
    let folder = Folder::with_log();
    folder.write("later.log", format!("{LINE}{LATER}"));
    for (log, result) in [("app.log", "one.json"), ("later.log", "two.json")] {
        let ended = folder.run(&[
            "scan",
            log,
            "--bucket",
            "1m",
            "--samples",
            "3",
            "-o",
            result,
        ]);
        assert_eq!((ended.status, ended.out.as_str()), (Some(0), ""));
    }
    folder
}

#[test]
fn results_are_merged_as_if_scanned_at_once() {
    let folder = with_results();

    let merged = folder.run(&["report", "-f", "json", "two.json", "one.json"]);
    let scanned = folder.run(&[
        "scan",
        "-f",
        "json",
        "--bucket",
        "1m",
        "--samples",
        "3",
        "app.log",
        "later.log",
    ]);

    assert_eq!(merged.status, Some(0));
    assert_eq!(merged.result(), scanned.result());
}

#[test]
fn every_format_is_rendered() {
    let folder = with_results();
    let begins = |args: &[&str], beginning: &str| {
        let ended = folder.run(&[&["report", "two.json"], args].concat());
        assert!(ended.out.starts_with(beginning), "{ended:?}");
    };

    begins(&[], "2 matches of 2 distinct codes");
    begins(
        &["-f", "markdown", "--by", "category"],
        "2 matches of 2 distinct codes",
    );
    begins(&["-f", "csv"], "code,provider,");
    begins(&["-f", "json"], "{\"schema\":\"errsift.result/1\"");
    begins(&["-f", "csv", "--by", "category"], "category,");
    begins(&["--lang", "zh"], "2 次匹配");
}

#[test]
fn a_result_is_read_from_standard_input() {
    let folder = with_results();
    let both = folder.read("one.json") + &folder.read("two.json");

    for args in [
        &["report", "-f", "json"][..],
        &["report", "-f", "json", "-"],
    ] {
        let ended = folder.pipe(args, &both);
        assert_eq!(ended.result().totals.matches, 3, "{ended:?}");
    }
}

#[test]
fn the_same_input_twice_is_refused_or_skipped() {
    let folder = with_results();

    let refused = folder.run(&["report", "one.json", "one.json"]);
    let skipped = folder.run(&[
        "report",
        "-f",
        "json",
        "--overlap",
        "skip",
        "one.json",
        "one.json",
    ]);

    assert_eq!(
        refused.complaint(),
        (
            Some(2),
            "errsift: one.json: shares the input 'app.log' with one.json, so it would be counted twice; \
             use --overlap skip to leave the later result out"
        )
    );
    assert_eq!(skipped.result().totals.matches, 1);
}

#[test]
fn parts_of_a_log_that_grew_are_different_inputs() {
    let folder = Folder::new();
    for (number, result) in ["first.json", "second.json", "third.json"]
        .iter()
        .enumerate()
    {
        folder.write("app.log", LINE.repeat(number + 1));
        folder.run(&["scan", "--state", "app.state", "-o", result, "app.log"]);
    }

    let merged = folder.run(&[
        "report",
        "-f",
        "json",
        "first.json",
        "second.json",
        "third.json",
    ]);
    let twice = folder.run(&["report", "second.json", "second.json"]);

    let result = merged.result();
    assert_eq!(result.totals.matches, 3, "{merged:?}");
    let length = Some(LINE.len() as u64);
    assert_eq!(result.inputs[0].offset, None);
    assert_eq!(result.inputs[1].offset, length);
    assert_eq!(twice.status, Some(2));
}

#[test]
fn what_may_be_counted_twice_is_noted() {
    let folder = Folder::with_log();
    folder.write("copy.log", folder.read("app.log"));
    folder.run(&["scan", "-o", "app.json", "app.log"]);
    folder.run(&["scan", "-o", "copy.json", "copy.log"]);
    folder.run(&["scan", "-o", "same.json", "./app.log"]);
    folder.write("app.log", LINE.repeat(2));
    folder.run(&["scan", "-o", "grown.json", "app.log"]);
    let noted = |other: &str| {
        let merged = folder.run(&["report", "-f", "json", "app.json", other]);
        merged.result().notes
    };

    assert_eq!(
        noted("copy.json"),
        ["equal content, each counted: app.log, copy.log"]
    );
    let grown = noted("grown.json");
    let [note] = &grown[..] else {
        panic!("{:?}", noted("grown.json"));
    };
    assert!(
        note.starts_with("the input 'app.log' is in several results, each with other content"),
        "{note}"
    );
    assert_eq!(
        folder.run(&["report", "app.json", "same.json"]).status,
        Some(2)
    );
    for (lines, result) in [(1, "app.json"), (2, "grown.json")] {
        folder.write("app.log", "APIG.1002 without a time\n".repeat(lines));
        folder.run(&["scan", "-o", result, "app.log"]);
    }
    assert_eq!(noted("grown.json"), std::slice::from_ref(note));
}

#[test]
fn rows_are_filtered() {
    let folder = with_results();
    let codes = |options: &[&str]| {
        let args = [&["report", "-f", "json", "two.json", "one.json"], options].concat();
        let rows = folder.run(&args).result().codes.into_iter();
        rows.map(|row| row.code).collect::<Vec<_>>()
    };

    assert_eq!(codes(&[]), ["APIG.1002", "APIG.1005"]);
    assert_eq!(codes(&["--code", "*.1005"]), ["APIG.1005"]);
    assert_eq!(codes(&["--min-count", "2"]), ["APIG.1002"]);
    assert_eq!(codes(&["--since", "2026-11-22T11:00:00Z"]), ["APIG.1005"]);
    assert_eq!(codes(&["--provider", "tencentcloud"]), [""; 0]);
}

#[test]
fn buckets_are_widened_and_samples_cut() {
    let folder = with_results();

    let ended = folder.run(&[
        "report",
        "-f",
        "json",
        "two.json",
        "--bucket",
        "1d",
        "--samples",
        "0",
    ]);
    let finer = folder.run(&["report", "two.json", "--bucket", "90s"]);

    let row = &ended.result().codes[0];
    assert_eq!(row.buckets, [(String::from("2026-11-22T00:00:00Z"), 1)]);
    assert_eq!(row.samples, []);
    assert_eq!(
        finer.complaint(),
        (
            Some(2),
            "errsift: --bucket: the results hold buckets of 60 s, expected a multiple of that"
        )
    );
}

#[test]
fn a_condition_decides_the_status() {
    let folder = with_results();
    let status = |condition| {
        folder
            .run(&["report", "one.json", "--fail-on", condition])
            .status
    };

    assert_eq!(status("status=4xx"), Some(3));
    assert_eq!(status("status=5xx"), Some(0));
}

#[test]
fn a_condition_is_refused_that_codes_which_are_not_listed_may_decide() {
    let folder = Folder::new();
    folder.write(
        "app.log",
        ["APIG.1001\nAPIG.1001\n", "APIG.1002\n"].concat(),
    );
    folder.run(&["scan", "--top", "1", "-o", "top.json", "app.log"]);
    let gate = |condition| folder.run(&["report", "top.json", "--fail-on", condition]);

    assert_eq!(gate("code=APIG.*>1").status, Some(3));
    assert_eq!(gate("unknown").status, Some(0));
    let expected = "errsift: --fail-on code=APIG.*>2: the result lists only some of its codes, so whether that \
                    holds is not known, expected one that was saved without --top and --min-count";
    assert_eq!(gate("code=APIG.*>2").complaint(), (Some(2), expected));
    folder.run(&["scan", "--min-count", "2", "-o", "top.json", "app.log"]);
    assert_eq!(gate("code=APIG.*>2").complaint(), (Some(2), expected));
}

#[test]
fn a_report_without_codes_ends_with_0() {
    let folder = with_results();

    assert_eq!(
        folder.run(&["report", "one.json", "--code", "X*"]).status,
        Some(0)
    );
}

#[test]
fn what_is_no_result_is_told_in_a_sentence() {
    let folder = with_results();
    let whole = folder.read("one.json");
    folder.write("cut.json", &whole.as_bytes()[..whole.len() / 2]);
    folder.write("log.json", LINE);
    folder.write(
        "future.json",
        whole.replace("errsift.result/1", "errsift.result/2"),
    );
    folder.write("empty.json", "");
    let told = |name: &str| {
        let ended = folder.run(&["report", name]);
        let (status, message) = ended.complaint();
        assert_eq!(status, Some(2));
        message.to_owned()
    };

    assert!(told("cut.json").starts_with("errsift: cut.json: ends in the middle of a result (EOF"));
    assert!(told("log.json").starts_with("errsift: log.json: not "));
    assert_eq!(
        told("future.json"),
        "errsift: future.json: schema 'errsift.result/2' is of another version of errsift, \
         expected 'errsift.result/1'; read it with that version"
    );
    assert_eq!(
        told("empty.json"),
        "errsift: empty.json: empty, expected a result as 'errsift scan -f json' writes it"
    );
}

#[test]
fn a_user_s_provider_in_a_result_may_be_asked_for() {
    let folder = with_results();
    folder.write(
        "mine.json",
        folder
            .read("one.json")
            .replace("\"huaweicloud\"", "\"acme\""),
    );

    let ended = folder.run(&["report", "-f", "json", "mine.json", "--provider", "acme"]);

    assert_eq!(ended.result().codes.len(), 1);
}

#[test]
fn a_condition_may_name_a_provider_that_only_the_result_knows() {
    let folder = Folder::with_log();
    folder.run(&["scan", "app.log", "-o", "r.json"]);
    let saved = folder.read("r.json").replace("\"huaweicloud\"", "\"acme\"");
    folder.write("r.json", saved);

    let known = folder.run(&["report", "r.json", "--fail-on", "provider=acme"]);
    let typo = folder.run(&["report", "r.json", "--fail-on", "provider=acne"]);

    assert_eq!(known.status, Some(3), "{known:?}");
    let expected = "errsift: --fail-on: unknown provider 'acne', expected one of acme, alibabacloud, huaweicloud, tencentcloud, or --catalog FILE with its codes";
    assert_eq!(typo.complaint(), (Some(2), expected));
}

#[test]
fn one_failed_result_makes_the_status_2_and_the_others_are_reported() {
    let folder = with_results();
    folder.write("bad.json", "{");
    let complaints = [
        "errsift: missing.json: cannot be opened: No such file or directory (os error 2)",
        "errsift: bad.json: ends in the middle of a result (EOF while parsing an object at line 1 column 1), \
         expected a whole file",
    ];
    let failing = ["report", "-f", "json", "missing.json", "bad.json"];

    let gate = ["one.json", "--fail-on", "status=4xx>1"];
    let ended = folder.run(&[&failing[..], &gate].concat());
    let none = folder.run(&failing);

    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.err.lines().collect::<Vec<_>>(), complaints);
    let result = ended.result();
    assert_eq!(result.totals.matches, 1);
    let left_out = complaints.map(|it| it.replace("errsift: ", "left out: "));
    for problem in &left_out {
        assert!(
            result.notes.iter().any(|note| note == problem),
            "{:?}",
            result.notes
        );
    }
    assert_eq!(none.complaint(), (Some(2), complaints.join("\n").as_str()));
    let baseline = folder.run(&["report", "one.json", "--baseline", "missing.json"]);
    assert_eq!(baseline.complaint(), (Some(2), complaints[0]));
}
