//! The reason phrases of HTTP behind a number, which make it a status: `403 Forbidden`.

use super::super::marks::STATUS_DIGITS;
use crate::matcher::is_word;

/// Statuses of errors and what is written behind them (RFC 9110, section 15.5 on; RFC 6585).
const REASONS: [(&[u8; STATUS_DIGITS], &[u8]); 18] = [
    (b"400", b"Bad Request"),
    (b"401", b"Unauthorized"),
    (b"403", b"Forbidden"),
    (b"404", b"Not Found"),
    (b"405", b"Method Not Allowed"),
    (b"406", b"Not Acceptable"),
    (b"408", b"Request Timeout"),
    (b"409", b"Conflict"),
    (b"410", b"Gone"),
    (b"412", b"Precondition Failed"),
    (b"415", b"Unsupported Media Type"),
    (b"422", b"Unprocessable Entity"),
    (b"429", b"Too Many Requests"),
    (b"500", b"Internal Server Error"),
    (b"501", b"Not Implemented"),
    (b"502", b"Bad Gateway"),
    (b"503", b"Service Unavailable"),
    (b"504", b"Gateway Timeout"),
];

/// What Python's requests writes behind a status by its first digit.
const CLASSES: [(u8, &[u8]); 2] = [(b'4', b"Client Error"), (b'5', b"Server Error")];

/// Whether the number at `start` has the reason phrase of its status behind it.
#[inline]
pub(super) fn follows(text: &[u8], start: usize) -> bool {
    match text[start..].split_first_chunk() {
        Some((status, [b' ', phrase @ ..])) if begins_with_capital(phrase) => {
            is_reason(status, phrase)
        }
        _ => false,
    }
}

#[inline]
fn begins_with_capital(phrase: &[u8]) -> bool {
    phrase.first().is_some_and(u8::is_ascii_uppercase)
}

/// Whether `phrase` begins with the reason phrase of `status`.
fn is_reason(status: &[u8; STATUS_DIGITS], phrase: &[u8]) -> bool {
    let reasons = REASONS.iter().filter(|(number, _)| *number == status);
    let classes = CLASSES.iter().filter(|(digit, _)| *digit == status[0]);
    let mut known = reasons
        .map(|(_, phrase)| phrase)
        .chain(classes.map(|(_, phrase)| phrase));
    known.any(|known| {
        let behind = phrase.strip_prefix(*known);
        behind.is_some_and(|behind| !behind.first().is_some_and(|&byte| is_word(byte)))
    })
}
