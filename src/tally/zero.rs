//! Codes that are watched for: rows with a count of 0, as a scan would count them.

use super::pattern::CodePattern;
use super::result::CodeRow;
use crate::catalog::{Catalog, Entry, EntryId};

/// A row for each code of `catalog` that one of `patterns` means, under every provider under which
/// a match of it may be counted.
pub fn zeroes(catalog: &Catalog, patterns: &[CodePattern]) -> Vec<CodeRow> {
    let mut ids: Vec<&[EntryId]> = catalog
        .entries()
        .iter()
        .filter(|entry| !entry.is_http_status())
        .map(|entry| catalog.find(&entry.code))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = ids.into_iter().flat_map(|ids| rows(catalog, ids));
    rows.filter(|row| patterns.iter().any(|pattern| pattern.is_match(row)))
        .collect()
}

/// The rows of one code: for each provider that has it, and where a line may not tell which, for none.
fn rows(catalog: &Catalog, ids: &[EntryId]) -> Vec<CodeRow> {
    let entries: Vec<&Entry> = ids.iter().map(|&id| catalog.entry(id)).collect();
    let mut rows: Vec<CodeRow> = entries.iter().map(|entry| attributed(entry)).collect();
    match entries.as_slice() {
        [entry] if entry.code.contains('.') => {}
        [entry] => rows.push(CodeRow {
            provider: None,
            candidates: vec![entry.provider.to_string()],
            ..attributed(entry)
        }),
        entries => rows.push(CodeRow {
            code: entries[0].code.to_string(),
            candidates: entries
                .iter()
                .map(|entry| entry.provider.to_string())
                .collect(),
            ..CodeRow::default()
        }),
    }
    rows
}

fn attributed(entry: &Entry) -> CodeRow {
    CodeRow {
        code: entry.code.to_string(),
        provider: Some(entry.provider.to_string()),
        product: entry.product.as_deref().map(str::to_owned),
        http_status: entry.http_status,
        category: entry.category,
        retryable: entry.retryable,
        ..CodeRow::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(pattern: &str) -> Vec<(Option<String>, Option<String>, u64)> {
        let catalog = Catalog::builtin().unwrap();
        let rows = zeroes(&catalog, &[pattern.parse().unwrap()]).into_iter();
        rows.map(|row| (row.provider, row.product, row.count))
            .collect()
    }

    #[test]
    fn a_dotted_code_is_watched_for_under_its_provider() {
        let (provider, product) = ("huaweicloud".to_owned(), "roma-connect".to_owned());
        assert_eq!(
            watched("code=APIG.9008"),
            [(Some(provider), Some(product), 0)]
        );
    }

    #[test]
    fn an_undotted_code_is_watched_for_without_a_provider_too() {
        let rows = watched("code=RequestLimitExceeded");
        let providers: Vec<Option<&str>> = rows.iter().map(|(it, _, _)| it.as_deref()).collect();
        assert_eq!(providers, [Some("tencentcloud"), None]);
    }

    #[test]
    fn every_code_of_a_category_is_watched_for() {
        let catalog = Catalog::builtin().unwrap();
        let of_category = |row: &&CodeRow| row.provider.is_some();
        let rows = zeroes(&catalog, &["category=throttling".parse().unwrap()]);
        let entries = catalog.entries().iter().filter(|entry| {
            !entry.is_http_status() && entry.category == Some(crate::catalog::Category::Throttling)
        });
        assert_eq!(rows.iter().filter(of_category).count(), entries.count());
        assert!(!rows.is_empty());
    }

    #[test]
    fn a_status_of_the_http_table_is_no_code_to_watch_for() {
        assert_eq!(watched("code=404"), []);
    }
}
