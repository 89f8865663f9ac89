//! What was counted between two looks at a result that grows, one JSON object a look.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::json;
use crate::tally::result::ScanResult;

/// A code and whose it is.
type Owned = (String, Option<String>);

/// Remembers what was told, so that each match is told in one record.
#[derive(Clone, Debug, Default)]
pub struct Deltas {
    known: BTreeMap<Owned, u64>,
    unknown: BTreeMap<String, u64>,
}

/// What came since the last look.
#[derive(Serialize)]
struct Record<'a> {
    time: &'a str,
    seconds: f64,
    codes: Vec<CodeDelta<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<UnknownDelta<'a>>,
}

/// What came of one code.
#[derive(Serialize)]
struct CodeDelta<'a> {
    code: &'a str,
    provider: Option<&'a str>,
    count: u64,
    total: u64,
}

/// The same of a code that the catalogue lacks.
#[derive(Serialize)]
struct UnknownDelta<'a> {
    code: &'a str,
    count: u64,
    total: u64,
}

impl Deltas {
    /// Takes what `result` holds as told.
    pub fn since(result: &ScanResult) -> Self {
        let known = result.codes.iter();
        let unknown = result.unknown.iter();
        Deltas {
            known: totals(known.map(|row| ((row.code.clone(), row.provider.clone()), row.count))),
            unknown: totals(unknown.map(|row| (row.code.clone(), row.count))),
        }
    }

    /// Writes what `result` holds beyond what was told, at `time` and after so many `seconds`.
    ///
    /// A code is there once for each provider, and once for all its matches without one.
    ///
    /// # Errors
    ///
    /// Returns what `out` returns.
    pub fn write(
        &mut self,
        out: &mut dyn io::Write,
        result: &ScanResult,
        time: &str,
        seconds: f64,
    ) -> io::Result<()> {
        let now = Deltas::since(result);
        let codes = grown(&now.known, &self.known);
        let unknown = grown(&now.unknown, &self.unknown);
        let record = Record {
            time,
            seconds,
            codes: codes
                .map(|((code, provider), count, total)| CodeDelta {
                    code,
                    provider: provider.as_deref(),
                    count,
                    total,
                })
                .collect(),
            unknown: unknown
                .map(|(code, count, total)| UnknownDelta { code, count, total })
                .collect(),
        };
        let mut text = json::to_string(&record)?;
        text.push('\n');
        out.write_all(text.as_bytes())?;
        *self = now;
        Ok(())
    }
}

fn totals<K: Ord>(counts: impl Iterator<Item = (K, u64)>) -> BTreeMap<K, u64> {
    let mut totals: BTreeMap<K, u64> = BTreeMap::new();
    for (key, count) in counts {
        let total = totals.entry(key).or_default();
        *total = total.saturating_add(count);
    }
    totals
}

/// What there is more of `now` than was `told`: how much more, and how much in all.
fn grown<'a, K: Ord>(
    now: &'a BTreeMap<K, u64>,
    told: &'a BTreeMap<K, u64>,
) -> impl Iterator<Item = (&'a K, u64, u64)> {
    now.iter().filter_map(|(key, &total)| {
        let count = total.saturating_sub(told.get(key).copied().unwrap_or_default());
        (count > 0).then_some((key, count, total))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    #[test]
    fn a_match_is_told_in_one_record() {
        let mut result = sample::result();
        result.codes.truncate(1);
        result.unknown.truncate(1);
        result.unknown[0].code = "APIG.3999".into();
        result.unknown[0].count = 1;
        result.codes[0].code = "APIG.1002".into();
        result.codes[0].provider = Some("huaweicloud".into());
        result.codes[0].count = 5;
        let mut deltas = Deltas::since(&result);
        let mut out = Vec::new();

        result.codes[0].count = 7;
        deltas.write(&mut out, &result, "T1", 10.0).unwrap();
        deltas.write(&mut out, &result, "T2", 10.5).unwrap();
        result.unknown[0].count = 4;
        deltas.write(&mut out, &result, "T3", 10.0).unwrap();

        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"time\":\"T1\",\"seconds\":10.0,\"codes\":[{\"code\":\"APIG.1002\",\"provider\":\"huaweicloud\",\"count\":2,\"total\":7}]}\n\
             {\"time\":\"T2\",\"seconds\":10.5,\"codes\":[]}\n\
             {\"time\":\"T3\",\"seconds\":10.0,\"codes\":[],\"unknown\":[{\"code\":\"APIG.3999\",\"count\":3,\"total\":4}]}\n"
        );
    }
}
