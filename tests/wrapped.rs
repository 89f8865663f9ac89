//! Logs as container runtimes and journals hand them over: `data/wrapped/`.
//!
//! The journal's files were written by `systemd-journal-remote` and `journalctl` 252, the others
//! have the form that docker, containerd and kubectl give them.

mod scanning;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use errsift::catalog::Catalog;
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, scan_events};
use errsift::tally::result::ScanResult;

use scanning::{inputs, scan_paths, setup};

const POD: &str = "pods/shop_web-0_6f1d2c34-8a5b-4e0f-9c21-7d3e5a1b0f42/app/0.log";
const DOCKER: &str =
    "docker/3f9c1a7b52d04e6895c1f0a4d7b86e21/3f9c1a7b52d04e6895c1f0a4d7b86e21-json.log";
const MULTI_LINE: &str = "cannot read prices\n\
    com.huaweicloud.sdk.core.exception.ClientRequestException: {\"httpStatusCode\":401,\"errorCode\":\"APIG.1001\"}\n\
    \n\tat com.example.Pay.run(Pay.java:51)";

fn data(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/wrapped");
    folder.join(name)
}

/// What is expected of a match.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    code: String,
    line: u64,
    time: Option<String>,
    source: Option<String>,
    text: String,
    observed: Option<u16>,
}

fn found(
    code: &str,
    line: u64,
    time: &str,
    source: &str,
    text: &str,
    observed: Option<u16>,
) -> Found {
    Found {
        code: code.to_owned(),
        line,
        time: Some(time.to_owned()),
        source: Some(source.to_owned()),
        text: text.to_owned(),
        observed,
    }
}

/// The events of a scan, whose codes must stand where they say, and its result.
fn events(path: &Path) -> (Vec<Found>, ScanResult) {
    let catalog = Catalog::builtin().unwrap();
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let raw = fs::read(path).unwrap();
    let mut events = Vec::new();
    let outcome = scan_events(
        &setup(&catalog, &matcher, 2),
        inputs(&[path]),
        &Control::new().unwrap(),
        &mut |event| {
            let at = usize::try_from(event.offset).unwrap();
            assert!(raw[at..].starts_with(event.code.as_bytes()) || raw[at..].starts_with(b"70,"));
            assert_eq!(&event.text[event.code_in_text.clone()], event.code);
            events.push(Found {
                code: event.code.to_owned(),
                line: event.line,
                time: event.time.clone(),
                source: event.source.map(str::to_owned),
                text: event.text.to_owned(),
                observed: event.observed_status,
            });
            Ok(())
        },
    );
    (events, outcome.unwrap().result)
}

/// The samples of a scan in parts, in the order of their lines.
fn samples(path: &Path) -> Vec<(String, u64, Option<String>, String)> {
    let catalog = Catalog::builtin().unwrap();
    let result = scan_paths(&catalog, &[path], 2).result;
    let of_rows = result.codes.iter().flat_map(|row| &row.samples);
    let mut samples: Vec<_> = of_rows
        .map(|sample| {
            assert_eq!(sample.path, path.display().to_string());
            let text = sample.text.clone();
            (
                text,
                sample.line,
                sample.source.clone(),
                sample.path.clone(),
            )
        })
        .collect();
    samples.sort_by_key(|(_, line, ..)| *line);
    samples
}

#[track_caller]
fn assert_found(name: &str, expected: &[Found], lines: u64, source: Option<&str>) {
    let path = data(name);
    let (found, result) = events(&path);
    assert_eq!(found, expected);
    let input = &result.inputs[0];
    assert_eq!(result.inputs.len(), 1);
    assert_eq!(input.bytes, fs::metadata(&path).unwrap().len());
    assert_eq!((input.lines, input.source.as_deref()), (lines, source));
    assert_eq!(result.totals.matched_lines, expected.len() as u64);
    let kept = samples(&path).into_iter();
    let kept: Vec<_> = kept
        .map(|(text, line, source, _)| (text, line, source))
        .collect();
    let shown = expected.iter();
    let shown: Vec<_> = shown
        .map(|found| (found.text.clone(), found.line, found.source.clone()))
        .collect();
    assert_eq!(kept, shown);
}

/// A field of an export that is no text.
fn binary(name: &str, value: &[u8]) -> Vec<u8> {
    let length = u64::try_from(value.len()).unwrap().to_le_bytes();
    [name.as_bytes(), b"\n", &length, value, b"\n"].concat()
}

