//! Pictures of the page, to look at, and those that the README shows.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::chrome::Chrome;
use crate::pages::{Page, leavings};

/// The most that the README's pictures may weigh together, in bytes.
const MAX_BYTES: u64 = 300_000;

fn opened(page: &Page, lang: &str, theme: &str, width: u32, mobile: bool) -> Chrome {
    let chrome = Chrome::new(width, 900);
    chrome.resize(width, 900, mobile);
    chrome.prefer(theme);
    chrome.open_file(&page.path);
    if lang == "zh" {
        chrome.click("#language button:nth-child(2)");
        chrome.eval("scrollTo({top: 0, behavior: 'instant'})");
    }
    chrome
}

/// No part of the page may be wider than the screen.
fn assert_fits(chrome: &Chrome, name: &str) {
    let over =
        chrome.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(over, 0, "{name} is wider than the screen");
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn pictures_of_the_page_are_left_to_look_at() {
    let page = Page::of_night();
    for (lang, theme) in [
        ("en", "light"),
        ("en", "dark"),
        ("zh", "light"),
        ("zh", "dark"),
    ] {
        for (device, width, mobile) in [
            ("desktop", 1280, false),
            ("tablet", 820, true),
            ("phone", 390, true),
        ] {
            let name = format!("{device}-{lang}-{theme}");
            let chrome = opened(&page, lang, theme, width, mobile);
            assert_fits(&chrome, &name);
            let height = chrome
                .eval("document.documentElement.scrollHeight")
                .as_f64()
                .unwrap();
            let whole = chrome.screenshot("png", Some([f64::from(width), height]));
            assert!(whole.len() > 10_000, "{name}: {} bytes", whole.len());
            fs::write(leavings().join(format!("{name}.png")), whole).unwrap();

            chrome.click("#over_time .switch button:nth-child(2)");
            chrome.drag(".plot", 0.3, 0.45);
            assert_fits(&chrome, &format!("{name} with a span"));
            let span = chrome.screenshot("png", None);
            fs::write(leavings().join(format!("{name}-span.png")), span).unwrap();

            chrome.eval("location.hash = document.querySelector('#codes tbody a.code').getAttribute('href')");
            chrome.await_true("document.querySelector('dialog').open");
            let code = chrome.screenshot("png", None);
            fs::write(leavings().join(format!("{name}-code.png")), code).unwrap();
            page.assert_quiet(&chrome);
        }
    }
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn pictures_of_a_comparison_are_left_to_look_at() {
    let page = Page::of_two_nights();
    for (lang, theme, width, mobile) in [
        ("en", "light", 1280, false),
        ("zh", "dark", 1280, false),
        ("zh", "light", 390, true),
        ("en", "dark", 390, true),
    ] {
        let name = format!("changes-{width}-{lang}-{theme}");
        let chrome = opened(&page, lang, theme, width, mobile);
        assert_fits(&chrome, &name);
        let height = chrome.eval("document.documentElement.scrollHeight");
        let size = [f64::from(width), height.as_f64().unwrap()];
        let whole = chrome.screenshot("png", Some(size));
        fs::write(leavings().join(format!("{name}.png")), whole).unwrap();
        page.assert_quiet(&chrome);
    }
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn on_paper_there_is_all_that_is_shown_and_nothing_to_press() {
    let page = Page::of_night();
    let chrome = Chrome::new(1024, 900);
    chrome.prefer("dark");
    chrome.open_file(&page.path);
    chrome.eval("document.querySelector('#theme button:last-child').click()");
    chrome.call("Emulation.setEmulatedMedia", json!({"media": "print"}));

    let pressable = "[...document.querySelectorAll('button, input, select')].filter(e => e.checkVisibility() && !e.closest('th, .legend')).map(e => e.textContent)";
    assert_eq!(chrome.eval(pressable), json!([]));
    assert_eq!(
        chrome.eval("getComputedStyle(document.body).backgroundColor"),
        "rgb(255, 255, 255)"
    );
    assert!(chrome.count(".drawing polygon") > 10);
    let height = chrome
        .eval("document.documentElement.scrollHeight")
        .as_f64()
        .unwrap();
    fs::write(
        leavings().join("print.png"),
        chrome.screenshot("png", Some([1024.0, height])),
    )
    .unwrap();
    let paper = chrome.call("Page.printToPDF", json!({"printBackground": false}));
    assert!(paper["data"].as_str().unwrap().len() > 10_000);
    page.assert_quiet(&chrome);
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn the_pictures_of_the_readme_are_small_and_can_be_made_anew() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/screens");
    let page = Page::of_night();
    let shots = [
        ("report-en", "en", "light", 1180, false),
        ("report-zh", "zh", "dark", 1180, false),
        ("phone-en", "en", "dark", 390, true),
    ];
    for (name, lang, theme, width, mobile) in shots {
        let chrome = opened(&page, lang, theme, width, mobile);
        // Up to the table, or a phone's first screen.
        let height = match mobile {
            true => 844.0,
            false => chrome
                .eval("document.querySelector('#codes').getBoundingClientRect().top")
                .as_f64()
                .unwrap(),
        };
        let shot = chrome.screenshot("webp", Some([f64::from(width), height]));
        assert!(shot.starts_with(b"RIFF") && shot.len() > 5_000);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("{name}.webp")), shot).unwrap();
        }
        assert!(folder.join(format!("{name}.webp")).exists(), "{name}");
    }
    let sizes = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len());
    let together: u64 = sizes.sum();
    assert!(together < MAX_BYTES, "{together} bytes");
}
