//! Whether everybody can use the page, as far as a program can tell: axe-core, from npm.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::chrome::Chrome;
use crate::pages::{Page, leavings};

/// The program that checks accessibility, from npm.
fn axe() -> String {
    let folder = leavings().join("axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        let npm = Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
            ])
            .arg(&folder)
            .arg("axe-core@4")
            .output()
            .unwrap();
        assert!(npm.status.success(), "{npm:?}");
    }
    fs::read_to_string(script).unwrap()
}

#[test]
#[ignore = "needs Chromium and axe-core, which .ci/run installs"]
fn the_page_is_accessible_in_both_languages_and_themes_on_desktop_and_phone() {
    let axe = axe();
    let pages = [Page::of_incident("en"), Page::of_two_nights()];
    for (lang, theme, width, mobile) in [
        ("en", "light", 1280, false),
        ("zh", "dark", 1280, false),
        ("en", "dark", 390, true),
        ("zh", "light", 390, true),
    ] {
        let chrome = Chrome::new(width, 900);
        chrome.resize(width, 900, mobile);
        chrome.prefer(theme);
        // The checker makes elements in ways that the page's own policy forbids.
        chrome.call("Page.setBypassCSP", json!({"enabled": true}));
        for page in &pages {
            assert_accessible(
                &chrome,
                page,
                &axe,
                lang,
                &format!("{lang} {theme} {width}"),
            );
        }
    }
}

fn assert_accessible(chrome: &Chrome, page: &Page, axe: &str, lang: &str, name: &str) {
    chrome.open_file(&page.path);
    if lang == "zh" {
        chrome.click("#language button:nth-child(2)");
    }
    chrome.eval(axe);
    for view in ["page", "code"] {
        if view == "code" {
            chrome.eval("location.hash = document.querySelector('#codes tbody a.code').getAttribute('href')");
            chrome.await_true("document.querySelector('dialog').open");
        }
        let violations = chrome.eval(
            "axe.run().then(found => found.passes.length < 20 ? ['hardly anything was checked'] : \
             found.violations.map(v => [v.id, v.nodes.slice(0, 4).map(n => [n.target.join(' '), n.failureSummary])]))",
        );
        assert_eq!(violations, json!([]), "{name} {view}: {violations:#}");
    }
}
