//! A current file that is moved, copied, truncated, removed and replaced.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Folder, Tail, lines};

#[test]
fn a_renamed_file_is_read_to_its_end_before_the_new_one() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 3));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 3));

    folder.append("x.log", lines(3, 2));
    folder.rename("x.log", "x.log.1");
    folder.append("x.log.1", lines(5, 2));
    folder.write("x.log", lines(7, 2));
    tail.expect(&path, &lines(0, 9));

    // Whoever has it open goes on for a while.
    folder.append("x.log.1", lines(9, 1));
    tail.expect(&path, &lines(0, 10));
    assert_eq!(tail.problems, []);
}

#[test]
fn generations_that_come_and_go_between_two_looks_are_read() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 1));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 1));

    for generation in 1..4 {
        for older in (1..generation).rev() {
            folder.rename(&format!("x.log.{older}"), &format!("x.log.{}", older + 1));
        }
        folder.rename("x.log", "x.log.1");
        folder.write("x.log", lines(generation, 1));
    }

    tail.expect(&path, &lines(0, 4));
    assert_eq!(tail.texts.len(), 1);
}

#[test]
fn what_a_copying_rotation_takes_away_unread_is_read_from_the_copy() {
    for pattern in ["x.log", "x.log*"] {
        let folder = Folder::new();
        let path = folder.typed("x.log");
        folder.write("x.log", lines(0, 100));
        let mut tail = Tail::new(&[folder.typed(pattern)]);
        tail.expect(&path, &lines(0, 100));

        folder.append("x.log", lines(100, 100));
        folder.copy("x.log", "x.log.1");
        folder.truncate("x.log");
        folder.append("x.log", lines(200, 3));

        tail.expect(&path, &lines(0, 203));
        assert_eq!(tail.texts.len(), 1, "{pattern}");
        assert_eq!(tail.truncations(), 1, "{pattern}");
    }
}

#[test]
fn what_was_read_behind_the_end_of_a_copy_does_not_make_it_another_text() {
    for size in [10, 100, 5000] {
        for (is_packed, is_killed) in [(false, false), (true, false), (false, true)] {
            what_was_read_behind_a_copy("x.log", size, is_packed, is_killed);
        }
    }
    what_was_read_behind_a_copy("x.log*", 50_000, false, false);
}

fn what_was_read_behind_a_copy(pattern: &str, size: usize, is_packed: bool, is_killed: bool) {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, size));
    let mut tail = Tail::new(&[folder.typed(pattern)]);
    if size.is_multiple_of(1000) {
        tail.expect(&path, &lines(0, size));
    }

    folder.copy("x.log", "x.log.1");
    folder.append("x.log", lines(size, 1000));
    tail.read_at_once(&path, &lines(0, size + 1000));
    let truncate = || {
        folder.truncate("x.log");
        if is_packed {
            folder.gzip("x.log.1");
        }
        folder.append("x.log", "new\n");
    };
    let mut tail = match is_killed {
        true => tail.restart(&[folder.typed(pattern)], truncate),
        false => {
            truncate();
            tail
        }
    };

    let text = lines(0, size + 1000) + "new\n";
    tail.expect(&path, &text);
    tail = tail.restart(&[folder.typed(pattern)], || {
        let ending = if is_packed { ".gz" } else { "" };
        folder.rename(&format!("x.log.1{ending}"), &format!("x.log.2{ending}"));
    });
    tail.expect(&path, &text);
    assert_eq!(
        tail.texts.len(),
        1,
        "{pattern} {size} {is_packed} {is_killed}"
    );
}

#[test]
fn a_copy_of_a_file_of_which_nobody_saw_yet_that_it_was_truncated_is_read_once() {
    for copy in ["x.log.1", "old/x.log.1"] {
        let folder = Folder::new();
        let path = folder.typed("x.log");
        folder.make("old");
        folder.write("x.log", lines(0, 100));
        let mut tail = Tail::new(std::slice::from_ref(&path));
        tail.expect(&path, &lines(0, 100));

        folder.truncate("x.log");
        folder.append("x.log", lines(100, 20));
        folder.copy("x.log", copy);
        folder.append("x.log", lines(120, 20));

        tail.expect(&path, &lines(0, 140));
        folder.truncate("x.log");
        folder.append("x.log", lines(140, 1));
        tail.expect(&path, &lines(0, 141));
    }
}

#[test]
fn a_copy_of_a_file_that_nobody_has_seen_yet_is_read_once() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 100));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 100));

    folder.remove("x.log");
    folder.write("x.log", lines(100, 20));
    folder.copy("x.log", "x.log.1");
    folder.append("x.log", lines(120, 20));

    tail.expect(&path, &lines(0, 140));
    folder.truncate("x.log");
    folder.append("x.log", lines(140, 1));
    tail.expect(&path, &lines(0, 141));
}

#[test]
fn a_copy_that_is_met_while_it_is_written_is_read_once() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", "");
    let mut tail = Tail::new(std::slice::from_ref(&path));
    let mut text = String::new();
    for round in 0..12 {
        let part = lines(round * 50_000, 50_000);
        folder.append("x.log", &part);
        text += &part;
        tail.read_at_once(&path, &text);
        std::thread::scope(|scope| {
            let rotation = scope.spawn(|| {
                folder.copy("x.log", "x.log.1");
                folder.truncate("x.log");
            });
            while !rotation.is_finished() {
                tail.step(std::time::Duration::from_millis(1));
            }
        });
        tail.look_again();
        folder.remove("x.log.1");
        assert_eq!(tail.text(&path).len(), text.len(), "{round}");
    }
}

