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
    /// Occurrences by family.
    unknown: BTreeMap<String, u64>,
    /// What is in them of each unknown code.
    told_unknown: BTreeMap<String, u64>,
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
            told_unknown: BTreeMap::new(),
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
        self.series.update(result);
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

    /// Adds what has come since the last result to the families that it extends now.
    fn update_unknown(&mut self, result: &ScanResult) {
        for row in &result.unknown {
            let told = self.told_unknown.entry(row.code.clone()).or_default();
            let growth = row.count.saturating_sub(*told);
            *told = row.count.max(*told);
            let family = self.family(&row.code);
            let has_room = self.unknown.len() < self.max_series;
            let family = match has_room || self.unknown.contains_key(family) {
                true => family.to_owned(),
                false => OTHER.to_owned(),
            };
            let known = self.unknown.entry(family).or_default();
            *known = known.saturating_add(growth);
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

    /// All families, in the order of the text.
    fn metric_families(&self, result: &ScanResult, reading: Reading) -> Vec<MetricFamily> {
        let mut families = Vec::from(self.matches());
        families.push(self.unknown_codes());
        families.extend(self.amounts(result, reading));
        families.extend([self.code_info(), self.last_matches(), build_info(result)]);
        families
    }

    /// How often known codes were found, confirmed or not.
    fn matches(&self) -> [MetricFamily; 2] {
        [
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
        ]
    }

    /// How often unknown codes were found, by family.
    fn unknown_codes(&self) -> MetricFamily {
        let unknown = self.unknown.iter();
        counter(
            "errsift_unknown_codes_total",
            "Occurrences of codes of a known family that the catalogue lacks.",
            unknown
                .map(|(family, count)| counted(&[("family", family)], *count))
                .collect(),
        )
    }

    /// How much was read, and what kept more from being read.
    fn amounts(&self, result: &ScanResult, reading: Reading) -> [MetricFamily; 4] {
        [
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
        ]
    }

    /// What follows from known codes.
    fn code_info(&self) -> MetricFamily {
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
        )
    }

    /// When known codes were found last.
    fn last_matches(&self) -> MetricFamily {
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
        )
    }

    /// One sample for each series of known codes.
    fn of_codes(
        &self,
        metric: impl Fn(&SeriesKey, &super::series::Series) -> Metric,
    ) -> Vec<Metric> {
        let all = self.series.all();
        all.map(|(key, series)| metric(&key, series)).collect()
    }
}

/// Which program counted, and with which catalogue.
fn build_info(result: &ScanResult) -> MetricFamily {
    let build = [
        ("version", result.tool.version.as_str()),
        ("catalog", result.catalog.sha256.as_str()),
    ];
    gauge(
        "errsift_build_info",
        "The program and its catalogue; always 1.",
        vec![measured(&build, 1.0)],
    )
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
mod tests;
