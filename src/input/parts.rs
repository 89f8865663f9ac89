//! Lines of container logs whose text goes on in the next line of the same stream.
//!
//! Runtimes divide what is longer than 16 KiB. Those of Kubernetes flag such a line with `P`,
//! docker's log ends without a newline in it. A line is told by itself, so nothing is remembered.

use std::ops::Range;

use super::bytes::line_start_before;

/// What docker's json-file driver begins every line with.
pub(crate) const DOCKER_OPENING: &[u8] = b"{\"log\":\"";

/// What follows the log in such a line, up to the name of the stream.
pub(crate) const DOCKER_STREAM: &[u8] = b"\",\"stream\":\"";

/// The lengths of a stamp with a date, a time and a zone, in bytes.
const STAMP_BYTES: std::ops::RangeInclusive<usize> = 20..=40;

/// How many lines of other streams may stand between two parts.
pub(crate) const MAX_LINES_BETWEEN: usize = 64;

/// A line of a container log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Whether it was written to standard error, and not to standard output.
    pub(crate) is_error_stream: bool,
    /// Whether the text goes on in the next line of its stream.
    pub(crate) goes_on: bool,
    /// Where the application's text stands in the line.
    pub(crate) text: Range<usize>,
    /// Where the stamp stands, unless it is behind the text.
    pub(crate) stamp: Range<usize>,
}

/// What `line` is a part of, where it is one of docker's or of a runtime of Kubernetes.
pub(crate) fn part(line: &[u8]) -> Option<Part> {
    match line.first()? {
        b'{' => docker(line),
        b'0'..=b'9' => cri(line),
        _ => None,
    }
}

/// `2026-11-22T10:00:00.123456789Z stdout F TEXT`, with `P` where the text goes on.
pub(crate) fn cri(line: &[u8]) -> Option<Part> {
    // Most lines that begin with a digit are none.
    if line.get(10) != Some(&b'T') {
        return None;
    }
    let stamp = memchr::memchr(b' ', &line[..line.len().min(*STAMP_BYTES.end() + 1)])?;
    if !STAMP_BYTES.contains(&stamp) {
        return None;
    }
    let mut words = line[stamp + 1..].splitn(3, |&byte| byte == b' ');
    let is_error_stream = is_error_stream(words.next()?)?;
    let tags = words.next()?;
    let is_tagged = matches!(tags, [b'F' | b'P'] | [b'F' | b'P', b':', ..]);
    let text = words.next()?;
    is_tagged.then(|| Part {
        is_error_stream,
        goes_on: tags[0] == b'P',
        text: line.len() - text.len()..line.len(),
        stamp: 0..stamp,
    })
}

/// `{"log":"TEXT\n","stream":"stdout",...}`.
fn docker(line: &[u8]) -> Option<Part> {
    let text = line.strip_prefix(DOCKER_OPENING)?;
    let (mut at, mut end) = (0, None);
    while end.is_none() {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        end = (text[at] == b'"').then_some(at);
        at += 2;
    }
    let end = end?;
    let stream = text[end..].strip_prefix(DOCKER_STREAM)?;
    Some(Part {
        is_error_stream: is_error_stream(stream.split(|&byte| byte == b'"').next()?)?,
        goes_on: !ends_line(&text[..end]),
        text: DOCKER_OPENING.len()..DOCKER_OPENING.len() + end,
        stamp: 0..0,
    })
}

/// Whether what a JSON string holds ends with a newline, which is escaped there.
pub(crate) fn ends_line(text: &[u8]) -> bool {
    let before = text.strip_suffix(b"n").unwrap_or_default();
    before
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'\\')
        .count()
        % 2
        == 1
}

fn is_error_stream(name: &[u8]) -> Option<bool> {
    match name {
        b"stdout" => Some(false),
        b"stderr" => Some(true),
        _ => None,
    }
}

/// Where in `text`, a run of whole lines, the last lines begin whose texts go on behind it; its length
/// where there are none.
pub(crate) fn whole_end(text: &[u8]) -> usize {
    let mut cut = text.len();
    let mut end = text.len();
    // For each stream whether its last text is known to be whole, or to go on behind.
    let mut are_whole = [None, None];
    for _ in 0..MAX_LINES_BETWEEN {
        let Some(newline) = end.checked_sub(1) else {
            break;
        };
        let start = line_start_before(text, newline);
        let Some(part) = part(&text[start..newline]) else {
            return cut;
        };
        let is_whole = &mut are_whole[usize::from(part.is_error_stream)];
        if part.goes_on && *is_whole != Some(true) {
            cut = start;
        }
        *is_whole = Some(!part.goes_on || *is_whole == Some(true));
        if are_whole == [Some(true); 2] {
            return cut;
        }
        end = start;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: &str = "2026-11-22T10:00:00.1Z stdout P part\n";
    const F: &str = "2026-11-22T10:00:00.1Z stdout F whole\n";
    const E: &str = "2026-11-22T10:00:00.1Z stderr F whole\n";

    #[test]
    fn a_line_says_whether_its_text_goes_on() {
        let goes_on = |line: &str| part(line.as_bytes()).map(|part| part.goes_on);
        assert_eq!(goes_on(P), Some(true));
        assert_eq!(goes_on(F), Some(false));
        assert_eq!(goes_on(r#"{"log":"a\n","stream":"stdout"}"#), Some(false));
        assert_eq!(goes_on(r#"{"log":"a\\n","stream":"stdout"}"#), Some(true));
        assert_eq!(goes_on(r#"{"log":"a\"","stream":"stderr"}"#), Some(true));
        assert_eq!(goes_on(r#"{"log":"a","stream":"file"}"#), None);
        assert_eq!(goes_on(r#"{"log":"a"#), None);
        assert_eq!(goes_on("2026-11-22 10:00:00 P part"), None);
    }

    #[test]
    fn what_goes_on_is_left_to_what_follows() {
        let end = |lines: &[&str]| whole_end(lines.concat().as_bytes());
        let (p, f, e) = (P.len(), F.len(), E.len());
        assert_eq!(end(&[F, P]), f);
        assert_eq!(end(&[F, E, P]), f + e);
        assert_eq!(end(&[F, P, E]), f);
        assert_eq!(end(&[F, P, P, E, E]), f);
        assert_eq!(end(&[P, F, E]), p + f + e);
        assert_eq!(end(&["plain\n", P]), 6);
        assert_eq!(end(&[F, "plain\n"]), f + 6);
        assert_eq!(end(&[P, P]), 0);
        assert_eq!(end(&[P, E]), 0);
        assert_eq!(end(&[]), 0);
    }
}
