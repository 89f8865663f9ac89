//! What Prometheus gets of results, one after another.

use jiff::Timestamp;

use super::*;
use crate::sink::sample;
use crate::tally::result::UnknownRow;
use crate::tally::{accumulate, zeroes};

fn exporter(max_series: usize) -> Exporter {
    Exporter::new(&Catalog::builtin().unwrap(), max_series, &[])
}

/// The same, read at a second.
fn read_at(mut result: ScanResult, second: i64) -> ScanResult {
    result.note_reading(Timestamp::from_second(second).unwrap());
    result
}

/// What is written of a result that was read at a second.
fn written(exporter: &mut Exporter, result: &ScanResult, at: Option<i64>) -> String {
    let result = result.clone();
    let result = match at {
        Some(second) => read_at(result, second),
        None => result,
    };
    let mut out = Vec::new();
    exporter
        .write(&mut out, &result, Reading::default())
        .unwrap();
    String::from_utf8(out).unwrap()
}

/// The samples of a metric, without its name.
fn samples<'t>(text: &'t str, metric: &str) -> Vec<&'t str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(metric));
    lines.filter(|rest| rest.starts_with(['{', ' '])).collect()
}

fn with_codes(codes: &[(&str, u64)]) -> ScanResult {
    let row = |&(code, count): &(&str, u64)| sample::row(code, count);
    ScanResult {
        codes: codes.iter().map(row).collect(),
        ..sample::empty()
    }
}

#[test]
fn a_result_is_written_as_the_manual_says() {
    let text = written(
        &mut exporter(MAX_SERIES),
        &sample::result(),
        Some(1_700_000_000),
    );
    sample::assert_golden("metrics.prom", &text);
}

#[test]
fn a_result_without_matches_still_has_its_lines() {
    let text = written(&mut exporter(MAX_SERIES), &sample::empty(), None);

    assert_eq!(samples(&text, "errsift_lines_total"), [" 1204"]);
    assert!(!text.contains("errsift_matches_total"), "{text}");
}

