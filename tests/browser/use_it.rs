//! Reading, searching, sorting, filtering and selecting, by pointer and by keyboard.

use std::process::Command;

use serde_json::{Value, json};

use crate::chrome::Chrome;
use crate::pages::{Page, big_result, leavings};

/// The codes of the table in the order shown.
fn listed(chrome: &Chrome) -> Vec<String> {
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
fn hostile_text_is_shown_and_never_obeyed() {
    const HOSTILE: &str = "</script><script>document.title='owned'</script><img src=http://evil.example/x onerror=\"document.title='owned'\">\
        <!-- \" ' ` ${1} \\ \u{202e}lmth\u{2066}\u{2028}\u{0}\u{1b}[31m\u{9b}\u{7f} &lt;b&gt; javascript:alert(1)";
    let mut result = big_result(3, 4);
    let row = &mut result["codes"][0];
    for field in ["code", "provider", "product", "message"] {
        row[field] = json!(HOSTILE);
    }
    row["meaning"] = json!({"en": HOSTILE, "zh": HOSTILE});
    row["remediation"] = json!({"en": HOSTILE, "zh": HOSTILE});
    row["files"] = json!({HOSTILE: 1});
    row["samples"] = json!([{"path": HOSTILE, "line": 1, "offset": 0, "text": format!("{HOSTILE} {HOSTILE}"), "request_id": HOSTILE}]);
    row["buckets"]
        .as_array_mut()
        .unwrap()
        .push(json!([HOSTILE, 3]));
    row["first_seen"] = json!(HOSTILE);
    result["codes"][1]["provider"] = Value::Null;
    result["codes"][1]["candidates"] = json!([HOSTILE]);
    result["inputs"][0] = json!({"path": HOSTILE, "bytes": 1, "lines": 1, "matches": 1, "state": "failed", "error": HOSTILE, "id": null});
    result["unknown"] = json!([{"code": HOSTILE, "count": 1, "lines": 1, "near": [HOSTILE], "samples": [{"path": HOSTILE, "line": 1, "offset": 0, "text": HOSTILE, "request_id": null}]}]);
    result["notes"] = json!([HOSTILE]);
    result["tool"] = json!({"name": HOSTILE, "version": HOSTILE});
    let page = Page::of_result(&result);
    let chrome = page.opened();

    chrome.eval("location.hash = [...document.querySelectorAll('#codes tbody a.code')].find(link => link.textContent.startsWith('</script>')).getAttribute('href')");
    chrome.await_true("document.querySelector('dialog').open");

    assert!(chrome.text("dialog pre").contains("</script><script>"));
    assert!(
        chrome
            .text("dialog pre")
            .contains("\\u{202e}lmth\\u{2066}\\u{2028}\\x00\\x1b[31m\\x9b\\x7f")
    );
    assert_eq!(chrome.count("body script"), 3);
    assert_eq!(chrome.count("img"), 0);
    let raw = "/[\\u0000-\\u0008\\u202a-\\u202e\\u2066-\\u2069\\u2028]/.test(document.body.innerText + document.title)";
    assert_eq!(chrome.eval(raw), false);
    let titles = "[...document.querySelectorAll('[title], [aria-label], option')].every(e => !/[\\u202e\\u2066\\u0000]/.test(e.title + e.ariaLabel + e.textContent))";
    assert_eq!(chrome.eval(titles), true);
    assert!(
        chrome
            .eval("document.title")
            .as_str()
            .unwrap()
            .starts_with("errsift")
    );
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn five_thousand_codes_and_a_hundred_thousand_buckets_stay_usable() {
    let page = Page::of_result(&big_result(5000, 20));
    let chrome = page.opened();
    chrome.await_true("performance.getEntriesByName('first-contentful-paint').length > 0");

    let paint = chrome.eval("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    let timed = |action: &str| {
        let took = chrome.eval(&format!(
            "new Promise(done => {{ const start = performance.now(); {action}; requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))); }})"
        ));
        took.as_f64().unwrap()
    };
    let search = timed(
        "const s = document.querySelector('input[type=search]'); s.value = 'advice 49'; s.dispatchEvent(new Event('input'))",
    );
    assert_eq!(listed(&chrome).len(), 100, "a hundred at a time");
    let sort = timed("document.querySelector('th[data-key=code] button').click()");
    let switch = timed("document.querySelector('#language button:nth-child(2)').click()");

    println!(
        "first paint {paint} ms, search {search:.0} ms, sort {sort:.0} ms, language {switch:.0} ms"
    );
    assert!(
        paint.as_f64().unwrap() < 1000.0,
        "first paint after {paint} ms"
    );
    assert!(search < 500.0 && sort < 500.0 && switch < 1000.0);
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
    std::fs::read_to_string(script).unwrap()
}

#[test]
#[ignore = "needs Chromium and axe-core, which .ci/run installs"]
fn the_page_is_accessible_in_both_languages_and_themes_on_desktop_and_phone() {
    let axe = axe();
    let page = Page::of_incident("en");
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
        chrome.open_file(&page.path);
        if lang == "zh" {
            chrome.click("#language button:nth-child(2)");
        }
        chrome.eval(&axe);
        for view in ["page", "code"] {
            if view == "code" {
                chrome.eval("location.hash = document.querySelector('#codes tbody a.code').getAttribute('href')");
                chrome.await_true("document.querySelector('dialog').open");
            }
            let violations = chrome.eval(
                "axe.run().then(found => found.passes.length < 20 ? ['hardly anything was checked'] : \
                 found.violations.map(v => [v.id, v.nodes.slice(0, 4).map(n => [n.target.join(' '), n.failureSummary])]))",
            );
            assert_eq!(
                violations,
                json!([]),
                "{lang} {theme} {width} {view}: {violations:#}"
            );
        }
    }
}
