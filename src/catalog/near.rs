//! Known codes that look like an unknown one: "did you mean".

use super::{Catalog, Entry};

/// The most codes that are named.
const MOST: usize = 3;

/// The least likeness, from 0 to 1, of a code outside the unknown code's family. Two letters swapped in
/// a word of ten are 0.9; codes that merely share a prefix stay below 0.7.
const LEAST_LIKENESS: f64 = 0.75;

/// The codes of `catalog` most like `code`, the most like first.
///
/// Those of its own family come before all others: whoever meets a new member
/// of a family learns most from its siblings.
pub fn near(catalog: &Catalog, code: &str) -> Vec<String> {
    let family = family(code);
    let entries = catalog
        .entries()
        .iter()
        .filter(|entry| !entry.is_http_status() && entry.code != code);
    let mut found: Vec<(bool, f64, &str)> = entries
        .filter_map(|entry| likeness(code, family, entry))
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
    found.dedup_by_key(|found| found.2);
    found
        .into_iter()
        .take(MOST)
        .map(|(_, _, code)| code.to_owned())
        .collect()
}

fn likeness<'e>(
    code: &str,
    wanted: Option<&str>,
    entry: &'e Entry,
) -> Option<(bool, f64, &'e str)> {
    let is_sibling = wanted.is_some() && family(&entry.code) == wanted;
    // Numbers of a family say nothing by being alike in part: only a slip of one or two digits counts.
    let is_number = code.ends_with(|last: char| last.is_ascii_digit());
    if entry.code.len().abs_diff(code.len()) > code.len() / 2 && !is_sibling {
        return None;
    }
    let case_differs = entry.code.eq_ignore_ascii_case(code);
    let likeness = if case_differs {
        1.0
    } else {
        strsim::normalized_damerau_levenshtein(&entry.code, code)
    };
    let is_near = likeness >= LEAST_LIKENESS || (is_sibling && !is_number);
    is_near.then_some((is_sibling, likeness, &*entry.code))
}

fn family(code: &str) -> Option<&str> {
    code.rsplit_once('.').map(|(family, _)| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siblings_come_first_and_slips_are_mended() {
        let catalog = Catalog::builtin().expect("the built-in catalogue is sound");

        assert_eq!(
            near(&catalog, "FailedOperation.NodeNotEmty")[0],
            "FailedOperation.NodeNotEmpty"
        );
        assert_eq!(near(&catalog, "apig.1002"), ["APIG.1002"]);
        assert_eq!(near(&catalog, "IntrenalError"), ["InternalError"]);
        assert!(near(&catalog, "Zzzzzz").is_empty());
    }
}
