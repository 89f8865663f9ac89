//! `errsift scan`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::time::{Duration, UNIX_EPOCH};

use errsift::tally::result::{CodeRow, InputState, ScanResult};

use crate::support::{Folder, LINE, ended, pipe, run};

const TENCENT: &str = r#"{"Response":{"Error":{"Code":"FailedOperation.NodeNotEmpty","Message":"m"},"RequestId":"3c1a"}}"#;
const UNKNOWN: &str = "ERROR FailedOperation.Foo\n";
const IN_PASSING: &str = "the word InternalError in passing\n";

/// The codes that a scan of `text` with `options` counts.
fn counted(options: &[&str], text: &str) -> Vec<(String, u64)> {
    let args = [&["scan", "-f", "json"], options].concat();
    let codes = pipe(&args, text).result().codes.into_iter();
    codes.map(|row| (row.code, row.count)).collect()
}

fn one(code: &str) -> Vec<(String, u64)> {
    vec![(code.to_owned(), 1)]
}

#[test]
fn the_status_tells_whether_a_known_code_was_found() {
    assert_eq!(pipe(&["scan"], LINE).status, Some(0));
    assert_eq!(pipe(&["scan"], "nothing here\n").status, Some(1));
    assert_eq!(pipe(&["scan"], UNKNOWN).status, Some(1));
    assert_eq!(pipe(&["scan", "--http"], "HTTP/1.1 404\n").status, Some(1));
    assert_eq!(pipe(&["scan", "--exit-zero"], UNKNOWN).status, Some(0));
    assert_eq!(pipe(&["scan"], IN_PASSING).status, Some(0));
    assert_eq!(pipe(&["scan", "--strict"], IN_PASSING).status, Some(1));
}

#[test]
fn no_path_and_a_hyphen_are_standard_input() {
    for args in [&["scan", "-f", "json"][..], &["scan", "-f", "json", "-"]] {
        let ended = pipe(args, LINE);

        assert_eq!(ended.status, Some(0), "{ended:?}");
        assert_eq!(ended.err, "");
        assert_eq!(ended.result().inputs[0].path, "-");
    }
}

#[test]
fn a_table_tells_what_to_do() {
    let ended = pipe(&["scan"], LINE);

    assert!(
        ended
            .out
            .starts_with("1 match of 1 distinct code in 1 of 1 line (83 B, 1 input)"),
        "{ended:?}"
    );
    for part in ["APIG.1002", "401 (saw 403 x1)", "X-Auth-Token"] {
        assert!(ended.out.contains(part), "{part}: {ended:?}");
    }
    assert!(!ended.out.contains('\x1b'), "{ended:?}");
}

#[test]
fn one_failed_input_makes_the_status_2_and_the_others_count() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "-f", "json", "nowhere.log", "app.log"]);

    assert_eq!(ended.status, Some(2));
    assert_eq!(
        ended.err,
        "errsift: nowhere.log: No such file or directory (os error 2)\n"
    );
    assert_eq!(ended.result().totals.matches, 1);
}

#[test]
fn a_condition_makes_the_status_3_and_is_named() {
    let status = |condition| {
        let ended = pipe(&["scan", "-f", "json", "--fail-on", condition], LINE);
        (ended.status, ended.err)
    };
    let holds = |condition| (Some(3), format!("errsift: --fail-on {condition} holds\n"));

    assert_eq!(status("status=4xx"), holds("status=4xx"));
    assert_eq!(
        status("category=authentication"),
        holds("category=authentication")
    );
    assert_eq!(status("code=APIG.*>0"), holds("code=APIG.*>0"));
    assert_eq!(
        status("provider=huaweicloud"),
        holds("provider=huaweicloud")
    );
    assert_eq!(status("status=4xx>1"), (Some(0), String::new()));
    assert_eq!(status("unknown"), (Some(0), String::new()));
}

#[test]
fn a_condition_is_about_what_is_too_rare_to_be_shown_as_well() {
    let folder = Folder::with_log();
    let gate = ["--min-count", "5", "--fail-on", "status=4xx"];

    let scan = folder.run(&[&["scan", "-f", "json", "app.log"], &gate[..]].concat());
    folder.run(&["scan", "-o", "app.json", "app.log"]);
    let report = folder.run(&[&["report", "-f", "json", "app.json"], &gate[..]].concat());

    for ended in [scan, report] {
        assert_eq!(ended.status, Some(3));
        let unseen = "by what --min-count leaves out: APIG.1002";
        let expected = format!("errsift: --fail-on status=4xx holds, {unseen}\n");
        assert_eq!(ended.err, expected);
        assert_eq!(ended.result().codes, []);
    }
}

