//! Codes explained to a person, one below the other: what it is, what it means, what to do.

use std::io;

use super::EntryStyle;
use super::finding::{Finding, Siblings, Stated};
use super::grid::LEAST_COLUMNS;
use super::text::{Paint, flat, number, visible, wrap};
use super::words::Words;
use crate::catalog::{Catalog, Entry, HTTP_PROVIDER, Lang, Text};

const INDENT: &str = "  ";

/// How many requests of one code are named: one is enough for the vendor's support.
const NAMED_REQUESTS: usize = 3;

/// Writes what there is to say about each code, and the request that all of them belong to.
///
/// # Errors
///
/// Returns what `out` returns; a closed pipe keeps its [`io::ErrorKind`].
pub fn write_findings(
    out: &mut dyn io::Write,
    catalog: &Catalog,
    findings: &[Finding],
    request_id: Option<&str>,
    style: &EntryStyle,
) -> io::Result<()> {
    let words = Words::of(style.lang);
    let mut blocks: Vec<String> = Vec::new();
    for finding in findings {
        let mut page = Page::new(style, words);
        page.finding(catalog, finding);
        blocks.push(page.lines.join("\n") + "\n");
    }
    if let Some(id) = request_id {
        blocks.push(format!(
            "{}{}{}\n",
            words.request_id,
            words.colon,
            visible(id)
        ));
    }
    out.write_all(blocks.join("\n").as_bytes())
}

/// One code's lines.
struct Page<'s> {
    style: &'s EntryStyle,
    words: &'static Words,
    width: usize,
    lines: Vec<String>,
}

impl<'s> Page<'s> {
    fn new(style: &'s EntryStyle, words: &'static Words) -> Self {
        let width = style
            .width
            .map_or(usize::MAX, |width| width.max(LEAST_COLUMNS));
        Page {
            style,
            words,
            width,
            lines: Vec::new(),
        }
    }

    fn finding(&mut self, catalog: &Catalog, finding: &Finding) {
        match finding {
            Finding::Known {
                entry,
                is_guess,
                stated,
            } => self.known(catalog, entry, *is_guess, stated),
            Finding::Foreign { code, stated } => {
                self.heading(code, &[]);
                self.stated(None, stated);
                self.line(self.words.not_explained);
            }
            Finding::Unknown {
                code,
                near,
                siblings,
                stated,
            } => {
                self.heading(code, &[(self.words.not_known.to_owned(), Paint::Plain)]);
                self.stated(None, stated);
                if !near.is_empty() {
                    let codes = near.join(self.words.comma);
                    self.line(&capitalized(&(self.words.did_you_mean)(&visible(&codes))));
                }
                if near.iter().any(|known| known.eq_ignore_ascii_case(code)) {
                    self.line(self.words.case_counts);
                }
                if let Some(siblings) = siblings {
                    self.siblings(catalog, siblings);
                }
            }
        }
    }

    fn known(&mut self, catalog: &Catalog, entry: &Entry, is_guess: bool, stated: &Stated) {
        let lang = self.style.lang;
        let mut facts = Vec::new();
        let status = entry.http_status.filter(|_| !entry.is_http_status());
        facts.extend(
            status.map(|status| (format!("HTTP {status}"), Paint::of_status(Some(status)))),
        );
        let category = entry
            .category
            .map(|category| category.title(lang).to_owned());
        facts.extend(category.map(|title| (title, Paint::Plain)));
        let retry = entry.retryable.map(|can_help| match can_help {
            true => self.words.is_retryable,
            false => self.words.not_retryable,
        });
        facts.extend(retry.map(|text| (text.to_owned(), Paint::Plain)));
        self.heading(&entry.code, &facts);
        self.line(&owner(
            catalog,
            &entry.provider,
            entry.product.as_deref(),
            lang,
            self.words,
        ));
        if is_guess {
            self.line(self.words.owner_untold);
        }
        self.stated(entry.http_status, stated);
        if let Some(message) = &entry.message {
            self.titled(self.words.api_says, message);
        }
        let texts = [
            (self.words.meaning, &entry.meaning),
            (self.words.remediation, &entry.remediation),
        ];
        for (title, text) in texts {
            if let Some(text) = text {
                self.titled(title, text.get(lang));
            }
        }
    }