#[test]
fn an_unfinished_line_that_is_all_of_a_truncated_file_counts_once() {
    for pattern in ["x.log", "x.log*"] {
        let folder = Folder::new();
        let path = folder.typed("x.log");
        let mut options = crate::support::options(&[folder.typed(pattern)]);
        options.quiet = std::time::Duration::from_secs(600);
        folder.write("x.log", "unfinished");
        let mut tail = Tail::with(options);
        tail.look_again();

        folder.copy("x.log", "x.log.1");
        folder.truncate("x.log");
        folder.append("x.log", "new\n");
        tail.read_until("all", |tail| tail.text(&path).contains("new"));
        tail.stop();
        tail.read_to_the_end();

        let mut texts: Vec<&str> = tail.texts.values().map(String::as_str).collect();
        texts.sort_unstable();
        assert_eq!(texts.concat().matches("unfinished").count(), 1, "{texts:?}");
        assert_eq!(tail.text(&path).matches("new").count(), 1);
    }
}

#[test]
fn a_file_that_grew_past_its_old_length_after_truncation_is_read_from_its_beginning() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 10));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 10));

    folder.write("x.log", lines(10, 50));

    tail.expect(&path, &lines(0, 60));
    assert_eq!(tail.truncations(), 1);
}

#[test]
fn an_unfinished_line_of_a_truncated_file_is_not_lost() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    let mut options = crate::support::options(std::slice::from_ref(&path));
    options.quiet = std::time::Duration::from_secs(600);
    folder.write("x.log", "whole\nunfinished");
    let mut tail = Tail::with(options);
    tail.expect(&path, "whole\n");

    folder.write("x.log", "n\n");

    tail.expect(&path, "whole\nunfinishedn\n");
    assert_eq!(tail.lines, 3);
}

#[test]
fn a_file_that_is_removed_and_made_again_is_another() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 2));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 2));

    for round in 1..5 {
        folder.remove("x.log");
        folder.write("x.log", lines(0, 2));
        tail.expect(&path, &lines(0, 2).repeat(round + 1));
    }
    assert_eq!(tail.problems, []);
}

#[test]
fn a_link_is_followed_to_where_it_leads_now() {
    let folder = Folder::new();
    let path = folder.typed("current.log");
    folder.write("a", lines(0, 2));
    symlink(folder.path("a"), folder.path("current.log")).unwrap();
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 2));

    folder.append("a", lines(2, 2));
    folder.write("b", lines(4, 1));
    symlink(folder.path("b"), folder.path("new")).unwrap();
    folder.rename("new", "current.log");
    tail.expect(&path, &lines(0, 5));

    // Back to a file that was read before: it goes on, and does not begin again.
    folder.append("b", lines(5, 1));
    tail.expect(&path, &lines(0, 6));
    folder.append("a", lines(6, 1));
    fs::remove_file(folder.path("current.log")).unwrap();
    symlink(folder.path("a"), folder.path("current.log")).unwrap();
    tail.expect(&path, &lines(0, 7));
}

#[test]
fn what_is_new_in_a_truncated_file_is_read_though_no_link_leads_to_it_any_more() {
    let folder = Folder::new();
    let path = folder.typed("current.log");
    folder.write("a", lines(0, 20));
    folder.write("b", "");
    symlink(folder.path("a"), folder.path("current.log")).unwrap();
    symlink(folder.path("b"), folder.path("new")).unwrap();
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 20));

    folder.write("a", lines(20, 5));
    folder.rename("new", "current.log");

    tail.expect(&path, &lines(0, 25));
}

#[test]
fn a_copy_that_is_compressed_while_its_stream_goes_on_is_read_once() {
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 50));
    let mut tail = Tail::new(&[folder.typed("")]);
    tail.expect(&path, &lines(0, 50));

    folder.rename("x.log", "x.log.1");
    folder.write("x.log", lines(50, 5));
    tail.expect(&path, &lines(0, 55));
    folder.gzip("x.log.1");
    folder.append("x.log", lines(55, 5));
    tail.expect(&path, &lines(0, 60));

    tail.look_again();
    assert_eq!(tail.texts.len(), 1, "{:?}", tail.texts.keys());
}

#[test]
fn a_writer_that_goes_on_behind_the_old_end_leaves_nuls_and_no_line_is_lost() {
    use std::os::unix::fs::FileExt;
    let folder = Folder::new();
    let path = folder.typed("x.log");
    folder.write("x.log", lines(0, 10));
    let mut tail = Tail::new(std::slice::from_ref(&path));
    tail.expect(&path, &lines(0, 10));

    let end = lines(0, 10).len();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(folder.path("x.log"))
        .unwrap();
    file.set_len(0).unwrap();
    file.write_at(lines(10, 5).as_bytes(), end as u64).unwrap();

    let nuls = "\0".repeat(end);
    tail.expect(&path, &[lines(0, 10), nuls, lines(10, 5)].concat());
}
