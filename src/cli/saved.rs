//! Results that an earlier run has saved.
//!
//! A file holds one result or several after each other, as collected lines, or it is a state.
//! Whatever else it holds is told in a sentence, never half-read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use errsift::catalog::Catalog;
use errsift::state::{State, is_state};
use errsift::tally::conclude;
use errsift::tally::result::{SCHEMA, ScanResult};
use errsift::{Error, Result};
use serde::Deserialize;

use super::console::STDIN;

/// What a reader of a wrong file needs to hear.
const EXPECTED: &str = "expected a result as 'errsift scan -f json' writes it";

/// As much of a file as tells whether it is a state, in bytes.
const HEAD_BYTES: u64 = 100;

/// As much of a result as tells whether it is one.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Head {
    schema: Option<String>,
}

/// What the files that hold results brought.
#[derive(Default)]
pub struct Saved {
    /// The results, each with its name.
    pub results: Vec<(String, ScanResult)>,
    /// What is wrong with the files that cannot be used.
    pub failures: Vec<Error>,
}

/// Reads the results of `paths`, of which `-` is standard input.
pub fn read_all(paths: &[PathBuf], catalog: &Catalog) -> Saved {
    let mut saved = Saved::default();
    for path in paths {
        match read(path, catalog) {
            Ok(results) => saved.results.extend(results),
            Err(error) => saved.failures.push(error),
        }
    }
    saved
}

/// Reads the results of the file at `path`, all or none of them.
fn read(path: &Path, catalog: &Catalog) -> Result<Vec<(String, ScanResult)>> {
    if !holds_state(path) {
        let (name, text) = read_text(path)?;
        return parse(&name, &text);
    }
    let mut counted = State::read(path)?.result;
    let name = path.display().to_string();
    check(&mut counted).map_err(|problem| wrong(&name, problem))?;
    Ok(vec![(name, conclude(counted, catalog))])
}

/// Whether the file at `path` is a state, which its first bytes tell.
pub fn holds_state(path: &Path) -> bool {
    let is_regular = path.as_os_str() != "-" && path.is_file();
    let mut head = Vec::new();
    let opened = File::open(path).ok().filter(|_| is_regular);
    let read = opened.map(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    matches!(read, Some(Ok(_))) && is_state(&head)
}

fn read_text(path: &Path) -> Result<(String, Vec<u8>)> {
    if path.as_os_str() != "-" {
        let text = fs::read(path).map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })?;
        return Ok((path.display().to_string(), text));
    }
    Ok((STDIN.to_owned(), read_stdin()?))
}

/// All of standard input.
///
/// # Errors
///
/// Returns [`Error::Read`].
pub fn read_stdin() -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let outcome = io::stdin().lock().read_to_end(&mut text);
    outcome.map_err(|source| Error::Read {
        path: PathBuf::from(STDIN),
        offset: text.len() as u64, // lossless: no machine has more than 2^64 bytes
        source,
    })?;
    Ok(text)
}

fn parse(name: &str, text: &[u8]) -> Result<Vec<(String, ScanResult)>> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let wrong = |problem| wrong(name, problem);
    if is_state(text) {
        return Err(wrong(String::from(
            "is a state, expected its path, from which it can be read while a tail writes to it",
        )));
    }
    let mut heads = serde_json::Deserializer::from_slice(text).into_iter::<Head>();
    let mut results = Vec::new();
    let mut start = 0;
    while let Some(head) = heads.next() {
        let head = head.map_err(|error| wrong(json_problem(&error)))?;
        check_schema(head.schema.as_deref()).map_err(wrong)?;
        let end = heads.byte_offset();
        let mut result = serde_json::from_slice(&text[start..end])
            .map_err(|error| wrong(format!("not a whole result ({error}), {EXPECTED}")))?;
        check(&mut result).map_err(wrong)?;
        results.push(result);
        start = end;
    }
    match results.len() {
        0 => Err(wrong(format!("empty, {EXPECTED}"))),
        1 => Ok(results
            .into_iter()
            .map(|result| (name.to_owned(), result))
            .collect()),
        _ => {
            let numbered = (1..).map(|number| format!("{name} (result {number})"));
            Ok(numbered.zip(results).collect())
        }
    }
}

fn wrong(name: &str, problem: String) -> Error {
    Error::Result {
        path: name.to_owned(),
        problem,
    }
}

fn json_problem(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => {
            format!("ends in the middle of a result ({error}), expected a whole file")
        }
        serde_json::error::Category::Data => format!("not a result ({error}), {EXPECTED}"),
        _ => format!("not JSON ({error}), {EXPECTED}"),
    }
}

fn check_schema(schema: Option<&str>) -> std::result::Result<(), String> {
    let ours = SCHEMA.rsplit_once('/').map_or(SCHEMA, |(name, _)| name);
    match schema {
        Some(schema) if schema == SCHEMA => Ok(()),
        Some(schema) if is_of(schema, ours) => Err(format!(
            "schema '{schema}' is of another version of errsift, expected '{SCHEMA}'; read it with that version"
        )),
        Some(schema) => Err(format!("schema '{schema}', expected '{SCHEMA}'")),
        None => Err(format!("no schema, {EXPECTED}")),
    }
}

/// Checks what the counts by time rest on, and brings all times into one form.
fn check(result: &mut ScanResult) -> std::result::Result<(), String> {
    match result.bucket_seconds {
        // Times are divided by it.
        Some(width) if width < 1 => Err(format!(
            "bucket_seconds {width}, expected a number of seconds from 1; save it anew with --bucket"
        )),
        _ => result.unify_times(),
    }
}

fn is_of(schema: &str, name: &str) -> bool {
    schema
        .rsplit_once('/')
        .is_some_and(|(schema, _)| schema == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        parse("r.json", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_result_is_told_by_what_it_is() {
        assert_eq!(problem(" \n"), format!("r.json: empty, {EXPECTED}"));
        assert_eq!(
            problem("hello"),
            format!("r.json: not JSON (expected value at line 1 column 1), {EXPECTED}")
        );
        assert_eq!(problem("{}"), format!("r.json: no schema, {EXPECTED}"));
        assert_eq!(
            problem(r#"{"schema":"errsift.catalog/1"}"#),
            "r.json: schema 'errsift.catalog/1', expected 'errsift.result/1'"
        );
        assert_eq!(
            problem(r#"{"schema":"errsift.result/2"}"#),
            "r.json: schema 'errsift.result/2' is of another version of errsift, expected 'errsift.result/1'; \
             read it with that version"
        );
        assert_eq!(
            problem(r#"{"schema":"errsift.result/1","tool"#),
            "r.json: ends in the middle of a result (EOF while parsing a string at line 1 column 34), \
             expected a whole file"
        );
        assert_eq!(
            problem(r#"{"schema":"errsift.result/1"}"#),
            format!(
                "r.json: not a whole result (missing field `tool` at line 1 column 29), {EXPECTED}"
            )
        );
    }
}
