//! Turns a match and its line into what is known about it: whose code it is, when, with which status.
//!
//! Looks at the match's own line alone. What is found once for a line serves
//! all its matches; what no report asks for is not looked for.

pub mod event;
mod evidence;
mod key;
mod marks;
mod request_id;
mod status;
pub mod time;
mod wrapper;

use std::ops::Range;

use jiff::Timestamp;

use crate::catalog::{Catalog, Entry};
use crate::matcher::Code;
use evidence::EvidenceFinder;
use marks::Marker;
use time::TimeReader;

pub use event::Event;
pub use request_id::request_id;
pub use status::statuses;
pub(crate) use wrapper::decoded;
pub use wrapper::{Hidden, Source, Stamp, TextForm, Wrapper, hidden, wrapper};

/// Whose code it is, as a choice among the providers that have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribution {
    /// That of the code's entry with this number.
    Entry(u16),
    /// Nothing tells; everyone who has it is a candidate.
    Candidates,
    /// The line shows a provider that has no such code, or one that the catalogue does not cover.
    Foreign,
}

/// A line that holds matches.
#[derive(Clone, Copy, Debug)]
pub struct Line<'t> {
    /// The line, or as much of it as is at hand, without its newline.
    pub text: &'t [u8],
    /// The beginning of the line where `text` is a later part of it.
    pub head: Option<&'t [u8]>,
    /// When what wraps the line says that it was written; else the line's own stamp counts.
    pub stamp: Option<Stamp<'t>>,
    /// When its file was written last.
    pub file_time: Timestamp,
}

/// Enriches matches. One per worker.
#[derive(Debug)]
pub struct Enricher<'c> {
    catalog: &'c Catalog,
    /// Made for the first code that needs it: that takes longer than a small file.
    evidence: Option<EvidenceFinder>,
    times: TimeReader,
    marker: Marker,
    statuses: Vec<(u16, Range<usize>)>,
    evidence_is_read: bool,
}

impl<'c> Enricher<'c> {
    /// An enricher for the codes of `catalog`; stamps without a zone are in `zone`.
    pub fn new(catalog: &'c Catalog, zone: jiff::tz::TimeZone) -> Self {
        Enricher {
            catalog,
            evidence: None,
            times: TimeReader::new(zone),
            marker: Marker::new(),
            statuses: Vec::new(),
            evidence_is_read: false,
        }
    }

    /// Reads what `line` says to all its matches and returns its time.
    pub fn read_line(&mut self, line: &Line) -> Option<Timestamp> {
        self.evidence_is_read = false;
        self.statuses.clear();
        let collected = &mut self.statuses;
        let marks = self.marker.read(line.text);
        status::stated(line.text, marks, |status, range| {
            collected.push((status, range))
        });
        let stamp = match line.stamp {
            Some(Stamp::Time(time)) => Some(time),
            Some(Stamp::Text(text)) => self.times.read(text, line.file_time),
            None => None,
        };
        stamp.or_else(|| match line.head {
            Some(head) => self.times.read(head, line.file_time),
            None => self.times.read_marked(line.text, marks, line.file_time),
        })
    }

    /// Whose code stands at `range` of `text`, the line that was read last.
    pub fn attribute(&mut self, text: &[u8], code: &Code, range: &Range<usize>) -> Attribution {
        if code.entries.len() == 1 && code.is_dotted {
            return Attribution::Entry(0);
        }
        let catalog = self.catalog;
        let evidence = self
            .evidence
            .get_or_insert_with(|| EvidenceFinder::new(catalog));
        // Nothing is nearer than the form of an exception that the code stands in.
        let by_form = evidence.by_form(text, range);
        if by_form.is_none() && !self.evidence_is_read {
            evidence.read(text);
            self.evidence_is_read = true;
        }
        let Some(witness) = by_form.or_else(|| evidence.nearest(range)) else {
            return Attribution::Candidates;
        };
        let provider = witness.map(|number| {
            self.catalog.providers()[usize::from(number)]
                .provider
                .as_str()
        });
        let entry = code
            .entries
            .iter()
            .position(|&id| Some(&*self.catalog.entry(id).provider) == provider);
        match entry.and_then(|number| u16::try_from(number).ok()) {
            Some(number) => Attribution::Entry(number),
            None => Attribution::Foreign,
        }
    }

    /// The status that the line which was read last states for the code at `range`.
    pub fn observed_status(&self, range: &Range<usize>) -> Option<u16> {
        status::nearest(&self.statuses, range)
    }
}

/// Provider, candidates and entry of a code, as a report shows them.
#[derive(Clone, Debug)]
pub struct Owner<'c> {
    /// Whose code it is, where that is known.
    pub provider: Option<&'c str>,
    /// Who has it, where it is not known whose it is.
    pub candidates: Vec<&'c str>,
    /// What is known about it, or where there is a single candidate, what is suggested.
    pub entry: Option<&'c Entry>,
}

impl<'c> Owner<'c> {
    /// The owner of `code` under `attribution`.
    pub fn new(catalog: &'c Catalog, code: &Code, attribution: Attribution) -> Self {
        let providers = || code.entries.iter().map(|&id| &*catalog.entry(id).provider);
        match attribution {
            Attribution::Entry(number) => {
                let entry = catalog.entry(code.entries[usize::from(number)]);
                Owner {
                    provider: Some(&entry.provider),
                    candidates: Vec::new(),
                    entry: Some(entry),
                }
            }
            Attribution::Candidates => {
                let single = (code.entries.len() == 1).then(|| catalog.entry(code.entries[0]));
                Owner {
                    provider: None,
                    candidates: providers().collect(),
                    entry: single,
                }
            }
            Attribution::Foreign => Owner {
                provider: None,
                candidates: Vec::new(),
                entry: None,
            },
        }
    }
}
