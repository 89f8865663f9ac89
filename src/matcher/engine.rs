//! Finds the places at which a code might begin.
//!
//! An engine may yield places where none does; it never passes over one where
//! one does. What stands there is for the dictionary to say, so engines differ in
//! speed alone.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, Span, StartKind, packed};

use super::cover::{MIN_FRAGMENT_BYTES, cover};
use super::escape::{MAX_ESCAPE_BYTES, is_escaped};
use super::token::is_word;

/// The most beginnings for which a DFA is built: its memory and build time grow with them.
const MAX_DFA_BEGINNINGS: usize = 5_000;

/// Where to look next.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    /// For codes that begin with a token of some length.
    fragments: Option<Fragments>,
    /// For all others.
    automaton: Option<AhoCorasick>,
    description: String,
}

/// Finds fragments of codes; a code can only begin where the token begins that holds the fragment.
#[derive(Clone, Debug)]
struct Fragments {
    searcher: packed::Searcher,
    /// How far behind a code's beginning its fragment may end.
    reach: usize,
}

impl Engine {
    /// Builds an engine that finds every occurrence of every one of `beginnings`.
    pub(crate) fn new(beginnings: Vec<&[u8]>) -> Self {
        let needles = without_extensions(beginnings);
        let (tokens, others): (Vec<&[u8]>, Vec<&[u8]>) =
            needles.iter().partition(|needle| begins_token(needle));
        let mut chosen = Vec::new();
        let fragments = Fragments::new(&tokens, &mut chosen);
        let rest = if fragments.is_some() { others } else { needles };
        let automaton = (!rest.is_empty()).then(|| automaton(&rest));
        let description = describe(
            fragments.is_some().then_some(chosen.as_slice()),
            tokens.len(),
            automaton.as_ref(),
            rest.len(),
        );
        Engine {
            fragments,
            automaton,
            description,
        }
    }

    /// The places in `text` at which a code might begin.
    pub(crate) fn places<'e>(&'e self, text: &'e [u8]) -> Places<'e> {
        Places {
            engine: self,
            text,
            other: None,
            is_searched: false,
        }
    }

    /// What was chosen, for people who measure.
    pub(crate) fn describe(&self) -> &str {
        &self.description
    }
}

/// Goes through a text from place to place.
#[derive(Debug)]
pub(crate) struct Places<'e> {
    engine: &'e Engine,
    text: &'e [u8],
    /// The next place that the automaton found, so that it reads each byte once.
    other: Option<usize>,
    is_searched: bool,
}

impl Places<'_> {
    /// The first place from `from` on, which never goes back.
    #[inline]
    pub(crate) fn next(&mut self, from: usize) -> Option<usize> {
        let other = self.next_other(from);
        let Some(fragments) = &self.engine.fragments else {
            return other;
        };
        let end = other.map_or(self.text.len(), |other| {
            self.text.len().min(other + fragments.reach)
        });
        let token = fragments.next(self.text, from, end);
        token.into_iter().chain(other).min()
    }

    fn next_other(&mut self, from: usize) -> Option<usize> {
        let automaton = self.engine.automaton.as_ref()?;
        let is_passed = self.other.is_some_and(|other| other < from);
        if !self.is_searched || is_passed {
            self.is_searched = true;
            self.other = automaton
                .find(Input::new(self.text).range(from..))
                .map(|found| found.start());
        }
        self.other
    }
}

impl Fragments {
    fn new<'t>(tokens: &[&'t [u8]], chosen: &mut Vec<&'t [u8]>) -> Option<Self> {
        *chosen = cover(tokens)?;
        let searcher = packed::Config::new()
            .builder()
            .extend(chosen.iter())
            .build()?;
        let longest = tokens.iter().map(|token| token.len()).max()?;
        Some(Fragments {
            searcher,
            reach: longest + MAX_ESCAPE_BYTES,
        })
    }

    /// The first place from `from` on where a token begins that holds a fragment before `end`.
    fn next(&self, text: &[u8], from: usize, end: usize) -> Option<usize> {
        let mut span = Span { start: from, end };
        loop {
            let fragment = self.searcher.find_in(text, span)?;
            let start = token_start(text, fragment.start(), self.reach);
            if let Some(start) = start.filter(|&start| start >= from) {
                return Some(start);
            }
            span.start = fragment.start() + 1;
        }
    }
}

