//! `errsift tail`: follows what is written, prints matches as they come, and keeps counts.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::ValueEnum;
use errsift::catalog::Catalog;
use errsift::input;
use errsift::input::follow::{Checkpoint, FollowOptions, Follower, From};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::live::{self, Codes, Feed, Reloader, TailOptions, Wants};
use errsift::pipeline::{Control, Outcome, Setup};
use errsift::serve::{Listener, Shown};
use errsift::sink::{Deltas, EventFormat};
use errsift::state::{Saved, State};
use errsift::tally::TallyOptions;
use errsift::tally::result::ScanResult;
use errsift::wording::told;
use errsift::{Error, Result};

use super::args::Shared;
use super::console::{self, Style};
use super::ending::{Ending, Print, PrintName};
use super::listen::ListenArgs;
use super::metrics::{Metrics, MetricsArgs, TextfileArgs};
use super::options::{self, FilterArgs, ReportOptions};
use super::output::OutputArgs;
use super::screen::{Screen, Showing};
use super::written::{Written, named};
use super::{Status, signals};

/// How often a textfile is written unless asked otherwise: node_exporters are scraped every 15 s or less.
const TEXTFILE_INTERVAL: Duration = Duration::from_secs(10);

/// Follow files or standard input: print matches as they come, keep counts
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift tail /var/log/app '/var/log/*/error.log'
  errsift tail --state app.state --from start app.log
  kubectl logs -f deploy/api | errsift tail --fold 10s
  kubectl logs -f deploy/api | errsift tail --all           a colouriser that explains
  errsift tail -q --listen 127.0.0.1:9184 /var/log/app      a live page, and metrics
  journalctl -f | errsift tail -q --interval 10s -o counts.json
  journalctl -f | errsift tail -f ndjson --deltas --interval 10s | feed-a-dashboard

Ctrl-C, SIGTERM or the end of the input ends it with a report on standard error. SIGHUP loads the
files of --catalog again.

Exit status: 0 known codes found, 1 none, 2 an error, be it with one of many inputs, 3 a --fail-on
condition holds.")]
pub struct TailArgs {
    /// Files, globs and folders; none, or -, is standard input
    #[arg(value_name = "PATH|GLOB", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    live: LiveArgs,
    /// Where a file begins that is there at the start and that --state does not know; one that
    /// comes later begins at its start
    #[arg(
        long,
        value_name = "WHERE",
        default_value = "end",
        help_heading = "Input"
    )]
    from: FromName,
    /// Keep counts and positions in this file, and go on from there: nothing is lost or counted
    /// twice, however the program ends
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, help_heading = "Input")]
    state: Option<PathBuf>,
    /// Report any code-shaped value where an error code stands, of whatever provider
    #[arg(long, help_heading = "Input")]
    discover: bool,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    listen: ListenArgs,
    #[command(flatten)]
    metrics: MetricsArgs,
    #[command(flatten)]
    textfile: TextfileArgs,
    /// The format of what is printed: each match as it comes (text, ndjson), or only the report at
    /// the end [default: text]
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = "Output",
        hide_default_value = true
    )]
    format: Option<PrintName>,
}

/// The places of `--from`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FromName {
    /// At its first byte
    Start,
    /// Behind its last byte
    End,
}

/// What is printed while it comes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "While it runs")]
struct LiveArgs {
    /// Print no matches, only the report at the end
    #[arg(short, long, conflicts_with_all = ["all", "fold", "deltas"])]
    quiet: bool,
    /// Pass all lines through as they are, with codes highlighted and explained
    #[arg(long)]
    all: bool,
    /// Print a code in full only once within this time, such as 10s, and then how often it came again;
    /// with --all, explain it only once
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    fold: Option<String>,
    /// Save all counts in the files of -o and --textfile, or print --deltas, as often as this, such
    /// as 10s, which is the default for --textfile
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    interval: Option<String>,
    /// Print what came in each interval instead of matches; with -f ndjson
    #[arg(long, conflicts_with_all = ["all", "fold"])]
    deltas: bool,
}

/// A tail whose options have been checked.
struct Tail<'a> {
    args: &'a TailArgs,
    /// The files to follow; none is standard input.
    paths: Vec<String>,
    wants: Wants,
    fold: Option<Duration>,
    interval: Option<Duration>,
    ending: Ending,
}

