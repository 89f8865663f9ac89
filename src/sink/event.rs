//! One match at a time: `path:line: text` with its explanation, or a JSON object a line.

use std::io;

use super::text::{Paint, flat, visible, visible_line};
use super::words::Words;
use super::{json, label};
use crate::catalog::Lang;
use crate::enrich::event::Event;

/// How an event is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventFormat {
    /// For people: the line, and below it what it means.
    #[default]
    Text,
    /// For programs: one JSON object a line.
    Ndjson,
}

/// What an event's text is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventStyle {
    /// The language of explanations.
    pub lang: Lang,
    /// Whether the code is highlighted.
    pub color: bool,
}

/// Writes `event` to `out`, with a final newline and in one call, so that lines stay whole.
///
/// # Errors
///
/// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
pub fn write_event(
    out: &mut dyn io::Write,
    event: &Event,
    format: EventFormat,
    style: &EventStyle,
) -> io::Result<()> {
    let mut text = match format {
        EventFormat::Text => text(event, style),
        EventFormat::Ndjson => json::to_string(event)?,
    };
    text.push('\n');
    out.write_all(text.as_bytes())
}

fn text(event: &Event, style: &EventStyle) -> String {
    let place = format!("{}:{}:", visible(event.path), event.line);
    let place = Paint::Dim.apply(&place, style.color);
    let line = log_line(event, style);
    let dots = |is_cut| if is_cut { "…" } else { "" };
    let (before, behind) = (dots(event.cut.before), dots(event.cut.behind));
    let explanation = explanation(event, style);
    format!("{place} {before}{line}{behind}\n{explanation}")
}

/// Status, meaning and remediation, without a final newline.
pub(super) fn explanation(event: &Event, style: &EventStyle) -> String {
    let words = Words::of(style.lang);
    let mut lines = vec![format!("  {}", summary(event, style, words))];
    lines.extend(event.meaning.map(|text| format!("  {}", flat(text))));
    let told = |text| format!("  {}{}{}", words.remediation, words.colon, flat(text));
    lines.extend(event.remediation.map(told));
    lines.join("\n")
}

/// The log line with its code highlighted.
fn log_line(event: &Event, style: &EventStyle) -> String {
    let range = event.code_in_text.clone();
    let (Some(before), Some(code), Some(after)) = (
        event.text.get(..range.start),
        event.text.get(range.clone()),
        event.text.get(range.end..),
    ) else {
        return visible_line(event.text);
    };
    let code = Paint::BoldRed.apply(&visible_line(code), style.color);
    format!("{}{code}{}", visible_line(before), visible_line(after))
}

