//! Entries of a systemd journal: `journalctl -o export` and `journalctl -o json`.
//!
//! A field whose name begins with `_` is journald's own and no part of the log, such as the command
//! line of whoever wrote the entry; all others are the application's.

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;

use super::{Source, Stamp, TextForm, Wrapper, json};
use crate::input::{is_name, value_bytes};

/// The field that every entry of `journalctl -o json` has, and hardly another object.
const MARK: &[u8] = b"\"__REALTIME_TIMESTAMP\"";

/// Who wrote an entry, the most telling first. All containers of docker are one unit.
const SOURCES: [&[u8]; 4] = [
    b"CONTAINER_NAME",
    b"_SYSTEMD_UNIT",
    b"SYSLOG_IDENTIFIER",
    b"_COMM",
];

/// When an entry was written, in microseconds since the epoch.
const STAMPS: [&[u8]; 2] = [b"__REALTIME_TIMESTAMP", b"_SOURCE_REALTIME_TIMESTAMP"];

/// The wrapper that an entry of an export is.
pub(super) fn entry(text: &[u8], at: usize) -> Wrapper<'_> {
    let mut seen = Seen::default();
    let mut start = 0;
    while let Some((name, value, end)) = field(text, start) {
        let is_message = &text[name.clone()] == b"MESSAGE";
        if value.contains(&at) && is_the_applications(&text[name.clone()]) {
            let from = if is_message { value.start } else { name.start };
            seen.text = Some(from..value.end);
        }
        let value = || String::from_utf8_lossy(&text[value.clone()]);
        seen.add(&text[name], value);
        start = end;
    }
    seen.wrapper(TextForm::Plain)
}

/// Whether `line` is an entry of `-o json`; most objects are told to be others by their first key.
pub(super) fn is_object(line: &[u8]) -> bool {
    let mut bytes = line.iter();
    let is_opening = |byte: &&u8| matches!(byte, b'{' | b' ' | b'"');
    let key = bytes.find(|byte| !is_opening(byte));
    line.starts_with(b"{")
        && key.is_some_and(|first| is_name(&[*first]))
        && memchr::memmem::find(line, MARK).is_some()
}

/// The wrapper that an entry of `-o json` is; `None` where `line` is another object.
pub(super) fn object(line: &[u8], at: usize) -> Option<Wrapper<'_>> {
    if !is_object(line) {
        return None;
    }
    let mut seen = Seen::default();
    let mut form = TextForm::Plain;
    json::members(line, |name, value| {
        if value.contains(&at) && is_the_applications(&line[name.clone()]) {
            let message = json::inside(line, &value).filter(|_| &line[name.clone()] == b"MESSAGE");
            form = message.as_ref().map_or(TextForm::Plain, |_| TextForm::Json);
            seen.text = Some(message.unwrap_or(name.start - 1..value.end));
        }
        let text = || json::text(line, &value).unwrap_or_default();
        seen.add(&line[name], text);
    });
    Some(seen.wrapper(form))
}

pub(super) fn is_the_applications(name: &[u8]) -> bool {
    !name.starts_with(b"_")
}

/// The name and the value of the field at `start`, and where the next one begins.
///
/// A line that is no field is a value without a name.
fn field(text: &[u8], start: usize) -> Option<(Range<usize>, Range<usize>, usize)> {
    let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
    let newline = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    if let Some(name) = memchr::memchr(b'=', &text[start..newline]) {
        return Some((start..start + name, start + name + 1..newline, newline + 1));
    }
    let length = text
        .get(newline + 1..newline + 9)
        .filter(|_| is_name(&text[start..newline]));
    let bytes = length
        .and_then(|length| value_bytes(length.try_into().ok()?))
        .and_then(|bytes| usize::try_from(bytes).ok());
    match bytes {
        Some(bytes) => {
            let value = newline + 9..text.len().min(newline + 9 + bytes);
            Some((start..newline, value.clone(), value.end + 1))
        }
        None => Some((start..start, start..newline, newline + 1)),
    }
}

/// What the fields of an entry tell.
#[derive(Default)]
struct Seen<'t> {
    text: Option<Range<usize>>,
    /// The places in [`STAMPS`] and [`SOURCES`], and what stands there.
    stamp: Option<(usize, i64)>,
    source: Option<(usize, Cow<'t, str>)>,
}

