//! Entries of the catalogue as a list: a table, JSON as in catalogues, or CSV.

use std::io;

use super::grid::{Cell, Column, Grid};
use super::text::{Paint, flat, visible};
use super::words::Words;
use super::{csv, json};
use crate::catalog::{Entry, Lang, Text};

/// Terminals narrower than this get what a code means below it.
const SIDE_BY_SIDE: usize = 90;

/// The columns of the CSV form.
const CSV_COLUMNS: [&str; 9] = [
    "code",
    "provider",
    "product",
    "http_status",
    "category",
    "retryable",
    "message",
    "meaning",
    "remediation",
];

/// How a list of entries is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntryFormat {
    /// For a terminal.
    #[default]
    Table,
    /// An array, each entry with its provider and product.
    Json,
    /// One row an entry.
    Csv,
}

/// What text about entries is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryStyle {
    /// The language of titles and explanations.
    pub lang: Lang,
    /// Whether there are colours.
    pub color: bool,
    /// The terminal's columns; `None` is no terminal, and nothing is wrapped.
    pub width: Option<usize>,
}

/// Writes `entries` to `out` in their order.
///
/// # Errors
///
/// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
pub fn write_entries(
    out: &mut dyn io::Write,
    entries: &[&Entry],
    format: EntryFormat,
    style: &EntryStyle,
) -> io::Result<()> {
    match format {
        EntryFormat::Table => {
            let lines = grid(entries, style.lang).lines(style.width, style.color);
            lines.iter().try_for_each(|line| writeln!(out, "{line}"))
        }
        EntryFormat::Json => {
            json::to_writer(&mut *out, entries)?;
            out.write_all(b"\n")
        }
        EntryFormat::Csv => {
            let header = CSV_COLUMNS.map(str::to_owned).to_vec();
            let rows = entries.iter().map(|entry| cells(entry, style.lang));
            csv::write_rows(out, std::iter::once(header).chain(rows).collect())
        }
    }
}

fn grid(entries: &[&Entry], lang: Lang) -> Grid {
    let words = Words::of(lang);
    Grid {
        columns: vec![
            Column::left(words.code),
            Column::right(words.status),
            Column::left(words.provider),
            Column::left(words.category),
            Column::text(words.meaning, 1),
        ],
        rows: entries.iter().map(|entry| row(entry, lang)).collect(),
        side_by_side: SIDE_BY_SIDE,
        colon: words.colon,
    }
}

fn row(entry: &Entry, lang: Lang) -> Vec<Cell> {
    let status = entry.http_status;
    let category = entry.category.map(|category| category.title(lang));
    let meaning = entry.meaning.as_ref().map(|text| flat(text.get(lang)));
    vec![
        Cell::painted(visible(&entry.code), Paint::Bold),
        Cell::painted(or_dash(status), Paint::of_status(status)),
        Cell::plain(visible(&entry.provider)),
        Cell::plain(or_dash(category)),
        Cell::plain(or_dash(meaning)),
    ]
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn cells(entry: &Entry, lang: Lang) -> Vec<String> {
    let told = |text: &Option<Text>| text.as_ref().map(|text| text.get(lang).to_owned());
    vec![
        entry.code.to_string(),
        entry.provider.to_string(),
        or_empty(entry.product.clone()),
        or_empty(entry.http_status),
        or_empty(entry.category.map(|category| category.name())),
        or_empty(entry.retryable),
        or_empty(entry.message.clone()),
        or_empty(told(&entry.meaning)),
        or_empty(told(&entry.remediation)),
    ]
}

fn or_empty(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Category;

    fn entry() -> Entry {
        Entry {
            code: "Organizations.1003".into(),
            provider: "huaweicloud".into(),
            product: Some("organizations".into()),
            http_status: Some(409),
            message: Some("Concurrent modification.".into()),
            meaning: Some(Text {
                en: "Another change was running.".into(),
                zh: "另一项修改正在进行。".into(),
            }),
            category: Some(Category::Conflict),
            retryable: Some(true),
            ..Entry::default()
        }
    }

    fn written(entry: &Entry, format: EntryFormat, lang: Lang) -> String {
        let style = EntryStyle {
            lang,
            ..EntryStyle::default()
        };
        let mut out = Vec::new();
        write_entries(&mut out, &[entry], format, &style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_has_one_line_for_each_entry() {
        let text = written(&entry(), EntryFormat::Table, Lang::En);

        assert_eq!(
            text.lines().nth(2),
            Some("Organizations.1003     409  huaweicloud  conflict  Another change was running.")
        );
    }

    #[test]
    fn an_entry_without_texts_has_dashes() {
        let bare = Entry {
            code: "X.1".into(),
            provider: "user".into(),
            ..Entry::default()
        };

        let text = written(&bare, EntryFormat::Table, Lang::En);

        assert_eq!(
            text.lines().nth(2),
            Some("X.1        -  user      -         -")
        );
    }

    #[test]
    fn json_is_an_array_that_reads_back() {
        let text = written(&entry(), EntryFormat::Json, Lang::Zh);

        assert_eq!(
            serde_json::from_str::<Vec<Entry>>(&text).unwrap(),
            [entry()]
        );
    }

    #[test]
    fn csv_is_in_the_language_asked_for() {
        assert_eq!(
            written(&entry(), EntryFormat::Csv, Lang::Zh),
            "code,provider,product,http_status,category,retryable,message,meaning,remediation\n\
             Organizations.1003,huaweicloud,organizations,409,conflict,true,Concurrent modification.,另一项修改正在进行。,\n"
        );
    }
}
