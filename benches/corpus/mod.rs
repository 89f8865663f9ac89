//! Texts to measure and test with: made up, of any size, always the same for the same seed.
//!
//! [`sparse`] and [`dense`] write log lines of many shapes and put codes into some of them.
//! By construction no other token of theirs is a code or extends the family of one, so
//! [`Corpus::matches`] is what every correct matcher finds. Codes stand between bytes
//! that no engine takes for letters of theirs (there are no `\n` or `%22` right before them),
//! so that counts of simpler engines can be compared.
#![allow(
    dead_code,
    unused_imports,
    reason = "each bench and test takes only a part of this module"
)]

mod catalog;
mod envelopes;
mod grammar;
mod hard;
mod random;
mod records;
mod template;

pub use catalog::large_catalog;
pub use hard::{Hard, adversarial};

use envelopes::Envelopes;
use random::Random;
use template::{Template, Writer};

/// In a sparse text one line of so many holds a code: 0.5 %.
pub const LINES_PER_CODE: u64 = 200;

/// A text and what is known of it because it was written so.
pub struct Corpus {
    /// The text; each line but possibly the last ends with `\n`.
    pub text: Vec<u8>,
    /// Occurrences of codes.
    pub matches: u64,
    /// Lines, with a last one that has no `\n`.
    pub lines: u64,
}

/// Ordinary log lines of which one in [`LINES_PER_CODE`] holds one of `codes`.
///
/// The text is the least whole number of runs of so many lines that reaches `bytes`.
pub fn sparse(bytes: usize, codes: &[String], seed: u64) -> Corpus {
    let mut ordinary = Ordinary::new();
    let coded = Envelopes::new(codes);
    let mut writer = Writer::new(bytes, seed);
    let mut places = Random::new(!seed);
    let (mut lines, mut matches) = (0, 0);
    while writer.text.len() < bytes {
        let place = places.below(LINES_PER_CODE);
        for line in 0..LINES_PER_CODE {
            if line == place {
                coded.write_line(&mut writer);
                matches += 1;
            } else {
                ordinary.write_line(&mut writer);
            }
            lines += 1;
        }
    }
    Corpus {
        text: writer.text,
        matches,
        lines,
    }
}

/// Log lines of which every one holds exactly one of `codes`; the last line is the one that reaches `bytes`.
pub fn dense(bytes: usize, codes: &[String], seed: u64) -> Corpus {
    let coded = Envelopes::new(codes);
    let mut writer = Writer::new(bytes, seed);
    let mut lines = 0;
    while writer.text.len() < bytes {
        coded.write_line(&mut writer);
        lines += 1;
    }
    Corpus {
        text: writer.text,
        matches: lines,
        lines,
    }
}

/// Writes records without codes line by line, so that a line of another kind may come between
/// the lines of a stack trace, as it does where several threads log.
struct Ordinary {
    records: Vec<Vec<Template>>,
    record: usize,
    line: usize,
}

impl Ordinary {
    fn new() -> Ordinary {
        let records: Vec<Vec<Template>> = records::RECORDS
            .iter()
            .map(|record| record.split('\n').map(Template::new).collect())
            .collect();
        let line = records[0].len();
        Ordinary {
            records,
            record: 0,
            line,
        }
    }

    fn write_line(&mut self, writer: &mut Writer) {
        if self.line == self.records[self.record].len() {
            self.record = writer.random.index(self.records.len());
            self.line = 0;
        }
        writer.line(&self.records[self.record][self.line], "");
        self.line += 1;
    }
}
