//! Finds every known code, and every unknown code of a known family, in a block of text.
//!
//! The result does not depend on how the text is divided into blocks of whole
//! lines, nor on the engine: an engine proposes places, the dictionary decides.
//! Whose code it is and what it means is found out in [`crate::enrich`].

mod backward;
mod cover;
mod dictionary;
mod discover;
mod engine;
mod escape;
mod form;
mod forward;
mod link;
mod slot;
mod token;
mod word_bytes;
mod words;

use std::ops::Range;

use crate::catalog::{Catalog, EntryId, Family};
use dictionary::{Dictionary, MIN_DIGITS, Standing};
use engine::{Automaton, Engine, Needle, Needles};

pub(crate) use backward::Backward;
pub(crate) use escape::{MAX_ESCAPE_BYTES, is_escaped, may_end_escape};
pub(crate) use form::Forms;
pub(crate) use forward::Forward;
pub(crate) use slot::{
    SLOT_BYTES, is_blank, is_closing_tag, is_gap, is_quote, is_value, line_floor, without_blanks,
};
pub(crate) use token::{is_plain_word, may_begin, token_end};
pub(crate) use word_bytes::is_word;
#[cfg(test)]
pub(crate) use word_bytes::levels;

/// Texts up to this length are too common to look for alone.
const SHORT_BYTES: usize = 3;

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

/// What it took to find what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Places that the engine's first look let pass.
    pub candidates: u64,
    /// Those at which a code stood, of the catalogue or of one of its families.
    pub verified: u64,
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
    /// Whether there is a dot in it: such a code is confirmed wherever it stands.
    pub is_dotted: bool,
    /// Its entries, one for each provider, by provider.
    pub entries: Box<[EntryId]>,
}

/// Finds codes. Cheap to share, immutable, and without state between calls.
#[derive(Clone, Debug)]
pub struct Matcher {
    codes: Vec<Code>,
    /// Those with a dot have this id and higher ones: so no memory need be touched to tell.
    first_dotted: CodeId,
    engine: Engine,
    dictionary: Dictionary,
    slots: slot::Slots,
    links: link::Links,
    discover: Option<discover::Discover>,
}

impl std::ops::AddAssign for Effort {
    fn add_assign(&mut self, other: Self) {
        self.candidates += other.candidates;
        self.verified += other.verified;
    }
}

impl Matcher {
    /// Builds a matcher for all codes of `catalog` but HTTP statuses.
    pub fn new(catalog: &Catalog, options: MatchOptions) -> Self {
        let codes = distinct_codes(catalog);
        let engine = Engine::new(&needles(&codes, catalog.families(), options));
        let ids = (0..).map(CodeId);
        let dictionary = Dictionary::new(catalog, codes.iter().map(|code| &*code.text).zip(ids));
        let slots = slot::Slots::new(catalog.providers());
        let links = link::Links::new(catalog.providers());
        let discover = options.discover.then(|| discover::Discover::new(&slots));
        let undotted = codes.iter().filter(|code| !code.is_dotted).count();
        Matcher {
            codes,
            first_dotted: CodeId(undotted as u32), // lossless: ids are
            engine,
            dictionary,
            slots,
            links,
            discover,
        }
    }

    /// All distinct codes, in the order of their ids: by text, first those without a dot.
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

    /// Calls `found` for every match in `text`, in order. Returns what it took.
    ///
    /// `text` is a run of whole lines, or a part of a line that is too long for one block.
    pub fn scan(&self, text: &[u8], mut found: impl FnMut(Match)) -> Effort {
        let mut from = 0;
        let mut verified = 0;
        let mut look = |start: usize| {
            if start < from {
                return from;
            }
            let standing = token::may_begin(text, start).then(|| self.standing(text, start));
            let Some(standing) = standing.flatten() else {
                return start + 1;
            };
            verified += 1;
            from = standing.end();
            if let Some(matched) = self.matched(text, start, standing) {
                found(matched);
            }
            from
        };
        let candidates = match (&self.engine, &self.discover) {
            (Engine::Automaton(known), Some(discover)) => {
                self.discover_each(known, discover, text, &mut look)
            }
            (engine, _) => engine.for_each(text, look),
        };
        Effort {
            candidates,
            verified,
        }
    }

    /// Calls `look` with every place at which a known code or a code-shaped value might begin.
    fn discover_each(
        &self,
        known: &Automaton,
        discover: &discover::Discover,
        text: &[u8],
        look: &mut dyn FnMut(usize) -> usize,
    ) -> u64 {
        let mut candidates = 0;
        let mut from = 0;
        let mut next_known = known.next(text, from);
        loop {
            // It may be far away: what is found before it does not change where it is.
            if next_known.is_some_and(|start| start < from) {
                next_known = known.next(text, from);
            }
            let limit = next_known.unwrap_or(text.len());
            let value = discover.next(&self.slots, text, from, limit);
            let Some(start) = value.or(next_known) else {
                return candidates;
            };
            candidates += 1;
            from = look(start);
        }
    }

    /// What to report of what stands at `start`.
    fn matched(&self, text: &[u8], start: usize, standing: Standing) -> Option<Match> {
        let (kind, range) = match standing {
            Standing::Known(id, end) => (Kind::Known(id), start..end),
            Standing::Unknown(range) => (Kind::Unknown, range),
            Standing::TooLong(_) => return None,
        };
        if self.links.hold(text, start) {
            return None;
        }
        // A code with a dot in it always is; another where it stands in a slot.
        let confirmed = self.has_dot(text, kind, &range) || self.slots.holds(text, start);
        Some(Match {
            kind,
            range,
            confirmed,
        })
    }

