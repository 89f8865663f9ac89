//! What must hold for any text and any catalogue.
//!
//! 1. The matcher finds what the naive oracle finds: places, lines, known or unknown, confirmed,
//!    whose, and with which status.
//! 2. That does not depend on how the text is divided into blocks, nor on the number of threads.
//! 3. Standard input and a file with the same bytes give the same counts.
//! 4. Merging results is commutative and associative, and equal to one scan over all inputs.

mod oracle;
mod strategies;

#[path = "properties/counts.rs"]
mod counts;
#[path = "properties/matches.rs"]
mod matches;
#[path = "properties/merging.rs"]
mod merging;

use errsift::catalog::Catalog;
use proptest::prelude::*;

use oracle::Rules;

/// A catalogue, and text made for it.
fn cases() -> impl Strategy<Value = (Rules, Vec<u8>)> {
    strategies::catalog().prop_flat_map(|rules| {
        let codes: Vec<String> = rules.codes.iter().map(|(_, code)| code.clone()).collect();
        (Just(rules), strategies::text(&codes))
    })
}

/// The catalogue that `rules` describe.
fn catalog(rules: &Rules) -> Catalog {
    let mut providers: Vec<&str> = rules
        .codes
        .iter()
        .map(|(provider, _)| provider.as_str())
        .collect();
    providers.sort_unstable();
    providers.dedup();
    providers.iter().enumerate().fold(Catalog::without_builtin(), |catalog, (index, provider)| {
        let codes = rules.codes.iter().filter(|(owner, _)| owner == provider);
        let codes: Vec<_> = codes.map(|(_, code)| serde_json::json!({ "code": code })).collect();
        let families = if index == 0 { rules.families.clone() } else { Vec::new() };
        let file = serde_json::json!({
            "schema": "errsift.catalog/1", "provider": provider, "product": "test", "families": families, "codes": codes,
        });
        let text = file.to_string();
        catalog.with_text(provider, text.as_bytes()).expect("the strategies make sound catalogues")
    })
}
