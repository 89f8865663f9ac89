//! What is wrong with a compressed file or an archive, in a sentence.

use std::io;

use crate::wording::reasons;

/// An error of what was read, and not of reading.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Fault {
    text: String,
    /// Whether nothing can be read; else what was read so far holds.
    is_refusal: bool,
}

fn fault(text: String, is_refusal: bool) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Fault { text, is_refusal })
}

/// The data contradict themselves at this byte.
pub(crate) fn damaged(format: &str, at: u64, what: &str) -> io::Error {
    fault(reasons::damaged(at, format, what), false)
}

/// The data end before they say that they do.
pub(crate) fn cut_short(format: &str, at: u64) -> io::Error {
    fault(reasons::cut_short(at, format), false)
}

/// Reading was ended on purpose.
pub(crate) fn stopped(reason: String) -> io::Error {
    fault(reason, false)
}

/// It is whole for all that is known, and cannot be read.
pub(crate) fn refused(reason: String) -> io::Error {
    fault(reason, true)
}

fn as_fault(error: &io::Error) -> Option<&Fault> {
    error.get_ref()?.downcast_ref()
}

/// Whether an error says what is wrong with the data.
pub(crate) fn is_fault(error: &io::Error) -> bool {
    as_fault(error).is_some()
}

/// Whether an error means that nothing can be read.
pub(crate) fn is_refusal(error: &io::Error) -> bool {
    as_fault(error).is_some_and(|fault| fault.is_refusal)
}

/// The same error once more: what is wrong with a member can be wrong with its archive too.
pub(crate) fn again(error: &io::Error) -> io::Error {
    match as_fault(error) {
        Some(known) => fault(known.text.clone(), known.is_refusal),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
