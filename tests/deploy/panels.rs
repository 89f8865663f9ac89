//! Every panel's expression returns data from a real Prometheus with a history.

use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::server::{Exporter, Prometheus, encoded};
use crate::support::{assert_ends_well, errsift, promtool, text};

/// A code of each kind: old and new, confirmed and not, retryable and not, and two unknown ones.
const LOG: &str = "\
    {\"error_code\":\"APIG.1002\",\"error_msg\":\"x\"}\n\
    {\"error_code\":\"APIG.9008\",\"error_msg\":\"x\"}\n\
    {\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\",\"Message\":\"x\"}}}\n\
    the word InternalError in passing\n\
    FailedOperation.Foo and APIG.3999\n";

/// The code that is seen for the first time within the time shown.
const NEW_CODE: &str = "RequestLimitExceeded";

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// What was exported over nine days, in OpenMetrics: every counter grows evenly.
fn history(metrics: &str, target: SocketAddr, now: u64) -> String {
    let mut history = String::new();
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let comma = if labels == "}" { "" } else { "," };
        let first = match labels.contains(NEW_CODE) {
            true => now - HOUR,
            false => now - 9 * DAY,
        };
        for time in times(first, now) {
            let value = match name.ends_with("_total") {
                true => ((time - first) / 60).to_string(),
                false => value.to_owned(),
            };
            writeln!(
                history,
                "{name}{{job=\"errsift\",instance=\"{target}\"{comma}{labels} {value} {time}"
            )
            .unwrap();
        }
    }
    history + "# EOF\n"
}

/// Every five minutes, and in the end every minute, so that no look back misses all of them.
fn times(first: u64, now: u64) -> impl Iterator<Item = u64> {
    let recent = (now - 2 * HOUR).max(first);
    let old = (first..recent).step_by(300);
    old.chain((recent..now - 60).step_by(60))
}

/// The metrics as they are exported now, going on from the history.
fn exported_now(metrics: &str) -> String {
    let line = |line: &str| match line.split_once(' ') {
        Some((series, _)) if !line.starts_with('#') && series.contains("_total") => {
            format!("{series} {}\n", 9 * DAY / 60)
        }
        _ => format!("{line}\n"),
    };
    metrics.lines().map(line).collect()
}

/// An expression as Grafana sends it with everything chosen and a day shown.
fn filled(expr: &str) -> String {
    let all = ["$job", "$provider", "$category"];
    let expr = all
        .iter()
        .fold(expr.to_owned(), |expr, name| expr.replace(name, ".*"));
    expr.replace("$__range", "1d").replace("$__interval", "5m")
}

fn is_number(sample: &Value) -> bool {
    let number = sample["value"][1]
        .as_str()
        .and_then(|text| text.parse::<f64>().ok());
    number.is_some_and(f64::is_finite)
}

/// Each expression of the dashboard with its panel's title.
fn expressions() -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(&text("grafana/errsift.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| {
        let title = panel["title"].as_str().unwrap();
        let targets = panel["targets"].as_array().into_iter().flatten();
        targets.map(|target| {
            (
                title.to_owned(),
                target["expr"].as_str().unwrap().to_owned(),
            )
        })
    });
    targets.collect()
}

#[test]
fn nothing_that_grafana_fills_in_is_left() {
    for (title, expr) in expressions() {
        assert!(!filled(&expr).contains('$'), "{title}: {expr}");
    }
}

#[test]
#[ignore = "takes the package prometheus; run by .ci/run"]
fn every_panel_and_rule_has_data() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("app.log");
    fs::write(&log, LOG).unwrap();
    let metrics = errsift(&["scan", "-f", "prometheus", log.to_str().unwrap()]);
    let exporter = Exporter::serve(exported_now(&metrics));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let history = history(&metrics, exporter.address, now);
    fs::write(folder.path().join("history.om"), history).unwrap();
    let mut blocks = promtool(&[
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        "history.om",
        "data",
    ]);
    assert_ends_well(&blocks.current_dir(folder.path()).output().unwrap());

    let prometheus = Prometheus::start(folder.path(), exporter.address);

    let up = format!(
        "/api/v1/query?query={}",
        encoded("count_over_time(up[1m]) > 2")
    );
    prometheus.wait(&up, |answer| answer["data"]["result"][0].is_object());
    assert!(expressions().len() > 25, "{}", expressions().len());
    for (title, expr) in expressions() {
        let samples = prometheus.query(&filled(&expr));
        assert!(
            samples.iter().any(is_number),
            "{title}:\n{}\n{samples:?}",
            filled(&expr)
        );
    }
    let health = |rule: &Value| rule["health"].as_str().unwrap_or_default().to_owned();
    let rules = |answer: &Value| -> Vec<Value> {
        let groups = answer["data"]["groups"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().cloned());
        rules.flatten().collect()
    };
    let answer = prometheus.wait("/api/v1/rules", |answer| {
        let rules = rules(answer);
        !rules.is_empty() && rules.iter().all(|rule| health(rule) != "unknown")
    });
    for rule in rules(&answer) {
        assert_eq!(health(&rule), "ok", "{rule:#}");
    }
    let new = prometheus.query("ALERTS{alertname=\"ErrsiftNewCode\"}");
    let code = |sample: &Value| sample["metric"]["code"].as_str().map(str::to_owned);
    assert!(
        new.iter()
            .all(|sample| code(sample).as_deref() == Some(NEW_CODE)),
        "{new:#?}"
    );
}
