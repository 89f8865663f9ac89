//! Counting lines that come in parts.

use super::*;
use crate::catalog::{Catalog, Lang};
use crate::input::Cutter;
use crate::matcher::{MatchOptions, Matcher};
use crate::tally::result::{InputState, ScanResult};
use crate::tally::{Scanned, ScannedInput, TallyOptions, finish};

/// Counts a text that comes in parts, of which each ends for a while in an unfinished line.
fn counted(matcher: &Matcher, catalog: &Catalog, parts: &[&str], in_one: bool) -> ScanResult {
    let setup = Setup {
        catalog,
        matcher,
        tally: Arc::new(TallyOptions {
            http: true,
            ..TallyOptions::default()
        }),
        zone: jiff::tz::TimeZone::UTC,
        threads: 1,
        lang: Lang::En,
    };
    let origin = Origin {
        input: 0,
        path: Arc::from("x.log"),
        segment: 0,
        file_time: Timestamp::UNIX_EPOCH,
    };
    let mut worker = Worker::new(&setup);
    let mut tallies = Tally::new(Arc::clone(&setup.tally));
    let mut cutter = Cutter::new(0, 100);
    let mut block = Block::default();
    for part in parts {
        cutter.begin(&mut block);
        block.bytes.extend_from_slice(part.as_bytes());
        while let Some(end) = cutter
            .body_end(&block.bytes, true)
            .filter(|&end| end > cutter.context())
        {
            cutter.hand_over(&mut block, end, true);
            worker.scan(&block, &origin, None);
            cutter.begin(&mut block);
        }
        cutter.put_back(&mut block);
        if !in_one {
            // As if what was counted so far had been committed.
            tallies.merge(std::mem::replace(&mut worker, Worker::new(&setup)).into_tally());
        }
    }
    tallies.merge(worker.into_tally());
    let scanned = Scanned {
        inputs: vec![ScannedInput {
            number: 0,
            path: String::from("x.log"),
            state: InputState::Complete,
            error: None,
            id: None,
        }],
        ..Scanned::none(|_| None)
    };
    let mut result = finish(tallies, catalog, matcher, &scanned);
    result.codes.iter_mut().for_each(|row| row.samples.clear());
    result
}

fn codes(result: &ScanResult) -> Vec<(&str, u64, u64)> {
    let known = result
        .codes
        .iter()
        .map(|row| (row.code.as_str(), row.count, row.lines));
    let unknown = result
        .unknown
        .iter()
        .map(|row| (row.code.as_str(), row.count, row.lines));
    known.chain(unknown).collect()
}

#[test]
fn a_code_that_comes_in_two_parts_is_found_and_what_was_counted_stays() {
    let catalog = Catalog::builtin().expect("the embedded catalogue is sound");
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    type Counts = &'static [(&'static str, u64, u64)];
    let cases: &[(&[&str], Counts)] = &[
        (&["a APIG.10", "02 b\n"], &[("APIG.1002", 1, 1)]),
        (&["APIG.1", "0", "0", "2", "\n"], &[("APIG.1002", 1, 1)]),
        (&["APIG.1002", "3 b\n"], &[("APIG.1002", 1, 1)]),
        (&["APIG.1002", " and APIG.1002\n"], &[("APIG.1002", 2, 1)]),
        (&["APIG.1002\nAPIG.", "1002\n"], &[("APIG.1002", 2, 2)]),
        (&["x", "APIG.1002\n"], &[]),
        (
            &["FailedOperation.F", "oo\n"],
            &[("FailedOperation.F", 1, 1)],
        ),
    ];
    for (parts, expected) in cases {
        for in_one in [true, false] {
            let result = counted(&matcher, &catalog, parts, in_one);

            assert_eq!(codes(&result), *expected, "{parts:?}");
            let whole = parts.concat();
            assert_eq!(
                result.totals.lines,
                whole.lines().count() as u64,
                "{parts:?}"
            );
            assert_eq!(result.totals.bytes, whole.len() as u64, "{parts:?}");
        }
    }
}

#[test]
fn where_a_line_was_unfinished_changes_nothing_between_words() {
    let catalog = Catalog::builtin().expect("the embedded catalogue is sound");
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let long = "word ".repeat(40_000);
    let text = format!(
        "2026-11-22T10:00:00Z HTTP/1.1 401 \"code\":\"APIG.1002\" InternalError\n\
         FailedOperation.Foo APIG.1002 {long} APIG.1002 status=403\nAPIG.1003"
    );
    let whole = counted(&matcher, &catalog, &[&text], true);
    let blanks: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    for at in blanks
        .into_iter()
        .step_by(1_777)
        .chain([63, text.len() - 9])
    {
        for in_one in [true, false] {
            let (before, after) = text.split_at(at);

            let mut result = counted(&matcher, &catalog, &[before, after], in_one);

            // Evidence behind the end of an unfinished line comes too late for it.
            for row in result.codes.iter_mut() {
                row.observed_status.clear();
            }
            let mut expected = whole.clone();
            expected
                .codes
                .iter_mut()
                .for_each(|row| row.observed_status.clear());
            assert_eq!(codes(&result), codes(&expected), "{at} {in_one}");
            let rest = |result: &ScanResult| (result.totals, result.http.clone());
            assert_eq!(rest(&result), rest(&expected), "{at} {in_one}");
        }
    }
}
