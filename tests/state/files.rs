//! Files that are no sound state, and states that others use.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use errsift::state::{State, is_state};
use rusqlite::Connection;

use crate::support::{catalog, catalog_id, counted, followed, lines, open_when_free};

fn refusal(path: &Path) -> String {
    let error = State::open(path, &catalog_id("abc"))
        .unwrap_err()
        .to_string();
    error
        .strip_prefix(&format!("{}: ", path.display()))
        .unwrap_or(&error)
        .to_owned()
}

#[test]
fn a_file_that_is_no_state_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other");
    let database = folder.path().join("database");
    let connection = Connection::open(&database).unwrap();
    connection
        .execute_batch("CREATE TABLE notes (text TEXT)")
        .unwrap();
    drop(connection);
    let database = fs::read(database).unwrap();

    for other in [&b"some notes"[..], b"\n", &[0; 5000], &database] {
        fs::write(&path, other).unwrap();

        let expected =
            "is no state of errsift, expected a file that --state has written, or an empty one";
        assert_eq!(refusal(&path), expected);
        State::read(&path).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), other);
        assert!(!is_state(other));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_folder_is_no_state() {
    let folder = tempfile::tempdir().unwrap();

    assert_eq!(refusal(folder.path()), "cannot be opened");
    State::read(folder.path()).unwrap_err();
}

#[test]
fn a_damaged_state_is_refused_or_read_but_never_changed_when_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, log) = (folder.path().join("state"), folder.path().join("x.log"));
    let text: String = (0..50).map(lines).collect();
    let delta = counted(&log, &text);
    let mut state = State::open(&path, &catalog().id()).unwrap();
    state.commit(&followed(&log, Vec::new()), &delta).unwrap();
    drop(state);
    let sound = fs::read(&path).unwrap();
    assert!(is_state(&sound));

    let mut refused = 0;
    let mut damages: Vec<Vec<u8>> = (1..sound.len())
        .step_by(4_999)
        .map(|end| sound[..end].to_vec())
        .collect();
    let truncated = damages.len();
    damages.extend((0..sound.len()).step_by(397).map(|at| {
        let mut damaged = sound.clone();
        damaged[at] ^= 0xff;
        damaged
    }));
    for damaged in &damages {
        fs::write(&path, damaged).unwrap();
        let read = State::read(&path);
        if let Err(error) = open_when_free(&path, &catalog().id()) {
            refused += 1;
            assert!(fs::read(&path).unwrap() == *damaged, "{error}");
            assert!(error.to_string().contains("expected"), "{error}");
            assert!(read.is_err(), "{error}");
        }
    }
    // Not every byte of a page is used.
    assert!(refused > truncated, "{refused} of {}", damages.len());
}

#[test]
fn one_process_writes_and_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, log) = (folder.path().join("state"), folder.path().join("x.log"));
    let delta = counted(&log, &lines(1));
    let mut state = State::open(&path, &catalog().id()).unwrap();

    let problem = "is written to by another errsift, expected one at a time; \
                   end that one or use another --state FILE";
    assert_eq!(refusal(&path), problem);
    for round in 1..4 {
        state.commit(&[], &delta).unwrap();
        let read = State::read(&path).unwrap().result;
        assert_eq!(read.totals.bytes, round * delta.totals.bytes);
        assert_eq!(read, state.result().unwrap());
    }

    drop(state);
    let counted = open_when_free(&path, &catalog().id())
        .unwrap()
        .result()
        .unwrap();
    assert_eq!(counted.totals.bytes, 3 * delta.totals.bytes);
}

#[test]
fn a_state_is_one_file_when_nobody_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a state 100%?.db");
    let mut state = State::open(&path, &catalog().id()).unwrap();
    let log = folder.path().join("x.log");
    state.commit(&[], &counted(&log, &lines(1))).unwrap();
    drop(state);
    fs::remove_file(log).unwrap();

    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let mode = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let read = State::read(&path);
    mode(0o755);
    assert_eq!(read.unwrap().result.totals.lines, 3);
}
