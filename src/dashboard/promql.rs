//! PromQL over what errsift exports.
//!
//! Errors are rare, so most counters begin at their first match: `increase()` alone would never
//! show it. [`increase`] counts a series that has appeared while its exporter was already there
//! in full; one whose exporter is new itself may have counted long before, and is left to `increase()`.

/// Matches of known codes.
pub(super) const MATCHES: &str = "errsift_matches_total";
/// Those that stand where no error code is expected.
pub(super) const UNCONFIRMED: &str = "errsift_unconfirmed_matches_total";
/// Occurrences of unknown codes.
pub(super) const UNKNOWN: &str = "errsift_unknown_codes_total";

/// By how much `counter` grew within `range`, first values included.
pub(super) fn increase(counter: &str, range: &str) -> String {
    format!(
        "(\n\
         \x20 ({counter} unless {counter} offset {range})\n\
         \x20 and on (job, instance) errsift_build_info offset {range}\n\
         \x20 or increase({counter}[{range}])\n\
         )"
    )
}

/// `matches` with the labels `facts` of its code, and only where `selector` lets the code through.
pub(super) fn with_facts(matches: &str, facts: &str, selector: &str) -> String {
    format!(
        "{matches} * ignoring (http_status, category, retryable) group_left ({facts}) errsift_code_info{selector}"
    )
}

/// `vector` summed up by `labels`.
pub(super) fn sum_by(labels: &str, vector: &str) -> String {
    format!("sum by ({labels}) (\n{}\n)", indented(vector))
}

/// `text` moved to the right.
pub(super) fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}
