//! What happens to bad input: nothing is lost in silence, nothing panics, nothing waits for ever.
//!
//! The real binary is run. Whatever cannot be read is named on standard error and among the
//! result's inputs, everything else is counted all the same, and the status is 2.

#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "tests/cli uses all of it")]
mod support;

mod bytes;
mod catalogue;
mod files;
mod interrupt;
mod long_line;
mod names;
mod output;
mod packed;
mod permission;
mod pipes;
mod results;
mod streams;

use errsift::tally::result::{InputState, ScanResult};

/// What became of each input: its path, its state and the reason.
fn states(result: &ScanResult) -> Vec<(&str, InputState, &str)> {
    let inputs = result.inputs.iter();
    inputs
        .map(|input| {
            let reason = input.error.as_deref().unwrap_or_default();
            (input.path.as_str(), input.state, reason)
        })
        .collect()
}

/// The code, the count and the lines of each row.
fn counts(result: &ScanResult) -> Vec<(&str, u64, u64)> {
    let rows = result.codes.iter();
    rows.map(|row| (row.code.as_str(), row.count, row.lines))
        .collect()
}
