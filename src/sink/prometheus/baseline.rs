//! What has changed since a baseline, as metrics.
//!
//! They are there only where a result was compared with one, and say of no code that it has not
//! changed.

use std::collections::BTreeMap;

use ::prometheus::proto::MetricFamily;

use super::super::series::UNKNOWN;
use super::super::words;
use super::metric::{gauge, measured};
use crate::catalog::Lang;
use crate::tally::OTHER;
use crate::tally::result::{Baseline, Change};

/// The number of codes that have changed, and for each of at most `max_series` its matches before.
pub(super) fn metric_families(baseline: Option<&Baseline>, max_series: usize) -> Vec<MetricFamily> {
    baseline.map_or_else(Vec::new, |baseline| {
        vec![
            gauge(
                "errsift_changed_codes",
                "Codes that are new, gone, or at twice or half their rate since the baseline.",
                [Change::New, Change::Grown, Change::Shrunk, Change::Gone]
                    .map(|change| {
                        let rows = baseline.changes.iter();
                        let codes = rows.filter(|row| row.change == change).count();
                        measured(&[("change", name(change))], codes as f64) // exact below 2^53
                    })
                    .to_vec(),
            ),
            gauge(
                "errsift_baseline_matches",
                "Matches in the baseline of each code that has changed since.",
                counts(baseline, max_series)
                    .into_iter()
                    .map(|((provider, code, change), count)| {
                        let labels = [("provider", provider), ("code", code), ("change", change)];
                        measured(&labels, count as f64) // rounded beyond 2^53, as all counts are
                    })
                    .collect(),
            ),
        ]
    })
}

/// The matches before, by provider, code and change.
fn counts(baseline: &Baseline, max_series: usize) -> BTreeMap<(&str, &str, &'static str), u64> {
    let mut counts: BTreeMap<_, u64> = BTreeMap::new();
    for (index, row) in baseline.changes.iter().enumerate() {
        let provider = row.provider.as_deref().unwrap_or(UNKNOWN);
        let code = if index < max_series {
            row.code.as_str()
        } else {
            OTHER
        };
        let count = counts
            .entry((provider, code, name(row.change)))
            .or_default();
        *count = count.saturating_add(row.baseline_count);
    }
    counts
}

/// For programs, so it is not translated.
fn name(change: Change) -> &'static str {
    words::change(change, Lang::En)
}

#[cfg(test)]
mod tests {
    use super::super::Exporter;
    use crate::catalog::Catalog;
    use crate::sink::sample;
    use crate::tally::result::ScanResult;

    /// The lines about the baseline that an exporter of so many series writes.
    fn written(result: &ScanResult, max_series: usize) -> Vec<String> {
        let mut exporter = Exporter::new(&Catalog::without_builtin(), max_series, &[]);
        let mut out = Vec::new();
        exporter
            .write(&mut out, result, super::super::Reading::default())
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        let names = ["errsift_changed_codes{", "errsift_baseline_matches{"];
        let lines = text.lines();
        let lines = lines.filter(|line| names.iter().any(|name| line.starts_with(name)));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn every_change_is_a_metric() {
        assert_eq!(
            written(&sample::compared(), 1000),
            [
                r#"errsift_changed_codes{change="new"} 2"#,
                r#"errsift_changed_codes{change="grown"} 1"#,
                r#"errsift_changed_codes{change="shrunk"} 0"#,
                r#"errsift_changed_codes{change="gone"} 1"#,
                r#"errsift_baseline_matches{provider="huaweicloud",code="APIG.1002",change="grown"} 24"#,
                r#"errsift_baseline_matches{provider="unknown",code="=Gone.Code",change="gone"} 48"#,
                r#"errsift_baseline_matches{provider="unknown",code="FailedOperation.Foo",change="new"} 0"#,
                r#"errsift_baseline_matches{provider="unknown",code="InternalError",change="new"} 0"#,
            ]
        );
        assert_eq!(written(&sample::result(), 1000), [""; 0]);
    }

    #[test]
    fn changes_beyond_the_series_allowed_are_folded() {
        assert_eq!(
            written(&sample::compared(), 1)[4..],
            [
                r#"errsift_baseline_matches{provider="huaweicloud",code="__other__",change="grown"} 24"#,
                r#"errsift_baseline_matches{provider="unknown",code="InternalError",change="new"} 0"#,
                r#"errsift_baseline_matches{provider="unknown",code="__other__",change="gone"} 48"#,
                r#"errsift_baseline_matches{provider="unknown",code="__other__",change="new"} 0"#,
            ]
        );
    }
}
