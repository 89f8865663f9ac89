//! One match with everything that is known about it: what `-f ndjson` prints, one a line.

use std::ops::Range;

use serde::Serialize;

use crate::catalog::Category;

/// An enriched match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event<'a> {
    /// The line's time, RFC 3339 in UTC.
    pub time: Option<String>,
    /// The input's path, `-` for standard input.
    pub path: &'a str,
    /// Offset of the code's first byte in the decompressed text.
    pub offset: u64,
    /// The line, from 1.
    pub line: u64,
    /// The code.
    pub code: &'a str,
    /// Whose code it is; `None` where the line does not tell.
    pub provider: Option<&'a str>,
    /// Who has such a code, where the line does not tell.
    #[serde(skip)]
    pub candidates: Vec<&'a str>,
    /// The product within the provider.
    pub product: Option<&'a str>,
    /// The documented status.
    pub http_status: Option<u16>,
    /// The status that the line itself states.
    pub observed_status: Option<u16>,
    /// The kind of trouble.
    pub category: Option<Category>,
    /// Whether sending the same request again can help.
    pub retryable: Option<bool>,
    /// Whether the code stands where an error code stands.
    pub confirmed: bool,
    /// What it means, in the language asked for.
    pub meaning: Option<&'a str>,
    /// What to do, in the language asked for.
    pub remediation: Option<&'a str>,
    /// The request's id, where the line states it.
    pub request_id: Option<&'a str>,
    /// Who wrote the line, where what wraps it tells: a unit, or a pod and its container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
    /// The line as lossy UTF-8, at most 1 KiB around the code.
    pub text: &'a str,
    /// What of the line `text` leaves out.
    #[serde(skip_serializing_if = "Cut::is_nothing")]
    pub cut: Cut,
    /// Where the code stands in `text`, in bytes.
    #[serde(skip)]
    pub code_in_text: Range<usize>,
}

/// What an excerpt of a line leaves out; in JSON, whether that is anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "bool")]
pub struct Cut {
    /// Whether the line begins before it.
    pub before: bool,
    /// Whether the line goes on behind it.
    pub behind: bool,
}

impl Cut {
    /// Whether the excerpt is the whole line.
    pub fn is_nothing(&self) -> bool {
        !self.before && !self.behind
    }
}

impl From<Cut> for bool {
    fn from(cut: Cut) -> bool {
        !cut.is_nothing()
    }
}

/// A line, or a part of one, with the matches in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedLine<'a> {
    /// The input's path, `-` for standard input.
    pub path: &'a str,
    /// The line as it was read, or as much of it as is at hand; with its newline if that is.
    pub text: &'a [u8],
    /// The matches in order, each with its place in `text`.
    pub matches: Vec<(Range<usize>, Event<'a>)>,
}
