//! Matches that are shown while they are counted.

use std::cell::OnceCell;

use jiff::Timestamp;

use super::Setup;
use crate::catalog::Text;
use crate::enrich::event::Event;
use crate::enrich::{Attribution, Owner, Source, request_id};
use crate::input::container;
use crate::matcher::CodeId;
use crate::tally::{Counted, Excerpt, Place};

/// A match of a known code, to be shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) code: CodeId,
    pub(super) attribution: Attribution,
    pub(super) place: Place,
    /// The line within the segment, from 0.
    pub(super) line: u64,
    pub(super) time: Option<Timestamp>,
    pub(super) observed: Option<u16>,
    pub(super) confirmed: bool,
    pub(super) excerpt: Excerpt,
    pub(super) request_id: Option<String>,
    pub(super) source: Option<Source<'static>>,
}

impl Shown {
    pub(super) fn new(code: CodeId, attribution: Attribution, counted: &Counted) -> Self {
        Shown {
            code,
            attribution,
            place: counted.place,
            line: (counted.line_number)(),
            time: counted.time,
            observed: counted.observed,
            confirmed: counted.confirmed,
            excerpt: counted.excerpt(),
            request_id: request_id(counted.line, &counted.range).map(str::to_owned),
            source: counted.source.cloned().map(Source::into_owned),
        }
    }
}

/// An input as events name it.
pub(super) struct InputName<'p> {
    path: &'p str,
    /// The container that the path names, looked for where a line says that it does.
    container: OnceCell<Option<String>>,
}

impl<'p> InputName<'p> {
    pub(super) fn new(path: &'p str) -> Self {
        InputName {
            path,
            container: OnceCell::new(),
        }
    }

    /// Who wrote the line of `shown`.
    fn source<'s>(&'s self, shown: &'s Shown) -> Option<&'s str> {
        match shown.source.as_ref()? {
            Source::Named(name) => Some(name),
            Source::OfPath => self
                .container
                .get_or_init(|| container(self.path))
                .as_deref(),
        }
    }
}

/// What is shown of a match in `input`.
pub(super) fn event<'e>(setup: &'e Setup, input: &'e InputName, shown: &'e Shown) -> Event<'e> {
    let code = setup.matcher.code(shown.code);
    let owner = Owner::new(setup.catalog, code, shown.attribution);
    let entry = owner.entry;
    let text = |text: Option<&'e Text>| text.map(|text| text.get(setup.lang));
    Event {
        time: shown.time.map(|time| time.to_string()),
        path: input.path,
        offset: shown.place.offset,
        line: shown.line + 1,
        code: &code.text,
        provider: owner.provider,
        candidates: owner.candidates,
        product: entry.and_then(|entry| entry.product.as_deref()),
        http_status: entry.and_then(|entry| entry.http_status),
        observed_status: shown.observed,
        category: entry.and_then(|entry| entry.category),
        retryable: entry.and_then(|entry| entry.retryable),
        confirmed: shown.confirmed,
        meaning: text(entry.and_then(|entry| entry.meaning.as_ref())),
        remediation: text(entry.and_then(|entry| entry.remediation.as_ref())),
        request_id: shown.request_id.as_deref(),
        source: input.source(shown),
        text: &shown.excerpt.text,
        cut: shown.excerpt.cut,
        code_in_text: shown.excerpt.code.clone(),
    }
}
