//! Files that appear, in folders and where globs look for them, and files that cannot be read.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use errsift::input::follow::{FollowOptions, From, ProblemKind};

use crate::support::{Folder, Tail, lines, options};

/// What was told, in order.
fn said(tail: &Tail) -> Vec<&str> {
    let problems = tail.problems.iter();
    problems.map(|problem| problem.message.as_str()).collect()
}

fn make_pipe(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

#[test]
fn new_files_are_read_from_their_beginning() {
    for typed in ["", "*.log", "**/*.log"] {
        let folder = Folder::new();
        folder.write("old.log", lines(0, 3));
        let mut tail = Tail::with(FollowOptions {
            from: From::End,
            ..options(&[folder.typed(typed)])
        });

        folder.write("new.log", lines(0, 2));
        folder.append("old.log", lines(3, 1));

        tail.expect(&folder.typed("new.log"), &lines(0, 2));
        tail.expect(&folder.typed("old.log"), &lines(3, 1));
        assert_eq!(tail.problems, []);
    }
}

#[test]
fn new_folders_are_looked_into() {
    let folder = Folder::new();
    let mut tail = Tail::new(&[folder.typed("")]);
    tail.look_again();

    fs::create_dir_all(folder.path("a/b")).unwrap();
    folder.write("a/b/x.log", lines(0, 2));

    tail.expect(&folder.typed("a/b/x.log"), &lines(0, 2));
    folder.append("a/b/x.log", lines(2, 2));
    tail.expect(&folder.typed("a/b/x.log"), &lines(0, 4));
}

#[test]
fn a_missing_file_is_waited_for_and_said_once() {
    let folder = Folder::new();
    let path = folder.typed("later/x.log");
    let mut tail = Tail::with(FollowOptions {
        from: From::End,
        ..options(std::slice::from_ref(&path))
    });
    tail.look_again();
    assert_eq!(said(&tail), ["does not exist, it is waited for"]);

    fs::create_dir(folder.path("later")).unwrap();
    folder.write("later/x.log", lines(0, 1));

    tail.expect(&path, &lines(0, 1));
}

#[test]
fn a_folder_and_a_glob_that_were_missing_can_be_read_when_they_are_there() {
    let folder = Folder::new();
    let typed = ["globbed/*.log", "later"].map(|typed| folder.typed(typed));
    let mut tail = Tail::new(&typed);
    tail.look_again();
    assert_eq!(said(&tail), ["does not exist, it is waited for"; 2]);
    assert_eq!(tail.readable, [""; 0]);

    for name in ["later", "globbed"] {
        fs::create_dir(folder.path(name)).unwrap();
        folder.write(&format!("{name}/x.log"), lines(0, 1));
    }

    tail.read_until("both", |tail| tail.lines == 2);
    tail.readable.sort();
    assert_eq!(tail.readable, typed);
    assert_eq!(tail.problems.len(), 2, "{:?}", tail.problems);
}

#[test]
fn what_was_followed_and_is_gone_is_waited_for_and_is_no_error() {
    for typed in ["logs/x.log", "logs"] {
        let folder = Folder::new();
        fs::create_dir(folder.path("logs")).unwrap();
        folder.write("logs/x.log", lines(0, 1));
        let path = folder.typed("logs/x.log");
        let mut tail = Tail::new(&[folder.typed(typed)]);
        tail.expect(&path, &lines(0, 1));

        for generation in 1..3 {
            fs::remove_dir_all(folder.path("logs")).unwrap();
            tail.read_until("what is gone", |tail| tail.problems.len() == generation);
            fs::create_dir(folder.path("logs")).unwrap();
            folder.write("logs/x.log", lines(generation, 1));
            tail.expect(&path, &lines(0, generation + 1));
        }

        assert_eq!(said(&tail), ["is gone, what comes next is waited for"; 2]);
        let kinds = tail.problems.iter().map(|problem| problem.kind);
        assert!(kinds.into_iter().all(|kind| kind == ProblemKind::Gone));
    }
}

#[test]
fn what_is_gone_when_a_run_goes_on_is_waited_for_and_is_no_error() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 1));
    let path = folder.typed("x.log");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 1));

    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.append("x.log", lines(1, 1));
        folder.rename("x.log", "x.log.1");
    });

    tail.expect(&path, &lines(0, 2));
    let kinds: Vec<_> = tail.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::Gone]);
}

