//! Standard output and standard error: what is said where, in which language and how wide.
//!
//! What comes from outside is made visible before it is printed. That standard error cannot be
//! written is no reason to stop.

use std::error::Error as _;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::OnceLock;

use anstream::{AutoStream, ColorChoice};
use errsift::catalog::Lang;
use errsift::sink::{EntryStyle, visible};
use errsift::wording::{line_in, told};
use errsift::{Error, Result};

use super::args::{ColorWish, Shared};

/// What messages call standard output.
pub const STDOUT: &str = "standard output";

/// The name by which standard output can be opened.
pub const STDOUT_DEVICE: &str = "/dev/stdout";

/// The name by which standard error can be opened.
pub const STDERR_DEVICE: &str = "/dev/stderr";

/// The name by which standard input can be opened.
pub const STDIN_DEVICE: &str = "/dev/stdin";

/// What messages call standard input.
pub const STDIN: &str = "standard input";

/// Says what went wrong, with the reasons behind it on the same line.
pub fn error(error: &Error) {
    if let Error::Catalog { faults } = error {
        faults.iter().for_each(|fault| complain(fault));
        return;
    }
    if let Error::Usage(text) = error {
        plain(&format!("errsift: {text}"));
        return;
    }
    complain(&sentence(error));
}

/// What went wrong, with the reasons behind it.
pub fn sentence(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(reason) = source {
        text.push_str(&format!(": {reason}"));
        source = reason.source();
    }
    text
}

/// The language of what is said, from when the command line is read on.
static SPOKEN: OnceLock<Lang> = OnceLock::new();

/// Says what is said from now on in the language asked for, else the locale's.
pub fn speak(shared: &Shared) {
    let _ = SPOKEN.set(lang(shared));
}

/// The language of what is said.
pub fn spoken() -> Lang {
    SPOKEN.get().copied().unwrap_or(Lang::En)
}

/// Says what went wrong.
pub fn complain(text: &str) {
    say_line(&format!("errsift: {}", line_in(text, spoken())));
}

/// Says what a user should know although nothing went wrong.
pub fn note(text: &str) {
    let mark = match spoken() {
        Lang::En => "note: ",
        Lang::Zh => "提示：",
    };
    say_line(&format!("errsift: {mark}{}", line_in(text, spoken())));
}

/// Says something of one or more lines without a word before it.
pub fn plain(text: &str) {
    text.lines().for_each(say_line);
}

/// Says something on one line, whatever names of files in it hold.
fn say_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(text));
}

/// Runs `write` on standard output and flushes it.
///
/// # Errors
///
/// Returns [`Error::Write`] on standard output.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(stdout_error)
}

/// A failure to write to standard output.
pub fn stdout_error(source: io::Error) -> Error {
    Error::Write {
        path: PathBuf::from(STDOUT),
        source,
    }
}

/// Says that input is awaited where nobody may know.
pub fn hint_at_stdin(reads_stdin: bool) {
    if reads_stdin && io::stdin().is_terminal() {
        complain(&told::awaits_stdin());
    }
}

/// What text on one of the standard streams is like.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub lang: Lang,
    pub color: bool,
    /// The columns of the terminal; `None` where there is none.
    pub width: Option<usize>,
}

impl Style {
    /// The style of standard output.
    pub fn of_stdout(shared: &Shared) -> Style {
        Style {
            lang: lang(shared),
            color: is_colored(shared, AutoStream::choice(&io::stdout())),
            width: width(terminal_size::terminal_size_of(io::stdout())),
        }
    }

    /// The style of standard error.
    pub fn of_stderr(shared: &Shared) -> Style {
        Style {
            lang: lang(shared),
            color: is_colored(shared, AutoStream::choice(&io::stderr())),
            width: width(terminal_size::terminal_size_of(io::stderr())),
        }
    }
}

impl From<Style> for EntryStyle {
    fn from(style: Style) -> EntryStyle {
        EntryStyle {
            lang: style.lang,
            color: style.color,
            width: style.width,
        }
    }
}

type Size = Option<(terminal_size::Width, terminal_size::Height)>;

fn width(size: Size) -> Option<usize> {
    size.map(|(width, _)| usize::from(width.0))
        .filter(|&width| width > 0)
}

fn is_colored(shared: &Shared, auto: ColorChoice) -> bool {
    match shared.color {
        ColorWish::Always => true,
        ColorWish::Never => false,
        ColorWish::Auto => auto != ColorChoice::Never,
    }
}

/// The language asked for, else the locale's.
fn lang(shared: &Shared) -> Lang {
    let locale = || {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        let mut values = names.iter().filter_map(|name| std::env::var(name).ok());
        values.find(|value| !value.is_empty())
    };
    match shared.lang {
        Some(lang) => lang.into(),
        None if locale().is_some_and(|locale| locale.starts_with("zh")) => Lang::Zh,
        None => Lang::En,
    }
}
