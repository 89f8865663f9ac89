//! Renders results as reports and matches as events.
//!
//! Log text is hostile: whatever a log, a path or a saved result brings is made
//! visible by `text::visible` before it is printed. JSON keeps the text to the letter, because
//! programs need it, and is safe to print all the same by its own escapes; `html` carries it along
//! and makes it visible in the browser. Only the text that `live` passes through is as it is.
//!
//! `table` and `markdown` render the same outline, which knows what a report
//! says; a further format for people is a variant of [`ReportFormat`] and a file
//! that renders the outline.

mod change;
mod csv;
mod delta;
mod entry;
mod event;
mod explain;
mod finding;
mod fold;
mod grid;
mod group;
mod html;
mod json;
mod label;
mod live;
mod markdown;
mod outline;
mod prometheus;
#[cfg(test)]
mod sample;
mod series;
mod table;
mod text;
mod words;

use std::io;
use std::str::FromStr;

use crate::catalog::Lang;
use crate::tally::result::ScanResult;

pub use self::prometheus::{Exporter, MAX_SERIES, METRICS_CONTENT_TYPE, Reading};
pub use csv::csv_notes;
pub use delta::Deltas;
pub use entry::{EntryFormat, EntryStyle, write_entries};
pub use event::{EventFormat, EventStyle, write_event};
pub use explain::write_findings;
pub use finding::{Finding, Siblings, Stated};
pub use html::{write_live_page, write_update};
pub use live::{LivePrinter, LiveStyle};
pub use text::visible;

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportFormat {
    /// For a terminal.
    #[default]
    Table,
    /// The whole result, which `errsift report` reads again.
    Json,
    /// One row a code, or one a group.
    Csv,
    /// For an issue or a wiki page.
    Markdown,
    /// A page for a browser, in one file.
    Html,
}

/// What a report is like, whatever its format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportStyle {
    /// The language of titles and explanations.
    pub lang: Lang,
    /// Whether a table has colours.
    pub color: bool,
    /// The terminal's columns; `None` is no terminal, and nothing is wrapped.
    pub width: Option<usize>,
    /// What the rows stand for.
    pub by: By,
    /// How many rows a table has at most.
    pub top: Option<usize>,
}

/// What a row of a report stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// A code.
    #[default]
    Code,
    /// A kind of trouble.
    Category,
    /// A status: the documented one, else the observed one.
    Status,
    /// A provider.
    Provider,
    /// A product of a provider.
    Product,
    /// An input.
    File,
}

impl By {
    /// Every value, in the order in which the manual lists them.
    pub const ALL: &[By] = &[
        By::Code,
        By::Category,
        By::Status,
        By::Provider,
        By::Product,
        By::File,
    ];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            By::Code => "code",
            By::Category => "category",
            By::Status => "status",
            By::Provider => "provider",
            By::Product => "product",
            By::File => "file",
        }
    }
}

impl FromStr for By {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = By::ALL.iter().find(|by| by.name() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = By::ALL.iter().map(|by| by.name()).collect();
            format!(
                "unknown grouping '{name}', expected one of {}",
                names.join(", ")
            )
        })
    }
}

/// Writes `result` to `out` as a report.
///
/// # Errors
///
/// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
pub fn write_report(
    out: &mut dyn io::Write,
    result: &ScanResult,
    format: ReportFormat,
    style: &ReportStyle,
) -> io::Result<()> {
    match format {
        ReportFormat::Table => table::write(out, result, style),
        ReportFormat::Json => json::write(out, result, style),
        ReportFormat::Csv => csv::write(out, result, style),
        ReportFormat::Markdown => markdown::write(out, result, style),
        ReportFormat::Html => html::write(out, result, style),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_row_is_read_from_its_own_name() {
        for by in By::ALL {
            assert_eq!(by.name().parse(), Ok(*by));
        }
    }

    struct ClosedPipe;

    impl io::Write for ClosedPipe {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_errors_in_every_format() {
        use ReportFormat::{Csv, Html, Json, Markdown, Table};

        for format in [Table, Json, Csv, Markdown, Html] {
            let style = ReportStyle::default();
            let outcome = write_report(&mut ClosedPipe, &sample::result(), format, &style);
            let kind = outcome.map_err(|error| error.kind());
            assert_eq!(kind, Err(io::ErrorKind::BrokenPipe), "{format:?}");
        }
    }

    #[test]
    fn an_unknown_kind_of_row_names_the_known_ones() {
        assert_eq!(
            "colour".parse::<By>(),
            Err(
                "unknown grouping 'colour', expected one of code, category, status, provider, product, file"
                    .to_owned()
            )
        );
    }
}