impl<'t> Seen<'t> {
    fn add(&mut self, name: &[u8], value: impl Fn() -> Cow<'t, str>) {
        let rank = |names: &[&[u8]]| names.iter().position(|known| *known == name);
        if let Some(rank) = rank(&STAMPS)
            && self.stamp.is_none_or(|(best, _)| rank < best)
        {
            self.stamp = value()
                .parse()
                .ok()
                .map(|micros| (rank, micros))
                .or(self.stamp);
        }
        if let Some(rank) = rank(&SOURCES)
            && self.source.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            self.source = Some(value())
                .filter(|name| !name.is_empty())
                .map(|name| (rank, name))
                .or(self.source.take());
        }
    }

    fn wrapper(self, form: TextForm) -> Wrapper<'t> {
        let stamp = self
            .stamp
            .and_then(|(_, micros)| Timestamp::from_microsecond(micros).ok());
        Wrapper {
            text: self.text,
            form,
            stamp: stamp.map(Stamp::Time),
            source: self.source.map(|(_, name)| Source::Named(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wrapper;
    use super::*;

    const MICROS: &str = "1795341600123456";

    fn read(line: &[u8], is_entry: bool) -> Option<(String, TextForm, Option<String>)> {
        let at = memchr::memmem::find(line, b"APIG.1002").expect("the line holds a code");
        let found = wrapper(line, at, is_entry)?;
        assert_eq!(
            found.stamp,
            Some(Stamp::Time(
                "2026-11-22T10:00:00.123456Z".parse().expect("a time")
            ))
        );
        let text = found.text.map_or(&b""[..], |text| &line[text]);
        let source = found.source.map(|source| match source {
            Source::Named(name) => name.into_owned(),
            Source::OfPath => panic!("a journal names its source"),
        });
        Some((
            String::from_utf8_lossy(text).into_owned(),
            found.form,
            source,
        ))
    }

    fn entry(fields: &str) -> (String, Option<String>) {
        let text = format!("__CURSOR=s=1\n__REALTIME_TIMESTAMP={MICROS}\n{fields}\n\n");
        let (text, form, source) = read(text.as_bytes(), true).expect("it is an entry");
        assert_eq!(form, TextForm::Plain);
        (text, source)
    }

    #[test]
    fn an_entry_is_its_message_and_its_unit() {
        let fields =
            "_COMM=java\nMESSAGE=code=APIG.1002\nSYSLOG_IDENTIFIER=app\n_SYSTEMD_UNIT=web.service";
        assert_eq!(
            entry(fields),
            ("code=APIG.1002".into(), Some("web.service".into()))
        );
        let fields = "_COMM=java\nMESSAGE=APIG.1002\nSYSLOG_IDENTIFIER=app";
        assert_eq!(entry(fields).1.as_deref(), Some("app"));
        assert_eq!(entry("MESSAGE=APIG.1002").1, None);
    }

    #[test]
    fn a_field_of_the_application_counts_and_one_of_journald_does_not() {
        assert_eq!(
            entry("MESSAGE=no\nERROR_CODE=APIG.1002").0,
            "ERROR_CODE=APIG.1002"
        );
        assert_eq!(entry("MESSAGE=no\n_CMDLINE=app --not APIG.1002").0, "");
        assert_eq!(
            entry("MESSAGE=no\nno field APIG.1002").0,
            "no field APIG.1002"
        );
    }

    #[test]
    fn a_message_that_is_no_text_has_a_length() {
        let fields = "MESSAGE\n\x14\0\0\0\0\0\0\0\x1b[31m\n\nA=B\nAPIG.1002\n_COMM=app";
        assert_eq!(
            entry(fields),
            ("\u{1b}[31m\n\nA=B\nAPIG.1002".into(), Some("app".into()))
        );
    }

    #[test]
    fn an_object_is_its_message_and_its_unit() {
        let line = format!(
            r#"{{ "_COMM" : "app", "MESSAGE" : "a \"APIG.1002\"\nb", "_SYSTEMD_UNIT" : "web\\x2d1.service", "__REALTIME_TIMESTAMP" : "{MICROS}" }}"#
        );
        assert_eq!(
            read(line.as_bytes(), false),
            Some((
                r#"a \"APIG.1002\"\nb"#.into(),
                TextForm::Json,
                Some(r"web\x2d1.service".into())
            ))
        );
        let line = format!(
            r#"{{"ERROR_CODE":"APIG.1002","MESSAGE":null,"__REALTIME_TIMESTAMP":"{MICROS}"}}"#
        );
        let (text, form, _) = read(line.as_bytes(), false).expect("it is an entry");
        assert_eq!(
            (&*text, form),
            (r#""ERROR_CODE":"APIG.1002""#, TextForm::Plain)
        );
        let line = format!(
            r#"{{"_CMDLINE":"APIG.1002","MESSAGE":"no","__REALTIME_TIMESTAMP":"{MICROS}"}}"#
        );
        assert_eq!(read(line.as_bytes(), false).expect("it is an entry").0, "");
        assert_eq!(read(br#"{"MESSAGE":"APIG.1002"}"#, false), None);
        assert_eq!(
            read(br#"{"msg":"APIG.1002","__REALTIME_TIMESTAMP":"1"}"#, false),
            None
        );
    }
}
