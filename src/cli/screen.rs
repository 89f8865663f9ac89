//! What is shown while logs are read: matches, lines and what came in each interval.

use std::io::{self, BufWriter, StdoutLock};
use std::time::{Duration, Instant};

use errsift::enrich::event::MatchedLine;
use errsift::input::follow::{Problem, ProblemKind};
use errsift::pipeline::Control;
use errsift::pipeline::live::{Wants, Watcher};
use errsift::sink::{Deltas, EventFormat, EventStyle, LivePrinter, LiveStyle};
use errsift::tally::result::ScanResult;
use jiff::Timestamp;

use super::console;
use super::ending::{Ending, Print};

type Printer = LivePrinter<BufWriter<StdoutLock<'static>>>;

/// Standard output while logs are read.
pub struct Screen<'e> {
    ending: &'e Ending,
    wants: Wants,
    printer: Printer,
    /// What was told in records of what came, where those are printed.
    deltas: Option<Deltas>,
    looked: Instant,
    is_live: bool,
    control: &'e Control,
}

/// How matches are shown, beside what the report decides.
#[derive(Clone, Debug)]
pub struct Showing {
    pub wants: Wants,
    pub fold: Option<Duration>,
    pub names_paths: bool,
    pub deltas: Option<Deltas>,
    /// Whether what cannot be read is told at once, and not at the end.
    pub is_live: bool,
}

impl Showing {
    /// Shows these and nothing else while a scan goes on.
    pub fn of_scan(wants: Wants) -> Self {
        Showing {
            wants,
            fold: None,
            names_paths: false,
            deltas: None,
            is_live: false,
        }
    }
}

impl<'e> Screen<'e> {
    pub fn new(ending: &'e Ending, showing: Showing, control: &'e Control) -> Self {
        let style = LiveStyle {
            format: match ending.print {
                Print::Events(format) => format,
                Print::Report(_) => EventFormat::default(),
            },
            event: EventStyle {
                lang: ending.style.lang,
                color: ending.style.color,
            },
            fold: showing.fold,
            passes_lines: showing.wants == Wants::Lines,
            names_paths: showing.names_paths,
        };
        Screen {
            ending,
            wants: showing.wants,
            printer: LivePrinter::new(BufWriter::new(io::stdout().lock()), style),
            deltas: showing.deltas,
            looked: Instant::now(),
            is_live: showing.is_live,
            control,
        }
    }

    /// Shows something as long as it is read. Where nobody reads it any more a tail ends, and a scan
    /// goes on for its report.
    fn show(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        if self.ending.is_unread() {
            return Ok(());
        }
        let shown = write(self);
        self.ending.outlive(shown)?;
        if self.ending.is_unread() && self.is_live {
            self.control.stop();
        }
        Ok(())
    }

    fn write_delta(&mut self, total: &ScanResult) -> io::Result<()> {
        let Some(deltas) = &mut self.deltas else {
            return Ok(());
        };
        let seconds = self.looked.elapsed().as_secs_f64();
        self.looked = Instant::now();
        // Milliseconds are as exact as anybody can look.
        let seconds = (seconds * 1e3).round() / 1e3;
        let time = Timestamp::now().round(jiff::Unit::Millisecond);
        let time = time.unwrap_or_default().to_string();
        self.printer
            .print(|out| deltas.write(out, total, &time, seconds))
    }

    /// Shows what is left when the tail has ended with this result.
    pub fn finish(mut self, result: &ScanResult) -> io::Result<()> {
        self.show(|screen| {
            screen.write_delta(result)?;
            screen.printer.finish()
        })
    }
}

impl Watcher for Screen<'_> {
    fn wants(&self) -> Wants {
        self.wants
    }

    fn matched(&mut self, line: &MatchedLine) -> io::Result<()> {
        self.show(|screen| screen.printer.matched(line, Instant::now()))
    }

    fn passed(&mut self, path: &str, text: &[u8]) -> io::Result<()> {
        self.show(|screen| screen.printer.passed(path, text))
    }

    fn due(&self) -> Option<Instant> {
        let due = self.printer.due();
        due.filter(|_| !self.ending.is_unread())
    }

    fn tick(&mut self, now: Instant) -> io::Result<()> {
        self.show(|screen| screen.printer.tick(now))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.show(|screen| screen.printer.flush())
    }

    fn snapshot(&mut self, total: &ScanResult) -> io::Result<()> {
        self.show(|screen| {
            screen.write_delta(total)?;
            screen.printer.flush()
        })?;
        // The next one may succeed, and the last one decides.
        let saved = self.ending.save(&self.ending.report.shown(total));
        let exported = self.ending.metrics.save_textfile(total);
        for error in [saved.err(), exported.err()].into_iter().flatten() {
            console::error(&error);
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.ending.metrics.note(problem.kind);
        let text = format!("{}: {}", problem.path, problem.message);
        match problem.kind {
            // The report of a scan tells it at its end.
            ProblemKind::Unreadable if !self.is_live => {}
            ProblemKind::Own => console::note(&text),
            _ => console::complain(&text),
        }
    }

    fn complain(&mut self, text: &str) {
        console::complain(text);
    }
}
