//! Tells which inputs results share: they would be counted twice.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::result::{Input, InputState, ScanResult};
use crate::error::Error;
use crate::input::names_of_copies;
use crate::wording::{Note, notes};

/// How many paths a note names.
const NAMED_PATHS: usize = 10;

/// What is noted of paths, sorted, whose content is equal: two hosts may write the same.
pub(crate) fn equal_content(paths: &[&str]) -> Note {
    let shown = &paths[..paths.len().min(NAMED_PATHS)];
    let named = shown.join(", ");
    match paths.len() - shown.len() {
        0 => notes::equal_content(&named),
        more => notes::equal_content_of_many(&named, more),
    }
}

/// What tells an input from others.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// The path and the text's own identity.
    Text(String, String),
    /// The path, where reading began and the counts, where the text's identity is not known: another host may
    /// have a file of the same path, and another part of it may have been read.
    Path(String, Option<u64>, Counts),
    /// The counts of inputs that are folded into one entry.
    Folded(InputState, u64, Counts),
}

/// Bytes, lines and matches.
type Counts = (u64, u64, u64);

impl Identity {
    /// The identity of `input`; empty ones are all alike and count nothing. What is counted elsewhere has one.
    fn of(input: &Input) -> Option<Self> {
        let is_counted =
            input.bytes > 0 || input.state == InputState::Duplicate && input.id.is_some();
        if !is_counted {
            return None;
        }
        let counts = (input.bytes, input.lines, input.matches);
        Some(match (input.folded, &input.id) {
            (Some(number), _) => Identity::Folded(input.state, number, counts),
            (None, Some(id)) => Identity::Text(plain(&input.path), id.clone()),
            (None, None) => Identity::Path(plain(&input.path), input.offset, counts),
        })
    }

    /// The same under the names of compressed copies, and under that of the file of which this is one: a scan
    /// of both counts one of them.
    fn copies(&self) -> Vec<Identity> {
        match self {
            Identity::Text(path, id) => names_of_copies(path)
                .map(|path| Identity::Text(path, id.clone()))
                .collect(),
            Identity::Path(..) | Identity::Folded(..) => Vec::new(),
        }
    }
}

/// An input that a result shares with the one of this name.
pub(super) struct Shared<'e> {
    identity: Identity,
    earlier: &'e str,
}

impl Shared<'_> {
    /// Why the result `name` is refused.
    pub(super) fn refusal(&self, name: String) -> Error {
        let input = match &self.identity {
            Identity::Text(path, _) | Identity::Path(path, ..) => format!("the input '{path}'"),
            Identity::Folded(_, number, _) => format!("the entry of {number} folded inputs"),
        };
        let problem = format!(
            "shares {input} with {}, so it would be counted twice; \
             use --overlap skip to leave the later result out",
            self.earlier
        );
        Error::Result {
            path: name,
            problem,
        }
    }

    /// That the result `name` is left out, and why.
    pub(super) fn note(&self, name: &str) -> Note {
        match &self.identity {
            Identity::Text(path, _) | Identity::Path(path, ..) => {
                notes::shares_input(name, path, self.earlier)
            }
            Identity::Folded(_, number, _) => notes::shares_folded(name, *number, self.earlier),
        }
    }
}

/// `path` without the `./` before it.
fn plain(path: &str) -> String {
    path.trim_start_matches("./").to_owned()
}

/// The inputs of the results so far.
#[derive(Default)]
pub(super) struct Inputs {
    /// The result in which each was seen first.
    seen: HashMap<Identity, String>,
    /// The paths of those with an identity, and of those without.
    identified: HashSet<String>,
    unidentified: HashSet<String>,
    /// The paths of each content.
    contents: BTreeMap<String, BTreeSet<String>>,
    /// The content that a path had last, for each time of the first match of its result, if it has one.
    first_times: HashMap<(String, Option<String>), String>,
    folds: bool,
}

impl Inputs {
    /// An input that `result` shares with an earlier one.
    pub(super) fn shared(&self, result: &ScanResult) -> Option<Shared<'_>> {
        let mut identities = result.inputs.iter().filter_map(Identity::of);
        identities.find_map(|identity| {
            let same = self.seen.get(&identity);
            let earlier = same.or_else(|| {
                identity
                    .copies()
                    .iter()
                    .find_map(|copy| self.seen.get(copy))
            })?;
            Some(Shared { identity, earlier })
        })
    }

    /// Adds the inputs of the result `name`. Returns notes on what cannot be known about them.
    pub(super) fn add(&mut self, name: &str, result: &ScanResult) -> Vec<Note> {
        let counted = || result.inputs.iter().filter(|input| input.bytes > 0);
        let folds = counted().any(|input| input.folded.is_some());
        let mut told = Vec::new();
        if !self.seen.is_empty() && (self.folds || folds) {
            told.push(notes::folded_inputs());
        }
        if counted().any(|input| self.is_doubtful(input)) {
            told.push(notes::unidentified_inputs());
        }
        self.folds |= folds;
        let first = result.time.first.as_deref();
        told.extend(counted().filter_map(|input| self.growth(input, first)));
        for input in counted().filter(|input| input.folded.is_none()) {
            let path = plain(&input.path);
            let Some(id) = &input.id else {
                self.unidentified.insert(path);
                continue;
            };
            let paths = self.contents.entry(id.clone()).or_default();
            paths.insert(path.clone());
            let key = (path.clone(), first.map(str::to_owned));
            self.first_times.insert(key, id.clone());
            self.identified.insert(path);
        }
        let identities = result.inputs.iter().filter_map(Identity::of);
        self.seen
            .extend(identities.map(|identity| (identity, name.to_owned())));
        told
    }

    /// A note where `input`, of a result whose first match is of the time `first`, may have grown since an earlier one.
    fn growth(&self, input: &Input, first: Option<&str>) -> Option<Note> {
        let key = (plain(&input.path), first.map(str::to_owned));
        let earlier = self.first_times.get(&key).filter(|_| input.matches > 0)?;
        let has_other = input.id.as_ref().is_some_and(|id| id != earlier);
        has_other.then(|| notes::grown(&key.0))
    }

    /// Notes on content that stands under several paths.
    pub(super) fn equal_contents(&self) -> impl Iterator<Item = Note> + '_ {
        let several = self.contents.values().filter(|paths| paths.len() > 1);
        several.map(|paths| {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            equal_content(&paths)
        })
    }

    /// Whether an input has the path of an earlier one, and one of them no identity.
    fn is_doubtful(&self, input: &Input) -> bool {
        let path = plain(&input.path);
        let is_unidentified = self.unidentified.contains(&path);
        input.folded.is_none()
            && (is_unidentified || input.id.is_none() && self.identified.contains(&path))
    }
}
