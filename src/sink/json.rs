//! The result as JSON: one line, so that results can be collected and read line by line.
//!
//! Whatever JSON is printed, no byte of it moves a terminal or misleads who reads it: a character
//! that would is written as an escape, and the text that it stands for is still there to the letter.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::outline::{cuts, kept};
use super::text::{is_plain, is_treacherous};
use super::{By, ReportStyle};
use crate::tally::result::ScanResult;

/// So much is written at a time: a result of many codes is megabytes.
const BUFFER_BYTES: usize = 64 * 1024;

/// Writes the whole of `result`, whatever its rows are to be grouped by.
///
/// Only `top` codes and unknown codes where that is set and rows are codes, with a note.
pub(super) fn write(
    out: &mut dyn io::Write,
    result: &ScanResult,
    style: &ReportStyle,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    to_writer(&mut out, &*cut_to_top(result, style))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes `value` on one line, without an end.
pub(super) fn to_writer(out: impl io::Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Harmless);
    Ok(value.serialize(&mut serializer)?)
}

/// `value` on one line, without an end.
pub(super) fn to_string(value: &impl Serialize) -> io::Result<String> {
    let mut text = Vec::new();
    to_writer(&mut text, value)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// Compact JSON in which what a terminal obeys, hides or reorders is escaped.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_plain(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_harmful(*c)) {
            let (before, from) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &from[c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control() || is_treacherous(c)
}

/// The result with the codes that `top` lets through, and a note of those it does not.
fn cut_to_top<'r>(result: &'r ScanResult, style: &ReportStyle) -> Cow<'r, ScanResult> {
    let cuts = match style.by {
        By::Code => cuts(result, style),
        _ => Vec::new(),
    };
    if cuts.is_empty() {
        return Cow::Borrowed(result);
    }
    let mut cut = result.clone();
    cut.codes.truncate(kept(&result.codes, style.top).len());
    cut.unknown.truncate(kept(&result.unknown, style.top).len());
    cut.notes.extend(cuts);
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Lang;
    use crate::sink::sample;

    fn written(style: &ReportStyle) -> ScanResult {
        let mut out = Vec::new();
        write(&mut out, &sample::result(), style).unwrap();
        assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 1);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again_as_the_same_result() {
        for by in By::ALL {
            let style = ReportStyle {
                by: *by,
                ..ReportStyle::default()
            };
            assert_eq!(written(&style), sample::result());
        }
    }

    #[test]
    fn what_would_mislead_a_terminal_or_a_reader_is_an_escape_of_the_same_text() {
        let hostile = "\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{200b}\u{2028}\u{e0041}\"\\é错😀";

        let written = to_string(&hostile).unwrap();

        assert_eq!(
            written,
            r#""\u001b[2J\u009b31m\u007f\u202e\u200b\u2028\udb40\udc41\"\\é错😀""#
        );
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn top_cuts_the_codes_and_notes_it() {
        let style = ReportStyle {
            top: Some(1),
            lang: Lang::Zh,
            ..ReportStyle::default()
        };

        let cut = written(&style);

        assert_eq!(cut.codes, sample::result().codes[..1]);
        assert_eq!(cut.unknown, sample::result().unknown[..1]);
        assert_eq!(
            cut.notes[1..],
            [
                "Left out by --top 1: 2 rows with 14 matches.",
                "Left out by --top 1: 1 unknown code with 1 occurrence.",
            ],
            "what is saved is English"
        );
    }
}
