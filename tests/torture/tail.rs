//! The tail that is tortured.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use errsift::state::State;
use errsift::tally::result::ScanResult;
use rustix::process::{Pid, Signal, kill_process};

use crate::disk::Disk;

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tail in a folder of its own, which runs or does not.
pub struct Tail {
    folder: PathBuf,
    /// What it follows, as typed.
    followed: Vec<String>,
    child: Option<Child>,
    /// Where its state lies.
    disk: Disk,
}

impl Tail {
    pub fn new(folder: &Path, followed: Vec<String>) -> Self {
        fs::write(folder.join("codes.txt"), "TORTURE-0\n").unwrap();
        Tail {
            folder: folder.to_owned(),
            followed,
            child: None,
            disk: Disk::new(folder.join("disk")),
        }
    }

    pub fn is_running(&self) -> bool {
        self.child.is_some()
    }

    pub fn start(&mut self) {
        // Without room it would say so and end.
        self.disk.free();
        let said = OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.folder.join("said"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_errsift"));
        command
            .args([
                "tail",
                "--quiet",
                "--from",
                "start",
                "--state",
                "disk/state",
                "--catalog",
                "codes.txt",
            ])
            .args(&self.followed)
            .current_dir(&self.folder)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said.unwrap());
        self.child = Some(command.spawn().unwrap());
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Ends it as a person would.
    pub fn stop(&mut self) {
        self.signal(Signal::TERM);
        if let Some(mut child) = self.child.take() {
            let status = child.wait().unwrap();
            assert_eq!(status.code(), Some(0), "{}", self.said());
        }
    }

    /// Replaces its catalogue by one with another code; sometimes by one that is none.
    pub fn reload(&mut self, number: usize) {
        let beside = self.folder.join("codes.new");
        fs::write(&beside, format!("TORTURE-{number}\n")).unwrap();
        fs::rename(beside, self.folder.join("codes.txt")).unwrap();
        self.signal(Signal::HUP);
    }

    /// Leaves no room for what it commits, where that can be tried. Returns whether it can.
    pub fn fill_disk(&mut self) -> bool {
        if self.disk.is_small() {
            // It begins with room, or it would say so and end.
            self.await_handler(Signal::HUP);
            self.disk.fill();
        }
        self.disk.is_small()
    }

    /// Makes room again.
    pub fn free_disk(&self) {
        self.disk.free();
    }

    fn signal(&mut self, signal: Signal) {
        self.await_handler(signal);
        kill_process(Pid::from_child(self.running()), signal).unwrap();
    }

    /// Waits until it handles a signal: before, that would end it, and nothing tells.
    fn await_handler(&mut self, signal: Signal) {
        while !handles(self.running(), signal) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The process, which has not ended by itself.
    fn running(&mut self) -> &Child {
        let said = self.said();
        let child = self.child.as_mut().unwrap();
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended by itself: {ended:?}: {said}");
        child
    }

    /// What was counted and committed.
    pub fn counted(&self) -> Option<ScanResult> {
        State::read(&self.disk.path().join("state"))
            .ok()
            .map(|saved| saved.result)
    }

    /// Waits until so many lines were counted.
    pub fn wait_for(&mut self, lines: u64, bytes: u64) {
        let start = Instant::now();
        loop {
            let totals = self
                .counted()
                .map(|result| result.totals)
                .unwrap_or_default();
            assert!(
                totals.bytes <= bytes,
                "counted {totals:?}, written {lines} lines of {bytes} bytes"
            );
            if totals.bytes == bytes && totals.lines == lines {
                return;
            }
            self.running();
            assert!(
                start.elapsed() < PATIENCE,
                "counted {totals:?}, written {lines} lines of {bytes} bytes: {}",
                self.said()
            );
            // Nothing tells that something was committed.
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it has said.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.join("said")).unwrap_or_default()
    }
}

fn handles(child: &Child, signal: Signal) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
    caught & (1 << (signal.as_raw() - 1)) != 0
}

impl Drop for Tail {
    fn drop(&mut self) {
        self.kill();
    }
}
