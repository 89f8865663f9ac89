//! `errsift tail --listen`: what is counted is shown, to whom it may be, and no client costs anybody anything.
//!
//! The real binary is asked over real sockets. Tests wait for what they expect, and no longer.

#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "tests/cli uses all of it")]
mod support;

#[path = "../live/process.rs"]
#[expect(dead_code, reason = "tests/live uses all of it")]
mod process;

mod access;
mod client;
mod counts;
mod hostile;
mod live;
mod load;
mod metrics;
mod paths;
