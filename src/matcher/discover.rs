//! Code-shaped values in code slots, of whatever family: `"Code":"ResourceBusy"`.
//!
//! Works from the keys: after each, the first token that stands in the slot and
//! looks like a code is one. Only with `--discover`.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::dictionary::MAX_UNKNOWN_BYTES;
use super::slot::{SLOT_BYTES, Slots, line_floor};
use super::token::{is_plain_word, may_begin, token_end};

/// The shortest value that is taken for a code, in bytes.
const MIN_CODE_BYTES: usize = 5;

/// Values of a `code` key that tell of no error.
const NO_ERRORS: &[&[u8]] = &[b"Success", b"Succeeded", b"False"];

/// Finds code slots by their keys.
#[derive(Clone, Debug)]
pub(crate) struct Discover {
    keys: AhoCorasick,
}

impl Discover {
    /// Takes over the keys and forms of `slots`.
    pub(crate) fn new(slots: &Slots) -> Self {
        let keys =
            AhoCorasick::new(slots.anchors()).expect("a handful of keys makes a small automaton");
        Discover { keys }
    }

    /// The first place in `from..limit` where a code-shaped value stands in a slot.
    pub(crate) fn next(
        &self,
        slots: &Slots,
        text: &[u8],
        from: usize,
        limit: usize,
    ) -> Option<usize> {
        let first_key = line_floor(text, from, SLOT_BYTES);
        let keys = self.keys.find_iter(&text[first_key..limit]);
        // Up to where there is none: keys stand close together, and each speaks for what is behind it.
        let mut searched = from;
        for key_end in keys.map(|key| first_key + key.end()) {
            let window = key_end.max(searched)..limit.min(key_end + SLOT_BYTES);
            match first_value(slots, text, window) {
                Ok(start) => return Some(start),
                Err(end) => searched = end,
            }
        }
        None
    }

    /// The code-shaped token that begins at `start`.
    pub(crate) fn code_at(&self, text: &[u8], start: usize) -> Option<Range<usize>> {
        let end = token_end(text, start);
        let token = &text[start..end];
        let is_wrapper = opens_wrapper(&text[end..]);
        let has_shape = token.first().is_some_and(u8::is_ascii_uppercase)
            && token
                .iter()
                .any(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_'));
        let has_length = (MIN_CODE_BYTES..=MAX_UNKNOWN_BYTES).contains(&token.len());
        (has_shape && has_length && !is_wrapper && !NO_ERRORS.contains(&token))
            .then_some(start..end)
    }
}

/// The first token that begins in `window`, before a line ends, stands in a slot and begins with a capital;
/// else up to where there is none.
fn first_value(slots: &Slots, text: &[u8], window: Range<usize>) -> Result<usize, usize> {
    let mut at = window.start;
    while at < window.end && text[at] != b'\n' {
        if !is_plain_word(text, at) || !may_begin(text, at) {
            at += 1;
            continue;
        }
        if text[at].is_ascii_uppercase() && slots.holds(text, at) {
            return Ok(at);
        }
        at = token_end(text, at).max(at + 1);
    }
    Err(at)
}

fn opens_wrapper(rest: &[u8]) -> bool {
    matches!(rest.first(), Some(b'(' | b'[')) || rest.starts_with(b"::")
}
