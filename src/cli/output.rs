//! `-o`: a report into a file, which is replaced whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use errsift::input::{DRAFT_PREFIX, place};
use errsift::sink::{ReportFormat, ReportStyle, visible, write_report};
use errsift::tally::result::ScanResult;
use errsift::{Error, Result};

use super::console::{self, Style};
use super::metrics::Metrics;
use super::options::Report;
use super::untold;

/// Where a report goes besides standard output.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Save the report: json, or by its name html (.html), csv (.csv), markdown (.md) or prometheus
    /// (.prom); - is standard output. Nothing is printed then, unless -f asks for another format
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

/// The formats of reports on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    Table,
    Json,
    Csv,
    Markdown,
    Prometheus,
    Html,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people and programs that read results.
    Report(ReportFormat),
    /// The counts alone, as time series.
    Prometheus,
}

impl Default for Format {
    fn default() -> Self {
        Format::Report(ReportFormat::default())
    }
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Table => Format::Report(ReportFormat::Table),
            FormatName::Json => Format::Report(ReportFormat::Json),
            FormatName::Csv => Format::Report(ReportFormat::Csv),
            FormatName::Markdown => Format::Report(ReportFormat::Markdown),
            FormatName::Prometheus => Format::Prometheus,
            FormatName::Html => Format::Report(ReportFormat::Html),
        }
    }
}

/// All that writing a report takes, besides the result.
#[derive(Debug)]
pub struct Rendering<'a> {
    pub report: &'a Report,
    pub style: &'a Style,
    pub metrics: &'a Metrics,
    /// Whether a live page or a state has the counts over time, besides the report.
    pub keeps_times: bool,
}

impl Rendering<'_> {
    fn write(
        &self,
        out: &mut dyn Write,
        result: &ScanResult,
        format: Format,
        style: &ReportStyle,
    ) -> io::Result<()> {
        match format {
            Format::Report(format) => write_report(out, result, format, style),
            Format::Prometheus => self.metrics.write(out, result),
        }
    }
}

/// A file to save a report in.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    /// The format that the file's name tells.
    pub format: Format,
}

impl OutputArgs {
    /// The file that was asked for; `-` is standard output.
    pub fn path(&self) -> Option<&Path> {
        let path = self.output.as_deref()?;
        Some(match path.as_os_str() == "-" {
            true => Path::new(console::STDOUT_DEVICE),
            false => path,
        })
    }

    /// The same with the format that its name tells.
    pub fn checked(&self) -> Option<Output> {
        let path = self.path()?;
        let extension = path.extension().map(|name| name.to_ascii_lowercase());
        let format = match extension.as_deref().and_then(|name| name.to_str()) {
            Some("csv") => FormatName::Csv,
            Some("md") => FormatName::Markdown,
            Some("html") => FormatName::Html,
            Some("prom") => FormatName::Prometheus,
            _ => FormatName::Json,
        };
        Some(Output {
            path: path.to_owned(),
            format: format.into(),
        })
    }
}

/// Saves `result` where that is asked for, and prints it in `format` where that is asked for too.
///
/// What cannot be saved is printed, so that nothing is lost.
///
/// # Errors
///
/// Returns [`Error::Write`] where the file or standard output cannot be written.
pub fn deliver(
    result: &ScanResult,
    output: Option<&Output>,
    format: Option<Format>,
    rendering: &Rendering,
) -> Result<()> {
    let saved = output.map(|output| output.format);
    let printed = format.or_else(|| output.is_none().then(Format::default));
    let formats: Vec<Format> = saved.into_iter().chain(printed).collect();
    untold::tell_notes(result, &formats, rendering);
    untold::tell_unshown(result, &formats, rendering);
    let Some(output) = output else {
        return print(result, format.unwrap_or_default(), rendering);
    };
    if let Err(error) = output.save(result, rendering) {
        if super::is_closed_pipe(&error) {
            return Err(error);
        }
        console::complain(&format!(
            "{}: not saved, printed instead",
            output.path.display()
        ));
        print(result, format.unwrap_or(output.format), rendering)?;
        return Err(error);
    }
    match format {
        Some(format) if format != output.format => print(result, format, rendering),
        _ => Ok(()),
    }
}

fn print(result: &ScanResult, format: Format, rendering: &Rendering) -> Result<()> {
    let style = rendering.report.style(rendering.style);
    console::print(|out| {
        // Labels hold whatever a result does, and the format has no escape for control characters.
        if format == Format::Prometheus && io::stdout().is_terminal() {
            let mut text = Vec::new();
            rendering.write(&mut text, result, format, &style)?;
            let text = String::from_utf8_lossy(&text);
            let mut lines = text.split_terminator('\n');
            return lines.try_for_each(|line| writeln!(out, "{}", visible(line)));
        }
        rendering.write(out, result, format, &style)
    })
}

impl Output {
    /// Writes the report beside the file and renames it, or writes to the device or pipe.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Write`]; a file that was there is as it was then.
    pub fn save(&self, result: &ScanResult, rendering: &Rendering) -> Result<()> {
        let style = ReportStyle {
            color: false,
            width: None,
            ..rendering.report.style(rendering.style)
        };
        replace(&self.path, |out| {
            rendering.write(out, result, self.format, &style)
        })
        .map_err(|source| Error::Write {
            path: self.path.clone(),
            source,
        })
    }
}

/// Writes beside the file and renames it, or writes to the device or pipe.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Opened anew, a file behind these would lose what others have written to it.
    match path.to_str() {
        Some(console::STDOUT_DEVICE) => return write_to(io::stdout().lock(), write),
        Some(console::STDERR_DEVICE) => return write_to(io::stderr().lock(), write),
        _ => {}
    }
    // A link stays a link: what it points to is replaced, or made.
    let path = place(path);
    let existing = fs::metadata(&path).ok();
    if existing
        .as_ref()
        .is_some_and(|existing| !existing.is_file())
    {
        return write_to(File::options().write(true).open(&path)?, write);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // Made here for the permissions of any new file, and for the system's own word on what fails.
    let file = tempfile::Builder::new()
        .prefix(DRAFT_PREFIX)
        .make_in(folder, |path| File::create_new(path))?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    write_to(file.as_file(), write)?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

fn write_to(
    out: impl Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    write(&mut out)?;
    out.flush()
}
