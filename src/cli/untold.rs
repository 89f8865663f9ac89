//! What the reports of a run have no place for is said on standard error: nothing is left out in
//! silence.

use errsift::sink::{ReportFormat, csv_notes};
use errsift::tally::result::ScanResult;

use super::console;
use super::output::{Format, Rendering};

/// Says what CSV cannot, where it is among the `formats` of the report.
pub fn tell_notes(result: &ScanResult, formats: &[Format], rendering: &Rendering) {
    if formats.contains(&Format::Report(ReportFormat::Csv)) {
        let style = rendering.report.style(rendering.style);
        csv_notes(result, &style)
            .iter()
            .for_each(|note| console::note(note));
    }
}
