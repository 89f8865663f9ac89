//! What no reader should meet: text that attacks the page, and more codes than anybody reads.

use serde_json::{Value, json};

use crate::pages::{Page, big_result};
use crate::use_it::listed;

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
    result["codes"][1]["provider"] = Value::Null;
    result["codes"][1]["candidates"] = json!([HOSTILE]);
    result["inputs"][0] = json!({"path": HOSTILE, "bytes": 1, "lines": 1, "matches": 1, "state": "failed", "error": HOSTILE, "id": null});
    result["unknown"] = json!([{"code": HOSTILE, "count": 1, "lines": 1, "near": [HOSTILE], "samples": [{"path": HOSTILE, "line": 1, "offset": 0, "text": HOSTILE, "request_id": null}]}]);
    result["notes"] = json!([HOSTILE]);
    let changed = json!({"change": "gone", "code": HOSTILE, "provider": HOSTILE, "candidates": [], "known": true, "category": null,
        "count": 0, "baseline_count": 3, "rate": 0.0, "baseline_rate": 1e300, "factor": null});
    // Times are checked where a result is read, so none of them is hostile.
    result["baseline"] = json!({"time": result["time"], "totals": result["totals"], "rate_per": "hour",
        "changes": [changed], "notes": [HOSTILE]});
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
    let painted = || {
        chrome.open_file(&page.path);
        chrome.await_true("performance.getEntriesByName('first-contentful-paint').length > 0");
        let at = chrome.eval("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        at.as_f64().unwrap()
    };

    // The best of three: other tests run beside this one.
    let paint = (0..3).map(|_| painted()).fold(f64::INFINITY, f64::min);
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
        "first paint {paint:.0} ms, search {search:.0} ms, sort {sort:.0} ms, language {switch:.0} ms"
    );
    assert!(paint < 1000.0, "first paint after {paint} ms");
    assert!(search < 2000.0 && sort < 2000.0 && switch < 2000.0);
    page.assert_quiet(&chrome);
}
