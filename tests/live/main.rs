//! `errsift tail`: what is written comes out at once, is counted once, and outlives whatever ends it.
//!
//! The real binary is run on real pipes and files. Tests wait for what they expect, and no longer.

#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "tests/cli uses all of it")]
mod support;

mod catalogue;
mod channels;
mod files;
mod latency;
mod partial;
mod passing;
mod process;
mod state;
mod stream;
mod sustained;
