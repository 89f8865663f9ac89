//! The file of a state: whether it is one, whose it is, and how it is written.
//!
//! A file that is no sound state is never written to, whatever SQLite would make of it.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::rows;
use crate::error::{Error, Result};
use crate::tally::result::CatalogId;

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Where a SQLite file says which application's it is.
const APPLICATION_AT: usize = 68;

/// Says that a SQLite file is ours: `ersf`.
const APPLICATION: i32 = i32::from_be_bytes(*b"ersf");

/// The version of the tables.
const VERSION: i32 = 1;

/// How long a reader waits for a writer that is just tidying up.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much of a file tells what it is, in bytes.
const HEADER_BYTES: usize = 100;

/// What a reader of a wrong file needs to hear.
const EXPECTED: &str = "expected a file that --state has written, or an empty one";

/// Whether a file that begins with `head` is a state; its first 100 bytes tell.
pub fn is_state(head: &[u8]) -> bool {
    let application = head.get(APPLICATION_AT..APPLICATION_AT + 4);
    head.starts_with(MAGIC) && application == Some(&APPLICATION.to_be_bytes())
}

/// The files that SQLite keeps a state at `path` in.
///
/// A process that has a state open must open none of them besides: closing it would end the locks
/// on it, and another process could then take the state for abandoned.
pub fn files_of(path: &Path) -> Vec<PathBuf> {
    let with = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    ["", "-wal", "-shm", "-journal"].map(with).to_vec()
}

/// Keeps others from writing, as long as the process lives.
#[derive(Debug)]
pub(super) struct Lock(#[allow(dead_code, reason = "held for the lock on it")] File);

/// Locks the file at `path`, which is made where it is missing.
pub(super) fn lock(path: &Path) -> Result<Lock> {
    let open = |source| Error::Open {
        path: path.to_owned(),
        source,
    };
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(open)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(error)) => return Err(open(error)),
        Err(TryLockError::WouldBlock) => {
            // Closing it would end the locks that SQLite has on the same file in this process.
            std::mem::forget(file);
            return Err(Error::StateHeld {
                path: path.to_owned(),
            });
        }
    }
    let metadata = file.metadata().map_err(open)?;
    let mut head = [0; HEADER_BYTES];
    let is_whole = file.read_exact_at(&mut head, 0).map(|()| true);
    let is_whole = is_whole.or_else(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Ok(false),
        _ => Err(error),
    });
    let is_ours = is_whole.map_err(open)? && is_state(&head);
    if metadata.is_file() && (is_ours || metadata.len() == 0) {
        return Ok(Lock(file));
    }
    Err(wrong(path, &format!("is no state of errsift, {EXPECTED}")))
}

/// Opens a locked state to write, and makes its tables where it is new.
pub(super) fn open(path: &Path, catalog: &CatalogId) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags);
    let mut connection = opened.map_err(|error| problem(path, &error))?;
    let prepared = prepare(&mut connection, catalog);
    prepared
        .map_err(|error| problem(path, &error))?
        .map_err(|text| wrong(path, &text))?;
    Ok(connection)
}

/// Checks a state, and makes it what it is to be.
fn prepare(
    connection: &mut Connection,
    catalog: &CatalogId,
) -> rusqlite::Result<std::result::Result<(), String>> {
    // Until it is known to be sound, closing it writes nothing.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(PATIENCE)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        create(connection, catalog)?;
    } else if let Some(problem) = fault(connection)? {
        return Ok(Err(problem));
    }
    // With NORMAL a commit outlives the process, and a loss of power loses the last commits whole:
    // positions and counts of a while ago, from which the logs are read again.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(Ok(()))
}

fn create(connection: &mut Connection, catalog: &CatalogId) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    rows::create(&transaction, catalog)?;
    transaction.commit()
}

/// What is wrong with a state, if anything is.
fn fault(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if number("application_id")? != APPLICATION {
        return Ok(Some(format!("is no state of errsift, {EXPECTED}")));
    }
    let version = number("user_version")?;
    if version != VERSION {
        return Ok(Some(format!(
            "is a state of version {version}, expected {VERSION}; use the errsift that wrote it"
        )));
    }
    let check = "PRAGMA quick_check(1)";
    let verdict: String = connection.query_row(check, [], |row| row.get(0))?;
    if verdict != "ok" {
        return Ok(Some(damaged(&verdict)));
    }
    rows::result(connection)?;
    rows::checkpoints(connection)?;
    Ok(None)
}

/// Opens a state to read it.
pub(super) fn open_to_read(path: &Path) -> Result<Connection> {
    let metadata = path.metadata().map_err(|source| Error::Open {
        path: path.to_owned(),
        source,
    })?;
    if !metadata.is_file() || metadata.len() == 0 {
        return Err(wrong(
            path,
            "is no state of errsift, expected a file that --state has written",
        ));
    }
    let opened = read_only(path, "mode=ro").or_else(|error| {
        // Where nobody can write to the folder, SQLite needs to hear that nobody writes.
        let wal = path.with_file_name(format!("{}-wal", file_name(path)));
        match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) if !wal.exists() => {
                read_only(path, "immutable=1")
            }
            _ => Err(error),
        }
    });
    let connection = opened.map_err(|error| problem(path, &error))?;
    match fault(&connection).map_err(|error| problem(path, &error))? {
        None => Ok(connection),
        Some(text) => Err(wrong(path, &text)),
    }
}

fn read_only(path: &Path, mode: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(format!("file:{}?{mode}", encoded(path)), flags)?;
    connection.busy_timeout(PATIENCE)?;
    // The first query opens the file.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A path as a part of a URI.
fn encoded(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let bytes = path.as_os_str().as_bytes().iter();
    bytes
        .map(|&byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn damaged(what: &str) -> String {
    let what = what.lines().next().unwrap_or_default();
    format!("is damaged ({what}), expected a sound state; restore a copy or use another file")
}

fn wrong(path: &Path, problem: &str) -> Error {
    Error::State {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

/// What SQLite says, as a sentence.
pub(super) fn problem(path: &Path, error: &rusqlite::Error) -> Error {
    let text = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(&error.to_string()),
        Some(ErrorCode::DiskFull) => {
            String::from("cannot be written: the disk is full; what was saved before is sound")
        }
        Some(_) => format!("cannot be used: {error}"),
        // What is in the tables is not what was written to them.
        None => damaged(&error.to_string()),
    };
    wrong(path, &text)
}
