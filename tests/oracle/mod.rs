//! A naive matcher: the rules of what counts as a match, written down as directly as possible.
//!
//! It tries every position of every line with every code, knows nothing of prefilters or
//! automata, and shares no code with the library. Where the library differs from it on any
//! bytes, one of the two is wrong. Speed is no concern here; being obviously right is.

mod codes;
mod escapes;
mod gap;
mod line;
mod links;
mod provider;
mod slot;
mod status;

use codes::{Base, Hit};
use line::Line;

/// What a catalogue says to the matcher.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Provider and code of every entry. No code is empty or holds a newline.
    pub codes: Vec<(String, String)>,
    /// Families as the catalogue files list them: `APIGW.` (numeric) or `AuthFailure`.
    pub families: Vec<String>,
}

/// Whether the catalogue has the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is a catalogued code.
    Known,
    /// It extends a known code or family, or was discovered in a code slot.
    Unknown,
}

/// One occurrence of a code that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line it stands on, from 1.
    pub line: usize,
    /// Offset of its first byte in the whole text.
    pub start: usize,
    /// Offset just after its last byte.
    pub end: usize,
    /// Its text.
    pub code: String,
    /// Whether the catalogue has it.
    pub kind: Kind,
    /// Whether it has a dot or stands where an error code stands.
    pub confirmed: bool,
    /// The provider that is settled; always `None` for an unknown code.
    pub provider: Option<String>,
    /// Without evidence, everyone who has the code, sorted; always empty for an unknown code.
    pub candidates: Vec<String>,
    /// The HTTP status that the line states for it; always `None` for an unknown code.
    pub observed_status: Option<u16>,
}

/// Every occurrence in `text` that counts, in order. `discover` is the option of that name.
pub fn scan(rules: &Rules, text: &[u8], discover: bool) -> Vec<Found> {
    let bases = codes::bases(rules);
    let mut found = Vec::new();
    let mut offset = 0;
    for (index, bytes) in text.split(|&byte| byte == b'\n').enumerate() {
        for mut one in scan_line(rules, &bases, &Line::new(bytes), discover) {
            one.line = index + 1;
            one.start += offset;
            one.end += offset;
            found.push(one);
        }
        offset += bytes.len() + 1;
    }
    found
}

/// Every occurrence on one line, with offsets in the line.
fn scan_line(rules: &Rules, bases: &[Base], line: &Line, discover: bool) -> Vec<Found> {
    let mut found = Vec::new();
    let mut p = 0;
    while p < line.bytes.len() {
        let Some(hit) = codes::hit_at(rules, bases, line, p, discover) else {
            p += 1;
            continue;
        };
        let (kind, end) = match hit {
            Hit::Known(end) => (Some(Kind::Known), end),
            Hit::Unknown(end) => (Some(Kind::Unknown), end),
            Hit::TooLong(end) => (None, end),
        };
        if let Some(kind) = kind
            && !links::is_link(line, p)
        {
            found.push(describe(rules, line, p, end, kind));
        }
        p = end;
    }
    found
}

/// Everything that is told about the code at `start..end`.
fn describe(rules: &Rules, line: &Line, start: usize, end: usize, kind: Kind) -> Found {
    let code = String::from_utf8(line.bytes[start..end].to_vec()).expect("codes are UTF-8");
    let confirmed = code.contains('.') || slot::is_slot(line, start);
    let (provider, candidates, observed_status) = match kind {
        Kind::Known => {
            let (provider, candidates) = provider::decide(rules, line, &code, start..end);
            (provider, candidates, status::observed(line, start..end))
        }
        Kind::Unknown => (None, Vec::new(), None),
    };
    Found {
        line: 1,
        start,
        end,
        code,
        kind,
        confirmed,
        provider,
        candidates,
        observed_status,
    }
}
