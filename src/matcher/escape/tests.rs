//! Escapes of every form, and texts made of pieces of them.

use super::*;

fn len(text: &str) -> usize {
    escape_at(text.as_bytes(), 0).map_or(0, |escape| escape.len)
}

#[test]
fn every_form_is_read_as_long_as_possible() {
    for (text, expected) in [
        (r"\nX", 2),
        (r#"\"X"#, 2),
        (r"\u003cX", 6),
        (r"\u00", 0),
        (r"\x3cX", 4),
        (r"\qX", 0),
        (r"\\n", 0),
        ("%5CnX", 4),
        ("%5cu003cX", 8),
        ("%255Cx3cX", 8),
        ("%5CX", 3),
        (r"\u005cnX", 7),
        (r"\x5Cu003cX", 9),
        (r"\u005c\nX", 6),
        (r#"%5C"X"#, 3),
        ("%22X", 3),
        ("%2522X", 5),
        ("%25252522", 9),
        ("%25APIG", 3),
        ("%AP", 0),
        ("&quot;X", 6),
        ("&amp;quot;X", 10),
        ("&amp;X", 5),
        ("&#34;X", 5),
        ("&#x22;X", 6),
        ("&unknown;", 0),
        ("\x1b[1;31mX", 7),
        ("ESC[31mX", 7),
        (r"\x1b[31mX", 8),
        (r"\u001b[31mX", 10),
        (r"\033[31mX", 8),
        ("#033[0mX", 7),
        ("#012X", 4),
        ("#0112", 4),
        (r"\015X", 4),
        ("#013X", 0),
        ("#01", 0),
        ("^[[31mX", 6),
        ("[31mX", 4),
        ("[31 mX", 0),
        ("[38:5:252mX", 10),
        ("[38:2::1:2:3mX", 13),
        ("[38::m", 0),
        ("[1:mX", 0),
        ("[:1m", 0),
        ("[10001m", 0),
        ("[38;2;255;255;255;48;2;100;100;100mX", 35),
        ("\x1b[1;38;2;255;255;255;48;2;100;100;100mX", 38),
        ("[m", 0),
    ] {
        assert_eq!(len(text), expected, "{text}");
    }
}

#[test]
fn an_escape_is_found_from_its_end_and_from_any_of_its_bytes() {
    let text = br"a \u001b[31mAPIG";
    let end = text.len() - 4;

    assert_eq!(escape_before(text, 0, end).map(|(start, _)| start), Some(2));
    let escaped: Vec<bool> = (0..text.len()).map(|at| is_escaped(text, at)).collect();
    assert_eq!(escaped.iter().position(|&is| is), Some(2));
    assert_eq!(escaped.iter().rposition(|&is| is), Some(end - 1));
}

/// Pieces of escapes, among each kind some that make it look like another.
const PIECES: [&[&str]; 5] = [
    &["\\", "\\u", "x", "%", "2", "5", "[", "0", "m", "\x1b"],
    &["&", "#", "x", "3", "lt", "amp", ";", "m", "["],
    &["\\", "%", "25", "5c", "u0", "0", "x", "n", "u005C", "b"],
    &["\\", "#", "&", "0", "1", "2", "5", "x", "%", ";"],
    &["\\", "ESC", "^", "#033", "u001b", "[", "2", ";", "K"],
];

#[test]
fn quick_answers_are_those_of_reading_every_escape() {
    for pieces in PIECES {
        let mut ends = 0;
        for count in 1..=5 {
            for number in 0..pieces.len().pow(count) {
                let places = (0..count).map(|place| number / pieces.len().pow(place));
                let text: String = places.map(|place| pieces[place % pieces.len()]).collect();
                ends += usize::from(check_quick_answers(text.as_bytes()));
            }
        }
        assert!(ends > 100, "{ends}");
    }
}

/// Returns whether an escape ends `text`.
fn check_quick_answers(text: &[u8]) -> bool {
    let mut is_covered = vec![false; text.len()];
    let mut last = None;
    for start in 0..text.len() {
        if let Some(escape) = escape_at(text, start) {
            is_covered[start..start + escape.len].fill(true);
            if start + escape.len == text.len() {
                last = last.or(Some((start, escape)));
            }
        }
    }
    let is_end = last.is_some();
    let shown = text.escape_ascii();
    assert!(!is_end || may_end_escape(text, text.len()), "{shown}");
    assert_eq!(escape_before(text, 0, text.len()), last, "{shown}");
    for (at, is_covered) in is_covered.into_iter().enumerate() {
        assert_eq!(is_escaped(text, at), is_covered, "{shown} {at}");
    }
    is_end
}
