//! Counts, explains and reports cloud-API error codes in logs.
//!
//! Text flows one way: blocks of whole lines are matched, matches enriched,
//! events tallied, and the result rendered. A [`catalog`] says which codes there
//! are, a [`matcher`] finds them, [`enrich`] reads what their lines say about
//! them, a [`tally`] counts them, a [`sink`] writes what was counted, and a
//! [`dashboard`] shows it. A [`pipeline`] runs all of these over an [`input`];
//! the matcher can be used alone.
//!
//! The library prints nothing and ends no process: what goes wrong is an
//! [`Error`], and an input that cannot be read is named in the result.
//!
//! # Example
//!
//! ```
//! use std::path::PathBuf;
//! use std::sync::Arc;
//!
//! use errsift::catalog::{Catalog, Lang};
//! use errsift::enrich::time::parse_zone;
//! use errsift::input::{Selection, collect};
//! use errsift::matcher::{MatchOptions, Matcher};
//! use errsift::pipeline::{Control, Setup, scan};
//! use errsift::sink::{ReportFormat, ReportStyle, write_report};
//! use errsift::tally::TallyOptions;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let catalog = Catalog::builtin()?;
//! let matcher = Matcher::new(&catalog, MatchOptions::default());
//! let setup = Setup {
//!     catalog: &catalog,
//!     matcher: &matcher,
//!     tally: Arc::new(TallyOptions::default()),
//!     zone: parse_zone("Asia/Shanghai")?,
//!     threads: 2,
//!     lang: Lang::En,
//! };
//! let paths = [PathBuf::from("tests/data/incident.log")];
//!
//! let outcome = scan(&setup, collect(&paths, &Selection::default()), &Control::new()?);
//!
//! let most = &outcome.result.codes[0];
//! assert_eq!((most.code.as_str(), most.count), ("APIG.9008", 12));
//! assert_eq!(most.http_status, Some(429));
//!
//! let mut page = Vec::new();
//! write_report(&mut page, &outcome.result, ReportFormat::Markdown, &ReportStyle::default())?;
//! assert!(String::from_utf8(page)?.contains("APIG.9008"));
//! # Ok(())
//! # }
//! ```

#![warn(missing_debug_implementations)]

pub mod catalog;
pub mod dashboard;
pub mod enrich;
pub mod error;
pub mod input;
pub mod matcher;
pub mod pipeline;
#[cfg(feature = "serve")]
pub mod serve;
pub mod sink;
pub mod state;
pub mod tally;
pub mod wording;

pub use error::{Error, Result};

/// The examples of README.md, which are compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
