//! The members of a JSON object, by their places in the line.
//!
//! Nothing is decoded, and what is cut or damaged ends the reading without an error: the line may
//! be the beginning of a longer one.

use std::ops::Range;

/// Calls `member` with the places of each key and value of the object at the beginning of `text`.
///
/// A key's place is without its quotes, a string's with them.
pub(super) fn members(text: &[u8], mut member: impl FnMut(Range<usize>, Range<usize>)) {
    let mut at = blanks_end(text, 0);
    while matches!(text.get(at), Some(b'{' | b',')) {
        let key = blanks_end(text, at + 1);
        let Some(key_end) = string_end(text, key) else {
            return;
        };
        let colon = blanks_end(text, key_end);
        if text.get(colon) != Some(&b':') {
            return;
        }
        let value = blanks_end(text, colon + 1);
        let Some(value_end) = value_end(text, value) else {
            return;
        };
        member(key + 1..key_end - 1, value..value_end);
        at = blanks_end(text, value_end);
    }
}

/// The place of what the string at `value` holds; `None` where it is no string.
pub(super) fn inside(text: &[u8], value: &Range<usize>) -> Option<Range<usize>> {
    (text.get(value.start) == Some(&b'"')).then(|| value.start + 1..value.end - 1)
}

fn blanks_end(text: &[u8], from: usize) -> usize {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(is_blank).count()
}

fn string_end(text: &[u8], start: usize) -> Option<usize> {
    if text.get(start) != Some(&b'"') {
        return None;
    }
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn value_end(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match text.get(at)? {
            b'"' => at = string_end(text, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            b'}' | b']' | b',' if depth == 0 => return (at > start).then_some(at),
            _ => at += 1,
        }
        if depth == 0 && matches!(text[at - 1], b'"' | b'}' | b']') {
            return Some(at);
        }
    }
}

/// How far from a place decoding begins and ends, in bytes, where escapes allow: beyond what is
/// shown around it, were every character an escape.
const FAR_BYTES: Range<usize> = 6 * 1024..8 * 1024;

/// The longest escape, in bytes: `\u003c`.
const ESCAPE_BYTES: usize = 6;

/// What a string holds around `range` once its escapes are decoded, and where `range` is then.
///
/// `range` stands between escapes. A part that is no JSON string is kept as it is.
pub(crate) fn decoded(text: &[u8], range: &Range<usize>) -> (String, Range<usize>) {
    let first =
        range.start.saturating_sub(FAR_BYTES.end)..range.start.saturating_sub(FAR_BYTES.start);
    let first = first.into_iter().find(|&at| is_between_escapes(text, at));
    let last = range.end + FAR_BYTES.start..(range.end + FAR_BYTES.end).min(text.len());
    let last = last.into_iter().find(|&at| is_between_escapes(text, at));
    let (first, last) = (first.unwrap_or(0), last.unwrap_or(text.len()));
    let mut whole = decoded_part(&text[first..range.start]);
    let start = whole.len();
    whole.push_str(&decoded_part(&text[range.clone()]));
    let end = whole.len();
    whole.push_str(&decoded_part(&text[range.end..last]));
    // What the application wrote is a line, and the wrapper says so by its newline.
    if end < whole.len() && whole.ends_with('\n') {
        whole.pop();
    }
    (whole, start..end)
}

/// Whether it is sure that no escape, and no character, reaches across `at`.
fn is_between_escapes(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(ESCAPE_BYTES)..at];
    let is_inside = text
        .get(at)
        .is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
    memchr::memchr(b'\\', before).is_none() && !is_inside
}

fn decoded_part(part: &[u8]) -> String {
    let part = String::from_utf8_lossy(part);
    if memchr::memchr(b'\\', part.as_bytes()).is_none() {
        return part.into_owned();
    }
    serde_json::from_str(&format!("\"{part}\"")).unwrap_or_else(|_| part.into_owned())
}

/// The string that a value is, decoded where it has escapes.
pub(super) fn text<'t>(text: &'t [u8], value: &Range<usize>) -> Option<std::borrow::Cow<'t, str>> {
    let raw = std::str::from_utf8(&text[inside(text, value)?]).ok()?;
    Some(match raw.contains('\\') {
        false => raw.into(),
        true => decoded_part(raw.as_bytes()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members_of(text: &str) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        members(text.as_bytes(), |key, value| {
            found.push((&text[key], &text[value]));
        });
        found
    }

    #[test]
    fn members_are_those_of_the_outer_object() {
        assert_eq!(
            members_of(
                r#" { "a" : "x\"}\\" ,"b":[1,{"c":"]"}],"d":{"e":"}"},"f":null,"g":-1.5e3}"#
            ),
            [
                ("a", r#""x\"}\\""#),
                ("b", r#"[1,{"c":"]"}]"#),
                ("d", r#"{"e":"}"}"#),
                ("f", "null"),
                ("g", "-1.5e3"),
            ]
        );
    }

    #[test]
    fn what_is_cut_or_damaged_ends_the_reading() {
        let whole = r#"{"a":"x","b":[1,{"c":"]"}],"d":null}"#;
        for end in 0..whole.len() {
            assert!(members_of(&whole[..end]).len() < 3, "{end}");
        }
        assert_eq!(members_of(r#"{"a":"x" "b":1}"#), [("a", r#""x""#)]);
        assert_eq!(members_of(r#"{"a":,"b":1}"#), []);
        assert_eq!(members_of(r#"["a"]"#), []);
    }

    #[test]
    fn a_place_in_a_string_is_found_again_when_it_is_decoded() {
        let text = r#"\u001b[31m错 \"APIG.1002\"\ud83d\ude00\n"#;
        let start = text.find("APIG").expect("the code is there");

        let (decoded, range) = decoded(text.as_bytes(), &(start..start + 9));

        assert_eq!(decoded, "\u{1b}[31m错 \"APIG.1002\"😀");
        assert_eq!(&decoded[range], "APIG.1002");
    }

    #[test]
    fn of_a_long_string_only_what_may_be_shown_is_decoded() {
        for around in [r"\\", r#"\""#, r"a\u00e9 b", "错", r#"\\\"abcdefg"#] {
            for shift in 0..7 {
                let side = "x".repeat(shift) + &around.repeat(10_000);
                let text = format!("{side}APIG.1002{side}");

                let (decoded, range) = decoded(text.as_bytes(), &(side.len()..side.len() + 9));

                let known = serde_json::from_str::<String>(&format!("\"{side}\""));
                let known = known.expect("the string is sound");
                assert_eq!(&decoded[range.clone()], "APIG.1002");
                // Where nothing but escapes stands, all of it is decoded.
                let has_gaps = around.contains(|unit: char| unit.is_alphabetic());
                assert!(!has_gaps || decoded.len() <= 2 * FAR_BYTES.end + 9);
                assert!(range.start > 1024 && decoded.len() - range.end > 1024);
                assert!(known.ends_with(&decoded[..range.start]), "{around} {shift}");
                assert!(known.starts_with(&decoded[range.end..]), "{around} {shift}");
            }
        }
    }
}