/// Follows and reports.
pub fn run(shared: &Shared, args: &TailArgs) -> Result<Status> {
    let mut tail = args.checked(shared)?;
    args.check_written(shared)?;
    let zone = args.filter.zone()?;
    let codes = tail.codes(shared.load_catalog()?);
    let filter = args.filter.filter(&codes.catalog, &BTreeSet::new())?;
    let report = &tail.ending.report;
    report.check_providers(&codes.catalog, &BTreeSet::new())?;
    let textfile = args.textfile.checked()?;
    tail.ending.export(
        &args.metrics,
        textfile,
        args.listen.is_given(),
        &codes.catalog,
    )?;
    console::hint_at_stdin(tail.paths.is_empty());
    let held = tail.hold(&codes.catalog)?;
    let listener = args.listen.checked()?;
    let tally = tail.ending.tally_options(filter);
    let setup = Setup {
        catalog: &codes.catalog,
        matcher: &codes.matcher,
        tally: Arc::new(TallyOptions {
            // So that a state can be asked for the counts of each file, and the live page shows them.
            by_file: args.state.is_some() || listener.is_some() || tally.by_file,
            // The live page has a chart.
            bucket: tally.bucket.or(listener.is_some().then_some(1)),
            ..tally
        }),
        zone,
        threads: options::processors(),
        lang: tail.ending.style.lang,
    };
    let outcome = tail.follow(shared, &setup, held, listener)?;
    let exported = tail.ending.metrics.save_textfile(&outcome.result);
    let shown = tail.ending.report.shown(&outcome.result);
    tail.ending.deliver(&shown)?;
    exported?;
    Ok((tail.ending).status(&outcome.result, &shown, outcome.failed))
}

impl TailArgs {
    /// The files to follow; none is standard input.
    fn files(&self) -> Result<Vec<String>> {
        let is_stdin = |path: &PathBuf| path.as_os_str() == input::STDIN;
        if self.paths.iter().all(is_stdin) {
            return Ok(Vec::new());
        }
        let texts = self.paths.iter().map(|path| match path.to_str() {
            Some(text) if !is_stdin(path) => Ok(text.to_owned()),
            Some(_) => Err(Error::Usage(String::from(
                "-: standard input is followed alone, expected no other PATH beside it",
            ))),
            None => Err(Error::Usage(format!(
                "{}: expected a path in UTF-8; use a glob for it",
                path.display()
            ))),
        });
        texts.collect()
    }

    fn written(&self) -> Result<Written<'_>> {
        Ok(Written {
            output: self.output.path(),
            textfile: self.textfile.checked()?,
            state: self.state.as_deref(),
        })
    }

    /// Refuses to write to what is read.
    fn check_written(&self, shared: &Shared) -> Result<()> {
        let catalogs = shared.catalog_files();
        let read = named("PATH", &self.paths)
            .chain(named("--catalog", &catalogs))
            .chain(named("--token-file", &self.listen.token_file));
        self.written()?.check(read)?;
        Written::check_streams(&self.paths)
    }

    /// How often counts are saved; a textfile is always kept up to date.
    fn interval(&self) -> Result<Option<Duration>> {
        let interval = options::duration("interval", self.live.interval.as_deref())?;
        let of_textfile = self.textfile.checked()?.map(|_| TEXTFILE_INTERVAL);
        Ok(interval.or(of_textfile))
    }

    fn checked(&self, shared: &Shared) -> Result<Tail<'_>> {
        let live = &self.live;
        let print = Print::from(self.format.or(Some(PrintName::Text)));
        let wants = match print {
            Print::Events(_) if live.all => Wants::Lines,
            Print::Events(_) if !live.quiet && !live.deltas => Wants::Matches,
            _ => Wants::Nothing,
        };
        let tail = Tail {
            args: self,
            paths: self.files()?,
            wants,
            fold: options::duration("fold", live.fold.as_deref())?,
            interval: self.interval()?,
            ending: Ending {
                report: self.report.checked()?,
                output: self.output.checked(),
                metrics: Metrics::default(),
                print,
                style: Style::of_stdout(shared),
                err_style: Style::of_stderr(shared),
                keeps_times: self.state.is_some() || self.listen.is_given(),
                is_unread: AtomicBool::new(false),
            },
        };
        tail.ending.report.check_no_baseline()?;
        tail.check_channels()?;
        Ok(tail)
    }
}

