//! A pasted error body or log excerpt, read as one record or several.
//!
//! A body is often pretty-printed or stands below its HTTP head, so that code, status and request
//! id are on different lines: lines are joined by blanks, and what is found keeps their order. Of lines
//! that begin with a time each is a record of its own, so that none gets the status of another.

use errsift::catalog::Catalog;
use errsift::enrich::time::begins_with_time;
use errsift::enrich::{Attribution, Enricher, Line, Owner, request_id, statuses};
use errsift::matcher::{Kind, Match, Matcher};
use errsift::sink::Finding;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::lookup::{self, Answer};

/// What a text tells.
#[derive(Debug, Default)]
pub struct Record<'c> {
    codes: Vec<Found<'c>>,
    /// Each status once, in the order of the text.
    statuses: Vec<String>,
    request_id: Option<String>,
}

/// A code in the text.
#[derive(Debug, PartialEq)]
struct Found<'c> {
    code: String,
    whose: Whose<'c>,
    observed: Option<u16>,
}

#[derive(Debug, PartialEq)]
enum Whose<'c> {
    /// The provider's.
    Of(&'c str),
    /// That of someone who has it.
    Untold,
    /// That of a provider that has no such code in the catalogue.
    Foreign,
    /// The catalogue lacks it.
    Unknown,
}

impl<'c> Record<'c> {
    /// Reads `text`; what is in it more than once is told once.
    pub fn read(catalog: &'c Catalog, matcher: &Matcher, text: &[u8]) -> Self {
        let mut record = Record::default();
        let mut other_id = None;
        for text in parts(text) {
            let id = request_id(&text).map(str::to_owned);
            match record.add(catalog, matcher, &text) {
                true => record.request_id = record.request_id.or(id),
                false => other_id = other_id.or(id),
            }
        }
        record.request_id = record.request_id.or(other_id);
        record
    }

    /// Adds what a part of the text tells, joined to one line; whether there is a code in it.
    fn add(&mut self, catalog: &'c Catalog, matcher: &Matcher, text: &[u8]) -> bool {
        let mut reader = Reader::new(catalog, text);
        let mut holds_code = false;
        matcher.scan(text, |found| {
            holds_code = true;
            let found = reader.found(matcher, &found);
            let is_new = |known: &Found| (&known.code, &known.whose) != (&found.code, &found.whose);
            if self.codes.iter().all(is_new) {
                self.codes.push(found);
            }
        });
        statuses(text, |status, _| {
            let status = status.to_string();
            if !self.statuses.contains(&status) {
                self.statuses.push(status);
            }
        });
        holds_code
    }

    /// Whether it tells of a code, and is not just that code.
    pub fn holds_more_than_a_code(&self, text: &str) -> bool {
        self.codes.iter().any(|found| found.code != text)
    }

    /// What there is to say about the text.
    pub fn answer(&'c self, catalog: &'c Catalog) -> Answer<'c> {
        let findings = self.codes.iter().flat_map(|found| found.findings(catalog));
        let findings: Vec<Finding> = findings.collect();
        if !findings.is_empty() {
            return Answer::Findings {
                findings,
                request_id: self.request_id.as_deref(),
            };
        }
        let statuses = self.statuses.iter();
        let statuses = statuses.flat_map(|status| lookup::known(catalog, status, false, None));
        Answer::Nothing {
            statuses: statuses.collect(),
        }
    }
}

/// The parts of `text` whose lines belong together, each joined by blanks: a line that begins with a
/// time begins a record of its own.
fn parts(text: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = vec![Vec::new()];
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let part = match parts.last_mut() {
            Some(part) if !begins_with_time(line) => part,
            _ => parts.push_mut(Vec::new()),
        };
        part.extend_from_slice(line);
        part.push(b' ');
    }
    parts
}

