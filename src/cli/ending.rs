//! How a verb that reads logs ends: its report, where that goes, and the exit status.
//!
//! Events and a report never share a stream: where events are printed, the report goes to
//! standard error. A report is saved also where whoever reads the events has seen enough.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use errsift::Result;
use errsift::catalog::Catalog;
use errsift::sink::{By, EventFormat, ReportFormat, write_report};
use errsift::tally::result::ScanResult;
use errsift::tally::{Filter, TallyOptions};

use super::Status;
use super::console::Style;
use super::metrics::{Metrics, MetricsArgs};
use super::options::Report;
use super::output::{self, Format, FormatName, Output, Rendering};
use super::untold;

/// What `-f` names: a report, or each match as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PrintName {
    Table,
    Json,
    Csv,
    Markdown,
    Prometheus,
    Html,
    Text,
    Ndjson,
}

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// The report, where a format was asked for.
    Report(Option<Format>),
    Events(EventFormat),
}

impl From<Option<PrintName>> for Print {
    fn from(name: Option<PrintName>) -> Print {
        let report = |name: FormatName| Print::Report(Some(name.into()));
        match name {
            None => Print::Report(None),
            Some(PrintName::Table) => report(FormatName::Table),
            Some(PrintName::Json) => report(FormatName::Json),
            Some(PrintName::Csv) => report(FormatName::Csv),
            Some(PrintName::Markdown) => report(FormatName::Markdown),
            Some(PrintName::Prometheus) => report(FormatName::Prometheus),
            Some(PrintName::Html) => report(FormatName::Html),
            Some(PrintName::Text) => Print::Events(EventFormat::Text),
            Some(PrintName::Ndjson) => Print::Events(EventFormat::Ndjson),
        }
    }
}

/// The options that decide how it ends, checked.
#[derive(Debug)]
pub struct Ending {
    pub report: Report,
    pub output: Option<Output>,
    pub metrics: Metrics,
    pub print: Print,
    pub style: Style,
    pub err_style: Style,
    /// Whether a live page or a state has the counts over time, besides the report.
    pub keeps_times: bool,
    /// Whether whoever read the events has seen enough.
    pub is_unread: AtomicBool,
}

impl Ending {
    /// What to count for such a report.
    pub fn tally_options(&self, filter: Filter) -> TallyOptions {
        let defaults = TallyOptions::default();
        let makes_page = self.makes_page();
        TallyOptions {
            filter,
            samples: self.report.samples.unwrap_or(defaults.samples),
            bucket: self.report.bucket.or(makes_page.then_some(1)),
            fits_chart: self.report.bucket.is_none(),
            by_file: makes_page || self.report.by == By::File,
            http: defaults.http,
        }
    }

    /// Prepares what is written for Prometheus; `is_served` is whether it can be asked for, too.
    ///
    /// # Errors
    ///
    /// Returns [`errsift::Error::Usage`] for options that are wrong, or would do nothing.
    pub fn export(
        &mut self,
        args: &MetricsArgs,
        textfile: Option<&Path>,
        is_served: bool,
        catalog: &Catalog,
    ) -> Result<()> {
        let is_used = is_served || textfile.is_some() || self.makes(Format::Prometheus);
        let exporter = args.exporter(catalog, is_used)?;
        self.metrics = Metrics::of_reading(exporter, textfile);
        Ok(())
    }

    /// Whether the report is a page, which shows counts over time and by file unasked.
    fn makes_page(&self) -> bool {
        self.makes(Format::Report(ReportFormat::Html))
    }

    /// Whether a report of this format is saved or printed.
    pub fn makes(&self, format: Format) -> bool {
        let saved = self.output.as_ref().map(|output| output.format);
        let printed = match self.print {
            Print::Report(format) => format,
            Print::Events(_) => None,
        };
        [saved, printed].contains(&Some(format))
    }

    fn rendering(&self) -> Rendering<'_> {
        Rendering {
            report: &self.report,
            style: &self.style,
            metrics: &self.metrics,
            keeps_times: self.keeps_times,
        }
    }

    /// Goes on where nobody reads the events any more, as long as a report is still to be saved.
    ///
    /// # Errors
    ///
    /// Returns any other error of `shown`.
    pub fn outlive(&self, shown: io::Result<()>) -> io::Result<()> {
        let saves = self.output.is_some() || self.metrics.has_textfile();
        match shown {
            Err(error) if saves && error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_unread.store(true, Ordering::Relaxed);
                Ok(())
            }
            shown => shown,
        }
    }

    /// Whether nobody reads the events any more, so that nothing is said either.
    pub fn is_unread(&self) -> bool {
        self.is_unread.load(Ordering::Relaxed)
    }

    /// Saves and prints the report.
    ///
    /// # Errors
    ///
    /// Returns [`errsift::Error::Write`] where a file or standard output cannot be written.
    pub fn deliver(&self, result: &ScanResult) -> Result<()> {
        match self.print {
            Print::Report(format) => {
                let output = self.output.as_ref();
                output::deliver(result, output, format, &self.rendering())
            }
            Print::Events(_) if self.is_unread() => self.save(result),
            Print::Events(_) => {
                let table = Format::Report(ReportFormat::Table);
                let saved = self.output.as_ref().map(|output| output.format);
                let formats: Vec<Format> = saved.into_iter().chain([table]).collect();
                untold::tell_unshown(result, &formats, &self.rendering());
                let saved = self.save(result);
                let style = self.report.style(&self.err_style);
                let mut err = BufWriter::new(io::stderr().lock());
                // Where standard error is closed there is nobody to read the table.
                let _ = write_report(&mut err, result, ReportFormat::Table, &style);
                let _ = err.flush();
                saved
            }
        }
    }

    /// Saves the report where that is asked for.
    ///
    /// # Errors
    ///
    /// Returns [`errsift::Error::Write`] where the file cannot be written.
    pub fn save(&self, result: &ScanResult) -> Result<()> {
        let output = self.output.as_ref();
        output.map_or(Ok(()), |output| output.save(result, &self.rendering()))
    }

    /// The status to end with; `has_failed` where an input could not be read to its end.
    pub fn status(&self, result: &ScanResult, shown: &ScanResult, has_failed: bool) -> Status {
        if self.is_unread() {
            return Status::Success;
        }
        let status = self.report.status(result, shown);
        if has_failed { Status::Error } else { status }
    }
}
