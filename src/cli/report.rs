//! `errsift report`: merges saved results and renders them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::ValueEnum;
use errsift::tally::result::ScanResult;
use errsift::tally::{Overlap, merge, refine};
use errsift::{Error, Result};
use jiff::Timestamp;

use super::args::Shared;
use super::console::{self, Style};
use super::options::{FilterArgs, ReportOptions};
use super::output::{self, FormatName, OutputArgs};
use super::{Status, saved};

/// Merge saved results and render them in any format
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift report monday.json tuesday.json
  errsift report --by category -f markdown result.json
  errsift report --provider huaweicloud --fail-on 'status=5xx>100' result.json
  ssh host errsift scan -f json /var/log | errsift report -
  errsift report app.state                           what a tail has counted so far

A time filter takes whole rows: a result keeps times by bucket, or the first and last sight only.")]
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
    let output = args.output.checked()?;
    let catalog = shared.load_catalog()?;
    args.filter.zone()?;
    let paths = match args.results.as_slice() {
        [] => &[PathBuf::from("-")],
        paths => paths,
    };
    console::hint_at_stdin(paths.iter().any(|path| path.as_os_str() == "-"));
    let results = saved::read_all(paths, &catalog)?;
    let overlap = match args.overlap {
        OverlapName::Refuse => Overlap::Refuse,
        OverlapName::Skip => Overlap::Skip,
    };
    let Some(merged) = merge(results, overlap)? else {
        return Err(Error::Usage(String::from("no result to report on")));
    };
    let filter = args.filter.filter(&catalog, &providers(&merged))?;
    let mut result = refine(merged, &filter, report.min_count);
    if let Some(width) = report.bucket {
        widen_buckets(&mut result, width)?;
    }
    if let Some(samples) = report.samples {
        cut_samples(&mut result, samples);
    }
    let style = Style::of_stdout(shared);
    let format = args.format.map(Into::into);
    output::deliver(&result, output.as_ref(), format, &report, &style)?;
    Ok(match report.tell_conditions(&result) {
        true => Status::ConditionHolds,
        false => Status::Success,
    })
}

/// Everyone whose codes a result holds: it may have been made with another catalogue.
fn providers(result: &ScanResult) -> BTreeSet<String> {
    let rows = result.codes.iter();
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
            *wide.entry(start_of_wider(&start, width)).or_default() += count;
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

fn cut_samples(result: &mut ScanResult, samples: usize) {
    for row in &mut result.codes {
        row.samples.truncate(samples);
    }
    for row in &mut result.unknown {
        row.samples.truncate(samples);
    }
    result.sample_limit = result.sample_limit.min(samples);
}
