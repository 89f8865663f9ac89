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
    told: BTreeMap<Owned, u64>,
}

/// What came since the last look.
#[derive(Serialize)]
struct Record<'a> {
    time: &'a str,
    seconds: f64,
    codes: Vec<CodeDelta<'a>>,
}

/// What came of one code.
#[derive(Serialize)]
struct CodeDelta<'a> {
    code: &'a str,
    provider: Option<&'a str>,
    count: u64,
    total: u64,
}

impl Deltas {
    /// Takes what `result` holds as told.
    pub fn since(result: &ScanResult) -> Self {
        Deltas {
            told: totals(result),
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
        let totals = totals(result);
        let codes = totals.iter().filter_map(|(owned, &total)| {
            let told = self.told.get(owned).copied().unwrap_or_default();
            let count = total.saturating_sub(told);
            (count > 0).then_some(CodeDelta {
                code: &owned.0,
                provider: owned.1.as_deref(),
                count,
                total,
            })
        });
        let record = Record {
            time,
            seconds,
            codes: codes.collect(),
        };
        let mut text = json::to_string(&record)?;
        text.push('\n');
        out.write_all(text.as_bytes())?;
        self.told = totals;
        Ok(())
    }
}

fn totals(result: &ScanResult) -> BTreeMap<Owned, u64> {
    let mut totals: BTreeMap<Owned, u64> = BTreeMap::new();
    for row in &result.codes {
        let total = totals.entry((row.code.clone(), row.provider.clone()));
        let total = total.or_default();
        *total = total.saturating_add(row.count);
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    #[test]
    fn a_match_is_told_in_one_record() {
        let mut result = sample::result();
        result.codes.truncate(1);
        result.codes[0].code = "APIG.1002".into();
        result.codes[0].provider = Some("huaweicloud".into());
        result.codes[0].count = 5;
        let mut deltas = Deltas::since(&result);
        let mut out = Vec::new();

        result.codes[0].count = 7;
        deltas.write(&mut out, &result, "T1", 10.0).unwrap();
        deltas.write(&mut out, &result, "T2", 10.5).unwrap();

        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"time\":\"T1\",\"seconds\":10.0,\"codes\":[{\"code\":\"APIG.1002\",\"provider\":\"huaweicloud\",\"count\":2,\"total\":7}]}\n\
             {\"time\":\"T2\",\"seconds\":10.5,\"codes\":[]}\n"
        );
    }
}
