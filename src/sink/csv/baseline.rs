//! What has changed since a baseline, as columns and rows of a report by code.
//!
//! They are there only where a result was compared with one.

use std::collections::BTreeMap;

use super::super::ReportStyle;
use super::super::outline::kept;
use super::super::words;
use super::{CODE_COLUMNS, known_cells, or_empty, unknown_cells};
use crate::catalog::Lang;
use crate::tally::result::{
    Baseline, Change, ChangeRow, CodeRow, RateUnit, ScanResult, UnknownRow,
};

/// Further columns where the result was compared with a baseline. `change` is `new`, `grown`,
/// `shrunk`, `gone` or empty; `rate_per` is `hour` or `million_lines`.
const CHANGE_COLUMNS: [&str; 6] = [
    "change",
    "baseline_count",
    "rate",
    "baseline_rate",
    "factor",
    "rate_per",
];

/// Adds the columns of changes to `rows`, whose first is the header, and a row for each changed
/// code that is gone or that `top` left out: it limits codes, not changes.
pub(super) fn add_changes(
    rows: &mut Vec<Vec<String>>,
    result: &ScanResult,
    baseline: &Baseline,
    style: &ReportStyle,
) {
    // A change is told once, however many rows its code has.
    let mut changes = changes(baseline);
    let (known, cut_known) = split(&result.codes, style.top);
    let (unknown, cut_unknown) = split(&result.unknown, style.top);
    let keys = known.iter().map(known_key);
    let keys = keys.chain(unknown.iter().map(unknown_key));
    rows[0].extend(CHANGE_COLUMNS.map(str::to_owned));
    for (row, key) in rows[1..].iter_mut().zip(keys) {
        row.extend(change_cells(changes.remove(&key), baseline));
    }
    let mut add = |mut cells: Vec<String>, change| {
        cells.extend(change_cells(Some(change), baseline));
        rows.push(cells);
    };
    for row in cut_known {
        if let Some(change) = changes.remove(&known_key(row)) {
            add(
                known_cells(row, result.unconfirmed_among(row), style.lang),
                change,
            );
        }
    }
    for row in cut_unknown {
        if let Some(change) = changes.remove(&unknown_key(row)) {
            add(unknown_cells(row), change);
        }
    }
    let gone = baseline.changes.iter();
    gone.filter(|row| row.change == Change::Gone)
        .for_each(|row| add(gone_cells(row), row));
}

/// `result` without the codes that are listed for their change although `top` left them out.
pub(super) fn without_changes(
    result: &ScanResult,
    baseline: &Baseline,
    style: &ReportStyle,
) -> ScanResult {
    let changes = changes(baseline);
    let mut listed = result.clone();
    let (known, cut) = split(&result.codes, style.top);
    let cut = cut
        .iter()
        .filter(|row| !changes.contains_key(&known_key(row)));
    listed.codes = known.iter().chain(cut).cloned().collect();
    let (unknown, cut) = split(&result.unknown, style.top);
    let cut = cut
        .iter()
        .filter(|row| !changes.contains_key(&unknown_key(row)));
    listed.unknown = unknown.iter().chain(cut).cloned().collect();
    listed
}

/// The rows that `top` lets through, and the others.
fn split<T>(rows: &[T], top: Option<usize>) -> (&[T], &[T]) {
    rows.split_at(kept(rows, top).len())
}

/// Provider and code.
type Key<'r> = (Option<&'r str>, &'r str);

fn known_key(row: &CodeRow) -> Key<'_> {
    (row.provider.as_deref(), row.code.as_str())
}

fn unknown_key(row: &UnknownRow) -> Key<'_> {
    (None, row.code.as_str())
}

fn changes(baseline: &Baseline) -> BTreeMap<Key<'_>, &ChangeRow> {
    let rows = baseline.changes.iter();
    rows.map(|row| ((row.provider.as_deref(), row.code.as_str()), row))
        .collect()
}

fn gone_cells(row: &ChangeRow) -> Vec<String> {
    let cell = |column| match column {
        "code" => row.code.clone(),
        "provider" => or_empty(row.provider.clone()),
        "candidates" => row.candidates.join("|"),
        "category" => or_empty(row.category.map(|category| category.name())),
        "count" => "0".to_owned(),
        "kind" if row.known => "known".to_owned(),
        "kind" => "unknown".to_owned(),
        _ => String::new(),
    };
    CODE_COLUMNS.map(cell).to_vec()
}

fn change_cells(row: Option<&ChangeRow>, baseline: &Baseline) -> [String; 6] {
    let Some(row) = row else {
        return Default::default();
    };
    let unit = baseline.rate_per.map(|unit| match unit {
        RateUnit::Hour => "hour",
        RateUnit::MillionLines => "million_lines",
    });
    [
        // For programs, so it is not translated.
        words::change(row.change, Lang::En).to_owned(),
        row.baseline_count.to_string(),
        or_empty(row.rate),
        or_empty(row.baseline_rate),
        or_empty(row.factor),
        or_empty(unit),
    ]
}
