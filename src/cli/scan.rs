//! `errsift scan`: counts the codes in files, folders, archives or standard input.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::ValueEnum;
use errsift::catalog::Catalog;
use errsift::input::{self, Dedup, Inputs, OwnFiles, Selection};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{self, Control, MemoryBound, Outcome, Setup, Stats};
use errsift::sink::{EventFormat, EventStyle, write_event};
use errsift::state::State;
use errsift::tally::result::{InputState, ScanResult};
use errsift::tally::{Filter, TallyOptions, conclude};
use errsift::wording::{shown, told};
use errsift::{Error, Result};
use jiff::Timestamp;

use super::args::Shared;
use super::console::{self, Style};
use super::ending::{Ending, Print, PrintName};
use super::known::Known;
use super::limits::LimitArgs;
use super::metrics::{Metrics, MetricsArgs, TextfileArgs};
use super::options::{self, FilterArgs, ReportOptions};
use super::output::OutputArgs;
use super::progress::{self, ProgressWish};
use super::written::{self, Written, named};
use super::{Status, files_from, memory, signals};

/// Count every known code in files, folders, archives or standard input
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift scan /var/log/app
  kubectl logs deploy/api | errsift scan
  errsift scan -f text app.log                       show the lines
  errsift scan --since 90m --by category app.log
  errsift scan --fail-on 'status=5xx>10' -o result.json logs/
  errsift scan --textfile /var/lib/prometheus/node-exporter/errsift.prom /var/log/app

Exit status: 0 known codes found, 1 none, 2 an error, be it with one of many inputs, 3 a --fail-on
condition holds.")]
pub struct ScanArgs {
    /// Files and folders; none, or -, is standard input
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    metrics: MetricsArgs,
    #[command(flatten)]
    textfile: TextfileArgs,
    /// The format of what is printed: a report, or each match as it stands (text, ndjson); the
    /// report goes to standard error then [default: table]
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = "Output",
        hide_default_value = true
    )]
    format: Option<PrintName>,
    /// Say how it went: engine, time, rate, memory
    #[arg(long, help_heading = "Output")]
    stats: bool,
    /// When to show the progress on standard error
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    progress: ProgressWish,
}

/// What is read and looked for.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
struct InputArgs {
    /// Only files of a folder whose path or name matches, such as '*.log'; may be repeated
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// No files of a folder whose path or name matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Read the paths from a file, or - for standard input: one a line, or ended by NUL
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files_from: Option<PathBuf>,
    /// So many threads in all, if --max-memory has room for them [default: one a processor]
    #[arg(short = 'j', long, value_name = "N", allow_negative_numbers = true)]
    threads: Option<String>,
    /// Skip what this file knows to be counted, and keep there what is counted now; beside a tail
    /// that writes to it nothing is kept. No archive is read then, compressed or not
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    state: Option<PathBuf>,
    /// Report any code-shaped value where an error code stands, of whatever provider
    #[arg(long)]
    discover: bool,
    /// Count HTTP statuses too
    #[arg(long)]
    http: bool,
    /// What counts once: a file reached twice and one beside its own compressed copy (copies), or
    /// whatever is equal (content); with --state only copies
    #[arg(long, value_name = "WHAT", default_value = "copies")]
    dedup: DedupName,
    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DedupName {
    Copies,
    Content,
    None,
}

impl From<DedupName> for Dedup {
    fn from(name: DedupName) -> Dedup {
        match name {
            DedupName::Copies => Dedup::Copies,
            DedupName::Content => Dedup::Content,
            DedupName::None => Dedup::None,
        }
    }
}

/// A scan whose options have been checked.
struct Scan<'a> {
    args: &'a ScanArgs,
    ending: Ending,
}

