//! The real logrotate, as it comes and with `copytruncate`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::log::Log;
use crate::random::Random;
use crate::side_by_side;
use crate::tail::Tail;

/// Where Debian and others install it.
const LOGROTATE: &str = "/usr/sbin/logrotate";

/// Rotates a log again and again while it is written to, with the tail killed in between.
fn rotated(configuration: &str, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    fs::create_dir_all(logs.join("old")).unwrap();
    fs::set_permissions(&logs, fs::Permissions::from_mode(0o755)).unwrap();
    let mut log = Log::new(logs.join("a.log"));
    let log_path = log.path.display();
    let file = folder.path().join("rotate.conf");
    let text = format!("{log_path} {{\n rotate 100\n size 1\n missingok\n {configuration}\n}}\n");
    fs::write(&file, text).unwrap();
    let mut random = Random::new(seed);
    let mut tail = Tail::new(folder.path(), vec![String::from("logs/a.log")]);
    tail.start();
    for round in 0..12 {
        log.write(&mut random);
        log.finish();
        tail.wait_for(log.lines, log.bytes);
        match round % 4 {
            0 => log.write(&mut random),
            1 => tail.kill(),
            2 => {
                tail.kill();
                log.write(&mut random);
            }
            _ => {}
        }
        log.finish();
        let rotation = Command::new(LOGROTATE)
            .arg("--force")
            .arg("--state")
            .arg(folder.path().join("status"))
            .arg(&file)
            .output()
            .expect("logrotate is installed");
        assert!(rotation.status.success(), "{rotation:?}");
        if !tail.is_running() {
            tail.start();
        }
    }
    tail.wait_for(log.lines, log.bytes);
    tail.stop();
    let counted = tail.counted().unwrap();
    assert_eq!(counted.totals.matches, log.lines);
    assert_eq!(counted.inputs.len(), 1, "{:?}", counted.inputs);
    let files = |folder| fs::read_dir(folder).unwrap().count();
    let generations = files(&logs) + files(&logs.join("old"));
    assert!(generations > 10, "{generations}");
}

#[test]
#[ignore = "needs logrotate"]
fn logrotate_loses_and_doubles_nothing() {
    const CONFIGURATIONS: &[(&str, u64)] = &[
        ("create 0644", 1),
        ("create 0644\n compress\n delaycompress", 2),
        (
            "create 0644\n compress\n dateext\n dateformat -%Y%m%d-%s",
            3,
        ),
        ("create 0644\n compress\n olddir old", 4),
        ("copytruncate", 1),
        ("copytruncate\n compress", 2),
        ("copytruncate\n olddir old", 3),
    ];
    side_by_side(CONFIGURATIONS, |&(configuration, seed)| {
        rotated(configuration, seed);
    });
}
