//! `errsift report`: merges saved results and renders them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::ValueEnum;
use errsift::catalog::Catalog;
use errsift::sink::{By, ReportFormat};
use errsift::tally::result::ScanResult;
use errsift::tally::{Overlap, compare, merge, refine};
use errsift::wording::notes;
use errsift::{Error, Result};
use jiff::Timestamp;

use super::args::Shared;
use super::console::{self, Style};
use super::metrics::{Metrics, MetricsArgs};
use super::options::{FilterArgs, Report, ReportOptions};
use super::output::{self, Format, FormatName, OutputArgs, Rendering};
use super::written::{Written, named};
use super::{Status, saved};

/// Merge saved results and render them in any format
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift report monday.json tuesday.json
  errsift report --by category -f markdown result.json
  errsift report --provider huaweicloud --fail-on 'status=5xx>100' result.json
  errsift report after.json --baseline before.json --fail-on new
  ssh host errsift scan -f json /var/log | errsift report -
  errsift report app.state                           what a tail has counted so far

-o may name one of the RESULTs: all are read before it is replaced.

A time filter takes whole buckets, or whole rows where a result holds none; unknown codes have no
times.

Exit status: 0 the report is written, whether it holds codes or not, 2 an error, be it with one of
many results, 3 a --fail-on condition holds.")]
pub struct ReportArgs {
    /// Results that 'errsift scan -f json' or -o saved, and states of --state; none, or -, is
    /// standard input
    #[arg(value_name = "RESULT", value_hint = clap::ValueHint::FilePath)]
    results: Vec<PathBuf>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    metrics: MetricsArgs,
    /// The format of what is printed [default: table]
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<FormatName>,
    /// What to do with a result that shares an input with an earlier one
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "refuse",
        help_heading = "Report"
    )]
    overlap: OverlapName,
    /// Compare with this result: which codes are new, gone, or at twice or half their rate
    #[arg(long, value_name = "RESULT", value_hint = clap::ValueHint::FilePath, help_heading = "Report")]
    baseline: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OverlapName {
    /// Merge nothing, and name the input
    Refuse,
    /// Leave the later result out, and say so
    Skip,
}

/// Merges, filters and renders.
pub fn run(shared: &Shared, args: &ReportArgs) -> Result<Status> {
    let report = args.report.checked()?;
    let output = args.output.checked();
    let format = args.format.map(Format::from);
    let formats = [output.as_ref().map(|output| output.format), format];
    args.check_baseline(&report, &formats)?;
    args.check_written(shared)?;
    let catalog = shared.load_catalog()?;
    let exports = formats.contains(&Some(Format::Prometheus));
    let metrics = Metrics::of_saved(args.metrics.exporter(&catalog, exports)?);
    args.filter.zone()?;
    let Some((whole, has_failed)) = args.whole(&report, &catalog)? else {
        return Ok(Status::Error);
    };
    let style = Style::of_stdout(shared);
    let rendering = Rendering {
        report: &report,
        style: &style,
        metrics: &metrics,
        keeps_times: false,
    };
    let shown = report.shown(&whole);
    output::deliver(&shown, output.as_ref(), format, &rendering)?;
    let holds = report.tell_conditions(&whole, &shown);
    Ok(match (has_failed, holds) {
        (true, _) => Status::Error,
        (false, true) => Status::ConditionHolds,
        (false, false) => Status::Success,
    })
}

impl ReportArgs {
    /// What the report is about, rare codes included, and whether some results cannot be used; `None` if
    /// none can.
    fn whole(&self, report: &Report, catalog: &Catalog) -> Result<Option<(ScanResult, bool)>> {
        let paths = match self.results.as_slice() {
            [] => &[PathBuf::from("-")],
            paths => paths,
        };
        console::hint_at_stdin(paths.iter().any(|path| path.as_os_str() == "-"));
        let Some((merged, has_failed)) = self.read(paths, catalog)? else {
            return Ok(None);
        };
        let baseline = match &self.baseline {
            None => None,
            Some(path) => match self.read(std::slice::from_ref(path), catalog)? {
                Some((baseline, _)) => Some(baseline),
                None => return Ok(None),
            },
        };
        let known = providers(std::iter::once(&merged).chain(&baseline));
        let filter = self.filter.filter(catalog, &known)?;
        report.check_providers(catalog, &known)?;
        let refined = |whole| refine(whole, &filter, 1, catalog);
        let mut whole = match baseline {
            None => refined(merged),
            Some(baseline) => compared(merged, baseline, refined),
        };
        report.check_decided(&whole)?;
        if let Some(width) = report.bucket {
            widen_buckets(&mut whole, width)?;
        }
        if let Some(samples) = report.samples {
            whole.cut_samples(samples);
        }
        Ok(Some((whole, has_failed)))
    }

