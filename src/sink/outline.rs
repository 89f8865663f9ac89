//! What a report says, before any format: a summary, sections of rows, notes.
//!
//! All text in an outline is safe to print, and nothing is left out of it
//! without a sentence that says so.

use super::grid::{Cell, Column, Grid};
use super::group::{Group, distinct_codes, groups, of_which};
use super::text::{Paint, flat, grouped, human_bytes, number, percent, visible};
use super::words::{self, Headline, Words};
use super::{By, ReportStyle, change, label};
use crate::catalog::{Lang, Text};
use crate::tally::result::{CodeRow, InputState, ScanResult, UnknownRow};
use crate::wording::{Note, in_language, notes};

/// Terminals narrower than this get what a code means and what to do below each other.
const CODES_SIDE_BY_SIDE: usize = 100;

/// A report without a format.
pub(super) struct Outline {
    pub(super) summary: String,
    pub(super) sections: Vec<Section>,
    pub(super) notes: Vec<String>,
}

/// A table of a report.
pub(super) struct Section {
    /// `None` is the report's own rows, the codes or groups.
    pub(super) title: Option<&'static str>,
    pub(super) grid: Grid,
    /// What `--top` has left out of it.
    pub(super) cut: Option<String>,
}

/// The outline of `result` in `style`.
pub(super) fn outline(result: &ScanResult, style: &ReportStyle) -> Outline {
    let words = Words::of(style.lang);
    let main = match style.by {
        By::Code => code_section(result, style),
        by => group_section(result, by, style),
    };
    let sections = [
        main,
        change::section(result, style),
        unknown_section(result, style),
        http_section(result, words),
        input_section(result, style.lang),
    ];
    let has_content = |it: &Section| !it.grid.rows.is_empty() || it.cut.is_some();
    let sections = sections.into_iter().filter(has_content);
    Outline {
        summary: summary(result, words),
        sections: sections.collect(),
        notes: told(result, style),
    }
}

/// What a report in `style` leaves out because of `top`.
pub(super) fn cuts(result: &ScanResult, style: &ReportStyle) -> Vec<Note> {
    let cuts = match style.by {
        By::Code => [codes_cut(result, style), unknown_cut(result, style)],
        by => [groups_cut(&groups(result, by, style.lang), style), None],
    };
    cuts.into_iter().flatten().collect()
}

/// The rows that `top` lets through.
pub(super) fn kept<T>(rows: &[T], top: Option<usize>) -> &[T] {
    &rows[..top.unwrap_or(rows.len()).min(rows.len())]
}

fn codes_cut(result: &ScanResult, style: &ReportStyle) -> Option<Note> {
    rows_cut(result.codes.iter().map(|row| row.count), style)
}

fn unknown_cut(result: &ScanResult, style: &ReportStyle) -> Option<Note> {
    let counts = result.unknown.iter().map(|row| row.count);
    cut(counts, style, notes::unknown_cut)
}

fn groups_cut(groups: &[Group], style: &ReportStyle) -> Option<Note> {
    rows_cut(groups.iter().map(|group| group.count), style)
}

/// What `top` leaves out of rows with so many matches.
pub(super) fn rows_cut(counts: impl Iterator<Item = u64>, style: &ReportStyle) -> Option<Note> {
    cut(counts, style, notes::rows_cut)
}

/// A note in the language of `style`.
pub(super) fn said(note: Option<Note>, style: &ReportStyle) -> Option<String> {
    note.map(|note| in_language(&note, style.lang).into_owned())
}

fn cut(
    counts: impl Iterator<Item = u64>,
    style: &ReportStyle,
    note: fn(usize, &str, &str) -> Note,
) -> Option<Note> {
    let top = style.top?;
    let left_out: Vec<u64> = counts.skip(top).collect();
    let rows = grouped(number(left_out.len()));
    (!left_out.is_empty()).then(|| note(top, &rows, &grouped(sum(left_out))))
}

fn sum(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}

fn summary(result: &ScanResult, words: &Words) -> String {
    let headline = Headline {
        matches: words.matches.count(result.totals.matches),
        unconfirmed: unconfirmed(result, words),
        codes: distinct(result, words),
        matched_lines: grouped(result.totals.matched_lines),
        lines: words.lines.count(result.totals.lines),
        bytes: human_bytes(result.totals.bytes),
        inputs: words.inputs.count(inputs(result, |_| true)),
        incomplete: incomplete(result, words),
        time: time(result, words),
    };
    let mut sentence = match result.totals.matches {
        0 => (words.nothing_found)(&headline),
        _ => (words.headline)(&headline),
    };
    if !result.unknown.is_empty() {
        let occurrences = words.occurrences.count(result.totals.unknown);
        let codes = words.unknown_codes.count(number(result.unknown.len()));
        sentence.push_str(words.after_sentence);
        sentence.push_str(&(words.unknown_found)(&occurrences, &codes));
    }
    if let Some(baseline) = &result.baseline {
        sentence.push_str(words.after_sentence);
        sentence.push_str(&change::summary(baseline, words));
    }
    sentence
}

