//! What people type by habit of other programs, and what they are told.

use crate::support::{Folder, LINE, pipe, run};

fn told(args: &[&str]) -> String {
    let ended = run(args);
    let (status, message) = ended.complaint();
    assert_eq!(status, Some(2), "{ended:?}");
    message.to_owned()
}

#[test]
fn wrong_values_are_told_with_what_was_expected() {
    let cases = [
        (
            &["scan", "--threads", "0"][..],
            "errsift: invalid value '0' for --threads: expected a number from 1 to 256",
        ),
        (
            &["scan", "-j", "many"],
            "errsift: invalid value 'many' for --threads: expected a number from 1 to 256",
        ),
        (
            &["scan", "--top", "0"],
            "errsift: invalid value '0' for --top: expected a number from 1 to 4294967295",
        ),
        (
            &["scan", "--min-count", "x"],
            "errsift: invalid value 'x' for --min-count: expected a number from 1",
        ),
        (
            &["scan", "--samples", "1001"],
            "errsift: invalid value '1001' for --samples: expected a number from 0 to 1000",
        ),
        (
            &["scan", "--bucket", "5"],
            "errsift: invalid value '5' for --bucket: expected a number and a unit, such as 30s, 5m, 1h or 1d",
        ),
        (
            &["scan", "--bucket", "9999999999999d"],
            "errsift: invalid value '9999999999999d' for --bucket: expected at most 365d",
        ),
        (
            &["scan", "--tz", "Mars"],
            "errsift: invalid value 'Mars' for --tz: expected a zone such as Asia/Shanghai, +08:00, UTC or local",
        ),
        (
            &["scan", "--since", "soon"],
            "errsift: invalid value 'soon' for --since: expected a time such as 2026-11-22T10:00:00Z, '2026-11-22 10:00', 10:00, 90m (ago), now or @1763805600",
        ),
        (
            &["scan", "--status", "40"],
            "errsift: --status: invalid status '40', expected a number from 100 to 599 or a class such as 4xx",
        ),
        (
            &["scan", "--provider", "huawei"],
            "errsift: invalid value 'huawei' for --provider: expected one of alibabacloud, huaweicloud, tencentcloud, or --catalog FILE with its codes",
        ),
        (
            &["scan", "--code", "a[", "app.log"],
            "errsift: --code: invalid glob 'a[': unclosed character class; missing ']'",
        ),
        (
            &["scan", "--fail-on", "bad"],
            "errsift: --fail-on: invalid condition 'bad', expected status=5xx, category=throttling, code=APIG.*, provider=NAME, unknown, unconfirmed or new, each with an optional >N",
        ),
        (
            &["scan", "--fail-on", "provider=huawei>3"],
            "errsift: --fail-on: unknown provider 'huawei', expected one of alibabacloud, huaweicloud, tencentcloud, or --catalog FILE with its codes",
        ),
        (
            &["tail", "--fail-on", "provider=http"],
            "errsift: --fail-on: unknown provider 'http', expected one of alibabacloud, huaweicloud, tencentcloud, or --catalog FILE with its codes",
        ),
        (
            &["scan", "--fail-on", "code="],
            "errsift: --fail-on: invalid glob '': it means no code, expected one such as code=APIG.*",
        ),
        (
            &["scan", "--top", "-1"],
            "errsift: invalid value '-1' for --top: expected a number from 1 to 4294967295",
        ),
        (
            &["scan", "-j", "-2"],
            "errsift: invalid value '-2' for --threads: expected a number from 1 to 256",
        ),
        (
            &["scan", "--since", "-90m"],
            "errsift: invalid value '-90m' for --since: expected a time such as 2026-11-22T10:00:00Z, '2026-11-22 10:00', 10:00, 90m (ago), now or @1763805600",
        ),
        (
            &["tail", "--interval", "-1s"],
            "errsift: invalid value '-1s' for --interval: expected a number and a unit, such as 30s, 5m, 1h or 1d",
        ),
        (
            &["scan", "--max-memory", "-1G"],
            "errsift: invalid value '-1G' for --max-memory: expected a size of 16MiB or more, such as 512MiB or 2G",
        ),
        (
            &["scan", "--no-builtin"],
            "errsift: --no-builtin: leaves no codes to look for, expected --catalog FILE with your own",
        ),
        (
            &["scan", "--catalog", "none.json"],
            "errsift: none.json: cannot be opened: No such file or directory (os error 2)",
        ),
        (
            &["scan", "--files-from", "none"],
            "errsift: none: cannot be opened: No such file or directory (os error 2)",
        ),
        (
            &["scan", "--files-from", "-", "-"],
            "errsift: --files-from -: standard input is the list of paths, expected no PATH -",
        ),
        (
            &["scan", "--textfile", "errsift.txt"],
            "errsift: --textfile errsift.txt: the node_exporter reads no such file, expected a name that ends in .prom",
        ),
        (
            &["scan", "--zero-for", "category=throttling"],
            "errsift: --zero-for: nothing is exported, expected -f prometheus or -o FILE.prom, for a scan or a tail also --textfile FILE.prom, for a tail --listen ADDR",
        ),
        (
            &["scan", "-f", "prometheus", "--zero-for", "throttling"],
            "errsift: --zero-for: invalid pattern 'throttling', expected status=5xx, category=throttling, code=APIG.* or provider=NAME",
        ),
        (
            &["scan", "-f", "prometheus", "--zero-for", "code=Nothing.*"],
            "errsift: --zero-for 'code=Nothing.*': means no code of the catalogue, expected one that 'errsift codes list' shows",
        ),
        (
            &[
                "scan",
                "-f",
                "prometheus",
                "--zero-for",
                "code=APIG.1002,APIG.1005",
                "--max-series",
                "1",
            ],
            "errsift: --zero-for: means 2 series, expected at most 1; allow more with --max-series",
        ),
        (
            &["scan", "-f", "prometheus", "--max-series", "0"],
            "errsift: invalid value '0' for --max-series: expected a number from 1",
        ),
        (
            &["scan", "--fail-on", "new"],
            "errsift: --fail-on new: a scan has nothing to compare with, expected 'errsift report RESULT --baseline RESULT --fail-on new'",
        ),
        (
            &["report", "r.json", "--fail-on", "new"],
            "errsift: --fail-on new: new since when is not known, expected --baseline RESULT",
        ),
        (
            &["report", "r.json", "--baseline", "b.json", "--since", "90m"],
            "errsift: --baseline: compares whole results, expected no --since or --until; give them to the scans",
        ),
        (
            &[
                "report",
                "r.json",
                "--baseline",
                "b.json",
                "--by",
                "status",
                "-o",
                "r.csv",
            ],
            "errsift: --baseline: a CSV of groups has no place for codes, expected --by code",
        ),
        (
            &["report", "--baseline", "-"],
            "errsift: --baseline -: standard input is the result itself, expected a file",
        ),
        (
            &["report", "none.json"],
            "errsift: none.json: cannot be opened: No such file or directory (os error 2)",
        ),
    ];
    for (args, message) in cases {
        assert_eq!(told(args), message, "{args:?}");
    }
}

