//! Whose code it is: evidence for a provider, or against all of them, on the code's own line.
//!
//! The evidence itself is data, in `patterns/*/provider.json`. A provider
//! without entries is contrary evidence: what it shows belongs to no catalogue.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

use super::key::{key, nested};
use crate::catalog::{Catalog, Evidence};
use crate::matcher::Forms;

/// How far from a code evidence counts, in bytes.
pub(crate) const EVIDENCE_BYTES: usize = 64 * 1024;

/// A provider's place among all providers; `None` is contrary evidence.
pub(crate) type Witness = Option<u16>;

/// Evidence on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spot {
    witness: Witness,
    range: Range<usize>,
}

/// What an anchor text may be part of.
#[derive(Clone, Debug)]
struct Anchor {
    text: Box<[u8]>,
    witness: Witness,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Text,
    /// Part `index` of the parts with this number that must all be there.
    All {
        group: usize,
        index: usize,
    },
    /// The last of nested keys; the outer ones, innermost first.
    Nested(Vec<String>),
    Key {
        host_name: bool,
    },
}

/// Finds evidence. One per worker; reuses its memory from line to line.
#[derive(Clone, Debug)]
pub(crate) struct EvidenceFinder {
    forms: Forms,
    anchors: Vec<Anchor>,
    /// Finds where an anchor begins; of several at one place it names one.
    automaton: AhoCorasick,
    /// How many parts each group of texts has that must all be there.
    groups: Vec<(Witness, usize)>,
    spots: Vec<Spot>,
    parts: Vec<Part>,
}

impl EvidenceFinder {
    /// Takes over the evidence of every provider of `catalog`.
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut finder = Anchors::default();
        for (number, provider) in (0..).zip(catalog.providers()) {
            let witness = (!provider.contrary).then_some(number);
            for evidence in &provider.evidence {
                finder.add(witness, evidence);
            }
        }
        let automaton = AhoCorasick::builder()
            // With this kind the crate looks for a few rare bytes first.
            .match_kind(MatchKind::LeftmostFirst)
            // Built in a third of the time that a DFA takes, and read at the same rate behind that look.
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(finder.anchors.iter().map(|anchor| &anchor.text))
            .expect("the evidence of a few providers makes a small automaton");
        EvidenceFinder {
            forms: Forms::new(catalog.providers()),
            anchors: finder.anchors,
            automaton,
            groups: finder.groups,
            spots: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Reads the evidence of `line`, for the following calls of [`EvidenceFinder::nearest`].
    pub(crate) fn read(&mut self, line: &[u8]) {
        self.spots.clear();
        self.parts.clear();
        let mut from = 0;
        while let Some(found) = self.automaton.find(Input::new(line).range(from..)) {
            let rest = &line[found.start()..];
            for anchor in &self.anchors {
                if rest.first() == anchor.text.first() && rest.starts_with(&anchor.text) {
                    let range = found.start()..found.start() + anchor.text.len();
                    note(line, anchor, range, &mut self.spots, &mut self.parts);
                }
            }
            from = found.start() + 1;
        }
    }

    /// The provider in whose form of an exception the `code` of `line` stands.
    pub(crate) fn by_form(&self, line: &[u8], code: &Range<usize>) -> Option<Witness> {
        self.forms.provider_at(line, code.start).map(Some)
    }

    /// The nearest evidence to `code`: for a provider, or else against all of them.
    pub(crate) fn nearest(&self, code: &Range<usize>) -> Option<Witness> {
        let single = self
            .spots
            .iter()
            .map(|spot| (spot.witness, distance(&spot.range, code)));
        let grouped = (0..)
            .zip(&self.groups)
            .filter_map(|(group, &(witness, parts))| {
                Some((witness, self.group_distance(group, parts, code)?))
            });
        let near = single
            .chain(grouped)
            .filter(|(_, (bytes, _))| *bytes <= EVIDENCE_BYTES);
        near.min_by_key(|&(witness, distance)| (witness.is_none(), distance, witness))
            .map(|(witness, _)| witness)
    }

    fn group_distance(
        &self,
        group: usize,
        parts: usize,
        code: &Range<usize>,
    ) -> Option<(usize, bool)> {
        let part = |index: usize| {
            let found = self
                .parts
                .iter()
                .filter(move |part| (part.0, part.1) == (group, index));
            found
                .map(|part| distance(&part.2, code))
                .filter(|(bytes, _)| *bytes <= EVIDENCE_BYTES)
                .min()
        };
        let first = part(0)?;
        (1..parts).try_fold(first, |nearest, index| Some(nearest.min(part(index)?)))
    }
}

/// A part of a group of texts: the group, the part's place in it, and where it stands.
type Part = (usize, usize, Range<usize>);

/// Notes the evidence that `anchor` is where it stands at `range`, if it is any there.
fn note(
    line: &[u8],
    anchor: &Anchor,
    range: Range<usize>,
    spots: &mut Vec<Spot>,
    parts: &mut Vec<Part>,
) {
    let range = match &anchor.form {
        Form::Text => Some(range),
        Form::All { group, index } => return parts.push((*group, *index, range)),
        Form::Nested(outer) => nested(line, range, outer),
        Form::Key { host_name } => key(line, range, *host_name),
    };
    spots.extend(range.map(|range| Spot {
        witness: anchor.witness,
        range,
    }));
}

/// How far `spot` is from `code`, and whether it stands after it: before wins a tie.
fn distance(spot: &Range<usize>, code: &Range<usize>) -> (usize, bool) {
    let after = spot.start >= code.start;
    let bytes = if after {
        spot.start.saturating_sub(code.end)
    } else {
        code.start.saturating_sub(spot.end)
    };
    (bytes, after)
}

#[derive(Default)]
struct Anchors {
    anchors: Vec<Anchor>,
    groups: Vec<(Witness, usize)>,
}

impl Anchors {
    fn add(&mut self, witness: Witness, evidence: &Evidence) {
        match evidence {
            Evidence::Text(text) => self.push(text, witness, Form::Text),
            Evidence::All(texts) => {
                let group = self.groups.len();
                self.groups.push((witness, texts.len()));
                for (index, text) in texts.iter().enumerate() {
                    self.push(text, witness, Form::All { group, index });
                }
            }
            Evidence::Nested(keys) => {
                if let Some((last, outer)) = keys.split_last() {
                    self.push(
                        last,
                        witness,
                        Form::Nested(outer.iter().rev().cloned().collect()),
                    );
                }
            }
            Evidence::Key { key, host_name } => self.push(
                key,
                witness,
                Form::Key {
                    host_name: *host_name,
                },
            ),
        }
    }

    fn push(&mut self, text: &str, witness: Witness, form: Form) {
        self.anchors.push(Anchor {
            text: text.as_bytes().into(),
            witness,
            form,
        });
    }
}
