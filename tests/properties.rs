//! What must hold for any text and any catalogue.
//!
//! 1. The matcher finds what the naive oracle finds: places, lines, known or unknown, confirmed,
//!    whose, and with which status.
//! 2. That does not depend on how the text is divided into blocks, nor on the number of threads.
//! 3. Standard input and a file with the same bytes give the same counts.
//! 4. Merging results is commutative and associative, and equal to one scan over all inputs.

mod library;
mod oracle;
mod strategies;

#[path = "properties/counts.rs"]
mod counts;
#[path = "properties/matches.rs"]
mod matches;
#[path = "properties/merging.rs"]
mod merging;
#[path = "properties/texts.rs"]
mod texts;

use proptest::prelude::*;

use oracle::Rules;

/// A catalogue, and text made for it.
fn cases() -> impl Strategy<Value = (Rules, Vec<u8>)> {
    strategies::catalog().prop_flat_map(|rules| {
        let codes: Vec<String> = rules.codes.iter().map(|(_, code)| code.clone()).collect();
        (Just(rules), strategies::text(&codes))
    })
}

/// A catalogue that also has codes which begin like an escape, and text made for it.
fn escape_like_cases() -> impl Strategy<Value = (Rules, Vec<u8>)> {
    (strategies::catalog(), strategies::escape_like_codes()).prop_flat_map(|(mut rules, codes)| {
        let text = strategies::text(&codes);
        let codes = codes.into_iter().map(|code| ("user".to_owned(), code));
        rules.codes.extend(codes);
        (Just(rules), text)
    })
}
