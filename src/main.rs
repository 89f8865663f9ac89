//! The command-line program: runs a verb, says what went wrong, and chooses the exit status.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(status) => status.into(),
        Err(error) if cli::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            cli::console::error(&error);
            cli::Status::Error.into()
        }
    }
}
