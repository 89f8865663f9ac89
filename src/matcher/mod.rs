//! Finds every known code, and every unknown code of a known family, in a block of text.
//!
//! The result does not depend on how the text is divided into blocks of whole
//! lines, nor on the engine: an engine proposes places, the dictionary decides.
//! Whose code it is and what it means is found out in [`crate::enrich`].

mod backward;
mod dictionary;
mod discover;
mod engine;
mod escape;
mod forward;
mod link;
mod slot;
mod token;

use std::ops::Range;

use crate::catalog::{Catalog, EntryId};
use dictionary::{Dictionary, Standing};
use engine::Engine;

pub(crate) use backward::Backward;
pub(crate) use escape::is_escaped;
pub(crate) use forward::Forward;
pub(crate) use slot::{SLOT_BYTES, is_blank, is_gap, is_quote, is_value};
pub(crate) use token::{is_plain_word, is_word, may_begin, token_end};

/// A code's place among all distinct codes of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub u32);

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A code of the catalogue.
    Known(CodeId),
    /// A code of a known family, or with `discover` a code-shaped value, that the catalogue lacks.
    Unknown,
}

/// An occurrence of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What was found.
    pub kind: Kind,
    /// Where, in bytes of the block.
    pub range: Range<usize>,
    /// Whether it stands where an error code stands.
    pub confirmed: bool,
}

/// How to match.
#[derive(Clone, Copy, Debug, Default)]
pub struct MatchOptions {
    /// Reports any code-shaped value in a code slot, of whatever family.
    pub discover: bool,
}

/// A distinct code and who has it.
#[derive(Clone, Debug)]
pub struct Code {
    /// The code.
    pub text: Box<str>,
    /// Its entries, one for each provider, by provider.
    pub entries: Box<[EntryId]>,
}

/// Finds codes. Cheap to share, immutable, and without state between calls.
#[derive(Clone, Debug)]
pub struct Matcher {
    codes: Vec<Code>,
    engine: Engine,
    dictionary: Dictionary,
    slots: slot::Slots,
    links: link::Links,
    discover: Option<discover::Discover>,
}

impl Matcher {
    /// Builds a matcher for all codes of `catalog` but HTTP statuses.
    pub fn new(catalog: &Catalog, options: MatchOptions) -> Self {
        let codes = distinct_codes(catalog);
        let families = beginnings_of_families(catalog);
        let beginnings = codes
            .iter()
            .map(|code| code.text.as_bytes())
            .chain(families.iter().map(|family| family.as_bytes()));
        let engine = Engine::new(beginnings.collect());
        let ids = (0..).map(CodeId);
        let dictionary = Dictionary::new(catalog, codes.iter().map(|code| &*code.text).zip(ids));
        let slots = slot::Slots::new(catalog.providers());
        let links = link::Links::new(catalog.providers());
        let discover = options.discover.then(|| discover::Discover::new(&slots));
        Matcher {
            codes,
            engine,
            dictionary,
            slots,
            links,
            discover,
        }
    }

    /// All distinct codes, in the order of their ids.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// The code with this id.
    pub fn code(&self, id: CodeId) -> &Code {
        &self.codes[id.0 as usize]
    }

    /// Which engine was chosen, for `--stats`.
    pub fn describe(&self) -> String {
        self.engine.describe()
    }

    /// Calls `found` for every match in `text`, in order.
    ///
    /// `text` is a run of whole lines, or a part of a line that is too long for one block.
    pub fn scan(&self, text: &[u8], mut found: impl FnMut(Match)) {
        let mut from = 0;
        while let Some(start) = self.next_place(text, from) {
            from = start + 1;
            if !token::may_begin(text, start) {
                continue;
            }
            let Some(standing) = self.standing(text, start) else {
                continue;
            };
            from = match standing {
                Standing::TooLong(end) | Standing::Known(_, end) => end,
                Standing::Unknown(ref range) => range.end,
            };
            let matched = match standing {
                Standing::Known(id, end) => Match {
                    kind: Kind::Known(id),
                    range: start..end,
                    confirmed: true,
                },
                Standing::Unknown(range) => Match {
                    kind: Kind::Unknown,
                    range,
                    confirmed: true,
                },
                Standing::TooLong(_) => continue,
            };
            if self.links.hold(text, start) {
                continue;
            }
            let confirmed = self.is_confirmed(text, &matched.range);
            found(Match {
                confirmed,
                ..matched
            });
        }
    }

    fn next_place(&self, text: &[u8], from: usize) -> Option<usize> {
        let known = self.engine.next(text, from);
        let Some(discover) = &self.discover else {
            return known;
        };
        let limit = known.unwrap_or(text.len());
        discover.next(&self.slots, text, from, limit).or(known)
    }

    fn standing(&self, text: &[u8], start: usize) -> Option<Standing> {
        self.dictionary.look_up(text, start).or_else(|| {
            let range = self.discover.as_ref()?.code_at(text, start)?;
            self.slots
                .holds(text, start)
                .then_some(Standing::Unknown(range))
        })
    }

    /// A code with a dot in it always is; another where it stands in a slot.
    fn is_confirmed(&self, text: &[u8], range: &Range<usize>) -> bool {
        memchr::memchr(b'.', &text[range.clone()]).is_some() || self.slots.holds(text, range.start)
    }
}

fn distinct_codes(catalog: &Catalog) -> Vec<Code> {
    let mut texts: Vec<&str> = catalog
        .entries()
        .iter()
        .filter(|entry| !entry.is_http_status())
        .map(|entry| entry.code.as_str())
        .collect();
    texts.sort_unstable();
    texts.dedup();
    let entries = |text| {
        catalog
            .find(text)
            .iter()
            .copied()
            .filter(|&id| !catalog.entry(id).is_http_status())
    };
    texts
        .into_iter()
        .map(|text| Code {
            text: text.into(),
            entries: entries(text).collect(),
        })
        .collect()
}

/// What a code of a family begins with: the family and a dot.
fn beginnings_of_families(catalog: &Catalog) -> Vec<String> {
    catalog
        .families()
        .iter()
        .map(|family| format!("{}.", family.name))
        .collect()
}
