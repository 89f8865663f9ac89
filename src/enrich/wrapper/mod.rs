//! What wraps a log line on its way through a container runtime or a journal.
//!
//! Only a line that holds a match is looked at, and most lines are told to be bare by their first
//! bytes. A wrapper says when and by whom the line was written; what it says itself (the journal's
//! own fields, a container's labels) is no part of the log, so a match there does not count.

mod container;
mod hidden;
mod journal;
mod json;

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;

pub use hidden::{Hidden, hidden};
pub(crate) use json::decoded;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A wrapped line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapper<'t> {
    /// Where in the line the application's own text stands that holds the place asked for;
    /// `None` where that place is not in the application's text.
    pub text: Option<Range<usize>>,
    /// How that text is written.
    pub form: TextForm,
    /// When the line was written.
    pub stamp: Option<Stamp<'t>>,
    /// Who wrote it.
    pub source: Option<Source<'t>>,
}

/// How text is written in its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextForm {
    /// As it is.
    #[default]
    Plain,
    /// As a JSON string holds it.
    Json,
}

/// When a wrapper says that a line was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp<'t> {
    /// A time in words.
    Text(&'t [u8]),
    /// A time.
    Time(Timestamp),
}

/// Who wrote a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source<'t> {
    /// A unit, a program, or a pod and its container.
    Named(Cow<'t, str>),
    /// The container whose file this is: the path tells which.
    OfPath,
}

impl Source<'_> {
    /// The same for longer than the line lives.
    pub fn into_owned(self) -> Source<'static> {
        match self {
            Source::Named(name) => Source::Named(Cow::Owned(name.into_owned())),
            Source::OfPath => Source::OfPath,
        }
    }
}

/// The wrapper of `line` around the match at `at`; `None` where the line is bare.
///
/// `is_entry` tells that the line is an entry of a journal's export.
pub fn wrapper(line: &[u8], at: usize, is_entry: bool) -> Option<Wrapper<'_>> {
    if is_entry {
        return Some(journal::entry(line, at));
    }
    let marks = match line.first()? {
        0 | 0xef => marks_before(line),
        _ => 0,
    };
    let mut wrapper = of_line(&line[marks..], at.checked_sub(marks)?)?;
    wrapper.text = wrapper
        .text
        .map(|text| text.start + marks..text.end + marks);
    Some(wrapper)
}

/// How many bytes at the beginning of `line` are none of it: a log that was truncated while its writer
/// went on begins with NULs, others with a byte order mark.
fn marks_before(line: &[u8]) -> usize {
    let nuls = line.iter().take_while(|&&byte| byte == 0).count();
    nuls + usize::from(line[nuls..].starts_with(BOM)) * BOM.len()
}

fn of_line(line: &[u8], at: usize) -> Option<Wrapper<'_>> {
    match line.first()? {
        b'{' => container::docker(line, at).or_else(|| journal::object(line, at)),
        b'[' => container::kubectl(line, at),
        b'0'..=b'9' => container::cri(line, at),
        _ => None,
    }
}
