//! One SQLite file in which positions and counts commit together.
//!
//! What a state says was read is exactly what its counts hold, whenever the process is killed.
//! One process writes, which the lock on the file ensures; others may read at the same time.

mod file;
mod rows;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::input::follow::Checkpoint;
use crate::tally::result::{CatalogId, ScanResult};

pub use file::{files_of, is_state};

/// What a state holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The counts.
    pub result: ScanResult,
    /// How far each stream was counted.
    pub checkpoints: Vec<Checkpoint>,
}

/// A state that this process writes to.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
    // Closed before the lock is let go.
    connection: Connection,
    _lock: file::Lock,
}

impl State {
    /// Opens the state at `path`, which is made where it is missing or empty, and locks it.
    ///
    /// A state of another catalogue is continued, which its result notes.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Open`] for what the system says, and [`Error::State`] where another
    /// process writes to it, or where the file is no state or a damaged one, which is then left
    /// as it is.
    pub fn open(path: &Path, catalog: &CatalogId) -> Result<Self> {
        let lock = file::lock(path)?;
        let connection = file::open(path, catalog)?;
        let mut state = State {
            path: path.to_owned(),
            connection,
            _lock: lock,
        };
        state.note_catalog(catalog)?;
        Ok(state)
    }

    /// Reads the state at `path` as it was committed last, also beside a process that writes to it.
    ///
    /// # Errors
    ///
    /// Returns [`Error::State`] where the file is no state or a damaged one.
    pub fn read(path: &Path) -> Result<Saved> {
        let wrong = |error| file::problem(path, &error);
        let mut connection = file::open_to_read(path)?;
        let transaction = connection.transaction().map_err(wrong)?;
        Ok(Saved {
            result: rows::result(&transaction).map_err(wrong)?,
            checkpoints: rows::checkpoints(&transaction).map_err(wrong)?,
        })
    }

    /// All checkpoints that were committed.
    ///
    /// # Errors
    ///
    /// Returns [`Error::State`] where the file cannot be read any more.
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>> {
        rows::checkpoints(&self.connection).map_err(|error| self.wrong(&error))
    }

    /// All counts that were committed.
    ///
    /// # Errors
    ///
    /// Returns [`Error::State`] where the file cannot be read any more.
    pub fn result(&self) -> Result<ScanResult> {
        rows::result(&self.connection).map_err(|error| self.wrong(&error))
    }

    /// Commits positions and what was counted between them and the last ones, in one transaction.
    ///
    /// `delta` is the result of what was counted since the last commit; inputs of the same path
    /// are one input that has grown.
    ///
    /// # Errors
    ///
    /// Returns [`Error::State`] where nothing was committed, so that it can be tried again.
    pub fn commit(&mut self, checkpoints: &[Checkpoint], delta: &ScanResult) -> Result<()> {
        self.write(|transaction| {
            rows::add_checkpoints(transaction, checkpoints)?;
            rows::add_delta(transaction, delta)
        })
    }

    fn note_catalog(&mut self, catalog: &CatalogId) -> Result<()> {
        self.write(|transaction| rows::note_catalog(transaction, catalog))
    }

    fn write(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<()> {
        let write = |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            work(&transaction)?;
            transaction.commit()
        };
        write(&mut self.connection).map_err(|error| self.wrong(&error))
    }

    fn wrong(&self, error: &rusqlite::Error) -> Error {
        file::problem(&self.path, error)
    }
}
