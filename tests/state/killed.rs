//! A process that is killed while it commits leaves a state in which all fits together.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use errsift::state::State;

use crate::support::{catalog, counted, followed, lines};

/// Names the folder to the process that will be killed.
const FOLDER: &str = "ERRSIFT_TEST_KILLED";

#[test]
#[ignore = "runs in a process of its own, which is killed"]
fn commit_until_killed() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let log = folder.join("x.log");
    let mut state = State::open(&folder.join("state"), &catalog().id()).unwrap();
    // Only added to: a kill leaves what was committed.
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&log)
        .unwrap();
    for number in 0.. {
        let delta = counted(&folder.join("part"), &lines(number));
        file.write_all(lines(number).as_bytes()).unwrap();
        let known = state.checkpoints().unwrap();
        state.commit(&followed(&log, known), &delta).unwrap();
    }
}

#[test]
fn positions_and_counts_fit_together_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let mut bytes = 0;
    for _ in 0..3 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--ignored", "--exact", "killed::commit_until_killed"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // It has the lock, and has committed something beyond what the one before has.
        let has_grown = || State::read(&path).is_ok_and(|saved| saved.result.totals.bytes > bytes);
        while !has_grown() {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        }
        child.kill().unwrap();
        child.wait().unwrap();

        let state = State::open(&path, &catalog().id()).unwrap();
        let saved = state.result().unwrap();
        let [checkpoint] = &state.checkpoints().unwrap()[..] else {
            panic!("one file is one stream");
        };
        assert_eq!(checkpoint.offset, saved.totals.bytes);
        assert_eq!(checkpoint.lines, saved.totals.lines);
        bytes = saved.totals.bytes;
        // What was written and not committed is counted by the next one.
        let all = fs::read_to_string(folder.path().join("x.log")).unwrap();
        let committed = usize::try_from(bytes).unwrap();
        fs::write(folder.path().join("x.log"), &all[..committed]).unwrap();
    }
}
