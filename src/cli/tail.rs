//! `errsift tail`: follows what is written, prints matches as they come, and keeps counts.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, StdoutLock};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use errsift::catalog::Catalog;
use errsift::enrich::event::MatchedLine;
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::live::{self, Codes, Feed, Reloader, TailOptions, Wants, Watcher};
use errsift::pipeline::{Control, Outcome, Setup};
use errsift::sink::{Deltas, EventFormat, EventStyle, LivePrinter, LiveStyle};
use errsift::tally::result::ScanResult;
use errsift::{Error, Result};
use jiff::Timestamp;

use super::args::Shared;
use super::console::{self, Style};
use super::ending::{Ending, Print, PrintName};
use super::options::{self, FilterArgs, ReportOptions};
use super::output::OutputArgs;
use super::{Status, signals};

/// Follow files or standard input: print matches as they come, keep counts
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tail -F app.log | errsift tail
  kubectl logs -f deploy/api | errsift tail --fold 10s
  kubectl logs -f deploy/api | errsift tail --all           a colouriser that explains
  journalctl -f | errsift tail -q --interval 10s -o counts.json
  journalctl -f | errsift tail -f ndjson --deltas --interval 10s | feed-a-dashboard

Ctrl-C, SIGTERM or the end of the input ends it with a report on standard error. SIGHUP loads the
files of --catalog again.

Exit status: 0 known codes found, 1 none, 2 an error, be it with one of many inputs, 3 a --fail-on
condition holds.")]
pub struct TailArgs {
    #[command(flatten)]
    live: LiveArgs,
    /// Report any code-shaped value where an error code stands, of whatever provider
    #[arg(long, help_heading = "Input")]
    discover: bool,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    output: OutputArgs,
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
    /// Print a code in full only once within this time, such as 10s, and then how often it came again
    #[arg(long, value_name = "TIME")]
    fold: Option<String>,
    /// Save all counts in the file of -o, or print --deltas, as often as this, such as 10s
    #[arg(long, value_name = "TIME")]
    interval: Option<String>,
    /// Print what came in each interval instead of matches; with -f ndjson
    #[arg(long, conflicts_with_all = ["all", "fold"])]
    deltas: bool,
}

/// A tail whose options have been checked.
struct Tail {
    wants: Wants,
    fold: Option<Duration>,
    interval: Option<Duration>,
    deltas: bool,
    discover: bool,
    ending: Ending,
}

/// Follows and reports.
pub fn run(shared: &Shared, args: &TailArgs) -> Result<Status> {
    let tail = args.checked(shared)?;
    let zone = args.filter.zone()?;
    let codes = tail.codes(shared.load_catalog()?);
    let filter = args.filter.filter(&codes.catalog, &BTreeSet::new())?;
    console::hint_at_stdin(true);
    let setup = Setup {
        catalog: &codes.catalog,
        matcher: &codes.matcher,
        tally: Arc::new(tail.ending.report.tally_options(filter)),
        zone,
        threads: options::processors(),
        lang: tail.ending.style.lang,
    };
    let outcome = tail.follow(shared, &setup)?;
    let result = tail.ending.counted(outcome.result);
    tail.ending.deliver(&result)?;
    Ok(tail.ending.status(&result, outcome.failed))
}

impl TailArgs {
    fn checked(&self, shared: &Shared) -> Result<Tail> {
        let live = &self.live;
        let print = Print::from(self.format.or(Some(PrintName::Text)));
        let wants = match print {
            Print::Events(_) if live.all => Wants::Lines,
            Print::Events(_) if !live.quiet && !live.deltas => Wants::Matches,
            _ => Wants::Nothing,
        };
        let tail = Tail {
            wants,
            fold: options::duration("fold", live.fold.as_deref())?,
            interval: options::duration("interval", live.interval.as_deref())?,
            deltas: live.deltas,
            discover: self.discover,
            ending: Ending {
                report: self.report.checked()?,
                output: self.output.checked()?,
                print,
                style: Style::of_stdout(shared),
                err_style: Style::of_stderr(shared),
            },
        };
        tail.check_channels(live)?;
        Ok(tail)
    }
}

impl Tail {
    /// Refuses what would have no effect.
    fn check_channels(&self, live: &LiveArgs) -> Result<()> {
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
        if self.deltas && (print != Print::Events(EventFormat::Ndjson) || self.interval.is_none()) {
            return wrong("--deltas: expected -f ndjson and --interval TIME beside it");
        }
        if self.interval.is_some() && !self.deltas && self.ending.output.is_none() {
            return wrong(
                "--interval: nothing to write, expected -o FILE or -f ndjson --deltas beside it",
            );
        }
        Ok(())
    }

