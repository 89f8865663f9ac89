//! Keys and what follows them, read forwards: the forms of evidence that are no mere words.

use std::cell::Cell;
use std::ops::Range;

use crate::matcher::{Backward, Forward, SLOT_BYTES, is_escaped, is_gap, is_plain_word, is_value};

/// The place of the key at `range` with its separator, and with the host name that is its value where
/// that is asked for.
pub(super) fn key(line: &[u8], range: Range<usize>, host_name: bool) -> Option<Range<usize>> {
    let begins = begins_word(line, range.start);
    let ends = range.end == line.len() || !is_plain_word(line, range.end);
    let (_, end) = separator(line, range.end).filter(|_| begins && ends)?;
    let end = if host_name {
        host_name_end(line, value_start(line, range.end)?)?
    } else {
        end
    };
    Some(range.start..end)
}

/// The place of nested keys, each the value of the one before, when the last one stands at `last`.
pub(super) fn nested(line: &[u8], last: Range<usize>, outer: &[String]) -> Option<Range<usize>> {
    let mut start = last.start;
    let (colon, end) = separator(line, last.end)?;
    if !is_colon(colon)
        || is_escaped(line, start)
        || last.end < line.len() && is_plain_word(line, last.end)
    {
        return None;
    }
    for key in outer {
        let outer_start = Cell::new(None);
        let before = Backward::new(line, start.saturating_sub(SLOT_BYTES), start);
        is_value(before, |before, separator| {
            let rest = line[..before.at()].strip_suffix(key.as_bytes());
            outer_start.set(rest.filter(|_| is_colon(separator)).map(<[u8]>::len));
            rest.is_some()
        });
        start = outer_start.get()?;
    }
    begins_word(line, start).then_some(start..end)
}

/// `text` without the quote that ends it, escaped or not.
pub(super) fn without_quote(text: &[u8]) -> &[u8] {
    let [before @ .., b'"' | b'\''] = text else {
        return text;
    };
    let escapes = before.iter().rev().take_while(|&&byte| byte == b'\\');
    &before[..before.len() - escapes.count()]
}

fn begins_word(line: &[u8], start: usize) -> bool {
    !is_escaped(line, start) && (start == 0 || !is_plain_word(line, start - 1))
}

/// Where the value begins whose key ends at `end`.
pub(super) fn value_start(line: &[u8], end: usize) -> Option<usize> {
    let mut after = Forward::new(line, separator(line, end)?.1);
    after.pass(is_gap);
    Some(after.at())
}

/// The separator behind a key that ends at `end`, and where it ends itself.
fn separator(line: &[u8], end: usize) -> Option<(char, usize)> {
    let mut after = Forward::new(line, end);
    let mut last = None;
    let found = after.find(|&unit| {
        let is_around = is_gap(unit) && unit != '>';
        last = if is_around { Some(unit) } else { last };
        !is_around
    })?;
    let mut longer = after.clone();
    let is_separator = match (found, longer.next()) {
        ('=' | '-', Some('>')) | (':', Some('=')) => {
            after = longer;
            true
        }
        ('-', _) => false,
        _ => matches!(found, '=' | ':' | '：' | '>'),
    };
    (is_separator && !(found == '=' && last == Some('<'))).then_some((found, after.at()))
}

fn is_colon(unit: char) -> bool {
    matches!(unit, ':' | '：')
}

/// The end of the host name at `start`: labels with dots between, the last one of letters.
fn host_name_end(line: &[u8], start: usize) -> Option<usize> {
    let rest = &line[start..];
    let is_part = |at: &usize| {
        matches!(line[*at], b'.' | b'-') || (line[*at] != b'_' && is_plain_word(line, *at))
    };
    let len = (start..line.len()).take_while(is_part).count();
    // What goes on like this is no name but encoded bytes, such as the HostId of AWS S3.
    let goes_on = matches!(rest.get(len), Some(b'_' | b'+' | b'/' | b'='));
    let (labels, last) =
        rest[..len].split_at(rest[..len].iter().rposition(|&byte| byte == b'.')? + 1);
    let is_name = labels[..labels.len() - 1]
        .split(|&byte| byte == b'.')
        .all(|label| !label.is_empty())
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic);
    (is_name && !goes_on).then_some(start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_key(line: &str, name: &str, host_name: bool) -> bool {
        let start = line.find(name).expect("the key is on the line");
        key(line.as_bytes(), start..start + name.len(), host_name).is_some()
    }

    #[test]
    fn a_key_has_a_separator_and_stands_alone() {
        assert!(is_key(r#"{"Recommend":"https"}"#, "Recommend", false));
        assert!(is_key(r"\nRecommend: https", "Recommend", false));
        assert!(is_key("<Recommend>https", "Recommend", false));
        assert!(!is_key("Recommended: no", "Recommend", false));
        assert!(!is_key("we Recommend this", "Recommend", false));
    }

    #[test]
    fn a_host_id_that_is_encoded_bytes_is_no_host_name() {
        assert!(is_key(r#""HostId":"ecs.aliyuncs.com""#, "HostId", true));
        assert!(
            is_key("<HostId>ecs.aliyuncs.com</HostId>", "HostId", true)
                == is_key("HostId=ecs.aliyuncs.com", "HostId", true)
        );
        assert!(!is_key(
            "HostId: eftixk72aD6Ap51TnqcoF8eFidJG9Z/2mkiDFu8yU9AS1ed4OpIszj7UDNEHGran",
            "HostId",
            true
        ));
        assert!(!is_key("HostId: 10.0.0.1", "HostId", true));
    }
}
