//! The library in the oracle's terms.
//!
//! The same rules become a catalogue, and matches become what the oracle reports, so that the two
//! can be compared as whole values.

use errsift::catalog::Catalog;
use errsift::enrich::{Enricher, Line, Owner};
use errsift::matcher::{Kind, Match, MatchOptions, Matcher};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use crate::oracle::{self, Found, Rules};

/// The catalogue that `rules` describe.
pub fn catalog(rules: &Rules) -> Catalog {
    let mut providers: Vec<&str> = rules
        .codes
        .iter()
        .map(|(provider, _)| &**provider)
        .collect();
    providers.sort_unstable();
    providers.dedup();
    if providers.is_empty() {
        providers.push("user");
    }
    let mut families = Some(&rules.families);
    providers
        .iter()
        .fold(Catalog::without_builtin(), |catalog, provider| {
            let codes = rules.codes.iter().filter(|(owner, _)| owner == provider);
            let codes: Vec<_> = codes.map(|(_, code)| json!({ "code": code })).collect();
            let file = json!({
                "schema": "errsift.catalog/1",
                "provider": provider,
                "product": "test",
                "families": families.take().into_iter().flatten().collect::<Vec<_>>(),
                "codes": codes,
            });
            let added = catalog.with_text(provider, file.to_string().as_bytes());
            added.unwrap_or_else(|error| panic!("{error}: {file}"))
        })
}

/// The matcher for `catalog`; `discover` is the option of that name.
pub fn matcher(catalog: &Catalog, discover: bool) -> Matcher {
    Matcher::new(catalog, MatchOptions { discover })
}

/// What the library finds in `text`.
pub fn find(catalog: &Catalog, matcher: &Matcher, text: &[u8]) -> Vec<Found> {
    let mut enricher = Enricher::new(catalog, TimeZone::UTC);
    let mut found = Vec::new();
    matcher.scan(text, |one| {
        found.push(describe(catalog, matcher, &mut enricher, text, &one))
    });
    found
}

fn describe(
    catalog: &Catalog,
    matcher: &Matcher,
    enricher: &mut Enricher,
    text: &[u8],
    one: &Match,
) -> Found {
    let is_newline = |byte: &u8| *byte == b'\n';
    let before = &text[..one.range.start];
    let start = before.iter().rposition(is_newline).map_or(0, |at| at + 1);
    let rest = &text[start..];
    let line = Line {
        text: &rest[..rest.iter().position(is_newline).unwrap_or(rest.len())],
        head: None,
        stamp: None,
        file_time: Timestamp::UNIX_EPOCH,
    };
    let range = one.range.start - start..one.range.end - start;
    let mut found = Found {
        line: before.iter().filter(|byte| is_newline(byte)).count() + 1,
        start: one.range.start,
        end: one.range.end,
        code: String::from_utf8_lossy(&text[one.range.clone()]).into_owned(),
        kind: oracle::Kind::Unknown,
        confirmed: one.confirmed,
        provider: None,
        candidates: Vec::new(),
        observed_status: None,
    };
    if let Kind::Known(id) = one.kind {
        enricher.read_line(&line);
        let attribution = enricher.attribute(line.text, matcher.code(id), &range);
        let owner = Owner::new(catalog, matcher.code(id), attribution);
        found.kind = oracle::Kind::Known;
        found.code = matcher.code(id).text.to_string();
        found.provider = owner.provider.map(str::to_owned);
        found.candidates = owner.candidates.into_iter().map(str::to_owned).collect();
        found.observed_status = enricher.observed_status(&range);
    }
    found
}
