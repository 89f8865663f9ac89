//! A report to paste into an issue or a page: GitHub's Markdown.
//!
//! What logs bring is text and nothing else there: no markup, no HTML, no row.

use std::io;

use super::ReportStyle;
use super::grid::{Cell, Grid};
use super::outline::outline;
use super::words::Words;
use crate::tally::result::ScanResult;

/// Writes `result` as a summary and titled tables.
pub(super) fn write(
    out: &mut dyn io::Write,
    result: &ScanResult,
    style: &ReportStyle,
) -> io::Result<()> {
    let words = Words::of(style.lang);
    let outline = outline(result, style);
    let mut blocks = vec![escaped(&outline.summary)];
    for section in &outline.sections {
        blocks.push(format!("## {}", section.title.unwrap_or(words.report)));
        blocks.push(table(&section.grid));
        blocks.extend(section.cut.as_deref().map(escaped));
    }
    if !outline.notes.is_empty() {
        let items = outline
            .notes
            .iter()
            .map(|note| format!("- {}", escaped(note)));
        blocks.push(format!("## {}", words.notes_title));
        blocks.push(items.collect::<Vec<_>>().join("\n"));
    }
    out.write_all((blocks.join("\n\n") + "\n").as_bytes())
}

fn table(grid: &Grid) -> String {
    let titles = grid.columns.iter().map(|column| column.title.to_owned());
    let rules = grid.columns.iter().map(|column| match column.right {
        true => "---:".to_owned(),
        false => "---".to_owned(),
    });
    let cells = |row: &Vec<Cell>| line(row.iter().map(|cell| escaped(&cell.text)));
    let mut lines = vec![line(titles), line(rules)];
    lines.extend(grid.rows.iter().map(cells));
    lines.join("\n")
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// `text` as Markdown that shows just that; line ends are written out already.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Else it would name, and notify, somebody.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '|' | '*' | '_' | '[' | ']' | '~' | '#' | '$' => out.extend(['\\', c]),
            _ if is_in_address(text, at) => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// Whether the character at `at` is what makes GitHub take a bare address for a link.
fn is_in_address(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let www = before.len().checked_sub(3).and_then(|at| before.get(at..));
    let follows_www = www.is_some_and(|www| www.eq_ignore_ascii_case("www"));
    rest.starts_with("://") || (rest.starts_with('.') && follows_www)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Lang;
    use crate::sink::sample;

    fn markdown(result: &ScanResult, lang: Lang) -> String {
        let style = ReportStyle {
            lang,
            ..ReportStyle::default()
        };
        let mut out = Vec::new();
        write(&mut out, result, &style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_report_is_a_summary_and_titled_tables() {
        for (lang, name) in [(Lang::En, "report.en.md"), (Lang::Zh, "report.zh.md")] {
            sample::assert_golden(name, &markdown(&sample::result(), lang));
        }
    }

    #[test]
    fn hostile_text_stays_one_cell_of_text() {
        let mut result = sample::empty();
        result.unknown = sample::result().unknown;
        result.unknown.truncate(1);
        result.unknown[0].near.clear();
        result.unknown[0].code = "`x`|<img src=1>\n[a](b) @you \x1b[1m&lt;".to_owned();

        let text = markdown(&result, Lang::En);

        assert_eq!(
            text.lines().last(),
            Some(r"| 7 | \`x\`\|&lt;img src=1&gt;\\n\[a\](b) &#64;you \\x1b\[1m&amp;lt; |  |")
        );
    }

    #[test]
    fn hostile_text_is_neither_emphasis_nor_a_link() {
        let shown = [
            ("__bold__ _it_", r"\_\_bold\_\_ \_it\_"),
            (
                "see https://evil.example/a_b",
                r"see https\://evil.example/a\_b",
            ),
            ("ftp://x WWW.evil.example", r"ftp\://x WWW\.evil.example"),
            ("错www.evil.example", r"错www\.evil.example"),
            ("10:00:00 APIG.1002 a.b", "10:00:00 APIG.1002 a.b"),
        ];
        for (text, markdown) in shown {
            assert_eq!(escaped(text), markdown);
        }
    }
}
