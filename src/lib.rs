//! Counts, explains and reports cloud-API error codes in logs.
//!
//! Text flows one way: blocks of whole lines are matched, matches enriched,
//! events tallied, and the result rendered.

#![warn(missing_debug_implementations)]

pub mod catalog;
pub mod enrich;
pub mod error;
pub mod input;
pub mod matcher;
pub mod pipeline;
pub mod sink;
pub mod tally;

pub use error::{Error, Result};
