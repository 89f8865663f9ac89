//! Rotations that put the earlier log into another folder.

use std::os::unix::fs::symlink;
use std::time::Duration;

use errsift::input::follow::FollowOptions;

use crate::support::{Folder, Tail, lines, options};

/// What is followed: the folder of the log with all in it, or the log alone.
const FOLLOWED: [&str; 2] = ["logs", "logs/x.log"];

/// Folders for the earlier logs.
const NAMES: [&str; 3] = [
    "logs/old/x.log.1",
    "logs/archive/x.log-20261130",
    "logs/2026-11/x-11-30-2026-1.log",
];

/// A log of so many lines, all of which were read.
fn log_of(count: usize, typed: &str) -> (Folder, String, Tail) {
    let folder = Folder::new();
    for name in ["logs/old", "logs/archive", "logs/2026-11"] {
        folder.make(name);
    }
    let path = folder.typed("logs/x.log");
    folder.write("logs/x.log", lines(0, count));
    let mut tail = Tail::new(&[folder.typed(typed)]);
    tail.expect(&path, &lines(0, count));
    (folder, path, tail)
}

/// Asserts that a log has this text, and that nothing else was read, also after a restart.
fn expect_alone(mut tail: Tail, typed: &str, path: &str, text: &str) {
    tail.expect(path, text);
    let mut tail = tail.restart(&[typed.to_owned()], || {});
    tail.look_again();
    assert_eq!(tail.text(path), text);
    assert_eq!(tail.texts.len(), 1, "{typed}: {}", tail.summary());
}

#[test]
fn what_a_copying_rotation_takes_away_unread_is_read_from_the_copy() {
    for typed in FOLLOWED {
        for copy in NAMES {
            let (folder, path, mut tail) = log_of(100, typed);

            folder.append("logs/x.log", lines(100, 100));
            folder.copy("logs/x.log", copy);
            folder.truncate("logs/x.log");
            folder.append("logs/x.log", lines(200, 3));

            tail.read_until(copy, |tail| tail.lines >= 203);
            expect_alone(tail, &folder.typed(typed), &path, &lines(0, 203));
        }
    }
}

#[test]
fn what_was_counted_behind_the_end_of_a_copy_does_not_make_it_another_text() {
    for (size, is_packed) in [(20, false), (1000, false), (1000, true)] {
        let (folder, path, mut tail) = log_of(size, "logs");

        folder.copy("logs/x.log", "logs/old/x.log.1");
        folder.append("logs/x.log", lines(size, 5));
        tail.read_at_once(&path, &lines(0, size + 5));
        folder.truncate("logs/x.log");
        folder.append("logs/x.log", "new\n");
        if is_packed {
            folder.gzip("logs/old/x.log.1");
        }

        let text = lines(0, size + 5) + "new\n";
        tail.read_until("all", |tail| tail.lines as usize > size + 5);
        expect_alone(tail, &folder.typed("logs"), &path, &text);
    }
}

#[test]
fn a_log_that_is_compressed_into_another_folder_goes_on_there() {
    for copy in NAMES {
        let (folder, path, mut tail) = log_of(1000, "logs");

        folder.append("logs/x.log", lines(1000, 10));
        folder.copy("logs/x.log", "packed");
        folder.gzip("packed");
        folder.rename("packed.gz", &format!("{copy}.gz"));
        folder.remove("logs/x.log");
        folder.write("logs/x.log", lines(1010, 5));

        tail.read_until(copy, |tail| tail.lines >= 1015);
        expect_alone(tail, &folder.typed("logs"), &path, &lines(0, 1015));
    }
}

#[test]
fn a_log_that_was_moved_while_nobody_looked_is_found_by_itself() {
    let names = NAMES.iter().chain(&["logs/old.log", "logs/old/bak.x.log"]);
    for (number, name) in names.enumerate() {
        for typed in FOLLOWED {
            let is_replaced = number % 2 == 0;
            let (folder, path, tail) = log_of(100, typed);

            let tail = tail.restart(&[folder.typed(typed)], || {
                folder.append("logs/x.log", lines(100, 5));
                folder.rename("logs/x.log", name);
                if is_replaced {
                    folder.write("logs/x.log", lines(105, 5));
                }
            });

            let count = if is_replaced { 110 } else { 105 };
            expect_alone(tail, &folder.typed(typed), &path, &lines(0, count));
        }
    }
}

#[test]
fn a_log_that_was_copied_or_compressed_while_nobody_looked_goes_on_in_the_copy() {
    for (number, name) in NAMES.iter().enumerate() {
        for typed in FOLLOWED {
            let (folder, path, tail) = log_of(100, typed);

            let tail = tail.restart(&[folder.typed(typed)], || {
                folder.append("logs/x.log", lines(100, 5));
                folder.copy("logs/x.log", name);
                if number % 2 == 0 {
                    folder.gzip(name);
                }
                folder.truncate("logs/x.log");
                folder.append("logs/x.log", lines(105, 5));
            });

            expect_alone(tail, &folder.typed(typed), &path, &lines(0, 110));
        }
    }
}

#[test]
fn logs_that_were_written_and_moved_while_nobody_looked_are_read() {
    let (folder, path, tail) = log_of(10, "logs/x.log");

    let tail = tail.restart(&[folder.typed("logs/x.log")], || {
        folder.append("logs/x.log", lines(10, 5));
        folder.rename("logs/x.log", "logs/old/x.log.2");
        folder.write("logs/old/x.log.1", lines(15, 5));
        folder.write("logs/x.log", lines(20, 5));
    });

    expect_alone(tail, &folder.typed("logs/x.log"), &path, &lines(0, 25));
}

