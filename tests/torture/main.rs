//! Proof by force: a tail counts each line of a log once, whatever happens to the log and to it.
//!
//! A writer appends numbered lines with known codes to several logs. At random moments the logs are
//! renamed, copied and truncated, removed, compressed, their links switched; the tail is killed and
//! started again with the same state, and its catalogue replaced. At the end the state holds what was
//! written: for every code and log. All that happens follows from a seed, which a failure names.

mod disk;
mod driver;
mod log;
mod logrotate;
mod random;
mod tail;

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use driver::torture;

/// Seeds that have failed once, and one for each way of naming what is followed.
const SEEDS: &[u64] = &[1, 2, 3];

/// How much happens under a seed.
const STEPS: usize = 40;

/// How long the long form takes, where the environment does not say: two minutes.
const SECONDS: u64 = 120;

/// How many seeds the long form tries at the same time.
const LANES: usize = 3;

#[test]
fn every_line_counts_once_whatever_happens() {
    side_by_side(SEEDS, |&seed| torture(seed, STEPS));
}

#[test]
#[ignore = "takes two minutes, or ERRSIFT_TORTURE_SECONDS"]
fn every_line_counts_once_whatever_happens_for_long() {
    let number = |name| {
        env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let start = Instant::now();
    let most = Duration::from_secs(number("ERRSIFT_TORTURE_SECONDS").unwrap_or(SECONDS));
    if let Some(seed) = number("ERRSIFT_TORTURE_SEED") {
        return torture(seed, STEPS);
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let first = now.unwrap().as_secs() % 1_000_000 * 1_000;
    let next = AtomicU64::new(first);
    side_by_side(&[(); LANES], |()| {
        while start.elapsed() < most {
            torture(next.fetch_add(1, Ordering::Relaxed), STEPS);
        }
    });
    let seeds = next.into_inner() - first;
    println!("{seeds} seeds from {first} on");
}

/// Does the same with each of `items` at the same time: most of it is waiting.
fn side_by_side<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    thread::scope(|scope| {
        for item in items {
            scope.spawn(|| work(item));
        }
    });
}