impl Tail<'_> {
    /// Refuses what would have no effect.
    fn check_channels(&self) -> Result<()> {
        let live = &self.args.live;
        let wrong = |text: &str| Err(Error::Usage(text.to_owned()));
        let print = self.ending.print;
        if live.all && print != Print::Events(EventFormat::Text) {
            return wrong("--all: passes lines through as they are, expected no -f but text");
        }
        if live.fold.is_some() && self.wants == Wants::Nothing {
            return wrong(
                "--fold: there is nothing to fold in a report, expected -f text or ndjson",
            );
        }
        if live.deltas && (print != Print::Events(EventFormat::Ndjson) || self.interval.is_none()) {
            return wrong("--deltas: expected -f ndjson and --interval TIME beside it");
        }
        let writes = self.ending.output.is_some() || self.args.textfile.checked()?.is_some();
        if self.interval.is_some() && !live.deltas && !writes {
            return wrong(
                "--interval: nothing to write, expected -o FILE, --textfile FILE or -f ndjson --deltas beside it",
            );
        }
        Ok(())
    }

    fn codes(&self, catalog: Catalog) -> Codes {
        let discover = self.args.discover;
        Codes {
            matcher: Matcher::new(&catalog, MatchOptions { discover }),
            catalog,
        }
    }

    /// Opens the state, if there is one, with what it holds.
    fn hold(&self, catalog: &Catalog) -> Result<Option<(State, Saved)>> {
        let Some(path) = &self.args.state else {
            return Ok(None);
        };
        let state = State::open(path, &catalog.id())?;
        let saved = Saved {
            result: state.result()?,
            checkpoints: state.checkpoints()?,
        };
        Ok(Some((state, saved)))
    }

    fn feed(&self, control: &Control, known: Vec<Checkpoint>) -> Result<Feed> {
        if self.paths.is_empty() {
            return Ok(Feed::Stdin);
        }
        let options = FollowOptions {
            paths: self.paths.clone(),
            from: match self.args.from {
                FromName::Start => From::Start,
                FromName::End => From::End,
            },
            known,
            own: self.args.written()?.own_files(),
            goes_on: self.args.state.is_some(),
            ..FollowOptions::default()
        };
        let follower = Follower::new(options, control.wake())?;
        Ok(Feed::Files(Box::new(follower)))
    }

    /// Reads until the input ends or a signal says stop.
    fn follow(
        &self,
        shared: &Shared,
        setup: &Setup,
        held: Option<(State, Saved)>,
        listener: Option<Listener>,
    ) -> Result<Outcome> {
        let control = signals::control()?;
        let (state, saved) = held.unzip();
        let (known, total) = saved.map(|saved| (saved.checkpoints, saved.result)).unzip();
        let feed = self.feed(&control, known.unwrap_or_default())?;
        let showing = self.showing(total.as_ref());
        let mut screen = Screen::new(&self.ending, showing, &control);
        let (looker, looks) = live::looking();
        let options = TailOptions {
            interval: self.interval,
            state,
            total,
            looks: listener.is_some().then_some(looks),
        };
        let shown = Shown {
            looker,
            lang: self.ending.style.lang,
            exporter: self.ending.metrics.exporter(),
            min_count: self.ending.report.min_count,
        };
        let serving = listener.map(|listener| listener.serve(shown, console::complain));
        let _until_the_end = serving.transpose()?;
        let (reloader, reloads) = live::reloading();
        let on_hangup = move || self.reload(shared, &reloader);
        let outcome = signals::stop_or_reload(&control, on_hangup, || {
            let tailed = live::tail(setup, feed, &control, options, reloads, &mut screen);
            tailed.and_then(|outcome| screen.finish(&outcome.result).map(|()| outcome))
        })?;
        outcome.map_err(console::stdout_error)
    }

    /// What is printed while reading goes on, beyond `total`.
    fn showing(&self, total: Option<&ScanResult>) -> Showing {
        let deltas = total.map(Deltas::since).unwrap_or_default();
        Showing {
            wants: self.wants,
            fold: self.fold,
            names_paths: self.names_paths(),
            deltas: self.args.live.deltas.then_some(deltas),
            is_live: true,
        }
    }

    /// Whether lines may come from more than one file.
    fn names_paths(&self) -> bool {
        match self.paths.as_slice() {
            [] => false,
            [path] => !std::path::Path::new(path).is_file(),
            _ => true,
        }
    }

    /// Loads the catalogue again; the old one stays where the new one is wrong.
    fn reload(&self, shared: &Shared, reloader: &Reloader) {
        match shared.load_catalog() {
            Ok(catalog) => {
                let codes = catalog.id().codes;
                self.ending.metrics.use_catalog(&catalog);
                if reloader.replace(self.codes(catalog)) {
                    console::note(&told::reloaded(codes));
                }
            }
            Err(error) => {
                console::error(&error);
                console::complain(&told::not_reloaded());
            }
        }
    }
}
