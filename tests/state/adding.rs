//! Deltas add up to what one scan over everything counts.

use std::fs;

use errsift::state::State;
use errsift::tally::result::ScanResult;

use crate::support::{catalog, catalog_id, counted, followed, lines, open_when_free, scanned};

/// What does not depend on how the text was divided into files.
fn comparable(mut result: ScanResult) -> ScanResult {
    for input in &mut result.inputs {
        input.id = None;
    }
    result
}

#[test]
fn a_new_state_has_counted_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let catalog = catalog_id("abc");

    for _ in 0..2 {
        let state = State::open(&path, &catalog).unwrap();
        let result = state.result().unwrap();
        assert_eq!(result.catalog, catalog);
        assert_eq!((result.totals.bytes, result.codes.len()), (0, 0));
        assert_eq!(state.checkpoints().unwrap(), []);
    }
}

#[test]
fn the_counts_of_many_files_add_up_to_one_scan_over_them() {
    let folder = tempfile::tempdir().unwrap();
    let logs: Vec<_> = (0..20)
        .map(|number| folder.path().join(format!("{number:02}.log")))
        .collect();
    let mut state = State::open(&folder.path().join("state"), &catalog().id()).unwrap();
    for (number, log) in logs.iter().enumerate() {
        fs::write(log, lines(number)).unwrap();
        state
            .commit(&[], &scanned(std::slice::from_ref(log), 2))
            .unwrap();
    }

    let whole = scanned(&logs, 2);

    assert_eq!(
        comparable(state.result().unwrap()),
        comparable(whole.clone())
    );
    assert_eq!(whole.codes.len(), 2);
    drop(state);
    let read = State::read(&folder.path().join("state")).unwrap();
    assert_eq!(comparable(read.result), comparable(whole));
}

#[test]
fn a_file_that_grows_is_one_input() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("x.log");
    let mut state = State::open(&folder.path().join("state"), &catalog().id()).unwrap();
    let mut all = String::new();
    for number in 0..10 {
        let delta = counted(&log, &lines(number));
        state.commit(&[], &delta).unwrap();
        all += &lines(number);
    }

    let whole = counted(&log, &all);

    assert_eq!(comparable(state.result().unwrap()), comparable(whole));
}

#[test]
fn samples_are_the_first_ones_and_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("x.log");
    let mut state = State::open(&folder.path().join("state"), &catalog().id()).unwrap();
    for number in 0..5 {
        fs::write(&log, lines(number)).unwrap();
        state
            .commit(&[], &scanned(std::slice::from_ref(&log), 2))
            .unwrap();
    }

    let result = state.result().unwrap();
    assert!(
        result.codes.iter().all(|row| row.samples.len() == 2),
        "{result:?}"
    );
}

#[test]
fn a_stream_has_its_last_position() {
    let folder = tempfile::tempdir().unwrap();
    let (log, path) = (folder.path().join("x.log"), folder.path().join("state"));
    let mut state = State::open(&path, &catalog().id()).unwrap();
    let mut last = Vec::new();
    for number in 0..3 {
        fs::write(&log, (0..=number).map(lines).collect::<String>()).unwrap();
        last = followed(&log, state.checkpoints().unwrap());
        state
            .commit(&last, &counted(&folder.path().join("y.log"), ""))
            .unwrap();
    }

    assert_eq!(last.len(), 1);
    assert_eq!(state.checkpoints().unwrap(), last);
    assert_eq!(State::read(&path).unwrap().checkpoints, last);
}

#[test]
fn another_catalogue_is_gone_on_with_and_noted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let log = folder.path().join("x.log");
    let mut state = State::open(&path, &catalog_id("before")).unwrap();
    assert_eq!(state.result().unwrap().notes, [""; 0]);

    let delta = counted(&log, &lines(1));
    state.commit(&[], &delta).unwrap();
    let note = "counted with more than one catalogue: texts are those of the last";
    assert_eq!(state.result().unwrap().notes, [note]);
    drop(state);

    let after = catalog_id("after");
    let result = open_when_free(&path, &after).unwrap().result().unwrap();
    assert_eq!(result.notes, [note]);
    assert_eq!(result.catalog, after);
    assert_eq!(result.totals.matches, delta.totals.matches);
}
