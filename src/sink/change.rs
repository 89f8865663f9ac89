//! What a report says about the changes since a baseline.

use super::ReportStyle;
use super::grid::{Cell, Column, Grid};
use super::outline::{Section, kept, rows_cut, said};
use super::text::{Paint, grouped, visible};
use super::words::{self, Words};
use crate::catalog::Lang;
use crate::tally::result::{Baseline, Change, ChangeRow, RateUnit, ScanResult};

/// The table of changes, without rows where there are none.
pub(super) fn section(result: &ScanResult, style: &ReportStyle) -> Section {
    let words = Words::of(style.lang);
    let none = Baseline::default();
    let baseline = result.baseline.as_ref().unwrap_or(&none);
    let rates = match baseline.rate_per {
        Some(RateUnit::Hour) => words.per_hour,
        Some(RateUnit::MillionLines) => words.per_million_lines,
        None => "",
    };
    let weights = baseline.changes.iter().map(|row| row.count);
    let mut columns = vec![
        Column::left(words.change),
        Column::left(words.code),
        Column::left(words.provider),
        Column::left(words.category),
        Column::right(words.count).titled(),
        Column::right(words.count_before).titled(),
    ];
    if baseline.rate_per.is_some() {
        columns.push(Column::right(rates).titled());
        columns.push(Column::right(words.rate_before).titled());
        columns.push(Column::right(words.factor).titled());
    }
    let cells = |row: &ChangeRow| {
        let mut cells = cells(row, style.lang);
        cells.truncate(columns.len());
        cells
    };
    let rows = kept(&baseline.changes, style.top).iter().map(cells);
    Section {
        title: Some(words.changes_title),
        grid: Grid {
            rows: rows.collect(),
            columns,
            side_by_side: 0,
            colon: words.colon,
        },
        cut: said(rows_cut(weights, style), style),
    }
}

fn cells(row: &ChangeRow, lang: Lang) -> Vec<Cell> {
    let words = Words::of(lang);
    let paint = match row.change {
        Change::New | Change::Grown => Paint::Red,
        Change::Shrunk | Change::Gone => Paint::Dim,
    };
    let owner = match &row.provider {
        Some(provider) => visible(provider),
        None if row.known => visible(&row.candidates.join("|")) + "?",
        None => words.unknown_owner.to_owned(),
    };
    let category = row.category.map_or("-", |category| category.title(lang));
    let rate = |rate: Option<f64>| Cell::plain(rate.map_or_else(String::new, decimal));
    let factor = row.factor.map(|factor| format!("x{}", decimal(factor)));
    vec![
        Cell::painted(words::change(row.change, lang), paint),
        Cell::painted(visible(&row.code), Paint::Bold),
        Cell::painted(owner, Paint::Dim),
        Cell::painted(category, Paint::Dim),
        Cell::plain(grouped(row.count)),
        Cell::plain(grouped(row.baseline_count)),
        rate(row.rate),
        rate(row.baseline_rate),
        Cell::plain(factor.unwrap_or_default()),
    ]
}

/// How many codes have changed how.
pub(super) fn summary(baseline: &Baseline, words: &Words) -> String {
    let count = |change: Change| {
        let changed = baseline.changes.iter().filter(|row| row.change == change);
        grouped(changed.count() as u64) // lossless: no machine holds 2^64 rows
    };
    (words.changes)([
        count(Change::New),
        count(Change::Grown),
        count(Change::Shrunk),
        count(Change::Gone),
    ])
}

/// A number as exact as people read it: `1,234`, `12.3`, `0.12`, `<0.01`.
fn decimal(number: f64) -> String {
    match number {
        0.0 => "0".to_owned(),
        _ if number < 0.01 => "<0.01".to_owned(),
        _ if number < 9.995 => format!("{number:.2}"),
        _ if number < 99.95 => format!("{number:.1}"),
        _ => grouped(number.round() as u64), // saturates, beyond what anybody counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::{ReportFormat, sample, write_report};

    fn rendered(result: &ScanResult, format: ReportFormat, style: &ReportStyle) -> String {
        let mut out = Vec::new();
        write_report(&mut out, result, format, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_are_a_table_in_every_format_for_people() {
        for (lang, table, markdown) in [
            (Lang::En, "changes.en.txt", "changes.en.md"),
            (Lang::Zh, "changes.zh.txt", "changes.zh.md"),
        ] {
            let style = ReportStyle {
                lang,
                ..ReportStyle::default()
            };
            let result = sample::compared();
            sample::assert_golden(table, &rendered(&result, ReportFormat::Table, &style));
            sample::assert_golden(markdown, &rendered(&result, ReportFormat::Markdown, &style));
        }
    }

    #[test]
    fn changes_are_columns_of_a_csv_and_gone_codes_its_last_rows() {
        let text = rendered(
            &sample::compared(),
            ReportFormat::Csv,
            &ReportStyle::default(),
        );
        sample::assert_golden("changes.en.csv", &text);
    }

    #[test]
    fn nothing_changed_is_said() {
        let mut result = sample::empty();
        result.baseline = Some(Baseline::default());

        let text = rendered(&result, ReportFormat::Table, &ReportStyle::default());

        assert_eq!(
            text,
            "No known error code found in 1,204 lines of 2 inputs (1.2 MiB). \
             Since the baseline: 0 new, 0 grown, 0 shrunk, 0 gone.\n"
        );
    }

    #[test]
    fn numbers_are_as_exact_as_people_read_them() {
        let numbers = [0.0, 0.001, 0.5, 9.99, 12.34, 99.96, 1234.5, 1e30];
        let texts = [
            "0",
            "<0.01",
            "0.50",
            "9.99",
            "12.3",
            "100",
            "1,235",
            "18,446,744,073,709,551,615",
        ];
        assert_eq!(numbers.map(decimal), texts);
    }
}
