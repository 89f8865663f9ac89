//! Which texts were counted under more than one path.

use std::collections::HashMap;
use std::sync::Arc;

use crate::input::TextId;
use crate::tally::equal_content;
use crate::wording::{Note, notes};

/// The most inputs that are compared, for the sake of memory.
const MAX_COMPARED: usize = 100_000;

/// Paths by the identity of their text.
#[derive(Debug, Default)]
pub(super) struct Contents {
    paths: HashMap<TextId, Vec<Arc<str>>, foldhash::fast::FixedState>,
    compared: usize,
}

impl Contents {
    /// Adds a text that is counted. Empty ones are all alike.
    pub(super) fn add(&mut self, id: TextId, path: &Arc<str>) {
        if id.is_empty() {
            return;
        }
        self.compared += 1;
        match self.compared {
            ..=MAX_COMPARED => self.paths.entry(id).or_default().push(Arc::clone(path)),
            // Which were the first would depend on the order of reading.
            _ => self.paths = HashMap::default(),
        }
    }

    /// A note for each text that was counted under more than one path.
    pub(super) fn notes(&self) -> Vec<Note> {
        if self.compared > MAX_COMPARED {
            return vec![notes::content_not_compared(MAX_COMPARED)];
        }
        let equal = self.paths.values().filter(|paths| paths.len() > 1);
        let mut told: Vec<Note> = equal
            .map(|paths| {
                let mut paths: Vec<&str> = paths.iter().map(|path| &**path).collect();
                paths.sort_unstable();
                equal_content(&paths)
            })
            .collect();
        told.sort();
        told
    }
}
