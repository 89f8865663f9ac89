//! The page around the data: policy, style, script, and what stands there before the script runs.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::words::{table, word};
use crate::catalog::Lang;

const STYLE: &str = include_str!("page/style.css");

/// The parts share one scope and run in this order.
pub(super) const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("page/base.js"),
    include_str!("page/model.js"),
    include_str!("page/summary.js"),
    include_str!("page/chart.js"),
    include_str!("page/table.js"),
    include_str!("page/code.js"),
    include_str!("page/rest.js"),
    include_str!("page/changes.js"),
    include_str!("page/main.js"),
    "})();\n"
);

/// The page that shows `data`, which is JSON that is safe inside a `<script>` element.
pub(super) fn page(data: &str, lang: Lang, events: Option<&str>) -> String {
    let words = serde_json::to_string(&table()).expect("words are strings");
    let tag = match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    };
    let page = html! {
        (DOCTYPE)
        html lang=(tag) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(events.is_some()));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                // A data URL, so that no browser asks a server for an icon.
                link rel="icon" href="data:,";
                title { "errsift" }
                style { (PreEscaped(STYLE)) }
            }
            body data-live=[events] {
                (body(lang))
                script id="words" type="application/json" { (PreEscaped(words)) }
                script id="data" type="application/json" { (PreEscaped(data)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What the page may do: run its own script and style, and listen to its own server.
fn policy(is_live: bool) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    let connect = if is_live { "'self'" } else { "'none'" };
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         connect-src {connect}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types errsift",
        hash(SCRIPT),
        hash(STYLE)
    )
}

fn body(lang: Lang) -> Markup {
    html! {
        a.skip href="#codes" data-t="skip" { (word("skip", lang)) }
        header {
            h1 { "errsift " span data-t="title" { (word("title", lang)) } }
            p #live role="status" {}
            div.switches {
                div.switch role="group" data-label="language" #language {}
                div.switch role="group" data-label="zone" #zone {}
                div.switch role="group" data-label="theme" #theme {}
                button #print type="button" data-t="print" {}
            }
        }
        main {
            noscript { p.alert { (word("noscript", lang)) } }
            (section("summary", "summary", lang))
            (section("first", "first", lang))
            (section("changes", "changes", lang))
            (section("over_time", "over_time", lang))
            (section("codes", "codes", lang))
            (section("unknown", "unknown", lang))
            (section("http", "http", lang))
            (section("inputs", "inputs", lang))
            (section("notes", "notes", lang))
        }
        footer #made {}
        dialog #view aria-labelledby="view-title" {}
    }
}

/// A section with its title, for the script to fill.
fn section(id: &str, title: &str, lang: Lang) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } data-t=(title) { (word(title, lang)) }
            div.body {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_very_script_and_style_of_the_page() {
        let page = page("{}", Lang::En, None);
        let between = |start: &str, end: &str| -> &str {
            let (_, rest) = page.split_once(start).unwrap();
            rest.split_once(end).unwrap().0
        };

        for (text, directive) in [
            (between("<script>", "</script>"), "script-src"),
            (between("<style>", "</style>"), "style-src"),
        ] {
            let hash = BASE64_STANDARD.encode(Sha256::digest(text));
            let expected = format!("{directive} &#39;sha256-{hash}&#39;").replace("&#39;", "'");
            assert!(page.contains(&expected), "{expected} in {}", &page[..900]);
        }
    }

    #[test]
    fn a_saved_page_may_ask_nobody_and_a_live_one_its_own_server_alone() {
        let saved = page("{}", Lang::En, None);
        let live = page("{}", Lang::Zh, Some("/events"));

        assert!(saved.contains("connect-src 'none'") && !saved.contains("data-live="));
        assert!(live.contains("connect-src 'self'") && live.contains("data-live=\"/events\""));
        assert!(live.contains("<html lang=\"zh\">"));
    }

    #[test]
    fn the_page_without_data_is_small_and_names_no_other_host() {
        let page = page("{}", Lang::En, Some("/events"));

        assert!(page.len() < 150_000, "{} bytes", page.len());
        let hosts: Vec<&str> = page.split("://").skip(1).collect();
        let is_namespace = |host: &&str| host.starts_with("www.w3.org/2000/svg'");
        assert!(
            hosts.iter().all(is_namespace),
            "{:?}",
            hosts.iter().map(|host| &host[..20]).collect::<Vec<_>>()
        );
    }
}
