//! `errsift codes test`: every example is looked for, as a scan would.
//!
//! An example is found where the very code stands in it, confirmed, and is or may be the
//! provider's. The status of an HTTP entry is found where the line states it.

use errsift::Result;
use errsift::catalog::{Catalog, Entry};
use errsift::enrich::{Enricher, Line, Owner, statuses};
use errsift::matcher::{Kind, Match, MatchOptions, Matcher};
use errsift::wording::shown::{self, phrases};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::Status;
use crate::cli::args::Shared;
use crate::cli::console;

/// An example in which its code is not found.
struct Failure<'c> {
    entry: &'c Entry,
    example: &'c str,
    reason: String,
}

/// Looks for all examples.
pub fn run(shared: &Shared) -> Result<Status> {
    let catalog = shared.load_catalog()?;
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    let mut tester = Tester {
        catalog: &catalog,
        matcher: &matcher,
        enricher: Enricher::new(&catalog, TimeZone::UTC),
    };
    let mut examples = 0_usize;
    let mut failures = Vec::new();
    for entry in catalog.entries() {
        examples += entry.examples.len();
        let wrong = entry.examples.iter().filter_map(|example| {
            let reason = tester.fault(entry, example)?;
            Some(Failure {
                entry,
                example,
                reason,
            })
        });
        failures.extend(wrong);
    }
    print(&catalog, examples, &failures)?;
    Ok(match failures.is_empty() {
        true => Status::Success,
        false => Status::Error,
    })
}

fn print(catalog: &Catalog, examples: usize, failures: &[Failure]) -> Result<()> {
    let entries = catalog.entries();
    let bare = entries.iter().filter(|entry| entry.examples.is_empty());
    let outcome = match failures.len() {
        0 => phrases::all_found(),
        failures => phrases::some_not_found(failures),
    };
    let outcome = match bare.count() {
        0 => shown::examples(examples, entries.len(), &outcome),
        bare => shown::examples_of_some(examples, entries.len(), bare, &outcome),
    };
    let lang = console::spoken();
    console::print(|out| {
        for Failure {
            entry,
            example,
            reason,
        } in failures
        {
            let example = errsift::sink::visible(example);
            let missed = shown::example_missed(&entry.code, &entry.provider, reason, &example);
            writeln!(out, "{}", missed.of(lang))?;
        }
        writeln!(out, "{}", outcome.of(lang))
    })
}

struct Tester<'c> {
    catalog: &'c Catalog,
    matcher: &'c Matcher,
    enricher: Enricher<'c>,
}

impl Tester<'_> {
    /// Why the entry's code is not found in `example`; `None` where it is.
    fn fault(&mut self, entry: &Entry, example: &str) -> Option<String> {
        if entry.is_http_status() {
            return status_fault(entry, example);
        }
        let mut best = Some(phrases::not_found());
        for line in example.lines() {
            let mut matches = Vec::new();
            self.matcher
                .scan(line.as_bytes(), |found| matches.push(found));
            for found in &matches {
                if self.is_code(found, entry) {
                    best = Some(self.doubt(entry, line, found)?);
                }
            }
        }
        best
    }

    fn is_code(&self, found: &Match, entry: &Entry) -> bool {
        matches!(found.kind, Kind::Known(id) if *self.matcher.code(id).text == *entry.code)
    }

    /// What speaks against a match of the right code.
    fn doubt(&mut self, entry: &Entry, line: &str, found: &Match) -> Option<String> {
        let Kind::Known(id) = found.kind else {
            return Some(phrases::unknown());
        };
        if !found.confirmed {
            return Some(phrases::unconfirmed());
        }
        let line = Line {
            text: line.as_bytes(),
            head: None,
            stamp: None,
            file_time: Timestamp::UNIX_EPOCH,
        };
        self.enricher.read_line(&line);
        let code = self.matcher.code(id);
        let attribution = self.enricher.attribute(line.text, code, &found.range);
        let owner = Owner::new(self.catalog, code, attribution);
        let is_owner = owner.provider == Some(&*entry.provider)
            || owner.candidates.contains(&&*entry.provider);
        (!is_owner).then(|| match owner.provider {
            Some(provider) => phrases::of_provider(provider),
            None => phrases::of_another_provider(),
        })
    }
}

fn status_fault(entry: &Entry, example: &str) -> Option<String> {
    let mut is_found = false;
    for line in example.lines() {
        statuses(line.as_bytes(), |status, _| {
            is_found |= status.to_string() == entry.code;
        });
    }
    (!is_found).then(phrases::status_not_found)
}
