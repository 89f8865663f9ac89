//! Results and events that the tests of this folder render.

use std::collections::BTreeMap;
use std::path::Path;

use crate::catalog::{Category, Text};
use crate::enrich::event::{Cut, Event};
use crate::tally::result::{
    Baseline, CatalogId, Change, ChangeRow, CodeRow, HttpRow, Input, InputState, RateUnit, SCHEMA,
    Sample, ScanResult, TimeSpan, Tool, Totals, UnknownRow,
};

/// Asserts that `actual` is what `tests/data/sink/NAME` holds; with `UPDATE_GOLDEN` set, writes it.
pub(super) fn assert_golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/sink")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        actual, expected,
        "{name} differs from what was rendered:\n{actual}"
    );
}

fn text(en: &str, zh: &str) -> Option<Text> {
    Some(Text {
        en: en.to_owned().into(),
        zh: zh.to_owned().into(),
    })
}

/// Two inputs without a match.
pub(super) fn empty() -> ScanResult {
    ScanResult {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "errsift".to_owned(),
            version: "0.1.0".to_owned(),
        },
        catalog: CatalogId {
            sha256: "00".to_owned(),
            codes: 578,
        },
        inputs: vec![input("app.log"), input("b.log")],
        totals: Totals {
            bytes: 1_258_291,
            lines: 1204,
            ..Totals::default()
        },
        time: TimeSpan::default(),
        codes: Vec::new(),
        unknown: Vec::new(),
        http: Vec::new(),
        sample_limit: 1,
        strict: false,
        bucket_seconds: None,
        notes: Vec::new(),
        baseline: None,
    }
}

fn input(path: &str) -> Input {
    Input {
        path: path.to_owned(),
        bytes: 10,
        lines: 1,
        matches: 0,
        state: InputState::Complete,
        error: None,
        id: None,
        offset: None,
        source: None,
        folded: None,
    }
}

/// A row of which only the code and its count are known.
pub(super) fn row(code: &str, count: u64) -> CodeRow {
    CodeRow {
        code: code.to_owned(),
        provider: None,
        candidates: Vec::new(),
        product: None,
        http_status: None,
        category: None,
        retryable: None,
        message: None,
        meaning: None,
        remediation: None,
        count,
        unconfirmed: 0,
        lines: count,
        first_seen: None,
        last_seen: None,
        read_at: None,
        observed_status: BTreeMap::new(),
        samples: Vec::new(),
        buckets: Vec::new(),
        files: BTreeMap::new(),
    }
}

fn codes() -> Vec<CodeRow> {
    let apig = CodeRow {
        provider: Some("huaweicloud".to_owned()),
        product: Some("roma-connect".to_owned()),
        http_status: Some(401),
        category: Some(Category::Authentication),
        retryable: Some(false),
        message: Some("Failed to parse the token".to_owned()),
        meaning: text(
            "The token in X-Auth-Token cannot be read: it has expired, or it is damaged.",
            "X-Auth-Token 中的令牌无法解析：已过期，或内容已损坏。",
        ),
        remediation: text(
            "Obtain a new token from IAM and send it whole; check that no proxy cuts the header.",
            "从 IAM 重新获取令牌并完整发送；检查代理是否截断了该请求头。",
        ),
        first_seen: Some("2026-11-22T10:00:00Z".to_owned()),
        last_seen: Some("2026-11-22T11:00:00Z".to_owned()),
        observed_status: BTreeMap::from([(401, 1200), (403, 8)]),
        samples: vec![Sample {
            path: "app.log".to_owned(),
            line: 7,
            offset: 812,
            text: "ERROR APIG.1002".to_owned(),
            cut: false,
            request_id: None,
            source: None,
        }],
        files: BTreeMap::from([("app.log".to_owned(), 1234)]),
        ..row("APIG.1002", 1234)
    };
    let internal = CodeRow {
        candidates: vec!["tencentcloud".to_owned()],
        product: Some("common".to_owned()),
        category: Some(Category::Internal),
        retryable: Some(true),
        meaning: text("The service failed in itself.", "服务内部出错。"),
        remediation: text("Send it again with growing pauses.", "以递增的间隔重试。"),
        unconfirmed: 3,
        observed_status: BTreeMap::from([(200, 3)]),
        ..row("InternalError", 12)
    };
    let throttling = CodeRow {
        http_status: Some(503),
        category: Some(Category::Throttling),
        retryable: Some(true),
        ..row("Throttling.User", 2)
    };
    vec![apig, internal, throttling]
}

