//! The files of `patterns/`, embedded: `<provider>/<product>.json`, and each provider's rules.
//!
//! They are read straight into their structs; that they are right in every respect is what
//! `tests/catalog.rs` makes sure of.

use include_dir::{Dir, File, include_dir};
use serde::de::DeserializeOwned;

use super::provider::ProviderRules;
use super::source::CatalogFile;
use crate::{Error, Result};

static PATTERNS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/patterns");

/// The file of a provider's folder that holds its rules instead of entries.
const RULES_FILE: &str = "provider.json";

/// The rules of every provider, by provider.
pub(super) fn rules() -> Result<Vec<ProviderRules>> {
    let mut rules: Vec<ProviderRules> = files()
        .filter(|file| is_rules(file))
        .map(parse)
        .collect::<Result<_>>()?;
    rules.sort_unstable_by(|a, b| a.provider.cmp(&b.provider));
    Ok(rules)
}

/// Every catalogue, by path.
pub(super) fn catalogues() -> impl Iterator<Item = Result<CatalogFile>> {
    let mut files: Vec<_> = files().filter(|file| !is_rules(file)).collect();
    files.sort_unstable_by_key(|file| file.path());
    files.into_iter().map(parse)
}

fn files() -> impl Iterator<Item = &'static File<'static>> {
    PATTERNS.dirs().flat_map(Dir::files)
}

fn is_rules(file: &File) -> bool {
    file.path().ends_with(RULES_FILE)
}

fn parse<T: DeserializeOwned>(file: &File) -> Result<T> {
    serde_json::from_slice(file.contents()).map_err(|error| Error::Catalog {
        faults: vec![format!(
            "{}: {error}, expected a file as in patterns/",
            file.path().display()
        )],
    })
}
