//! Links to a vendor's error centre: a code in one is no further occurrence.

use super::escapes::Value;
use super::line::{Line, Unit};
use super::slot::WINDOW_BYTES;

/// The `links` of the providers.
const LINKS: [&str; 2] = ["troubleshoot?", "status/search?"];

/// Whether the code that begins at byte `p` is the value of a parameter in such a link.
pub fn is_link(line: &Line, p: usize) -> bool {
    let units = line.units_before(p.saturating_sub(WINDOW_BYTES), p);
    let first = units.iter().rposition(ends_url).map_or(0, |end| end + 1);
    let text: String = units[first..].iter().filter_map(character).collect();
    text.ends_with('=') && LINKS.iter().any(|link| text.contains(link))
}

fn character(unit: &Unit) -> Option<char> {
    match unit.value {
        Value::Char(character) => Some(character),
        Value::NoChar | Value::Invisible => None,
    }
}

/// Whether no link goes on over this unit.
fn ends_url(unit: &Unit) -> bool {
    match unit.value {
        Value::Char(character) => !character.is_ascii_graphic() || "\"'<>`{|}^".contains(character),
        Value::NoChar => true,
        Value::Invisible => false,
    }
}
