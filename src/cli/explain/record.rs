//! A pasted error body or log excerpt, and what it tells about the codes in it.
//!
//! What stands on a code's own line is told of it, else what stands in the same record, and never what
//! stands in another.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use errsift::catalog::Catalog;
use errsift::enrich::{Attribution, Enricher, Line, Owner, request_id, statuses};
use errsift::matcher::{Kind, Match, Matcher};
use errsift::sink::{Finding, Stated};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::lookup::{self, Answer};
use super::parts::{Part, parts};

/// What a text tells.
#[derive(Debug, Default)]
pub struct Record<'c> {
    codes: Vec<Found<'c>>,
    /// Each status once, in the order of the text.
    statuses: Vec<String>,
}

/// A code in the text.
#[derive(Debug, PartialEq)]
struct Found<'c> {
    code: String,
    whose: Whose<'c>,
    observed: Option<u16>,
    /// Each once, in the order of the text.
    request_ids: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
        let mut reader = Reader::new(catalog, matcher);
        let mut record = Record::default();
        let mut places = HashMap::new();
        for part in parts(text) {
            statuses(&part.text, |status, _| {
                let status = status.to_string();
                if !record.statuses.contains(&status) {
                    record.statuses.push(status);
                }
            });
            for found in reader.read(&part) {
                record.add(found, &mut places);
            }
        }
        for found in &mut record.codes {
            let mut seen = BTreeSet::new();
            found.request_ids.retain(|id| seen.insert(id.clone()));
        }
        record
    }

    /// Adds what a text tells of a code; `places` says where each stands in `codes`.
    fn add(&mut self, found: Found<'c>, places: &mut HashMap<(String, Whose<'c>), usize>) {
        match places.entry((found.code.clone(), found.whose)) {
            Entry::Occupied(place) => {
                let known = &mut self.codes[*place.get()];
                known.observed = known.observed.or(found.observed);
                known.request_ids.extend(found.request_ids);
            }
            Entry::Vacant(place) => {
                place.insert(self.codes.len());
                self.codes.push(found);
            }
        }
    }

    /// Whether it tells of a code, and is not just that code.
    pub fn holds_more_than_a_code(&self, text: &str) -> bool {
        self.codes.iter().any(|found| found.code != text)
    }

    /// What there is to say about the text.
    pub fn answer(&'c self, catalog: &'c Catalog) -> Answer<'c> {
        let request_id = self.only_request();
        let findings = self.codes.iter().flat_map(|found| {
            let request_ids = match request_id {
                Some(_) => &[],
                None => found.request_ids.as_slice(),
            };
            found.findings(catalog, request_ids)
        });
        let findings: Vec<Finding> = findings.collect();
        if !findings.is_empty() {
            return Answer::Findings {
                findings,
                request_id,
            };
        }
        let statuses = self.statuses.iter();
        let statuses =
            statuses.flat_map(|status| lookup::known(catalog, status, false, Stated::default()));
        Answer::Nothing {
            statuses: statuses.collect(),
        }
    }

    /// The request that all codes belong to, if that is one.
    fn only_request(&self) -> Option<&str> {
        let (first, others) = self.codes.split_first()?;
        let [id] = first.request_ids.as_slice() else {
            return None;
        };
        let is_same = |found: &Found| found.request_ids == first.request_ids;
        others.iter().all(is_same).then_some(id)
    }
}

impl Found<'_> {
    fn findings<'a>(&'a self, catalog: &'a Catalog, request_ids: &'a [String]) -> Vec<Finding<'a>> {
        let code = self.code.as_str();
        let stated = Stated {
            status: self.observed,
            request_ids,
        };
        match self.whose {
            Whose::Unknown => vec![lookup::unknown(catalog, code, stated)],
            Whose::Foreign => vec![Finding::Foreign { code, stated }],
            Whose::Untold => lookup::known(catalog, code, true, stated),
            Whose::Of(provider) => {
                let mut known = lookup::known(catalog, code, false, stated);
                known.retain(|finding| {
                    matches!(finding, Finding::Known { entry, .. } if entry.provider == provider)
                });
                known
            }
        }
    }
}

/// Tells what a text says about its codes. What takes long is made once.
struct Reader<'c, 'm> {
    catalog: &'c Catalog,
    matcher: &'m Matcher,
    enricher: Enricher<'c>,
}

impl<'c, 'm> Reader<'c, 'm> {
    fn new(catalog: &'c Catalog, matcher: &'m Matcher) -> Self {
        Reader {
            catalog,
            matcher,
            enricher: Enricher::new(catalog, TimeZone::UTC),
        }
    }