    /// The code and the facts about it, on one line where it is wide enough.
    fn heading(&mut self, code: &str, facts: &[(String, Paint)]) {
        let color = self.style.color;
        let comma = Paint::Plain.apply(self.words.comma, color);
        let plain: Vec<&str> = facts.iter().map(|(text, _)| text.as_str()).collect();
        let plain = plain.join(self.words.comma);
        let painted: Vec<String> = facts
            .iter()
            .map(|(text, paint)| paint.apply(text, color))
            .collect();
        let painted = painted.join(&comma);
        let code = visible(code);
        let lines = wrap(&format!("{code}{INDENT}{plain}"), self.width);
        let code = Paint::Bold.apply(&code, color);
        if lines.len() < 2 {
            self.lines
                .push(format!("{code}{INDENT}{painted}").trim_end().to_owned());
        } else {
            self.lines.push(code);
            self.line(&plain);
        }
    }

    fn stated(&mut self, documented: Option<u16>, stated: &Stated) {
        if let Some(status) = stated.status.filter(|status| Some(*status) != documented) {
            self.line(&(self.words.states)(status));
        }
        let (named, others) = stated
            .request_ids
            .split_at(stated.request_ids.len().min(NAMED_REQUESTS));
        let mut ids: Vec<String> = named.iter().map(|id| visible(id)).collect();
        if !others.is_empty() {
            ids.push((self.words.more)(others.len()));
        }
        if !ids.is_empty() {
            self.titled(self.words.request_id, &ids.join(self.words.comma));
        }
    }

    fn siblings(&mut self, catalog: &Catalog, siblings: &Siblings) {
        let name = visible(siblings.family);
        if siblings.known.is_empty() {
            let text = (self.words.family_alone)(&name);
            return self.titled(self.words.family, &text);
        }
        let known = siblings.known.iter().map(|&(provider, product, codes)| {
            let owner = owner(catalog, provider, product, self.style.lang, self.words);
            let codes = self.words.codes.count(number(codes));
            owner + &(self.words.in_brackets)(&codes)
        });
        let known: Vec<String> = known.collect();
        let text = (self.words.family_of)(&name, &known.join(self.words.comma));
        self.titled(self.words.family, &text);
    }

    /// A line below the heading.
    fn line(&mut self, text: &str) {
        let parts = wrap(text, self.width - INDENT.len());
        self.lines
            .extend(parts.iter().map(|part| format!("{INDENT}{part}")));
    }

    /// A text with its title before it, further lines indented below it.
    fn titled(&mut self, title: &str, text: &str) {
        let head = format!("{title}{}", self.words.colon);
        let text = format!("{head}{}", flat(text));
        let mut parts = wrap(&text, self.width - 2 * INDENT.len()).into_iter();
        let Some(first) = parts.next() else { return };
        let rest = first.strip_prefix(head.trim_end()).map(str::to_owned);
        let first = match rest {
            Some(rest) => Paint::Dim.apply(head.trim_end(), self.style.color) + &rest,
            None => first,
        };
        self.lines.push(format!("{INDENT}{first}"));
        self.lines
            .extend(parts.map(|part| format!("{INDENT}{INDENT}{part}")));
    }
}

/// Provider and product as people call them.
fn owner(
    catalog: &Catalog,
    provider: &str,
    product: Option<&str>,
    lang: Lang,
    words: &Words,
) -> String {
    let title = |title: Option<&Text>, name: &str| {
        title.map_or_else(|| visible(name), |title| flat(title.get(lang)))
    };
    // That of the HTTP statuses has a product that tells all.
    let is_named = provider != HTTP_PROVIDER || product.is_none();
    let names = [
        is_named.then(|| title(catalog.provider_title(provider), provider)),
        product.map(|product| title(catalog.product_title(provider, product), product)),
    ];
    let mut names: Vec<String> = names.into_iter().flatten().collect();
    names.dedup();
    names.join(words.comma)
}

fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn explained(finding: &Finding, style: &EntryStyle) -> String {
        let catalog = Catalog::builtin().unwrap();
        let mut out = Vec::new();
        write_findings(
            &mut out,
            &catalog,
            std::slice::from_ref(finding),
            None,
            style,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    fn style(lang: Lang, width: Option<usize>) -> EntryStyle {
        EntryStyle {
            lang,
            width,
            color: false,
        }
    }

    fn known(catalog: &Catalog, code: &str, status: Option<u16>, style: &EntryStyle) -> String {
        let finding = Finding::Known {
            entry: catalog.entry(catalog.find(code)[0]),
            is_guess: false,
            stated: Stated {
                status,
                request_ids: &[],
            },
        };
        explained(&finding, style)
    }

    #[test]
    fn a_known_code_is_told_from_its_status_to_what_to_do() {
        let catalog = Catalog::builtin().unwrap();

        let text = known(
            &catalog,
            "Organizations.1003",
            Some(500),
            &style(Lang::En, None),
        );

        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[..4],
            [
                "Organizations.1003  HTTP 409, conflict, retryable",
                "  Huawei Cloud, Organizations",
                "  The text states HTTP 500",
                "  The API says: Concurrent modification.",
            ]
        );
        assert!(lines[4].starts_with("  Meaning: "), "{text}");
        assert!(lines[5].starts_with("  What to do: "), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_in_either_language() {
        let catalog = Catalog::builtin().unwrap();
        for lang in [Lang::En, Lang::Zh] {
            for width in [30, 50, 80] {
                for code in ["Organizations.1003", "APIG.1002", "404"] {
                    let text = known(&catalog, code, Some(500), &style(lang, Some(width)));
                    for line in text.lines() {
                        assert!(line.width() <= width, "{width}: {line:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_unknown_code_is_told_with_its_family() {
        let finding = Finding::Unknown {
            code: "FailedOperation.Foo",
            near: vec![String::from("FailedOperation.NodeNotEmpty")],
            siblings: Some(Siblings {
                family: "FailedOperation",
                known: vec![("tencentcloud", Some("organization"), 3)],
            }),
            stated: Stated::default(),
        };

        assert_eq!(
            explained(&finding, &style(Lang::En, None)),
            "FailedOperation.Foo  not a known code\n\
             \x20 Did you mean FailedOperation.NodeNotEmpty?\n\
             \x20 Family: FailedOperation, Tencent Cloud, Tencent Cloud Organization (3 codes)\n"
        );
    }

    #[test]
    fn the_first_of_many_requests_are_named_in_either_language() {
        let request_ids = ["a1", "b2", "c3", "d4", "e5"].map(str::to_owned);
        for (lang, expected) in [
            (Lang::En, "X\n  Request ID: a1, b2, c3, 2 more\n"),
            (Lang::Zh, "X\n  请求 ID：a1，b2，c3，另有 2 个\n"),
        ] {
            let finding = Finding::Foreign {
                code: "X",
                stated: Stated {
                    status: None,
                    request_ids: &request_ids,
                },
            };
            let text = explained(&finding, &style(lang, None));
            assert!(text.starts_with(expected), "{text}");
        }
    }

    #[test]
    fn colours_change_no_word() {
        let catalog = Catalog::builtin().unwrap();
        let plain = style(Lang::En, Some(60));
        let colored = EntryStyle {
            color: true,
            ..plain
        };

        let text = known(&catalog, "APIG.1002", None, &colored);

        assert!(
            text.starts_with("\x1b[1mAPIG.1002\x1b[0m  \x1b[33mHTTP 401\x1b[0m"),
            "{text:?}"
        );
        let words = text.replace("\x1b[0m", "").replace("\x1b[1m", "");
        let words = words.replace("\x1b[2m", "").replace("\x1b[33m", "");
        assert_eq!(words, known(&catalog, "APIG.1002", None, &plain));
    }
}