    /// What cannot be compared, or would say nothing.
    fn check_baseline(&self, report: &Report, formats: &[Option<Format>]) -> Result<()> {
        let wrong = |problem: &str| Err(Error::Usage(problem.to_owned()));
        if self.baseline.is_none() {
            return match report.fail_on.iter().find(|it| it.needs_baseline()) {
                Some(_) => {
                    wrong("--fail-on new: new since when is not known, expected --baseline RESULT")
                }
                None => Ok(()),
            };
        }
        if self.filter.has_time() {
            return wrong(
                "--baseline: compares whole results, expected no --since or --until; give them to the scans",
            );
        }
        let csv = Some(Format::Report(ReportFormat::Csv));
        if formats.contains(&csv) && report.by != By::Code {
            return wrong("--baseline: a CSV of groups has no place for codes, expected --by code");
        }
        let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
        let reads_stdin = self.results.is_empty() || self.results.iter().any(is_stdin);
        if reads_stdin && self.baseline.as_ref().is_some_and(is_stdin) {
            return wrong("--baseline -: standard input is the result itself, expected a file");
        }
        Ok(())
    }

    /// Refuses to write to what is read, but for results: all are read before one is replaced.
    fn check_written(&self, shared: &Shared) -> Result<()> {
        let states = self.results.iter().filter(|path| saved::holds_state(path));
        let catalogs = shared.catalog_files();
        let read = named("RESULT", states)
            .chain(named("--baseline", &self.baseline))
            .chain(named("--catalog", &catalogs));
        let written = Written {
            output: self.output.path(),
            ..Written::default()
        };
        written.check(read)
    }

    /// The sum of the results in `paths`, and whether some cannot be used; `None` if none can. Says
    /// what is wrong with those.
    fn read(&self, paths: &[PathBuf], catalog: &Catalog) -> Result<Option<(ScanResult, bool)>> {
        let overlap = match self.overlap {
            OverlapName::Refuse => Overlap::Refuse,
            OverlapName::Skip => Overlap::Skip,
        };
        let saved::Saved { results, failures } = saved::read_all(paths, catalog);
        failures.iter().for_each(console::error);
        let left_out = failures.iter().map(console::sentence);
        let left_out = left_out.map(|problem| notes::left_out(&problem));
        Ok(merge(results, overlap)?.map(|mut merged| {
            merged.notes.extend(left_out);
            (merged, !failures.is_empty())
        }))
    }
}

/// The result with its changes since `baseline`, as far as `refine` lets both through.
///
/// Rare codes are to be left out afterwards, or they would seem to be gone.
fn compared(
    result: ScanResult,
    baseline: ScanResult,
    refine: impl Fn(ScanResult) -> ScanResult,
) -> ScanResult {
    // Rates are given for all of the time that was read, not for that of what is left.
    let refined = |whole: ScanResult| {
        let time = whole.time.clone();
        let mut refined = refine(whole);
        let time_left = std::mem::replace(&mut refined.time, time);
        (refined, time_left)
    };
    let (baseline, _) = refined(baseline);
    let (mut result, time_left) = refined(result);
    result.baseline = Some(compare(&result, &baseline));
    result.time = time_left;
    result
}

/// Everyone whose codes the results hold: they may have been made with another catalogue.
fn providers<'r>(results: impl Iterator<Item = &'r ScanResult>) -> BTreeSet<String> {
    let rows = results.flat_map(|result| &result.codes);
    rows.flat_map(|row| row.provider.iter().chain(&row.candidates))
        .cloned()
        .collect()
}

/// Adds buckets up to such of `width` seconds.
fn widen_buckets(result: &mut ScanResult, width: i64) -> Result<()> {
    let wrong = |problem: String| Err(Error::Usage(format!("--bucket: {problem}")));
    let Some(saved) = result.bucket_seconds else {
        return wrong(String::from(
            "the results hold no buckets, expected results of a scan with --bucket",
        ));
    };
    if width % saved != 0 {
        return wrong(format!(
            "the results hold buckets of {saved} s, expected a multiple of that"
        ));
    }
    for row in &mut result.codes {
        let mut wide: BTreeMap<String, u64> = BTreeMap::new();
        for (start, count) in std::mem::take(&mut row.buckets) {
            let sum: &mut u64 = wide.entry(start_of_wider(&start, width)).or_default();
            *sum = sum.saturating_add(count);
        }
        row.buckets = wide.into_iter().collect();
    }
    result.bucket_seconds = Some(width);
    Ok(())
}

/// The start of the bucket of `width` seconds in which the one that starts at `start` lies.
fn start_of_wider(start: &str, width: i64) -> String {
    let wider = start.parse::<Timestamp>().ok().and_then(|time| {
        let second = time.as_second();
        Timestamp::from_second(second - second.rem_euclid(width)).ok()
    });
    wider.map_or_else(|| start.to_owned(), |time| time.to_string())
}
