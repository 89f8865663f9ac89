//! The rows of known codes, found by the code's number: a code has few.

use std::mem::offset_of;

use super::RowKey;
use super::counted::CountedRow;
use crate::matcher::CodeId;

/// The rows of each code.
///
/// All rows stand together and the table of codes is small, since where codes are rare everything
/// between two of them has been read meanwhile, and each look at other memory is one at the slowest.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// The number of each code's first row; as many codes as there is a row for.
    firsts: Vec<Option<RowNumber>>,
    rows: Vec<Keyed>,
}

/// The number of a row, counted from 1.
type RowNumber = std::num::NonZeroU32;

/// A row with its key, and the next row of the same code: what most matches touch stands in the first
/// three lines of the cache.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
struct Keyed {
    key: RowKey,
    next: Option<RowNumber>,
    row: CountedRow,
}

// Samples are the first that most matches do not touch.
const _: () = assert!(offset_of!(Keyed, row.row.samples) <= 3 * align_of::<Keyed>());

impl Rows {
    /// The row of `key`, which is the one that `new` makes where there is none.
    #[inline]
    pub(super) fn entry(
        &mut self,
        key: RowKey,
        new: impl FnOnce() -> CountedRow,
    ) -> &mut CountedRow {
        let known = self.find(key);
        let at = known.unwrap_or_else(|| self.add(key, new()));
        &mut self.rows[at].row
    }

    /// The row of `key`, if there is one.
    pub(super) fn get(&self, key: RowKey) -> Option<&CountedRow> {
        Some(&self.rows[self.find(key)?].row)
    }

    /// Whether there is no row.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every row with its key, in the order of what `by` makes of them.
    pub(super) fn into_sorted<K: Ord>(
        mut self,
        by: impl Fn(RowKey, &CountedRow) -> K,
    ) -> impl Iterator<Item = (RowKey, CountedRow)> {
        // A row is moved once, to its place.
        self.rows
            .sort_by_cached_key(|keyed| by(keyed.key, &keyed.row));
        self.into_iter()
    }

    /// Every row.
    pub(super) fn values(&self) -> impl Iterator<Item = &CountedRow> {
        self.rows.iter().map(|keyed| &keyed.row)
    }

    /// Every row, to be changed.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut CountedRow> {
        self.rows.iter_mut().map(|keyed| &mut keyed.row)
    }

    /// Every row with its key, which is no longer in here.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (RowKey, CountedRow)> {
        self.rows.into_iter().map(|keyed| (keyed.key, keyed.row))
    }

    /// Where the row of `key` stands.
    #[inline]
    fn find(&self, key: RowKey) -> Option<usize> {
        let mut next = *self.firsts.get(code(key.0))?;
        while let Some(number) = next {
            let keyed = &self.rows[index(number)];
            if keyed.key == key {
                return Some(index(number));
            }
            next = keyed.next;
        }
        None
    }

    /// Adds a row, which becomes the first of its code; returns where it stands.
    fn add(&mut self, key: RowKey, row: CountedRow) -> usize {
        let code = code(key.0);
        if code >= self.firsts.len() {
            self.firsts.resize(code + 1, None);
        }
        let at = self.rows.len();
        let number = u32::try_from(at + 1).ok().and_then(RowNumber::new);
        let number = number.expect("there are a few rows for each code, and not 4 billion");
        let next = self.firsts[code].replace(number);
        self.rows.push(Keyed { key, next, row });
        at
    }
}

// Lossless, both: no machine that this runs on has smaller addresses.

fn code(id: CodeId) -> usize {
    id.0 as usize
}

fn index(number: RowNumber) -> usize {
    number.get() as usize - 1
}