/// A result with something in every part.
pub(super) fn result() -> ScanResult {
    let unknown = |code: &str, count, near: &[&str]| UnknownRow {
        code: code.to_owned(),
        count,
        lines: count,
        near: near.iter().map(|&code| code.to_owned()).collect(),
        samples: Vec::new(),
    };
    let broken = Input {
        state: InputState::Failed,
        error: Some("permission denied".to_owned()),
        ..input("secret/\u{202e}gol.log")
    };
    let mut result = empty();
    result.inputs.push(broken);
    result.totals = Totals {
        matched_lines: 1240,
        matches: 1248,
        unconfirmed: 3,
        unknown: 8,
        without_time: 1,
        lines: 1_234_567,
        ..result.totals
    };
    result.time = TimeSpan {
        first: Some("2026-11-22T10:00:00Z".to_owned()),
        last: Some("2026-11-22T11:00:00Z".to_owned()),
    };
    result.codes = codes();
    result.unknown = vec![
        unknown("FailedOperation.Foo", 7, &["FailedOperation.NodeNotEmpty"]),
        unknown("APIG.3999", 1, &[]),
    ];
    result.http = vec![HttpRow {
        status: 404,
        count: 3,
    }];
    result.notes = vec!["app.log and b.log hold the same text; both are counted".into()];
    result
}

/// The result of [`result`], compared with an earlier one.
pub(super) fn compared() -> ScanResult {
    let mut result = result();
    let change = |change, row: &CodeRow, baseline_count, factor| ChangeRow {
        change,
        code: row.code.clone(),
        provider: row.provider.clone(),
        candidates: row.candidates.clone(),
        known: true,
        category: row.category,
        count: row.count,
        baseline_count,
        rate: Some(row.count as f64 / 2.0),
        baseline_rate: Some(baseline_count as f64 / 24.0),
        factor,
    };
    let unknown = ChangeRow {
        known: false,
        provider: None,
        ..change(Change::New, &row(&result.unknown[0].code, 7), 0, None)
    };
    let gone = change(Change::Gone, &row("=Gone.Code", 0), 48, None);
    result.baseline = Some(Baseline {
        rate_per: Some(RateUnit::Hour),
        changes: vec![
            change(Change::New, &result.codes[1], 0, None),
            unknown,
            change(Change::Grown, &result.codes[0], 24, Some(617.0)),
            gone,
        ],
        notes: vec!["the baseline was made with another catalogue".into()],
        ..Baseline::default()
    });
    result
}

/// The result with `texts` (six) where logs, paths and catalogues bring theirs.
pub(super) fn with_texts(texts: &[String]) -> ScanResult {
    let mut result = result();
    let own = Text {
        en: texts[0].clone().into(),
        zh: texts[1].clone().into(),
    };
    result.codes[1].meaning = Some(own.clone());
    result.codes[1].remediation = Some(own);
    result.codes[1].code = texts[2].clone();
    result.codes[1].product = Some(texts[3].clone());
    result.codes[2].provider = Some(texts[4].clone());
    result.codes[2].files = BTreeMap::from([(texts[5].clone(), 2)]);
    result.unknown[0].code = texts[5].clone();
    result.unknown[1].near = texts[..2].to_vec();
    result.inputs[2].path = texts[3].clone();
    result.inputs[2].error = Some(texts[4].clone());
    result.notes.push(texts[0].as_str().into());
    result.time.last = Some(texts[2].clone());
    result
}

/// A confirmed match whose line would clear the screen.
pub(super) fn event() -> Event<'static> {
    Event {
        time: None,
        path: "app.log",
        offset: 812,
        line: 7,
        code: "APIG.1002",
        provider: Some("huaweicloud"),
        candidates: Vec::new(),
        product: Some("roma-connect"),
        http_status: Some(401),
        observed_status: Some(403),
        category: Some(Category::Authentication),
        retryable: Some(false),
        confirmed: true,
        meaning: Some("The token cannot be read."),
        remediation: Some("Obtain a new token."),
        request_id: None,
        source: None,
        text: "ERROR\tAPIG.1002 \x1b[2J gone",
        cut: Cut::default(),
        code_in_text: 6..15,
    }
}