#[test]
fn the_f_of_tail_is_explained() {
    let message = told(&["scan", "-f", "app.log"]);

    assert!(
        message.starts_with(
            "errsift: invalid value 'app.log' for --format: -f is the format of the output, and a file is \
             given without an option"
        ),
        "{message}"
    );
}

#[test]
fn a_wrong_format_is_told_with_the_right_ones() {
    let message = told(&["scan", "-f", "jsn"]);

    assert!(
        message.starts_with("errsift: invalid value 'jsn' for '--format <FORMAT>'"),
        "{message}"
    );
    assert!(
        message.contains("table, json, csv, markdown, prometheus, html, text, ndjson"),
        "{message}"
    );
}

#[test]
fn a_file_in_the_verb_s_place_gets_the_verb() {
    let message = told(&["app.log"]);

    assert!(
        message.starts_with("errsift: 'app.log': not a verb, expected one of scan, "),
        "{message}"
    );
    assert!(
        message.ends_with("; use 'errsift scan app.log' to count the codes in it"),
        "{message}"
    );
}

#[test]
fn without_a_verb_the_help_is_shown_as_an_error() {
    let message = told(&[]);

    assert!(
        message.starts_with("errsift: expected a verb\n"),
        "{message}"
    );
    assert!(message.contains("scan"), "{message}");
}

