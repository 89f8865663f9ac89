//! Compressed files and archives: what is in them is counted as if it lay there unpacked.
//!
//! The real binary is run. The files are made by the libraries' encoders, and damaged by hand.

#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "tests/cli uses all of it")]
mod support;

mod archives;
mod compressed;
mod copies;
mod damage;
mod kept;
mod limits;
mod pack;
mod progress;
mod tools;

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

/// How many matches there are.
fn matches(result: &ScanResult) -> u64 {
    result.totals.matches
}
