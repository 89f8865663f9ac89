//! Finds a user's files and tells by their content what they are.
//!
//! Reading gives a whole source or every fault, and changes nothing: what goes into the catalogue
//! is decided after all files have been read.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use walkdir::WalkDir;

use super::check::{self, Check};
use super::entry::{Entry, Text, null_as_empty};
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

/// Reads the text of the file called `name`, or tells all its faults.
pub(super) fn read(name: &str, text: &[u8]) -> Result<Source, Vec<String>> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    match text.trim_ascii_start().first() {
        Some(b'{') => read_json(name, text),
        // What `codes list -f json` prints would otherwise be taken for a list of odd codes.
        Some(b'[') if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() => {
            Err(vec![format!(
                "{name}: a JSON array, expected a catalogue object or a plain list of codes"
            )])
        }
        _ => {
            let mut list = List::new(name);
            text.split(|&byte| byte == b'\n')
                .for_each(|line| list.add(line));
            list.finish()
        }
    }
}

fn read_json(name: &str, text: &[u8]) -> Result<Source, Vec<String>> {
    let file: Map<String, Value> = serde_json::from_slice(text).map_err(|error| {
        vec![format!(
            "{name}: not JSON ({error}), expected a catalogue object"
        )]
    })?;
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
            source: error.into(),
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
