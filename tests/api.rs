//! What users of the library and readers of its output rely on.
//!
//! The structs here mirror the output and refuse unknown fields, and are written again to compare:
//! a field that is added, renamed or dropped fails a test, and is then a decision.

mod scanning;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use errsift::catalog::Catalog;
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Setup, scan, scan_events};
use errsift::sink::{
    EventFormat, EventStyle, ReportFormat, ReportStyle, write_event, write_report,
};
use errsift::tally::result::ScanResult;
use errsift::tally::{Tally, TallyOptions};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;

use scanning::{inputs, scan_paths, setup};

/// Compiles only while these can be shared by threads and sent to others.
const _: fn() = || {
    fn is_shareable<T: Send + Sync>() {}
    is_shareable::<Matcher>();
    is_shareable::<Catalog>();
    is_shareable::<Tally>();
    is_shareable::<ScanResult>();
    is_shareable::<Setup>();
};

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ResultFile {
    schema: String,
    tool: ToolFile,
    catalog: CatalogFile,
    inputs: Vec<InputFile>,
    totals: TotalsFile,
    time: TimeFile,
    codes: Vec<CodeFile>,
    unknown: Vec<UnknownFile>,
    http: Vec<HttpFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_seconds: Option<i64>,
    sample_limit: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ToolFile {
    name: String,
    version: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CatalogFile {
    sha256: String,
    codes: u64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct InputFile {
    path: String,
    bytes: u64,
    lines: u64,
    matches: u64,
    state: String,
    error: Option<String>,
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folded: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TotalsFile {
    bytes: u64,
    lines: u64,
    matched_lines: u64,
    matches: u64,
    unconfirmed: u64,
    unknown: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    without_time: Option<u64>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TimeFile {
    first: Option<String>,
    last: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CodeFile {
    code: String,
    provider: Option<String>,
    candidates: Vec<String>,
    product: Option<String>,
    http_status: Option<u16>,
    category: Option<String>,
    retryable: Option<bool>,
    message: Option<String>,
    meaning: Option<TextFile>,
    remediation: Option<TextFile>,
    count: u64,
    unconfirmed: u64,
    lines: u64,
    first_seen: Option<String>,
    last_seen: Option<String>,
    observed_status: BTreeMap<String, u64>,
    samples: Vec<SampleFile>,
    buckets: Vec<(String, u64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<BTreeMap<String, u64>>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    en: String,
    zh: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SampleFile {
    path: String,
    line: u64,
    offset: u64,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<bool>,
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct UnknownFile {
    code: String,
    count: u64,
    lines: u64,
    near: Vec<String>,
    samples: Vec<SampleFile>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct HttpFile {
    status: u16,
    count: u64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    time: Option<String>,
    path: String,
    offset: u64,
    line: u64,
    code: String,
    provider: Option<String>,
    product: Option<String>,
    http_status: Option<u16>,
    observed_status: Option<u16>,
    category: Option<String>,
    retryable: Option<bool>,
    confirmed: bool,
    meaning: Option<String>,
    remediation: Option<String>,
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<bool>,
}

/// Asserts that `text` is a `Mirror` and nothing more or less.
fn assert_is<Mirror: DeserializeOwned + Serialize>(text: &[u8]) -> Mirror {
    let text = String::from_utf8(text.to_vec()).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let mirror: Mirror =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {value:#}"));
    assert_eq!(serde_json::to_value(&mirror).unwrap(), value);
    mirror
}

/// A folder with a log that has something for every field.
fn log() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    let text = format!(
        "2026-11-22T10:00:00Z HTTP/1.1 403 {{\"error_code\":\"APIG.1002\",\"request_id\":\"0123456789\"}}\n\
         2026-11-22T10:05:00Z an InternalError in passing {long}\n\
         FailedOperation.Foo {long}\n",
        long = "x".repeat(2000)
    );
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn a_result_has_the_fields_of_its_format_and_no_other() {
    let (_folder, path) = log();
    let catalog = Catalog::builtin().unwrap();
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let options = TallyOptions {
        bucket: Some(60),
        by_file: true,
        http: true,
        ..TallyOptions::default()
    };
    let setup = Setup {
        tally: Arc::new(options),
        ..setup(&catalog, &matcher, 1)
    };

    let inputs = inputs(&[path.with_file_name("missing.log"), path]);
    let mut full = scan(&setup, inputs, &Control::new().unwrap()).result;
    full.notes.push(serde_json::from_str("\"a note\"").unwrap());
    full.inputs[0].folded = Some(2);
    full.inputs[0].source = Some(String::from("pay.service"));
    full.totals.without_time = 1;

    let mut text = Vec::new();
    write_report(
        &mut text,
        &full,
        ReportFormat::Json,
        &ReportStyle::default(),
    )
    .unwrap();
    let mirror: ResultFile = assert_is(&text);
    assert_eq!(mirror.schema, "errsift.result/1");
    assert_eq!(mirror.codes.len(), 2);
    assert!(mirror.codes[0].files.is_some() && !mirror.codes[0].buckets.is_empty());
    assert_eq!(mirror.unknown[0].samples[0].cut, Some(true));
    assert_eq!(mirror.http[0].status, 403);
}

#[test]
fn a_result_of_plain_options_has_only_the_fields_of_the_contract() {
    let (_folder, path) = log();

    let result = scan_paths(&Catalog::builtin().unwrap(), &[path], 1).result;

    let mirror: ResultFile = assert_is(&serde_json::to_vec(&result).unwrap());
    assert_eq!(mirror.bucket_seconds, None);
    assert_eq!(mirror.totals.without_time, None);
    assert!(mirror.notes.is_empty());
    assert!(mirror.codes.iter().all(|row| row.files.is_none()));
}

#[test]
fn an_event_has_the_fields_of_its_format_and_no_other() {
    let (_folder, path) = log();
    let catalog = Catalog::builtin().unwrap();
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let mut text = Vec::new();

    let outcome = scan_events(
        &setup(&catalog, &matcher, 1),
        inputs(&[path]),
        &Control::new().unwrap(),
        &mut |event| {
            write_event(
                &mut text,
                event,
                EventFormat::Ndjson,
                &EventStyle::default(),
            )
        },
    );

    assert_eq!(outcome.unwrap().result.totals.matches, 2);
    let events = text
        .split_inclusive(|&byte| byte == b'\n')
        .map(assert_is::<EventFile>);
    let [known, passing] = &events.collect::<Vec<_>>()[..] else {
        panic!("{}", String::from_utf8_lossy(&text));
    };
    assert_eq!(known.request_id.as_deref(), Some("0123456789"));
    assert_eq!((known.cut, passing.cut), (None, Some(true)));
    assert_eq!(
        (known.http_status, known.observed_status),
        (Some(401), Some(403))
    );
    assert_eq!(
        (&*passing.code, passing.confirmed),
        ("InternalError", false)
    );
}
