//! Lines as container runtimes write them, and as `kubectl logs --prefix` shows them.

use std::ops::Range;

use super::{Source, Stamp, TextForm, Wrapper, json};
use crate::input::{DOCKER_OPENING, cri as cri_part};

/// `{"log":"TEXT\n","stream":"stdout","time":"2026-11-22T10:00:00.123456789Z"}`.
pub(super) fn docker(line: &[u8], at: usize) -> Option<Wrapper<'_>> {
    if !line.starts_with(DOCKER_OPENING) {
        return None;
    }
    let (mut text, mut stream, mut time) = (None, None, None);
    json::members(line, |key, value| {
        let inside = json::inside(line, &value);
        match &line[key] {
            b"log" => text = text.take().or(inside),
            b"stream" => stream = inside,
            b"time" => time = inside,
            _ => {}
        }
    });
    stream.filter(|stream| is_stream(&line[stream.clone()]))?;
    Some(Wrapper {
        text: text.filter(|text| holds(text, at)),
        form: TextForm::Json,
        stamp: time.map(|time| Stamp::Text(&line[time])),
        source: Some(Source::OfPath),
    })
}

/// `2026-11-22T10:00:00.123456789Z stdout F TEXT`.
pub(super) fn cri(line: &[u8], at: usize) -> Option<Wrapper<'_>> {
    let part = cri_part(line)?;
    Some(Wrapper {
        text: Some(part.text).filter(|text| holds(text, at)),
        form: TextForm::Plain,
        stamp: Some(Stamp::Text(&line[part.stamp])),
        source: Some(Source::OfPath),
    })
}

/// `[pod/NAME/CONTAINER] TEXT`.
pub(super) fn kubectl(line: &[u8], at: usize) -> Option<Wrapper<'_>> {
    let rest = line.strip_prefix(b"[pod/")?;
    let name = &rest[..memchr::memchr(b']', rest)?];
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let mut parts = name.split(|&byte| byte == b'/');
    let are_parts = parts.all(|part| !part.is_empty() && part.iter().all(is_part));
    if !are_parts || name.iter().filter(|&&byte| byte == b'/').count() != 1 {
        return None;
    }
    let start = line.len() - rest[name.len() + 1..].strip_prefix(b" ")?.len();
    Some(Wrapper {
        text: Some(start..line.len()).filter(|text| holds(text, at)),
        form: TextForm::Plain,
        stamp: None,
        source: Some(Source::Named(std::str::from_utf8(name).ok()?.into())),
    })
}

fn is_stream(name: &[u8]) -> bool {
    matches!(name, b"stdout" | b"stderr")
}

fn holds(text: &Range<usize>, at: usize) -> bool {
    text.contains(&at)
}

#[cfg(test)]
mod tests {
    use super::super::wrapper;
    use super::*;

    /// The text around the code, the stamp and the source.
    fn read(line: &str) -> Option<(&str, Option<&str>, Option<Source<'_>>)> {
        let at = line.find("APIG.1002").expect("the line holds a code");
        let found = wrapper(line.as_bytes(), at, false)?;
        let stamp = found.stamp.map(|stamp| match stamp {
            Stamp::Text(text) => std::str::from_utf8(text).expect("stamps are ASCII"),
            Stamp::Time(_) => panic!("a runtime's stamp is text"),
        });
        Some((
            found.text.map_or("", |text| &line[text]),
            stamp,
            found.source,
        ))
    }

    #[test]
    fn a_line_of_docker_is_its_log() {
        for extra in ["", r#""attrs":{"tag":"web}"},"#] {
            let line = format!(
                r#"{{"log":"{{\"code\":\"APIG.1002\"}}\n","stream":"stderr",{extra}"time":"2026-11-22T10:00:00.5Z"}}"#
            );
            assert_eq!(
                read(&line),
                Some((
                    r#"{\"code\":\"APIG.1002\"}\n"#,
                    Some("2026-11-22T10:00:00.5Z"),
                    Some(Source::OfPath)
                ))
            );
        }
        let label = r#"{"log":"fine\n","stream":"stdout","attrs":{"tag":"APIG.1002"},"time":"2026-11-22T10:00:00Z"}"#;
        assert_eq!(read(label).map(|found| found.0), Some(""));
        assert_eq!(
            read(r#"{"log":"APIG.1002","time":"2026-11-22T10:00:00Z"}"#),
            None
        );
        assert_eq!(read(r#"{"log":"APIG.1002","stream":"file"}"#), None);
    }

    #[test]
    fn a_line_of_a_runtime_is_what_follows_its_tags() {
        for (line, text) in [
            (
                "2026-11-22T10:00:00.123456789Z stdout F a  APIG.1002",
                "a  APIG.1002",
            ),
            (
                "2026-11-22T18:00:00.123456789+08:00 stderr P APIG.1002",
                "APIG.1002",
            ),
            ("2026-11-22T10:00:00Z stdout F:x APIG.1002", "APIG.1002"),
        ] {
            let stamp = line.split(' ').next();
            assert_eq!(
                read(line),
                Some((text, stamp, Some(Source::OfPath))),
                "{line}"
            );
        }
        for line in [
            "2026-11-22T10:00:00.123456789Z INFO F APIG.1002",
            "2026-11-22T10:00:00.123456789Z stdout X APIG.1002",
            "2026-11-22 10:00:00.123456789 stdout F APIG.1002",
            "12 stdout F APIG.1002",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn a_prefix_of_kubectl_names_pod_and_container() {
        assert_eq!(
            read("[pod/web-7d9f-x2x/app] code: APIG.1002"),
            Some((
                "code: APIG.1002",
                None,
                Some(Source::Named("web-7d9f-x2x/app".into()))
            ))
        );
        for line in [
            "[pod/web/app]APIG.1002",
            "[pod/web] APIG.1002",
            "[pod/web/app/x] APIG.1002",
            "[pod/a b/app] APIG.1002",
            "[INFO] APIG.1002",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
