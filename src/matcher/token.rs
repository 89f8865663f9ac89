//! Where a code may begin and end: the token rules.
//!
//! Token bytes are letters, digits, `_`, and a `.` between two of those; the
//! bytes of an escape are none.

use super::escape::{escape_at, is_escaped, may_end_escape};

/// The bytes that are letters, digits or `_`.
const WORD: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    bytes
};

/// Whether `byte` is a letter, a digit or `_`.
#[inline]
pub(crate) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

/// Whether the byte at `at` is a letter, a digit or `_` and belongs to no escape.
pub(crate) fn is_plain_word(text: &[u8], at: usize) -> bool {
    is_word(text[at]) && !is_escaped(text, at)
}

/// Whether a code may begin at `start`: the byte before it cannot extend it.
#[inline]
pub(crate) fn may_begin(text: &[u8], start: usize) -> bool {
    let extended = match start.checked_sub(1).map(|before| text[before]) {
        None => false,
        Some(b'.') => start >= 2 && is_plain_word(text, start - 2) && is_word(text[start]),
        Some(byte) => {
            is_word(byte) && !(may_end_escape(text, start) && is_escaped(text, start - 1))
        }
    };
    !extended && !is_escaped(text, start)
}

/// Whether a code may end before `end`: the bytes after it cannot extend it.
///
/// A code that ends in a digit also ends before a `.` and a capital letter: the
/// blank that people forget.
#[inline]
pub(crate) fn may_end(text: &[u8], end: usize) -> bool {
    let Some(&next) = text.get(end) else {
        return true;
    };
    if next != b'.' {
        return !is_word(next) || is_escaped(text, end);
    }
    let joins =
        end > 0 && is_word(text[end - 1]) && text.get(end + 1).is_some_and(|&byte| is_word(byte));
    if !joins || is_escaped(text, end + 1) {
        return true;
    }
    text[end - 1].is_ascii_digit() && text[end + 1].is_ascii_uppercase()
}

/// The end of the token that begins at `start`.
#[inline]
pub(crate) fn token_end(text: &[u8], start: usize) -> usize {
    let mut end = start;
    loop {
        // Most bytes are plain letters and digits.
        let rest = text.get(end..).unwrap_or_default();
        end += rest.iter().take_while(|&&byte| is_inside(byte)).count();
        let goes_on = match text.get(end) {
            Some(b'.') => {
                let next = text.get(end + 1).is_some_and(|&next| is_word(next));
                next && end > start && !begins_escape(text, end + 1)
            }
            Some(b'E') => !begins_escape(text, end),
            _ => false,
        };
        if !goes_on {
            return end;
        }
        end += 1;
    }
}

/// Whether `byte` is a letter, a digit or `_` and begins no escape.
#[inline]
fn is_inside(byte: u8) -> bool {
    is_word(byte) && byte != b'E'
}

/// Whether a word byte begins an escape; `ESC[31m` is the only form that can.
#[inline]
fn begins_escape(text: &[u8], at: usize) -> bool {
    text[at] == b'E' && escape_at(text, at).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_before_a_final_dot_and_before_a_written_out_colour() {
        for (text, token) in [
            ("APIG.1002.", "APIG.1002"),
            ("APIG.1002..x", "APIG.1002"),
            ("Foo.Bar-", "Foo.Bar"),
            ("InternalErrorESC[0m", "InternalError"),
            ("InternalError.ESC[0m", "InternalError"),
            ("错", ""),
        ] {
            assert_eq!(&text[..token_end(text.as_bytes(), 0)], token, "{text}");
        }
    }

    #[test]
    fn a_code_that_ends_in_a_digit_may_be_followed_by_a_sentence() {
        assert!(may_end(b"APIG.3456.Please", 9));
        assert!(!may_end(b"APIG.2000.html", 9));
        assert!(!may_end(b"FailedOperation.Foo", 15));
    }

    #[test]
    fn a_code_may_begin_after_an_escape_but_not_inside_one() {
        assert!(may_begin(br"\nInternalError", 2));
        assert!(!may_begin(br"\nInternalError", 1));
        assert!(may_begin(b"%22APIG.1002", 3));
        assert!(!may_begin(b"com.acme.InternalError", 9));
        assert!(may_begin(b"..InternalError", 2));
    }
}
