//! A tail that runs: what goes in, what has come out, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use std::time::{Duration, Instant};

use errsift::tally::result::ScanResult;

use crate::support::Folder;

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tail that runs.
pub struct Tail {
    child: Child,
    stdin: Option<ChildStdin>,
    pub out: BufReader<ChildStdout>,
    pub err: BufReader<ChildStderr>,
}

/// How a tail ended, with what had not been read from it before.
#[derive(Debug)]
pub struct Ended {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Tail {
    /// `errsift` with these arguments in `folder`.
    pub fn start(folder: &Folder, args: &[&str]) -> Tail {
        Tail::of(folder.command(args))
    }

    /// What `command` starts, with all its streams piped.
    pub fn of(mut command: Command) -> Tail {
        let mut child = command.spawn().unwrap();
        Tail {
            stdin: child.stdin.take(),
            out: BufReader::new(child.stdout.take().unwrap()),
            err: BufReader::new(child.stderr.take().unwrap()),
            child,
        }
    }

    pub fn write(&mut self, text: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_ref()).unwrap();
    }

    /// The next line of standard output.
    pub fn line(&mut self) -> String {
        line_of(&mut self.out)
    }

    /// The next line of standard error.
    pub fn err_line(&mut self) -> String {
        line_of(&mut self.err)
    }

    /// As many bytes of standard output.
    pub fn bytes(&mut self, count: usize) -> String {
        let mut bytes = vec![0; count];
        self.out.read_exact(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    pub fn send(&self, signal: &str) {
        let id = self.child.id().to_string();
        let mut kill = Command::new("sh");
        let status = kill.args(["-c", "kill -s $0 $1", signal, &id]).status();
        assert!(status.unwrap().success());
    }

    /// Waits until signals are handled, which nothing tells.
    pub fn wait_for_handlers(&self) {
        wait_until(|| self.has_interrupt("SigCgt:"));
    }

    /// Waits until the program has opened `file`, which nothing tells.
    pub fn wait_for_file(&self, file: &Path) {
        let file = fs::canonicalize(file).unwrap();
        let open = || fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap();
        wait_until(|| {
            let mut links = open().filter_map(|fd| fs::read_link(fd.ok()?.path()).ok());
            links.any(|link| link == file)
        });
    }

    fn has_interrupt(&self, set: &str) -> bool {
        let status = self.status_line(set);
        u64::from_str_radix(&status, 16).unwrap() & 0b10 != 0
    }

    /// The most memory that it has had, in KiB.
    pub fn peak_kib(&self) -> u64 {
        let peak = self.status_line("VmHWM:");
        peak.strip_suffix(" kB").unwrap().parse().unwrap()
    }

    fn status_line(&self, name: &str) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    }

    /// Ends standard input, and waits for the rest.
    pub fn end(mut self) -> Ended {
        drop(self.stdin.take());
        self.ended()
    }

    /// Waits for the rest, while standard input stays open.
    pub fn ended(mut self) -> Ended {
        let (mut out, mut err) = (String::new(), String::new());
        std::thread::scope(|scope| {
            scope.spawn(|| self.out.read_to_string(&mut out).unwrap());
            self.err.read_to_string(&mut err).unwrap();
        });
        let status = self.child.wait().unwrap().code();
        Ended { status, out, err }
    }
}

impl Ended {
    /// The result on standard output.
    pub fn result(&self) -> ScanResult {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn line_of(out: &mut impl BufRead) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line
}

/// Asks again and again, as nothing tells that it has become true.
pub fn wait_until(mut is_true: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Each code with its count and its lines.
pub fn counts(result: &ScanResult) -> Vec<(&str, u64, u64)> {
    let rows = result.codes.iter();
    rows.map(|row| (row.code.as_str(), row.count, row.lines))
        .collect()
}
