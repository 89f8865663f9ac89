//! A report for spreadsheets and data frames: RFC 4180, lines ending with `\n`.
//!
//! No cell is a formula: one that would begin like it gets a `'` in front.

mod baseline;

use std::io;

use baseline::{add_changes, without_changes};

use super::group::{Group, groups, of_which};
use super::outline::{self, kept};
use super::text::{flat, percent, visible};
use super::{By, ReportStyle};
use crate::catalog::{Lang, Text};
use crate::input::STDIN;
use crate::tally::result::{CodeRow, ScanResult, UnknownRow};
use crate::wording::in_language;

/// The columns of a report by code. `candidates` are joined by `|`; `observed_status` is
/// `status:count` joined by `;`; `kind` is `known` or `unknown`.
const CODE_COLUMNS: [&str; 17] = [
    "code",
    "provider",
    "candidates",
    "product",
    "http_status",
    "observed_status",
    "category",
    "retryable",
    "count",
    "unconfirmed",
    "lines",
    "first_seen",
    "last_seen",
    "message",
    "meaning",
    "remediation",
    "kind",
];

/// The columns of a report by anything else, after the one named like it. `top_codes` is
/// `code:count` joined by `;`.
const GROUP_COLUMNS: [&str; 6] = [
    "codes",
    "count",
    "unconfirmed",
    "share_percent",
    "retryable_percent",
    "top_codes",
];

/// One more column of a report by file: who wrote it.
const SOURCE_COLUMN: &str = "source";

/// Writes a header and one row for each code, known and unknown, or for each group.
pub(super) fn write(
    out: &mut dyn io::Write,
    result: &ScanResult,
    style: &ReportStyle,
) -> io::Result<()> {
    let rows = match style.by {
        By::Code => code_rows(result, style),
        by => group_rows(result, by, style),
    };
    write_rows(out, rows)
}

/// Writes `rows`, the first of which is the header.
pub(super) fn write_rows(out: &mut dyn io::Write, rows: Vec<Vec<String>>) -> io::Result<()> {
    // Written to memory first, because the crate's errors hide that a pipe was closed.
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    let text = writer.into_inner().map_err(|error| error.into_error())?;
    out.write_all(&text)
}

/// `cell` as neither a spreadsheet nor a terminal executes it.
fn harmless(cell: &str) -> String {
    // A `-` alone, the name of standard input, is none.
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell != STDIN;
    let quote = if is_formula { "'" } else { "" };
    format!("{quote}{}", visible(cell))
}

fn code_rows(result: &ScanResult, style: &ReportStyle) -> Vec<Vec<String>> {
    let known = kept(&result.codes, style.top).iter();
    let unknown = kept(&result.unknown, style.top).iter();
    let mut rows = vec![CODE_COLUMNS.map(str::to_owned).to_vec()];
    rows.extend(known.map(|row| known_cells(row, result.unconfirmed_among(row), style.lang)));
    rows.extend(unknown.map(unknown_cells));
    if let Some(baseline) = &result.baseline {
        add_changes(&mut rows, result, baseline, style);
    }
    rows
}

/// What there is to say about a CSV report in `style`, which has no place for it: what is left out
/// of it and of the result, in sentences.
///
/// The formats for people and JSON say this themselves.
pub fn csv_notes(result: &ScanResult, style: &ReportStyle) -> Vec<String> {
    let cuts = match (&result.baseline, style.by) {
        (Some(baseline), By::Code) => {
            outline::cuts(&without_changes(result, baseline, style), style)
        }
        _ => outline::cuts(result, style),
    };
    let cuts = cuts.iter().map(|cut| flat(&in_language(cut, style.lang)));
    cuts.chain(outline::told(result, style)).collect()
}

fn known_cells(row: &CodeRow, unconfirmed: u64, lang: Lang) -> Vec<String> {
    let told = |text: &Option<Text>| text.as_ref().map(|text| text.get(lang).to_owned());
    let observed = row.observed_status.iter();
    vec![
        row.code.clone(),
        or_empty(row.provider.clone()),
        row.candidates.join("|"),
        or_empty(row.product.clone()),
        or_empty(row.http_status),
        joined(observed),
        or_empty(row.category.map(|category| category.name())),
        or_empty(row.retryable),
        row.count.to_string(),
        unconfirmed.to_string(),
        row.lines.to_string(),
        or_empty(row.first_seen.clone()),
        or_empty(row.last_seen.clone()),
        or_empty(row.message.clone()),
        or_empty(told(&row.meaning)),
        or_empty(told(&row.remediation)),
        "known".to_owned(),
    ]
}

fn unknown_cells(row: &UnknownRow) -> Vec<String> {
    let cell = |column| match column {
        "code" => row.code.clone(),
        "count" => row.count.to_string(),
        "lines" => row.lines.to_string(),
        "kind" => "unknown".to_owned(),
        _ => String::new(),
    };
    CODE_COLUMNS.map(cell).to_vec()
}

