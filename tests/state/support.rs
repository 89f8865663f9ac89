//! Real results and checkpoints to commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use errsift::catalog::{Catalog, Lang};
use errsift::enrich::time::parse_zone;
use errsift::input::follow::{Checkpoint, FollowOptions, Followed, Follower, From};
use errsift::input::{Block, Selection, Wake, collect};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Setup, scan};
use errsift::state::State;
use errsift::tally::TallyOptions;
use errsift::tally::result::{CatalogId, ScanResult};
use errsift::{Error, Result};

/// Lines of known and unknown codes, two of them unlike any other number's.
pub fn lines(number: usize) -> String {
    let minute = number % 60;
    format!(
        "2026-11-22T10:{minute:02}:00Z HTTP/1.1 401 \"error_code\":\"APIG.1002\" {number}\n\
         2026-11-22T11:{minute:02}:00Z nothing to see\n\
         2026-11-22T12:{minute:02}:00Z InternalError and FailedOperation.Foo{}\n",
        number % 7
    )
}

pub fn catalog() -> Catalog {
    Catalog::builtin().unwrap()
}

/// Scans files as a tail with a state would count them.
pub fn scanned(paths: &[PathBuf], samples: usize) -> ScanResult {
    let catalog = catalog();
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let setup = Setup {
        catalog: &catalog,
        matcher: &matcher,
        tally: Arc::new(TallyOptions {
            samples,
            bucket: Some(60),
            by_file: true,
            http: true,
            ..TallyOptions::default()
        }),
        zone: parse_zone("UTC").unwrap(),
        threads: 1,
        lang: Lang::En,
    };
    scan(
        &setup,
        collect(paths, &Selection::default()),
        &Control::new().unwrap(),
    )
    .result
}

/// The result of a file with this text.
pub fn counted(path: &Path, text: &str) -> ScanResult {
    fs::write(path, text).unwrap();
    scanned(&[path.to_owned()], 0)
}

/// Where a stream stands that was read to the end of a file.
pub fn followed(path: &Path, known: Vec<Checkpoint>) -> Vec<Checkpoint> {
    let (reader, _waker) = std::io::pipe().unwrap();
    let options = FollowOptions {
        paths: vec![path.display().to_string()],
        from: From::Start,
        known,
        once: true,
        ..FollowOptions::default()
    };
    let mut follower = Follower::new(options, Wake::new(reader)).unwrap();
    let mut block = Block::default();
    while follower.next(&mut block, Duration::ZERO).unwrap() != Followed::Stopped {}
    follower.checkpoints()
}

pub fn catalog_id(sha256: &str) -> CatalogId {
    CatalogId {
        sha256: sha256.to_owned(),
        codes: 578,
    }
}

/// Opens a state that was just closed. A process that another test starts has a copy of the lock
/// on it for a moment, until it runs its own program.
pub fn open_when_free(path: &Path, catalog: &CatalogId) -> Result<State> {
    loop {
        match State::open(path, catalog) {
            Err(Error::StateHeld { .. }) => std::thread::yield_now(),
            opened => return opened,
        }
    }
}
