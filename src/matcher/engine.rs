//! Finds the places at which a code might begin.
//!
//! An engine may yield places where none does; it never passes over one where
//! one does. What stands there is for the dictionary to say, so engines differ in
//! speed alone. The catalogue decides which one is used.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, StartKind};

use super::cover::Cover;
use crate::wording::shown::phrases;

/// The most beginnings for which a DFA is built: beyond, its memory and build time grow too far.
const MAX_DFA_BEGINNINGS: usize = 5_000;

/// A text that is looked for: a code's own, or one made for a family.
pub(crate) type Needle<'c> = Cow<'c, [u8]>;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needles<'c> {
    /// Texts that a code may begin with; a code that begins with another one of them may be left out.
    pub(crate) beginnings: Vec<Needle<'c>>,
    /// What every code begins with, too, if its digits are taken for others; may be longer.
    pub(crate) openings: Vec<Needle<'c>>,
    /// All codes, whole.
    pub(crate) codes: Vec<&'c [u8]>,
    /// The names of all families.
    pub(crate) families: Vec<&'c [u8]>,
    /// Whether places are asked for one by one.
    pub(crate) is_stepwise: bool,
}

/// Where to look next.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    /// Fragments, for codes that are found by less than they begin with.
    Cover(Box<Cover>),
    /// All that codes begin with.
    Automaton(Automaton),
}

/// An automaton over all beginnings.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    automaton: AhoCorasick,
    needles: usize,
}

impl Engine {
    /// Builds an engine that finds every occurrence of every one of `needles`.
    pub(crate) fn new(needles: &Needles) -> Self {
        let cover = || Cover::new(&without_extensions(&needles.beginnings), needles);
        let cover = (!needles.is_stepwise).then(cover).flatten();
        cover.map_or_else(
            || Engine::Automaton(Automaton::new(&needles.beginnings)),
            |cover| Engine::Cover(Box::new(cover)),
        )
    }

    /// Calls `look` with every place at which a code might begin; `look` says from where on the next
    /// one is of interest. Returns how many places there were before anything was ruled out.
    #[inline]
    pub(crate) fn for_each(&self, text: &[u8], mut look: impl FnMut(usize) -> usize) -> u64 {
        match self {
            Engine::Cover(cover) => cover.for_each(text, |start| {
                look(start);
            }),
            Engine::Automaton(automaton) => {
                let mut candidates = 0;
                let mut from = 0;
                while let Some(start) = automaton.next(text, from) {
                    candidates += 1;
                    from = look(start);
                }
                candidates
            }
        }
    }

    /// What was chosen, for people who measure.
    pub(crate) fn describe(&self) -> String {
        let mebibytes = |bytes: usize| format!("{:.2}", bytes as f64 / (1 << 20) as f64);
        match self {
            Engine::Cover(cover) => {
                phrases::cover(cover.fragments(), &mebibytes(cover.memory_usage()))
            }
            Engine::Automaton(engine) => phrases::automaton(
                &format!("{:?}", engine.automaton.kind()),
                engine.needles,
                &mebibytes(engine.automaton.memory_usage()),
            ),
        }
    }
}

impl Automaton {
    pub(crate) fn new(beginnings: &[Needle]) -> Self {
        let needles = without_extensions(beginnings);
        let kind = (needles.len() <= MAX_DFA_BEGINNINGS).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Unanchored)
            .kind(kind)
            .build(&needles)
            .expect("the codes of a catalogue are far fewer than an automaton has states");
        Automaton {
            automaton,
            needles: needles.len(),
        }
    }

    /// The first place from `from` on at which a code might begin.
    #[inline]
    pub(crate) fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let found = self.automaton.find(Input::new(text).range(from..));
        found.map(|found| found.start())
    }
}

/// Drops every text that begins with another one of them: finding that one is enough.
fn without_extensions<'t>(texts: &'t [Needle]) -> Vec<&'t [u8]> {
    let mut texts: Vec<&[u8]> = texts.iter().map(AsRef::as_ref).collect();
    texts.sort_unstable();
    texts.dedup_by(|longer, shorter| longer.starts_with(shorter));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'t>(texts: &[&'t str]) -> Vec<Needle<'t>> {
        texts.iter().map(|text| text.as_bytes().into()).collect()
    }

    #[test]
    fn extensions_of_another_beginning_are_not_searched_for() {
        let texts = texts(&[
            "FailedOperation.Foo",
            "APIG.",
            "FailedOperation",
            "APIG.1002",
            "APIGW.",
        ]);

        assert_eq!(
            without_extensions(&texts),
            [b"APIG.".as_slice(), b"APIGW.", b"FailedOperation"]
        );
    }

    #[test]
    fn a_place_inside_another_occurrence_is_found_too() {
        let automaton = Automaton::new(&texts(&["nAPIG", "APIG"]));

        assert_eq!(automaton.next(b"\\nAPIG", 0), Some(1));
        assert_eq!(automaton.next(b"\\nAPIG", 2), Some(2));
        assert_eq!(automaton.next(b"\\nAPIG", 3), None);
    }

    #[test]
    fn the_catalogue_decides_which_engine_is_used() {
        let of = |beginnings: &[&str], is_stepwise| {
            let needles = Needles {
                beginnings: texts(beginnings),
                openings: texts(beginnings),
                is_stepwise,
                ..Needles::default()
            };
            matches!(Engine::new(&needles), Engine::Cover(_))
        };

        assert!(of(&["APIG.", "UC.0"], false));
        assert!(!of(&["APIG.", "E12"], false));
        assert!(!of(&["APIG."], true));
    }
}
