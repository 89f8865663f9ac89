//! What has changed between two results: codes that are new, gone, or at another rate.
//!
//! Codes are compared by provider and text. A code that is known to one of the catalogues alone
//! is still the same code, so a grown catalogue makes nothing new.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::refine::{Unlisted, lacks_rare};
use super::result::{Baseline, Change, ChangeRow, CodeRow, InputState, RateUnit, ScanResult};
use crate::wording::{Note, notes};

/// How much faster or slower a code must come to be listed.
const LEAST_FACTOR: f64 = 2.0;

/// On how many matches such a finding must rest.
const LEAST_COUNT: u64 = 10;

/// How many hours must lie between matches, for a rate to be given for an hour.
const LEAST_HOURS: f64 = 1.0 / 6.0;

/// How many times longer one of two alike spans may be: less makes no change that is listed.
const MOST_UNLIKE: f64 = LEAST_FACTOR;

/// A million lines is what rates are given for where times do not tell.
const MILLION: f64 = 1_000_000.0;

/// Provider and code; the provider of an unknown code is not known.
type Key<'r> = (Option<&'r str>, &'r str);

/// What `new` says that `old` does not, and the other way round.
pub fn compare(new: &ScanResult, old: &ScanResult) -> Baseline {
    let rates = Rates::of(new, old);
    let (now, before) = (Facts::of(new), Facts::of(old));
    let mut changes: Vec<ChangeRow> = Vec::new();
    for fact in now.by_key.values() {
        let baseline = before.counterpart(fact).unwrap_or_default();
        changes.extend(rates.change(fact, fact.count, baseline));
    }
    let gone = before.by_key.values();
    let gone = gone.filter(|fact| now.counterpart(fact).is_none());
    changes.extend(gone.filter_map(|fact| rates.change(fact, 0, fact.count)));
    changes.sort_by(|a, b| {
        let by_weight = b.weight().cmp(&a.weight());
        let by_change = a.change.cmp(&b.change).then(by_weight);
        by_change.then_with(|| (&a.code, &a.provider).cmp(&(&b.code, &b.provider)))
    });
    Baseline {
        time: old.time.clone(),
        totals: old.totals,
        rate_per: rates.unit,
        changes,
        notes: told(new, old).into_iter().chain(rates.note).collect(),
    }
}

/// A code and its matches in one of the results.
struct Fact<'r> {
    key: Key<'r>,
    known: bool,
    row: Option<&'r CodeRow>,
    count: u64,
}

/// The codes of a result.
struct Facts<'r> {
    by_key: BTreeMap<Key<'r>, Fact<'r>>,
    /// A provider of each known code.
    owners: BTreeMap<&'r str, Option<&'r str>>,
}

impl<'r> Facts<'r> {
    fn of(result: &'r ScanResult) -> Self {
        let known = result.codes.iter().map(|row| Fact {
            key: (row.provider.as_deref(), row.code.as_str()),
            known: true,
            row: Some(row),
            count: row.count,
        });
        let unknown = result.unknown.iter().map(|row| Fact {
            key: (None, row.code.as_str()),
            known: false,
            row: None,
            count: row.count,
        });
        let mut facts = Facts {
            by_key: BTreeMap::new(),
            owners: BTreeMap::new(),
        };
        for fact in known.chain(unknown).filter(|fact| fact.count > 0) {
            let (count, (provider, code)) = (fact.count, fact.key);
            if fact.known {
                facts.owners.entry(code).or_insert(provider);
            }
            // Rows that differ in their candidates alone are one code.
            let known = facts.by_key.entry(fact.key);
            known
                .and_modify(|it| it.count = it.count.saturating_add(count))
                .or_insert(fact);
        }
        facts
    }

    /// The matches of the same code here, where one of the catalogues may lack it.
    fn counterpart(&self, fact: &Fact) -> Option<u64> {
        let (_, code) = fact.key;
        let found = self.by_key.get(&fact.key).or_else(|| match fact.known {
            true => self.by_key.get(&(None, code)).filter(|it| !it.known),
            false => self.by_key.get(&(*self.owners.get(code)?, code)),
        });
        found.map(|it| it.count)
    }
}

/// How counts of the two results are made comparable.
struct Rates {
    unit: Option<RateUnit>,
    now: f64,
    before: f64,
    /// Why they are not for an hour, although both results have times.
    note: Option<Note>,
}

