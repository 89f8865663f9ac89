//! The keys whose value is a status, read backwards from behind them.

use crate::matcher::{Backward, is_blank, is_escaped};

/// Keys whose value is a status, in lower case and without `_`, `.` and `-`.
const KEYS: [Key; 7] = [
    STATUS,
    Key::new("httpstatus"),
    Key::new("httpcode"),
    Key::new("responsecode"),
    Key::new("httpresponsecode"),
    Key::new("responsestatus"),
    Key::new("upstreamstatus"),
];

/// A key of a status, also as the end of a longer one: `http.response.status_code`.
const STATUS_CODE: &[u8] = b"statuscode";

/// The key of a status that is also one of a process.
const STATUS: Key = Key::new("status");

/// The Chinese one.
const CHINESE: &str = "状态码";

/// How its last character ends in JSON's escape `\u7801`.
const CHINESE_LAST_UNIT: &[u8] = b"7801";

/// A key of a status that is also one of other numbers.
const CODE: Key = Key::new("code");

/// Words before a bare `code` that make it the key of another number.
const OTHER_CODES: [Key; 7] = [
    EXIT,
    Key::new("return"),
    Key::new("zip"),
    Key::new("postal"),
    Key::new("country"),
    Key::new("area"),
    Key::new("signal"),
];

/// What makes the status behind it that of a process.
const EXIT: Key = Key::new("exit");

/// The protocol, which needs no separator: `HTTP 403`.
const HTTP: Key = Key::new("http");

/// Keys of two words, which need no separator: `status code 403`.
const PHRASES: [(Key, Key); 5] = [
    (STATUS, CODE),
    (HTTP, STATUS),
    (HTTP, CODE),
    (HTTP, Key::new("error")),
    (Key::new("response"), CODE),
];

/// The longest key that is looked at, in bytes.
const MAX_KEY_BYTES: usize = 32;

/// Whether the name of a status ends where `before` stands: a key of two words, or `HTTP`.
pub(super) fn is_phrase(before: &Backward) -> bool {
    let (start, last) = key_before(before);
    is_second_word(before, start, last) || last == HTTP && !is_parameter(before, start)
}

/// Whether the key that begins at `start` is one of a URL's query: what was asked, not what was answered.
fn is_parameter(before: &Backward, start: usize) -> bool {
    matches!(
        before.text()[before.floor()..start].last(),
        Some(b'?' | b'&')
    )
}

/// Whether `second`, which begins at `start`, is the second word of a key.
fn is_second_word(before: &Backward, start: usize, second: Key) -> bool {
    PHRASES.iter().any(|(_, word)| second == *word)
        && PHRASES.contains(&(word_before(before, start), second))
}

/// Whether a key of a status ends where `before` stands.
pub(super) fn key_ends(before: &Backward, quoted: bool) -> bool {
    let seen = &before.text()[before.floor()..before.at()];
    let may_be_escaped = seen.ends_with(CHINESE_LAST_UNIT);
    if seen.ends_with(CHINESE.as_bytes()) || may_be_escaped && before.ends_with(CHINESE) {
        return true;
    }
    let (start, key) = key_before(before);
    if is_second_word(before, start, key) {
        return true;
    }
    if is_parameter(before, start) {
        return false;
    }
    match key {
        CODE => !quoted && !OTHER_CODES.contains(&word_before(before, start)),
        STATUS => word_before(before, start) != EXIT,
        _ => KEYS.contains(&key) || key.letters[..key.len].ends_with(STATUS_CODE),
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

/// What a byte of a key is in [`KEYS`]: letters are in lower case, and 0 only parts words.
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

/// The most letters and digits of a key.
const KEY_LETTERS: usize = MAX_KEY_BYTES;

/// A word as [`KEYS`] are written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Key {
    letters: [u8; KEY_LETTERS],
    len: usize,
}

impl Key {
    const fn new(word: &str) -> Self {
        let mut key = Key {
            letters: [0; KEY_LETTERS],
            len: 0,
        };
        while key.len < word.len() {
            key.push(word.as_bytes()[key.len]);
        }
        key
    }

    /// Appends `byte`, unless it only parts words.
    const fn push(&mut self, byte: u8) {
        let letter = PART[byte as usize];
        self.letters[self.len % KEY_LETTERS] = letter;
        self.len += (letter != 0) as usize;
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
    let mut key = Key::default();
    text[start..before.at()]
        .iter()
        .for_each(|&byte| key.push(byte));
    (start, key)
}
