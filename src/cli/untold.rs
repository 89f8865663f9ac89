//! What the reports of a run have no place for is said on standard error: nothing is left out in
//! silence.

use errsift::sink::{By, ReportFormat, csv_notes};
use errsift::tally::result::ScanResult;
use errsift::wording::told;

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

/// Says what was asked for and none of the `formats` of the report shows.
pub fn tell_unshown(result: &ScanResult, formats: &[Format], rendering: &Rendering) {
    let notes = unshown(result, formats, rendering);
    notes.iter().for_each(|note| console::note(note));
}

fn unshown(result: &ScanResult, formats: &[Format], rendering: &Rendering) -> Vec<String> {
    use ReportFormat::{Csv, Html, Json, Markdown, Table};
    let report = rendering.report;
    let is_any = |is_shown: fn(ReportFormat) -> bool| {
        let shows = |format: &Format| matches!(format, Format::Report(it) if is_shown(*it));
        formats.iter().any(shows)
    };
    let shows_times = rendering.keeps_times || is_any(|it| matches!(it, Json | Html));
    let has_json = is_any(|it| it == Json);
    let has_tables = is_any(|it| matches!(it, Table | Csv | Markdown));
    let groups = has_tables || report.by == By::File && (has_json || is_any(|it| it == Html));
    let is_cut = has_tables || has_json && report.by == By::Code;
    let shows_more_than_codes = is_any(|it| it != Csv);
    let groups_csv = report.by != By::Code && formats.contains(&Format::Report(Csv));
    let (statuses, unknown) = (result.http.len(), result.unknown.len());
    let unshown = [
        (report.bucket.is_some() && !shows_times).then(told::no_times),
        (report.samples > Some(0) && !shows_times).then(told::no_samples),
        (report.by != By::Code && !groups).then(told::no_groups),
        (report.top.is_some() && !is_cut).then(told::no_top),
        (statuses > 0 && !shows_more_than_codes).then(|| told::no_statuses(statuses)),
        (unknown > 0 && groups_csv && !shows_more_than_codes).then(|| told::no_unknown(unknown)),
    ];
    unshown.into_iter().flatten().collect()
}
