//! What the page is made from: the result, with its chart beside it.
//!
//! The JSON is safe wherever it stands: inside a `<script>` element no byte of
//! it can end that element or begin a comment, and nobody who reads the page's
//! source is misled by characters that reorder text.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::super::json::to_string;
use super::chart::Chart;
use crate::tally::result::ScanResult;
use crate::wording::in_chinese;

/// The most files that a code's own view lists; a scan may have had thousands.
const MAX_FILES: usize = 100;

#[derive(Serialize)]
struct PageData<'a> {
    #[serde(flatten)]
    result: &'a ScanResult,
    chart: Option<Chart>,
    /// How many files of each code were left out, by the code's place.
    files_left_out: Vec<usize>,
    /// The Chinese of the sentences of the result, which are English.
    sentences_zh: BTreeMap<&'a str, String>,
}

/// `result` as the page's script reads it.
pub(super) fn json(result: &ScanResult) -> io::Result<String> {
    let (result, files_left_out) = with_few_files(result);
    let text = to_string(&PageData {
        result: &result,
        chart: Chart::of(&result),
        files_left_out,
        sentences_zh: sentences_zh(&result),
    })?;
    Ok(escaped(&text))
}

/// Its notes and the reasons of its inputs that can be told in Chinese.
fn sentences_zh(result: &ScanResult) -> BTreeMap<&str, String> {
    let of_baseline = result.baseline.iter().flat_map(|it| &it.notes);
    let notes = result.notes.iter().chain(of_baseline).map(|note| &**note);
    let reasons = result.inputs.iter().filter_map(|it| it.error.as_deref());
    let sentences = notes.chain(reasons);
    sentences
        .filter_map(|text| Some((text, in_chinese(text)?)))
        .collect()
}

/// The result with the files that matter most.
fn with_few_files(result: &ScanResult) -> (Cow<'_, ScanResult>, Vec<usize>) {
    let surplus = |files: usize| files.saturating_sub(MAX_FILES);
    let left_out: Vec<usize> = result
        .codes
        .iter()
        .map(|row| surplus(row.files.len()))
        .collect();
    if left_out.iter().all(|surplus| *surplus == 0) {
        return (Cow::Borrowed(result), Vec::new());
    }
    let mut result = result.clone();
    for row in &mut result.codes {
        let mut files: Vec<_> = std::mem::take(&mut row.files).into_iter().collect();
        files.sort_by_key(|(_, count)| Reverse(*count));
        files.truncate(MAX_FILES);
        row.files = files.into_iter().collect();
    }
    (Cow::Owned(result), left_out)
}

/// JSON in which no character is markup. Outside of strings JSON has none of these characters.
fn escaped(json: &str) -> String {
    let escapes = [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")];
    let escape = |json: String, (c, escape)| json.replace(c, escape);
    escapes.into_iter().fold(json.to_owned(), escape)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sink::sample;
    use crate::sink::text::is_treacherous;
    use crate::wording::{notes, reasons};

    fn is_harmless(json: &str) -> bool {
        let is_harmful = |c: char| "<>&".contains(c) || c.is_control() || is_treacherous(c);
        !json.contains(is_harmful)
    }

    const HOSTILE: &str =
        "</script><!--<script>&\u{2028}\u{2029}\u{202e}\u{7f}\u{9b}\u{e0041}\0\"'\\";

    #[test]
    fn hostile_text_is_in_the_json_to_the_letter_and_yet_harmless() {
        let mut result = sample::result();
        result.codes[0].samples[0].text = HOSTILE.to_owned();

        let json = json(&result).unwrap();

        assert!(is_harmless(&json), "{json}");
        let read: ScanResult = serde_json::from_str(&json).unwrap();
        assert_eq!(read, result);
    }

    proptest! {
        #[test]
        fn whatever_a_result_holds_is_carried_whole_and_harmless(
            texts in proptest::collection::vec("(\\PC|[<>&\"'\\\\]|[\u{0}-\u{a0}]|[\u{2028}-\u{202e}]){0,40}", 6),
        ) {
            let result = sample::with_texts(&texts);

            let json = json(&result).unwrap();

            prop_assert!(is_harmless(&json), "{json}");
            prop_assert_eq!(serde_json::from_str::<ScanResult>(&json).unwrap(), result);
        }
    }

    #[test]
    fn notes_and_reasons_are_carried_in_chinese_too() {
        let mut result = sample::compared();
        let note = notes::equal_content("a, b");
        let of_baseline = notes::unlisted_in_baseline();
        let reason = reasons::same_file("a");
        result.notes.push(note.clone());
        result.inputs[2].error = Some(reason.clone());
        let baseline = result.baseline.as_mut().unwrap();
        baseline.notes.push(of_baseline.clone());

        let told = sentences_zh(&result);

        let texts = [&*note, &*of_baseline, &*reason];
        assert_eq!(
            told,
            texts.map(|text| (text, in_chinese(text).unwrap())).into()
        );
    }

    #[test]
    fn of_many_files_those_that_count_most_are_kept() {
        let mut result = sample::result();
        let files = (0..MAX_FILES as u64 + 7).map(|n| (format!("{n:03}.log"), n));
        result.codes[1].files = files.collect();

        let (few, left_out) = with_few_files(&result);

        assert_eq!(left_out, [0, 7, 0]);
        assert_eq!(few.codes[1].files.len(), MAX_FILES);
        assert_eq!(few.codes[1].files.values().min(), Some(&7));
    }
}
