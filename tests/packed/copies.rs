//! What is there more than once: the same file, a copy beside its original, equal content.

use std::fs::hard_link;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

use errsift::tally::result::InputState::{self, Complete, Duplicate};

use crate::pack::{COMPRESSIONS, deflated, gzip, log, tar, utf_16, zstd};
use crate::support::{Ended, Folder};
use crate::{matches, states};

/// The states of the inputs in `.`, by the end of their paths.
fn state_of<'e>(states: &[(&'e str, InputState, &'e str)], name: &str) -> (InputState, &'e str) {
    let found = states.iter().find(|(path, ..)| *path == name);
    let (_, state, reason) = found.unwrap_or_else(|| panic!("{name}: {states:?}"));
    (*state, reason)
}

/// Scans `paths`, and asserts that every way of showing it counts the same.
fn scan(folder: &Folder, args: &[&str]) -> Ended {
    let run = |more: &[&str]| folder.run(&[&["scan", "--samples", "9"], more, args].concat());
    let ended = run(&["-f", "json"]);
    assert_eq!(run(&["-f", "json", "-j", "1"]).out, ended.out);
    let events = run(&["-f", "ndjson", "-o", "/dev/stderr"]);
    let saved = events.err.split_inclusive('}').collect::<String>();
    assert!(saved.contains("errsift.result/1"), "{saved}");
    assert_eq!(events.out.lines().count() as u64, matches(&ended.result()));
    ended
}

#[test]
fn a_file_beside_its_compressed_copy_counts_once() {
    for (format, pack) in COMPRESSIONS {
        let folder = Folder::new();
        let end = match format {
            "gzip" => "gz",
            "zstd" => "zst",
            "bzip2" => "bz2",
            other => other,
        };
        let copy = format!("app.log.{end}");
        folder.write("app.log", log(20));
        folder.write(&copy, pack(&log(20)));
        folder.write("b.log", log(1));

        for args in [&["."][..], &[&copy, "b.log", "app.log"]] {
            let ended = scan(&folder, args);

            assert_eq!(
                (ended.status, ended.err.as_str()),
                (Some(0), ""),
                "{format}"
            );
            let result = ended.result();
            assert_eq!(matches(&result), 21);
            let dot = if args == ["."] { "./" } else { "" };
            let reason = format!("is the same text as {dot}app.log");
            let states = states(&result);
            assert_eq!(
                state_of(&states, &format!("{dot}{copy}")),
                (Duplicate, &*reason)
            );
            assert_eq!(state_of(&states, &format!("{dot}app.log")), (Complete, ""));
            assert!(result.notes.is_empty(), "{:?}", result.notes);
        }
    }
}

#[test]
fn a_copy_of_another_text_counts() {
    let folder = Folder::new();
    folder.write("app.log", log(20));
    folder.write("app.log.gz", gzip(&log(21)));

    let result = scan(&folder, &["."]).result();

    assert_eq!(matches(&result), 41);
}

#[test]
fn a_copy_is_told_however_its_original_is_reached() {
    let links: [fn(&Path, &Path) -> io::Result<()>; 2] =
        [|to, path| hard_link(to, path), |to, path| symlink(to, path)];
    for link in links {
        let folder = Folder::new();
        folder.write("m/x.log", log(4));
        folder.write("m/x.log.gz", gzip(&log(4)));
        let (original, copy) = (folder.file("m/x.log"), folder.file("m/x.log.gz"));
        link(&original, &folder.file("m/cur.log")).expect("a link can be made");
        link(&copy, &folder.file("m/cur.gz")).expect("a link can be made");
        let whole = copy.to_str().expect("the path is UTF-8");

        for args in [
            &["m"][..],
            &["m/x.log", "./m/x.log.gz"],
            &["m/x.log", whole],
            &["m/cur.log", "m/x.log.gz"],
            &["m/cur.gz", "m/x.log", "m/x.log.gz"],
        ] {
            let result = scan(&folder, args).result();

            assert_eq!(matches(&result), 4, "{args:?}: {:?}", states(&result));
            assert!(result.notes.is_empty(), "{:?}", result.notes);
        }
    }
}

#[test]
fn links_that_make_two_files_copies_of_each_other_lose_neither() {
    let folder = Folder::new();
    folder.write("a.gz", gzip(&log(4)));
    folder.write("b.gz", gzip(&log(4)));
    symlink("b.gz", folder.file("a")).expect("a link can be made");
    symlink("a.gz", folder.file("b")).expect("a link can be made");

    let result = scan(&folder, &["."]).result();

    assert_eq!(matches(&result), 4, "{:?}", states(&result));
}

