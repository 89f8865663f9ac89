//! Dashboard, alerts and recording rules.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::Stdio;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{assert_ends_well, errsift, path, promtool, text};

#[derive(Deserialize)]
struct RuleFile {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    alert: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct TestFile {
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    alert_rule_test: Vec<AlertTest>,
}

#[derive(Deserialize)]
struct AlertTest {
    alertname: String,
    exp_alerts: Vec<Fired>,
}

#[derive(Deserialize)]
struct Fired {
    exp_labels: BTreeMap<String, String>,
}

fn read<T: serde::de::DeserializeOwned>(yaml: &str) -> T {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}"))
}

/// Each alert with its category, where it is of one.
fn alerts(yaml: &str) -> BTreeSet<(String, Option<String>)> {
    let groups = read::<RuleFile>(yaml).groups.into_iter();
    let rules = groups.flat_map(|group| group.rules);
    rules
        .filter_map(|rule| Some((rule.alert?, rule.labels.get("category").cloned())))
        .collect()
}

#[test]
fn what_is_in_the_folder_is_what_the_program_prints() {
    for (what, file) in [
        ("grafana", "grafana/errsift.json"),
        ("alerts", "prometheus/alerts.yml"),
        ("recording", "prometheus/recording.yml"),
    ] {
        assert_eq!(
            errsift(&["dashboard", what, "--lang", "en"]),
            text(file),
            "deploy/{file} is old: errsift dashboard {what} --lang en > deploy/{file}"
        );
    }
}

#[test]
fn every_alert_is_tested_to_fire_and_to_stay_silent() {
    let tests = read::<TestFile>(&text("prometheus/tests.yml"))
        .tests
        .into_iter();
    let tests: Vec<AlertTest> = tests.flat_map(|case| case.alert_rule_test).collect();

    for (alert, category) in alerts(&text("prometheus/alerts.yml")) {
        let of_alert = || tests.iter().filter(|test| test.alertname == alert);
        let fires = of_alert().any(|test| {
            let mut fired = test.exp_alerts.iter();
            fired.any(|it| category.is_none() || it.exp_labels.get("category") == category.as_ref())
        });
        let is_silent = of_alert().any(|test| test.exp_alerts.is_empty());
        assert!(fires, "{alert} of {category:?} fires in no test");
        assert!(is_silent, "{alert} stays silent in no test");
    }
}

#[test]
fn nobody_is_alerted_to_what_the_catalogue_cannot_tell() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = folder.path().join("own.json");
    let entry = r#"{"schema":"errsift.catalog/1","provider":"own","product":"api","codes":[
        {"code":"OWN.1001","category":"quota","meaning":{"en":"m","zh":"m"},"remediation":{"en":"r","zh":"r"}}]}"#;
    std::fs::write(&catalog, entry).unwrap();
    let catalog = catalog.to_str().unwrap();
    let args = ["dashboard", "alerts", "--no-builtin", "--catalog", catalog];

    let alerts = alerts(&errsift(&args));

    let names: BTreeSet<&str> = alerts.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains("ErrsiftNewCode"), "{names:?}");
    assert!(!names.contains("ErrsiftThrottling"), "{names:?}");
    assert!(!names.contains("ErrsiftAuthenticationFailing"), "{names:?}");
    let bursts = alerts.iter().filter(|(name, _)| name == "ErrsiftBurst");
    let bursts: Vec<&str> = bursts
        .filter_map(|(_, category)| category.as_deref())
        .collect();
    assert_eq!(bursts, ["quota"]);
}

#[test]
fn both_languages_have_the_same_rules_and_panels() {
    let alerts_of = |lang| alerts(&errsift(&["dashboard", "alerts", "--lang", lang]));
    assert_eq!(alerts_of("en"), alerts_of("zh"));

    let titles = |lang| -> Vec<String> {
        let dashboard = errsift(&["dashboard", "grafana", "--lang", lang]);
        let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
        let panels = dashboard["panels"].as_array().unwrap().iter();
        panels
            .map(|panel| panel["title"].as_str().unwrap().to_owned())
            .collect()
    };
    let (en, zh) = (titles("en"), titles("zh"));
    assert_eq!(en.len(), zh.len());
    let untranslated: Vec<_> = en.iter().zip(&zh).filter(|(en, zh)| en == zh).collect();
    assert!(untranslated.is_empty(), "{untranslated:?}");
}

#[test]
fn no_panel_covers_another_and_each_has_its_own_id() {
    let dashboard: Value = serde_json::from_str(&text("grafana/errsift.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    let mut cells = BTreeSet::new();
    for panel in panels {
        assert!(
            ids.insert(panel["id"].as_u64().unwrap()),
            "{}",
            panel["title"]
        );
        let side = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        assert!(side("x") + side("w") <= 24, "{}", panel["title"]);
        for x in side("x")..side("x") + side("w") {
            for y in side("y")..side("y") + side("h") {
                assert!(cells.insert((x, y)), "{} at {x}, {y}", panel["title"]);
            }
        }
    }
    assert!(panels.len() > 20, "{}", panels.len());
}

#[test]
#[ignore = "takes promtool of the package prometheus; run by .ci/run"]
fn prometheus_accepts_the_rules() {
    for file in ["prometheus/alerts.yml", "prometheus/recording.yml"] {
        let check = promtool(&["check", "rules", path(file).to_str().unwrap()]).output();
        assert_ends_well(&check.unwrap());
    }
}

#[test]
#[ignore = "takes promtool of the package prometheus; run by .ci/run"]
fn every_alert_fires_and_stays_silent() {
    let tests = path("prometheus/tests.yml");
    let run = promtool(&["test", "rules", tests.to_str().unwrap()]).output();
    assert_ends_well(&run.unwrap());
}

#[test]
#[ignore = "takes promtool of the package prometheus; run by .ci/run"]
fn prometheus_accepts_the_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("app.log");
    // No code of a catalogue, but a label has to bear it.
    let hostile = "{\"error_code\":\"APIG.1002\"} InternalError FailedOperation.\u{4e2d} FailedOperation.Foo\n";
    std::fs::write(&log, hostile).unwrap();
    let log = log.to_str().unwrap();
    let text = errsift(&[
        "scan",
        "-f",
        "prometheus",
        "--zero-for",
        "category=throttling",
        log,
    ]);

    let mut check = promtool(&["check", "metrics"]);
    let check = check
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut check = check.spawn().unwrap();
    check
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let ended = check.wait_with_output().unwrap();

    assert_ends_well(&ended);
    assert_eq!(
        String::from_utf8_lossy(&ended.stderr),
        "",
        "what it advises"
    );
}
