//! What a scan leaves behind: saved as JSON, merged, and rendered as reports.
//!
//! The shapes are the interchange format `errsift.result/1`. A field may be
//! added; none is renamed or dropped within `/1`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::catalog::{Category, Text};
use crate::wording::Note;

/// The name and version of the format.
pub const SCHEMA: &str = "errsift.result/1";

/// The counts of one scan, or of several merged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScanResult {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The catalogue that was used.
    pub catalog: CatalogId,
    /// What was read.
    pub inputs: Vec<Input>,
    /// Sums over all inputs.
    pub totals: Totals,
    /// The first and last time of a matched line.
    pub time: TimeSpan,
    /// One row for each provider, code and set of candidates, by count, then code, then provider.
    pub codes: Vec<CodeRow>,
    /// Codes of known families that the catalogue lacks, by count, then code.
    pub unknown: Vec<UnknownRow>,
    /// HTTP statuses, where asked for, by status.
    pub http: Vec<HttpRow>,
    /// The width of the time buckets in seconds, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket_seconds: Option<i64>,
    /// The most samples of a code.
    #[serde(default = "one")]
    pub sample_limit: usize,
    /// Whether unconfirmed matches are left out of every count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// What a reader of the numbers must know: cut, coarsened, left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What has changed since another result, where that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

impl ScanResult {
    /// How many of the `count` of one of its rows are unconfirmed; left-out ones are no part of it.
    pub(crate) fn unconfirmed_among(&self, row: &CodeRow) -> u64 {
        match self.strict {
            true => 0,
            false => row.unconfirmed,
        }
    }

    /// Brings everything into the order of the format.
    pub(crate) fn sort(&mut self) {
        self.inputs
            .sort_by(|a, b| (&a.path, &a.id, a.bytes).cmp(&(&b.path, &b.id, b.bytes)));
        self.codes.sort_by(|a, b| {
            let by_code = b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code));
            by_code.then_with(|| (&a.provider, &a.candidates).cmp(&(&b.provider, &b.candidates)))
        });
        self.unknown
            .sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
        self.http.sort_by_key(|row| row.status);
        self.notes.sort();
        self.notes.dedup();
    }
}

/// A comparison with an earlier result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The first and last time of the earlier result.
    pub time: TimeSpan,
    /// The sums of the earlier result.
    pub totals: Totals,
    /// What rates are given for; `None` where one of the results has no lines, so that counts
    /// cannot be compared.
    pub rate_per: Option<RateUnit>,
    /// The codes that have changed: new, grown, shrunk, gone, each kind by count.
    pub changes: Vec<ChangeRow>,
    /// What a reader of the comparison must know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// What a rate is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateUnit {
    /// An hour, where the times of both results tell how long their logs are.
    Hour,
    /// A million lines.
    MillionLines,
}

/// How a code has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It was not there.
    New,
    /// At least twice as often, and at least 10 times.
    Grown,
    /// At most half as often, and at least 10 times before.
    Shrunk,
    /// It is not there any more.
    Gone,
}

/// A code that has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// How.
    pub change: Change,
    /// The code.
    pub code: String,
    /// Whose code it is; `None` where the lines did not tell, or the catalogue lacks it.
    pub provider: Option<String>,
    /// Who has such a code, where the lines did not tell.
    pub candidates: Vec<String>,
    /// Whether the catalogue has it.
    pub known: bool,
    /// The kind of trouble.
    pub category: Option<Category>,
    /// Occurrences now.
    pub count: u64,
    /// Occurrences in the baseline.
    pub baseline_count: u64,
    /// Occurrences now, for each hour or each million lines.
    pub rate: Option<f64>,
    /// The same in the baseline.
    pub baseline_rate: Option<f64>,
    /// The rate divided by that of the baseline, where the code is in both.
    pub factor: Option<f64>,
}

/// Name and version of the program that wrote a result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// The program's name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Which catalogue was used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogId {
    /// A hash of all entries, in hexadecimal.
    pub sha256: String,
    /// The number of entries.
    pub codes: usize,
}

/// How far an input was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputState {
    /// Read to its end.
    Complete,
    /// Counted up to the point that `error` names.
    Partial,
    /// Not read at all.
    Failed,
    /// Not read, because the same text is counted under another path.
    Duplicate,
}