impl Found<'_> {
    fn findings<'a>(&'a self, catalog: &'a Catalog) -> Vec<Finding<'a>> {
        let (code, observed) = (self.code.as_str(), self.observed);
        match self.whose {
            Whose::Unknown => vec![lookup::unknown(catalog, code, observed)],
            Whose::Foreign => vec![Finding::Foreign { code, observed }],
            Whose::Untold => lookup::known(catalog, code, true, observed),
            Whose::Of(provider) => {
                let mut known = lookup::known(catalog, code, false, observed);
                known.retain(|finding| {
                    matches!(finding, Finding::Known { entry, .. } if entry.provider == provider)
                });
                known
            }
        }
    }
}

/// Tells what the text says about a match.
struct Reader<'c, 't> {
    catalog: &'c Catalog,
    enricher: Enricher<'c>,
    line: Line<'t>,
}

impl<'c, 't> Reader<'c, 't> {
    fn new(catalog: &'c Catalog, text: &'t [u8]) -> Self {
        let line = Line {
            text,
            head: None,
            stamp: None,
            file_time: Timestamp::UNIX_EPOCH,
        };
        let mut enricher = Enricher::new(catalog, TimeZone::UTC);
        enricher.read_line(&line);
        Reader {
            catalog,
            enricher,
            line,
        }
    }

    fn found(&mut self, matcher: &Matcher, found: &Match) -> Found<'c> {
        let code = String::from_utf8_lossy(&self.line.text[found.range.clone()]).into_owned();
        let whose = match found.kind {
            Kind::Unknown => Whose::Unknown,
            Kind::Known(id) => {
                let code = matcher.code(id);
                let attribution = self.enricher.attribute(self.line.text, code, &found.range);
                let owner = Owner::new(self.catalog, code, attribution);
                match (owner.provider, attribution) {
                    (Some(provider), _) => Whose::Of(provider),
                    (None, Attribution::Foreign) => Whose::Foreign,
                    (None, _) => Whose::Untold,
                }
            }
        };
        Found {
            code,
            whose,
            observed: self.enricher.observed_status(&found.range),
        }
    }
}

#[cfg(test)]
mod tests {
    use errsift::matcher::MatchOptions;

    use super::*;

    fn read<'c>(catalog: &'c Catalog, text: &[u8]) -> Record<'c> {
        let matcher = Matcher::new(catalog, MatchOptions { discover: true });
        Record::read(catalog, &matcher, text)
    }

    #[test]
    fn a_pretty_printed_body_below_its_head_is_one_record() {
        let catalog = Catalog::builtin().unwrap();
        let text = b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n\
                     {\n  \"error_code\" :\n    \"APIG.1002\",\n  \"error_msg\": \"no\",\n  \
                     \"request_id\":\n  \"7CDDDCEF-CDFD-0825\"\n}\n";

        let record = read(&catalog, text);

        let found = Found {
            code: String::from("APIG.1002"),
            whose: Whose::Of("huaweicloud"),
            observed: Some(403),
        };
        assert_eq!(record.codes, [found]);
        assert_eq!(record.request_id.as_deref(), Some("7CDDDCEF-CDFD-0825"));
    }

    #[test]
    fn a_code_that_occurs_often_is_told_once() {
        let catalog = Catalog::builtin().unwrap();

        let record = read(&catalog, b"APIG.1002 UC.00000001\nAPIG.1002 APIG.3999");

        let codes: Vec<&str> = record
            .codes
            .iter()
            .map(|found| found.code.as_str())
            .collect();
        assert_eq!(codes, ["APIG.1002", "UC.00000001", "APIG.3999"]);
    }

    #[test]
    fn a_line_that_begins_with_a_time_is_another_record() {
        let catalog = Catalog::builtin().unwrap();
        let text = b"2026 GET /a \"HTTP/1.1\" 500 12\n\
                     2026-11-22T10:00:00Z worker: job failed\n  APIG.1002\n\
                     2026-11-22T10:00:01Z HTTP/1.1 404\n\
                     2026-11-22T10:00:02Z HTTP/1.1 500\n";

        let record = read(&catalog, text);

        let observed: Vec<_> = record.codes.iter().map(|found| found.observed).collect();
        assert_eq!(observed, [None]);
        assert_eq!(record.statuses, ["500", "404"]);
    }
}
