//! When matches were read whose lines have no time.

use std::collections::HashMap;

use jiff::Timestamp;

use super::result::{CodeRow, ScanResult};

impl ScanResult {
    /// Notes that all of this was read at `at`, which is told of codes whose lines have no time.
    pub fn note_reading(&mut self, at: Timestamp) {
        let rows = self.codes.iter_mut();
        for row in rows.filter(|row| row.count > 0 && row.last_seen.is_none()) {
            row.read_at = Some(at);
        }
    }

    /// Takes over when `part` was read, which is counted here too.
    pub fn take_reading(&mut self, part: &ScanResult) {
        let rows = part.codes.iter().map(|row| (key(row), row.read_at));
        let read_at: HashMap<_, _> = rows.collect();
        for row in &mut self.codes {
            let of_part = read_at.get(&key(row)).copied().flatten();
            row.read_at = row.read_at.max(of_part);
        }
    }
}

fn key(row: &CodeRow) -> (&str, Option<&str>, &[String]) {
    (&row.code, row.provider.as_deref(), &row.candidates)
}
