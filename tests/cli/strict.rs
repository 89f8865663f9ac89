//! `--strict`: no report takes what is left out for counted.

use crate::support::{Ended, Folder};

/// One confirmed match, two of the same code in passing, and one of another code in passing.
const LOG: &str = "\"Code\":\"InternalError\"\n\
                   InternalError in passing\n\
                   InternalError again\n\
                   MissingParameter in passing\n";

fn strict(options: &[&str]) -> Ended {
    Folder::new().pipe(&[&["scan", "--strict"], options].concat(), LOG)
}

#[test]
fn the_summary_names_all_that_is_left_out_and_rows_hold_none_of_it() {
    for (options, row) in [
        (&["-f", "table"][..], "    1  InternalError "),
        (&["-f", "markdown"], "| 1 | InternalError |"),
        (
            &["--by", "category", "-f", "markdown"],
            "| internal | 1 | 1 |",
        ),
    ] {
        let out = strict(options).out;

        let summary = "1 match (3 unconfirmed left out) of 1 distinct code in 1 of 4 lines ";
        assert!(out.starts_with(summary), "{options:?}: {out}");
        assert!(out.contains(row), "{options:?}: {out}");
    }
}

#[test]
fn that_nothing_is_left_is_said_beside_what_is_left_out() {
    let folder = Folder::new();
    let of = |lang, format| {
        let args = ["--lang", lang, "scan", "--strict", "-f", format];
        folder.pipe(&args, "InternalError\n").out
    };

    for format in ["table", "markdown"] {
        assert_eq!(
            of("en", format),
            "No known error code found (1 unconfirmed left out) in 1 line of 1 input (14 B).\n"
        );
        assert_eq!(
            of("zh", format),
            "在 1 个输入的 1 行中没有发现已知错误码（14 B，未计 1 次未确认）。\n"
        );
    }
}

#[test]
fn of_the_count_in_a_csv_none_is_unconfirmed() {
    let codes = strict(&["-f", "csv"]).out;
    let groups = strict(&["--by", "category", "-f", "csv"]).out;

    let cells: Vec<&str> = codes.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(cells[8..11], ["1", "0", "1"], "{codes}");
    assert!(
        groups.ends_with("\ninternal,1,1,0,100.0,100.0,InternalError:1\n"),
        "{groups}"
    );
}

#[test]
fn the_counter_of_unconfirmed_matches_is_a_part_of_that_of_matches() {
    let out = strict(&["-f", "prometheus"]).out;

    let labels = r#"{provider="unknown",product="common",code="InternalError"}"#;
    for sample in [
        format!("errsift_matches_total{labels} 1\n"),
        format!("errsift_unconfirmed_matches_total{labels} 0\n"),
    ] {
        assert!(out.contains(&sample), "{sample}: {out}");
    }
}

#[test]
fn what_is_left_out_holds_no_condition() {
    let ended = strict(&["--fail-on", "unconfirmed"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn a_result_still_tells_what_was_left_out() {
    let result = strict(&["-f", "json"]).result();

    assert_eq!((result.totals.matches, result.totals.unconfirmed), (1, 3));
    assert_eq!((result.codes[0].count, result.codes[0].unconfirmed), (1, 2));
}
