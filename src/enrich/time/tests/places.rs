//! Where a stamp is found, and what only looks like one.

use super::*;

#[test]
fn an_epoch_counts_at_the_start_of_the_line() {
    assert_reads(&[
        ("1795341600 x", "2026-11-22T10:00:00Z"),
        (
            "1795341600.123    345 10.0.0.1 TCP_MISS/403",
            "2026-11-22T10:00:00.123Z",
        ),
        ("  [1795341600123] x", "2026-11-22T10:00:00.123Z"),
        ("1795341600123456: x", "2026-11-22T10:00:00.123456Z"),
        ("1795341600123456789", "2026-11-22T10:00:00.123456789Z"),
        ("1795341600,5,x", "2026-11-22T10:00:00Z"),
        ("<134>1795341600 x", "2026-11-22T10:00:00Z"),
    ]);
}

#[test]
fn an_epoch_counts_under_a_times_key() {
    assert_reads(&[
        (
            r#"{"level":"error","ts":1795341600.1234567,"msg":"x"}"#,
            "2026-11-22T10:00:00.1234567Z",
        ),
        (
            r#"{"ts":1795341600123.456,"msg":"x"}"#,
            "2026-11-22T10:00:00.123456Z",
        ),
        (r#"{"time" : "1795341600123"}"#, "2026-11-22T10:00:00.123Z"),
        (
            r#"x {\"Timestamp\":\"1795341600\"} y"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            "level=error ts=1795341600.5 msg=x",
            "2026-11-22T10:00:00.5Z",
        ),
        ("level=error t='1795341600' msg=x", "2026-11-22T10:00:00Z"),
        ("event_time: 1795341600", "2026-11-22T10:00:00Z"),
        (
            r#"{"timeMillis":1795341600123,"level":"ERROR"}"#,
            "2026-11-22T10:00:00.123Z",
        ),
        (r#"{"__time__":1795341600}"#, "2026-11-22T10:00:00Z"),
        (r#"{"msec":"1795341600.5"}"#, "2026-11-22T10:00:00.5Z"),
        (
            r#"{"x":1,"timeUnixNano":"1795341600000000001"}"#,
            "2026-11-22T10:00:00.000000001Z",
        ),
    ]);
}

#[test]
fn a_json_objects_time_is_that_of_its_key() {
    assert_reads(&[
        (
            r#"{"creationDate":"2026-11-22T01:00:00Z","eventTime":"2026-11-22T10:00:00Z"}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"[{"to":"2027-01-01T00:00:00Z"},{"@timestamp":"2026-11-22T10:00:00Z"}]"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"{"t":{"$date":"2026-11-22T10:00:00.1+00:00"},"s":"E"}"#,
            "2026-11-22T10:00:00.1Z",
        ),
        (
            r#"{"time":"22/Nov/2026:10:00:00 +0000"}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"{"log":"{\"time\":\"2026-11-22T10:00:00Z\"}\n","stream":"stdout"}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"{"log":"x\n2026-11-22 10:00:00 y\n","stream":"stdout"}"#,
            "2026-11-22T02:00:00Z",
        ),
    ]);
}

#[test]
fn a_json_objects_own_key_comes_before_those_inside_it() {
    assert_reads(&[
        (
            r#"{"msg":"expired, Timestamp: 2020-01-01T00:00:00Z","time":"2026-11-22T10:00:00Z"}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"{"body":"{\"date\":\"2020-01-01T00:00:00Z\"}","time":1795341600}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"{"token":{"time":"2020-01-01T00:00:00Z"},"time":1795341600}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"app-1 | {"expires":"2020-01-01T00:00:00Z","time":"2026-11-22T10:00:00Z"}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"2026-11-22T10:00:00Z {"expires":"x","time":"2020-01-01T00:00:00Z"}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"app-1 | {"at":"2026-11-22T10:00:00Z","token":{"time":"2020-01-01T00:00:00Z"}}"#,
            "2026-11-22T10:00:00Z",
        ),
        (
            r#"{"instant":{"epochSecond":1795341600,"nanoOfSecond":5},"level":"ERROR"}"#,
            "2026-11-22T10:00:00Z",
        ),
    ]);
}

#[test]
fn behind_the_opening_a_stamp_counts_under_a_key_alone() {
    let filler = "x y ".repeat(200);
    let docker =
        format!(r#"{{"log":"{filler}","stream":"stderr","time":"2026-11-22T10:00:00.5Z"}}"#);
    let logfmt = format!("msg=\"{filler}\" time=2026-11-22T10:00:00Z");
    let prose = format!("{filler} 2026-11-22T10:00:00Z");

    assert_eq!(read(docker).as_deref(), Some("2026-11-22T10:00:00.5Z"));
    assert_eq!(read(logfmt).as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(read(prose), None);
}

#[test]
fn a_key_across_the_end_of_the_opening_is_seen() {
    for length in 480..=512 {
        let line = format!("{} datetime=2026-11-22T10:00:00Z", "x".repeat(length));
        assert_eq!(
            read(&line).as_deref(),
            Some("2026-11-22T10:00:00Z"),
            "{length} bytes before"
        );
    }
}

#[test]
fn a_line_is_searched_to_its_limit_and_no_further() {
    let near = format!(
        "{} time=2026-11-22T10:00:00Z",
        "x".repeat(SEARCHED_BYTES - 30)
    );
    let far = format!("{} time=2026-11-22T10:00:00Z", "x".repeat(SEARCHED_BYTES));

    assert_eq!(read(near).as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(read(far), None);
}

#[test]
fn marks_and_colours_before_a_stamp_do_not_matter() {
    assert_reads(&[
        ("\u{feff}2026-11-22T10:00:00Z x", "2026-11-22T10:00:00Z"),
        ("\u{0}\u{0}2026-11-22T10:00:00Z x", "2026-11-22T10:00:00Z"),
        ("\u{feff}1795341600 x", "2026-11-22T10:00:00Z"),
        (
            "[90m2026-11-22T10:00:00Z[0m expired 2020-01-01T00:00:00Z",
            "2026-11-22T10:00:00Z",
        ),
        ("#033[90m2026-11-22T10:00:00Z x", "2026-11-22T10:00:00Z"),
        ("^[[90m2026-11-22T10:00:00Z x", "2026-11-22T10:00:00Z"),
        (
            "\x1b[K\x1b[38;5;252m2026-11-22T10:00:00Z x",
            "2026-11-22T10:00:00Z",
        ),
        (
            "\x1b[2m2026-11-22T10:00:00Z\x1b[0m x",
            "2026-11-22T10:00:00Z",
        ),
        ("\x1b[1;31m1795341600\x1b[0m x", "2026-11-22T10:00:00Z"),
        ("\x1b[31mNov 22 10:00:00 x", "2026-11-22T02:00:00Z"),
        (
            r#"{"log":"\u001b[31m2026-11-22 10:00:00 x"}"#,
            "2026-11-22T02:00:00Z",
        ),
        ("【2026-11-22 10:00:00】 x", "2026-11-22T02:00:00Z"),
        ("app.log:17:2026-11-22 10:00:00 x", "2026-11-22T02:00:00Z"),
    ]);
}

#[test]
fn the_leftmost_stamp_is_the_lines() {
    assert_reads(&[
        (
            "2026-11-22 10:00:00 expires=2027-11-22T10:00:00Z",
            "2026-11-22T02:00:00Z",
        ),
        (
            "0001-01-01T00:00:00Z seen 2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00Z",
        ),
    ]);
}

#[test]
fn what_only_looks_like_a_stamp_is_none() {
    assert_reads_nothing(&[
        "E1 Nov 72026110100000000000 x",
        "E1122 10:00:00 x",
        "",
        "10:00:00.123 [main] ERROR x",
        "2026-11-22 x",
        "2026-11-22T10:00 x",
        "2026-11-22 10:00:001 x",
        "12026-11-22 10:00:00 x",
        "snap-2026-11-22T10:00:00Z x",
        "v2026-11-22T10:00:00Z x",
        "/logs/2026/11/22 10:00:00 x",
        "2026-11/22 10:00:00 x",
        "22/Nov-2026:10:00:00 x",
        "/AKID/20261122/us-east-1/s3/aws4_request x",
        "20261122-1000-4000-8000-000000000000 x",
        "1795341600-1000-4000-8000-000000000000 x",
        "request 1795341600 failed",
        "request_id=1795341600 failed",
        r#"{"RequestId":"1795341600123"}"#,
        "uptime=1795341600",
        "request-time=1795341600 log.time=1795341600",
        "17953416001 x",
        "179534160012 x",
        "1795341600abc x",
        "1795341600.example.com x",
        "17953416001234567890 x",
        "ts=1795341600ms",
        "10.20.26.11 22:10:00 x",
        "1.2.3-20261122T100000Z x",
        "2026:11:22:10:00:00::1 x",
        "error E1122 10:00:00 x",
        "xE1122 10:00:00.5 x",
        "Now 22 10:00:00 x",
        "MyNov 22 10:00:00 x",
        "November 22 10:00:00 x",
        "form2026-11-22 10:00:00 x",
    ]);
}

#[test]
fn what_follows_a_remembered_second_is_read_anew() {
    let mut reader = reader("UTC");
    let lines = [
        ("2026-11-22T10:00:00.1Z", Some("2026-11-22T10:00:00.1Z")),
        (
            "2026-11-22T10:00:00.25+0100",
            Some("2026-11-22T09:00:00.25Z"),
        ),
        ("2026-11-22T10:00:007", None),
        ("2026-11-22T10:00:01Z", Some("2026-11-22T10:00:01Z")),
        ("Sun Nov 22 10:00:00 2025", Some("2025-11-22T10:00:00Z")),
        ("Sun Nov 22 10:00:00 host", Some("2026-11-22T10:00:00Z")),
        ("1795341600 x", Some("2026-11-22T10:00:00Z")),
        ("1795341600123 x", Some("2026-11-22T10:00:00.123Z")),
        ("17953416001 x", None),
        (
            r#"{"a":"2026-11-22T10:00:00Z"}"#,
            Some("2026-11-22T10:00:00Z"),
        ),
        (
            r#"{"a":"2026-11-22T10:00:00Z","ts":1795341601}"#,
            Some("2026-11-22T10:00:01Z"),
        ),
    ];

    for (line, expected) in lines {
        assert_eq!(
            reader.read(line.as_bytes(), file_time()),
            expected.map(timestamp),
            "line: {line}"
        );
    }
}

#[test]
fn a_line_that_begins_with_its_time_is_told_from_others() {
    for line in [
        "2026-11-22T10:00:00Z worker: failed",
        "[2026-11-22 10:00:00] worker: failed",
        "<34>Nov 22 10:00:00 host app: failed",
        "E1122 10:00:00.5 1 a.go:1] failed",
        "1795104000 failed",
    ] {
        assert!(begins_with_time(line.as_bytes()), "{line}");
    }
    for line in [
        "",
        "2026 GET /a",
        "ERROR 2026-11-22T10:00:00Z failed",
        "  2026-11-22T10:00:00Z failed",
        "\"2026-11-22T10:00:00Z\",",
        "{\"time\":\"2026-11-22T10:00:00Z\"}",
        "Date: Sun, 22 Nov 2026 10:00:00 GMT",
    ] {
        assert!(!begins_with_time(line.as_bytes()), "{line}");
    }
}