#[test]
fn an_error_comes_before_a_condition() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "--fail-on", "status=4xx", "app.log", "nowhere"]);

    assert_eq!(ended.status, Some(2));
}

#[test]
fn filters_take_matches_out() {
    let text = format!("{LINE}2026-11-22T12:00:00Z {TENCENT}\n");
    let apig = one("APIG.1002");
    let node = one("FailedOperation.NodeNotEmpty");

    assert_eq!(counted(&["--provider", "tencentcloud"], &text), node);
    assert_eq!(counted(&["--code", "APIG.*"], &text), apig);
    assert_eq!(counted(&["--status", "4xx"], &text), apig);
    assert_eq!(counted(&["--status", "500,401"], &text), apig);
    assert_eq!(counted(&["--since", "2026-11-22T11:00:00Z"], &text), node);
    assert_eq!(counted(&["--until", "2026-11-22T11:00:00Z"], &text), apig);
    assert_eq!(
        counted(&["--until", "2026-11-22 19:00", "--tz", "+08:00"], &text),
        apig
    );
    assert_eq!(counted(&["--strict"], IN_PASSING), []);
    assert_eq!(counted(&["--min-count", "2"], &text), []);
    assert_eq!(counted(&["--top", "1"], &text), apig);
}

#[test]
fn buckets_samples_and_statuses_are_kept_where_asked_for() {
    let args = [
        "scan",
        "-f",
        "json",
        "--bucket",
        "1h",
        "--samples",
        "2",
        "--http",
    ];
    let result = pipe(&args, LINE.repeat(3)).result();

    let row = &result.codes[0];
    assert_eq!(row.buckets, [(String::from("2026-11-22T10:00:00Z"), 3)]);
    assert_eq!(row.samples.len(), 2);
    assert_eq!((result.http[0].status, result.http[0].count), (403, 3));
}

#[test]
fn discover_reports_codes_of_whatever_provider() {
    let text = r#"{"Code":"ResourceBusy"}"#;
    let unknown = |options: &[&str]| {
        let args = [&["scan", "-f", "json"], options].concat();
        let rows = pipe(&args, text).result().unknown.into_iter();
        rows.map(|row| row.code).collect::<Vec<_>>()
    };

    assert_eq!(unknown(&[]), [""; 0]);
    assert_eq!(unknown(&["--discover"]), ["ResourceBusy"]);
}

#[test]
fn rows_may_be_files_and_globs_choose_among_them() {
    let folder = Folder::new();
    for name in ["logs/a.log", "logs/b.log", "logs/.hidden/c.txt"] {
        folder.write(name, LINE);
    }
    let files = |options: &[&str]| {
        let args = [&["scan", "--by", "file", "-f", "csv", "logs"], options].concat();
        let out = folder.run(&args).out;
        let cell = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
        out.lines().skip(1).map(cell).collect::<Vec<_>>()
    };

    assert_eq!(
        files(&[]),
        ["logs/.hidden/c.txt", "logs/a.log", "logs/b.log"]
    );
    assert_eq!(files(&["--include", "*.log"]), ["logs/a.log", "logs/b.log"]);
    assert_eq!(files(&["--exclude", "*.log"]), ["logs/.hidden/c.txt"]);
}

#[test]
fn a_glob_does_not_hang_on_how_the_folder_is_called() {
    let folder = Folder::new();
    for name in ["logs/a.log", ".git/b.log"] {
        folder.write(name, LINE);
    }
    for path in [".", "./", "./."] {
        for options in [
            ["--include", "logs/*"],
            ["--include", "./logs/*"],
            ["--exclude", ".*"],
        ] {
            let ended = folder.run(&["scan", "-f", "json", path, options[0], options[1]]);
            let inputs = ended.result().inputs;
            assert_eq!(inputs.len(), 1, "{path} {options:?}");
            assert!(inputs[0].path.ends_with("logs/a.log"), "{inputs:?}");
        }
    }

    let nothing = folder.run(&["scan", ".", "--include", "*.txt"]);

    assert_eq!(nothing.status, Some(1));
    assert!(nothing.err.contains("no file to read"), "{nothing:?}");
}

