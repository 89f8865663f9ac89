//! Running the binary, Prometheus' own tools, and reading what is in `deploy/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file of `deploy/`.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name)
}

pub fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

/// What the program prints.
pub fn errsift(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_errsift"))
        .args(args)
        .env_clear()
        .envs([("LANG", "C"), ("TZ", "UTC")])
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {err}");
    String::from_utf8(output.stdout).unwrap()
}

/// Asserts that a tool ends well, and shows what it says where it does not.
pub fn assert_ends_well(output: &Output) {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}\n{err}");
}

pub fn promtool(args: &[&str]) -> Command {
    let mut command = Command::new("promtool");
    command.args(args);
    command
}
