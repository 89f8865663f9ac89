//! Who watches a tail, and how matches are told to them.

use std::io;
use std::ops::Range;
use std::time::Instant;

use super::job::Job;
use crate::enrich::event::MatchedLine;
use crate::input::follow::Problem;
use crate::pipeline::Setup;
use crate::pipeline::shown::{InputName, Shown, event};
use crate::tally::result::ScanResult;

/// What a watcher wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Only counts.
    Nothing,
    /// Lines that hold a match.
    Matches,
    /// All lines.
    Lines,
}

/// Sees what a tail finds, while it finds it. Everything comes in input order.
///
/// After an error nothing more is shown, and the tail ends.
pub trait Watcher {
    /// What is shown; the same for as long as the tail runs.
    fn wants(&self) -> Wants;

    /// A line that holds matches.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    fn matched(&mut self, line: &MatchedLine) -> io::Result<()>;

    /// Text without matches, of which all is wanted: lines or parts of them.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    fn passed(&mut self, path: &str, text: &[u8]) -> io::Result<()>;

    /// When to be called without anything to show.
    fn due(&self) -> Option<Instant>;

    /// Time has passed.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    fn tick(&mut self, now: Instant) -> io::Result<()>;

    /// No more is to be shown for now.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    fn flush(&mut self) -> io::Result<()>;

    /// All counts so far, every interval.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    fn snapshot(&mut self, total: &ScanResult) -> io::Result<()>;

    /// Something went wrong with an input. The tail goes on, and the result tells of what could
    /// not be read at its end.
    fn problem(&mut self, problem: &Problem);

    /// Something else went wrong. The tail goes on.
    fn complain(&mut self, text: &str);
}

/// Shows what was found in a block.
pub(super) fn show(
    setup: &Setup,
    path: &str,
    job: &Job,
    watcher: &mut dyn Watcher,
) -> io::Result<()> {
    let input = InputName::new(path);
    let block = &job.block;
    let found = job.shown.as_deref().unwrap_or_default();
    let shows_all = watcher.wants() == Wants::Lines;
    let mut at = block.body.start;
    for on_line in found.chunk_by(|a, b| a.place.line_start == b.place.line_start) {
        let first = place_in_block(setup, job, &on_line[0]).start;
        let start = memchr::memrchr(b'\n', &block.bytes[..first]).map_or(0, |newline| newline + 1);
        let start = start.max(block.body.start);
        let line = &block.bytes[start..block.body.end];
        let length = memchr::memchr(b'\n', line).map_or(line.len(), |newline| newline + 1);
        if shows_all && at < start {
            watcher.passed(path, &block.bytes[at..start])?;
        }
        at = start + length;
        // A code that begins in an earlier piece of the line is shown as far as it lies in this one.
        let matches = on_line.iter().map(|shown| {
            let place = place_in_block(setup, job, shown);
            let begin = place.start.saturating_sub(start);
            let end = place.end.saturating_sub(start).min(length);
            (begin.min(end)..end, event(setup, &input, shown))
        });
        watcher.matched(&MatchedLine {
            path,
            text: &line[..length],
            matches: matches.collect(),
        })?;
    }
    if shows_all && at < block.body.end {
        watcher.passed(path, &block.bytes[at..block.body.end])?;
    }
    Ok(())
}

fn place_in_block(setup: &Setup, job: &Job, shown: &Shown) -> Range<usize> {
    let start = usize::try_from(shown.place.offset - job.block.offset);
    let start = start.expect("a match lies in the block it was found in");
    start..start + setup.matcher.code(shown.code).text.len()
}