/// One file, member or stream that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The path as given, `-` for standard input.
    pub path: String,
    /// Bytes of decompressed text.
    pub bytes: u64,
    /// Lines; a last line without a newline counts.
    pub lines: u64,
    /// Matches of known codes, not filtered.
    pub matches: u64,
    /// How far it was read.
    pub state: InputState,
    /// Why it was not read to its end.
    pub error: Option<String>,
    /// `<length>-<xxh3-128 of the first and last 64 KiB>` of the decompressed text.
    pub id: Option<String>,
    /// Where reading began, in bytes of the text, if not at its beginning: what stands before was not counted
    /// here. Of files that followed on each other under one path, the least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Who wrote the lines that hold these, where that is one: a unit, or a pod and its container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How many inputs of this state the entry stands for, where more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folded: Option<u64>,
}

impl Input {
    /// An input of which nothing was read, and why.
    pub fn unread(path: impl Into<String>, state: InputState, error: Option<String>) -> Self {
        Input {
            path: path.into(),
            bytes: 0,
            lines: 0,
            matches: 0,
            state,
            error,
            id: None,
            offset: None,
            source: None,
            folded: None,
        }
    }
}

/// Sums over all inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Bytes of decompressed text, not filtered.
    pub bytes: u64,
    /// Lines, not filtered.
    pub lines: u64,
    /// Lines that hold at least one known code.
    pub matched_lines: u64,
    /// The sum of `count` over `codes`.
    pub matches: u64,
    /// Matches that stand where no error code is expected.
    pub unconfirmed: u64,
    /// The sum of `count` over `unknown`.
    pub unknown: u64,
    /// Codes and HTTP statuses left out because their line has no time and `--since` or `--until` was given.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub without_time: u64,
}

fn one() -> usize {
    1
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// The first and last time seen, RFC 3339 in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSpan {
    /// The earliest.
    pub first: Option<String>,
    /// The latest.
    pub last: Option<String>,
}

/// The counts of one code, with what the catalogue says about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CodeRow {
    /// The code.
    pub code: String,
    /// Whose code it is; `None` where the lines did not tell.
    pub provider: Option<String>,
    /// Who has such a code, where the lines did not tell.
    pub candidates: Vec<String>,
    /// The product within the provider.
    pub product: Option<String>,
    /// The documented status.
    pub http_status: Option<u16>,
    /// The kind of trouble.
    pub category: Option<Category>,
    /// Whether sending the same request again can help.
    pub retryable: Option<bool>,
    /// What the API returns.
    pub message: Option<String>,
    /// What it means.
    pub meaning: Option<Text>,
    /// What to do.
    pub remediation: Option<Text>,
    /// Occurrences, the unconfirmed ones included.
    pub count: u64,
    /// Occurrences that stand where no error code is expected.
    pub unconfirmed: u64,
    /// Lines with at least one occurrence.
    pub lines: u64,
    /// The earliest time of such a line, RFC 3339 in UTC.
    pub first_seen: Option<String>,
    /// The latest.
    pub last_seen: Option<String>,
    /// When a line without a time was read last, as far as this process has read it.
    #[serde(skip)]
    pub read_at: Option<Timestamp>,
    /// How often the line itself stated which HTTP status.
    pub observed_status: BTreeMap<u16, u64>,
    /// The first occurrences by path and offset.
    pub samples: Vec<Sample>,
    /// Start of bucket (RFC 3339 in UTC) and count, in order of time.
    pub buckets: Vec<(String, u64)>,
    /// Occurrences by path, with `--by file`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, u64>,
}

/// One occurrence, to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The input's path.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// Offset of the code's first byte in the decompressed text.
    pub offset: u64,
    /// The line as lossy UTF-8, at most 1 KiB around the code.
    pub text: String,
    /// Whether `text` is less than the line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The request's id, where the line states it.
    pub request_id: Option<String>,
    /// Who wrote the line, where what wraps it tells: a unit, or a pod and its container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A code of a known family that the catalogue lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownRow {
    /// The code.
    pub code: String,
    /// Occurrences.
    pub count: u64,
    /// Lines with at least one occurrence.
    pub lines: u64,
    /// Known codes that look like it.
    pub near: Vec<String>,
    /// The first occurrences by path and offset.
    pub samples: Vec<Sample>,
}

/// Occurrences of one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRow {
    /// The status.
    pub status: u16,
    /// Occurrences.
    pub count: u64,
}