/// Status, category, provider, and what makes this match less or more than it seems.
fn summary(event: &Event, style: &EventStyle, words: &Words) -> String {
    let paint = |text: String, paint: Paint| paint.apply(&text, style.color);
    let mut parts = Vec::new();
    let status = event.http_status.or(event.observed_status);
    if status.is_some() {
        let contrary = event
            .observed_status
            .filter(|seen| Some(*seen) != event.http_status);
        let seen = contrary.map_or_else(String::new, |seen| seen.to_string());
        let text = label::documented_status(event.http_status, &seen, words);
        parts.push(paint(format!("HTTP {text}"), Paint::of_status(status)));
    }
    let category = event
        .category
        .map(|category| category.title(style.lang).to_owned());
    parts.extend(category.map(|text| paint(text, Paint::Dim)));
    let provider = label::owner(event.provider, &event.candidates);
    let owner = match event.product {
        Some(product) => format!("{provider}/{product}"),
        None => provider,
    };
    parts.push(paint(visible(&owner), Paint::Dim));
    parts.extend(
        event
            .source
            .map(|source| paint(visible(source), Paint::Dim)),
    );
    if event.retryable == Some(true) {
        parts.push(paint(words.is_retryable.to_owned(), Paint::Dim));
    }
    if !event.confirmed {
        parts.push(paint(words.unconfirmed.to_owned(), Paint::Bold));
    }
    parts.join(words.comma)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::event::Cut;
    use crate::sink::sample;

    fn written(event: &Event, format: EventFormat, lang: Lang, color: bool) -> String {
        let mut out = Vec::new();
        write_event(&mut out, event, format, &EventStyle { lang, color }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_followed_by_what_it_means_and_what_to_do() {
        assert_eq!(
            written(&sample::event(), EventFormat::Text, Lang::En, false),
            "app.log:7: ERROR\tAPIG.1002 \\x1b[2J gone\n\
             \x20 HTTP 401 (saw 403), authentication, huaweicloud/roma-connect\n\
             \x20 The token cannot be read.\n\
             \x20 What to do: Obtain a new token.\n"
        );
    }

    #[test]
    fn in_chinese_the_words_around_are_chinese_too() {
        let event = Event {
            confirmed: false,
            retryable: Some(true),
            meaning: Some("令牌无法解析。"),
            remediation: Some("重新获取令牌。"),
            ..sample::event()
        };

        assert_eq!(
            written(&event, EventFormat::Text, Lang::Zh, false),
            "app.log:7: ERROR\tAPIG.1002 \\x1b[2J gone\n\
             \x20 HTTP 401（实见 403），认证，huaweicloud/roma-connect，可重试，未确认\n\
             \x20 令牌无法解析。\n\
             \x20 处理办法：重新获取令牌。\n"
        );
    }

    #[test]
    fn who_wrote_a_line_is_told_with_its_owner() {
        let event = Event {
            source: Some("web-0/app"),
            ..sample::event()
        };

        let text = written(&event, EventFormat::Text, Lang::En, false);

        assert_eq!(
            text.lines().nth(1),
            Some("  HTTP 401 (saw 403), authentication, huaweicloud/roma-connect, web-0/app")
        );
    }

    #[test]
    fn whoever_may_have_the_code_is_named_as_in_a_table() {
        let owner = |candidates: &[&'static str], product| {
            let event = Event {
                provider: None,
                candidates: candidates.to_vec(),
                product,
                http_status: None,
                observed_status: None,
                category: None,
                ..sample::event()
            };
            let text = written(&event, EventFormat::Text, Lang::En, false);
            text.lines().nth(1).unwrap().to_owned()
        };

        let single = owner(&["tencentcloud"], Some("common"));
        assert_eq!(single, "  tencentcloud?/common");
        let both = owner(&["alibabacloud", "tencentcloud"], None);
        assert_eq!(both, "  alibabacloud|tencentcloud?");
    }

    #[test]
    fn a_text_that_is_cut_says_so_where_it_is() {
        let line = |before, behind| {
            let event = Event {
                cut: Cut { before, behind },
                ..sample::event()
            };
            let text = written(&event, EventFormat::Text, Lang::En, true);
            let json = written(&event, EventFormat::Ndjson, Lang::En, true);
            assert_eq!(
                json.contains("gone\",\"cut\":true}"),
                before || behind,
                "{json}"
            );
            text.lines().next().unwrap().to_owned()
        };

        let place = "\x1b[2mapp.log:7:\x1b[0m";
        let text = "ERROR\t\x1b[1;31mAPIG.1002\x1b[0m \\x1b[2J gone";
        assert_eq!(line(false, false), format!("{place} {text}"));
        assert_eq!(line(true, false), format!("{place} …{text}"));
        assert_eq!(line(false, true), format!("{place} {text}…"));
        assert_eq!(line(true, true), format!("{place} …{text}…"));
    }

    #[test]
    fn an_event_without_an_entry_says_so_in_one_line() {
        let event = Event {
            provider: None,
            product: None,
            http_status: None,
            observed_status: None,
            category: None,
            retryable: None,
            meaning: None,
            remediation: None,
            confirmed: false,
            ..sample::event()
        };

        assert_eq!(
            written(&event, EventFormat::Text, Lang::En, false),
            "app.log:7: ERROR\tAPIG.1002 \\x1b[2J gone\n  ?, unconfirmed\n"
        );
    }

    #[test]
    fn with_colour_the_code_stands_out() {
        let text = written(&sample::event(), EventFormat::Text, Lang::En, true);

        assert_eq!(
            text.lines().next(),
            Some("\x1b[2mapp.log:7:\x1b[0m ERROR\t\x1b[1;31mAPIG.1002\x1b[0m \\x1b[2J gone")
        );
    }

    #[test]
    fn a_place_outside_the_text_loses_only_the_highlight() {
        let event = Event {
            text: "错误码 APIG.1002",
            code_in_text: 1..400,
            ..sample::event()
        };

        let text = written(&event, EventFormat::Text, Lang::En, true);

        assert_eq!(
            text.lines().next(),
            Some("\x1b[2mapp.log:7:\x1b[0m 错误码 APIG.1002")
        );
    }

    #[test]
    fn ndjson_is_one_object_a_line() {
        assert_eq!(
            written(&sample::event(), EventFormat::Ndjson, Lang::En, true),
            concat!(
                r#"{"time":null,"path":"app.log","offset":812,"line":7,"code":"APIG.1002","#,
                r#""provider":"huaweicloud","product":"roma-connect","http_status":401,"#,
                r#""observed_status":403,"category":"authentication","retryable":false,"#,
                r#""confirmed":true,"meaning":"The token cannot be read.","#,
                r#""remediation":"Obtain a new token.","request_id":null,"#,
                r#""text":"ERROR\tAPIG.1002 \u001b[2J gone"}"#,
                "\n"
            )
        );
    }
}