#[test]
fn paths_are_read_from_a_list() {
    let folder = Folder::new();
    folder.write("a b.log", LINE);
    folder.write("c\nd.log", LINE);
    folder.write("lines", "a b.log\n");
    let paths = |list: &str, stdin: &str| {
        let ended = folder.pipe(&["scan", "-f", "json", "--files-from", list], stdin);
        let inputs = ended.result().inputs.into_iter();
        inputs.map(|input| input.path).collect::<Vec<_>>()
    };

    assert_eq!(paths("lines", ""), ["a b.log"]);
    assert_eq!(paths("-", "a b.log\0c\nd.log\0"), ["a b.log", "c\nd.log"]);
    assert_eq!(paths("-", ""), [""; 0]);
    let twice = folder.pipe(&["scan", "--files-from", "-"], "a b.log\n-\n");
    let expected = "errsift: --files-from -: standard input is the list of paths, expected no path - in it; a file of that name is ./-";
    assert_eq!(twice.complaint(), (Some(2), expected));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new();
    folder.write("big.log", LINE.repeat(50_000));

    let one = folder.run(&["scan", "-f", "json", "-j", "1", "big.log"]);
    let four = folder.run(&["scan", "-f", "json", "-j", "4", "big.log"]);

    assert_eq!(one.result(), four.result());
    assert_eq!(one.result().totals.matches, 50_000);
}

#[test]
fn stats_and_progress_go_to_standard_error() {
    let ended = pipe(
        &["scan", "-f", "json", "--stats", "--progress", "always"],
        LINE,
    );

    let text = format!("text: {} bytes, 1 lines\n", LINE.len());
    for part in ["catalogue: ", "engine: ", &text, "time: ", "rate: "] {
        assert!(ended.err.contains(part), "{part}: {ended:?}");
    }
    let tells_memory = std::path::Path::new("/proc/self/status").exists();
    assert_eq!(
        ended.err.contains("peak memory: "),
        tells_memory,
        "{ended:?}"
    );
    assert_eq!(ended.result().totals.matches, 1);
    assert_eq!(pipe(&["scan", "--progress", "never"], LINE).err, "");
}

#[test]
fn events_go_to_standard_output_and_the_table_to_standard_error() {
    let text = pipe(&["scan", "-f", "text"], LINE);
    let ndjson = pipe(&["scan", "-f", "ndjson"], LINE.repeat(2));

    assert!(
        text.out.starts_with("-:1: 2026-11-22T10:00:00Z ERROR"),
        "{text:?}"
    );
    assert!(
        text.err.starts_with("1 match of 1 distinct code"),
        "{text:?}"
    );
    assert_eq!(text.status, Some(0));
    let lines = ndjson.out.lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        event["line"].as_u64()
    });
    assert_eq!(lines.collect::<Vec<_>>(), [Some(1), Some(2)]);
}

