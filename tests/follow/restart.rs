//! What happens while nobody looks: everything is taken up where it was left.

use errsift::input::follow::ProblemKind;

use crate::support::{Folder, Tail, lines};

/// Follows a file, lets things happen while nobody looks, and asserts what is read in all.
fn across_a_restart(typed: &str, happens: impl FnOnce(&Folder), expected: &str) {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 100));
    let mut tail = Tail::new(&[folder.typed(typed)]);
    tail.expect(&path, &lines(0, 100));

    let mut tail = tail.restart(&[folder.typed(typed)], || happens(&folder));

    tail.expect(&path, expected);
    assert_eq!(tail.texts.len(), 1, "{:?}", tail.texts.keys());
    assert_eq!(tail.lost(), [""; 0]);
    let again = tail.restart(&[folder.typed(typed)], || {});
    let mut tail = again;
    tail.look_again();
    assert_eq!(tail.text(&path), expected);
    assert_eq!(tail.texts.len(), 1, "{:?}", tail.texts.keys());
}

#[test]
fn a_file_that_grew_goes_on() {
    let grow = |folder: &Folder| folder.append("x.log", lines(100, 5));
    across_a_restart("x.log", grow, &lines(0, 105));
}

#[test]
fn a_file_that_was_renamed_is_found_by_itself() {
    for typed in ["x.log", "*.log", ""] {
        let rename = |folder: &Folder| {
            folder.append("x.log", lines(100, 5));
            folder.rename("x.log", "x.log.1");
            folder.write("x.log", lines(105, 5));
        };
        across_a_restart(typed, rename, &lines(0, 110));
        let leave = |folder: &Folder| {
            folder.append("x.log", lines(100, 5));
            folder.rename("x.log", "x.log.1");
        };
        across_a_restart(typed, leave, &lines(0, 105));
    }
}

#[test]
fn a_file_that_was_compressed_goes_on_in_its_archive() {
    for typed in ["x.log", "x.log*", ""] {
        let compress = |folder: &Folder| {
            folder.append("x.log", lines(100, 5));
            folder.rename("x.log", "x.log.1");
            folder.write("x.log", lines(105, 5));
            folder.gzip("x.log.1");
        };
        across_a_restart(typed, compress, &lines(0, 110));
    }
}

#[test]
fn a_file_that_was_rotated_twice_and_compressed_once_lacks_nothing() {
    for typed in ["x.log", "x.log*", ""] {
        let rotate = |folder: &Folder| {
            folder.append("x.log", lines(100, 5));
            folder.rename("x.log", "x.log.1");
            folder.write("x.log", lines(105, 5));
            folder.rename("x.log.1", "x.log.2");
            folder.rename("x.log", "x.log.1");
            folder.write("x.log", lines(110, 5));
            folder.gzip("x.log.2");
        };
        across_a_restart(typed, rotate, &lines(0, 115));
    }
}

#[test]
fn a_file_that_was_copied_and_truncated_goes_on_in_the_copy() {
    for typed in ["x.log", "x.log*", ""] {
        let rotate = |folder: &Folder| {
            folder.append("x.log", lines(100, 5));
            folder.copy("x.log", "x.log.1");
            folder.truncate("x.log");
            folder.append("x.log", lines(105, 500));
        };
        across_a_restart(typed, rotate, &lines(0, 605));
        let compress = |folder: &Folder| {
            rotate(folder);
            folder.gzip("x.log.1");
        };
        across_a_restart(typed, compress, &lines(0, 605));
    }
}

#[test]
fn a_known_path_is_read_from_its_beginning_however_unknown_ones_begin() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 10));
    folder.write("x.log.1", lines(1000, 10));
    let at_end = |known| errsift::input::follow::FollowOptions {
        from: errsift::input::follow::From::End,
        known,
        ..crate::support::options(std::slice::from_ref(&path))
    };
    let mut tail = Tail::with(at_end(Vec::new()));
    folder.append("x.log", lines(10, 1));
    tail.expect(&path, &lines(10, 1));
    let known = tail.commit();
    drop(tail);

    folder.rename("x.log.1", "x.log.2");
    folder.rename("x.log", "x.log.1");
    folder.append("x.log.1", lines(11, 1));
    folder.write("x.log", lines(12, 1));
    let mut tail = Tail::with(at_end(known));

    tail.expect(&path, &lines(11, 2));
}

