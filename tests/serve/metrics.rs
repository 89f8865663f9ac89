//! What Prometheus gets.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::client::{get, listening, metric};
use crate::process::wait_until;
use crate::support::{Folder, LINE};

const MATCHES: &str =
    "errsift_matches_total{provider=\"huaweicloud\",product=\"roma-connect\",code=\"APIG.1002\"}";
const WATCHED: &str =
    "errsift_matches_total{provider=\"huaweicloud\",product=\"roma-connect\",code=\"APIG.9008\"}";

#[test]
fn counters_are_what_was_written() {
    let folder = Folder::new();
    let args = [
        "-f",
        "ndjson",
        "--zero-for",
        "code=APIG.9008",
        "--min-count",
        "2",
    ];
    let (mut tail, address) = listening(&folder, &args);
    assert_eq!(metric(address, WATCHED), Some(0), "before it is seen");
    assert_eq!(metric(address, MATCHES), None);
    for count in 1..=5 {
        tail.write(format!("nothing here\nFailedOperation.Foo\n{LINE}"));
        tail.line();

        assert_eq!(metric(address, MATCHES), Some(count));
        assert_eq!(metric(address, "errsift_lines_total"), Some(3 * count));
        let unknown = metric(
            address,
            "errsift_unknown_codes_total{family=\"FailedOperation\"}",
        );
        assert_eq!(unknown, Some(count));
    }
    assert_eq!(metric(address, WATCHED), Some(0));
    assert_eq!(metric(address, "errsift_input_errors_total"), Some(0));
}

#[test]
fn with_a_state_counters_go_on_after_a_restart() {
    let folder = Folder::new();
    let args = ["--state", "app.state", "--from", "start", "-q", "app.log"];
    for count in [3, 7, 7, 20] {
        folder.write("app.log", LINE.repeat(count));
        let (tail, address) = listening(&folder, &args);
        wait_until(|| metric(address, MATCHES) == Some(count as u64));
        tail.send("TERM");
        assert_eq!(tail.ended().status, Some(0));
    }
}

#[test]
fn what_was_counted_before_a_restart_was_not_seen_just_now() {
    let folder = Folder::new();
    let args = ["--state", "app.state", "--from", "start", "-q", "app.log"];
    let line = "{\"error_code\":\"APIG.1002\"}\n";
    let tells_when = |address| {
        let text = get(address, "/metrics").body;
        text.contains("\nerrsift_last_match_timestamp_seconds{")
    };
    folder.write("app.log", line);
    let (tail, address) = listening(&folder, &args);
    wait_until(|| metric(address, MATCHES) == Some(1));
    assert!(tells_when(address));
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(0));

    let (tail, address) = listening(&folder, &args);
    assert_eq!(metric(address, MATCHES), Some(1));
    assert!(!tells_when(address));

    folder.write("app.log", line.repeat(2));
    wait_until(|| metric(address, MATCHES) == Some(2));
    assert!(tells_when(address));
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(0));
}

#[test]
fn a_code_that_another_catalogue_gives_to_another_product_is_counted_once() {
    let folder = Folder::new();
    let write_catalog = |product: &str| {
        let text = r#"{"schema":"errsift.catalog/1","provider":"acme","product":"PRODUCT",
            "title":{"en":"Acme","zh":"Acme"},"families":[],"codes":[{"code":"Acme.One"}]}"#;
        folder.write("acme.json", text.replace("PRODUCT", product));
    };
    write_catalog("old");
    let (mut tail, address) = listening(&folder, &["--catalog", "acme.json", "-f", "ndjson"]);
    let count = |product: &str| {
        let name = format!(
            "errsift_matches_total{{provider=\"acme\",product=\"{product}\",code=\"Acme.One\"}}"
        );
        metric(address, &name)
    };
    tail.write("Acme.One\n".repeat(3));
    (0..3).for_each(|_| assert_ne!(tail.line(), ""));
    assert_eq!((count("old"), count("new")), (Some(3), None));

    write_catalog("new");
    tail.send("HUP");
    assert!(tail.err_line().contains("loaded again"));
    tail.write("Acme.One\n");
    assert_ne!(tail.line(), "");

    assert_eq!((count("old"), count("new")), (Some(3), Some(1)));
}

#[test]
fn what_went_wrong_with_files_is_counted() {
    let folder = Folder::new();
    folder.write("app.log", LINE.repeat(3));
    std::os::unix::fs::symlink("loop", folder.file("loop")).unwrap();
    let (tail, address) = listening(&folder, &["--from", "start", "-q", "app.log", "loop"]);
    wait_until(|| metric(address, MATCHES) == Some(3));
    wait_until(|| metric(address, "errsift_input_errors_total") == Some(1));
    assert_eq!(metric(address, "errsift_truncations_total"), Some(0));

    folder.write("app.log", "");
    wait_until(|| metric(address, "errsift_truncations_total") == Some(1));
    assert_eq!(metric(address, MATCHES), Some(3), "no counter goes down");
    tail.send("TERM");
    assert_eq!(tail.ended().status, Some(2));
}

#[test]
#[ignore = "needs promtool, which .ci/run installs"]
fn promtool_finds_nothing_to_say_about_the_metrics() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    tail.write(format!("FailedOperation.Foo\n{LINE}"));
    tail.line();
    let metrics = get(address, "/metrics");

    let mut command = Command::new("promtool");
    let command = command.args(["check", "metrics", "--extended"]);
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut promtool = pipes.spawn().unwrap();
    promtool
        .stdin
        .take()
        .unwrap()
        .write_all(metrics.body.as_bytes())
        .unwrap();
    let ended = promtool.wait_with_output().unwrap();

    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(
        (ended.status.code(), said.as_ref()),
        (Some(0), ""),
        "{metrics:?}"
    );
}
