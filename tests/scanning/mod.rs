//! Scanning files with the library, as the program does.

use std::path::Path;
use std::sync::Arc;

use errsift::catalog::{Catalog, Lang};
use errsift::input::{Inputs, Selection, collect};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Outcome, Setup, scan};
use errsift::tally::TallyOptions;
use jiff::tz::TimeZone;

/// A scan that counts all, with stamps in UTC.
pub fn setup<'a>(catalog: &'a Catalog, matcher: &'a Matcher, threads: usize) -> Setup<'a> {
    Setup {
        catalog,
        matcher,
        tally: Arc::new(TallyOptions::default()),
        zone: TimeZone::UTC,
        threads,
        lang: Lang::En,
    }
}

/// The files and folders at `paths`.
pub fn inputs<P: AsRef<Path>>(paths: &[P]) -> Inputs {
    let paths: Vec<_> = paths.iter().map(|path| path.as_ref().to_owned()).collect();
    collect(&paths, &Selection::default())
}

/// Scans the files and folders at `paths`.
pub fn scan_paths<P: AsRef<Path>>(catalog: &Catalog, paths: &[P], threads: usize) -> Outcome {
    let matcher = Matcher::new(catalog, MatchOptions::default());
    let setup = setup(catalog, &matcher, threads);
    scan(&setup, inputs(paths), &Control::new().unwrap())
}
