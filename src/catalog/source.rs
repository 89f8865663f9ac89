//! Finds a user's files and tells by their content what they are.
//!
//! Reading gives a whole source or every fault, and changes nothing: what goes into the catalogue
//! is decided after all files have been read.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use walkdir::WalkDir;

use super::check::{self, Check};
use super::entry::{Entry, Text, null_as_empty};
use super::json;
use super::list::{Line, List};
use super::provider::{self, ProviderRules};
use crate::Error;

/// What one file holds, and what there is to remark on it.
pub(super) struct Source {
    pub(super) kind: Kind,
    pub(super) notes: Vec<String>,
}

/// The kinds of files.
pub(super) enum Kind {
    /// A JSON catalogue.
    Entries(CatalogFile),
    /// A provider's rules.
    Rules(ProviderRules),
    /// A plain list of codes.
    List(Vec<Line>),
}

/// A JSON catalogue. Its entries do not yet bear its `provider` and `product`.
#[derive(Deserialize)]
pub(super) struct CatalogFile {
    pub(super) provider: Cow<'static, str>,
    pub(super) product: Cow<'static, str>,
    #[serde(default)]
    pub(super) title: Option<Text>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) families: Vec<String>,
    pub(super) codes: Vec<Entry>,
}

/// The most that a file may hold, in bytes: more than any catalogue, and less than fills a memory.
const MAX_BYTES: u64 = 256 << 20;

/// Reads what the file at `path` holds.
pub(super) fn read_file(path: &Path) -> crate::Result<Vec<u8>> {
    let cannot = |source| Error::Open {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(cannot)?;
    let mut text = Vec::new();
    let is_short = file.metadata().is_ok_and(|it| it.len() <= MAX_BYTES);
    if is_short {
        let mut start = (&mut file).take(MAX_BYTES + 1);
        start.read_to_end(&mut text).map_err(cannot)?;
    }
    if !is_short || text.len() as u64 > MAX_BYTES {
        let fault = format!(
            "{}: holds more than 256 MiB, expected a catalogue or a plain list of codes",
            path.display()
        );
        return Err(Error::Catalog {
            faults: vec![fault],
        });
    }
    Ok(text)
}

/// Whether the file called `name` is JSON and no plain list, by its name or by how `text` begins.
pub(super) fn is_json(name: &str, text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let text = text.trim_ascii_start();
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
        || ["{", "[", "//"]
            .iter()
            .any(|mark| text.starts_with(mark.as_bytes()))
}

/// Reads the text of the file called `name`, or tells all its faults.
pub(super) fn read(name: &str, text: &[u8]) -> Result<Source, Vec<String>> {
    let is_json = is_json(name, text);
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if is_json {
        return read_json(name, text);
    }
    let mut list = List::new(name);
    text.split(|&byte| byte == b'\n')
        .for_each(|line| list.add(line));
    list.finish()
}

fn read_json(name: &str, text: &[u8]) -> Result<Source, Vec<String>> {
    let file = match json::parse(text) {
        Ok(Value::Object(file)) => file,
        // What `codes list -f json` prints.
        Ok(Value::Array(_)) => {
            return Err(vec![format!(
                "{name}: a JSON array, expected a catalogue object or a plain list of codes"
            )]);
        }
        Ok(other) => {
            let kind = check::kind(Some(&other));
            return Err(vec![format!("{name}: {kind}, expected a catalogue object")]);
        }
        Err(error) if error.is_data() => {
            return Err(vec![format!("{name}: {error}, expected it once")]);
        }
        Err(error) => {
            // A list that is called JSON by mistake.
            let hint = match text.trim_ascii_start().first() {
                Some(b'{' | b'[') => "",
                _ => "; a plain list of codes has another name, such as codes.txt",
            };
            return Err(vec![format!(
                "{name}: not JSON ({error}), expected a catalogue object{hint}"
            )]);
        }
    };
    if file.get("schema").and_then(Value::as_str) == Some(provider::SCHEMA) {
        return read_rules(name, file);
    }
    let notes = Check::new(name).catalogue(&file)?;
    let parsed = CatalogFile::deserialize(Value::Object(file));
    let file =
        parsed.map_err(|error| vec![format!("{name}: {error}, expected a catalogue object")])?;
    Ok(Source {
        kind: Kind::Entries(file),
        notes,
    })
}

fn read_rules(name: &str, file: Map<String, Value>) -> Result<Source, Vec<String>> {
    let notes = Check::new(name).fields_only(&file, provider::FIELDS);
    let rules: ProviderRules = serde_json::from_value(Value::Object(file))
        .map_err(|error| vec![format!("{name}: {error}, expected the rules of a provider")])?;
    if let Some(list) = rules.empty_text() {
        return Err(vec![format!(
            "{name}: {list} holds an empty text, expected none"
        )]);
    }
    if let Some(fault) = check::provider_fault(&rules.provider) {
        return Err(vec![format!("{name}: {fault}")]);
    }
    Ok(Source {
        kind: Kind::Rules(rules),
        notes,
    })
}

/// The file at `path`, or every `*.json` and `*.txt` below the folder at `path`, by path.
pub(super) fn files(path: &Path) -> crate::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for found in WalkDir::new(path) {
        let found = found.map_err(|error| Error::Open {
            path: error.path().unwrap_or(path).to_owned(),
            // Its own sentence holds the path and the reason once more.
            source: error
                .into_io_error()
                .unwrap_or_else(|| io::Error::other("a loop of links")),
        })?;
        let is_catalogue = found
            .path()
            .extension()
            .is_some_and(|name| name == "json" || name == "txt");
        if is_catalogue && !found.path().is_dir() {
            files.push(found.into_path());
        }
    }
    if files.is_empty() {
        let fault = format!(
            "{}: no *.json or *.txt below, expected at least one",
            path.display()
        );
        return Err(Error::Catalog {
            faults: vec![fault],
        });
    }
    files.sort();
    // A mounted Kubernetes ConfigMap shows each file twice, in a folder and as a link to there.
    let mut seen = HashSet::new();
    files.retain(|file| fs::canonicalize(file).map_or(true, |real| seen.insert(real)));
    Ok(files)
}
