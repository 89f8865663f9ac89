//! Writes the files of `patterns/` as Rust, so that the program need not parse them when it starts.
//!
//! What `Debug` prints of the structs here are expressions of those of the same names in
//! `builtin.rs`, which includes them.

#![expect(dead_code, reason = "fields are read by `Debug` alone")]

use std::path::{Path, PathBuf};
use std::{env, fmt, fs};

use serde::Deserialize;

/// The file of a provider's folder that holds its rules instead of entries.
const RULES_FILE: &str = "provider.json";

/// A catalogue.
#[derive(Debug, Deserialize)]
struct Embedded {
    provider: String,
    product: String,
    title: Words,
    families: List<String>,
    codes: List<Code>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
    http_status: Option<u16>,
    message: Option<String>,
    meaning: Words,
    remediation: Words,
    category: String,
    retryable: bool,
    examples: List<String>,
}

#[derive(Debug, Deserialize)]
struct Words {
    en: String,
    zh: String,
}

/// Printed as a slice.
#[derive(Deserialize)]
struct List<T>(Vec<T>);

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "&{:?}", self.0)
    }
}

fn main() {
    println!("cargo::rerun-if-changed=patterns");
    let mut catalogues: Vec<Embedded> = Vec::new();
    let mut rules = Vec::new();
    for file in files(Path::new("patterns")) {
        let text = or_panic(&file, fs::read_to_string(&file));
        match file.ends_with(RULES_FILE) {
            true => rules.push(text),
            false => catalogues.push(or_panic(&file, serde_json::from_str(&text))),
        }
    }
    let written = format!(
        "static CATALOGUES: &[Embedded] = &{catalogues:?};\n\
         static RULES: &[&str] = &{rules:?};\n"
    );
    let folder = env::var_os("OUT_DIR").expect("cargo sets it for a build script");
    let file = Path::new(&folder).join("patterns.rs");
    or_panic(&file, fs::write(&file, written));
}

/// The files in the folders of `folder`, by path.
fn files(folder: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let found = or_panic(folder, fs::read_dir(folder));
        found.map(|found| or_panic(folder, found).path()).collect()
    };
    let mut files: Vec<_> = list(folder)
        .iter()
        .flat_map(|folder| list(folder))
        .collect();
    files.sort_unstable();
    files
}

fn or_panic<T>(path: &Path, result: Result<T, impl fmt::Display>) -> T {
    result.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
