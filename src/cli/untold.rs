//! What the reports of a run have no place for is said on standard error: nothing is left out in
//! silence.

use errsift::catalog::Lang;
use errsift::sink::{By, ReportFormat, csv_notes};
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

/// Says what was asked for and none of the `formats` of the report shows.
pub fn tell_unshown(result: &ScanResult, formats: &[Format], rendering: &Rendering) {
    let notes = unshown(result, formats, rendering);
    notes.iter().for_each(|note| console::note(note));
}

fn unshown(result: &ScanResult, formats: &[Format], rendering: &Rendering) -> Vec<String> {
    use ReportFormat::{Csv, Html, Json};
    let report = rendering.report;
    let is_any = |is_shown: fn(ReportFormat) -> bool| {
        let shows = |format: &Format| matches!(format, Format::Report(it) if is_shown(*it));
        formats.iter().any(shows)
    };
    let shows_times = rendering.keeps_times || is_any(|it| matches!(it, Json | Html));
    let shows_more_than_codes = is_any(|it| it != Csv);
    let groups_csv = report.by != By::Code && formats.contains(&Format::Report(Csv));
    let (statuses, unknown) = (result.http.len(), result.unknown.len());
    let unshown = [
        (report.bucket.is_some() && !shows_times).then_some(Unshown::Times),
        (statuses > 0 && !shows_more_than_codes).then_some(Unshown::HttpStatuses(statuses)),
        (unknown > 0 && groups_csv && !shows_more_than_codes).then_some(Unshown::Unknown(unknown)),
    ];
    let unshown = unshown.into_iter().flatten();
    unshown.map(|it| it.note(rendering.style.lang)).collect()
}

/// What no output of a run shows, with how many there are.
enum Unshown {
    Times,
    HttpStatuses(usize),
    Unknown(usize),
}

impl Unshown {
    fn note(self, lang: Lang) -> String {
        match (self, lang) {
            (Unshown::Times, Lang::En) => String::from(
                "--bucket: no output of this run shows counts over time, -f json and -f html do",
            ),
            (Unshown::Times, Lang::Zh) => {
                String::from("--bucket：本次输出均不显示时间分布，-f json 和 -f html 会显示")
            }
            (Unshown::HttpStatuses(n), Lang::En) => format!(
                "no output of this run shows the HTTP statuses ({n}), -f table, json, markdown and html do"
            ),
            (Unshown::HttpStatuses(n), Lang::Zh) => format!(
                "本次输出均不显示 HTTP 状态码（{n} 种），-f table、json、markdown 和 html 会显示"
            ),
            (Unshown::Unknown(n), Lang::En) => format!(
                "--by: no output of this run shows the unknown codes ({n}), -f csv without --by does, and -f table and json"
            ),
            (Unshown::Unknown(n), Lang::Zh) => format!(
                "--by：本次输出均不显示未知错误码（{n} 个），不带 --by 的 -f csv 以及 -f table 和 json 会显示"
            ),
        }
    }
}
