//! What following costs.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use errsift::input::follow::FollowOptions;

use crate::support::{Folder, Tail, lines, options};

/// How long this thread was on a processor.
fn thread_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split_whitespace().next().unwrap().parse().unwrap())
}

fn following(folder: &Folder, files: usize) -> Tail {
    for number in 0..files {
        folder.write(&format!("{number}.log"), lines(0, 1));
    }
    let mut tail = Tail::with(FollowOptions {
        poll: FollowOptions::default().poll,
        ..options(&[folder.typed("")])
    });
    tail.read_until("all files", |tail| tail.texts.len() == files);
    tail
}

#[test]
#[ignore = "takes ten seconds"]
fn a_thousand_idle_files_cost_less_than_a_hundredth_of_a_core() {
    let folder = Folder::new();
    let mut tail = following(&folder, 1000);
    let (start, before) = (Instant::now(), thread_time());

    while start.elapsed() < Duration::from_secs(10) {
        tail.step(Duration::from_secs(1));
    }

    let share = (thread_time() - before).as_secs_f64() / start.elapsed().as_secs_f64();
    println!("{:.3} % of a core", share * 100.0);
    assert!(share < 0.01, "{share}");
}

#[test]
fn a_thousand_files_with_a_writer_each_lose_no_line() {
    const FILES: usize = 1000;
    const LINES: usize = 20;
    let folder = Folder::new();
    let mut tail = following(&folder, FILES);

    thread::scope(|scope| {
        for number in 0..FILES {
            let folder = &folder;
            scope.spawn(move || {
                for line in 1..LINES {
                    folder.append(&format!("{number}.log"), lines(line, 1));
                }
            });
        }
        let all = (FILES * LINES) as u64;
        tail.read_until("all lines", |tail| tail.lines == all);
    });

    for number in 0..FILES {
        let text = tail.text(&folder.typed(&format!("{number}.log")));
        assert_eq!(text, lines(0, LINES), "{number}.log");
    }
}

#[test]
fn a_line_is_handed_out_within_50_ms_of_being_written() {
    let folder = Folder::new();
    let mut tail = following(&folder, 100);
    let mut waits = Vec::new();
    for round in 0..300 {
        let name = format!("{}.log", round * 37 % 100);
        let expected = tail.text(&folder.typed(&name)).len() + 9;
        let start = Instant::now();
        folder.append(&name, "a line..\n");
        while tail.text(&folder.typed(&name)).len() < expected {
            tail.step(Duration::from_secs(10));
        }
        waits.push(start.elapsed());
    }
    waits.sort();
    let [p50, p99] = [150, 297].map(|at| waits[at]);
    println!("written to handed out: p50 {p50:?}, p99 {p99:?}");
    assert!(p99 < Duration::from_millis(50), "{p99:?}");
}
