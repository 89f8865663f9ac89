//! What feeds a dashboard: snapshots in a file, and what came in each interval.

use errsift::tally::result::ScanResult;
use serde_json::Value;

use crate::process::{Tail, wait_until};
use crate::support::{Folder, LINE};

#[test]
fn a_snapshot_is_always_a_whole_result() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "-q", "--interval", "1s", "-o", "r.json"]);
    for round in 1..=2 {
        tail.write(LINE);
        let mut matches = 0;
        wait_until(|| {
            // It is renamed into its place, so whatever is there can be read.
            if let Ok(text) = std::fs::read_to_string(folder.file("r.json")) {
                let result: ScanResult = serde_json::from_str(&text).unwrap();
                matches = result.totals.matches;
            }
            matches == round
        });
    }

    assert_eq!(tail.end().status, Some(0));
    let report = folder.run(&["report", "-f", "json", "r.json"]);
    assert_eq!(report.result().totals.matches, 2);
}

#[test]
fn deltas_tell_each_match_once() {
    let folder = Folder::new();
    let args = ["tail", "-f", "ndjson", "--deltas", "--interval", "1s"];
    let mut tail = Tail::start(&folder, &args);
    let record = |line: &str| -> Value { serde_json::from_str(line).unwrap() };
    tail.write(LINE);
    let mut records = vec![record(&tail.line())];
    while records
        .iter()
        .all(|record| record["codes"] == Value::Array(Vec::new()))
    {
        records.push(record(&tail.line()));
    }
    tail.write(LINE.repeat(2));
    let ended = tail.end();
    records.extend(ended.out.lines().map(record));

    let told = records
        .iter()
        .flat_map(|record| record["codes"].as_array().unwrap());
    let told: Vec<String> = told.map(Value::to_string).collect();
    assert_eq!(
        told,
        [
            r#"{"code":"APIG.1002","count":1,"provider":"huaweicloud","total":1}"#,
            r#"{"code":"APIG.1002","count":2,"provider":"huaweicloud","total":3}"#,
        ]
    );
    for record in &records {
        let keys: Vec<&String> = record.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["codes", "seconds", "time"]);
        assert!(record["time"].as_str().unwrap().ends_with('Z'));
        assert!(record["seconds"].is_f64());
    }
    assert!(ended.err.starts_with("3 matches"), "{ended:?}");
}

#[test]
fn a_snapshot_that_cannot_be_saved_is_told_and_the_tail_goes_on() {
    let folder = Folder::new();
    let args = ["tail", "-q", "--interval", "1s", "-o", "gone/r.json"];
    let mut tail = Tail::start(&folder, &args);
    tail.write(LINE);

    let told = tail.err_line();
    assert!(
        told.starts_with("errsift: gone/r.json: cannot be written"),
        "{told}"
    );
    std::fs::create_dir(folder.file("gone")).unwrap();
    tail.write(LINE);

    assert_eq!(tail.end().status, Some(0));
    let saved: ScanResult = serde_json::from_str(&folder.read("gone/r.json")).unwrap();
    assert_eq!(saved.totals.matches, 2);
}

#[test]
fn a_textfile_is_kept_up_to_date_and_its_counters_go_on_after_a_restart() {
    let folder = Folder::new();
    let args = [
        "tail",
        "-q",
        "--interval",
        "1s",
        "--state",
        "app.state",
        "--textfile",
        "errsift.prom",
    ];
    let counted = |n| {
        let sample = format!("product=\"roma-connect\",code=\"APIG.1002\"}} {n}\n");
        let text = std::fs::read_to_string(folder.file("errsift.prom"));
        text.is_ok_and(|text| text.contains(&sample))
    };

    let mut tail = Tail::start(&folder, &args);
    tail.write(LINE);
    wait_until(|| counted(1));
    tail.write(LINE);
    assert_eq!(tail.end().status, Some(0));
    assert!(
        counted(2),
        "what came last is in it: {}",
        folder.read("errsift.prom")
    );

    let mut tail = Tail::start(&folder, &args);
    tail.write(LINE);
    wait_until(|| counted(3));
    assert_eq!(tail.end().status, Some(0));
}
