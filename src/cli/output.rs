//! `-o`: a report into a file, which is replaced whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use errsift::sink::{ReportFormat, ReportStyle, write_report};
use errsift::tally::result::ScanResult;
use errsift::{Error, Result};

use super::console::{self, Style};
use super::options::Report;

/// Where a report goes besides standard output.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Save the report: json, or by its name html (.html), csv (.csv) or markdown (.md). Nothing is
    /// printed then, unless -f asks for another format
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
    Html,
}

impl From<FormatName> for ReportFormat {
    fn from(name: FormatName) -> ReportFormat {
        match name {
            FormatName::Table => ReportFormat::Table,
            FormatName::Json => ReportFormat::Json,
            FormatName::Csv => ReportFormat::Csv,
            FormatName::Markdown => ReportFormat::Markdown,
            FormatName::Html => ReportFormat::Html,
        }
    }
}

/// A file to save a report in.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    /// The format that the file's name tells.
    pub format: ReportFormat,
}

impl OutputArgs {
    /// The file that was asked for, with the format that its name tells.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] where its name promises a format that this version does not write.
    pub fn checked(&self) -> Result<Option<Output>> {
        let Some(path) = &self.output else {
            return Ok(None);
        };
        let extension = path.extension().map(|name| name.to_ascii_lowercase());
        let format = match extension.as_deref().and_then(|name| name.to_str()) {
            Some("csv") => ReportFormat::Csv,
            Some("md") => ReportFormat::Markdown,
            Some("html") => ReportFormat::Html,
            Some(name @ "prom") => {
                return Err(Error::Usage(format!(
                    "{}: reports in the format .{name} are not written by this version, expected .json, .html, .csv or .md",
                    path.display()
                )));
            }
            _ => ReportFormat::Json,
        };
        Ok(Some(Output {
            path: path.clone(),
            format,
        }))
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
    format: Option<ReportFormat>,
    report: &Report,
    style: &Style,
) -> Result<()> {
    let Some(output) = output else {
        return print(result, format.unwrap_or_default(), report, style);
    };
    if let Err(error) = output.save(result, report, style) {
        if super::is_closed_pipe(&error) {
            return Err(error);
        }
        console::complain(&format!(
            "{}: not saved, printed instead",
            output.path.display()
        ));
        print(result, format.unwrap_or(output.format), report, style)?;
        return Err(error);
    }
    match format {
        Some(format) if format != output.format => print(result, format, report, style),
        _ => Ok(()),
    }
}

fn print(result: &ScanResult, format: ReportFormat, report: &Report, style: &Style) -> Result<()> {
    let style = report.style(style);
    note_cut(result, format, &style);
    console::print(|out| write_report(out, result, format, &style))
}

/// A CSV report has no place to say what `--top` left out.
fn note_cut(result: &ScanResult, format: ReportFormat, style: &ReportStyle) {
    if format == ReportFormat::Csv
        && let Some(note) = errsift::sink::cut_note(result, style)
    {
        console::note(&note);
    }
}

impl Output {
    /// Writes the report beside the file and renames it, or writes to the device or pipe.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Write`]; a file that was there is as it was then.
    pub fn save(&self, result: &ScanResult, report: &Report, style: &Style) -> Result<()> {
        let style = ReportStyle {
            color: false,
            width: None,
            ..report.style(style)
        };
        note_cut(result, self.format, &style);
        replace(&self.path, |out| {
            write_report(out, result, self.format, &style)
        })
        .map_err(|source| Error::Write {
            path: self.path.clone(),
            source,
        })
    }
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // Opened anew, a file behind these would lose what others have written to it.
    match path.to_str() {
        Some(console::STDOUT_DEVICE) => return write_to(io::stdout().lock(), write),
        Some(console::STDERR_DEVICE) => return write_to(io::stderr().lock(), write),
        _ => {}
    }
    // A link stays a link: what it points to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
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
    let file = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
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
