//! The rules of what counts as a match, one sentence at a time.
//!
//! Each row of these tables is a text and what the contract says of it. It goes through the
//! library and through the oracle that the random tests compare the library with, so the tables
//! hold for both.

mod library;
mod oracle;

#[path = "rules/evidence.rs"]
mod evidence;
#[path = "rules/places.rs"]
mod places;
#[path = "rules/slots.rs"]
mod slots;
#[path = "rules/statuses.rs"]
mod statuses;
#[path = "rules/unknown.rs"]
mod unknown;

use oracle::{Found, Kind, Rules};

/// What is found in `text`, by the library and the oracle alike.
fn scan(rules: &Rules, text: &[u8], discover: bool) -> Vec<Found> {
    let catalog = library::catalog(rules);
    let found = library::find(&catalog, &library::matcher(&catalog, discover), text);
    let expected = oracle::scan(rules, text, discover);
    assert_eq!(
        found,
        expected,
        "library and oracle differ: {}",
        String::from_utf8_lossy(text)
    );
    found
}

/// A catalogue with a code of every sort.
fn sample() -> Rules {
    let codes = [
        ("huaweicloud", "APIG.1002"),
        ("huaweicloud", "APIG.2000"),
        ("huaweicloud", "APIG.3456"),
        ("huaweicloud", "APIG.Quota"),
        ("huaweicloud", "FDI.3149"),
        ("huaweicloud", "IAM.0011"),
        ("huaweicloud", "UC.00011001"),
        ("tencentcloud", "InternalError"),
        ("tencentcloud", "FailedOperation"),
        ("tencentcloud", "FailedOperation.NodeNotEmpty"),
        ("tencentcloud", "InvalidParameter"),
        ("tencentcloud", "Throttling"),
        ("alibabacloud", "Throttling"),
        ("tencentcloud", "Throttling.User"),
        ("alibabacloud", "Throttling.User"),
        ("alibabacloud", "InvalidParameter.AccountId"),
        ("user", "ORA-00942"),
        ("user", "E 42"),
        ("user", "404"),
    ];
    let families = ["APIG.", "APIGW.", "IAM.", "AuthFailure", "UC."];
    Rules {
        codes: codes
            .map(|(provider, code)| (provider.to_string(), code.to_string()))
            .to_vec(),
        families: families.map(str::to_string).to_vec(),
    }
}

fn codes_of(found: Vec<Found>, kind: Kind) -> Vec<String> {
    let found = found.into_iter().filter(|one| one.kind == kind);
    found.map(|one| one.code).collect()
}

fn known(text: impl AsRef<[u8]>) -> Vec<String> {
    codes_of(scan(&sample(), text.as_ref(), false), Kind::Known)
}

fn unknown(text: impl AsRef<[u8]>) -> Vec<String> {
    codes_of(scan(&sample(), text.as_ref(), false), Kind::Unknown)
}

fn discovered(text: impl AsRef<[u8]>) -> Vec<String> {
    codes_of(scan(&sample(), text.as_ref(), true), Kind::Unknown)
}

/// The only match in `text`.
fn only(text: impl AsRef<[u8]>) -> Found {
    let text = text.as_ref();
    let found = scan(&sample(), text, false);
    let [one] = &found[..] else {
        panic!("{:?}: {found:#?}", String::from_utf8_lossy(text));
    };
    one.clone()
}

#[test]
fn a_match_carries_its_line_and_its_offsets_in_the_whole_text() {
    let text = "\u{feff}first\r\n\0APIG.1002\r\n\nx APIGW.0301";

    let found = scan(&sample(), text.as_bytes(), false);

    let places: Vec<_> = found
        .iter()
        .map(|one| (one.line, &*one.code, one.kind))
        .collect();
    assert_eq!(
        places,
        [
            (2, "APIG.1002", Kind::Known),
            (4, "APIGW.0301", Kind::Unknown)
        ]
    );
    for one in &found {
        assert_eq!(&text[one.start..one.end], one.code);
        assert!(one.confirmed);
    }
}

#[test]
fn every_occurrence_counts_and_none_overlap() {
    assert_eq!(
        known("APIG.1002 APIG.1002,FDI.3149"),
        ["APIG.1002", "APIG.1002", "FDI.3149"]
    );
    assert_eq!(known(""), [""; 0]);
    assert_eq!(known("\n\n"), [""; 0]);
}
