//! Whose code it is: evidence for a provider, or against all of them, on the code's own line.
//!
//! The evidence itself is data, in `patterns/*/provider.json`. A provider
//! without entries is contrary evidence: what it shows belongs to no catalogue.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::key::{key, nested};
use crate::catalog::{Catalog, Evidence};

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
    anchors: Vec<Anchor>,
    automaton: AhoCorasick,
    /// How many parts each group of texts has that must all be there.
    groups: Vec<(Witness, usize)>,
    spots: Vec<Spot>,
    parts: Vec<(usize, usize, Range<usize>)>,
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
            .match_kind(MatchKind::Standard)
            .build(&finder.texts)
            .expect("the evidence of a few providers makes a small automaton");
        EvidenceFinder {
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
        for found in self.automaton.find_overlapping_iter(line) {
            let anchor = &self.anchors[found.pattern().as_usize()];
            let range = found.range();
            match &anchor.form {
                Form::Text => self.spots.push(Spot {
                    witness: anchor.witness,
                    range,
                }),
                Form::All { group, index } => self.parts.push((*group, *index, range)),
                Form::Nested(outer) => {
                    if let Some(range) = nested(line, range, outer) {
                        self.spots.push(Spot {
                            witness: anchor.witness,
                            range,
                        });
                    }
                }
                Form::Key { host_name } => {
                    if let Some(range) = key(line, range, *host_name) {
                        self.spots.push(Spot {
                            witness: anchor.witness,
                            range,
                        });
                    }
                }
            }
        }
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
    texts: Vec<String>,
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
        self.texts.push(text.to_owned());
        self.anchors.push(Anchor { witness, form });
    }
}