impl Rates {
    /// Rates for an hour, where the times of the matches tell how long the logs are.
    fn of(new: &ScanResult, old: &ScanResult) -> Self {
        let millions = |result: &ScanResult| result.totals.lines as f64 / MILLION;
        let (now, before) = (millions(new), millions(old));
        let spans = span(new).zip(span(old));
        if let Some((now_hours, before_hours)) = spans.map(|(new, old)| (hours(new), hours(old)))
            && are_telling((now_hours, before_hours), (now, before))
        {
            return Rates {
                unit: Some(RateUnit::Hour),
                now: now_hours,
                before: before_hours,
                note: None,
            };
        }
        Rates {
            unit: (now > 0.0 && before > 0.0).then_some(RateUnit::MillionLines),
            now,
            before,
            note: spans
                .map(|(new, old)| notes::rates_by_lines(&format!("{new:#}"), &format!("{old:#}"))),
        }
    }

    /// The row of a code, where it has changed enough to be listed.
    fn change(&self, fact: &Fact, count: u64, baseline_count: u64) -> Option<ChangeRow> {
        let rate = |count: u64, of: f64| self.unit.map(|_| count as f64 / of);
        let (now, before) = (rate(count, self.now), rate(baseline_count, self.before));
        let factor = now
            .zip(before)
            .and_then(|(now, before)| (count > 0 && baseline_count > 0).then_some(now / before));
        let change = match (baseline_count, count) {
            (0, _) => Change::New,
            (_, 0) => Change::Gone,
            _ if factor? >= LEAST_FACTOR && count >= LEAST_COUNT => Change::Grown,
            _ if factor? <= 1.0 / LEAST_FACTOR && baseline_count >= LEAST_COUNT => Change::Shrunk,
            _ => return None,
        };
        Some(ChangeRow {
            change,
            code: fact.key.1.to_owned(),
            provider: fact.key.0.map(str::to_owned),
            candidates: fact.row.map_or_else(Vec::new, |row| row.candidates.clone()),
            known: fact.known,
            category: fact.row.and_then(|row| row.category),
            count,
            baseline_count,
            rate: now,
            baseline_rate: before,
            factor,
        })
    }
}

/// Whether the hours between matches are about those of the logs in which they stand: they are
/// many enough, and as many in both results, or as many more as there are `lines` more.
fn are_telling((now, before): (f64, f64), lines: (f64, f64)) -> bool {
    let is_alike = |ratio: f64| (1.0 / MOST_UNLIKE..=MOST_UNLIKE).contains(&ratio);
    let ratio = now / before;
    now.min(before) >= LEAST_HOURS && (is_alike(ratio) || is_alike(ratio * lines.1 / lines.0))
}

/// The time between the first and the last match, where there is any.
fn span(result: &ScanResult) -> Option<SignedDuration> {
    let time = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
    let span = time(&result.time.last)?.duration_since(time(&result.time.first)?);
    span.is_positive().then_some(span)
}

fn hours(span: SignedDuration) -> f64 {
    span.as_secs_f64() / 3600.0
}

fn told(new: &ScanResult, old: &ScanResult) -> Vec<Note> {
    let is_broken = |state| matches!(state, InputState::Partial | InputState::Failed);
    let broken = old.inputs.iter().filter(|input| is_broken(input.state));
    let broken = broken.count();
    let told = [
        (new.catalog != old.catalog).then(notes::baseline_of_other_catalog),
        (new.strict != old.strict).then(notes::baseline_of_other_strictness),
        Unlisted::is_in(old).then(notes::unlisted_in_baseline),
        Unlisted::is_in(new).then(notes::unlisted_in_result),
        lacks_rare(old).then(notes::rare_not_in_baseline),
        lacks_rare(new).then(notes::rare_not_in_result),
        (broken > 0).then(|| notes::baseline_incomplete(broken)),
    ];
    told.into_iter().flatten().collect()
}