    fn codes(&self, catalog: Catalog) -> Codes {
        let discover = self.discover;
        Codes {
            matcher: Matcher::new(&catalog, MatchOptions { discover }),
            catalog,
        }
    }

    /// Reads until the input ends or a signal says stop.
    fn follow(&self, shared: &Shared, setup: &Setup) -> Result<Outcome> {
        let control = Control::new().map_err(|source| Error::Open {
            path: PathBuf::from("pipe"),
            source,
        })?;
        let (reloader, reloads) = live::reloading();
        let options = TailOptions {
            interval: self.interval,
        };
        let mut screen = Screen::new(self);
        let on_hangup = move || self.reload(shared, &reloader);
        let outcome = signals::stop_or_reload(&control, on_hangup, || {
            let tailed = live::tail(setup, Feed::Stdin, &control, &options, reloads, &mut screen);
            tailed.and_then(|outcome| screen.finish(&outcome.result).map(|()| outcome))
        })?;
        outcome.map_err(console::stdout_error)
    }

    /// Loads the catalogue again; the old one stays where the new one is wrong.
    fn reload(&self, shared: &Shared, reloader: &Reloader) {
        match shared.load_catalog() {
            Ok(catalog) => {
                let codes = catalog.id().codes;
                if reloader.replace(self.codes(catalog)) {
                    console::note(&format!("the catalogue was loaded again: {codes} codes"));
                }
            }
            Err(error) => {
                console::error(&error);
                console::complain("the catalogue was not loaded again: the old one stays in use");
            }
        }
    }
}

/// What a tail shows, and where.
struct Screen<'t> {
    tail: &'t Tail,
    printer: LivePrinter<BufWriter<StdoutLock<'static>>>,
    deltas: Deltas,
    looked: Instant,
}

impl<'t> Screen<'t> {
    fn new(tail: &'t Tail) -> Self {
        let style = tail.ending.style;
        let style = LiveStyle {
            format: match tail.ending.print {
                Print::Events(format) => format,
                Print::Report(_) => EventFormat::default(),
            },
            event: EventStyle {
                lang: style.lang,
                color: style.color,
            },
            fold: tail.fold,
            passes_lines: tail.wants == Wants::Lines,
            names_paths: false,
        };
        Screen {
            tail,
            printer: LivePrinter::new(BufWriter::new(io::stdout().lock()), style),
            deltas: Deltas::default(),
            looked: Instant::now(),
        }
    }

    fn write_delta(&mut self, total: &ScanResult) -> io::Result<()> {
        let seconds = self.looked.elapsed().as_secs_f64();
        self.looked = Instant::now();
        // Milliseconds are as exact as anybody can look.
        let seconds = (seconds * 1e3).round() / 1e3;
        let time = Timestamp::now().round(jiff::Unit::Millisecond);
        let time = time.unwrap_or_default().to_string();
        let (deltas, printer) = (&mut self.deltas, &mut self.printer);
        printer.print(|out| deltas.write(out, total, &time, seconds))
    }

    /// Shows what is left when the tail has ended with this result.
    fn finish(mut self, result: &ScanResult) -> io::Result<()> {
        if self.tail.deltas {
            self.write_delta(result)?;
        }
        self.printer.finish()
    }
}

impl Watcher for Screen<'_> {
    fn wants(&self) -> Wants {
        self.tail.wants
    }

    fn matched(&mut self, line: &MatchedLine) -> io::Result<()> {
        self.printer.matched(line, Instant::now())
    }

    fn passed(&mut self, path: &str, text: &[u8]) -> io::Result<()> {
        self.printer.passed(path, text)
    }

    fn due(&self) -> Option<Instant> {
        self.printer.due()
    }

    fn tick(&mut self, now: Instant) -> io::Result<()> {
        self.printer.tick(now)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.printer.flush()
    }

    fn snapshot(&mut self, total: &ScanResult) -> io::Result<()> {
        if self.tail.deltas {
            self.write_delta(total)?;
            self.printer.flush()?;
        }
        // The next one may succeed, and the last one decides.
        if let Err(error) = self
            .tail
            .ending
            .save(&self.tail.ending.counted(total.clone()))
        {
            console::error(&error);
        }
        Ok(())
    }

    fn problem(&mut self, text: &str) {
        console::complain(text);
    }
}
