//! The result as JSON: one line, so that results can be collected and read line by line.

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
    let note = match style.by {
        By::Code => cut_note(result, style),
        _ => None,
    };
    match note {
        Some(note) => serde_json::to_writer(&mut out, &cut(result, style.top, note))?,
        None => serde_json::to_writer(&mut out, result)?,
    }
    out.write_all(b"\n")?;
    out.flush()
}

fn cut(result: &ScanResult, top: Option<usize>, note: String) -> ScanResult {
    let mut cut = result.clone();
    cut.codes.truncate(kept(&result.codes, top).len());
    cut.unknown.truncate(kept(&result.unknown, top).len());
    cut.notes.push(note);
    cut
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
