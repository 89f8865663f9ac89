//! Pages to open, each made by the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::chrome::Chrome;

fn errsift(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_errsift"));
    command.args(args).envs([("LANG", "C"), ("TZ", "UTC")]);
    command
}

/// A page in a folder that is gone after the test.
pub struct Page {
    pub path: PathBuf,
    _folder: TempDir,
}

impl Page {
    /// What the program writes with `args`, and a file to read, given by its name and text.
    pub fn new(args: &[&str], input: Option<(&str, &[u8])>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.html");
        let mut command = errsift(args);
        command.arg("-o").arg(&path);
        match input {
            Some((name, text)) => {
                fs::write(folder.path().join(name), text).unwrap();
                command.current_dir(folder.path()).arg(name);
            }
            None => drop(command.current_dir(env!("CARGO_MANIFEST_DIR"))),
        }
        Page::written_by(command, folder)
    }

    /// What `command` writes into `folder`.
    fn written_by(mut command: Command, folder: TempDir) -> Self {
        let path = folder.path().join("report.html");
        let output = command.output().unwrap();
        assert!(path.exists(), "{output:?}");
        Page {
            path,
            _folder: folder,
        }
    }

    /// The page of the incident that the other tests count by hand.
    pub fn of_incident(lang: &str) -> Self {
        Page::new(
            &[
                "scan",
                "--tz",
                "UTC",
                "--samples",
                "3",
                "--lang",
                lang,
                "tests/data/incident.log",
            ],
            None,
        )
    }

    /// The page of that night beside a calm one.
    pub fn of_two_nights() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, goes_wrong) in [("calm", false), ("night", true)] {
            let (log, result) = (format!("{name}.log"), format!("{name}.json"));
            fs::write(folder.path().join(&log), night_log(goes_wrong)).unwrap();
            let args = ["scan", "--tz", "UTC", "--bucket", "1m", &log, "-o", &result];
            let scanned = errsift(&args).current_dir(folder.path()).output().unwrap();
            assert!(scanned.status.success(), "{scanned:?}");
        }
        let args = [
            "report",
            "night.json",
            "--baseline",
            "calm.json",
            "-o",
            "report.html",
        ];
        let mut command = errsift(&args);
        command.current_dir(folder.path());
        Page::written_by(command, folder)
    }

    /// The page of a saved result.
    pub fn of_result(result: &Value) -> Self {
        Page::new(
            &["report"],
            Some(("result.json", result.to_string().as_bytes())),
        )
    }

    pub fn opened(&self) -> Chrome {
        let chrome = Chrome::new(1280, 900);
        chrome.open_file(&self.path);
        chrome
    }

    /// Asserts that the page complained of nothing and asked for nothing but itself.
    pub fn assert_quiet(&self, chrome: &Chrome) {
        let own = format!("file://{}", self.path.display());
        assert_eq!(chrome.complaints(&own), [""; 0]);
    }
}

/// A folder for what a test leaves to look at.
pub fn leavings() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A result of so many codes with so many buckets each.
pub fn big_result(codes: usize, buckets: usize) -> Value {
    let categories = [
        "throttling",
        "authentication",
        "not_found",
        "internal",
        "quota",
        "conflict",
    ];
    let providers = ["huaweicloud", "tencentcloud", "alibabacloud"];
    let row = |index: usize| {
        let at = |minute: usize| {
            let minute = (minute * 7 + index) % 1440;
            format!("2026-11-22T{:02}:{:02}:00Z", minute / 60, minute % 60)
        };
        let mut counts: Vec<(String, usize)> =
            (0..buckets).map(|n| (at(n), 1 + (index + n) % 9)).collect();
        counts.sort();
        let count: usize = counts.iter().map(|(_, count)| count).sum();
        json!({
            "code": format!("Big.{index:05}"), "provider": providers[index % 3],
            "candidates": [], "product": "big", "http_status": 400 + index % 4, "category": categories[index % 6],
            "retryable": index.is_multiple_of(2), "message": null,
            "meaning": {"en": format!("Meaning {index}."), "zh": format!("含义 {index}。")},
            "remediation": {"en": format!("Advice {index}."), "zh": format!("建议 {index}。")},
            "count": count, "unconfirmed": 0, "lines": count, "first_seen": counts[0].0, "last_seen": counts[buckets - 1].0,
            "observed_status": {"401": count}, "samples": [{"path": "big.log", "line": index, "offset": 1, "text": format!("ERROR Big.{index:05} failed"), "request_id": null}],
            "buckets": counts,
        })
    };
    json!({
        "schema": "errsift.result/1", "tool": {"name": "errsift", "version": "0.1.0"}, "catalog": {"sha256": "00", "codes": codes},
        "inputs": [{"path": "big.log", "bytes": 1, "lines": 1, "matches": 1, "state": "complete", "error": null, "id": null}],
        "totals": {"bytes": 1, "lines": 1_000_000, "matched_lines": 900_000, "matches": 500_000, "unconfirmed": 0, "unknown": 0},
        "time": {"first": "2026-11-22T00:00:00Z", "last": "2026-11-22T23:59:00Z"},
        "codes": (0..codes).map(row).collect::<Vec<_>>(), "unknown": [], "http": [], "bucket_seconds": 60,
    })
}