#[test]
fn a_link_that_leads_elsewhere_does_not_hide_what_was_left_unread() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    let path = folder.typed("current.log");
    folder.write("a", lines(0, 100));
    symlink(folder.path("a"), folder.path("current.log")).unwrap();
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 100));

    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.append("a", lines(100, 5));
        folder.remove("current.log");
        folder.write("b", lines(105, 5));
        symlink(folder.path("b"), folder.path("current.log")).unwrap();
    });
    tail.read_until("all lines", |tail| tail.lines == 110);

    let mut read: Vec<_> = tail.text(&path).lines().collect();
    read.sort_by_key(|line| line[5..].parse::<usize>().unwrap());
    assert_eq!(read, lines(0, 110).lines().collect::<Vec<_>>());

    // What the link leads to is copied and truncated beside it, where the link is not.
    folder.append("b", lines(110, 5));
    folder.copy("b", "b.1");
    folder.truncate("b");
    folder.append("b", lines(115, 1));
    tail.read_until("all lines", |tail| tail.lines == 116);
}

#[test]
fn what_a_link_led_to_is_read_though_it_was_truncated_before_the_link_was_switched() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    let path = folder.typed("current.log");
    folder.write("a", lines(0, 100));
    symlink(folder.path("a"), folder.path("current.log")).unwrap();
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 100));

    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.truncate("a");
        folder.append("a", lines(100, 5));
        folder.remove("current.log");
        folder.write("b", "");
        symlink(folder.path("b"), folder.path("current.log")).unwrap();
    });

    tail.expect(&path, &lines(0, 105));
}

#[test]
fn what_was_written_and_rotated_away_while_nobody_looked_is_read() {
    let rotate = |folder: &Folder| {
        // A generation that was empty when it was seen last, and is again.
        folder.copy("x.log", "x.log.1");
        folder.truncate("x.log");
    };
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.look_again();

    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.append("x.log", lines(0, 5));
        rotate(&folder);
    });
    tail.expect(&path, &lines(0, 5));

    // A copy that somebody keeps is none of them.
    folder.append("x.log", lines(5, 100));
    tail.expect(&path, &lines(0, 105));
    let mut tail = tail.restart(std::slice::from_ref(&path), || {
        folder.copy("x.log", "x.log.bak")
    });
    tail.look_again();
    folder.append("x.log", lines(105, 1));
    tail.expect(&path, &lines(0, 106));
}

#[test]
fn a_file_that_was_removed_and_made_again_is_another_and_told_once() {
    for typed in ["x.log", "*.log", ""] {
        let folder = Folder::new();
        let path = folder.typed("x.log");
        let followed = [folder.typed(typed)];
        folder.write("x.log", lines(0, 100));
        let mut tail = Tail::new(&followed);
        tail.expect(&path, &lines(0, 100));

        let mut tail = tail.restart(&followed, || {
            folder.append("x.log", lines(100, 5));
            folder.remove("x.log");
            folder.write("x.log", lines(105, 500));
        });

        let all = lines(0, 100) + &lines(105, 500);
        tail.expect(&path, &all);
        assert_eq!(tail.lost(), [path.as_str()]);
        let bytes = format!("{} bytes", lines(0, 100).len());
        let problem = tail.problems.last().unwrap();
        assert!(problem.message.contains(&bytes), "{problem:?}");
        let mut tail = tail.restart(&followed, || {});
        tail.look_again();
        assert_eq!(tail.lost(), [""; 0]);
        assert_eq!(tail.text(&path), all);
    }
}

#[test]
fn a_file_that_was_removed_and_read_to_its_end_is_not_told_as_lost() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    let followed = [folder.typed("*.log")];
    folder.write("x.log", lines(0, 100));
    let mut tail = Tail::new(&followed);
    tail.expect(&path, &lines(0, 100));
    folder.append("x.log", lines(100, 5));
    folder.remove("x.log");
    tail.expect(&path, &lines(0, 105));

    let mut tail = tail.restart(&followed, || folder.write("x.log", lines(105, 5)));

    tail.expect(&path, &lines(0, 110));
    assert_eq!(tail.lost(), [""; 0]);
}

