//! Plain lists of codes, one a line.

use foldhash::{HashMap, HashMapExt};

use super::check::code_faults;
use super::note::{Fold, Quoted, on_file};
use super::source::{Kind, Source};
use crate::wording::catalog::{no_codes, remarks};

/// A code and the line on which it stands first, from 1.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) code: String,
}

/// A list that is being read.
pub(super) struct List<'a> {
    name: &'a str,
    /// Lines read so far.
    lines: usize,
    /// The first line of each code.
    first: HashMap<String, usize>,
    repeats: Fold,
    faults: Vec<String>,
}

impl<'a> List<'a> {
    pub(super) fn new(name: &'a str) -> List<'a> {
        List {
            name,
            lines: 0,
            first: HashMap::new(),
            repeats: Fold::default(),
            faults: Vec::new(),
        }
    }

    /// Takes the next line, of which blanks around it are no part.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.lines += 1;
        let (name, number) = (self.name, self.lines);
        let line = match str::from_utf8(line) {
            Ok(line) => line.trim(),
            Err(error) => {
                let byte = error.valid_up_to() + 1;
                self.faults.push(format!(
                    "{name}: line {number}: invalid UTF-8 at byte {byte}, expected UTF-8"
                ));
                return;
            }
        };
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        if let Some(first) = self.first.get(line) {
            self.repeats
                .add(line, |code| remarks::repeats(number, code, *first));
            return;
        }
        let faults = code_faults(line)
            .map(|fault| format!("{name}: line {number} ({}): {fault}", Quoted(line)));
        self.faults.extend(faults);
        self.first.insert(line.to_owned(), number);
    }

    /// The codes in the order of their first lines, or every fault.
    pub(super) fn finish(self) -> Result<Source, Vec<String>> {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut notes: Vec<String> = self.repeats.note(self.name).into_iter().collect();
        if self.first.is_empty() {
            notes.push(on_file(self.name, &no_codes()));
        }
        let mut codes: Vec<Line> = self
            .first
            .into_iter()
            .map(|(code, number)| Line { number, code })
            .collect();
        codes.sort_unstable_by_key(|line| line.number);
        Ok(Source {
            kind: Kind::List(codes),
            notes,
        })
    }
}
