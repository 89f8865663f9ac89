//! The times of a saved result: all of one form, or the result is damaged.

use jiff::Timestamp;

use super::result::{ScanResult, TimeSpan};

impl ScanResult {
    /// Writes every time in UTC, as `2026-11-22T10:00:00Z`, so that their texts can be compared.
    ///
    /// # Errors
    ///
    /// Returns a sentence that names the first field which holds no time.
    pub fn unify_times(&mut self) -> Result<(), String> {
        unify_span(&mut self.time, "time")?;
        if let Some(baseline) = &mut self.baseline {
            unify_span(&mut baseline.time, "baseline.time")?;
        }
        for (at, row) in self.codes.iter_mut().enumerate() {
            let code = &row.code;
            let field = |name| format!("codes[{at}].{name} of '{code}'");
            unify_some(&mut row.first_seen, || field("first_seen"))?;
            unify_some(&mut row.last_seen, || field("last_seen"))?;
            for (start, _) in &mut row.buckets {
                unify(start, || field("buckets"))?;
            }
            row.buckets.sort();
        }
        Ok(())
    }
}

fn unify_span(span: &mut TimeSpan, name: &str) -> Result<(), String> {
    unify_some(&mut span.first, || format!("{name}.first"))?;
    unify_some(&mut span.last, || format!("{name}.last"))
}

fn unify_some(time: &mut Option<String>, field: impl Fn() -> String) -> Result<(), String> {
    time.as_mut().map_or(Ok(()), |time| unify(time, field))
}

fn unify(time: &mut String, field: impl Fn() -> String) -> Result<(), String> {
    let Ok(parsed) = time.parse::<Timestamp>() else {
        return Err(format!(
            "{} is '{time}', expected a time such as 2026-11-22T10:00:00Z; save the result anew",
            field()
        ));
    };
    *time = parsed.to_string();
    Ok(())
}
