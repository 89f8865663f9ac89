//! `-f prometheus`, `-o FILE.prom` and `--textfile`: which series are exported, and where to.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use errsift::catalog::Catalog;
use errsift::input::follow::ProblemKind;
use errsift::sink::{Exporter, MAX_SERIES, Reading};
use errsift::tally::result::{CodeRow, ScanResult};
use errsift::tally::{CodePattern, zeroes};
use errsift::{Error, Result};

use super::options::{self, parse_all};
use super::output;

/// Which series there are.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Metrics")]
pub struct MetricsArgs {
    /// Export a zero for these codes before they are seen, so that rate() shows their first match:
    /// category=throttling, status=429, code=APIG.*, provider=NAME, separated by commas
    #[arg(long, value_name = "PATTERN")]
    zero_for: Vec<String>,
    /// A series for each of at most so many codes; the rest is counted as code="__other__"
    /// [default: 1000]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    max_series: Option<String>,
}

/// Where Prometheus finds the counts.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Metrics")]
pub struct TextfileArgs {
    /// Write the counts for the node_exporter's textfile collector, such as DIR/errsift.prom
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    textfile: Option<PathBuf>,
}

impl MetricsArgs {
    /// The exporter that was asked for; `is_used` is whether anything is exported at all.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] for options that are wrong, or would do nothing.
    pub fn exporter(&self, catalog: &Catalog, is_used: bool) -> Result<Exporter> {
        let given = [
            ("zero-for", !self.zero_for.is_empty()),
            ("max-series", self.max_series.is_some()),
        ];
        if let Some((name, _)) = given.iter().find(|(_, given)| *given && !is_used) {
            return Err(Error::Usage(format!(
                "--{name}: nothing is exported, expected -f prometheus or -o FILE.prom, for a scan or a tail also --textfile FILE.prom, for a tail --listen ADDR"
            )));
        }
        if !is_used {
            return Ok(Exporter::default());
        }
        let max_series = match &self.max_series {
            Some(text) => {
                options::in_memory(options::whole_number("max-series", text, 1, u64::MAX)?)
            }
            None => MAX_SERIES,
        };
        let zeroes = self.zeroes(catalog)?;
        if zeroes.len() > max_series {
            return Err(Error::Usage(format!(
                "--zero-for: means {} series, expected at most {max_series}; allow more with --max-series",
                zeroes.len()
            )));
        }
        Ok(Exporter::new(catalog, max_series, &zeroes))
    }

    fn zeroes(&self, catalog: &Catalog) -> Result<Vec<CodeRow>> {
        let texts = self.patterns();
        let patterns: Vec<CodePattern> = parse_all("zero-for", &texts)?;
        for (pattern, text) in patterns.iter().zip(&texts) {
            if zeroes(catalog, std::slice::from_ref(pattern)).is_empty() {
                return Err(Error::Usage(format!(
                    "--zero-for '{text}': means no code of the catalogue, expected one that 'errsift codes list' shows"
                )));
            }
        }
        Ok(zeroes(catalog, &patterns))
    }

    /// The patterns one by one; one without a key has that of the one before it.
    fn patterns(&self) -> Vec<String> {
        let mut patterns = Vec::new();
        for list in &self.zero_for {
            let mut key = None;
            for item in list.split(',').map(str::trim) {
                patterns.push(match (item.split_once('='), key) {
                    (Some((name, _)), _) => {
                        key = Some(name);
                        item.to_owned()
                    }
                    (None, Some(key)) => format!("{key}={item}"),
                    (None, None) => item.to_owned(),
                });
            }
        }
        patterns
    }
}

impl TextfileArgs {
    /// The file that was asked for.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] where its name is one that the node_exporter passes over.
    pub fn checked(&self) -> Result<Option<&Path>> {
        let Some(path) = &self.textfile else {
            return Ok(None);
        };
        if path.extension().is_none_or(|name| name != "prom") {
            return Err(Error::Usage(format!(
                "--textfile {}: the node_exporter reads no such file, expected a name that ends in .prom",
                path.display()
            )));
        }
        Ok(Some(path))
    }
}

/// What is written for Prometheus.
///
/// One exporter for all of it, so that a textfile that is written again and again has counters
/// that never go down.
#[derive(Debug, Default)]
pub struct Metrics {
    exporter: Mutex<Exporter>,
    textfile: Option<PathBuf>,
    truncations: AtomicU64,
    unreadable: AtomicU64,
}

impl Metrics {
    /// Those of logs that are read now.
    pub fn of_reading(exporter: Exporter, textfile: Option<&Path>) -> Self {
        Metrics {
            textfile: textfile.map(Path::to_owned),
            ..Metrics::of_saved(exporter)
        }
    }

    /// Those of saved results.
    pub fn of_saved(exporter: Exporter) -> Self {
        Metrics {
            exporter: Mutex::new(exporter),
            ..Metrics::default()
        }
    }

    /// An exporter like the one here, for others who ask at times of their own.
    pub fn exporter(&self) -> Exporter {
        let exporter = self.exporter.lock();
        exporter.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over the families of another catalogue for what comes from now on.
    pub fn use_catalog(&self, catalog: &Catalog) {
        let exporter = self.exporter.lock();
        let mut exporter = exporter.unwrap_or_else(PoisonError::into_inner);
        exporter.use_catalog(catalog);
    }

    /// Counts what went wrong with an input.
    pub fn note(&self, problem: ProblemKind) {
        let count = match problem {
            ProblemKind::Unreadable => &self.unreadable,
            ProblemKind::Truncated => &self.truncations,
            ProblemKind::Gone
            | ProblemKind::Lost
            | ProblemKind::Copy
            | ProblemKind::Unwatched
            | ProblemKind::Unnumbered
            | ProblemKind::Own => return,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes `result`.
    pub fn write(&self, out: &mut dyn io::Write, result: &ScanResult) -> io::Result<()> {
        let reading = Reading {
            input_errors: self.unreadable.load(Ordering::Relaxed),
            truncations: self.truncations.load(Ordering::Relaxed),
        };
        let exporter = self.exporter.lock();
        // Whoever panicked has written nothing that is read here.
        let mut exporter = exporter.unwrap_or_else(PoisonError::into_inner);
        exporter.write(out, result, reading)
    }

    /// Whether there is a textfile to write.
    pub fn has_textfile(&self) -> bool {
        self.textfile.is_some()
    }

    /// Writes the textfile, where there is one, beside its place and renames it: nobody reads half
    /// of it.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Write`]; a file that was there is as it was then.
    pub fn save_textfile(&self, result: &ScanResult) -> Result<()> {
        let Some(path) = &self.textfile else {
            return Ok(());
        };
        let written = output::replace(path, |out| self.write(out, result));
        written.map_err(|source| Error::Write {
            path: path.clone(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(zero_for: &[&str]) -> Vec<String> {
        let args = MetricsArgs {
            zero_for: zero_for.iter().map(ToString::to_string).collect(),
            max_series: None,
        };
        args.patterns()
    }

    #[test]
    fn a_value_without_a_key_has_the_key_before_it() {
        assert_eq!(
            patterns(&["category=throttling, quota,status=5xx", "code=A.*"]),
            [
                "category=throttling",
                "category=quota",
                "status=5xx",
                "code=A.*"
            ]
        );
        assert_eq!(patterns(&["throttling"]), ["throttling"]);
    }
}
