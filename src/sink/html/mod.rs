//! The page: one self-contained file that shows a result, or a live view of one.
//!
//! Log text reaches the page only inside a block of JSON, from which the script
//! makes text nodes; nothing of it is ever parsed as markup. The page's policy
//! (CSP) lets run the one script that is part of it, and no request leave it,
//! but for the live page's to its own server.

mod chart;
mod data;
mod draw;
mod shell;
mod words;

use std::io;

use super::ReportStyle;
use crate::catalog::Lang;
use crate::tally::result::ScanResult;

/// Writes `result` as a page to keep.
///
/// It holds every code, whatever `top` is: it can be searched, and what it says is said of all.
pub(super) fn write(
    out: &mut dyn io::Write,
    result: &ScanResult,
    style: &ReportStyle,
) -> io::Result<()> {
    let data = data::json(result)?;
    out.write_all(shell::page(&data, style.lang, None).as_bytes())
}

/// Writes the page that shows `result` and then whatever `events` sends.
///
/// `events` is a path on the page's own server, of server-sent events whose
/// data is what [`write_update`] writes.
///
/// # Errors
///
/// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
pub fn write_live_page(
    out: &mut dyn io::Write,
    result: &ScanResult,
    lang: Lang,
    events: &str,
) -> io::Result<()> {
    let data = data::json(result)?;
    out.write_all(shell::page(&data, lang, Some(events)).as_bytes())
}

/// Writes what a live page is to show instead, as JSON on one line without an end.
///
/// # Errors
///
/// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
pub fn write_update(out: &mut dyn io::Write, result: &ScanResult) -> io::Result<()> {
    out.write_all(data::json(result)?.as_bytes())
}
