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
    /// What stands on a line for each provider, and last of all against them.
    spots: Vec<Spots>,
    groups: Vec<Group>,
    /// Whether anything does: on many lines nothing.
    has_any: bool,
}

/// Texts that must all be there.
#[derive(Clone, Debug)]
struct Group {
    witness: Witness,
    parts: Vec<Spots>,
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
            spots: vec![Spots::default(); catalog.providers().len() + 1],
            groups: finder.groups,
            has_any: false,
        }
    }

    /// Reads the evidence of `line`, for the following calls of [`EvidenceFinder::nearest`].
    pub(crate) fn read(&mut self, line: &[u8]) {
        if std::mem::take(&mut self.has_any) {
            self.all_spots().for_each(Spots::clear);
        }
        let mut from = 0;
        while let Some(found) = self.automaton.find(Input::new(line).range(from..)) {
            let rest = &line[found.start()..];
            for anchor in &self.anchors {
                if rest.first() == anchor.text.first() && rest.starts_with(&anchor.text) {
                    let range = found.start()..found.start() + anchor.text.len();
                    note(line, anchor, range, &mut self.spots, &mut self.groups);
                }
            }
            from = found.start() + 1;
            self.has_any = true;
        }
        if self.has_any {
            self.all_spots().for_each(Spots::settle);
        }
    }

    fn all_spots(&mut self) -> impl Iterator<Item = &mut Spots> {
        let parts = self.groups.iter_mut().flat_map(|group| &mut group.parts);
        self.spots.iter_mut().chain(parts)
    }

    /// The provider in whose form of an exception the `code` of `line` stands.
    pub(crate) fn by_form(&self, line: &[u8], code: &Range<usize>) -> Option<Witness> {
        self.forms.provider_at(line, code.start).map(Some)
    }

    /// The nearest evidence to `code`: for a provider, or else against all of them, or what speaks
    /// against them right before the code, as `Error from server (` does.
    pub(crate) fn nearest(&self, code: &Range<usize>) -> Option<Witness> {
        if !self.has_any {
            return None;
        }
        let single = (0..).zip(&self.spots).filter_map(|(number, spots)| {
            let is_provider = number + 1 < self.spots.len();
            let witness = u16::try_from(number).ok().filter(|_| is_provider);
            Some((witness, spots.nearest(code)?))
        });
        let grouped = self.groups.iter().filter_map(|group| {
            let parts = group.parts.iter().map(|spots| spots.nearest(code));
            let nearest = parts.reduce(|one, other| Some(one?.min(other?)))??;
            Some((group.witness, nearest))
        });
        // What speaks against all of them comes last, unless the code is the next word in it.
        let is_weak = |witness: Witness, distance| witness.is_none() && distance != (0, false);
        single
            .chain(grouped)
            .min_by_key(|&(witness, distance)| (is_weak(witness, distance), distance, witness))
            .map(|(witness, _)| witness)
    }
}

/// Where evidence of one kind stands on a line, which may hold many.
#[derive(Clone, Debug, Default)]
struct Spots {
    /// In the order of their beginnings.
    ranges: Vec<Range<usize>>,
    /// How far those up to each reach.
    reached: Vec<usize>,
}

impl Spots {
    fn clear(&mut self) {
        self.ranges.clear();
        self.reached.clear();
    }

    /// Makes ready what was added.
    fn settle(&mut self) {
        self.ranges.sort_by_key(|range| range.start);
        let reach = |reached: &mut usize, range: &Range<usize>| {
            *reached = range.end.max(*reached);
            Some(*reached)
        };
        self.reached.extend(self.ranges.iter().scan(0, reach));
    }

    /// How far the nearest is from `code`, and whether it stands after it: before wins a tie.
    fn nearest(&self, code: &Range<usize>) -> Option<(usize, bool)> {
        let behind = self
            .ranges
            .partition_point(|range| range.start < code.start);
        let next = self.ranges.get(behind);
        let mut nearest = next.map(|range| (range.start.saturating_sub(code.end), true));
        for at in (0..behind).rev() {
            let least = (code.start.saturating_sub(self.reached[at]), false);
            if nearest.is_some_and(|nearest| nearest <= least) {
                break;
            }
            let distance = (code.start.saturating_sub(self.ranges[at].end), false);
            nearest = Some(nearest.map_or(distance, |nearest| nearest.min(distance)));
        }
        nearest.filter(|(bytes, _)| *bytes <= EVIDENCE_BYTES)
    }
}

/// Notes the evidence that `anchor` is where it stands at `range`, if it is any there.
fn note(
    line: &[u8],
    anchor: &Anchor,
    range: Range<usize>,
    spots: &mut [Spots],
    groups: &mut [Group],
) {
    let range = match &anchor.form {
        Form::Text => Some(range),
        Form::All { group, index } => return groups[*group].parts[*index].ranges.push(range),
        Form::Nested(outer) => nested(line, range, outer),
        Form::Key { host_name } => key(line, range, *host_name),
    };
    let against = spots.len() - 1;
    let of_witness = anchor.witness.map_or(against, usize::from);
    spots[of_witness].ranges.extend(range);
}

#[derive(Default)]
struct Anchors {
    anchors: Vec<Anchor>,
    groups: Vec<Group>,
}

impl Anchors {
    fn add(&mut self, witness: Witness, evidence: &Evidence) {
        match evidence {
            Evidence::Text(text) => self.push(text, witness, Form::Text),
            Evidence::All(texts) => {
                let group = self.groups.len();
                let parts = vec![Spots::default(); texts.len()];
                self.groups.push(Group { witness, parts });
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_nearest_of_many_is_found_without_a_look_at_all(
            ranges in prop::collection::vec((0..200_usize, 0..40_usize), 0..30),
            (start, len) in (0..200_usize, 1..20_usize),
        ) {
            let code = start..start + len;
            let ranges = ranges.into_iter().map(|(start, len)| start..start + len);
            let mut spots = Spots { ranges: ranges.collect(), ..Spots::default() };
            let distance = |range: &Range<usize>| match range.start >= code.start {
                true => (range.start.saturating_sub(code.end), true),
                false => (code.start.saturating_sub(range.end), false),
            };
            let expected = spots.ranges.iter().map(distance).min();

            spots.settle();

            prop_assert_eq!(spots.nearest(&code), expected);
        }
    }
}
