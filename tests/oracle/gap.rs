//! What may stand between a key and its value: gaps and separators.
//!
//! Everything is decided on what units stand for, and *directly* before or after means with
//! nothing visible between. All readings are followed: it is enough that one of them works.

use std::collections::BTreeSet;

use super::escapes::Value;
use super::line::{Line, Unit};

/// At most so many wrappers (`Some(`) stand between a key and its value.
const MAX_WRAPPERS: usize = 4;

/// The strongest separator that a way has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Separator {
    /// None.
    Missing,
    /// `>` or `[`, which may be mere brackets too.
    Soft,
    /// `=`, `:` and the like; a way passes no second one.
    Hard,
}

/// A reading of some units as gaps and separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// The index of the unit after them.
    pub at: usize,
    /// The strongest separator among them.
    pub separator: Separator,
    /// Whether a blank is among them.
    pub has_blank: bool,
    wrappers: usize,
}

/// Every reading of the units from index `from` on, of any length.
pub fn ways(line: &Line, from: usize) -> BTreeSet<Way> {
    let start = Way {
        at: from,
        separator: Separator::Missing,
        has_blank: false,
        wrappers: 0,
    };
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(way) = open.pop() {
        if found.insert(way) {
            open.extend(steps(line, way));
        }
    }
    found
}

/// The unit indices to which a gap alone leads from `from`.
pub fn gap_ends(line: &Line, from: usize) -> Vec<usize> {
    let found = ways(line, from).into_iter();
    found
        .filter(|way| way.separator < Separator::Hard)
        .map(|way| way.at)
        .collect()
}

/// The unit indices to which quotes, brackets and blanks alone lead from `from`, without wrappers.
pub fn plain_gap_ends(line: &Line, from: usize) -> Vec<usize> {
    let is_gap = |unit: &&Unit| {
        let value = unit.value;
        let is_mark = is_quote(value) || is_bracket_or_mark(value);
        value == Value::Invisible
            || is_mark
            || is_blank(unit)
            || matches!(value, Value::Char('>' | '['))
    };
    let len = line.units[from..].iter().take_while(is_gap).count();
    (from..=from + len).collect()
}

/// Whether the unit is a blank: written, or given by an escape.
pub fn is_blank(unit: &Unit) -> bool {
    match unit.value {
        Value::Char(' ' | '\t' | '\u{a0}' | '\u{3000}') => true,
        Value::Char('\n' | '\r') => unit.is_escape,
        _ => false,
    }
}

/// Whether the value is a quote: straight, curly, or a CJK corner.
pub fn is_quote(value: Value) -> bool {
    matches!(
        value,
        Value::Char('"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』')
    )
}

/// One piece further.
fn steps(line: &Line, way: Way) -> Vec<Way> {
    let Some(unit) = line.units.get(way.at) else {
        return Vec::new();
    };
    let past = Way {
        at: way.at + 1,
        ..way
    };
    let mut next = Vec::new();
    if unit.value == Value::Invisible || is_quote(unit.value) || is_bracket_or_mark(unit.value) {
        next.push(past);
    }
    if is_blank(unit) {
        next.push(Way {
            has_blank: true,
            ..past
        });
    }
    let is_comparison =
        unit.value == Value::Char('>') && line.visible_before(way.at) == Some(Value::Char('<'));
    if matches!(unit.value, Value::Char('>' | '[')) && !is_comparison {
        next.push(Way {
            separator: way.separator.max(Separator::Soft),
            ..past
        });
    }
    if let Some(at) = line.spelled_until(way.at, "<![CDATA[") {
        next.push(Way { at, ..way });
    }
    if is_string_prefix(line, way.at) {
        next.push(past);
    }
    if way.wrappers < MAX_WRAPPERS
        && let Some(at) = wrapper_end(line, way.at)
    {
        next.push(Way {
            at,
            wrappers: way.wrappers + 1,
            ..way
        });
    }
    if way.separator < Separator::Hard {
        let ends = hard_ends(line, way.at).into_iter();
        next.extend(ends.map(|at| Way {
            at,
            separator: Separator::Hard,
            ..way
        }));
    }
    next
}

/// The unit indices after each hard separator that begins at unit `i`.
pub fn hard_ends(line: &Line, i: usize) -> Vec<usize> {
    let compares = matches!(
        line.visible_before(i),
        Some(Value::Char('=' | '!' | '<' | '>'))
    );
    ["=", ":", "：", "=>", ":=", "->"]
        .into_iter()
        .filter(|separator| !(compares && separator.starts_with('=')))
        .filter_map(|separator| line.spelled_until(i, separator))
        .collect()
}

/// A backquote, an asterisk, a bracket that is no soft separator, or a backslash that is itself escaped.
fn is_bracket_or_mark(value: Value) -> bool {
    let Value::Char(character) = value else {
        return false;
    };
    "`*(){}<]（）【】\\".contains(character)
}

/// A single letter u or b directly before a quote, as Python writes strings.
fn is_string_prefix(line: &Line, i: usize) -> bool {
    let start = line.units[i].start;
    line.is_plain(start, |byte| byte == b'u' || byte == b'b')
        && !(start > 0 && line.is_word(start - 1))
        && matches!(line.visible_from(i + 1), Some(Value::Char('"' | '\'')))
}

/// The unit index after a wrapper's name or path (`Some`, `Option::Some`), where one begins at
/// unit `i` and stands directly before `(` or `[`.
fn wrapper_end(line: &Line, i: usize) -> Option<usize> {
    let mut end = identifier_end(line, line.units[i].start)?;
    while line.bytes[end..].starts_with(b"::") && line.is_unescaped(end, end + 2) {
        let Some(longer) = identifier_end(line, end + 2) else {
            break;
        };
        end = longer;
    }
    let after = line.unit_index(end)?;
    let opens = matches!(line.visible_from(after), Some(Value::Char('(' | '[')));
    opens.then_some(after)
}

/// The end of the identifier that begins at byte `start` and is no part of a longer one.
fn identifier_end(line: &Line, start: usize) -> Option<usize> {
    let is_part = |i| {
        line.is_plain(i, |byte| {
            byte.is_ascii_alphanumeric() || b"_.".contains(&byte)
        })
    };
    let is_first = line.is_plain(start, |byte| byte.is_ascii_alphabetic() || byte == b'_');
    if !is_first || start > 0 && is_part(start - 1) {
        return None;
    }
    (start..=line.bytes.len()).find(|&i| !is_part(i))
}
