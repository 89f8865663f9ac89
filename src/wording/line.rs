//! Lines on standard error: sentences of this program, what they are about, and the reasons for them.

use std::borrow::Cow;

use super::{catalog, in_chinese, told};
use crate::catalog::Lang;

/// What stands between the parts of a line in English.
const COLON: &str = ": ";

/// The same in Chinese, beside a sentence.
const FULL_COLON: &str = "：";

/// The most parts of a line that are looked at: a path may hold any number of colons.
const MOST_PARTS: usize = 16;

/// A line for a person in `lang`.
///
/// What is no sentence of this program, such as a path or the system's words, is left as it is.
pub fn line_in(line: &str, lang: Lang) -> Cow<'_, str> {
    match lang {
        Lang::En => Cow::Borrowed(line),
        Lang::Zh => chinese(line).map_or(Cow::Borrowed(line), Cow::Owned),
    }
}

/// A line's end in Chinese.
struct Told {
    text: String,
    begins_with_sentence: bool,
}

/// The Chinese of a line; `None` where no part of it is a sentence.
fn chinese(line: &str) -> Option<String> {
    let colons = line.match_indices(COLON).map(|(at, _)| at);
    let ends: Vec<usize> = colons.take(MOST_PARTS).chain([line.len()]).collect();
    let mut told: Vec<Option<Told>> = Vec::new();
    // From the end: what is behind a colon is known when what stands before it is looked at.
    for part in (0..ends.len()).rev() {
        let start = match part {
            0 => 0,
            _ => ends[part - 1] + COLON.len(),
        };
        let whole = sentence(&line[start..]).map(|text| Told {
            text,
            begins_with_sentence: true,
        });
        let divided = ends[part..]
            .iter()
            .zip(told.iter().rev())
            .filter_map(|(&end, behind)| {
                joined(
                    &line[start..end],
                    behind.as_ref(),
                    line.get(end + COLON.len()..)?,
                )
            });
        // A sentence may hold any reason: the way that tells the most is meant.
        let best = whole
            .into_iter()
            .chain(divided)
            .min_by_key(|told| untold(&told.text));
        told.push(best);
    }
    Some(told.pop()??.text)
}

/// What stands before a colon and behind it, of which one at least is told in Chinese.
fn joined(before: &str, told: Option<&Told>, behind: &str) -> Option<Told> {
    let sentence = sentence(before);
    let begins_with_sentence = sentence.is_some();
    let colon = match told {
        None if !begins_with_sentence => return None,
        Some(told) if !told.begins_with_sentence => COLON,
        _ => FULL_COLON,
    };
    let before = sentence.as_deref().unwrap_or(before);
    let behind = told.map_or(behind, |told| &told.text);
    Some(Told {
        text: format!("{before}{colon}{behind}"),
        begins_with_sentence,
    })
}

fn sentence(text: &str) -> Option<String> {
    let mut told = told::FORMS.iter();
    let told = told.find_map(|form| form.chinese_of(text));
    told.or_else(|| in_chinese(text))
        .or_else(|| catalog::chinese_of(text))
}

/// How much of a text is not Chinese.
fn untold(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_alphabetic).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_with_what_it_is_about_and_why() {
        for (line, chinese) in [
            (
                "a: b.log: cannot be opened: Permission denied (os error 13)",
                "a: b.log：无法打开：Permission denied (os error 13)",
            ),
            (
                "a.log: read in part: interrupted",
                "a.log：只读取了一部分：已中断",
            ),
            (
                "a.log: is the same file as b: c.log, it is tried again",
                "a.log：与 b: c.log 是同一文件，将重试",
            ),
            ("--fail-on unknown>1 holds", "--fail-on unknown>1 成立"),
            (
                "the catalogue was loaded again: 1 code",
                "错误码目录已重新加载：1 个错误码",
            ),
        ] {
            assert_eq!(line_in(line, Lang::Zh), chinese);
            assert_eq!(line_in(line, Lang::En), line);
        }
    }

    #[test]
    fn a_line_without_a_sentence_is_left_as_it_is() {
        let many = "a: ".repeat(100_000);
        for line in ["", ": ", "--top x: no number, expected 3, say", &many] {
            assert_eq!(line_in(line, Lang::Zh), line);
        }
    }
}