    fn read(&mut self, part: &Part) -> Vec<Found<'c>> {
        let mut matches = Vec::new();
        self.matcher.scan(&part.text, |found| matches.push(found));
        let codes: Vec<_> = matches.iter().map(|found| found.range.clone()).collect();
        let records = part.records(&codes);
        let record_of = |code: &Range<usize>| {
            let number = records.partition_point(|record| record.end < code.end);
            records.get(number).cloned()
        };
        let on_line = self.said(&part.text, &matches, |code| part.line_of(code));
        let in_record = self.said(&part.text, &matches, record_of);
        let said = on_line.into_iter().zip(in_record);
        let told = matches.iter().zip(said).map(|(found, (near, far))| {
            let said = near.or(far);
            Found {
                code: String::from_utf8_lossy(&part.text[found.range.clone()]).into_owned(),
                whose: self.whose(found, said.attribution),
                observed: said.observed,
                request_ids: Vec::from_iter(said.request_id),
            }
        });
        told.collect()
    }

    /// What is said about each match by what `place_of` tells that it stands in.
    fn said(
        &mut self,
        text: &[u8],
        matches: &[Match],
        place_of: impl Fn(&Range<usize>) -> Option<Range<usize>>,
    ) -> Vec<Said> {
        let mut last = 0..0;
        let said = matches.iter().map(|found| {
            let Some(place) = place_of(&found.range) else {
                return Said::default();
            };
            let seen = &text[place.clone()];
            if place != last {
                self.enricher.read_line(&line(seen));
                last = place;
            }
            let code = found.range.start - last.start..found.range.end - last.start;
            let attribution = match found.kind {
                Kind::Unknown => Attribution::Candidates,
                Kind::Known(id) => self.enricher.attribute(seen, self.matcher.code(id), &code),
            };
            Said {
                attribution: Some(attribution).filter(|told| *told != Attribution::Candidates),
                observed: self.enricher.observed_status(&code),
                request_id: request_id(seen, &code).map(str::to_owned),
            }
        });
        said.collect()
    }

    fn whose(&self, found: &Match, attribution: Option<Attribution>) -> Whose<'c> {
        let Kind::Known(id) = found.kind else {
            return Whose::Unknown;
        };
        let attribution = attribution.unwrap_or(Attribution::Candidates);
        let owner = Owner::new(self.catalog, self.matcher.code(id), attribution);
        match (owner.provider, attribution) {
            (Some(provider), _) => Whose::Of(provider),
            (None, Attribution::Foreign) => Whose::Foreign,
            (None, _) => Whose::Untold,
        }
    }
}

/// What a line, or a record, says about a code in it.
#[derive(Default)]
struct Said {
    attribution: Option<Attribution>,
    observed: Option<u16>,
    request_id: Option<String>,
}

impl Said {
    fn or(self, far: Said) -> Said {
        Said {
            attribution: self.attribution.or(far.attribution),
            observed: self.observed.or(far.observed),
            request_id: self.request_id.or(far.request_id),
        }
    }
}

/// A line whose time nobody asks for.
fn line(text: &[u8]) -> Line<'_> {
    Line {
        text,
        head: None,
        stamp: None,
        file_time: Timestamp::UNIX_EPOCH,
    }
}

#[cfg(test)]
mod tests {
    use errsift::matcher::MatchOptions;
    use proptest::prelude::*;

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
            request_ids: vec![String::from("7CDDDCEF-CDFD-0825")],
        };
        assert_eq!(record.codes, [found]);
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

    /// A record that states `status` and `id` for `code`, or none of that, as a log or a client shows it.
    fn shown(form: usize, number: usize, is_stated: bool) -> String {
        let (code, status) = (format!("APIG.{}", 7000 + number), 401 + number);
        let (pair, id) = match is_stated {
            true => (
                format!("status=\"{status}\""),
                format!("request_id=\"id-{status}-7\""),
            ),
            false => (String::from("x=1"), String::from("y=2")),
        };
        let json = |pair: &str| format!("\"{}", pair.replacen('=', "\": ", 1));
        let (json_pair, json_id) = (json(&pair), json(&id));
        match form {
            0 => format!("ERROR 2026-11-22 10:00:00 call failed: {code} {pair} {id}"),
            1 => format!("2026-11-22 10:00:00 call failed\n  {pair}\n  code={code}\n\n  {id}"),
            2 => format!("app-{number} | {code}\napp-{number} |   {pair}\napp-{number} | {id}"),
            3 => format!("╷\n│ Error: {code}\n│ {{ }}\n│ {pair}\n│ {id}\n╵"),
            4 => format!("{{\n  \"error_code\": \"{code}\",\n  {json_pair},\n  {json_id}\n}}"),
            5 => format!(
                "<?xml version=\"1.0\"?>\n<E>\n<a {id}/>\n<Code>{code}</Code>\n{pair}\n</E>"
            ),
            6 => format!("HTTP/1.1 {status} x\nx: {id}\n\n{{\"error_code\": \"{code}\"}}"),
            // A body behind a line without a code is what that line is about.
            _ => String::from("[info] GET /a HTTP/1.1 200 request_id=id-200-7\n[info] next"),
        }
    }

    proptest! {
        #[test]
        fn no_record_says_anything_of_another(
            records in prop::collection::vec((0..8_usize, any::<bool>()), 1..8),
        ) {
            let catalog = Catalog::builtin().unwrap();
            let records = || (0_u16..).zip(&records);
            let shown = records().map(|(number, &(form, is_stated))| {
                shown(form, usize::from(number), is_stated || form == 6)
            });
            let text = shown.collect::<Vec<_>>().join("\n");

            let record = read(&catalog, text.as_bytes());

            let codes = records().filter(|(_, (form, _))| *form < 7);
            let expected = codes.map(|(number, &(form, is_stated))| {
                let status = (is_stated || form == 6).then_some(401 + number);
                (format!("APIG.{}", 7000 + number), status, status.map(|status| format!("id-{status}-7")))
            });
            let told = record.codes.iter().map(|found| {
                (found.code.clone(), found.observed, found.request_ids.first().cloned())
            });
            prop_assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{}", text);
        }
    }
}
