//! The verbs. Everything a user gives is checked here, before a thread starts.
//!
//! A verb returns its exit status or an error; it ends no process itself.

mod args;
mod codes;
pub mod console;
mod dashboard;
mod ending;
mod explain;
mod files_from;
mod known;
mod limits;
mod listen;
mod manual;
mod memory;
mod metrics;
mod options;
mod output;
mod progress;
mod report;
mod saved;
mod scan;
mod screen;
mod signals;
mod status;
mod tail;
mod untold;
mod written;

use std::io;

use errsift::{Error, Result};

use args::{Args, Verb};

pub use status::Status;

/// Runs the verb that the command line names.
///
/// # Errors
///
/// Returns what a user has to be told: a wrong argument, a file that cannot be read or written.
pub fn run() -> Result<Status> {
    let Some(Args { shared, verb }) = args::parse()? else {
        return Ok(Status::Success);
    };
    console::speak(&shared);
    match verb {
        Verb::Scan(args) => scan::run(&shared, &args),
        Verb::Tail(args) => tail::run(&shared, &args),
        Verb::Explain(args) => explain::run(&shared, &args),
        Verb::Codes(args) => codes::run(&shared, &args),
        Verb::Report(args) => report::run(&shared, &args),
        Verb::Dashboard(args) => dashboard::run(&shared, &args),
        Verb::Completions(args) => manual::completions(&args),
        Verb::Man => manual::man(),
    }
}

/// Whether `error` only says that whoever reads the output has seen enough.
pub fn is_closed_pipe(error: &Error) -> bool {
    match error {
        Error::Write { path, source } => {
            let names = [console::STDOUT, console::STDOUT_DEVICE];
            names.iter().any(|name| path.as_os_str() == *name)
                && source.kind() == io::ErrorKind::BrokenPipe
        }
        _ => false,
    }
}