/// A night's log of a fleet: calm, and where it `goes_wrong`, then an expired token that everybody
/// retries, then throttling.
fn night_log(goes_wrong: bool) -> String {
    let mut log = String::new();
    let mut random: u32 = 7;
    let mut roll = move |most: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % most
    };
    let often = if goes_wrong { 9 } else { 3 };
    for minute in 0..480 {
        let surge = |from: usize, length: usize, height: usize| {
            let height = height * usize::from(goes_wrong);
            let into = usize::from((from..from + length).contains(&minute))
                * (minute.saturating_sub(from) + 1);
            height * into.min(from + length - minute.min(from + length)) * 4 / length.max(1)
        };
        let rates = [
            ("APIG.1001", 401, 1 + surge(150, 60, 14)),
            ("APIG.9008", 429, 2 + surge(165, 200, 9)),
            ("APIG.1005", 403, surge(150, 60, 3)),
            ("Organizations.1003", 409, usize::from(minute % often == 0)),
            (
                "UC.00011001",
                400,
                usize::from(!goes_wrong && minute % 17 == 0),
            ),
            ("UC.00011003", 403, usize::from(minute % 13 == 0)),
            ("APIG.3999", 500, usize::from(minute % 97 == 5)),
        ];
        for (code, status, rate) in rates {
            for _ in 0..roll(rate + 1) {
                let second = roll(60);
                let (hour, minute) = (20 + minute / 60, minute % 60);
                let (day, hour) = (21 + hour / 24, hour % 24);
                let id = roll(1 << 24);
                log += &format!(
                    "2026-11-{day}T{hour:02}:{minute:02}:{second:02}Z ERROR api call failed: HTTP/1.1 {status} \
                     {{\"error_code\":\"{code}\",\"error_msg\":\"see the docs\",\"request_id\":\"{id:06x}a7c94d5e8f1b2c3d4e5f60718{id:08x}\"}}\n"
                );
            }
        }
        if minute % 3 == 0 && roll(4) > 0 {
            let (code, text) = [
                ("RequestLimitExceeded", "slow down"),
                ("LimitExceeded.Members", "too many"),
                ("InternalError", "try again"),
            ][roll(3)];
            let (hour, day) = ((20 + minute / 60) % 24, 21 + (20 + minute / 60) / 24);
            log += &format!(
                "2026-11-{day}T{hour:02}:{:02}:30Z WARN {{\"Response\":{{\"Error\":{{\"Code\":\"{code}\",\"Message\":\"{text}\"}},\"RequestId\":\"f00d-{minute}\"}}}}\n",
                minute % 60
            );
        }
        for worker in 0..20 {
            log += &format!("worker {worker} is well\n");
        }
    }
    log
}

impl Page {
    /// The page of a night on which something went wrong.
    pub fn of_night() -> Self {
        Page::new(
            &["scan", "--tz", "UTC", "--samples", "3", "--lang", "en"],
            Some(("night.log", night_log(true).as_bytes())),
        )
    }
}
