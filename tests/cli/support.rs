//! Running the binary and looking at how it ended.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use errsift::tally::result::ScanResult;
use tempfile::TempDir;

/// One line with a known, confirmed code whose status differs from the documented one.
pub const LINE: &str =
    "2026-11-22T10:00:00Z ERROR HTTP/1.1 403 {\"error_code\":\"APIG.1002\",\"error_msg\":\"x\"}\n";

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The status and standard error, where nothing is on standard output.
    pub fn complaint(&self) -> (Option<i32>, &str) {
        assert_eq!(self.out, "", "{self:?}");
        (self.status, self.err.trim_end())
    }

    /// The result on standard output.
    pub fn result(&self) -> ScanResult {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A folder to run in, which is gone after the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A folder with a file `app.log` of one match.
    pub fn with_log() -> Self {
        let folder = Folder::new();
        folder.write("app.log", LINE);
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    /// The program in this folder, with nothing on standard input.
    pub fn run(&self, args: &[&str]) -> Ended {
        self.run_with(args, "", &[])
    }

    pub fn pipe(&self, args: &[&str], stdin: impl AsRef<[u8]>) -> Ended {
        self.run_with(args, stdin, &[])
    }

    pub fn run_with(&self, args: &[&str], stdin: impl AsRef<[u8]>, env: &[(&str, &str)]) -> Ended {
        let mut command = self.command(args);
        command.envs(env.iter().copied());
        let mut child = command.spawn().unwrap();
        // The program may end without reading all, or any, of it.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_ref());
        ended(child)
    }

    /// The program with all its streams piped.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_errsift"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .envs([("LANG", "C"), ("TZ", "UTC")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// Waits for `child` to end.
pub fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    Ended {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The program in an empty folder.
pub fn run(args: &[&str]) -> Ended {
    Folder::new().run(args)
}

/// The program in an empty folder with `stdin`.
pub fn pipe(args: &[&str], stdin: impl AsRef<[u8]>) -> Ended {
    Folder::new().pipe(args, stdin)
}