#[test]
fn the_language_comes_from_the_option_or_the_locale() {
    let folder = Folder::with_log();
    let scan = |args: &[&str], env: &[(&str, &str)]| {
        folder
            .run_with(&[&["scan", "app.log"], args].concat(), "", env)
            .out
    };
    let is_chinese = |out: String| out.contains("处理办法");

    assert!(is_chinese(scan(&["--lang", "zh"], &[])));
    assert!(is_chinese(scan(&[], &[("LANG", "zh_CN.UTF-8")])));
    assert!(is_chinese(scan(
        &[],
        &[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW")]
    )));
    assert!(!is_chinese(scan(
        &[],
        &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]
    )));
    assert!(!is_chinese(scan(
        &["--lang", "en"],
        &[("LANG", "zh_CN.UTF-8")]
    )));
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = Folder::with_log();
    let has_colour = |args: &[&str], env: &[(&str, &str)]| {
        let args = [&["scan", "app.log"], args].concat();
        folder.run_with(&args, "", env).out.contains('\x1b')
    };

    assert!(!has_colour(&[], &[]));
    assert!(has_colour(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(has_colour(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colour(
        &["--color", "never"],
        &[("CLICOLOR_FORCE", "1")]
    ));
}

#[test]
fn a_user_s_codes_are_counted_whatever_the_order_of_the_files() {
    let folder = Folder::new();
    folder.write("list.txt", "ORA-00942\nMINE.1\n");
    folder.write("ours.json", CATALOG);
    folder.write("app.log", "ORA-00942 and MINE.1\n");
    let providers = |args: &[&str]| {
        let args = [&["scan", "-f", "json", "app.log"], args].concat();
        let rows = folder.run(&args).result().codes.into_iter();
        rows.map(|row| (row.code, row.provider.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let expected = [("MINE.1", "mine"), ("ORA-00942", "")];
    let expected = expected.map(|(code, provider)| (code.to_owned(), provider.to_owned()));

    let list_first = [
        "--catalog",
        "list.txt",
        "--catalog",
        "ours.json",
        "--no-builtin",
    ];
    let json_first = [
        "--catalog",
        "ours.json",
        "--catalog",
        "list.txt",
        "--no-builtin",
    ];
    assert_eq!(providers(&list_first), expected);
    assert_eq!(providers(&json_first), expected);
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let folder = Folder::new();

    let ended = folder.run(&["scan", "a\x1b[2Jb"]);

    assert!(!ended.err.contains('\x1b'), "{ended:?}");
    assert!(!ended.out.contains('\x1b'), "{ended:?}");
}

#[test]
fn an_unreadable_file_fails_and_the_others_count() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    let folder = Folder::with_log();
    folder.write("secret.log", LINE);
    let allow = |path, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).unwrap();
    };
    allow(folder.file("secret.log"), 0o000);
    allow(folder.path().to_owned(), 0o755);
    let mut command = folder.command(&["scan", "-f", "json", "app.log", "secret.log"]);
    if std::fs::read(folder.file("secret.log")).is_ok() {
        // Root reads everything, so another user has to try.
        // By another process: what is open for writing in this one cannot be run while another test forks.
        let mut copying = Command::new("cp");
        copying.args([env!("CARGO_BIN_EXE_errsift").into(), folder.file("errsift")]);
        assert!(copying.status().unwrap().success());
        command = Command::new("setpriv");
        command
            .args([
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "./errsift",
            ])
            .args(["scan", "-f", "json", "app.log", "secret.log"])
            .current_dir(folder.path());
        if !Command::new("setpriv")
            .arg("--version")
            .output()
            .is_ok_and(|out| out.status.success())
        {
            eprintln!("skipped: root reads everything, and there is no setpriv");
            return;
        }
    }

    let output = command.output().unwrap();

    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "errsift: secret.log: Permission denied (os error 13)\n"
    );
    assert!(!output.stdout.is_empty());
}

#[test]
fn equal_values_of_a_range_are_no_range() {
    let ended = run(&["scan", "--since", "2026-01-01", "--until", "2026-01-01"]);

    let message = "errsift: --since 2026-01-01T00:00:00Z is not before --until 2026-01-01T00:00:00Z, \
                   expected an earlier time";
    assert_eq!(ended.complaint(), (Some(2), message));
}

pub const CATALOG: &str = r#"{"schema":"errsift.catalog/1","provider":"mine","product":"things","title":{"en":"Things","zh":"东西"},
    "families":[],"codes":[{"code":"MINE.1","http_status":409,"message":"Taken.","meaning":{"en":"It is taken.","zh":"已被占用。"},
    "remediation":{"en":"Take another.","zh":"换一个。"},"category":"conflict","retryable":false,"examples":["error_code=MINE.1"]}]}"#;

#[test]
fn a_file_at_standard_input_is_read_as_one_that_is_named() {
    let folder = Folder::new();
    // Without a year: only the file's own time tells it.
    let line = "Nov 22 10:00:00 api app[1]: \"error_code\":\"APIG.1002\"\n";
    folder.write("app.log", line.repeat(40_000));
    let time = UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    let file = File::open(folder.file("app.log")).unwrap();
    file.set_modified(time).unwrap();
    let scan = |args: &[&str], stdin: &File| {
        let args = [&["scan", "-j", "2", "-f", "json", "--tz", "UTC"], args].concat();
        let mut command = folder.command(&args);
        command.stdin(stdin.try_clone().unwrap());
        ended(command.spawn().unwrap()).result()
    };
    let mut named = scan(&["app.log"], &file);
    assert_eq!(named.time.first.as_deref(), Some("2019-11-22T10:00:00Z"));

    let result = scan(&[], &file);

    // What reads the same standard input next finds nothing left.
    assert_eq!((&file).stream_position().unwrap(), named.totals.bytes);
    named.inputs[0].path = String::from("-");
    named.codes[0].samples[0].path = String::from("-");
    assert_eq!(result, named);
    let twice = scan(
        &["app.log", "-"],
        &File::open(folder.file("app.log")).unwrap(),
    );
    assert_eq!(twice.totals.matches, 40_000);
    let states = twice
        .inputs
        .iter()
        .map(|input| (input.path.as_str(), input.state));
    let expected = [
        ("-", InputState::Duplicate),
        ("app.log", InputState::Complete),
    ];
    assert_eq!(Vec::from_iter(states), expected);
}

#[test]
fn of_a_standard_input_that_was_read_in_part_the_rest_counts() {
    let folder = Folder::new();
    folder.write("app.log", LINE.repeat(1000));
    for format in ["json", "ndjson"] {
        let mut file = File::open(folder.file("app.log")).unwrap();
        file.seek(SeekFrom::Start(10 * LINE.len() as u64)).unwrap();
        let mut command = folder.command(&["scan", "-f", format, "-o", "r.json"]);
        command.stdin(file);
        ended(command.spawn().unwrap());

        let result: ScanResult = serde_json::from_str(&folder.read("r.json")).unwrap();
        assert_eq!(result.totals.lines, 990, "{format}");
    }
}

#[test]
fn a_log_that_is_cut_while_it_is_read_is_told() {
    const LINES: usize = 400_000;
    let folder = Folder::new();
    let log = folder.path().join("big.log");
    std::fs::write(&log, LINE.repeat(LINES)).unwrap();
    // Who prints each match waits for whoever reads it.
    let args = ["scan", "-f", "ndjson", "-o", "r.json", "big.log"];
    let mut child = folder.command(&args).spawn().unwrap();
    let mut events = BufReader::new(child.stdout.take().unwrap());
    events.read_line(&mut String::new()).unwrap();

    File::options()
        .write(true)
        .open(&log)
        .unwrap()
        .set_len(1_000_000)
        .unwrap();
    events.read_to_end(&mut Vec::new()).unwrap();
    let ended = ended(child);

    assert_eq!(ended.status, Some(2), "{ended:?}");
    let said = "the file was cut to 1000000 bytes while it was read";
    assert!(ended.err.contains(said), "{ended:?}");
    let result: ScanResult =
        serde_json::from_slice(&std::fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    assert_eq!(result.inputs[0].state, InputState::Partial);
    assert!(result.totals.matches < LINES as u64);
}

#[test]
fn with_a_state_what_was_rotated_away_since_is_read_behind_what_is_counted() {
    let folder = Folder::new();
    let scanned = |paths: &[&str]| {
        let args = [
            &["scan", "--state", "s", "--by", "file", "-f", "json"],
            paths,
        ]
        .concat();
        let files = |row: CodeRow| (row.code, row.files.into_iter().collect::<Vec<_>>());
        let codes = folder.run(&args).result().codes;
        codes.into_iter().map(files).collect::<Vec<_>>()
    };
    let of = |code: &str, path: &str, count| (code.to_owned(), vec![(path.to_owned(), count)]);
    let rename = |from: &str, to: &str| fs::rename(folder.file(from), folder.file(to)).unwrap();
    folder.write("a.log", "APIG.1001\n");
    assert_eq!(scanned(&["a.log"]), [of("APIG.1001", "a.log", 1)]);

    rename("a.log", "a.log.2");
    folder.write("a.log", "APIG.1002\nAPIG.1002\n");
    rename("a.log", "a.log.1");
    folder.write("a.log", "APIG.1003\n");

    let expected = [of("APIG.1002", "a.log", 2), of("APIG.1003", "a.log", 1)];
    assert_eq!(scanned(&["a.log"]), expected);
    assert_eq!(scanned(&["a.log"]), []);

    // What is named itself has its own name.
    rename("a.log", "a.log.3");
    folder.write("a.log.1", "APIG.1005\n");
    folder.write("a.log", "APIG.1009\n");
    let expected = [of("APIG.1005", "a.log.1", 1), of("APIG.1009", "a.log", 1)];
    assert_eq!(scanned(&["a.log", "a.log.1"]), expected);
}