#[test]
fn a_path_whose_new_file_cannot_be_read_is_not_well_because_of_the_old_one() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 1));
    let path = folder.typed("x.log");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 1));

    folder.rename("x.log", "x.log.1");
    symlink("x.log", folder.path("x.log")).unwrap();
    let is_told = |tail: &Tail| tail.problems.iter().any(|problem| problem.path == path);
    tail.read_until("the loop", is_told);
    folder.append("x.log.1", lines(1, 1));
    tail.expect(&path, &lines(0, 2));
    assert_eq!(tail.readable, [""; 0]);

    folder.remove("x.log");
    folder.write("x.log", lines(2, 1));
    tail.expect(&path, &lines(0, 3));
    assert_eq!(tail.readable, [path.as_str()]);
}

#[test]
fn a_file_that_is_briefly_unreadable_loses_nothing() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 1));
    let set_mode = |mode| {
        fs::set_permissions(folder.path("x.log"), fs::Permissions::from_mode(mode)).unwrap();
    };
    set_mode(0);
    let is_root = fs::read(folder.path("x.log")).is_ok();
    let mut tail = Tail::with(FollowOptions {
        from: From::End,
        ..options(&[folder.typed("x.log")])
    });
    tail.look_again();
    folder.append_as_owner("x.log", lines(1, 1));
    tail.look_again();
    if !is_root {
        let kinds: Vec<_> = tail.problems.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [ProblemKind::Unreadable]);
    }

    set_mode(0o644);

    tail.expect(&folder.typed("x.log"), &lines(1, 1));
}

#[test]
fn what_is_no_file_is_passed_over_where_it_was_not_named() {
    for typed in ["", "*"] {
        let folder = Folder::new();
        folder.write("x.log", lines(0, 1));
        make_pipe(&folder.path("pipe"));
        let socket = UnixListener::bind(folder.path("socket")).unwrap();
        symlink(folder.path("pipe"), folder.path("link")).unwrap();

        let mut tail = Tail::new(&[folder.typed(typed)]);
        tail.expect(&folder.typed("x.log"), &lines(0, 1));
        make_pipe(&folder.path("later"));
        folder.append("x.log", lines(1, 1));

        tail.expect(&folder.typed("x.log"), &lines(0, 2));
        assert_eq!(tail.problems, []);
        drop(socket);
    }
}

#[test]
fn what_is_no_file_and_was_named_is_said_and_does_not_stop_others() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 1));
    make_pipe(&folder.path("pipe"));
    let socket = UnixListener::bind(folder.path("socket")).unwrap();

    let mut tail = Tail::new(&["socket", "pipe", "x.log"].map(|name| folder.typed(name)));

    tail.expect(&folder.typed("x.log"), &lines(0, 1));
    assert_eq!(
        said(&tail),
        [
            "is no regular file, it is tried again",
            "is a pipe, expected a regular file (a pipe can be standard input: < PIPE), it is tried again",
        ]
    );
    drop(socket);
}

#[test]
fn a_file_that_two_patterns_stand_for_is_read_once() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 2));
    fs::hard_link(folder.path("x.log"), folder.path("y.log")).unwrap();

    let mut tail = Tail::new(&[folder.typed("x.log"), folder.typed("*.log")]);

    tail.expect(&folder.typed("x.log"), &lines(0, 2));
    assert_eq!(tail.texts.len(), 1);
}

#[test]
fn what_an_empty_file_becomes_is_told_when_it_is_written() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.look_again();

    let text = "\u{feff}one\n".encode_utf16();
    folder.append(
        "x.log",
        text.flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    );

    tail.expect(&path, "one\n");
    assert_eq!(tail.problems, []);
}
