//! Text for people: safe to print, wrapped, grouped, painted.
//!
//! Widths are terminal columns as `unicode-width` counts them over whole lines,
//! since some characters change the width of those before them.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a piece of text looks where colours are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Paint {
    #[default]
    Plain,
    Bold,
    Dim,
    Red,
    Yellow,
    BoldRed,
}

impl Paint {
    /// The colour of an HTTP status.
    pub(super) fn of_status(status: Option<u16>) -> Paint {
        match status {
            Some(500..=599) => Paint::Red,
            Some(400..=499) => Paint::Yellow,
            _ => Paint::Plain,
        }
    }

    fn sgr(self) -> &'static str {
        match self {
            Paint::Plain => "",
            Paint::Bold => "\x1b[1m",
            Paint::Dim => "\x1b[2m",
            Paint::Red => "\x1b[31m",
            Paint::Yellow => "\x1b[33m",
            Paint::BoldRed => "\x1b[1;31m",
        }
    }

    /// `text` in this paint, or as it is where `color` is false.
    pub(super) fn apply(self, text: &str, color: bool) -> String {
        let mut painted = String::new();
        self.add(text, color, &mut painted);
        painted
    }

    /// Adds `text` to `line` in this paint, or as it is where `color` is false.
    pub(super) fn add(self, text: &str, color: bool, line: &mut String) {
        let is_plain = !color || self == Paint::Plain || text.is_empty();
        if is_plain {
            line.push_str(text);
        } else {
            line.extend([self.sgr(), text, "\x1b[0m"]);
        }
    }
}

/// `text` with everything that a terminal would obey, hide or reorder written out.
pub fn visible(text: &str) -> String {
    escaped(text, "")
}

/// As [`visible`], but a tab stays a tab, as log lines are indented with them.
pub(super) fn visible_line(text: &str) -> String {
    escaped(text, "\t")
}

fn escaped(text: &str, kept: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if kept.contains(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ if is_treacherous(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

/// Whether `text` can be printed as it is, which most texts can; there are thousands in a report.
pub(super) fn is_plain(text: &str) -> bool {
    // To the end whatever comes: many bytes at a time.
    text.bytes()
        .fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Whether `c` is no control character and yet reorders text, ends lines or shows nothing.
pub(super) fn is_treacherous(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A catalogue's text as one safe line.
pub(super) fn flat(text: &str) -> String {
    if is_plain(text) && !text.contains("  ") && text.trim() == text {
        return text.to_owned();
    }
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `n` with its thousands told apart: `1,234,567`.
pub(super) fn grouped(n: u64) -> String {
    let mut out = n.to_string();
    let mut at = out.len();
    while at > 3 {
        at -= 3;
        out.insert(at, ',');
    }
    out
}

/// A size in the largest binary unit that leaves at least 1: `1.5 MiB`.
pub(super) fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // Precision is lost only below the one digit shown.
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    // 1023.95 and more would be shown as 1024.0.
    while size >= 1023.95 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

/// What part of `whole` is, in per cent with one decimal; 0 of nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0.0".to_owned();
    }
    // Precision is lost only far below the one decimal.
    format!("{:.1}", part as f64 * 100.0 / whole as f64)
}

/// A number of things in memory as a count.
pub(super) fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// How many columns of a terminal `text` takes.
pub(super) fn columns(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    text.width()
}

/// Breaks `text` into lines of at most `width` columns (at least 2).
///
/// Lines break at blanks and beside CJK characters, though no line begins with
/// closing punctuation where that can be helped; a longer word is cut.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    if columns(text) <= width {
        return vec![text.trim_end().to_owned()];
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let joined = format!("{line}{piece}");
        if columns(joined.trim_end()) <= width {
            line = joined;
            continue;
        }
        flush(&mut line, &mut lines);
        for c in piece.chars() {
            line.push(c);
            if columns(line.trim_end()) > width {
                line.pop();
                flush(&mut line, &mut lines);
                line.push(c);
            }
        }
    }
    flush(&mut line, &mut lines);
    lines
}

fn flush(line: &mut String, lines: &mut Vec<String>) {
    let full = std::mem::take(line);
    if !full.trim_end().is_empty() {
        lines.push(full.trim_end().to_owned());
    }
}

/// The parts of `text` between which a line may break; blanks end a part.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut previous = rest.chars().next()?;
        let first_bytes = previous.len_utf8();
        let end = rest[first_bytes..].char_indices().find_map(|(at, next)| {
            let breaks = may_break(previous, next);
            previous = next;
            breaks.then_some(at + first_bytes)
        });
        let (piece, tail) = rest.split_at(end.unwrap_or(rest.len()));
        rest = tail;
        Some(piece)
    })
}

fn may_break(before: char, after: char) -> bool {
    const OPENING: &str = "（《「『【〈“‘([{";
    const CLOSING: &str = "，。、；：！？）》」』】〉”’…,.;:!?)]}%";
    if after == ' ' {
        return false;
    }
    let beside_wide = [before, after].iter().any(|c| c.width() == Some(2));
    before == ' ' || (beside_wide && !OPENING.contains(before) && !CLOSING.contains(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_bidi_characters_are_written_out() {
        assert_eq!(
            visible("a\x1b[31mb\u{202e}c\r\n\t\u{9b}\u{200b}é错"),
            "a\\x1b[31mb\\u{202e}c\\r\\n\\t\\x9b\\u{200b}é错"
        );
    }

    #[test]
    fn a_log_line_keeps_its_tabs() {
        assert_eq!(visible_line("\ta\x07"), "\ta\\x07");
    }

    #[test]
    fn thousands_are_told_apart() {
        let shown = [0, 999, 1000, 123_456, 1_234_567].map(grouped);

        assert_eq!(shown, ["0", "999", "1,000", "123,456", "1,234,567"]);
    }

    #[test]
    fn sizes_take_the_largest_unit_that_leaves_one() {
        let shown = [0, 1023, 1024, 1_048_575, 1_572_864, u64::MAX].map(human_bytes);

        assert_eq!(
            shown,
            ["0 B", "1023 B", "1.0 KiB", "1.0 MiB", "1.5 MiB", "16.0 EiB"]
        );
    }

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(
            wrap("the token has  expired", 10),
            ["the token", "has", "expired"]
        );
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut() {
        assert_eq!(wrap("a abcdefgh b", 4), ["a", "abcd", "efgh", "b"]);
    }

    #[test]
    fn cjk_breaks_between_characters_but_not_before_a_full_stop() {
        assert_eq!(
            wrap("请求的资源不再存在。请检查 ID", 12),
            ["请求的资源不", "再存在。请检", "查 ID"]
        );
        assert_eq!(wrap("请求的资源不存在。", 16), ["请求的资源不存", "在。"]);
    }

    #[test]
    fn empty_text_is_one_empty_line() {
        assert_eq!(wrap("", 10), [""]);
    }
}