    #[inline]
    fn standing(&self, text: &[u8], start: usize) -> Option<Standing> {
        self.dictionary.look_up(text, start).or_else(|| {
            let range = self.discover.as_ref()?.code_at(text, start)?;
            self.slots
                .holds(text, start)
                .then_some(Standing::Unknown(range))
        })
    }

    fn has_dot(&self, text: &[u8], kind: Kind, range: &Range<usize>) -> bool {
        match kind {
            Kind::Known(id) => id >= self.first_dotted,
            Kind::Unknown => text[range.clone()].contains(&b'.'),
        }
    }
}

/// All codes but HTTP statuses, in the order of their ids.
fn distinct_codes(catalog: &Catalog) -> Vec<Code> {
    let entries = (0..).map(EntryId).zip(catalog.entries());
    let matched = entries.filter(|(_, entry)| !entry.is_http_status());
    let mut owned: Vec<(bool, &str, &str, EntryId)> = matched
        .map(|(id, entry)| (entry.code.contains('.'), &*entry.code, &*entry.provider, id))
        .collect();
    owned.sort_unstable();
    owned
        .chunk_by(|(_, code, ..), (_, other, ..)| code == other)
        .map(|owned| Code {
            text: owned[0].1.into(),
            is_dotted: owned[0].0,
            entries: owned.iter().map(|(.., id)| *id).collect(),
        })
        .collect()
}

/// What every code begins with, known or of a known family.
fn needles<'c>(codes: &'c [Code], families: &'c [Family], options: MatchOptions) -> Needles<'c> {
    let codes = codes.iter().map(|code| code.text.as_bytes());
    let whole = codes.clone().map(Needle::Borrowed);
    let beginnings = families.iter().flat_map(beginnings_of_family);
    let openings = families.iter().flat_map(openings_of_family);
    Needles {
        beginnings: whole.clone().chain(beginnings).collect(),
        openings: whole.chain(openings).collect(),
        codes: codes.collect(),
        families: families
            .iter()
            .map(|family| family.name.as_bytes())
            .collect(),
        is_stepwise: options.discover,
    }
}

/// What the codes of a family begin with: its name and a dot, and what follows where that is short.
fn beginnings_of_family<'n>(family: &Family) -> Vec<Needle<'n>> {
    let name = format!("{}.", family.name).into_bytes();
    if name.len() > SHORT_BYTES {
        return vec![name.into()];
    }
    let digits = (b'0'..=b'9').filter(|_| family.numeric);
    let capitals = (b'A'..=b'Z').filter(|_| family.named);
    let extended = |next: u8| [name.as_slice(), &[next]].concat().into();
    digits.chain(capitals).map(extended).collect()
}

/// What the codes of a family begin with when any digit may stand for any other.
fn openings_of_family<'n>(family: &Family) -> Vec<Needle<'n>> {
    let numeric = family.numeric.then(|| "0".repeat(MIN_DIGITS));
    let named = family.named.then(String::new);
    let extended = numeric.into_iter().chain(named);
    extended
        .map(|extension| format!("{}.{extension}", family.name).into_bytes().into())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the built-in codes are made of, what stands around them, and what is nearly one.
    const PIECES: [&str; 26] = [
        "APIG.1002",
        "APIG.",
        "APIG.3999",
        "APIG",
        "UC.0001",
        "UC.00011055",
        "FailedOperation",
        ".NodeNotEmpty",
        "InternalError",
        "LimitExceeded",
        "Organizations.",
        "1003",
        ".Please",
        "\\n",
        "\\u003c",
        "\\u",
        "ESC",
        "%22",
        "&lt;",
        "[31m",
        "ESC[0m",
        "\"code\":\"",
        "code=",
        "troubleshoot?q=",
        " ",
        "\n",
    ];

    #[test]
    fn text_that_is_rich_in_fragments_may_end_within_an_escape() {
        let catalog = Catalog::builtin().expect("the catalogue is sound");
        let matcher = Matcher::new(&catalog, MatchOptions::default());
        for end in [
            "\\", "\\x", "\\u", "\\u0\n", "%", "%2", "%25", "[", "[3", "[31",
        ] {
            let text = "APIG.APIG ".repeat(6000) + "APIG.1002 " + end;
            let mut found = Vec::new();

            matcher.scan(text.as_bytes(), |matched| found.push(matched.range.start));

            assert_eq!(found, [60_000], "{end}");
        }
    }

    proptest! {
        #[test]
        fn parts_that_are_rich_in_fragments_change_nothing(
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60),
            bytes in 1..200usize,
            rich in 0..9usize,
        ) {
            let text = pieces.concat().into_bytes();
            let catalog = Catalog::builtin().expect("the catalogue is sound");
            let mut matcher = Matcher::new(&catalog, MatchOptions::default());
            let all = |matcher: &Matcher| {
                let mut all = Vec::new();
                let effort = matcher.scan(&text, |found| all.push(found));
                (all, effort.verified)
            };
            let expected = all(&matcher);

            let Engine::Cover(cover) = matcher.engine else {
                panic!("{}", matcher.describe())
            };
            matcher.engine = Engine::Cover(Box::new(cover.in_parts(bytes, rich)));

            prop_assert_eq!(all(&matcher), expected, "{}", text.escape_ascii());
        }
    }
}
