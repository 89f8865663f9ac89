//! Finds the places at which a code might begin.
//!
//! An engine may yield places where none does; it never passes over one where
//! one does. What stands there is for the dictionary to say, so engines differ in
//! speed alone.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, StartKind};

/// The most beginnings for which a DFA is built: beyond, its memory and build time grow too far.
const MAX_DFA_BEGINNINGS: usize = 5_000;

/// Where to look next.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    automaton: AhoCorasick,
    needles: usize,
}

impl Engine {
    /// Builds an engine that finds every occurrence of every one of `beginnings`.
    pub(crate) fn new(beginnings: Vec<&[u8]>) -> Self {
        let needles = without_extensions(beginnings);
        let kind = (needles.len() <= MAX_DFA_BEGINNINGS).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Unanchored)
            .kind(kind)
            .build(&needles)
            .expect("the codes of a catalogue are far fewer than an automaton has states");
        Engine {
            automaton,
            needles: needles.len(),
        }
    }

    /// The first place from `from` on at which a code might begin.
    #[inline]
    pub(crate) fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        self.automaton
            .find(Input::new(text).range(from..))
            .map(|found| found.start())
    }

    /// What was chosen, for people who measure.
    pub(crate) fn describe(&self) -> String {
        format!(
            "automaton: {:?}, {} beginnings, {:.1} MiB",
            self.automaton.kind(),
            self.needles,
            self.automaton.memory_usage() as f64 / (1 << 20) as f64
        )
    }
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
        let engine = Engine::new(vec![b"nAPIG", b"APIG"]);

        assert_eq!(engine.next(b"\\nAPIG", 0), Some(1));
        assert_eq!(engine.next(b"\\nAPIG", 2), Some(2));
        assert_eq!(engine.next(b"\\nAPIG", 3), None);
    }
}
