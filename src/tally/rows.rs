//! The rows of known codes, found by the code's number: a code has few.

use super::RowKey;
use super::counted::CountedRow;
use crate::enrich::Attribution;
use crate::matcher::CodeId;

/// The rows of each code, as many codes as there is one for.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows(Vec<Vec<(Attribution, CountedRow)>>);

impl Rows {
    /// The row of `key`, which is the one that `new` makes where there is none.
    #[inline]
    pub(super) fn entry(
        &mut self,
        (id, attribution): RowKey,
        new: impl FnOnce() -> CountedRow,
    ) -> &mut CountedRow {
        let code = index(id);
        if code >= self.0.len() {
            self.0.resize_with(code + 1, Vec::new);
        }
        let rows = &mut self.0[code];
        let known = rows.iter().position(|(other, _)| *other == attribution);
        let number = known.unwrap_or_else(|| {
            rows.push((attribution, new()));
            rows.len() - 1
        });
        &mut rows[number].1
    }

    /// The row of `key`, if there is one.
    pub(super) fn get(&self, (id, attribution): RowKey) -> Option<&CountedRow> {
        let rows = self.0.get(index(id))?;
        let (_, row) = rows.iter().find(|(other, _)| *other == attribution)?;
        Some(row)
    }

    /// Every row with its key.
    pub(super) fn iter(&self) -> impl Iterator<Item = (RowKey, &CountedRow)> {
        (0..).map(CodeId).zip(&self.0).flat_map(|(id, rows)| {
            let keyed = move |(attribution, row)| ((id, attribution), row);
            rows.iter()
                .map(|(attribution, row)| (*attribution, row))
                .map(keyed)
        })
    }

    /// Every row.
    pub(super) fn values(&self) -> impl Iterator<Item = &CountedRow> {
        self.0.iter().flatten().map(|(_, row)| row)
    }

    /// Every row, to be changed.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut CountedRow> {
        self.0.iter_mut().flatten().map(|(_, row)| row)
    }

    /// Every row with its key, which is no longer in here.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (RowKey, CountedRow)> {
        (0..).map(CodeId).zip(self.0).flat_map(|(id, rows)| {
            let keyed = move |(attribution, row)| ((id, attribution), row);
            rows.into_iter().map(keyed)
        })
    }
}

fn index(id: CodeId) -> usize {
    // Lossless: no machine that this runs on has smaller addresses.
    id.0 as usize
}
