//! Reading, searching, sorting, filtering and selecting, by pointer and by keyboard.

use serde_json::{Value, json};

use crate::chrome::Chrome;
use crate::pages::{Page, big_result};

/// The codes of the table in the order shown.
pub fn listed(chrome: &Chrome) -> Vec<String> {
    let codes = chrome
        .eval("[...document.querySelectorAll('#codes a.code')].map(link => link.textContent)");
    serde_json::from_value(codes).unwrap()
}

/// Chooses `value` in the filter `name` as a reader's choice does.
fn choose(chrome: &Chrome, name: &str, value: &str) {
    chrome.eval(&format!(
        "(() => {{ const s = document.querySelector('select[name={name}]'); s.value = {}; s.dispatchEvent(new Event('change')); return s.value; }})()",
        json!(value)
    ));
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_page_shows_first_what_is_wrong_since_when_and_what_to_do() {
    let page = Page::of_incident("en");
    let chrome = page.opened();

    let lead = chrome.text(".lead");
    assert!(
        lead.starts_with("Authentication leads with 34\u{a0}% of 58 matches"),
        "{lead}"
    );
    let sections = chrome.eval("[...document.querySelectorAll('main > section:not([hidden]) > h2')].map(h => h.textContent)");
    assert_eq!(
        sections,
        json!([
            "Summary",
            "What to do first",
            "Over time",
            "Codes",
            "Unknown codes",
            "Inputs"
        ])
    );
    let first = chrome.text(".action");
    assert!(
        first.contains("Retrying does not help") && first.contains("Renew the token"),
        "{first}"
    );
    assert!(chrome.count(".drawing polygon") > 10);
    assert!(chrome.count("#codes .spark path") > 10);
    assert!(chrome.text("table.unknown").contains("FailedOperation"));
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn codes_are_searched_filtered_and_sorted() {
    let page = Page::of_incident("en");
    let chrome = page.opened();
    let all = listed(&chrome);

    chrome.click("input[type=search]");
    chrome.type_text("token apig");
    let found = listed(&chrome);
    assert!(
        found.len() < all.len() && found.contains(&"APIG.1001".to_owned()),
        "{found:?}"
    );
    chrome.press("Escape");
    assert_eq!(listed(&chrome), all);

    choose(&chrome, "category", "throttling");
    assert!(listed(&chrome).contains(&"APIG.9008".to_owned()));
    assert!(!listed(&chrome).contains(&"APIG.1001".to_owned()));
    assert!(chrome.count(".drawing polygon.faded") > 0);
    choose(&chrome, "provider", "tencentcloud");
    assert!(
        listed(&chrome)
            .iter()
            .all(|code| code.starts_with("RequestLimit")),
        "{:?}",
        listed(&chrome)
    );
    chrome.click(".filters > button");
    assert_eq!(listed(&chrome), all);
    choose(&chrome, "status", "4xx");
    assert!(!listed(&chrome).is_empty() && listed(&chrome).len() < all.len());
    chrome.click(".filters > button");

    chrome.click("th[data-key=code] button");
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(listed(&chrome), sorted);
    assert_eq!(
        chrome.eval("document.querySelector('th[data-key=code]').ariaSort"),
        "ascending"
    );
    chrome.press("Enter");
    sorted.reverse();
    assert_eq!(listed(&chrome), sorted, "the sorted column keeps the focus");
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn the_language_is_switched_and_kept() {
    let page = Page::of_incident("en");
    let chrome = page.opened();

    chrome.click("#language button:nth-child(2)");

    assert_eq!(chrome.eval("document.documentElement.lang"), "zh-CN");
    assert_eq!(chrome.text("#first > h2"), "先做什么");
    assert!(chrome.text(".action").contains("认证") && chrome.text(".action").contains("重试无用"));
    let english = chrome.eval(
        "[...document.querySelectorAll('h2, h3, th, dt, label span, button')].map(e => e.textContent.trim()) \
         .filter(text => /^[A-Z][a-z]+( [a-z]+)*$/.test(text) && text !== 'English' && text !== 'Print')",
    );
    assert_eq!(english, json!([]), "words left in English");
    chrome.open_file(&page.path);
    assert_eq!(chrome.text("#first > h2"), "先做什么");
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn times_are_utc_or_the_reader_s_own() {
    let page = Page::of_incident("en");
    let chrome = Chrome::new(1280, 900);
    chrome.call(
        "Emulation.setTimezoneOverride",
        json!({"timezoneId": "Asia/Shanghai"}),
    );
    chrome.open_file(&page.path);
    assert!(
        chrome.text(".lead").contains("since 2026-11-19 18:12 UTC"),
        "{}",
        chrome.text(".lead")
    );

    chrome.click("#zone button:nth-child(2)");

    assert!(
        chrome
            .text(".lead")
            .contains("since 2026-11-20 02:12 UTC+8"),
        "{}",
        chrome.text(".lead")
    );
    assert!(
        chrome.text(".times").contains("03:00"),
        "{}",
        chrome.text(".times")
    );
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_span_is_selected_by_pointer_and_by_keyboard() {
    let page = Page::of_incident("en");
    let chrome = page.opened();
    let all = listed(&chrome);

    chrome.drag(".plot", 0.9, 0.995);
    let late = listed(&chrome);
    assert!(
        !late.is_empty()
            && late.len() < all.len()
            && !late.contains(&"UnsupportedOperation".to_owned())
    );
    assert!(
        chrome.text(".about").starts_with("Selected: "),
        "{}",
        chrome.text(".about")
    );
    assert!(chrome.text("#first").contains("Selected: "));
    chrome.click(".about button");
    assert_eq!(listed(&chrome), all);

    chrome.drag_to(".handle.from", ".plot", 0.9);
    assert_eq!(
        listed(&chrome),
        late,
        "a handle is dragged to the same effect"
    );
    chrome.click(".handle.from");
    assert_eq!(listed(&chrome), late, "a press on a handle changes nothing");
    chrome.click(".about button");

    chrome.eval("document.querySelector('.handle.to').focus()");
    for _ in 0..4 {
        chrome.press("PageUp");
        chrome.press("ArrowLeft");
    }
    let value = "Number(document.querySelector('.handle.to').getAttribute('aria-valuenow'))";
    let last =
        chrome.eval("Number(document.querySelector('.handle.to').getAttribute('aria-valuemax'))");
    assert_eq!(
        chrome.eval(value),
        json!(last.as_u64().unwrap() - 1),
        "the end is the end, then one back"
    );
    chrome.press("Escape");
    assert_eq!(listed(&chrome), all);
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_code_is_opened_read_and_closed_by_keyboard() {
    let page = Page::of_incident("en");
    let chrome = page.opened();

    chrome.press("/");
    chrome.type_text("APIG.1002");
    chrome.press("ArrowDown");
    chrome.press("Enter");
    chrome.await_true("document.querySelector('dialog').open");

    let view = chrome.text("dialog");
    for expected in [
        "APIG.1002",
        "Meaning",
        "What to do",
        "Samples",
        "Request IDs",
        "Files",
        "tests/data/incident.log:",
    ] {
        assert!(view.contains(expected), "{expected} in {view}");
    }
    assert_eq!(
        chrome.eval("document.querySelector('dialog mark').textContent"),
        "APIG.1002"
    );
    chrome.press("Escape");
    chrome.await_true("!document.querySelector('dialog').open && document.activeElement.textContent === 'APIG.1002'");
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_result_without_buckets_or_codes_says_what_is_missing() {
    let mut bare = big_result(2, 1);
    bare["bucket_seconds"] = Value::Null;
    bare["codes"][0]["buckets"] = json!([]);
    bare["codes"][1]["buckets"] = json!([]);
    let page = Page::of_result(&bare);
    let chrome = page.opened();
    assert!(
        chrome
            .text("#over_time")
            .contains("errsift scan --bucket 5m")
    );
    assert_eq!(listed(&chrome), ["Big.00001", "Big.00000"]);
    page.assert_quiet(&chrome);

    bare["codes"] = json!([]);
    let page = Page::of_result(&bare);
    let chrome = page.opened();
    assert_eq!(
        chrome.text(".lead"),
        "No known error code in 1,000,000 lines of 1 input."
    );
    assert_eq!(chrome.eval("document.querySelector('#codes').hidden"), true);
    page.assert_quiet(&chrome);
}
