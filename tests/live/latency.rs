//! From a line written to the line printed.

use std::time::{Duration, Instant};

use crate::process::Tail;
use crate::support::{Folder, LINE};

const LINES: usize = 1000;

/// What a person does not notice.
const BOUND: Duration = Duration::from_millis(50);

#[test]
fn ninety_nine_of_a_hundred_lines_are_printed_within_50_ms() {
    let folder = Folder::new();
    let mut tail = Tail::start(&folder, &["tail", "-f", "ndjson"]);
    let mut waits: Vec<Duration> = (0..LINES)
        .map(|_| {
            let start = Instant::now();
            tail.write(LINE);
            assert!(tail.line().ends_with("}\n"));
            start.elapsed()
        })
        .collect();
    waits.sort_unstable();

    let at = |part: usize| waits[waits.len() * part / 100];
    println!(
        "line written to line printed: p50 {:?}, p99 {:?}, most {:?}",
        at(50),
        at(99),
        waits[LINES - 1]
    );
    assert!(at(99) <= BOUND, "p99 {:?}", at(99));
}
