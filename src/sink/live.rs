//! Matches while they come: each line with its explanation, repeats folded, other lines passed through.
//!
//! A line that is passed through keeps every byte: it is the one thing that is printed as a log
//! has it. What explains it stands below its end, never inside.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::event::{EventFormat, EventStyle, explanation, write_event};
use super::fold::{Again, Fold, Owned};
use super::json;
use super::text::{Paint, grouped, visible};
use super::words::Words;
use crate::enrich::event::{Event, MatchedLine};

/// How matches are printed while they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveStyle {
    /// How a match is written.
    pub format: EventFormat,
    /// What its text is like.
    pub event: EventStyle,
    /// How long a code is not told in full again.
    pub fold: Option<Duration>,
    /// Whether lines are passed through as they are, those with matches highlighted.
    pub passes_lines: bool,
    /// Whether passed lines are headed by their path where that changes.
    pub names_paths: bool,
}

/// Prints matches while they come.
#[derive(Debug)]
pub struct LivePrinter<W> {
    out: W,
    style: LiveStyle,
    fold: Option<Fold>,
    /// The path of the line that was passed last.
    path: Option<String>,
    /// Whether that line has not ended.
    is_open: bool,
    /// What is to be printed when it has, by the code that it explains.
    owed: Vec<(Owned, String)>,
}

/// The repeats of a code, as JSON.
#[derive(Serialize)]
struct AgainRecord<'a> {
    again: u64,
    code: &'a str,
    provider: Option<&'a str>,
}

impl<W: Write> LivePrinter<W> {
    /// Prints to `out`.
    pub fn new(out: W, style: LiveStyle) -> Self {
        LivePrinter {
            out,
            style,
            fold: style.fold.map(Fold::new),
            path: None,
            is_open: false,
            owed: Vec::new(),
        }
    }

    /// Prints a line that holds matches.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    pub fn matched(&mut self, line: &MatchedLine, now: Instant) -> io::Result<()> {
        self.tick(now)?;
        let fold = &mut self.fold;
        let mut is_news = |event: &Event| match fold {
            Some(fold) => !fold.is_repeat(event, now),
            None => true,
        };
        let news = line.matches.iter().filter(|(_, event)| is_news(event));
        let news: Vec<&Event> = news.map(|(_, event)| event).collect();
        if self.style.passes_lines {
            return self.pass_matched(line, &news);
        }
        for event in news {
            write_event(&mut self.out, event, self.style.format, &self.style.event)?;
        }
        Ok(())
    }

    /// Prints text without matches, as it is.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    pub fn passed(&mut self, path: &str, text: &[u8]) -> io::Result<()> {
        self.head(path)?;
        self.put(text)
    }

    /// When a number of repeats is to be told.
    pub fn due(&self) -> Option<Instant> {
        self.fold.as_ref().and_then(Fold::due)
    }

    /// Tells the repeats whose time is over.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    pub fn tick(&mut self, now: Instant) -> io::Result<()> {
        self.tell_repeats(Some(now))
    }

    /// Prints something else between two lines.
    ///
    /// # Errors
    ///
    /// Returns what `write` returns.
    pub fn print(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        self.close_line()?;
        write(&mut self.out)
    }

    /// Hands on what was printed.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Tells what has not been told yet.
    ///
    /// # Errors
    ///
    /// Returns what writing returns.
    pub fn finish(&mut self) -> io::Result<()> {
        self.close_line()?;
        self.tell_repeats(None)?;
        self.flush()
    }

    fn pass_matched(&mut self, line: &MatchedLine, news: &[&Event]) -> io::Result<()> {
        self.head(line.path)?;
        for event in news {
            let owned = (event.code.to_owned(), event.provider.map(str::to_owned));
            if !self.owed.iter().any(|(owed, _)| *owed == owned) {
                let text = explanation(event, &self.style.event);
                self.owed.push((owned, text));
            }
        }
        let text = highlighted(line, self.style.event.color);
        self.put(&text)
    }

    /// Begins to pass lines of another path.
    fn head(&mut self, path: &str) -> io::Result<()> {
        if self.path.as_deref() == Some(path) {
            return Ok(());
        }
        self.close_line()?;
        self.path = Some(path.to_owned());
        if self.style.names_paths {
            let head = format!("==> {} <==", visible(path));
            writeln!(
                self.out,
                "{}",
                Paint::Dim.apply(&head, self.style.event.color)
            )?;
        }
        Ok(())
    }

    fn put(&mut self, text: &[u8]) -> io::Result<()> {
        let newline = memchr::memchr(b'\n', text).filter(|_| !self.owed.is_empty());
        let (first, rest) = text.split_at(newline.map_or(0, |newline| newline + 1));
        if newline.is_some() {
            self.out.write_all(first)?;
            self.pay()?;
        }
        self.out.write_all(rest)?;
        self.is_open = !text.ends_with(b"\n");
        Ok(())
    }

    fn pay(&mut self) -> io::Result<()> {
        for (_, text) in self.owed.drain(..) {
            writeln!(self.out, "{text}")?;
        }
        Ok(())
    }

    fn close_line(&mut self) -> io::Result<()> {
        if self.is_open {
            self.is_open = false;
            self.out.write_all(b"\n")?;
        }
        self.pay()
    }

    fn tell_repeats(&mut self, now: Option<Instant>) -> io::Result<()> {
        let closed = self.fold.as_mut().map(|fold| fold.close(now));
        for again in closed.into_iter().flatten() {
            let text = self.repeats(&again)?;
            if self.is_open {
                self.owed.push(((again.code, again.provider), text));
            } else {
                writeln!(self.out, "{text}")?;
            }
        }
        Ok(())
    }

    fn repeats(&self, again: &Again) -> io::Result<String> {
        let style = &self.style.event;
        if self.style.format == EventFormat::Ndjson {
            let record = AgainRecord {
                again: again.count,
                code: &again.code,
                provider: again.provider.as_deref(),
            };
            return json::to_string(&record);
        }
        let words = Words::of(style.lang);
        let code = Paint::BoldRed.apply(&visible(&again.code), style.color);
        let count = (words.again)(&grouped(again.count));
        Ok(format!("{code}{}{count}", words.colon))
    }
}

