//! A report for the terminal.

use std::io;

use super::ReportStyle;
use super::grid::LEAST_COLUMNS;
use super::outline::{Section, outline};
use super::text::{Paint, wrap};
use super::words::Words;
use crate::tally::result::ScanResult;

/// Writes `result` as a summary and tables, separated by blank lines.
pub(super) fn write(
    out: &mut dyn io::Write,
    result: &ScanResult,
    style: &ReportStyle,
) -> io::Result<()> {
    let outline = outline(result, style);
    let words = Words::of(style.lang);
    let mut blocks = vec![paragraph(&outline.summary, "", style)];
    for section in &outline.sections {
        blocks.push(section_lines(section, style));
    }
    if !outline.notes.is_empty() {
        let mut lines = vec![Paint::Bold.apply(words.notes_title, style.color)];
        let items = outline.notes.iter();
        lines.extend(items.flat_map(|note| paragraph(note, "- ", style)));
        blocks.push(lines);
    }
    for (number, lines) in blocks.iter().enumerate() {
        if number > 0 {
            out.write_all(b"\n")?;
        }
        for line in lines {
            out.write_all(line.as_bytes())?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

fn section_lines(section: &Section, style: &ReportStyle) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(title) = section.title {
        lines.push(Paint::Bold.apply(title, style.color));
    }
    lines.extend(section.grid.lines(style.width, style.color));
    if let Some(cut) = &section.cut {
        lines.extend(paragraph(cut, "", style));
    }
    lines
}

/// `text` wrapped, after `mark` and indented by the mark's width.
fn paragraph(text: &str, mark: &str, style: &ReportStyle) -> Vec<String> {
    let width = style
        .width
        .map_or(usize::MAX, |width| width.max(LEAST_COLUMNS) - mark.len());
    let indent = " ".repeat(mark.len());
    let mut lines = wrap(text, width);
    for (i, line) in lines.iter_mut().enumerate() {
        line.insert_str(0, if i == 0 { mark } else { &indent });
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::catalog::Lang;
    use crate::sink::{By, sample};
    use crate::tally::result::InputState;
    use crate::wording::notes;

    fn table(result: &ScanResult, style: &ReportStyle) -> String {
        let mut out = Vec::new();
        write(&mut out, result, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn style(width: Option<usize>, lang: Lang) -> ReportStyle {
        ReportStyle {
            width,
            lang,
            ..ReportStyle::default()
        }
    }

    #[test]
    fn a_wide_terminal_gets_texts_side_by_side() {
        for (lang, name) in [
            (Lang::En, "table-140.en.txt"),
            (Lang::Zh, "table-140.zh.txt"),
        ] {
            sample::assert_golden(name, &table(&sample::result(), &style(Some(140), lang)));
        }
    }

    #[test]
    fn a_narrow_terminal_gets_texts_below_each_other() {
        for (lang, name) in [(Lang::En, "table-60.en.txt"), (Lang::Zh, "table-60.zh.txt")] {
            sample::assert_golden(name, &table(&sample::result(), &style(Some(60), lang)));
        }
    }

    #[test]
    fn without_a_terminal_no_row_is_wrapped() {
        sample::assert_golden(
            "table.en.txt",
            &table(&sample::result(), &style(None, Lang::En)),
        );
    }

    #[test]
    fn groups_name_their_top_codes() {
        let by = |by, width| ReportStyle {
            by,
            ..style(width, Lang::En)
        };
        for (name, style) in [
            ("category.en.txt", by(By::Category, Some(100))),
            ("file-60.en.txt", by(By::File, Some(60))),
        ] {
            sample::assert_golden(name, &table(&sample::result(), &style));
        }
    }

    #[test]
    fn colours_are_added_only_where_asked_for() {
        let plain = style(Some(140), Lang::En);
        let coloured = ReportStyle {
            color: true,
            ..plain
        };

        let with = table(&sample::result(), &coloured);

        assert!(with.contains("\x1b[1mAPIG.1002\x1b[0m"), "{with:?}");
        assert!(with.contains("\x1b[31m503\x1b[0m"), "{with:?}");
        assert!(with.contains("\x1b[33m401 (saw 403"), "{with:?}");
        assert_eq!(without_sgr(&with), table(&sample::result(), &plain));
    }

    fn without_sgr(text: &str) -> String {
        let mut parts = text.split("\x1b[");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
    }

    #[test]
    fn columns_begin_below_each_other_and_no_line_ends_with_blanks() {
        let result = sample::result();
        for (lang, width) in [
            (Lang::En, Some(140)),
            (Lang::Zh, Some(140)),
            (Lang::Zh, None),
        ] {
            let text = table(&result, &style(width, lang));
            let block = text.split("\n\n").nth(1).unwrap();

            let column = |code: &str| {
                Some(
                    block
                        .split_once(&format!(" {code} "))?
                        .0
                        .rsplit_once('\n')?
                        .1
                        .width(),
                )
            };
            let columns: Vec<usize> = result
                .codes
                .iter()
                .filter_map(|row| column(&row.code))
                .collect();
            assert!(columns.len() > 1, "{text}");
            assert_eq!(columns, vec![columns[0]; columns.len()], "{text}");
            let rule = block.lines().find(|line| line.starts_with('─')).unwrap();
            for line in block.lines() {
                assert!(line.width() <= rule.width(), "{line}");
                assert_eq!(line, line.trim_end(), "{text}");
            }
        }
    }

    #[test]
    fn what_top_leaves_out_is_said_below_each_table() {
        let text = table(
            &sample::result(),
            &ReportStyle {
                top: Some(1),
                ..style(None, Lang::En)
            },
        );

        assert!(
            text.contains("\nLeft out by --top 1: 2 rows with 14 matches.\n"),
            "{text}"
        );
        assert!(
            text.contains("\nLeft out by --top 1: 1 unknown code with 1 occurrence.\n"),
            "{text}"
        );
        assert!(!text.contains("Throttling.User"), "{text}");
    }

    #[test]
    fn nothing_is_left_out_in_silence_even_where_no_row_is_left() {
        let text = table(
            &sample::result(),
            &ReportStyle {
                top: Some(0),
                ..style(None, Lang::En)
            },
        );

        assert!(
            text.contains("\nLeft out by --top 0: 3 rows with 1,248 matches.\n"),
            "{text}"
        );
    }

    #[test]
    fn an_empty_result_is_one_sentence() {
        assert_eq!(
            table(&sample::empty(), &style(Some(140), Lang::En)),
            "No known error code found in 1,204 lines of 2 inputs (1.2 MiB).\n"
        );
        assert_eq!(
            table(&sample::empty(), &style(Some(140), Lang::Zh)),
            "在 2 个输入的 1,204 行中没有发现已知错误码（1.2 MiB）。\n"
        );
    }

    #[test]
    fn that_inputs_were_not_read_is_said_where_the_inputs_are_counted() {
        let mut result = sample::empty();
        result.inputs[0].state = InputState::Partial;
        let first_line = |lang| {
            let text = table(&result, &style(None, lang));
            text.lines().next().map(str::to_owned)
        };

        assert_eq!(
            first_line(Lang::En).as_deref(),
            Some("No known error code found in 1,204 lines of 2 inputs, 1 not complete (1.2 MiB).")
        );
        assert_eq!(
            first_line(Lang::Zh).as_deref(),
            Some("在 2 个输入（1 个未读完）的 1,204 行中没有发现已知错误码（1.2 MiB）。")
        );
    }

    #[test]
    fn an_empty_result_still_shows_unknown_codes() {
        let mut result = sample::empty();
        result.unknown = sample::result().unknown;
        result.totals.unknown = 8;

        assert_eq!(
            table(&result, &style(Some(140), Lang::En)),
            "No known error code found in 1,204 lines of 2 inputs (1.2 MiB). \
             8 occurrences of 2 unknown codes.\n\
             \n\
             Unknown codes\n\
             Count  Code                 Near\n\
             ──────────────────────────────────────────────────────────────────────\n\
             \x20   7  FailedOperation.Foo  did you mean FailedOperation.NodeNotEmpty?\n\
             \x20   1  APIG.3999\n"
        );
    }

    #[test]
    fn a_copy_stands_under_a_title_that_is_true_of_it() {
        let mut result = sample::empty();
        result.inputs[0].state = InputState::Duplicate;
        result.inputs[0].error = Some("is the same text as b.log".to_owned());

        let text = table(&result, &style(None, Lang::En));

        let section: Vec<&str> = text.lines().skip(2).map(str::trim_end).collect();
        assert_eq!(section[0], "Inputs not counted in full", "{text}");
        assert_eq!(section[1], "State      File     Reason", "{text}");
        assert_eq!(
            section[3], "duplicate  app.log  is the same text as b.log",
            "{text}"
        );
    }

    #[test]
    fn what_is_in_no_bucket_is_not_told_where_no_buckets_are_shown() {
        let mut result = sample::empty();
        let other = notes::mixed_strict();
        result.notes = vec![notes::partly_unbucketed(), other.clone()];

        let text = table(&result, &style(None, Lang::En));

        let (_, told) = text.split_once("\nNotes\n").unwrap();
        assert_eq!(told, format!("- {other}\n"));
    }

    fn hostile() -> impl Strategy<Value = String> {
        "([ -~]|[一-龥，。（）]|[\u{0}-\u{1f}]|[\u{300}-\u{320}\u{200d}\u{fe0f}\u{202e}]|[🙂☺🇩🇪👩لا]){0,60}"
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_terminal(
            width in 30_usize..200,
            zh in any::<bool>(),
            by in proptest::sample::select(By::ALL),
            texts in proptest::collection::vec(hostile(), 6),
        ) {
            let lang = if zh { Lang::Zh } else { Lang::En };
            let result = sample::with_texts(&texts);
            let style = ReportStyle { by, ..style(Some(width), lang) };

            let text = table(&result, &style);

            for line in text.lines() {
                prop_assert!(line.width() <= width, "{} > {width}: {line:?}", line.width());
                prop_assert!(!line.contains(char::is_control), "{line:?}");
            }
        }
    }
}
