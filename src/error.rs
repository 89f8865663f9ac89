//! What can go wrong, as sentences a person can act on: where, what, expected what.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::wording::told;

/// An error of the library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or stream could not be opened.
    #[error("{}: {}", path.display(), told::cannot_be_opened())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Reading failed.
    #[error("{}: {}", path.display(), told::cannot_be_read_on(offset))]
    Read {
        /// The file.
        path: PathBuf,
        /// How far it was read.
        offset: u64,
        /// What the system says.
        source: io::Error,
    },
    /// Writing failed.
    #[error("{}: {}", path.display(), told::cannot_be_written())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody can be answered at an address.
    #[error("{address}: {}", told::cannot_listen())]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// A catalogue is not usable. Each fault is a line `file: entry N ('CODE'): what, expected what`.
    #[error("{}", faults.join("\n"))]
    Catalog {
        /// What is wrong, one sentence each.
        faults: Vec<String>,
    },
    /// A saved result is not usable.
    #[error("{path}: {problem}")]
    Result {
        /// The file.
        path: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A state file is not usable.
    #[error("{}: {problem}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A state is written to by another process.
    #[error("{}: {}", path.display(), told::state_held())]
    StateHeld {
        /// The file.
        path: PathBuf,
    },
    /// A value given by the user is not usable.
    #[error("{0}")]
    Usage(String),
}

/// The result of the library's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// `error` with the reasons behind it, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(reason) = source {
        text.push_str(&format!(": {reason}"));
        source = reason.source();
    }
    text
}
