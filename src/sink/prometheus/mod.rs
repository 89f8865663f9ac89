//! The counts for Prometheus, in its text format 0.0.4.
//!
//! An [`Exporter`] is what a scrape, a textfile and `-f prometheus` have in common: whoever keeps
//! one over many results gets counters that never go down and series that never leave.

mod baseline;
mod metric;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use ::prometheus::proto::{Metric, MetricFamily};
use ::prometheus::{Encoder, TEXT_FORMAT, TextEncoder};
use jiff::Timestamp;

use self::metric::{counted, counter, gauge, measured};
use super::series::{SeriesKey, SeriesSet};
use crate::catalog::Catalog;
use crate::tally::OTHER;
use crate::tally::result::{CodeRow, InputState, ScanResult};

/// What an HTTP answer calls the text that [`Exporter::write`] writes.
pub const METRICS_CONTENT_TYPE: &str = TEXT_FORMAT;

/// The most codes with a series of their own, unless asked otherwise.
pub const MAX_SERIES: usize = 1000;

/// The family of an unknown code that was found by its place alone (`--discover`).
const NO_FAMILY: &str = "unknown";

/// What is known about the reading, beside its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// When the result was read from the logs; `None` where that is not known any more. It is the
    /// time of matches whose lines have none.
    pub at: Option<Timestamp>,
    /// How often an input could not be read while it was followed; 0 where only the result tells.
    pub input_errors: u64,
    /// How often a file that is followed was truncated.
    pub truncations: u64,
}

/// Writes results for Prometheus, and remembers which series there are.
#[derive(Clone, Debug)]
pub struct Exporter {
    series: SeriesSet,
    /// What unknown codes may extend: families, and codes that can be one.
    families: BTreeSet<String>,
    max_series: usize,
    unknown: BTreeMap<String, u64>,
    input_errors: u64,
}

impl Default for Exporter {
    /// An exporter that knows no families.
    fn default() -> Self {
        Exporter::new(&Catalog::default(), MAX_SERIES, &[])
    }
}

impl Exporter {
    /// An exporter of results made with `catalog`, which gives at most `max_series` codes a series
    /// of their own. Those of `zeroes` have one before they are seen.
    pub fn new(catalog: &Catalog, max_series: usize, zeroes: &[CodeRow]) -> Self {
        let mut exporter = Exporter {
            series: SeriesSet::new(max_series, zeroes),
            families: BTreeSet::new(),
            max_series,
            unknown: BTreeMap::new(),
            input_errors: 0,
        };
        exporter.use_catalog(catalog);
        exporter
    }

    /// Goes on with the families of a catalogue that was loaded again.
    pub fn use_catalog(&mut self, catalog: &Catalog) {
        let families = catalog.families().iter().map(|family| family.name.clone());
        let codes = catalog.entries().iter().map(|entry| entry.code.to_string());
        self.families = families.chain(codes).collect();
    }

    /// Writes `result`, and every series that was ever written.
    ///
    /// # Errors
    ///
    /// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
    pub fn write(
        &mut self,
        out: &mut dyn io::Write,
        result: &ScanResult,
        reading: Reading,
    ) -> io::Result<()> {
        self.series.update(result, reading.at);
        self.update_unknown(result);
        self.update_errors(result, reading);
        let of_baseline = baseline::metric_families(result.baseline.as_ref(), self.max_series);
        let families = self.metric_families(result, reading);
        let families = families.into_iter().chain(of_baseline);
        let with_metrics: Vec<MetricFamily> = families
            .filter(|family| !family.get_metric().is_empty())
            .collect();
        // Written to memory first, because the crate's errors hide that a pipe was closed.
        let mut text = Vec::new();
        let encoded = TextEncoder::new().encode(&with_metrics, &mut text);
        encoded.map_err(io::Error::other)?;
        out.write_all(&text)
    }

