//! What no test from outside can cause.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use super::stream::now_ms;
use super::{FollowOptions, Followed, Follower, From, ProblemKind};
use crate::input::{Block, Wake};

const STALE: i32 = 116;
const IO: i32 = 5;

struct Reading {
    follower: Follower,
    block: Block,
    text: Vec<u8>,
    problems: Vec<(ProblemKind, String)>,
    /// How often it was told that a path can be read again.
    readable: usize,
    _waker: std::io::PipeWriter,
}

impl Reading {
    fn of(path: &Path) -> Self {
        let (reader, waker) = std::io::pipe().expect("a pipe can be made");
        let options = FollowOptions {
            paths: vec![path.display().to_string()],
            from: From::Start,
            poll: Duration::from_millis(20),
            ..FollowOptions::default()
        };
        Reading {
            follower: Follower::new(options, Wake::new(reader)).expect("a path is no glob"),
            block: Block::default(),
            text: Vec::new(),
            problems: Vec::new(),
            readable: 0,
            _waker: waker,
        }
    }

    fn read_until(&mut self, text: &[u8]) {
        while self.text.len() < text.len() {
            self.step();
        }
        assert_eq!(self.text, text);
    }

    fn step(&mut self) {
        let timeout = Duration::from_millis(20);
        match self
            .follower
            .next(&mut self.block, timeout)
            .expect("waiting works")
        {
            Followed::Block { .. } => {
                self.text
                    .extend_from_slice(&self.block.bytes[self.block.body.clone()]);
            }
            Followed::Problem(problem) => self.problems.push((problem.kind, problem.message)),
            Followed::Readable(_) => self.readable += 1,
            Followed::Idle | Followed::Met | Followed::Stopped => {}
        }
    }

    /// Lets the next reads fail.
    fn fail(&mut self, code: i32) {
        for stream in self.follower.streams.iter_mut().flatten() {
            stream.fault = Some(code);
        }
    }
}

fn append(path: &Path, text: &str) {
    let file = fs::OpenOptions::new().append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.expect("a file can be written");
}

#[test]
fn a_stale_handle_is_replaced_and_nothing_is_lost_or_read_twice() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("x.log");
    fs::write(&path, "one\nunfin").expect("a file can be written");
    let mut reading = Reading::of(&path);
    reading.read_until(b"one\n");

    let mut text = String::from("one\nunfin");
    for more in ["ished\n", "two\n"] {
        reading.fail(STALE);
        append(&path, more);
        text += more;
        reading.read_until(text.as_bytes());
    }
    assert_eq!(reading.problems, []);
}

#[test]
fn a_stale_handle_of_a_file_that_was_replaced_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("x.log");
    fs::write(&path, "one\n").expect("a file can be written");
    let mut reading = Reading::of(&path);
    reading.read_until(b"one\n");

    reading.fail(STALE);
    fs::remove_file(&path).expect("a file can be removed");
    fs::write(&path, "two\n").expect("a file can be written");

    reading.read_until(b"one\ntwo\n");
}

#[test]
fn a_failing_read_is_said_once_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("x.log");
    fs::write(&path, "one\n").expect("a file can be written");
    let mut reading = Reading::of(&path);
    for _ in 0..2 {
        reading.fail(IO);
        while reading
            .follower
            .streams
            .iter()
            .flatten()
            .any(|stream| stream.fault.is_some())
        {
            reading.step();
        }
    }

    reading.read_until(b"one\n");

    let said = "Input/output error (os error 5), it is tried again soon";
    assert_eq!(
        reading.problems,
        [(ProblemKind::Unreadable, said.to_owned())]
    );
    while reading.readable == 0 {
        reading.step();
    }
    assert_eq!(reading.readable, 1);
}

#[test]
fn more_files_than_can_be_open_are_all_followed() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let name = |number: usize| folder.path().join(format!("{number}.log"));
    let mut reading = Reading::of(folder.path());
    reading.follower.most_open = 16;
    for number in 0..50 {
        fs::write(name(number), "a line\n").expect("a file can be written");
        reading.read_until("a line\n".repeat(number + 1).as_bytes());
    }
    let open = reading.follower.streams.iter().flatten().count();
    assert!(open <= 16, "{open}");

    for number in 0..50 {
        append(&name(number), "more..\n");
    }
    let mut expected = "a line\n".repeat(50);
    expected += &"more..\n".repeat(50);
    reading.read_until(expected.as_bytes());
    assert_eq!(reading.problems, []);
}

#[test]
fn what_was_rotated_away_before_a_look_is_read_though_no_notification_told_of_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("x.log");
    let [first, second] = ["x.log.1", "x.log.2"].map(|name| folder.path().join(name));
    fs::write(&path, "one\n").expect("a file can be written");
    let mut reading = Reading::of(&path);
    reading.read_until(b"one\n");

    // Nobody is told of what comes now, as where all of it was written to a process that was stopped.
    reading.follower.watch.keep_only(&HashSet::new());
    for unread in ["two\n", "three\n"] {
        append(&path, unread);
        if first.exists() {
            fs::rename(&first, &second).expect("a file can be renamed");
        }
        fs::copy(&path, &first).expect("a file can be copied");
        fs::write(&path, "").expect("a file can be written");
    }
    append(&path, "four\n");
    let written_ms = now_ms();
    while now_ms() == written_ms {}
    reading.follower.next_poll = Instant::now();

    reading.read_until(b"one\ntwo\nthree\nfour\n");
}
