//! Files that hold the same text: copies of a stream, or streams of their own.

use std::fs;

use errsift::input::follow::{FollowOptions, From};

use crate::support::{Folder, Tail, lines, options};

#[test]
fn two_files_that_both_grow_are_two_streams_however_alike() {
    let folder = Folder::new();
    for name in ["a.log", "b.log", "a.log.1"] {
        folder.write(name, lines(0, 10));
    }
    let mut tail = Tail::new(&[folder.typed("")]);
    for name in ["a.log", "b.log", "a.log.1"] {
        tail.expect(&folder.typed(name), &lines(0, 10));
    }

    for name in ["a.log", "b.log", "a.log.1"] {
        folder.append(name, lines(10, 5));
        tail.expect(&folder.typed(name), &lines(0, 15));
    }
    assert_eq!(tail.problems, []);
}

#[test]
fn a_compressed_file_beside_its_own_text_counts_once() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 10));
    folder.copy("x.log", "saved");
    folder.gzip("x.log");
    folder.rename("saved", "x.log");

    let mut tail = Tail::new(&[folder.typed("")]);
    tail.expect(&folder.typed("x.log"), &lines(0, 10));
    tail.look_again();

    assert_eq!(tail.texts.len(), 1, "{:?}", tail.texts.keys());
}

#[test]
fn a_compressed_file_of_its_own_is_read() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 10));
    folder.write("x.log.1", lines(10, 1000));
    folder.gzip("x.log.1");

    let mut tail = Tail::new(&[folder.typed("")]);

    tail.expect(&folder.typed("x.log"), &lines(0, 10));
    tail.expect(&folder.typed("x.log.1.gz"), &lines(10, 1000));
}

#[test]
fn a_compressed_file_that_is_cut_off_is_said_and_read_when_it_is_whole() {
    let folder = Folder::new();
    folder.write("x", lines(0, 100_000));
    folder.gzip("x");
    let packed = fs::read(folder.path("x.gz")).unwrap();
    folder.write("x.gz", &packed[..packed.len() / 2]);
    let mut tail = Tail::new(&[folder.typed("x.gz")]);
    tail.read_until("a problem", |tail| !tail.problems.is_empty());
    assert!(!tail.text(&folder.typed("x.gz")).is_empty());

    folder.write("x.gz", &packed);

    tail.expect(&folder.typed("x.gz"), &lines(0, 100_000));
    assert_eq!(tail.readable, [folder.typed("x.gz")]);
}

#[test]
fn a_compressed_archive_from_before_the_start_is_no_problem() {
    let folder = Folder::new();
    folder.write("x.log", lines(0, 10));
    // The first header of a tar, of which no more is looked at.
    let mut tar = vec![b'x'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    folder.write("x.log.1", &tar);
    folder.gzip("x.log.1");
    folder.write("x.log.2", &tar);
    let mut tail = Tail::with(FollowOptions {
        from: From::End,
        ..options(&[folder.typed("")])
    });

    folder.append("x.log", lines(10, 1));

    tail.expect(&folder.typed("x.log"), &lines(10, 1));
    assert_eq!(tail.problems, []);
}

#[test]
fn all_is_read_once_and_nothing_is_waited_for() {
    let folder = Folder::new();
    folder.write("a.log", "one\ntwo");
    folder.write("b.log", lines(0, 1));
    folder.write("c.log.1", lines(0, 100));
    folder.gzip("c.log.1");
    let once = || FollowOptions {
        once: true,
        ..options(&[folder.typed("")])
    };
    let mut tail = Tail::with(once());
    tail.read_to_the_end();
    assert_eq!(tail.text(&folder.typed("a.log")), "one\ntwo");
    assert_eq!(tail.text(&folder.typed("c.log.1.gz")), lines(0, 100));
    let known = tail.commit();

    folder.append("a.log", " more\n");
    let mut tail = Tail::with(FollowOptions { known, ..once() });
    tail.read_to_the_end();

    let texts: Vec<_> = tail.texts.into_values().collect();
    assert_eq!(texts, [" more\n"]);
    assert_eq!(tail.lines, 0);
}

#[test]
fn a_compressed_file_that_was_empty_at_first_is_a_copy_all_the_same() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 10));
    folder.write("x.log.gz", "");
    let mut tail = Tail::new(&[folder.typed("")]);
    tail.expect(&path, &lines(0, 10));

    folder.gzip("x.log");
    tail.look_again();
    assert_eq!(tail.lines, 10, "{}", tail.summary());

    let mut tail = tail.restart(&[folder.typed("")], || {});
    tail.look_again();
    assert_eq!(tail.lines, 10, "{}", tail.summary());
}

#[test]
fn what_is_being_compressed_under_another_name_is_a_copy_all_the_same() {
    let folder = Folder::new();
    let old = "c/0.log.20261122-100000";
    folder.make("c");
    folder.write("c/0.log", lines(0, 1000));
    let mut tail = Tail::new(&[folder.typed("c")]);
    tail.expect(&folder.typed("c/0.log"), &lines(0, 1000));
    folder.rename("c/0.log", old);
    folder.write("c/0.log", lines(1000, 1));
    tail.look_again();

    // As kubelet does it.
    folder.write("packed", lines(0, 1000));
    folder.gzip("packed");
    let packed = fs::read(folder.path("packed.gz")).unwrap();
    let draft = format!("{old}.tmp");
    for written in [packed.len() / 2, packed.len()] {
        folder.write(&draft, &packed[..written]);
        tail.look_again();
    }
    folder.rename(&draft, &format!("{old}.gz"));
    folder.remove(old);
    tail.look_again();

    assert_eq!(tail.lines, 1001, "{}", tail.summary());
}