    fn update_unknown(&mut self, result: &ScanResult) {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut room = self.max_series.saturating_sub(self.unknown.len());
        for row in &result.unknown {
            let family = self.family(&row.code);
            let is_there = self.unknown.contains_key(family) || counts.contains_key(family);
            let family = if is_there || room > 0 { family } else { OTHER };
            room -= usize::from(!is_there && room > 0);
            let count = counts.entry(family).or_default();
            *count = count.saturating_add(row.count);
        }
        let counts: Vec<(String, u64)> = counts
            .into_iter()
            .map(|(family, count)| (family.to_owned(), count))
            .collect();
        for (family, count) in counts {
            let known = self.unknown.entry(family).or_default();
            *known = count.max(*known);
        }
    }

    /// An input that can be read again has failed all the same.
    fn update_errors(&mut self, result: &ScanResult, reading: Reading) {
        let is_broken = |state| matches!(state, InputState::Partial | InputState::Failed);
        let broken = result.inputs.iter().filter(|it| is_broken(it.state));
        let broken = broken.count() as u64; // lossless: no machine holds 2^64 inputs
        self.input_errors = self.input_errors.max(broken).max(reading.input_errors);
    }

    /// The longest family or code that `code` extends.
    fn family<'a>(&'a self, code: &'a str) -> &'a str {
        if code == OTHER {
            return OTHER;
        }
        let mut heads = code.rmatch_indices('.').map(|(dot, _)| &code[..dot]);
        heads
            .find(|name| self.families.contains(*name))
            .unwrap_or(NO_FAMILY)
    }

    fn metric_families(&self, result: &ScanResult, reading: Reading) -> Vec<MetricFamily> {
        let unknown = self.unknown.iter();
        let build = [
            ("version", result.tool.version.as_str()),
            ("catalog", result.catalog.sha256.as_str()),
        ];
        vec![
            counter(
                "errsift_matches_total",
                "Matches of known codes, the unconfirmed ones included.",
                self.of_codes(|key, series| counted(&key.labels(), series.count)),
            ),
            counter(
                "errsift_unconfirmed_matches_total",
                "Matches of known codes that stand where no error code is expected.",
                self.of_codes(|key, series| counted(&key.labels(), series.unconfirmed)),
            ),
            counter(
                "errsift_unknown_codes_total",
                "Occurrences of codes of a known family that the catalogue lacks.",
                unknown
                    .map(|(family, count)| counted(&[("family", family)], *count))
                    .collect(),
            ),
            counter(
                "errsift_lines_total",
                "Lines read.",
                vec![counted(&[], result.totals.lines)],
            ),
            counter(
                "errsift_bytes_total",
                "Bytes of decompressed text read.",
                vec![counted(&[], result.totals.bytes)],
            ),
            counter(
                "errsift_input_errors_total",
                "Inputs that were not read to their end.",
                vec![counted(&[], self.input_errors)],
            ),
            counter(
                "errsift_truncations_total",
                "Followed files that were truncated while they were read.",
                vec![counted(&[], reading.truncations)],
            ),
            gauge(
                "errsift_code_info",
                "What follows from a code; always 1.",
                self.of_codes(|key, series| {
                    let [provider, product, code] = key.labels();
                    let labels = [
                        provider,
                        product,
                        code,
                        ("http_status", series.facts.http_status.as_str()),
                        ("category", series.facts.category.as_str()),
                        ("retryable", series.facts.retryable.as_str()),
                    ];
                    measured(&labels, 1.0)
                }),
            ),
            gauge(
                "errsift_last_match_timestamp_seconds",
                "When a code was seen last: the log's time, else when the line was read.",
                self.series
                    .all()
                    .filter_map(|(key, series)| {
                        let seconds = series.last_match?.as_millisecond() as f64 / 1000.0; // exact until far beyond any log
                        Some(measured(&key.labels(), seconds))
                    })
                    .collect(),
            ),
            gauge(
                "errsift_build_info",
                "The program and its catalogue; always 1.",
                vec![measured(&build, 1.0)],
            ),
        ]
    }