#[test]
fn a_value_longer_than_a_block_is_part_of_its_entry() {
    let inner = b"\n\n__CURSOR=s=9\nMESSAGE=no APIG.1003\n\n";
    let core = [&inner[..], &[b'\n'; 10_000]].concat().repeat(60);
    let entry = |number: u8, value: &[u8]| {
        let opening =
            format!("__CURSOR=s={number}\n__REALTIME_TIMESTAMP=179534160{number}000000\n");
        let core = binary("COREDUMP", value);
        [opening.as_bytes(), &core, b"MESSAGE=code=APIG.1002\n\n"].concat()
    };
    let text = [
        entry(0, b""),
        entry(1, &core),
        entry(2, b"\n\n"),
        entry(3, b""),
    ]
    .concat();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("core.export");
    fs::write(&path, &text).unwrap();

    let (found, result) = events(&path);

    assert_eq!(result.totals.lines, 4);
    assert_eq!(result.totals.matched_lines, 4);
    let of_messages = found.iter().filter(|found| found.code == "APIG.1002");
    let places: Vec<_> = of_messages
        .map(|found| (found.line, found.time.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        places,
        [
            (1, "2026-11-22T10:00:00Z"),
            (2, "2026-11-22T10:00:01Z"),
            (3, "2026-11-22T10:00:02Z"),
            (4, "2026-11-22T10:00:03Z")
        ]
    );
    // What the entry of the core says in it is one line too, although it is read in pieces.
    let in_core = found.iter().filter(|found| found.code == "APIG.1003");
    assert!(in_core.clone().all(|found| found.line == 2));
    assert_eq!(in_core.count(), 60);
}

#[test]
fn a_value_that_ends_inside_a_code_holds_no_code() {
    for (code, count) in [("APIG.1002", 1), ("APIG.3999", 0), ("InternalError", 1)] {
        let value = format!("code={code}");
        // One entry whose value ends with the code, and one whose value ends in it.
        let entry = |len: usize| {
            let mut entry = b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795341600123456\n".to_vec();
            entry.extend(b"MESSAGE\n");
            entry.extend((len as u64).to_le_bytes());
            entry.extend(value.as_bytes());
            entry.extend(b"\n\n");
            entry
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.export");
        let text = [entry(value.len()), entry(value.len() - 2)].concat();
        fs::write(&path, text).unwrap();

        let (found, result) = events(&path);

        assert_eq!(result.totals.matches, count, "{code}");
        let unknown: u64 = result.unknown.iter().map(|row| row.count).sum();
        assert_eq!(unknown, 1 - count, "{code}");
        assert_eq!(found.len() as u64, count, "{code}");
    }
}

#[test]
fn a_journal_from_standard_input_is_told_by_its_beginning() {
    let export = fs::File::open(data("journal/pay.export")).unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_errsift"))
        .args(["scan", "-f", "json"])
        .stdin(export)
        .output()
        .unwrap();
    let result: ScanResult = serde_json::from_slice(&program.stdout).unwrap();

    assert_eq!((result.totals.lines, result.totals.matches), (6, 4));
}

/// Messages of 20,000 bytes, so that a part may end anywhere in a code and in the key before it.
fn messages() -> Vec<String> {
    let codes = [
        "APIG.1002",
        "code=InternalError",
        "APIG.10025",
        "XAPIG.1001",
        "Organizations.1003",
    ];
    let message = |number: usize| {
        let mut message = String::new();
        for word in number.. {
            message.push_str(codes[word % codes.len()]);
            message.push_str(&" ".repeat(1 + word * 13 % 97));
            if message.len() > 20_000 {
                break;
            }
        }
        message
    };
    (0..24).map(message).collect()
}

/// The counts of a log: known codes with their number and that of the unconfirmed, and unknown ones.
fn counts(folder: &Path, text: &str) -> Vec<(String, u64, u64)> {
    let path = folder.join("0.log");
    fs::write(&path, text).unwrap();
    let catalog = Catalog::builtin().unwrap();
    let result = scan_paths(&catalog, &[path], 2).result;
    assert_eq!(result.totals.lines, text.lines().count() as u64);
    for sample in result.codes.iter().flat_map(|row| &row.samples) {
        let lines = text.lines().scan(0, |end, line| {
            *end += line.len() as u64 + 1;
            Some(*end)
        });
        assert_eq!(
            sample.line,
            1 + lines.take_while(|end| *end <= sample.offset).count() as u64
        );
    }
    let known = result.codes.iter();
    let known = known.map(|row| (row.code.clone(), row.count, row.unconfirmed));
    let unknown = result.unknown.iter();
    known
        .chain(unknown.map(|row| (row.code.clone(), row.count, 0)))
        .collect()
}

#[test]
fn a_code_that_is_divided_between_lines_is_found_and_nothing_else_is() {
    let messages = messages();
    let folder = tempfile::tempdir().unwrap();
    let expected = counts(folder.path(), &(messages.join("\n") + "\n"));
    assert_eq!(expected.len(), 4);
    assert!(expected.iter().all(|(_, count, _)| *count > 500));
    for part_bytes in [601, 16_384] {
        let mut runtime = String::new();
        let mut docker = String::new();
        for message in &messages {
            let parts: Vec<&str> = (message.as_bytes().chunks(part_bytes))
                .map(|part| std::str::from_utf8(part).unwrap())
                .collect();
            for (number, part) in parts.iter().enumerate() {
                let is_last = number + 1 == parts.len();
                let (tag, newline) = if is_last { ("F", "\\n") } else { ("P", "") };
                runtime += &format!("2026-11-22T10:00:00.1Z stdout {tag} {part}\n");
                docker += &format!(
                    "{{\"log\":\"{part}{newline}\",\"stream\":\"stdout\",\"time\":\"2026-11-22T10:00:00.1Z\"}}\n"
                );
                if number % 3 == 0 {
                    runtime += "2026-11-22T10:00:00.1Z stderr F between\n";
                }
            }
        }

        assert_eq!(counts(folder.path(), &runtime), expected, "{part_bytes}");
        assert_eq!(counts(folder.path(), &docker), expected, "{part_bytes}");
    }
}

fn of_journal() -> [Found; 4] {
    [
        found(
            "APIG.1002",
            2,
            "2026-11-22T10:00:01.123456Z",
            "pay.service",
            r#"gateway refused: {"error_code":"APIG.1002","error_msg":"Failed to parse the token","request_id":"7cddcdef0825"} status=401"#,
            Some(401),
        ),
        found(
            "APIG.1001",
            3,
            "2026-11-22T10:00:02.123456Z",
            "pay.service",
            MULTI_LINE,
            Some(401),
        ),
        found(
            "FailedOperation.NodeNotEmpty",
            4,
            "2026-11-22T10:00:03.123456Z",
            r"sync@eu\x2dwest.service",
            "\u{1b}[31m2020-01-01 00:00:00 code=FailedOperation.NodeNotEmpty\u{1b}[0m 错",
            None,
        ),
        found(
            "Organizations.1003",
            5,
            "2026-11-22T10:00:04.123456Z",
            "CRON",
            "(root) ERROR Organizations.1003 Concurrent modification.",
            None,
        ),
    ]
}

#[test]
fn an_entry_of_a_journals_export_is_one_line() {
    assert_found("journal/pay.export", &of_journal(), 6, None);
}

#[test]
fn a_line_of_a_journals_json_is_an_entry() {
    assert_found("journal/pay.json", &of_journal(), 6, None);
}

#[test]
fn a_log_of_docker_names_its_container() {
    let expected = [
        found(
            "APIG.1002",
            2,
            "2026-11-22T10:00:01.230987123Z",
            "pay-1",
            r#"{"time":"2026-11-22T18:00:01","level":"error","error_code":"APIG.1002","error_msg":"Failed to parse the token","request_id":"7cddcdef0825"}"#,
            None,
        ),
        found(
            "APIG.1001",
            3,
            "2026-11-22T10:00:02.5Z",
            "pay-1",
            "\u{1b}[31m错误码：APIG.1001\u{1b}[0m",
            None,
        ),
    ];
    assert_found(DOCKER, &expected, 3, Some("pay-1"));
}

#[test]
fn a_log_of_a_pod_names_pod_and_container() {
    let expected = [
        found(
            "APIG.1002",
            2,
            "2026-11-22T10:00:01.230987123Z",
            "web-0/app",
            "2020-01-01 00:00:00 ERROR call failed: error_code=APIG.1002 status=401",
            Some(401),
        ),
        found(
            "Organizations.1003",
            3,
            "2026-11-22T10:00:02.000000001Z",
            "web-0/app",
            r#"{"ts":"2026-11-22T10:00:01Z","code":"Organizations.1003","message":"Concurrent modification."}"#,
            None,
        ),
    ];
    assert_found(POD, &expected, 3, Some("web-0/app"));
}

#[test]
fn a_prefix_of_kubectl_names_pod_and_container() {
    let expected = [
        found(
            "APIG.1002",
            2,
            "2026-11-22T10:00:01.23Z",
            "web-0/app",
            "2026-11-22 10:00:01,230 ERROR call failed: error_code=APIG.1002 status=401",
            Some(401),
        ),
        found(
            "Organizations.1003",
            3,
            "2026-11-22T10:00:02.000000001Z",
            "sync-7d9f4c-x2lqp/sidecar",
            r#"2026-11-22T10:00:02.000000001Z {"code":"Organizations.1003","message":"Concurrent modification."}"#,
            None,
        ),
    ];
    assert_found("kubectl.log", &expected, 3, None);
}
