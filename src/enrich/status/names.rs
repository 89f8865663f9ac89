//! The keys whose value is a status, read backwards from behind them.

use crate::matcher::{Backward, is_blank, is_escaped};

/// A key of a status, also as the end of a longer one: `http.response.status_code`.
const STATUS_CODE: &[u8] = b"statuscode";

/// The Chinese one.
const CHINESE: &str = "状态码";

/// How its last character ends in JSON's escape `\u7801`.
const CHINESE_LAST_UNIT: &[u8] = b"7801";

/// Words before a bare `code` that make it the key of another number.
const OTHER_CODES: [&[u8]; 7] = [
    EXIT, b"return", b"zip", b"postal", b"country", b"area", b"signal",
];

/// What makes the status behind it that of a process.
const EXIT: &[u8] = b"exit";

/// Keys of two words, which need no separator: `status code 403`.
const PHRASES: [(&[u8], &[u8]); 5] = [
    (b"status", b"code"),
    (b"http", b"status"),
    (b"http", b"code"),
    (b"http", b"error"),
    (b"response", b"code"),
];

/// The longest key that is looked at, in bytes.
const MAX_KEY_BYTES: usize = 32;

/// Whether the name of a status ends where `before` stands: a key of two words, or `HTTP`.
pub(super) fn is_phrase(before: &Backward) -> bool {
    let (start, last) = key_before(before);
    is_second_word(before, start, &last) || last.word() == b"http" && !is_parameter(before, start)
}

/// Whether the key that begins at `start` is one of a URL's query: what was asked, not what was answered.
fn is_parameter(before: &Backward, start: usize) -> bool {
    let text = before.text();
    let mut seen = &text[before.floor()..start];
    // A key may be longer than what is looked at of it; an escape before it is none of it.
    while let [rest @ .., byte] = seen
        && PART[usize::from(*byte)] != NONE
        && !is_escaped(text, before.floor() + rest.len())
    {
        seen = rest;
    }
    matches!(seen.last(), Some(b'?' | b'&'))
}

/// Whether `second`, which begins at `start`, is the second word of a key.
fn is_second_word(before: &Backward, start: usize, second: &Key) -> bool {
    matches!(second.word(), b"code" | b"status" | b"error")
        && PHRASES.contains(&(word_before(before, start).word(), second.word()))
}

/// Whether a key of a status ends where `before` stands.
pub(super) fn key_ends(before: &Backward, quoted: bool) -> bool {
    let seen = &before.text()[before.floor()..before.at()];
    ends_with_usual_key(seen) || other_key_ends(before, seen, quoted)
}

/// Whether `seen` ends with one of the keys that most statuses have, `status_code` and `httpStatusCode`, behind
/// a quote or a brace: neither goes on in an escape or in the query of a URL.
fn ends_with_usual_key(seen: &[u8]) -> bool {
    let before_key = before_word(seen, b"code")
        .map(|seen| seen.strip_suffix(b"_").unwrap_or(seen))
        .and_then(|seen| before_word(seen, b"status"));
    let Some(seen) = before_key else {
        return false;
    };
    let seen = before_word(seen, b"http").unwrap_or(seen);
    matches!(seen, [.., b'"' | b'{'])
}

/// What stands before `word` where `seen` ends with it, in whatever case.
fn before_word<'t, const LEN: usize>(seen: &'t [u8], word: &[u8; LEN]) -> Option<&'t [u8]> {
    let (before, last) = seen.split_last_chunk::<LEN>()?;
    last.eq_ignore_ascii_case(word).then_some(before)
}

/// The same for any other key, however it is escaped.
fn other_key_ends(before: &Backward, seen: &[u8], quoted: bool) -> bool {
    let may_be_escaped = seen.ends_with(CHINESE_LAST_UNIT);
    if seen.ends_with(CHINESE.as_bytes()) || may_be_escaped && before.ends_with(CHINESE) {
        return true;
    }
    let (start, key) = key_before(before);
    if is_second_word(before, start, &key) {
        return true;
    }
    if is_parameter(before, start) {
        return false;
    }
    match key.word() {
        b"code" => !quoted && !OTHER_CODES.contains(&word_before(before, start).word()),
        b"status" => word_before(before, start).word() != EXIT,
        b"httpstatus" | b"httpcode" | b"responsecode" | b"httpresponsecode" | b"responsestatus"
        | b"upstreamstatus" => true,
        key => key.ends_with(STATUS_CODE),
    }
}

/// The word that only blanks part from what begins at `start`.
fn word_before(before: &Backward, start: usize) -> Key {
    let mut outer = before.clone();
    outer.jump(start);
    if !outer.peek().is_some_and(is_blank) {
        return Key::default();
    }
    outer.pass(is_blank);
    outer.settle();
    key_before(&outer).1
}

/// No byte of a key.
const NONE: u8 = u8::MAX;

/// What a byte of a key is: letters are in lower case, and 0 only parts words.
const PART: [u8; 256] = {
    let mut parts = [NONE; 256];
    let mut byte = 0;
    while byte < 256 {
        let part = byte as u8;
        if part.is_ascii_alphanumeric() {
            parts[byte] = part.to_ascii_lowercase();
        } else if matches!(part, b'_' | b'.' | b'-') {
            parts[byte] = 0;
        }
        byte += 1;
    }
    parts
};

/// A word in lower case and without `_`, `.` and `-`.
#[derive(Clone, Copy, Default)]
struct Key {
    letters: [u8; MAX_KEY_BYTES],
    len: usize,
}

impl Key {
    /// The key that `bytes`, at most [`MAX_KEY_BYTES`], are.
    fn of(bytes: &[u8]) -> Self {
        let mut key = Key::default();
        for &byte in bytes {
            let letter = PART[usize::from(byte)];
            key.letters[key.len % MAX_KEY_BYTES] = letter;
            key.len += usize::from(letter != 0);
        }
        key
    }

    fn word(&self) -> &[u8] {
        &self.letters[..self.len]
    }
}

/// The identifier that ends where `before` stands, and its start.
fn key_before(before: &Backward) -> (usize, Key) {
    let text = before.text();
    let floor = before
        .floor()
        .max(before.at().saturating_sub(MAX_KEY_BYTES));
    let seen = text[floor..before.at()].iter().rev();
    let len = seen
        .take_while(|&&byte| PART[usize::from(byte)] != NONE)
        .count();
    // The letters of an escape can only be the first ones: `\nstatus`.
    let mut start = before.at() - len;
    while start < before.at() && is_escaped(text, start) {
        start += 1;
    }
    (start, Key::of(&text[start..before.at()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECES: [&str; 17] = [
        "status", "Status", "code", "CODE", "_", "http", "HTTP_", "exit ", "\"", "{", "\\", "\\n",
        "[", "&", "x", " ", "%22",
    ];

    #[test]
    fn the_usual_keys_are_keys_of_a_status_for_who_looks_closer() {
        let mut usual = 0;
        for number in 0..PIECES.len().pow(5) {
            let places = (0..5).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = places.map(|place| PIECES[place]).collect();
            if ends_with_usual_key(text.as_bytes()) {
                let before = Backward::new(text.as_bytes(), 0, text.len());
                for quoted in [false, true] {
                    assert!(other_key_ends(&before, text.as_bytes(), quoted), "{text}");
                }
                usual += 1;
            }
        }
        assert!(usual > 1000, "{usual}");
    }
}