    fn of_codes(
        &self,
        metric: impl Fn(&SeriesKey, &super::series::Series) -> Metric,
    ) -> Vec<Metric> {
        let all = self.series.all();
        all.map(|(key, series)| metric(&key, series)).collect()
    }
}

impl SeriesKey {
    fn labels(&self) -> [(&'static str, &str); 3] {
        [
            ("provider", &self.provider),
            ("product", &self.product),
            ("code", &self.code),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;
    use crate::tally::result::UnknownRow;
    use crate::tally::zeroes;

    fn exporter(max_series: usize) -> Exporter {
        Exporter::new(&Catalog::builtin().unwrap(), max_series, &[])
    }

    fn written(exporter: &mut Exporter, result: &ScanResult, at: Option<i64>) -> String {
        let reading = Reading {
            at: at.map(|second| Timestamp::from_second(second).unwrap()),
            ..Reading::default()
        };
        let mut out = Vec::new();
        exporter.write(&mut out, result, reading).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The samples of a metric, without its name.
    fn samples<'t>(text: &'t str, metric: &str) -> Vec<&'t str> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(metric));
        lines.filter(|rest| rest.starts_with(['{', ' '])).collect()
    }

    fn with_codes(codes: &[(&str, u64)]) -> ScanResult {
        let row = |&(code, count): &(&str, u64)| sample::row(code, count);
        ScanResult {
            codes: codes.iter().map(row).collect(),
            ..sample::empty()
        }
    }

    #[test]
    fn a_result_is_written_as_the_manual_says() {
        let text = written(
            &mut exporter(MAX_SERIES),
            &sample::result(),
            Some(1_700_000_000),
        );
        sample::assert_golden("metrics.prom", &text);
    }

    #[test]
    fn a_result_without_matches_still_has_its_lines() {
        let text = written(&mut exporter(MAX_SERIES), &sample::empty(), None);

        assert_eq!(samples(&text, "errsift_lines_total"), [" 1204"]);
        assert!(!text.contains("errsift_matches_total"), "{text}");
    }

    #[test]
    fn what_a_log_says_stays_inside_its_label() {
        let result = with_codes(&[("a\"b\\c\nd 1", 2)]);
        let text = written(&mut exporter(MAX_SERIES), &result, None);

        assert_eq!(
            samples(&text, "errsift_matches_total"),
            [r#"{provider="unknown",product="",code="a\"b\\c\nd 1"} 2"#]
        );
    }

    #[test]
    fn rows_that_differ_in_candidates_alone_are_one_series() {
        let mut result = with_codes(&[("InternalError", 2), ("InternalError", 3)]);
        result.codes[1].candidates = vec!["a".to_owned(), "b".to_owned()];
        result.codes[1].http_status = Some(500);

        let text = written(&mut exporter(MAX_SERIES), &result, None);

        assert_eq!(
            samples(&text, "errsift_matches_total"),
            [r#"{provider="unknown",product="",code="InternalError"} 5"#]
        );
        assert_eq!(
            samples(&text, "errsift_code_info"),
            [
                r#"{provider="unknown",product="",code="InternalError",http_status="",category="",retryable=""} 1"#
            ]
        );
    }

    #[test]
    fn the_least_frequent_codes_are_folded_by_provider_and_no_count_is_lost() {
        let mut result = with_codes(&[("A", 9), ("B", 5), ("C", 3), ("D", 2)]);
        result.codes[3].provider = Some("p".to_owned());

        let text = written(&mut exporter(1), &result, None);

        assert_eq!(
            samples(&text, "errsift_matches_total"),
            [
                r#"{provider="unknown",product="",code="A"} 9"#,
                r#"{provider="p",product="",code="__other__"} 2"#,
                r#"{provider="unknown",product="",code="__other__"} 8"#,
            ]
        );
    }

    #[test]
    fn a_code_that_came_too_late_is_folded_for_good() {
        let mut exporter = exporter(1);
        written(&mut exporter, &with_codes(&[("A", 1)]), None);

        let text = written(&mut exporter, &with_codes(&[("B", 50), ("A", 2)]), None);

        assert_eq!(
            samples(&text, "errsift_matches_total"),
            [
                r#"{provider="unknown",product="",code="A"} 2"#,
                r#"{provider="unknown",product="",code="__other__"} 50"#,
            ]
        );
    }

    #[test]
    fn a_series_stays_and_no_counter_goes_down() {
        let mut exporter = exporter(MAX_SERIES);
        let first = written(&mut exporter, &sample::result(), Some(1));

        let later = written(&mut exporter, &sample::empty(), Some(2));

        assert_eq!(
            samples(&later, "errsift_matches_total"),
            samples(&first, "errsift_matches_total")
        );
    }

    #[test]
    fn codes_to_watch_are_there_before_they_are_seen() {
        let catalog = Catalog::builtin().unwrap();
        let pattern = "code=APIG.900*".parse().unwrap();
        let zeroes = zeroes(&catalog, &[pattern]);
        let mut exporter = Exporter::new(&catalog, MAX_SERIES, &zeroes);

        let text = written(&mut exporter, &sample::empty(), Some(1));

        let matches = samples(&text, "errsift_matches_total");
        assert_eq!(matches.len(), zeroes.len());
        assert!(
            matches
                .contains(&r#"{provider="huaweicloud",product="roma-connect",code="APIG.9008"} 0"#),
            "{matches:?}"
        );
        assert_eq!(
            samples(&text, "errsift_last_match_timestamp_seconds"),
            [""; 0]
        );
    }

    #[test]
    fn a_match_without_a_time_was_last_seen_when_its_count_last_grew() {
        let mut exporter = exporter(MAX_SERIES);
        let last = |text: String| {
            let metric = "errsift_last_match_timestamp_seconds";
            let value = samples(&text, metric)[0].rsplit(' ').next();
            value.map(str::to_owned)
        };

        for (count, at, expected) in [(1, 100, "100"), (1, 200, "100"), (2, 300, "300")] {
            let text = written(&mut exporter, &with_codes(&[("A", count)]), Some(at));
            assert_eq!(last(text).as_deref(), Some(expected), "at {at}");
        }
    }

    #[test]
    fn unknown_codes_are_counted_by_the_longest_family_they_extend() {
        let unknown = [
            ("APIG.3999", 1),
            ("APIG.4000", 2),
            ("FailedOperation.Foo.Bar", 4),
            ("ResourceBusy", 8),
            (OTHER, 16),
        ];
        let row = |&(code, count): &(&str, u64)| UnknownRow {
            code: code.to_owned(),
            count,
            ..UnknownRow::default()
        };
        let result = ScanResult {
            unknown: unknown.iter().map(row).collect(),
            ..sample::empty()
        };

        assert_eq!(
            samples(
                &written(&mut exporter(MAX_SERIES), &result, None),
                "errsift_unknown_codes_total"
            ),
            [
                r#"{family="APIG"} 3"#,
                r#"{family="FailedOperation"} 4"#,
                r#"{family="__other__"} 16"#,
                r#"{family="unknown"} 8"#,
            ]
        );
        assert_eq!(
            samples(
                &written(&mut exporter(1), &result, None),
                "errsift_unknown_codes_total"
            ),
            [r#"{family="APIG"} 3"#, r#"{family="__other__"} 28"#]
        );
    }

    #[test]
    fn inputs_that_were_not_read_to_their_end_are_errors() {
        let mut result = sample::empty();
        result.inputs[0].state = InputState::Partial;
        result.inputs[1].state = InputState::Failed;

        let text = written(&mut exporter(MAX_SERIES), &result, None);

        assert_eq!(samples(&text, "errsift_input_errors_total"), [" 2"]);
    }
}
