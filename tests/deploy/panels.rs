//! A real Prometheus scrapes a running tail: every panel has data, and every count is right.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::server::{Prometheus, Tail, Writer};
use crate::support::{assert_ends_well, promtool, text};

/// A code of each kind: old and new, confirmed and not, retryable and not, and two unknown ones.
const LOG: &str = "\
    {\"error_code\":\"APIG.1002\",\"error_msg\":\"x\"}\n\
    {\"error_code\":\"APIG.9008\",\"error_msg\":\"x\"}\n\
    {\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\",\"Message\":\"x\"}}}\n\
    the word InternalError in passing\n\
    FailedOperation.Foo and APIG.3999\n";

/// The code that is seen for the first time within the time shown.
const NEW_CODE: &str = "RequestLimitExceeded";

/// How often that log is written anew.
const PACE: Duration = Duration::from_millis(50);

/// The span over which increases are held against what was written.
const SPAN: Duration = Duration::from_secs(20);

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
            true => now - HOUR / 2,
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

/// An expression as Grafana sends it with everything chosen and a day shown.
fn filled(expr: &str) -> String {
    let all = ["$job", "$provider", "$category"];
    let expr = all
        .iter()
        .fold(expr.to_owned(), |expr, name| expr.replace(name, ".*"));
    expr.replace("$__range", "1d").replace("$__interval", "5m")
}

/// The number of a sample, unless it is none.
fn value(sample: &Value) -> Option<f64> {
    let number = sample["value"][1].as_str()?.parse::<f64>().ok();
    number.filter(|number| number.is_finite())
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

/// Puts what was exported over nine days where a Prometheus in `folder` keeps its data.
fn make_history(folder: &Path, tail: &Tail) {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let history = history(&tail.metrics(), tail.address, now);
    fs::write(folder.join("history.om"), history).unwrap();
    let args = [
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        "history.om",
        "data",
    ];
    let blocks = promtool(&args).current_dir(folder).output();
    assert_ends_well(&blocks.unwrap());
}

#[test]
#[ignore = "takes the package prometheus; run by .ci/run"]
fn while_a_log_is_written_every_panel_and_rule_has_data_and_every_count_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    let log = File::create(&path).unwrap();
    let tail = Tail::follow(&path);
    let writer = Writer::start(log, LOG, PACE);
    tail.wait_for("errsift_unknown_codes_total{");
    make_history(folder.path(), &tail);

    let prometheus = Prometheus::start(folder.path(), tail.address);

    // Scraped every second; what is older is of the history.
    let whole = format!(
        "count_over_time(errsift_lines_total[{}s]) >= {0}",
        SPAN.as_secs()
    );
    prometheus.wait_for(&whole);
    assert_increases_are_of_what_was_written(&prometheus, &writer);
    assert_every_panel_has_data(&prometheus);
    assert_every_rule_is_healthy(&prometheus);
    assert_only_what_is_new_is_alerted_to(&prometheus);
    let times = writer.stop();
    prometheus.wait_for(&format!(
        "errsift_lines_total == {}",
        times * LOG.lines().count()
    ));
    assert_counters_are_what_was_written(&prometheus, times);
}

fn assert_increases_are_of_what_was_written(prometheus: &Prometheus, writer: &Writer) {
    let now = SystemTime::now();
    let written = writer.written_within(SPAN, now) as f64;
    assert!(written > 300.0, "{written} times");
    for (counter, each) in [
        ("errsift_matches_total{code=\"APIG.1002\"}", 1),
        ("errsift_matches_total{code=\"InternalError\"}", 1),
        ("errsift_unknown_codes_total{family=\"APIG\"}", 1),
        ("errsift_lines_total", LOG.lines().count()),
    ] {
        let expr = format!("increase({counter}[{}s])", SPAN.as_secs());
        let increase = value(&prometheus.query_at(&expr, now)[0]).unwrap();
        let share = increase / (written * each as f64);
        assert!(
            (0.95..=1.05).contains(&share),
            "{counter}: {increase}, {written} written"
        );
    }
}

fn assert_counters_are_what_was_written(prometheus: &Prometheus, times: usize) {
    let label = |sample: &Value, name: &str| sample["metric"][name].as_str().unwrap().to_owned();
    let counts = |expr: &str, by: &str| -> BTreeMap<String, f64> {
        let samples = prometheus.query(expr).into_iter();
        samples
            .map(|it| (label(&it, by), value(&it).unwrap()))
            .collect()
    };
    let each = |names: &[&str]| -> BTreeMap<String, f64> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), times as f64))
            .collect()
    };

    let codes = ["APIG.1002", "APIG.9008", "InternalError", NEW_CODE];
    assert_eq!(counts("errsift_matches_total", "code"), each(&codes));
    let unconfirmed = counts("errsift_unconfirmed_matches_total > 0", "code");
    assert_eq!(unconfirmed, each(&["InternalError"]));
    let families = counts("errsift_unknown_codes_total", "family");
    assert_eq!(families, each(&["APIG", "FailedOperation"]));
    let bytes = value(&prometheus.query("errsift_bytes_total")[0]);
    assert_eq!(bytes, Some((times * LOG.len()) as f64));
}

fn assert_every_panel_has_data(prometheus: &Prometheus) {
    assert!(expressions().len() >= 25, "{}", expressions().len());
    for (title, expr) in expressions() {
        let samples = prometheus.query(&filled(&expr));
        assert!(
            samples.iter().any(|sample| value(sample).is_some()),
            "{title}:\n{}\n{samples:?}",
            filled(&expr)
        );
    }
}

fn assert_every_rule_is_healthy(prometheus: &Prometheus) {
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
}

fn assert_only_what_is_new_is_alerted_to(prometheus: &Prometheus) {
    prometheus.wait_for("ALERTS{alertname=\"ErrsiftNewCode\"}");
    let new = prometheus.query("ALERTS{alertname=\"ErrsiftNewCode\"}");
    let code = |sample: &Value| sample["metric"]["code"].as_str().map(str::to_owned);
    assert!(
        new.iter()
            .all(|sample| code(sample).as_deref() == Some(NEW_CODE)),
        "{new:#?}"
    );
}