/// How many codes there are; a saved result may not list all.
fn distinct(result: &ScanResult, words: &Words) -> String {
    let listed = sum(result.codes.iter().map(|row| row.count));
    let codes = words.distinct_codes.count(distinct_codes(result));
    match listed < result.totals.matches {
        true => (words.at_least)(&codes),
        false => codes,
    }
}

/// What is to be known about the unconfirmed matches.
fn unconfirmed(result: &ScanResult, words: &Words) -> String {
    let listed = sum(result.codes.iter().map(|row| result.unconfirmed_among(row)));
    let others = result.totals.unconfirmed.saturating_sub(listed);
    // Those of codes that a saved result does not list count, unless it is strict.
    let counted = sum(result.codes.iter().map(|row| row.count));
    let unlisted = match result.strict {
        true => 0,
        false => result.totals.matches.saturating_sub(counted).min(others),
    };
    let (among, left_out) = (sum([listed, unlisted]), others - unlisted);
    let mut asides = Vec::new();
    if among > 0 {
        asides.push((words.count_unconfirmed)(&grouped(among)));
    }
    if left_out > 0 {
        asides.push((words.unconfirmed_left_out)(&grouped(left_out)));
    }
    asides.join(words.comma)
}

/// How many inputs are in a state that `is_counted` accepts.
fn inputs(result: &ScanResult, is_counted: impl Fn(InputState) -> bool) -> u64 {
    let counted = result.inputs.iter().filter(|input| is_counted(input.state));
    sum(counted.map(|input| input.folded.unwrap_or(1)))
}

fn incomplete(result: &ScanResult, words: &Words) -> String {
    let is_broken = |state| matches!(state, InputState::Partial | InputState::Failed);
    match inputs(result, is_broken) {
        0 => String::new(),
        broken => (words.count_incomplete)(&grouped(broken)),
    }
}

fn time(result: &ScanResult, words: &Words) -> String {
    match (&result.time.first, &result.time.last) {
        (Some(first), Some(last)) if first != last => (words.span)(&visible(first), &visible(last)),
        (Some(at), _) | (None, Some(at)) => (words.moment)(&visible(at)),
        (None, None) => String::new(),
    }
}

fn code_section(result: &ScanResult, style: &ReportStyle) -> Section {
    let words = Words::of(style.lang);
    Section {
        title: None,
        grid: Grid {
            columns: vec![
                Column::right(words.count),
                Column::left(words.code),
                Column::left(words.status),
                Column::left(words.provider),
                Column::left(words.category),
                Column::text(words.meaning, 2),
                Column::text(words.remediation, 3),
            ],
            rows: kept(&result.codes, style.top)
                .iter()
                .map(|row| code_cells(row, result.unconfirmed_among(row), style.lang))
                .collect(),
            side_by_side: CODES_SIDE_BY_SIDE,
            colon: words.colon,
        },
        cut: said(codes_cut(result, style), style),
    }
}

fn code_cells(row: &CodeRow, unconfirmed: u64, lang: Lang) -> Vec<Cell> {
    let words = Words::of(lang);
    let told = |text: &Option<Text>| {
        text.as_ref()
            .map_or_else(String::new, |it| flat(it.get(lang)))
    };
    let status = label::status(row.http_status, &row.observed_status, words);
    let category = row.category.map_or("-", |category| category.title(lang));
    vec![
        Cell::plain(label::count(row.count, Some(unconfirmed), words)),
        Cell::painted(visible(&row.code), Paint::Bold),
        Cell::painted(status, label::status_paint(row)),
        Cell::painted(visible(&label::provider(row)), Paint::Dim),
        Cell::painted(category, Paint::Dim),
        Cell::plain(told(&row.meaning)),
        Cell::plain(told(&row.remediation)),
    ]
}

fn group_section(result: &ScanResult, by: By, style: &ReportStyle) -> Section {
    let words = Words::of(style.lang);
    let groups = groups(result, by, style.lang);
    let all = of_which(result, &groups);
    let name = match by {
        By::File => Column::text(words.by(by), 2),
        _ => Column::left(words.by(by)),
    };
    Section {
        title: None,
        grid: Grid {
            columns: vec![
                name,
                Column::right(words.codes_title).titled(),
                Column::right(words.count).titled(),
                Column::right(words.share).titled(),
                Column::right(words.retryable).titled(),
                Column::text(words.top_codes, 3),
            ],
            rows: kept(&groups, style.top)
                .iter()
                .map(|group| group_cells(group, by, all, words))
                .collect(),
            side_by_side: 0,
            colon: words.colon,
        },
        cut: said(groups_cut(&groups, style), style),
    }
}