/// Scans and reports.
pub fn run(shared: &Shared, args: &ScanArgs) -> Result<Status> {
    let mut scan = args.checked(shared)?;
    let textfile = args.textfile.checked()?;
    let threads = args.input.threads()?;
    let selection = args.input.selection(args.written(textfile).own_files())?;
    let limits = args.input.limits.checked()?;
    let zone = args.filter.zone()?;
    let catalog = shared.load_catalog()?;
    let filter = args.filter.filter(&catalog, &BTreeSet::new())?;
    let report = &scan.ending.report;
    report.check_providers(&catalog, &BTreeSet::new())?;
    let paths = args.paths()?;
    args.check_written(shared, textfile, &paths)?;
    scan.ending
        .export(&args.metrics, textfile, false, &catalog)?;
    console::hint_at_stdin(paths.iter().any(|path| path.as_os_str() == input::STDIN));

    let discover = args.input.discover;
    let matcher = Matcher::new(&catalog, MatchOptions { discover });
    let setup = Setup {
        catalog: &catalog,
        matcher: &matcher,
        tally: Arc::new(scan.tally_options(filter)),
        zone,
        threads,
        lang: scan.ending.style.lang,
    };
    let inputs = Inputs {
        limits,
        ..input::collect(&paths, &selection)
    };
    written::note_passed_over(&inputs.passed_over);
    if inputs.specs.is_empty() && selection.is_narrow() {
        console::note(&told::no_input());
    }
    let mut outcome = scan.read(&setup, inputs, selection.own)?;
    let status = scan.conclude(&mut outcome, &catalog);
    // The program ends: the system takes all memory back at once. Freeing the result and the catalogue piece by
    // piece took a twentieth of a scan that found 11,000 codes.
    std::mem::forget((outcome, matcher, catalog));
    status
}

impl ScanArgs {
    /// The scan whose report is as asked for.
    fn checked(&self, shared: &Shared) -> Result<Scan<'_>> {
        let scan = Scan {
            args: self,
            ending: Ending {
                report: self.report.checked()?,
                output: self.output.checked(),
                metrics: Metrics::default(),
                print: self.format.into(),
                style: Style::of_stdout(shared),
                err_style: Style::of_stderr(shared),
                keeps_times: self.input.state.is_some(),
                is_unread: AtomicBool::new(false),
            },
        };
        scan.ending.report.check_no_baseline()?;
        Ok(scan)
    }

    fn written<'a>(&'a self, textfile: Option<&'a Path>) -> Written<'a> {
        Written {
            output: self.output.path(),
            textfile,
            state: self.input.state.as_deref(),
        }
    }

    /// Refuses to write to what is read.
    fn check_written(
        &self,
        shared: &Shared,
        textfile: Option<&Path>,
        paths: &[PathBuf],
    ) -> Result<()> {
        let catalogs = shared.catalog_files();
        let read = named("PATH", paths)
            .chain(named("--files-from", &self.input.files_from))
            .chain(named("--catalog", &catalogs));
        self.written(textfile).check(read)?;
        Written::check_streams(paths)
    }

    /// What to read.
    fn paths(&self) -> Result<Vec<PathBuf>> {
        let mut paths = self.paths.clone();
        match &self.input.files_from {
            Some(list) => {
                let is_stdin = |path: &PathBuf| path.as_os_str() == input::STDIN;
                if is_stdin(list) && paths.iter().any(is_stdin) {
                    return Err(Error::Usage(String::from(
                        "--files-from -: standard input is the list of paths, expected no PATH -",
                    )));
                }
                let listed = files_from::read(list)?;
                if is_stdin(list) && listed.iter().any(is_stdin) {
                    return Err(Error::Usage(String::from(
                        "--files-from -: standard input is the list of paths, expected no path - in it; a file of that name is ./-",
                    )));
                }
                paths.extend(listed);
            }
            None if paths.is_empty() => paths.push(PathBuf::from(input::STDIN)),
            None => {}
        }
        Ok(paths)
    }
}

impl InputArgs {
    fn threads(&self) -> Result<usize> {
        match &self.threads {
            Some(text) => options::whole_number("threads", text, 1, options::MAX_THREADS)
                .map(options::in_memory),
            None => Ok(options::processors()),
        }
    }

    fn selection(&self, own: OwnFiles) -> Result<Selection> {
        if self.state.is_some() && !matches!(self.dedup, DedupName::Copies) {
            return Err(Error::Usage(String::from(
                "--dedup: with --state only copies count once, expected --dedup copies or no --state",
            )));
        }
        Ok(Selection {
            include: options::path_globs("include", &self.include)?,
            exclude: options::path_globs("exclude", &self.exclude)?,
            dedup: self.dedup.into(),
            own,
        })
    }
}