/// The only place at most `reach` before `at` where a token may begin that holds the byte at `at`.
fn token_start(text: &[u8], at: usize, reach: usize) -> Option<usize> {
    let floor = at.saturating_sub(reach);
    let mut start = at;
    while start > floor {
        let before = text[start - 1];
        let joins = before == b'.' && start >= 2 && is_word(text[start - 2]);
        if !is_word(before) && !joins {
            break;
        }
        start -= 1;
        if start == floor && floor > 0 {
            return None;
        }
    }
    // The letters of an escape can only be the first ones of a run: `\nAPIG`.
    while start <= at && (is_escaped(text, start) || text[start] == b'.') {
        start += 1;
    }
    (start <= at).then_some(start)
}

/// Whether `text` begins with a token, and is long enough to hold a fragment.
fn begins_token(text: &[u8]) -> bool {
    text.len() >= MIN_FRAGMENT_BYTES
        && is_word(text[0])
        && text.iter().all(|&byte| is_word(byte) || byte == b'.')
        && !text.windows(2).any(|pair| pair == b"..")
}

fn automaton(needles: &[&[u8]]) -> AhoCorasick {
    let kind = (needles.len() <= MAX_DFA_BEGINNINGS).then_some(AhoCorasickKind::DFA);
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .start_kind(StartKind::Unanchored)
        .kind(kind)
        .build(needles)
        .expect("the codes of a catalogue are far fewer than an automaton has states")
}

fn describe(
    fragments: Option<&[&[u8]]>,
    tokens: usize,
    automaton: Option<&AhoCorasick>,
    others: usize,
) -> String {
    let fragments = fragments.map(|fragments| {
        format!(
            "packed, {} fragments for {tokens} beginnings",
            fragments.len()
        )
    });
    let automaton = automaton.map(|automaton| {
        let mebibytes = automaton.memory_usage() as f64 / f64::from(1 << 20);
        format!(
            "automaton {:?}, {others} beginnings, {mebibytes:.1} MiB",
            automaton.kind()
        )
    });
    fragments
        .into_iter()
        .chain(automaton)
        .collect::<Vec<_>>()
        .join("; ")
}

/// Drops every text that begins with another one of them: finding that one is enough.
fn without_extensions(mut texts: Vec<&[u8]>) -> Vec<&[u8]> {
    texts.sort_unstable();
    texts.dedup_by(|longer, shorter| longer.starts_with(shorter));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(beginnings: &[&str], text: &str) -> Vec<usize> {
        let engine = Engine::new(
            beginnings
                .iter()
                .map(|beginning| beginning.as_bytes())
                .collect(),
        );
        let mut search = engine.places(text.as_bytes());
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(place) = search.next(from) {
            places.push(place);
            from = place + 1;
        }
        places
    }

    #[test]
    fn extensions_of_another_beginning_are_not_searched_for() {
        let texts: Vec<&[u8]> = vec![
            b"FailedOperation.Foo",
            b"APIG.",
            b"FailedOperation",
            b"APIG.1002",
            b"APIGW.",
        ];

        assert_eq!(
            without_extensions(texts),
            [b"APIG.".as_slice(), b"APIGW.", b"FailedOperation"]
        );
    }

    #[test]
    fn a_place_inside_another_occurrence_is_found_too() {
        assert_eq!(places(&["nAPIG", "APIG"], r"\nAPIG"), [2]);
        assert_eq!(places(&["E 42", " 42"], "E 42"), [0, 1]);
    }

    #[test]
    fn a_fragment_leads_to_the_beginning_of_its_token() {
        let text = r"xAPIG APIG.1 \u003cAPIG %22APIG a..APIG .APIG ESC[1mAPIG";

        let expected: Vec<usize> = text
            .match_indices("APIG")
            .map(|(at, _)| at - usize::from(at == 1))
            .collect();
        assert_eq!(
            places(&["APIG."], &text.replace("APIG", "APIG.")).len(),
            expected.len()
        );
        assert_eq!(places(&["APIG"], text), expected);
    }

    #[test]
    fn other_beginnings_are_found_beside_fragments() {
        assert_eq!(
            places(&["APIG", "ORA-00942", "E "], "APIG ORA-00942 E APIG"),
            [0, 5, 15, 17]
        );
    }
}
