//! Where a code may begin and end: the token rules.
//!
//! Token bytes are letters, digits, `_`, and a `.` between two of those; the
//! bytes of an escape are none.

use super::escape::{escape_at, is_escaped, is_inside_escape, may_end_escape};
use super::word_bytes::{LOOK_BYTES, Look, is_word};

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
    !extended && (!is_escaped(text, start) || begins_like_escape(text, start))
}

/// Whether what begins at `start` looks like an escape and may yet be a code, which is no token then:
/// `%CDP-4-DUPLEX`. None is the `ESC` of `ESC[0m`.
fn begins_like_escape(text: &[u8], start: usize) -> bool {
    !is_word(text[start]) && !is_inside_escape(text, start)
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
    Token::at(text, start).end
}

/// How far a token reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) end: usize,
    /// Where its last dot ends; where it begins if it has none.
    pub(crate) dots_end: usize,
}

impl Token {
    /// The token that begins at `start`.
    #[inline]
    pub(crate) fn at(text: &[u8], start: usize) -> Self {
        let bytes = text.get(start..).and_then(<[u8]>::first_chunk);
        bytes
            .and_then(|bytes| Token::seen(bytes, start))
            .unwrap_or_else(|| Token::by_parts(text, start))
    }

    /// The token that begins with `bytes`, which stand at `start`, where it ends among them and not
    /// before what may be a colour.
    #[inline]
    fn seen(bytes: &[u8; LOOK_BYTES], start: usize) -> Option<Self> {
        let Look { words, dots } = Look::at(bytes);
        let joined = dots & words << 1 & words >> 1;
        let len = (words | joined).trailing_ones();
        // Whether a dot in the last place joins parts cannot be seen.
        if len >= u32::BITS - 1 || bytes[len as usize] == b'[' {
            return None;
        }
        let last_dot = joined & ((1 << len) - 1);
        Some(Token {
            end: start + len as usize,
            dots_end: start + (u32::BITS - last_dot.leading_zeros()) as usize,
        })
    }

    /// The same, however long it is: one part after another.
    fn by_parts(text: &[u8], start: usize) -> Self {
        let mut dots_end = start;
        let mut part = start;
        loop {
            let words_end = words_end(text, part);
            let end = before_colour(text, part, words_end);
            if end == part && part > start {
                // No part follows on the last dot: it is none of the token.
                let end = part - 1;
                let before = text[start..end].iter().rposition(|&byte| byte == b'.');
                let dots_end = before.map_or(start, |dot| start + dot + 1);
                return Token { end, dots_end };
            }
            if end == part || end < words_end || text.get(end) != Some(&b'.') {
                return Token { end, dots_end };
            }
            part = end + 1;
            dots_end = part;
        }
    }
}

/// The end of the part of a token that begins at `part`: before the colour that its last letters may
/// begin. `ESC[31m` is the only escape that begins with letters.
#[inline]
fn before_colour(text: &[u8], part: usize, words_end: usize) -> usize {
    if text.get(words_end) != Some(&b'[') || !text[part..words_end].ends_with(b"ESC") {
        return words_end;
    }
    let escape = words_end - b"ESC".len();
    escape_at(text, escape).map_or(words_end, |_| escape)
}

/// The end of the letters, digits and `_` from `start` on.
#[inline]
pub(crate) fn words_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let words = Look::at(bytes).words.trailing_ones() as usize;
        at += words;
        if words < LOOK_BYTES {
            return at;
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| is_word(byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn what_is_seen_at_once_is_what_is_read_by_parts(
            // Mostly what tokens are made of, so that many are long.
            text in prop::collection::vec(
                prop_oneof![
                    8 => prop::sample::select(&b"aZ7_.ESC"[..]),
                    1 => prop::sample::select(&b"[m;1- \n"[..]),
                ],
                0..80,
            ),
        ) {
            for start in 0..=text.len() {
                let expected = Token::by_parts(&text, start);
                prop_assert_eq!(Token::at(&text, start), expected, "{}", text.escape_ascii());
                let words = text[start..].iter().take_while(|&&byte| is_word(byte));
                prop_assert_eq!(words_end(&text, start), start + words.count());
            }
        }
    }

    #[test]
    fn the_last_dot_of_a_token_is_told_with_its_end() {
        for (text, end, dots_end) in [
            ("APIG", 4, 0),
            ("APIG.1002 ", 9, 5),
            ("a.b.c.", 5, 4),
            ("a.", 1, 0),
            ("a.b.ESC[0m", 3, 2),
            (".a", 0, 0),
        ] {
            assert_eq!(
                Token::at(text.as_bytes(), 0),
                Token { end, dots_end },
                "{text}"
            );
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
