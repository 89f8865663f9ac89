//! Last lines without an end, and lines of any length.

use std::time::Duration;

use errsift::input::follow::{FollowOptions, Followed, From};

use crate::support::{Folder, POLL, Tail, lines, options};

#[test]
fn an_unfinished_line_comes_after_a_while_and_counts_once() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "one\ntwo ");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, "one\ntwo ");
    assert_eq!(tail.lines, 2);

    folder.append("x.log", "goes on, ");
    tail.expect(&path, "one\ntwo goes on, ");
    folder.append("x.log", "\nthree\n");
    tail.expect(&path, "one\ntwo goes on, \nthree\n");
    assert_eq!(tail.lines, 3);
}

#[test]
fn what_may_be_the_beginning_of_a_code_comes_with_its_end() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "a \"Failed");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, "a \"");
    tail.look_again();
    assert_eq!(tail.text(&path), "a \"");

    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.append("x.log", "Operation")
    });
    tail.look_again();
    assert_eq!(tail.text(&path), "a \"");

    folder.append("x.log", "\" b");
    tail.expect(&path, "a \"FailedOperation\" ");
    folder.remove("x.log");
    tail.look_again();
    tail.stop();
    tail.read_until("the rest", |tail| tail.text(&path).ends_with('b'));
    assert_eq!(tail.text(&path), "a \"FailedOperation\" b");
    assert_eq!(tail.lines, 1);
}

#[test]
fn the_beginning_of_a_code_is_left_to_the_run_that_goes_on() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    for (quiet, text) in [(Duration::from_secs(600), "one "), (POLL, "one APIG.10")] {
        folder.write("x.log", "one APIG.10");
        let mut tail = Tail::with(FollowOptions {
            quiet,
            goes_on: true,
            ..options(std::slice::from_ref(&path))
        });
        // Where it is not quiet yet nothing is handed out before the end.
        tail.look_again();
        tail.stop();
        while tail.step(POLL) != Followed::Stopped {}

        assert_eq!(tail.text(&path), text);
    }
}

#[test]
fn an_unfinished_line_goes_on_after_a_restart() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    for first in ["two ", &"long ".repeat(200_000)] {
        folder.write("x.log", format!("one\n{first}"));
        let mut tail = Tail::new(std::slice::from_ref(&path));
        tail.expect(&path, &format!("one\n{first}"));

        let mut tail = tail.restart(std::slice::from_ref(&path), || {
            folder.append("x.log", "more\nthree\n")
        });

        tail.expect(&path, &format!("one\n{first}more\nthree\n"));
        assert_eq!(tail.lines, 3);
    }
}

#[test]
fn a_line_of_any_length_passes_in_bounded_memory() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    let text = format!("{}\nlast\n", "x".repeat(3 << 20));
    folder.write("x.log", &text[..2 << 20]);
    let mut tail = Tail::with(FollowOptions {
        block_bytes: 10_000,
        ..options(std::slice::from_ref(&path))
    });
    tail.expect(&path, &text[..2 << 20]);

    folder.append("x.log", &text[2 << 20..]);

    tail.expect(&path, &text);
    assert_eq!(tail.lines, 2);
    assert!(tail.largest_block < 200_000, "{}", tail.largest_block);
}

#[test]
fn only_what_is_added_counts_where_following_begins_at_the_end() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "old\nunfinished");
    let mut tail = Tail::with(FollowOptions {
        from: From::End,
        ..options(std::slice::from_ref(&path))
    });
    assert_eq!(tail.step(Duration::ZERO), Followed::Idle);

    folder.append("x.log", " line\nnew\n");
    tail.expect(&path, " line\nnew\n");

    // The line was there before; its number is that in the file.
    assert_eq!(tail.lines, 1);
    assert_eq!(tail.first_line, 1);
}

#[test]
fn what_was_read_of_unfinished_lines_is_handed_out_at_the_end() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "one\ntwo");
    let mut tail = Tail::with(FollowOptions {
        quiet: Duration::from_secs(600),
        ..options(std::slice::from_ref(&path))
    });
    tail.expect(&path, "one\n");

    tail.stop();

    assert!(matches!(tail.step(POLL), Followed::Block { .. }));
    assert_eq!(tail.text(&path), "one\ntwo");
    assert_eq!(tail.step(POLL), Followed::Stopped);
}

#[test]
fn utf_16_is_followed_as_it_grows() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    let encode = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    folder.write("x.log", encode("\u{feff}错误 one\n"));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, "错误 one\n");

    let bytes = encode("two\nthree\n");
    folder.append("x.log", &bytes[..3]);
    tail.look_again();
    folder.append("x.log", &bytes[3..]);
    tail.expect(&path, "错误 one\ntwo\nthree\n");

    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.append("x.log", encode("four\n"))
    });
    tail.expect(&path, "错误 one\ntwo\nthree\nfour\n");
}

#[test]
fn many_small_writes_are_each_handed_out_soon() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "");
    let mut tail = Tail::with(FollowOptions {
        poll: Duration::from_secs(600),
        ..options(std::slice::from_ref(&path))
    });
    for number in 0..200 {
        folder.append("x.log", lines(number, 1));
        while tail.text(&path).len() < lines(0, number + 1).len() {
            // Only a notification can end this wait in time.
            assert_ne!(tail.step(Duration::from_secs(60)), Followed::Stopped);
        }
    }
    assert_eq!(tail.text(&path), lines(0, 200));
}