#[test]
fn an_unknown_option_is_told_with_the_one_meant() {
    let message = told(&["scan", "--thread", "2"]);

    assert!(
        message.starts_with("errsift: unexpected argument '--thread' found"),
        "{message}"
    );
    assert!(message.contains("'--threads'"), "{message}");
}

#[test]
fn a_broken_catalogue_is_told_fault_by_fault() {
    let folder = Folder::new();
    folder.write("list.txt", "A.1\nB\x01\n\x02\n");

    let ended = folder.run(&["scan", "--catalog", "list.txt"]);

    let (status, message) = ended.complaint();
    assert_eq!(status, Some(2));
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(
        message.starts_with("errsift: list.txt: line 2 ('B\\u{1}'): "),
        "{message}"
    );
}

#[test]
fn help_and_version_end_with_0() {
    for args in [
        &["--help"][..],
        &["--version"],
        &["scan", "--help"],
        &["codes", "list", "-h"],
    ] {
        let ended = run(args);
        assert_eq!(
            (ended.status, ended.err.as_str()),
            (Some(0), ""),
            "{args:?}"
        );
        assert!(!ended.out.is_empty());
    }
}

#[test]
fn shared_options_stand_before_or_after_the_verb() {
    let before = pipe(&["--lang", "zh", "scan"], LINE);
    let after = pipe(&["scan", "--lang", "zh"], LINE);

    assert_eq!(before.out, after.out);
}

#[test]
fn a_zone_may_be_behind_utc() {
    let line = LINE.replace("T10:00:00Z", " 10:00:00");

    let ended = pipe(&["scan", "--tz", "-05:00", "-f", "json"], line);

    let first = ended.result().time.first;
    assert_eq!(first.as_deref(), Some("2026-11-22T15:00:00Z"), "{ended:?}");
}

#[test]
fn catalogues_before_and_behind_the_verb_all_count() {
    let folder = Folder::new();
    for (list, code) in [
        ("a", "ORA-1"),
        ("b", "ORA-2"),
        ("c", "ORA-3"),
        ("d", "ORA-4"),
    ] {
        folder.write(list, code);
    }
    let cases: [(&[&str], usize); 3] = [
        (
            &[
                "--catalog",
                "a",
                "--catalog",
                "b",
                "codes",
                "--catalog",
                "c",
                "list",
                "--catalog",
                "d",
            ],
            4,
        ),
        (&["--catalog", "a", "codes", "list", "--no-builtin"], 1),
        (
            &[
                "--no-builtin",
                "codes",
                "list",
                "--catalog",
                "a",
                "--catalog",
                "b",
            ],
            2,
        ),
    ];
    for (args, count) in cases {
        let mut args = args.to_vec();
        args.extend(["--provider", "user", "-f", "json"]);

        let ended = folder.run(&args);

        assert_eq!(ended.status, Some(0), "{ended:?}");
        assert_eq!(
            ended.out.matches("\"code\":\"ORA-").count(),
            count,
            "{ended:?}"
        );
    }
}

#[test]
fn help_has_colours_where_they_are_asked_for() {
    for (args, is_colored) in [
        (&["--color", "always", "--help"][..], true),
        (&["scan", "--help", "--color=always"], true),
        (&["--color", "never", "scan", "-h"], false),
        (&["scan", "--help"], false),
    ] {
        assert_eq!(run(args).out.contains("\x1b["), is_colored, "{args:?}");
    }
}