impl Scan<'_> {
    /// What to count.
    fn tally_options(&self, filter: Filter) -> TallyOptions {
        let input = &self.args.input;
        let options = self.ending.tally_options(filter);
        TallyOptions {
            http: input.http,
            // A state can be asked for the counts of each file.
            by_file: input.state.is_some() || options.by_file,
            ..options
        }
    }

    /// Reads everything; a signal ends that early.
    fn read(&self, setup: &Setup, inputs: Inputs, own: OwnFiles) -> Result<Outcome> {
        let control = signals::control()?;
        let shows_progress = match (self.args.progress, &self.ending.print) {
            (ProgressWish::Auto, Print::Events(_)) if io::stdout().is_terminal() => false,
            (wish, _) => wish.is_granted(),
        };
        let known = self.args.input.state.as_deref();
        let known = known.map(|path| Known::open(path, setup.catalog));
        let mut known = known.transpose()?;
        let work = || match (known.take(), self.ending.print) {
            (Some(known), _) => known.scan(setup, &inputs, own.clone(), &control, &self.ending),
            (None, Print::Report(_)) => Ok(pipeline::scan(setup, inputs.clone(), &control)),
            (None, Print::Events(format)) => {
                self.print_events(setup, inputs.clone(), &control, format)
            }
        };
        signals::stop_on_signal(&control, || {
            progress::show(shows_progress, &control, &inputs, work)
        })?
    }

    fn print_events(
        &self,
        setup: &Setup,
        inputs: Inputs,
        control: &Control,
        format: EventFormat,
    ) -> Result<Outcome> {
        let style = EventStyle {
            lang: self.ending.style.lang,
            color: self.ending.style.color,
        };
        let stdout = io::stdout().lock();
        let mut out: Box<dyn Write> = match stdout.is_terminal() {
            true => Box::new(stdout),
            false => Box::new(BufWriter::new(stdout)),
        };
        let outcome = pipeline::scan_events(setup, inputs, control, &mut |event| {
            if self.ending.is_unread() {
                return Ok(());
            }
            let shown = write_event(&mut out, event, format, &style);
            self.ending.outlive(shown)
        });
        let outcome =
            outcome.and_then(|outcome| self.ending.outlive(out.flush()).map(|()| outcome));
        outcome.map_err(console::stdout_error)
    }

    /// Reports, and chooses the exit status.
    fn conclude(&self, outcome: &mut Outcome, catalog: &Catalog) -> Result<Status> {
        outcome.result.note_reading(Timestamp::now());
        let exported = self.save_textfile(&outcome.result, catalog);
        let shown = self.ending.report.shown(&outcome.result);
        let delivered = self.ending.deliver(&shown);
        if !self.ending.is_unread() {
            tell_failures(&shown);
            self.tell_stats(catalog, &outcome.stats)?;
        }
        delivered?;
        exported?;
        Ok((self.ending).status(&outcome.result, &shown, outcome.failed))
    }

    fn tell_stats(&self, catalog: &Catalog, stats: &Stats) -> Result<()> {
        if !self.args.stats {
            return Ok(());
        }
        let codes = catalog.id().codes;
        let bound = MemoryBound::new(&self.args.input.limits.checked()?, stats.threads);
        let lang = console::spoken();
        console::plain(&shown::catalogue(codes).of(lang));
        console::plain(&stats.lines(lang));
        console::plain(&bound.line(lang));
        if let Some(bytes) = memory::peak_bytes() {
            let mib = bytes as f64 / (1 << 20) as f64;
            console::plain(&shown::peak_memory(&format!("{mib:.1}")).of(lang));
        }
        Ok(())
    }

    /// Writes the textfile, whose counters go on from run to run where a state keeps them.
    fn save_textfile(&self, result: &ScanResult, catalog: &Catalog) -> Result<()> {
        let metrics = &self.ending.metrics;
        let kept = self.args.input.state.as_deref();
        let Some(state) = kept.filter(|_| metrics.has_textfile()) else {
            return metrics.save_textfile(result);
        };
        let mut total = ScanResult {
            // What cannot be read is told of this run: it may be well again.
            inputs: result.inputs.clone(),
            ..conclude(State::read(state)?.result, catalog)
        };
        total.take_reading(result);
        metrics.save_textfile(&total)
    }
}

/// Names the inputs that were not read to their end.
fn tell_failures(result: &ScanResult) {
    let unknown = told::not_to_its_end();
    for input in &result.inputs {
        let reason = input.error.as_deref().unwrap_or(&unknown);
        match input.state {
            InputState::Failed => console::complain(&format!("{}: {reason}", input.path)),
            InputState::Partial => {
                console::complain(&format!("{}: {}: {reason}", input.path, told::in_part()));
            }
            InputState::Complete | InputState::Duplicate => {}
        }
    }
}