fn group_cells(group: &Group, by: By, all: u64, words: &Words) -> Vec<Cell> {
    let paint = match by {
        By::Status => Paint::of_status(group.name.parse().ok()),
        _ => Paint::Bold,
    };
    let name = match group.name.as_str() {
        "" => "-".to_owned(),
        name => visible(name),
    };
    let source = group
        .source
        .map(|source| (words.in_brackets)(&visible(source)));
    let name = name + &source.unwrap_or_default();
    let per_cent = |part, whole| Cell::plain(percent(part, whole) + "%");
    vec![
        Cell::painted(name, paint),
        Cell::plain(grouped(group.codes())),
        Cell::plain(label::count(group.count, group.unconfirmed, words)),
        per_cent(group.count, all),
        per_cent(group.retryable, group.count),
        Cell::plain(top_codes(group)),
    ]
}

fn top_codes(group: &Group) -> String {
    let named = |(code, count): (&str, u64)| format!("{} ({})", visible(code), grouped(count));
    let codes: Vec<String> = group.top_codes().into_iter().map(named).collect();
    codes.join(", ")
}

fn unknown_section(result: &ScanResult, style: &ReportStyle) -> Section {
    let words = Words::of(style.lang);
    let near = |row: &UnknownRow| match row.near.is_empty() {
        true => String::new(),
        false => (words.did_you_mean)(&visible(&row.near.join(", "))),
    };
    let cells = |row: &UnknownRow| {
        vec![
            Cell::plain(grouped(row.count)),
            Cell::painted(visible(&row.code), Paint::Bold),
            Cell::painted(near(row), Paint::Dim),
        ]
    };
    Section {
        title: Some(words.unknown_title),
        grid: Grid {
            columns: vec![
                Column::right(words.count),
                Column::left(words.code),
                Column::text(words.near, 1),
            ],
            rows: kept(&result.unknown, style.top).iter().map(cells).collect(),
            side_by_side: 0,
            colon: words.colon,
        },
        cut: said(unknown_cut(result, style), style),
    }
}

fn http_section(result: &ScanResult, words: &Words) -> Section {
    let rows = result.http.iter().map(|row| {
        vec![
            Cell::plain(grouped(row.count)),
            Cell::painted(row.status.to_string(), Paint::of_status(Some(row.status))),
        ]
    });
    Section {
        title: Some(words.http_title),
        grid: Grid {
            columns: vec![Column::right(words.count), Column::left(words.status)],
            rows: rows.collect(),
            side_by_side: 0,
            colon: words.colon,
        },
        cut: None,
    }
}

fn input_section(result: &ScanResult, lang: Lang) -> Section {
    let words = Words::of(lang);
    let broken = result
        .inputs
        .iter()
        .filter(|input| input.state != InputState::Complete);
    let reason = |text: &str| visible(&in_language(text, lang));
    let rows = broken.map(|input| {
        vec![
            Cell::painted(words::state(input.state, lang), Paint::Yellow),
            Cell::plain(visible(&input.path)),
            Cell::plain(input.error.as_deref().map_or_else(String::new, reason)),
        ]
    });
    Section {
        title: Some(words.inputs_title),
        grid: Grid {
            columns: vec![
                Column::left(words.state),
                Column::text(words.file, 1),
                Column::text(words.reason, 1),
            ],
            rows: rows.collect(),
            side_by_side: 0,
            colon: words.colon,
        },
        cut: None,
    }
}

/// What a reader of the report must know.
pub(super) fn told(result: &ScanResult, style: &ReportStyle) -> Vec<String> {
    let words = Words::of(style.lang);
    let of_baseline = result.baseline.iter().flat_map(|it| &it.notes);
    // An outline shows no buckets, and it may be a live page alone that had them counted.
    let of_buckets = notes::partly_unbucketed();
    let all = result.notes.iter().filter(|note| **note != of_buckets);
    let all = all.chain(of_baseline);
    let mut told: Vec<String> = all
        .map(|note| flat(&in_language(note, style.lang)))
        .collect();
    if result.totals.without_time > 0 {
        let left_out = words.occurrences.count(result.totals.without_time);
        told.push((words.without_time)(&left_out));
    }
    if style.by == By::File {
        let known = |row: &CodeRow| sum(row.files.values().copied());
        let without = |row: &CodeRow| row.count.saturating_sub(known(row));
        let without_file = sum(result.codes.iter().map(without));
        if without_file > 0 {
            told.push((words.without_file)(&words.matches.count(without_file)));
        }
    }
    told
}
