//! `-o`, and what happens where output cannot be written.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

use errsift::tally::result::ScanResult;

use crate::support::{Folder, LINE, ended};

#[test]
fn a_report_is_saved_by_the_name_of_its_file() {
    let folder = Folder::with_log();
    for (name, beginning) in [
        ("r.json", "{\"schema\""),
        ("r.csv", "code,"),
        ("r.md", "1 match of 1 distinct code"),
        ("r.HTML", "<!DOCTYPE html><html lang=\"en\">"),
        ("r", "{\"schema\""),
    ] {
        let ended = folder.run(&["scan", "app.log", "-o", name]);
        assert_eq!(
            (ended.status, ended.out.as_str()),
            (Some(0), ""),
            "{ended:?}"
        );
        assert!(folder.read(name).starts_with(beginning), "{name}");
    }
}

/// The result that a page carries.
fn carried(page: &str) -> ScanResult {
    let (_, rest) = page
        .split_once("<script id=\"data\" type=\"application/json\">")
        .unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn a_page_has_times_and_files_unasked_and_the_width_that_is_asked_for() {
    let folder = Folder::new();
    let hours: String = (10..20)
        .map(|hour| LINE.replace("T10:", &format!("T{hour}:")))
        .collect();
    folder.write("app.log", hours);

    let own = carried(&folder.run(&["scan", "app.log", "-f", "html"]).out);
    let asked = carried(
        &folder
            .run(&["scan", "app.log", "-f", "html", "--bucket", "1h"])
            .out,
    );
    let json = folder.run(&["scan", "app.log", "-f", "json"]).result();

    assert_eq!(own.bucket_seconds, Some(300));
    assert_eq!(own.codes[0].buckets.len(), 10);
    assert_eq!(own.codes[0].files, [("app.log".to_owned(), 10)].into());
    assert_eq!(own.notes, [""; 0]);
    assert_eq!(asked.bucket_seconds, Some(3600));
    assert_eq!((json.bucket_seconds, json.codes[0].files.len()), (None, 0));
}

#[test]
fn a_page_holds_all_codes_whatever_a_table_is_cut_to() {
    let folder = Folder::new();
    let lines = ["APIG.1002", "APIG.1003", "APIG.3999", "APIG.3998"];
    folder.write(
        "app.log",
        lines.map(|code| format!("{LINE}{code}\n")).concat(),
    );
    let page = |options: &[&str]| {
        let args = [&["scan", "app.log", "-f", "html"], options].concat();
        carried(&folder.run(&args).out)
    };

    let whole = page(&[]);

    assert_eq!((whole.codes.len(), whole.unknown.len()), (2, 2));
    assert_eq!(page(&["--top", "1"]), whole);
}

#[test]
fn a_saved_result_becomes_a_page_in_the_language_asked_for() {
    let folder = Folder::with_log();
    folder.run(&["scan", "app.log", "--bucket", "1m", "-o", "r.json"]);

    let page = folder.run(&["report", "r.json", "-f", "html", "--lang", "zh"]);
    let saved = folder.run(&["report", "r.json", "-o", "r.html", "--lang", "zh"]);

    assert_eq!((page.status, saved.status), (Some(0), Some(0)), "{saved:?}");
    assert!(page.out.contains("<html lang=\"zh\">") && page.out.contains("先做什么"));
    assert_eq!(folder.read("r.html"), page.out);
    let result = serde_json::from_str::<ScanResult>(&folder.read("r.json")).unwrap();
    assert_eq!(carried(&page.out), result);
}

#[test]
fn another_format_is_printed_beside_the_saved_one() {
    let folder = Folder::with_log();

    let table = folder.run(&["scan", "app.log", "-o", "r.json", "-f", "table"]);
    let json = folder.run(&["scan", "app.log", "-o", "r.json", "-f", "json"]);
    let events = folder.run(&["scan", "app.log", "-o", "r.json", "-f", "text"]);

    assert!(table.out.starts_with("1 match"), "{table:?}");
    assert_eq!(json.out, "");
    assert!(events.out.starts_with("app.log:1: "), "{events:?}");
    assert!(events.err.starts_with("1 match"), "{events:?}");
    assert!(folder.read("r.json").starts_with("{\"schema\""));
}

#[test]
fn a_file_is_replaced_whole_with_its_permissions_and_links() {
    let folder = Folder::with_log();
    folder.write("real.json", "old");
    fs::set_permissions(folder.file("real.json"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.json", folder.file("link.json")).unwrap();

    let ended = folder.run(&["scan", "app.log", "-o", "link.json"]);

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(folder.read("real.json").starts_with("{\"schema\""));
    assert!(folder.file("link.json").is_symlink());
    let mode = fs::metadata(folder.file("real.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        3,
        "nothing else is left behind"
    );
}

#[test]
fn what_cannot_be_saved_is_printed() {
    let folder = Folder::with_log();

    let full = folder.run(&["scan", "app.log", "-o", "/dev/full"]);
    let nowhere = folder.run(&["scan", "app.log", "-o", "no/such/r.csv"]);

    assert_eq!(full.status, Some(2));
    assert_eq!(full.result().totals.matches, 1);
    assert_eq!(
        full.err,
        "errsift: /dev/full: not saved, printed instead\n\
         errsift: /dev/full: cannot be written: No space left on device (os error 28)\n"
    );
    assert_eq!(nowhere.status, Some(2));
    assert!(nowhere.out.starts_with("code,"), "{nowhere:?}");
    assert!(
        nowhere
            .err
            .contains("no/such/r.csv: cannot be written: No such file"),
        "{nowhere:?}"
    );
}

#[test]
fn a_device_or_pipe_is_written_to() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "app.log", "-o", "/dev/stdout"]);

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(ended.result().totals.matches, 1);
}

#[test]
fn a_full_standard_output_is_an_error() {
    let folder = Folder::with_log();
    for args in [
        &["scan", "app.log"][..],
        &["scan", "-f", "ndjson", "app.log"],
        &["codes", "list"],
    ] {
        let mut command = folder.command(args);
        command.stdout(fs::File::options().write(true).open("/dev/full").unwrap());

        let ended = ended(command.spawn().unwrap());

        assert_eq!(ended.status, Some(2), "{args:?}");
        let last = ended.err.lines().last();
        let message =
            "errsift: standard output: cannot be written: No space left on device (os error 28)";
        assert_eq!(last, Some(message), "{args:?}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly_with_0() {
    let folder = Folder::new();
    folder.write("app.log", LINE.repeat(5_000));
    for args in [
        &["scan", "-f", "json", "app.log"][..],
        &["scan", "-f", "text", "app.log"],
        &["scan", "-f", "ndjson", "-"],
        &["codes", "list"],
        &["codes", "test"],
        &["explain", "APIG.1002"],
        &["man"],
        &["completions", "bash"],
        &["--help"],
    ] {
        let mut child = folder.command(args).spawn().unwrap();
        drop(child.stdout.take());
        let _ = child
            .stdin
            .take()
            .unwrap()
            .write_all(LINE.repeat(5_000).as_bytes());

        let ended = ended(child);

        assert_eq!(
            (ended.status, ended.err.as_str()),
            (Some(0), ""),
            "{args:?}"
        );
    }
}

#[test]
fn a_closed_standard_error_changes_no_status() {
    let folder = Folder::with_log();
    let mut command = folder.command(&["scan", "-f", "text", "app.log", "nowhere"]);
    command.stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stderr.take());

    assert_eq!(ended(child).status, Some(2));
}

#[test]
fn csv_says_on_standard_error_what_top_leaves_out() {
    let folder = Folder::new();
    folder.write("app.log", "APIG.1002 APIG.1005 APIG.1005\n");

    let ended = folder.run(&["scan", "app.log", "-f", "csv", "--top", "1"]);

    assert_eq!(ended.out.lines().count(), 2, "{ended:?}");
    assert_eq!(
        ended.err,
        "errsift: note: Left out by --top 1: 1 row with 1 match.\n"
    );
}

#[test]
fn csv_says_on_standard_error_what_else_is_left_out() {
    let folder = Folder::new();
    folder.write("app.log", "APIG.1002 APIG.1005 APIG.1005\n");
    let rare = "left out for fewer than 2 matches: 1 rows with 1 matches, 0 unknown codes";
    let untimed = "Left out for want of a time (--since, --until): 3 occurrences.";

    for (args, note) in [
        (["--min-count", "2"], rare),
        (["--since", "10:00"], untimed),
    ] {
        let scan = [&["scan", "app.log"][..], &args].concat();
        let printed = folder.run(&[&scan[..], &["-f", "csv"]].concat());
        let saved = folder.run(&[&scan[..], &["-o", "x.csv"]].concat());

        assert_eq!(printed.err, format!("errsift: note: {note}\n"));
        assert_eq!(saved.err, printed.err);
    }
}

#[test]
fn what_was_asked_for_and_no_output_shows_is_said_with_what_does() {
    let folder = Folder::new();
    folder.write("app.log", format!("{LINE}APIG.3999 HTTP/1.1 404\n"));
    let times = "--bucket: no output of this run shows counts over time, -f json and -f html do";
    let statuses =
        "no output of this run shows the HTTP statuses (2), -f table, json, markdown and html do";
    let unknown = "--by: no output of this run shows the unknown codes (1), -f csv without --by does, and -f table and json";
    let zh = "--bucket：本次输出均不显示时间分布，-f json 和 -f html 会显示";

    let samples = "--samples: no output of this run shows sample lines, -f json and -f html do";
    let groups = "--by: no output of this run is grouped, -f table, csv and markdown are";
    let top =
        "--top: all outputs of this run have all rows, -f table, csv and markdown have so many";

    for (args, note) in [
        (&["--bucket", "1h"][..], times),
        (&["--samples", "2"], samples),
        (&["--samples", "2", "-o", "r.csv"], samples),
        (&["--by", "category", "-f", "json", "-o", "r.html"], groups),
        (&["--by", "file", "-f", "prometheus"], groups),
        (&["--top", "1", "-f", "prometheus"], top),
        (&["--top", "1", "-f", "html"], top),
        (&["--bucket", "1h", "-f", "csv"], times),
        (&["--bucket", "1h", "-f", "markdown"], times),
        (&["--bucket", "1h", "--lang", "zh"], zh),
        (&["--http", "-f", "csv"], statuses),
        (&["--by", "file", "-f", "csv"], unknown),
    ] {
        let ended = folder.run(&[&["scan", "app.log"], args].concat());
        let mark = match args.contains(&"zh") {
            true => "提示：",
            false => "note: ",
        };
        assert_eq!(ended.err, format!("errsift: {mark}{note}\n"), "{args:?}");
    }
    let events = folder.run(&["scan", "app.log", "--bucket", "1h", "-f", "ndjson"]);
    let note = format!("errsift: note: {times}\n");
    assert!(events.err.starts_with(&note), "{events:?}");
}

#[test]
fn what_one_output_of_a_run_shows_is_not_said_to_be_missing_in_another() {
    let folder = Folder::new();
    folder.write("app.log", format!("{LINE}APIG.3999 HTTP/1.1 404\n"));

    for args in [
        &["--bucket", "1h", "-f", "json"][..],
        &["--bucket", "1h", "-f", "html"],
        &["--bucket", "1h", "-o", "r.json", "-f", "table"],
        &["--bucket", "1h", "--state", "s"],
        &["--samples", "0"],
        &["--samples", "2", "-o", "r.json"],
        &["--top", "1", "-f", "json"],
        &["--by", "file", "-f", "json"],
        &["--http"],
        &["--http", "-f", "csv", "-o", "r.json"],
        &["--by", "file"],
        &["--by", "file", "-f", "csv", "-o", "r.md"],
    ] {
        let ended = folder.run(&[&["scan", "app.log"], args].concat());
        assert_eq!(ended.err, "", "{args:?}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "app.log", "-o", "-"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert_eq!(ended.result().totals.matches, 1);
    assert!(!folder.file("-").exists());
}

#[test]
fn a_link_to_what_is_not_there_yet_stays_a_link() {
    let folder = Folder::with_log();
    fs::create_dir(folder.file("sub")).unwrap();
    symlink("sub/r.json", folder.file("link.json")).unwrap();

    let ended = folder.run(&["scan", "app.log", "-o", "link.json"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert!(folder.file("link.json").is_symlink());
    assert!(folder.read("sub/r.json").starts_with("{\"schema\""));
}

#[test]
fn a_report_is_saved_also_where_the_events_are_not_read() {
    let folder = Folder::new();
    folder.write("app.log", LINE.repeat(5_000));
    for args in [
        &["scan", "app.log", "-f", "ndjson", "-o", "r.json"][..],
        &["scan", "app.log", "nowhere", "-f", "text", "-o", "r.json"],
        &[
            "scan", "app.log", "-f", "text", "--state", "s.db", "-o", "r.json",
        ],
    ] {
        let mut child = folder.command(args).spawn().unwrap();
        drop(child.stdout.take());

        let ended = ended(child);

        let quiet = (Some(0), "");
        assert_eq!((ended.status, ended.err.as_str()), quiet, "{args:?}");
        let saved: ScanResult = serde_json::from_str(&folder.read("r.json")).unwrap();
        assert_eq!(saved.totals.matches, 5_000, "{args:?}");
        fs::remove_file(folder.file("r.json")).unwrap();
    }
}

#[test]
fn a_tail_whose_events_are_not_read_ends_with_its_report() {
    let folder = Folder::new();
    let mut child = folder
        .command(&["tail", "-f", "ndjson", "-o", "r.json"])
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(LINE.as_bytes()).unwrap();

    let ended = ended(child);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let saved: ScanResult = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(saved.totals.matches, 1);
}
