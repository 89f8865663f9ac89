//! Tells which inputs results share: they would be counted twice.

use std::collections::{HashMap, HashSet};

use super::result::{Input, InputState, ScanResult};

/// What is noted where inputs of one path cannot be told apart.
const UNIDENTIFIED: &str = "some results hold inputs of the same name without an identity, as states do: \
     whether one of them is counted twice is not known";

/// What is noted where inputs are not listed.
const FOLDED: &str = "some results do not list all of their inputs, since there are too many: \
     whether some of these are counted twice is not known";

/// What tells an input from others.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// The path and the text's own identity.
    Text(String, String),
    /// The path and the counts, where the text's identity is not known: another host may have a file
    /// of the same path.
    Path(String, Counts),
    /// The counts of inputs that are folded into one entry.
    Folded(InputState, u64, Counts),
}

/// Bytes, lines and matches.
type Counts = (u64, u64, u64);

impl Identity {
    /// The identity of `input`; empty ones are all alike and count nothing.
    fn of(input: &Input) -> Option<Self> {
        if input.bytes == 0 {
            return None;
        }
        let counts = (input.bytes, input.lines, input.matches);
        Some(match (input.folded, &input.id) {
            (Some(number), _) => Identity::Folded(input.state, number, counts),
            (None, Some(id)) => Identity::Text(input.path.clone(), id.clone()),
            (None, None) => Identity::Path(input.path.clone(), counts),
        })
    }

    fn name(&self) -> String {
        match self {
            Identity::Text(path, _) | Identity::Path(path, _) => format!("the input '{path}'"),
            Identity::Folded(_, number, _) => format!("the entry of {number} folded inputs"),
        }
    }
}

/// The inputs of the results so far.
#[derive(Default)]
pub(super) struct Inputs {
    /// The result in which each was seen first.
    seen: HashMap<Identity, String>,
    /// The paths of those with an identity, and of those without.
    identified: HashSet<String>,
    unidentified: HashSet<String>,
    folds: bool,
}

impl Inputs {
    /// An input that `result` shares with an earlier one, and that one's name.
    pub(super) fn shared(&self, result: &ScanResult) -> Option<(String, &str)> {
        let mut identities = result.inputs.iter().filter_map(Identity::of);
        identities.find_map(|identity| {
            let earlier = self.seen.get(&identity)?;
            Some((identity.name(), earlier.as_str()))
        })
    }

    /// Adds the inputs of the result `name`. Returns notes on what cannot be known about them.
    pub(super) fn add(&mut self, name: &str, result: &ScanResult) -> Vec<String> {
        let counted = || result.inputs.iter().filter(|input| input.bytes > 0);
        let folds = counted().any(|input| input.folded.is_some());
        let mut notes = Vec::new();
        if !self.seen.is_empty() && (self.folds || folds) {
            notes.push(FOLDED.to_owned());
        }
        if counted().any(|input| self.is_doubtful(input)) {
            notes.push(UNIDENTIFIED.to_owned());
        }
        self.folds |= folds;
        for input in counted().filter(|input| input.folded.is_none()) {
            let paths = match input.id {
                Some(_) => &mut self.identified,
                None => &mut self.unidentified,
            };
            paths.insert(input.path.clone());
        }
        let identities = result.inputs.iter().filter_map(Identity::of);
        self.seen
            .extend(identities.map(|identity| (identity, name.to_owned())));
        notes
    }

    /// Whether an input has the path of an earlier one, and one of them no identity.
    fn is_doubtful(&self, input: &Input) -> bool {
        let is_unidentified = self.unidentified.contains(&input.path);
        input.folded.is_none()
            && (is_unidentified || input.id.is_none() && self.identified.contains(&input.path))
    }
}
