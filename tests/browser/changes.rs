//! What has changed since a baseline.

use serde_json::json;

use crate::pages::Page;

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_comparison_shows_what_is_new_grown_shrunk_and_gone_in_both_languages() {
    let page = Page::of_two_nights();
    let chrome = page.opened();
    let rows = || {
        chrome.eval(
            "[...document.querySelectorAll('table.changes tbody tr')].map(row => \
             [row.querySelector('.change').textContent, row.querySelector('code, a.code').textContent])",
        )
    };

    assert_eq!(
        rows(),
        json!([
            ["new", "APIG.1005"],
            ["grown", "APIG.9008"],
            ["grown", "APIG.1001"],
            ["shrunk", "Organizations.1003"],
            ["gone", "UC.00011001"],
        ])
    );
    let figures = chrome.text(".figures");
    assert!(
        figures.contains("Since the baseline\n1 new\n2 grown, 1 shrunk, 1 gone"),
        "{figures}"
    );
    assert!(chrome.text("#changes").contains("Per hour"));
    assert_eq!(
        chrome.count("table.changes tbody a.code"),
        4,
        "a code that is gone has no view"
    );
    assert_eq!(chrome.count("#codes .badge"), 4);

    chrome.click("table.changes a.code");
    chrome.await_true("document.querySelector('dialog').open");
    let view = chrome.text("dialog .facts");
    assert!(view.contains("Since the baseline\nnew 0 before"), "{view}");
    chrome.press("Escape");
    chrome.await_true("!document.querySelector('dialog').open");

    chrome.click("#language button:nth-child(2)");
    assert_eq!(chrome.text("#changes > h2"), "与基线相比的变化");
    assert_eq!(rows()[0], json!(["新增", "APIG.1005"]));
    assert!(chrome.text(".figures").contains("增多 2，减少 1，消失 1"));
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_page_without_a_baseline_says_nothing_of_changes() {
    let page = Page::of_incident("en");
    let chrome = page.opened();

    assert_eq!(
        chrome.eval("document.querySelector('#changes').hidden"),
        true
    );
    assert_eq!(chrome.count(".badge"), 0);
    assert!(!chrome.text(".figures").contains("baseline"));
}
