//! Escapes: how text looks after it went through JSON, a URL, HTML or a terminal.
//!
//! A byte of an escape belongs to no token and to no key. Every escape is at
//! most [`MAX_ESCAPE_BYTES`] long and holds no newline, so whether a byte is
//! escaped is decided by looking at its neighbourhood alone.
//!
//! How each form is read from its first byte stands in `forms`; here they are found from any other.

mod forms;
#[cfg(test)]
mod tests;

use forms::{backslash, control_sequence, entity, is_final, is_octal, octal, percent};

/// The longest escape that is recognised, in bytes: a control sequence behind `\u001b`.
pub(crate) const MAX_ESCAPE_BYTES: usize = 7 + MAX_PARAMETER_BYTES + 1;

/// The longest body of an escape by a backslash, in bytes: `u003c`.
const MAX_BODY_BYTES: usize = 5;

/// The longest escape that begins with a backslash and is no control sequence: `\u005cu003c`.
const MAX_BACKSLASH_BYTES: usize = 2 * (1 + MAX_BODY_BYTES) - 1;

/// The most repetitions of `25` or `amp;`, that is, the most layers of encoding.
pub(crate) const MAX_LAYERS: usize = 8;

/// The most parameter bytes of a control sequence: colours of 24 bits for text and background take 34,
/// and a few more say that the text is bold or underlined.
pub(crate) const MAX_PARAMETER_BYTES: usize = 55;

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A character.
    Char(char),
    /// Nothing that can be seen: a colour.
    Nothing,
}

/// An escape: its length in bytes and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Escape {
    pub(crate) len: usize,
    pub(crate) value: Value,
}

/// The escape that begins at `at`, read as long as possible.
#[inline]
pub(crate) fn escape_at(text: &[u8], at: usize) -> Option<Escape> {
    match *text.get(at)? {
        b'\\' | b'E' | b'#' | b'^' | 0x1b | b'[' => {
            let control = control_sequence(text, at).or_else(|| backslash(text, at));
            control.or_else(|| octal(text, at))
        }
        b'%' => percent(text, at),
        b'&' => entity(text, at),
        _ => None,
    }
}

/// Whether the byte at `at` belongs to an escape.
///
/// Every escape has a mark that few bytes part from any of its others: a
/// backslash, `#`, `%`, `&`, or the `[` of a control sequence. So a few looks decide.
#[inline]
pub(crate) fn is_escaped(text: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return escape_at(text, at).is_some();
    };
    let goes_on = match text[before] {
        // What stands before most values can only be a parameter.
        b':' | b'<'..=b'?' => {
            matches!(text[..before], [.., b'0'..=b'?' | b'['])
                && parameters_before(text, 0, before).is_some()
        }
        byte => GOES_ON[usize::from(byte)],
    };
    if goes_on {
        is_covered(text, at, at + 1)
    } else {
        may_start(text[at]) && escape_at(text, at).is_some()
    }
}

/// Whether the byte at `at` belongs to an escape that begins before it.
pub(crate) fn is_inside_escape(text: &[u8], at: usize) -> bool {
    at > 0 && is_covered(text, at, at)
}

/// Whether an escape may end right before `end`, which few texts but escapes pass.
#[inline]
pub(crate) fn may_end_escape(text: &[u8], end: usize) -> bool {
    let is_hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    // Blanks, quotes and separators are what most values follow, and most words end in other letters.
    if let [.., before, last] = text[..end] {
        // Of a run of backslashes none ends an escape, however long it is.
        let ends_none = match before {
            b'\\' => last == b'\\',
            _ => {
                matches!(last, b' '..=b'/' | b':' | b'<'..=b'?' | b'\\')
                    || !CAN_BE_LAST_BUT_ONE[usize::from(before)] && last != b';'
            }
        };
        if ends_none {
            return false;
        }
    }
    match text[..end] {
        [.., b'\\', _] | [.., b';'] => true,
        ref text if is_octal(text) => true,
        [.., b'%', a, b] | [.., b'2', b'5', a, b] if is_hex(&[a, b]) => true,
        // The backslash may be encoded: `%5Cn`, `\u005cn`.
        [.., b'5', b'c' | b'C', b'n' | b't' | b'r' | b'b' | b'f'] => true,
        [.., b'\\' | b'c' | b'C', b'x', a, b] if is_hex(&[a, b]) => true,
        [.., b'\\' | b'c' | b'C', b'u', a, b, c, d] if is_hex(&[a, b, c, d]) => true,
        [.., b'0'..=b'?' | b'[', last] if is_final(last) => {
            parameters_before(text, 0, end - 1).is_some()
        }
        _ => false,
    }
}

/// Whether letters and digits behind `byte` may be the last ones of an escape: a mark or a parameter.
#[inline]
pub(crate) fn may_open_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'#' | b'%' | b'[' | b':'..=b'?')
}

/// The bytes before the last one of an escape: hexadecimal digits, parameters, and marks. An entity has others,
/// and ends with `;`.
const CAN_BE_LAST_BUT_ONE: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        bytes[byte] = matches!(byte as u8,
            b'0'..=b'?' | b'A'..=b'F' | b'a'..=b'f' | b'\\' | b'[');
        byte += 1;
    }
    bytes
};