#[test]
fn a_copy_of_a_file_that_nobody_has_seen_yet_is_read_once() {
    let folder = Folder::new();
    let path = folder.typed("logs/x.log");
    folder.make("logs/old");
    folder.write("logs/x.log", lines(0, 100));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 100));

    folder.remove("logs/x.log");
    folder.write("logs/x.log", lines(100, 20));
    folder.copy("logs/x.log", "logs/old/x.log.1");
    folder.truncate("logs/x.log");

    tail.expect(&path, &lines(0, 120));
    folder.append("logs/x.log", lines(120, 1));
    expect_alone(tail, &path, &path, &lines(0, 121));
}

#[test]
fn what_is_written_in_other_folders_is_none_of_it() {
    let (folder, path, mut tail) = log_of(10, "logs/x.log");

    folder.append("logs/old/y.log", lines(50, 5));
    folder.append("logs/old/x.log", lines(50, 5));
    folder.append("logs/old/x.log.1", lines(60, 5));
    folder.append("logs/x.log", lines(10, 5));

    tail.expect(&path, &lines(0, 15));
    expect_alone(tail, &path, &path, &lines(0, 15));
}

#[test]
fn a_log_of_the_same_name_in_another_folder_keeps_its_own_generations() {
    let (folder, path, tail) = log_of(10, "logs/x.log");

    let tail = tail.restart(&[folder.typed("logs/x.log")], || {
        folder.append("logs/x.log", lines(10, 5));
        folder.write("logs/old/x.log", lines(1000, 5));
        folder.write("logs/old/x.log.1", lines(2000, 5));
    });

    expect_alone(tail, &folder.typed("logs/x.log"), &path, &lines(0, 15));
}

#[test]
fn files_in_other_folders_that_hold_another_text_are_streams_of_their_own() {
    let (folder, path, mut tail) = log_of(1000, "logs");
    let other = folder.typed("logs/old/x.log.1");

    folder.remove("logs/x.log");
    folder.write("logs/old/x.log.1", lines(5000, 1000));
    tail.expect(&other, &lines(5000, 1000));

    assert_eq!(tail.text(&path), lines(0, 1000));
    assert_eq!(tail.texts.len(), 2);
}

#[test]
fn a_copy_of_a_log_that_is_there_still_is_a_stream_of_its_own_after_a_while() {
    let (folder, path, mut tail) = log_of(100, "logs");
    let copy = folder.typed("logs/old/x.log.1");

    folder.copy("logs/x.log", "logs/old/x.log.1");
    tail.expect(&copy, &lines(0, 100));
    for name in ["logs/x.log", "logs/old/x.log.1"] {
        folder.append(name, lines(100, 1));
        tail.expect(&folder.typed(name), &lines(0, 101));
    }

    assert_eq!(tail.text(&path), lines(0, 101));
}

#[test]
fn what_is_renamed_in_the_folder_of_a_links_file_is_read_as_soon_as_it_is_written_to() {
    let folder = Folder::new();
    folder.make("logs/files");
    folder.write("logs/files/a", lines(0, 10));
    symlink(folder.path("logs/files/a"), folder.path("logs/x.log")).unwrap();
    let path = folder.typed("logs/x.log");
    // No look at everything helps.
    let mut tail = Tail::with(FollowOptions {
        poll: Duration::from_secs(600),
        ..options(std::slice::from_ref(&path))
    });
    tail.read_at_once(&path, &lines(0, 10));

    folder.rename("logs/files/a", "logs/files/b");
    tail.look_again();
    folder.append("logs/files/b", lines(10, 5));

    tail.read_at_once(&path, &lines(0, 15));
}

#[test]
fn short_logs_of_two_replicas_are_two_streams_however_alike() {
    for (is_removed, is_packed) in [(true, false), (true, true), (false, false), (false, true)] {
        let folder = Folder::new();
        folder.make("logs/one");
        folder.make("logs/two");
        folder.write("logs/one/x.log", lines(0, 20));
        let typed = [folder.typed("logs")];
        let mut tail = Tail::new(&typed);
        tail.expect(&folder.typed("logs/one/x.log"), &lines(0, 20));

        let mut tail = tail.restart(&typed, || {
            folder.copy("logs/one/x.log", "logs/two/x.log.1");
            if is_packed {
                folder.gzip("logs/two/x.log.1");
            }
            if is_removed {
                folder.remove("logs/one/x.log");
            }
        });

        let other = if is_packed {
            "logs/two/x.log.1.gz"
        } else {
            "logs/two/x.log.1"
        };
        tail.expect(&folder.typed(other), &lines(0, 20));
    }
}

#[test]
fn a_copy_far_from_its_log_is_known_by_a_kib_of_it() {
    let folder = Folder::new();
    folder.make("logs/app");
    folder.make("logs/archive");
    let path = folder.typed("logs/app/x.log");
    folder.write("logs/app/x.log", lines(0, 1000));
    let mut tail = Tail::new(&[folder.typed("logs")]);
    tail.expect(&path, &lines(0, 1000));

    folder.append("logs/app/x.log", lines(1000, 10));
    folder.copy("logs/app/x.log", "logs/archive/x.log.1");
    folder.truncate("logs/app/x.log");
    folder.append("logs/app/x.log", lines(1010, 5));

    // It is found where it lies, which may be after what is new in the log was read.
    tail.read_until("all", |tail| tail.lines >= 1015);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(tail.text(&path)), sorted(&lines(0, 1015)));
    assert_eq!(tail.texts.len(), 1, "{}", tail.summary());
}
