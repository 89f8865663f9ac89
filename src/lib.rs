//! Counts, explains and reports cloud-API error codes in logs.

pub mod catalog;
pub mod enrich;
pub mod error;
pub mod tally;

pub use error::{Error, Result};
