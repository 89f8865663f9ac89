//! What the user may not read or write.
//!
//! Root may do everything, so for root the program runs as nobody, from a copy that nobody can reach.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use errsift::tally::result::InputState::{Complete, Failed};

use crate::states;
use crate::support::{Ended, Folder, LINE, ended};

const DENIED: &str = "Permission denied (os error 13)";

/// Who owns nothing, by custom.
const NOBODY: u32 = 65534;

fn set_mode(folder: &Folder, name: &str, mode: u32) {
    fs::set_permissions(folder.file(name), Permissions::from_mode(mode)).unwrap();
}

/// Runs the program as somebody whom permissions bind.
fn run_bound(folder: &Folder, args: &[&str]) -> Ended {
    ended(start_bound(folder, args))
}

fn start_bound(folder: &Folder, args: &[&str]) -> Child {
    let program = tempfile::tempdir().unwrap();
    fs::set_permissions(program.path(), Permissions::from_mode(0o755)).unwrap();
    set_mode(folder, ".", 0o755);
    let copy = program.path().join("errsift");
    // By another process: a program that is open for writing here, when another test starts one of its
    // own, stays so in that and cannot be run.
    let mut copying = Command::new("cp");
    copying.arg(env!("CARGO_BIN_EXE_errsift")).arg(&copy);
    assert!(copying.status().unwrap().success());
    let mut command = Command::new(copy);
    command
        .args(args)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.spawn().unwrap()
}

#[test]
fn files_and_folders_that_may_not_be_read_are_named() {
    let folder = Folder::with_log();
    for name in [
        "secret.log",
        "closed/a.log",
        "open/closed/a.log",
        "open/b.log",
        "listed/a.log",
    ] {
        folder.write(name, LINE);
    }
    set_mode(&folder, "secret.log", 0);
    set_mode(&folder, "closed", 0);
    set_mode(&folder, "open/closed", 0);
    set_mode(&folder, "listed", 0o744);
    let owner_may_enter = fs::metadata("/proc/self").unwrap().uid() != 0;
    if owner_may_enter {
        set_mode(&folder, "listed", 0o444);
    }

    let mut args = vec!["scan", "-f", "json", "app.log", "secret.log", "closed"];
    args.extend(["closed/a.log", "open", "listed"]);
    let ended = run_bound(&folder, &args);
    // So that they can be removed.
    for name in ["closed", "open/closed", "listed"] {
        set_mode(&folder, name, 0o755);
    }

    assert_eq!(ended.status, Some(2), "{ended:?}");
    let denied = [
        "closed",
        "closed/a.log",
        "listed/a.log",
        "open/closed",
        "secret.log",
    ];
    let told: String = denied
        .map(|name| format!("errsift: {name}: {DENIED}\n"))
        .concat();
    assert_eq!(ended.err, told);
    let result = ended.result();
    assert_eq!(
        states(&result),
        [
            ("app.log", Complete, ""),
            ("closed", Failed, DENIED),
            ("closed/a.log", Failed, DENIED),
            ("listed/a.log", Failed, DENIED),
            ("open/b.log", Complete, ""),
            ("open/closed", Failed, DENIED),
            ("secret.log", Failed, DENIED),
        ]
    );
    assert_eq!(result.totals.matches, 2);
}

#[test]
fn a_report_that_may_not_be_written_is_printed_and_the_old_one_stays() {
    let folder = Folder::with_log();
    folder.write("closed/r.json", "old");
    set_mode(&folder, "closed", 0o555);

    let ended = run_bound(&folder, &["scan", "app.log", "-o", "closed/r.json"]);
    set_mode(&folder, "closed", 0o755);

    assert_eq!(ended.status, Some(2));
    assert_eq!(
        ended.err,
        format!(
            "errsift: closed/r.json: not saved, printed instead\n\
             errsift: closed/r.json: cannot be written: {DENIED}\n"
        )
    );
    assert_eq!(ended.result().totals.matches, 1);
    assert_eq!(folder.read("closed/r.json"), "old");
}

#[test]
fn a_catalogue_that_may_not_be_read_is_named() {
    let folder = Folder::with_log();
    folder.write("list.txt", "ORA-00942\n");
    folder.write("cat/list.txt", "ORA-00942\n");
    for name in ["list.txt", "cat"] {
        set_mode(&folder, name, 0);

        let ended = run_bound(&folder, &["scan", "--catalog", name, "app.log"]);
        set_mode(&folder, name, 0o755);

        assert_eq!(
            ended.complaint(),
            (
                Some(2),
                format!("errsift: {name}: cannot be opened: {DENIED}").as_str()
            )
        );
    }
}

#[test]
fn a_log_that_may_be_read_again_is_one_input_and_sound() {
    let folder = Folder::with_log();
    fs::create_dir(folder.file("own")).unwrap();
    set_mode(&folder, "own", 0o777);
    let args = [
        "--state",
        "own/kept",
        "-f",
        "ndjson",
        "-o",
        "own/r.json",
        "app.log",
    ];
    let counted = run_bound(&folder, &["scan", args[0], args[1], "app.log"]);
    assert_eq!(counted.status, Some(0), "{counted:?}");
    set_mode(&folder, "app.log", 0);

    let mut tail = start_bound(&folder, &[&["tail"], &args[..]].concat());
    let mut err = BufReader::new(tail.stderr.take().unwrap()).lines();
    let complaint = err.next().unwrap().unwrap();
    set_mode(&folder, "app.log", 0o644);
    folder.write("app.log", LINE.repeat(2));
    let mut out = BufReader::new(tail.stdout.take().unwrap()).lines();
    assert!(out.next().unwrap().unwrap().contains("APIG.1002"));
    let kill = ["-c".to_owned(), format!("kill -s INT {}", tail.id())];
    assert!(Command::new("sh").args(kill).status().unwrap().success());
    let told: Vec<String> = err.map(Result::unwrap).collect();

    let expected = format!("errsift: app.log: {DENIED}, it is tried again");
    assert_eq!(complaint, expected);
    assert!(!told.iter().any(|line| line.contains(DENIED)), "{told:?}");
    assert_eq!(tail.wait().unwrap().code(), Some(0), "{told:?}");
    let result = serde_json::from_str(&folder.read("own/r.json")).unwrap();
    assert_eq!(states(&result), [("app.log", Complete, "")]);
}