impl ChangeRow {
    /// What a change is listed by within its kind.
    fn weight(&self) -> u64 {
        self.count.max(self.baseline_count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::result::{TimeSpan, UnknownRow};

    /// A result of a million lines, or of `hours` where they are given.
    fn result(hours: Option<i64>, codes: &[(&str, u64)]) -> ScanResult {
        let mut result = ScanResult::default();
        result.totals.lines = 1_000_000;
        if let Some(hours) = hours {
            let time = |hour: i64| Some(Timestamp::from_second(hour * 3600).unwrap().to_string());
            result.time = TimeSpan {
                first: time(0),
                last: time(hours),
            };
        }
        let row = |&(code, count): &(&str, u64)| CodeRow {
            code: code.to_owned(),
            count,
            ..CodeRow::default()
        };
        result.codes = codes.iter().map(row).collect();
        result
    }

    fn unknown(code: &str, count: u64) -> UnknownRow {
        UnknownRow {
            code: code.to_owned(),
            count,
            ..UnknownRow::default()
        }
    }

    fn changes(new: &ScanResult, old: &ScanResult) -> Vec<(Change, String, Option<f64>)> {
        let rows = compare(new, old).changes.into_iter();
        rows.map(|row| (row.change, row.code, row.factor)).collect()
    }

    #[test]
    fn each_kind_of_change_is_told_and_small_ones_are_not() {
        let old = result(
            None,
            &[
                ("Same", 100),
                ("Gone", 1),
                ("Grown", 5),
                ("Shrunk", 10),
                ("Few", 1),
            ],
        );
        let new = result(
            None,
            &[
                ("Same", 199),
                ("New", 1),
                ("Grown", 10),
                ("Shrunk", 5),
                ("Few", 9),
            ],
        );

        let expected = [
            (Change::New, "New".to_owned(), None),
            (Change::Grown, "Grown".to_owned(), Some(2.0)),
            (Change::Shrunk, "Shrunk".to_owned(), Some(0.5)),
            (Change::Gone, "Gone".to_owned(), None),
        ];
        assert_eq!(changes(&new, &old), expected);
    }

    #[test]
    fn counts_of_unequal_time_or_size_are_compared_by_their_rate() {
        let mut old = result(Some(24), &[("A", 240)]);
        old.totals.lines = 24_000_000;
        let new = result(Some(1), &[("A", 30)]);
        assert_eq!(compare(&new, &old).rate_per, Some(RateUnit::Hour));
        assert_eq!(
            changes(&new, &old),
            [(Change::Grown, "A".to_owned(), Some(3.0))]
        );

        let mut untimed = result(None, &[("A", 30)]);
        untimed.totals.lines = 240_000;
        assert_eq!(
            compare(&untimed, &old).rate_per,
            Some(RateUnit::MillionLines)
        );
        assert_eq!(
            changes(&untimed, &old),
            [(Change::Grown, "A".to_owned(), Some(12.5))]
        );
    }

    #[test]
    fn a_span_that_lines_do_not_bear_out_tells_no_rate() {
        let note = |new: &ScanResult, old: &ScanResult| {
            let baseline = compare(new, old);
            (baseline.rate_per, baseline.notes.into_iter().next())
        };
        let day = result(Some(24), &[("A", 103)]);
        let by_hour = (Some(RateUnit::Hour), None);
        let by_lines = |new: &str, old: &str| {
            let told = notes::rates_by_lines(new, old);
            (Some(RateUnit::MillionLines), Some(told))
        };

        let mut cluster = result(Some(0), &[("A", 10)]);
        cluster.time.last = Some("1970-01-01T00:00:27Z".to_owned());
        assert_eq!(note(&cluster, &day), by_lines("27s", "24h"));
        assert_eq!(
            changes(&cluster, &day),
            [(Change::Shrunk, "A".to_owned(), Some(10.0 / 103.0))]
        );
        assert_eq!(note(&cluster, &cluster), by_lines("27s", "27s"));
        // As long a log with more lines, and a shorter one with as many fewer.
        let mut loud = result(Some(20), &[("A", 500)]);
        loud.totals.lines = 9_000_000;
        assert_eq!(note(&loud, &day), by_hour);
        let mut short = result(Some(1), &[("A", 10)]);
        short.totals.lines = 50_000;
        assert_eq!(note(&short, &day), by_hour);
        short.totals.lines = 500_000;
        assert_eq!(note(&short, &day), by_lines("1h", "24h"));
    }

    #[test]
    fn a_result_without_lines_has_no_rates_but_still_gone_and_new_codes() {
        let mut empty = result(None, &[]);
        empty.totals.lines = 0;
        let other = result(None, &[("A", 50)]);

        assert_eq!(
            changes(&other, &empty),
            [(Change::New, "A".to_owned(), None)]
        );
        assert_eq!(
            changes(&empty, &other),
            [(Change::Gone, "A".to_owned(), None)]
        );
        assert_eq!(compare(&other, &empty).rate_per, None);
    }

    #[test]
    fn a_code_that_one_catalogue_alone_knows_is_the_same_code() {
        let mut known = result(None, &[("A.New", 20)]);
        known.codes[0].provider = Some("p".to_owned());
        let mut lacking = result(None, &[]);
        lacking.unknown = vec![unknown("A.New", 20)];

        assert_eq!(changes(&known, &lacking), []);
        assert_eq!(changes(&lacking, &known), []);
    }

    #[test]
    fn a_new_unknown_code_is_new() {
        let mut new = result(None, &[]);
        new.unknown = vec![unknown("A.Foo", 3)];

        let rows = compare(&new, &result(None, &[])).changes;

        assert_eq!(
            (rows.len(), rows[0].change, rows[0].known),
            (1, Change::New, false)
        );
    }

    #[test]
    fn rows_that_differ_in_candidates_alone_are_compared_as_one() {
        let old = result(None, &[("A", 30)]);
        let mut new = result(None, &[("A", 15), ("A", 15)]);
        new.codes[1].candidates = vec!["p".to_owned()];

        assert_eq!(changes(&new, &old), []);
    }
}
