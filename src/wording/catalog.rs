//! What there is to remark on a user's catalogue.
//!
//! Such a remark stands behind the name of the file, and remarks of one kind stand together:
//! `codes.txt: line 4 repeats 'X' (line 2), line 5 repeats 'X' (line 2)`.

use super::form::{Form, sentences};

type Sentence = String;

fn sentence(form: &Form, parts: &[String]) -> String {
    form.english(parts)
}

/// What stands between two remarks in English.
const COMMA: &str = ", ";

/// The same in Chinese, where a remark has commas of its own.
const SEMICOLON: &str = "；";

/// The most parts of a list that are looked at: a path may hold any number of commas.
const MOST_PARTS: usize = 16;

/// Remarks of one kind, and how many more there are.
pub(crate) fn listed(remarks: &[String], more: usize) -> String {
    let named = remarks.join(COMMA);
    match more {
        0 => named,
        more => with_more(&named, more),
    }
}

/// The Chinese of what stands behind the name of a file; `None` where it is no remark.
pub(super) fn chinese_of(text: &str) -> Option<String> {
    let whole = FORMS.iter().find_map(|form| form.chinese_of(text));
    whole.or_else(|| list_in_chinese(text))
}

/// The Chinese of one remark or several; `None` where one of them is none.
pub(super) fn list_in_chinese(text: &str) -> Option<String> {
    let commas = text.match_indices(COMMA).map(|(at, _)| at);
    let ends: Vec<usize> = commas.take(MOST_PARTS).chain([text.len()]).collect();
    let mut told: Vec<Option<String>> = vec![None; ends.len()];
    // From the end: what is behind a comma is known when what stands before it is looked at.
    for part in (0..ends.len()).rev() {
        let start = match part {
            0 => 0,
            _ => ends[part - 1] + COMMA.len(),
        };
        // The shortest remark is meant: what it quotes may look like several.
        told[part] = (part..ends.len()).find_map(|last| {
            let remark = &text[start..ends[last]];
            let remark = remarks::FORMS
                .iter()
                .find_map(|form| form.chinese_of(remark))?;
            match told.get(last + 1) {
                None => Some(remark),
                Some(behind) => Some([&remark, SEMICOLON, behind.as_ref()?].concat()),
            }
        });
    }
    told.swap_remove(0)
}

sentences! {
    /// More remarks of a kind than are named.
    with_more(remarks: Remarks, more: Number):
        "{remarks}, and {more} more",
        "{remarks}；另有 {more} 处";

    /// A file names no code.
    pub(crate) no_codes():
        "no codes",
        "其中没有错误码";

    /// A provider's rules are replaced.
    pub(crate) replaces_rules(provider: Text):
        "replaces the rules of provider '{provider}'",
        "取代提供方“{provider}”的规则";
}

/// Remarks on single lines and entries.
pub(crate) mod remarks {
    use super::{Sentence, sentence};
    use crate::wording::form::sentences;

    sentences! {
        /// A list names a code again.
        pub(crate) repeats(line: Number, code: Text, first: Number):
            "line {line} repeats '{code}' (line {first})",
            "第 {line} 行重复了“{code}”（第 {first} 行）";

        /// A list names an HTTP status.
        pub(crate) is_status(line: Number, code: Text):
            "line {line} ('{code}') is an HTTP status, not matched as a code",
            "第 {line} 行（“{code}”）是 HTTP 状态码，不作为错误码匹配";

        /// An entry takes the place of a built-in one.
        pub(crate) replaces_built_in(entry: Number, code: Text):
            "entry {entry} ('{code}') replaces the built-in one",
            "条目 {entry}（“{code}”）取代内置条目";

        /// An entry takes the place of another file's.
        pub(crate) replaces_other(entry: Number, code: Text, file: Text):
            "entry {entry} ('{code}') replaces the one of {file}",
            "条目 {entry}（“{code}”）取代 {file} 中的条目";

        /// A field of an entry that has a code.
        pub(crate) unknown_field_of(entry: Number, code: Text, field: Text):
            "entry {entry} ('{code}'): unknown field '{field}', ignored",
            "条目 {entry}（“{code}”）：未知字段“{field}”，已忽略";

        /// A field of an entry.
        pub(crate) unknown_field_in(entry: Number, field: Text):
            "entry {entry}: unknown field '{field}', ignored",
            "条目 {entry}：未知字段“{field}”，已忽略";

        /// A field outside of all entries.
        pub(crate) unknown_field(field: Text):
            "unknown field '{field}', ignored",
            "未知字段“{field}”，已忽略";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_remark_quotes_may_hold_a_comma() {
        for (list, chinese) in [
            (
                listed(&[remarks::replaces_other(1, "A, B", "a, b.json")], 0),
                "条目 1（“A, B”）取代 a, b.json 中的条目",
            ),
            (
                listed(
                    &[
                        remarks::unknown_field("a', ignored"),
                        remarks::replaces_other(2, "X", "a, b.json"),
                        remarks::repeats(3, "X", 1),
                    ],
                    2,
                ),
                "未知字段“a', ignored”，已忽略；条目 2（“X”）取代 a, b.json 中的条目；\
                 第 3 行重复了“X”（第 1 行）；另有 2 处",
            ),
        ] {
            assert_eq!(chinese_of(&list).as_deref(), Some(chinese), "{list}");
        }
    }

    #[test]
    fn what_is_no_remark_is_none() {
        let many = "unknown field 'a', ignored, ".repeat(100_000);
        for text in ["", ", ", "unknown field 'a', ignored, and so on", &many] {
            assert_eq!(chinese_of(text), None);
        }
    }
}
