//! The result as JSON: one line, so that results can be collected and read line by line.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use super::outline::{cut_note, kept};
use super::{By, ReportStyle};
use crate::tally::result::ScanResult;

/// Writes the whole of `result`, whatever its rows are to be grouped by.
///
/// Only `top` codes and unknown codes where that is set and rows are codes, with a note.
pub(super) fn write(
    out: &mut dyn io::Write,
    result: &ScanResult,
    style: &ReportStyle,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    serde_json::to_writer(&mut out, &*cut_to_top(result, style))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The result with the codes that `top` lets through, and a note of those it does not.
fn cut_to_top<'r>(result: &'r ScanResult, style: &ReportStyle) -> Cow<'r, ScanResult> {
    let note = match style.by {
        By::Code => cut_note(result, style),
        _ => None,
    };
    let Some(note) = note else {
        return Cow::Borrowed(result);
    };
    let mut cut = result.clone();
    cut.codes.truncate(kept(&result.codes, style.top).len());
    cut.unknown.truncate(kept(&result.unknown, style.top).len());
    cut.notes.push(note);
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn top_cuts_the_codes_and_notes_it() {
        let style = ReportStyle {
            top: Some(1),
            ..ReportStyle::default()
        };

        let cut = written(&style);

        assert_eq!(cut.codes, sample::result().codes[..1]);
        assert_eq!(cut.unknown, sample::result().unknown[..1]);
        assert_eq!(
            cut.notes.last().map(String::as_str),
            Some(
                "Left out by --top 1: 2 codes with 14 matches. \
                 Left out by --top 1: 1 unknown code with 1 occurrence."
            )
        );
    }
}