#[test]
fn an_earlier_log_that_was_removed_is_not_told_as_lost() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    let followed = [folder.typed("x.log*")];
    folder.write("x.log", lines(0, 100));
    let mut tail = Tail::new(&followed);
    tail.expect(&path, &lines(0, 100));
    folder.rename("x.log", "x.log.1");
    folder.write("x.log", lines(100, 5));
    tail.expect(&path, &lines(0, 105));

    let mut tail = tail.restart(&followed, || {
        folder.append("x.log", lines(105, 5));
        folder.remove("x.log.1");
    });

    tail.expect(&path, &lines(0, 110));
    assert_eq!(tail.lost(), [""; 0]);
}

#[test]
fn what_was_found_and_not_read_is_read_where_it_was_compressed_before_the_next_run() {
    for typed in ["x.log", "x.log*", ""] {
        let folder = Folder::new();
        let path = folder.typed("x.log");
        let followed = [folder.typed(typed)];
        folder.write("x.log", lines(0, 10));
        let mut tail = Tail::new(&followed);
        tail.expect(&path, &lines(0, 10));

        let tail = tail.restart(&followed, || {
            folder.rename("x.log", "x.log.2");
            folder.write("x.log.1", lines(10, 1000));
            folder.gzip("x.log.1");
            folder.write("x.log", lines(1010, 1000));
            folder.age("x.log");
        });
        // Nothing was read of the two.
        let mut tail = tail.restart(&followed, || {
            folder.rename("x.log.2", "x.log.3");
            folder.rename("x.log.1.gz", "x.log.2.gz");
            folder.rename("x.log", "x.log.1");
            folder.gzip("x.log.1");
            folder.write("x.log", lines(2010, 1));
        });

        tail.read_until("all", |tail| tail.lines >= 2011);
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(tail.text(&path)), sorted(&lines(0, 2011)));
        assert_eq!(tail.texts.len(), 1, "{typed}: {}", tail.summary());
        assert_eq!(tail.lost(), [""; 0]);
        assert_eq!(tail.truncations(), 0);
    }
}

#[test]
fn files_of_a_crash_loop_that_hold_the_same_line_count_each() {
    for (is_packed, is_moved) in [(false, false), (true, false), (false, true), (true, true)] {
        let folder = Folder::new();
        let path = folder.typed("x.log");
        let followed = std::slice::from_ref(&path);
        folder.make("old");
        folder.write("x.log", "FATAL\n");
        let mut tail = Tail::new(followed);
        tail.expect(&path, "FATAL\n");

        let mut tail = tail.restart(followed, || {
            for number in (1..=4).rev() {
                folder.tick();
                let moved = if is_moved { "old/" } else { "" };
                let name = format!("{moved}x.log.{number}");
                folder.rename("x.log", &name);
                folder.tick();
                folder.write("x.log", "FATAL\n");
                if is_packed {
                    folder.gzip(&name);
                }
            }
        });

        tail.expect(&path, &"FATAL\n".repeat(5));
        assert_eq!(tail.problems, [], "{is_packed} {is_moved}");
        let mut tail = tail.restart(followed, || {});
        tail.look_again();
        assert_eq!(tail.text(&path), "FATAL\n".repeat(5));
    }
}

#[test]
fn a_copy_that_somebody_keeps_is_said_and_not_counted() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    let followed = std::slice::from_ref(&path);
    folder.write("x.log", lines(0, 10));
    let mut tail = Tail::new(followed);
    tail.expect(&path, &lines(0, 10));

    let mut tail = tail.restart(followed, || folder.copy("x.log", "x.log.bak"));

    let is_said = |tail: &Tail| !tail.problems.is_empty();
    tail.read_until("that it is a copy", is_said);
    assert_eq!(tail.problems[0].kind, ProblemKind::Copy);
    assert_eq!(tail.text(&path), lines(0, 10));
}