fn group_rows(result: &ScanResult, by: By, style: &ReportStyle) -> Vec<Vec<String>> {
    // Names of categories are for programs here, so they are not translated.
    let groups = groups(result, by, Lang::En);
    let all = of_which(result, &groups);
    let source = (by == By::File).then_some(SOURCE_COLUMN);
    let header = std::iter::once(by.name())
        .chain(GROUP_COLUMNS)
        .chain(source);
    std::iter::once(header.map(str::to_owned).collect())
        .chain(
            kept(&groups, style.top)
                .iter()
                .map(|group| group_cells(group, by, all)),
        )
        .collect()
}

fn group_cells(group: &Group, by: By, all: u64) -> Vec<String> {
    let mut cells = vec![
        group.name.clone(),
        group.codes().to_string(),
        group.count.to_string(),
        or_empty(group.unconfirmed),
        percent(group.count, all),
        percent(group.retryable, group.count),
        joined(group.top_codes()),
    ];
    cells.extend((by == By::File).then(|| or_empty(group.source)));
    cells
}

fn or_empty(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn joined<N: std::fmt::Display, C: std::fmt::Display>(
    pairs: impl IntoIterator<Item = (N, C)>,
) -> String {
    let pairs = pairs.into_iter();
    let pairs: Vec<String> = pairs
        .map(|(name, count)| format!("{name}:{count}"))
        .collect();
    pairs.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    fn csv(result: &ScanResult, style: &ReportStyle) -> String {
        let mut out = Vec::new();
        write(&mut out, result, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn codes_and_unknown_codes_are_rows_of_one_table() {
        sample::assert_golden(
            "codes.en.csv",
            &csv(&sample::result(), &ReportStyle::default()),
        );
    }

    #[test]
    fn groups_are_rows_with_numbers_only() {
        let style = ReportStyle {
            by: By::Status,
            lang: Lang::Zh,
            ..ReportStyle::default()
        };

        assert_eq!(
            csv(&sample::result(), &style),
            "status,codes,count,unconfirmed,share_percent,retryable_percent,top_codes\n\
             401,1,1234,0,98.9,0.0,APIG.1002:1234\n\
             ,1,9,,0.7,100.0,InternalError:9\n\
             200,1,3,,0.2,100.0,InternalError:3\n\
             503,1,2,0,0.2,100.0,Throttling.User:2\n"
        );
    }

    #[test]
    fn a_file_has_its_source_beside_it() {
        let style = ReportStyle {
            by: By::File,
            ..ReportStyle::default()
        };
        let mut result = sample::result();
        result.inputs[0].source = Some(String::from("pay.service"));

        assert_eq!(
            csv(&result, &style),
            "file,codes,count,unconfirmed,share_percent,retryable_percent,top_codes,source\n\
             app.log,1,1234,0,98.9,0.0,APIG.1002:1234,pay.service\n\
             ,2,14,3,1.1,100.0,InternalError:12;Throttling.User:2,\n"
        );
    }

    #[test]
    fn a_cell_that_begins_like_a_formula_is_quoted() {
        let shown = ["=1+1", "+1", "-1", "-", "@A1", "\tx", "a=b", "a\x1b[31m"].map(harmless);

        assert_eq!(
            shown,
            [
                "'=1+1",
                "'+1",
                "'-1",
                "-",
                "'@A1",
                "'\\tx",
                "a=b",
                "a\\x1b[31m"
            ]
        );
    }

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        let mut result = sample::empty();
        let mut row = sample::row("A.B", 1);
        row.message = Some("say \"no\", twice".to_owned());
        result.codes = vec![row];

        let text = csv(&result, &ReportStyle::default());

        assert!(text.contains(r#","say ""no"", twice","#), "{text}");
    }

    #[test]
    fn what_top_leaves_out_is_for_the_caller_to_say() {
        let style = ReportStyle {
            top: Some(2),
            ..ReportStyle::default()
        };

        assert_eq!(csv(&sample::result(), &style).lines().count(), 5);
        assert_eq!(
            csv_notes(&sample::result(), &style)[0],
            "Left out by --top 2: 1 row with 2 matches."
        );
    }

    #[test]
    fn what_there_is_to_note_is_for_the_caller_to_say() {
        assert_eq!(
            csv_notes(&sample::result(), &ReportStyle::default()),
            [
                "app.log and b.log hold the same text; both are counted",
                "Left out for want of a time (--since, --until): 1 occurrence.",
            ]
        );
    }

    #[test]
    fn by_category_only_groups_are_said_to_be_left_out() {
        let style = ReportStyle {
            by: By::Category,
            top: Some(1),
            lang: Lang::Zh,
            ..ReportStyle::default()
        };

        assert_eq!(
            csv_notes(&sample::result(), &style)[0],
            "--top 1 未列出：2 个条目，14 次匹配。"
        );
    }
}