#[test]
fn a_copy_of_a_file_in_utf_16_is_told_by_the_text() {
    let folder = Folder::new();
    folder.write("app.log", utf_16(&log(20)));
    folder.write("app.log.gz", gzip(&log(20)));

    let result = scan(&folder, &["app.log.gz", "app.log"]).result();

    assert_eq!(matches(&result), 20);
    assert_eq!(state_of(&states(&result), "app.log.gz").0, Duplicate);
}

#[test]
fn copies_among_the_members_of_an_archive_count_once() {
    let members = [
        ("app.log", &log(20)[..]),
        ("app.log.gz", &gzip(&log(20))),
        ("b.log.zst", &zstd(&log(3))),
        ("c.log", &log(1)),
        ("b.log", &log(3)),
        ("other/app.log.gz", &gzip(&log(20))),
    ];
    for packed in [tar(&members), deflated(&members)] {
        let folder = Folder::new();
        folder.write("x", packed);

        let result = scan(&folder, &["x"]).result();

        assert_eq!(matches(&result), 20 + 3 + 1 + 20);
        let states = states(&result);
        let reason = "is the same text as x!app.log";
        assert_eq!(state_of(&states, "x!app.log.gz"), (Duplicate, reason));
        let reason = "is the same text as x!b.log.zst";
        assert_eq!(state_of(&states, "x!b.log"), (Duplicate, reason));
        let note = "equal content, each counted: x!app.log, x!other/app.log.gz";
        assert_eq!(result.notes, [note]);
    }
}

#[test]
fn an_archive_beside_its_compressed_copy_counts_once() {
    let packed = tar(&[("a", &log(3)), ("b", &log(4))]);
    let folder = Folder::new();
    folder.write("x.tar", &packed);
    folder.write("x.tar.gz", gzip(&packed));
    folder.write("y.tar", tar(&[("a", &log(1))]));
    folder.write("y.tar.zst", zstd(&tar(&[("a", &log(2))])));

    let result = scan(&folder, &["."]).result();

    assert_eq!(matches(&result), 3 + 4 + 1 + 2);
    let reason = "is the same text as ./x.tar";
    assert_eq!(
        state_of(&states(&result), "./x.tar.gz"),
        (Duplicate, reason)
    );
}

#[test]
fn equal_content_is_counted_and_noted() {
    let folder = Folder::new();
    folder.write("a", gzip(&log(4)));
    folder.write("b", zstd(&log(4)));
    folder.write("c", tar(&[("d", &log(4))]));

    let result = scan(&folder, &["a", "b", "c"]).result();

    assert_eq!(matches(&result), 12);
    assert_eq!(result.notes, ["equal content, each counted: a, b, c!d"]);
}

#[test]
fn equal_content_counts_once_where_asked() {
    let folder = Folder::new();
    folder.write("a", gzip(&log(4)));
    folder.write(
        "b",
        tar(&[("c", &log(4)), ("d", &gzip(&log(5))), ("e", &log(4))]),
    );
    folder.write("f", log(4));
    folder.write("g", log(4));

    let result = scan(&folder, &["--dedup", "content", "a", "b", "f", "g"]).result();

    assert_eq!(matches(&result), 9);
    let states = states(&result);
    for duplicate in ["a", "b!c", "b!e", "g"] {
        let reason = "is the same text as f";
        assert_eq!(state_of(&states, duplicate), (Duplicate, reason));
    }
    assert_eq!(state_of(&states, "b!d").0, Complete);
    assert!(result.notes.is_empty(), "{:?}", result.notes);
}

#[test]
fn everything_counts_where_asked() {
    let folder = Folder::new();
    folder.write("app.log", log(4));
    folder.write("app.log.gz", gzip(&log(4)));

    let args = ["--dedup", "none", "app.log", "./app.log", "app.log.gz"];
    let result = scan(&folder, &args).result();

    assert_eq!(matches(&result), 12);
    let note = "equal content, each counted: ./app.log, app.log, app.log.gz";
    assert_eq!(result.notes, [note]);
}

#[test]
fn a_file_and_its_compressed_copy_in_two_results_are_one_input() {
    let folder = Folder::new();
    folder.write("app.log", log(4));
    folder.write("app.log.gz", gzip(&log(4)));
    folder.run(&["scan", "-o", "app.json", "app.log"]);
    folder.run(&["scan", "-o", "copy.json", "app.log.gz"]);
    folder.run(&["scan", "-o", "both.json", "app.log", "app.log.gz"]);

    for [earlier, later, input] in [
        ["app.json", "copy.json", "app.log.gz"],
        ["copy.json", "app.json", "app.log"],
        ["both.json", "copy.json", "app.log.gz"],
        ["copy.json", "both.json", "app.log"],
    ] {
        let ended = folder.run(&["report", earlier, later]);

        let refusal = format!("{later}: shares the input '{input}' with {earlier}");
        let (status, complaint) = ended.complaint();
        assert_eq!(status, Some(2));
        assert!(complaint.contains(&refusal), "{complaint}");
    }
}
