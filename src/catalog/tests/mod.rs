//! What user files do to a catalogue, and the exact sentence for each of their faults.

mod entries;
mod lists;
mod rules;
mod together;

use std::fs;

use super::*;

/// A catalogue of `acme` with `codes` as the elements of its list.
fn acme(codes: &str) -> String {
    format!(
        r#"{{"schema":"errsift.catalog/1","provider":"acme","product":"shop","codes":[{codes}]}}"#
    )
}

/// The faults of `text`, without the file's name.
fn faults(text: &str) -> Vec<String> {
    check("mine", text.as_bytes())
        .into_iter()
        .map(|fault| fault.strip_prefix("mine: ").unwrap().to_owned())
        .collect()
}

/// The faults of an entry `X` with `fields` besides its code.
fn entry_faults(fields: &str) -> Vec<String> {
    let place = "entry 1 ('X'): ";
    faults(&acme(&format!(r#"{{"code":"X",{fields}}}"#)))
        .into_iter()
        .map(|fault| fault.strip_prefix(place).unwrap().to_owned())
        .collect()
}

fn empty_with(files: &[(&str, &str)]) -> Catalog {
    files
        .iter()
        .fold(Catalog::without_builtin(), |catalog, (name, text)| {
            catalog.with_text(name, text.as_bytes()).unwrap()
        })
}

fn providers_of<'a>(catalog: &'a Catalog, code: &str) -> Vec<&'a str> {
    catalog
        .find(code)
        .iter()
        .map(|id| &*catalog.entry(*id).provider)
        .collect()
}
