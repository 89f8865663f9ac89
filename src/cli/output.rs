//! `-o`: a report into a file, which is replaced whole or not at all.

use std::fs::{self, File, Permissions};
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
    /// Save the report: json, or by its name csv (.csv) or markdown (.md). Nothing is printed then,
    /// unless -f asks for another format
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
}

impl From<FormatName> for ReportFormat {
    fn from(name: FormatName) -> ReportFormat {
        match name {
            FormatName::Table => ReportFormat::Table,
            FormatName::Json => ReportFormat::Json,
            FormatName::Csv => ReportFormat::Csv,
            FormatName::Markdown => ReportFormat::Markdown,
        }
    }
}

/// A file to save a report in.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    format: ReportFormat,
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
            Some(name @ ("html" | "prom")) => {
                return Err(Error::Usage(format!(
                    "{}: reports in the format .{name} are not written by this version, expected .json, .csv or .md",
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
    // A link stays a link: what it points to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&path).ok();
    if existing
        .as_ref()
        .is_some_and(|existing| !existing.is_file())
    {
        let mut out = BufWriter::new(File::options().write(true).open(&path)?);
        write(&mut out)?;
        return out.flush();
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut beside = tempfile::Builder::new();
    if let Some(permissions) = new_permissions() {
        beside.permissions(permissions);
    }
    let file = beside.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    let mut out = BufWriter::new(file.as_file());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// What the system gives to any new file, before the user's mask.
#[cfg(unix)]
fn new_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_permissions() -> Option<Permissions> {
    None
}
