//! What has changed between two results: codes that are new, gone, or at another rate.
//!
//! Codes are compared by provider and text. A code that is known to one of the catalogues alone
//! is still the same code, so a grown catalogue makes nothing new.

use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};

use super::refine::Unlisted;
use super::result::{Baseline, Change, ChangeRow, CodeRow, InputState, RateUnit, ScanResult};

/// How much faster or slower a code must come to be listed.
const LEAST_FACTOR: f64 = 2.0;

/// On how many matches such a finding must rest.
const LEAST_COUNT: u64 = 10;

/// A million lines is what rates are given for where times are not known.
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
        notes: notes(new, old),
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
}

impl Rates {
    fn of(new: &ScanResult, old: &ScanResult) -> Self {
        if let (Some(now), Some(before)) = (hours(new), hours(old)) {
            return Rates {
                unit: Some(RateUnit::Hour),
                now,
                before,
            };
        }
        let millions = |result: &ScanResult| result.totals.lines as f64 / MILLION;
        let (now, before) = (millions(new), millions(old));
        Rates {
            unit: (now > 0.0 && before > 0.0).then_some(RateUnit::MillionLines),
            now,
            before,
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

/// The hours between the first and last time, where there are any.
fn hours(result: &ScanResult) -> Option<f64> {
    let time = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
    let span = time(&result.time.last)?.since(time(&result.time.first)?);
    let hours = span.ok()?.total(Unit::Hour).ok()?;
    (hours > 0.0).then_some(hours)
}

fn notes(new: &ScanResult, old: &ScanResult) -> Vec<String> {
    let is_broken = |state| matches!(state, InputState::Partial | InputState::Failed);
    let broken = old.inputs.iter().filter(|input| is_broken(input.state));
    let mut notes = Vec::new();
    if new.catalog != old.catalog {
        notes.push(String::from(
            "the baseline was made with another catalogue: a code may have been counted by one of them alone",
        ));
    }
    if new.strict != old.strict {
        notes.push(String::from(
            "either the result or the baseline leaves out unconfirmed matches (--strict), the other counts them",
        ));
    }
    for (result, name, looks) in [(old, "baseline", "new"), (new, "result", "gone")] {
        if Unlisted::is_in(result) {
            notes.push(format!(
                "the {name} lists only some of its codes (--top), so a code that looks {looks} may not be"
            ));
        }
    }
    match broken.count() {
        0 => {}
        broken => notes.push(format!(
            "inputs of the baseline that were not read to their end: {broken}, so a code that looks new may not be"
        )),
    }
    notes
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
        let old = result(Some(24), &[("A", 240)]);
        let new = result(Some(1), &[("A", 30)]);
        assert_eq!(compare(&new, &old).rate_per, Some(RateUnit::Hour));
        assert_eq!(
            changes(&new, &old),
            [(Change::Grown, "A".to_owned(), Some(3.0))]
        );

        let mut untimed = result(None, &[("A", 30)]);
        untimed.totals.lines = 10_000;
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