#[test]
fn what_a_log_says_stays_inside_its_label() {
    let result = with_codes(&[("a\"b\\c\nd 1", 2)]);
    let text = written(&mut exporter(MAX_SERIES), &result, None);

    assert_eq!(
        samples(&text, "errsift_matches_total"),
        [r#"{provider="unknown",product="",code="a\"b\\c\nd 1"} 2"#]
    );
}

#[test]
fn rows_that_differ_in_candidates_alone_are_one_series() {
    let mut result = with_codes(&[("InternalError", 2), ("InternalError", 3)]);
    result.codes[1].candidates = vec!["a".to_owned(), "b".to_owned()];
    result.codes[1].http_status = Some(500);

    let text = written(&mut exporter(MAX_SERIES), &result, None);

    assert_eq!(
        samples(&text, "errsift_matches_total"),
        [r#"{provider="unknown",product="",code="InternalError"} 5"#]
    );
    assert_eq!(
        samples(&text, "errsift_code_info"),
        [
            r#"{provider="unknown",product="",code="InternalError",http_status="",category="",retryable=""} 1"#
        ]
    );
}

#[test]
fn the_least_frequent_codes_are_folded_by_provider_and_no_count_is_lost() {
    let mut result = with_codes(&[("A", 9), ("B", 5), ("C", 3), ("D", 2)]);
    result.codes[3].provider = Some("p".to_owned());

    let text = written(&mut exporter(1), &result, None);

    assert_eq!(
        samples(&text, "errsift_matches_total"),
        [
            r#"{provider="unknown",product="",code="A"} 9"#,
            r#"{provider="p",product="",code="__other__"} 2"#,
            r#"{provider="unknown",product="",code="__other__"} 8"#,
        ]
    );
}

#[test]
fn a_code_that_came_too_late_is_folded_for_good() {
    let mut exporter = exporter(1);
    written(&mut exporter, &with_codes(&[("A", 1)]), None);

    let text = written(&mut exporter, &with_codes(&[("B", 50), ("A", 2)]), None);

    assert_eq!(
        samples(&text, "errsift_matches_total"),
        [
            r#"{provider="unknown",product="",code="A"} 2"#,
            r#"{provider="unknown",product="",code="__other__"} 50"#,
        ]
    );
}

#[test]
fn a_series_stays_and_no_counter_goes_down() {
    let mut exporter = exporter(MAX_SERIES);
    let first = written(&mut exporter, &sample::result(), Some(1));

    let later = written(&mut exporter, &sample::empty(), Some(2));

    assert_eq!(
        samples(&later, "errsift_matches_total"),
        samples(&first, "errsift_matches_total")
    );
}

#[test]
fn codes_to_watch_are_there_before_they_are_seen() {
    let catalog = Catalog::builtin().unwrap();
    let pattern = "code=APIG.900*".parse().unwrap();
    let zeroes = zeroes(&catalog, &[pattern]);
    let mut exporter = Exporter::new(&catalog, MAX_SERIES, &zeroes);

    let text = written(&mut exporter, &sample::empty(), Some(1));

    let matches = samples(&text, "errsift_matches_total");
    assert_eq!(matches.len(), zeroes.len());
    assert!(
        matches.contains(&r#"{provider="huaweicloud",product="roma-connect",code="APIG.9008"} 0"#),
        "{matches:?}"
    );
    assert_eq!(
        samples(&text, "errsift_last_match_timestamp_seconds"),
        [""; 0]
    );
}

/// When the only code was seen last, if that is told.
fn last_match(text: &str) -> Option<&str> {
    let told = samples(text, "errsift_last_match_timestamp_seconds");
    told.first()?.rsplit(' ').next()
}

#[test]
fn a_match_without_a_time_was_last_seen_when_its_count_last_grew() {
    let mut exporter = exporter(MAX_SERIES);

    for (count, at, expected) in [(1, 100, "100"), (1, 200, "100"), (2, 300, "300")] {
        let text = written(&mut exporter, &with_codes(&[("A", count)]), Some(at));
        assert_eq!(last_match(&text), Some(expected), "at {at}");
    }
}

#[test]
fn what_was_restored_without_a_time_was_last_seen_when_the_next_is_read() {
    let mut exporter = exporter(MAX_SERIES);
    let mut result = with_codes(&[("A", 5)]);
    assert_eq!(last_match(&written(&mut exporter, &result, None)), None);

    accumulate(&mut result, &read_at(with_codes(&[("A", 1)]), 300));

    let text = written(&mut exporter, &result, None);
    assert_eq!(last_match(&text), Some("300"));
    assert_eq!(
        samples(&text, "errsift_matches_total"),
        [r#"{provider="unknown",product="",code="A"} 6"#]
    );
}

#[test]
fn a_code_that_comes_with_a_time_and_then_without_was_last_seen_when_it_was_read() {
    let mut exporter = exporter(MAX_SERIES);
    let stamped = |second: i64| {
        let mut result = with_codes(&[("A", 1)]);
        let time = Timestamp::from_second(second).unwrap();
        result.codes[0].last_seen = Some(time.to_string());
        result
    };
    let mut total = read_at(stamped(100), 1000);
    assert_eq!(
        last_match(&written(&mut exporter, &total, None)),
        Some("100")
    );

    for (part, expected) in [
        (stamped(90), "100"),
        (with_codes(&[("A", 1)]), "1000"),
        (stamped(2000), "2000"),
        (with_codes(&[("A", 1)]), "2000"),
    ] {
        accumulate(&mut total, &read_at(part, 1000));
        let text = written(&mut exporter, &total, None);
        assert_eq!(last_match(&text), Some(expected));
    }
}

#[test]
fn what_another_catalogue_says_of_a_code_counts_from_then_on() {
    let mut exporter = exporter(MAX_SERIES);
    let of_product = |product: &str, count| {
        let mut result = with_codes(&[("A", count)]);
        result.codes[0].product = Some(product.to_owned());
        result
    };
    for (result, expected) in [
        (
            of_product("old", 100),
            &[r#"{provider="unknown",product="old",code="A"} 100"#][..],
        ),
        (
            of_product("new", 101),
            &[
                r#"{provider="unknown",product="new",code="A"} 1"#,
                r#"{provider="unknown",product="old",code="A"} 100"#,
            ],
        ),
        (
            of_product("old", 105),
            &[
                r#"{provider="unknown",product="new",code="A"} 1"#,
                r#"{provider="unknown",product="old",code="A"} 104"#,
            ],
        ),
    ] {
        let text = written(&mut exporter, &result, None);
        assert_eq!(samples(&text, "errsift_matches_total"), expected);
    }
}

#[test]
fn what_another_catalogue_says_of_a_family_counts_from_then_on() {
    let mut exporter = exporter(MAX_SERIES);
    let with_unknown = |count| ScanResult {
        unknown: vec![UnknownRow {
            code: "APIG.3999".to_owned(),
            count,
            ..UnknownRow::default()
        }],
        ..sample::empty()
    };
    let unknown = |text: String| {
        let told = samples(&text, "errsift_unknown_codes_total");
        told.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let text = written(&mut exporter, &with_unknown(7), None);
    assert_eq!(unknown(text), [r#"{family="APIG"} 7"#]);

    exporter.use_catalog(&Catalog::without_builtin());

    let text = written(&mut exporter, &with_unknown(9), None);
    assert_eq!(
        unknown(text),
        [r#"{family="APIG"} 7"#, r#"{family="unknown"} 2"#]
    );
}

#[test]
fn unknown_codes_are_counted_by_the_longest_family_they_extend() {
    let unknown = [
        ("APIG.3999", 1),
        ("APIG.4000", 2),
        ("FailedOperation.Foo.Bar", 4),
        ("ResourceBusy", 8),
        (OTHER, 16),
    ];
    let row = |&(code, count): &(&str, u64)| UnknownRow {
        code: code.to_owned(),
        count,
        ..UnknownRow::default()
    };
    let result = ScanResult {
        unknown: unknown.iter().map(row).collect(),
        ..sample::empty()
    };

    assert_eq!(
        samples(
            &written(&mut exporter(MAX_SERIES), &result, None),
            "errsift_unknown_codes_total"
        ),
        [
            r#"{family="APIG"} 3"#,
            r#"{family="FailedOperation"} 4"#,
            r#"{family="__other__"} 16"#,
            r#"{family="unknown"} 8"#,
        ]
    );
    assert_eq!(
        samples(
            &written(&mut exporter(1), &result, None),
            "errsift_unknown_codes_total"
        ),
        [r#"{family="APIG"} 3"#, r#"{family="__other__"} 28"#]
    );
}

#[test]
fn inputs_that_were_not_read_to_their_end_are_errors() {
    let mut result = sample::empty();
    result.inputs[0].state = InputState::Partial;
    result.inputs[1].state = InputState::Failed;

    let text = written(&mut exporter(MAX_SERIES), &result, None);

    assert_eq!(samples(&text, "errsift_input_errors_total"), [" 2"]);
}