/// The bytes behind which an escape may go on: its mark, its digits, its name, its parameters.
const GOES_ON: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        bytes[byte] = matches!(byte as u8,
            b'0'..=b'?' | b'A'..=b'Z' | b'a'..=b'z' | b'\\' | b'%' | b'&' | b'#' | b'[' | b'^' | 0x1b);
        byte += 1;
    }
    bytes
};

/// Whether an escape that begins before `end` covers the byte at `at`.
fn is_covered(text: &[u8], at: usize, end: usize) -> bool {
    let covers = |start: usize| {
        start < end && escape_at(text, start).is_some_and(|escape| start + escape.len > at)
    };
    let mut nearby = at.saturating_sub(MAX_BACKSLASH_BYTES - 1)..end;
    nearby.any(|start| matches!(text[start], b'\\' | b'#') && covers(start))
        || percents_before(text, at).any(covers)
        || ampersands_before(text, at).any(covers)
        || brackets_near(text, at).any(|bracket| sequence_starts(text, 0, bracket).any(covers))
}

/// The escape that ends right before `end`, with its start; the longest where several do.
pub(crate) fn escape_before(text: &[u8], floor: usize, end: usize) -> Option<(usize, Escape)> {
    let last = end.checked_sub(1).filter(|&last| last >= floor)?;
    let ends = |start: usize| {
        let escape =
            escape_at(text, start).filter(|escape| start >= floor && start + escape.len == end)?;
        Some((start, escape))
    };
    if text[last] == b';' {
        return ampersands_before(text, last)
            .filter_map(ends)
            .min_by_key(|(start, _)| *start);
    }
    let sequence = parameters_before(text, floor, last).and_then(|bracket| {
        sequence_starts(text, floor, bracket)
            .filter_map(ends)
            .min_by_key(|(start, _)| *start)
    });
    let by_backslash = |lens: &[usize]| {
        let mut lens = lens.iter();
        lens.find_map(|&len| ends(end.checked_sub(len)?))
    };
    // No two of these end at the same place, so the usual ones come first.
    sequence
        .or_else(|| by_backslash(&[2, 6, 4]))
        .or_else(|| percents_before(text, last).find_map(ends))
        .or_else(|| by_backslash(&[7, 5, 9, MAX_BACKSLASH_BYTES]))
}

/// The `%` that the byte at `at` may be encoded by, or the backslash before it.
fn percents_before(text: &[u8], at: usize) -> impl Iterator<Item = usize> + '_ {
    let ends = (0..=MAX_BODY_BYTES).filter_map(move |body| Some((body, at.checked_sub(body)?)));
    let ends =
        ends.filter(|&(body, end)| body == 0 || matches!(text[..=end], [.., b'5', b'c' | b'C']));
    ends.filter_map(|(_, end)| percent_before(text, end))
}

/// The `%` that the byte at `at` may be encoded by.
fn percent_before(text: &[u8], at: usize) -> Option<usize> {
    let longest = 3 + 2 * MAX_LAYERS;
    let digits = text[at.saturating_sub(longest)..=at].iter().rev();
    let digits = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
    at.checked_sub(digits).filter(|&start| text[start] == b'%')
}

/// The `&` that the byte at `at` may belong to an entity of, nearest first.
fn ampersands_before(text: &[u8], at: usize) -> impl Iterator<Item = usize> + '_ {
    // The longest body is shorter than this, so without a mark for so long there is none.
    const MAX_BODY_BYTES: usize = 9;
    let mut since_mark = 0;
    let window = (at.saturating_sub(MAX_ESCAPE_BYTES - 1)..=at).rev();
    let inside = window.take_while(move |&start| {
        since_mark = if matches!(text[start], b'&' | b';') {
            0
        } else {
            since_mark + 1
        };
        since_mark <= MAX_BODY_BYTES
            && (text[start].is_ascii_alphanumeric() || matches!(text[start], b'&' | b';' | b'#'))
    });
    inside.filter(|&start| text[start] == b'&')
}

/// The `[` of a control sequence that the byte at `at` may belong to: before or behind it.
fn brackets_near(text: &[u8], at: usize) -> impl Iterator<Item = usize> + '_ {
    // An introducer is at most six bytes long.
    let ahead = text[at..].iter().take(6).position(|&byte| byte == b'[');
    let ahead = ahead.map(|bytes| at + bytes);
    parameters_before(text, 0, at).into_iter().chain(ahead)
}

/// The `[` before the parameters that end at or before `last`.
fn parameters_before(text: &[u8], floor: usize, last: usize) -> Option<usize> {
    let is_parameter = |byte: &&u8| matches!(byte, b'0'..=b'?');
    let end = if is_parameter(&&text[last]) {
        last + 1
    } else {
        last
    };
    let window = &text[floor
        .max(end.saturating_sub(MAX_PARAMETER_BYTES + 1))
        .min(end)..end];
    let parameters = window.iter().rev().take_while(is_parameter).count();
    (end - parameters)
        .checked_sub(1)
        .filter(|&bracket| bracket >= floor && text[bracket] == b'[')
}

/// Where a control sequence with this `[` may begin: there, or with an introducer before it.
fn sequence_starts(text: &[u8], floor: usize, bracket: usize) -> impl Iterator<Item = usize> + '_ {
    let starts = [0, 1, 2, 3, 4, 6]
        .into_iter()
        .filter_map(move |before| bracket.checked_sub(before));
    starts.filter(move |&start| start >= floor && may_start(text[start]))
}

fn may_start(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'&' | b'[' | 0x1b | b'E' | b'#' | b'^')
}