/// The line as it is, with its codes painted.
fn highlighted(line: &MatchedLine, color: bool) -> Vec<u8> {
    let mut text = Vec::with_capacity(line.text.len() + 64);
    let mut at = 0;
    for (range, _) in &line.matches {
        let code = String::from_utf8_lossy(&line.text[range.clone()]);
        text.extend_from_slice(&line.text[at..range.start]);
        text.extend_from_slice(Paint::BoldRed.apply(&code, color).as_bytes());
        at = range.end;
    }
    text.extend_from_slice(&line.text[at..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    fn line(text: &'static str) -> MatchedLine<'static> {
        let start = text.find("APIG.1002").unwrap();
        MatchedLine {
            path: "app.log",
            text: text.as_bytes(),
            matches: vec![(start..start + 9, sample::event())],
        }
    }

    fn printed(
        style: LiveStyle,
        print: impl FnOnce(&mut LivePrinter<&mut Vec<u8>>) -> io::Result<()>,
    ) -> String {
        let mut out = Vec::new();
        let mut printer = LivePrinter::new(&mut out, style);
        print(&mut printer).unwrap();
        printer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    const PASSING: LiveStyle = LiveStyle {
        format: EventFormat::Text,
        event: EventStyle {
            lang: crate::catalog::Lang::En,
            color: false,
        },
        fold: None,
        passes_lines: true,
        names_paths: false,
    };

    const EXPLAINED: &str = "  HTTP 401 (saw 403), authentication, huaweicloud/roma-connect\n\
                             \x20 The token cannot be read.\n\
                             \x20 What to do: Obtain a new token.\n";

    #[test]
    fn passed_lines_keep_every_byte() {
        let now = Instant::now();
        let text = printed(PASSING, |printer| {
            printer.passed("app.log", b"one\x1b[31m\r\n\0two\n")?;
            printer.matched(&line("a\tAPIG.1002 \x1b[0m\r\n"), now)?;
            printer.passed("app.log", b"three")
        });

        assert_eq!(
            text,
            format!("one\x1b[31m\r\n\0two\na\tAPIG.1002 \x1b[0m\r\n{EXPLAINED}three\n")
        );
    }

    #[test]
    fn an_explanation_waits_for_the_end_of_its_line() {
        let now = Instant::now();
        let text = printed(PASSING, |printer| {
            printer.matched(&line("APIG.1002 and"), now)?;
            printer.matched(&line(" APIG.1002"), now)?;
            printer.passed("app.log", b" more\nnext\n")
        });

        assert_eq!(
            text,
            format!("APIG.1002 and APIG.1002 more\n{EXPLAINED}next\n")
        );
    }

    #[test]
    fn another_path_begins_on_a_line_of_its_own() {
        let style = LiveStyle {
            names_paths: true,
            ..PASSING
        };
        let text = printed(style, |printer| {
            printer.passed("a.log", b"one")?;
            printer.passed("b\n.log", b"two\n")
        });

        assert_eq!(text, "==> a.log <==\none\n==> b\\n.log <==\ntwo\n");
    }

    #[test]
    fn with_colour_every_code_of_a_passed_line_stands_out() {
        let style = LiveStyle {
            event: EventStyle {
                color: true,
                ..PASSING.event
            },
            ..PASSING
        };
        let mut twice = line("APIG.1002,APIG.1002\n");
        twice.matches.push((10..19, sample::event()));
        let text = printed(style, |printer| printer.matched(&twice, Instant::now()));

        assert_eq!(
            text.lines().next(),
            Some("\x1b[1;31mAPIG.1002\x1b[0m,\x1b[1;31mAPIG.1002\x1b[0m")
        );
    }

    #[test]
    fn repeats_are_told_as_a_number_when_their_time_is_over() {
        let window = Duration::from_secs(10);
        let start = Instant::now();
        for (format, again) in [
            (EventFormat::Text, "APIG.1002: again x 2\n"),
            (
                EventFormat::Ndjson,
                "{\"again\":2,\"code\":\"APIG.1002\",\"provider\":\"huaweicloud\"}\n",
            ),
        ] {
            let style = LiveStyle {
                format,
                fold: Some(window),
                passes_lines: false,
                ..PASSING
            };
            let once = printed(style, |printer| {
                printer.matched(&line("APIG.1002\n"), start)
            });
            let text = printed(style, |printer| {
                for second in [0, 1, 9, 11] {
                    printer.matched(&line("APIG.1002\n"), start + Duration::from_secs(second))?;
                }
                Ok(())
            });

            assert_eq!(text, format!("{once}{again}{once}"));
        }
    }

    #[test]
    fn a_passed_line_whose_matches_are_all_repeats_loses_its_explanation_alone() {
        let style = LiveStyle {
            fold: Some(Duration::from_secs(10)),
            ..PASSING
        };
        let now = Instant::now();
        let text = printed(style, |printer| {
            printer.matched(&line("1 APIG.1002\n"), now)?;
            printer.matched(&line("2 APIG.1002\n"), now)?;
            printer.passed("app.log", b"3\n")
        });

        assert_eq!(
            text,
            format!("1 APIG.1002\n{EXPLAINED}2 APIG.1002\n3\nAPIG.1002: again x 1\n")
        );
    }
}
