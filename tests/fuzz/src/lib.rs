//! What every target does with its bytes, and what must hold for all of them.

use std::cell::LazyCell;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process;
use std::sync::Arc;

use errsift::catalog::{Catalog, Lang};
use errsift::input::{Inputs, Selection, collect};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Setup, scan, scan_events};
use errsift::tally::TallyOptions;
use errsift::tally::result::ScanResult;
use jiff::tz::TimeZone;
use libfuzzer_sys::Corpus;

thread_local! {
    static BENCH: LazyCell<Bench> = LazyCell::new(Bench::new);
}

struct Bench {
    catalog: Catalog,
    matcher: Matcher,
    path: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let catalog = Catalog::builtin().expect("the patterns are sound");
        Bench {
            matcher: Matcher::new(&catalog, MatchOptions::default()),
            catalog,
            path: std::env::temp_dir().join(format!("errsift-fuzz-{}", process::id())),
        }
    }

    fn setup(&self, threads: usize) -> Setup<'_> {
        Setup {
            catalog: &self.catalog,
            matcher: &self.matcher,
            tally: Arc::new(TallyOptions::default()),
            zone: TimeZone::UTC,
            threads,
            lang: Lang::En,
        }
    }

    fn inputs(&self) -> Inputs {
        collect(&[self.path.clone()], &Selection::default())
    }
}

/// What a target is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Lz4,
    Tar,
    Zip,
    /// What text may be wrapped in, which no mark tells.
    Wrapped,
}

impl Format {
    /// Whether `data` is told to be of this format, so that no target does the work of another.
    fn is_of(self, data: &[u8]) -> bool {
        match self {
            Format::Gzip => data.starts_with(b"\x1f\x8b"),
            Format::Zstd => {
                data.starts_with(b"\x28\xb5\x2f\xfd") || data.get(1..4) == Some(b"\x2a\x4d\x18")
            }
            Format::Xz => data.starts_with(b"\xfd7zXZ"),
            Format::Bzip2 => data.starts_with(b"BZh"),
            Format::Lz4 => data.starts_with(b"\x04\x22\x4d\x18"),
            Format::Zip => data.starts_with(b"PK"),
            Format::Tar | Format::Wrapped => !MARKED.iter().any(|format| format.is_of(data)),
        }
    }
}

/// The formats that are told by a mark at the beginning.
const MARKED: [Format; 6] = [
    Format::Gzip,
    Format::Zstd,
    Format::Xz,
    Format::Bzip2,
    Format::Lz4,
    Format::Zip,
];

/// Scans `data`, if it is of this format, as a file: in parts, from its beginning to its end, and
/// with a thread that decompresses ahead.
///
/// # Panics
///
/// Panics where these do not agree, or where a sum is not the sum of its parts.
pub fn check(format: Format, data: &[u8]) -> Corpus {
    if !format.is_of(data) {
        return Corpus::Reject;
    }
    BENCH.with(|bench| {
        fs::write(&bench.path, data).expect("a file can be written");
        let control = || Control::new().expect("a pipe can be made");
        let divided = scan(&bench.setup(1), bench.inputs(), &control()).result;
        let mut events = 0;
        let ordered = scan_events(&bench.setup(1), bench.inputs(), &control(), &mut |event| {
            assert_eq!(&event.text[event.code_in_text.clone()], event.code);
            events += 1;
            io::Result::Ok(())
        });
        let ordered = ordered.expect("an event can be taken").result;
        assert_eq!(counts(&divided), counts(&ordered));
        assert_eq!(events, ordered.totals.matches);
        check_sums(&divided);
        let ahead = scan(&bench.setup(2), bench.inputs(), &control()).result;
        // Where two faults meet, which of them is told may differ.
        assert_eq!(
            counts(&without_reasons(ahead)),
            counts(&without_reasons(divided))
        );
    });
    Corpus::Keep
}

fn counts(result: &ScanResult) -> impl PartialEq + std::fmt::Debug + use<> {
    let rows = result.codes.iter();
    let unknown = result.unknown.iter();
    (
        rows.map(|row| (row.code.clone(), row.count, row.lines, row.samples.clone()))
            .collect::<Vec<_>>(),
        unknown
            .map(|row| (row.code.clone(), row.count, row.lines))
            .collect::<Vec<_>>(),
        result.totals,
        result.inputs.clone(),
    )
}

fn without_reasons(mut result: ScanResult) -> ScanResult {
    result
        .inputs
        .iter_mut()
        .for_each(|input| input.error = None);
    result
}

fn check_sums(result: &ScanResult) {
    let totals = &result.totals;
    let of_inputs = |count: fn(&errsift::tally::result::Input) -> u64| {
        result.inputs.iter().map(count).sum::<u64>()
    };
    assert_eq!(totals.bytes, of_inputs(|input| input.bytes));
    assert_eq!(totals.lines, of_inputs(|input| input.lines));
    assert_eq!(totals.matches, of_inputs(|input| input.matches));
    assert!(totals.matched_lines <= totals.lines.min(totals.matches));
    for sample in result.codes.iter().flat_map(|row| &row.samples) {
        assert!((1..=totals.lines).contains(&sample.line));
        assert!(sample.offset < totals.bytes);
    }
}
