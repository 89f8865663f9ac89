//! `errsift explain`.

use errsift::catalog::Entry;

use crate::support::{pipe, run};

fn codes(out: &str) -> Vec<String> {
    let entries: Vec<Entry> = serde_json::from_str(out).unwrap();
    entries
        .into_iter()
        .map(|entry| entry.code.into_owned())
        .collect()
}

#[test]
fn a_code_is_told_with_meaning_and_remedy() {
    let ended = run(&["explain", "Organizations.1003"]);

    assert_eq!(ended.status, Some(0));
    assert!(
        ended.out.starts_with(
            "Organizations.1003  HTTP 409, conflict, retryable\n  Huawei Cloud, Organizations\n  \
             The API says: Concurrent modification.\n  Meaning: "
        ),
        "{ended:?}"
    );
}

#[test]
fn in_chinese_every_word_is_chinese() {
    let ended = run(&["explain", "--lang", "zh", "Organizations.1003"]);

    assert!(ended.out.contains("HTTP 409，冲突，可重试"), "{ended:?}");
    assert!(ended.out.contains("处理办法：等待数秒"), "{ended:?}");
}

#[test]
fn several_codes_and_http_statuses_are_told_in_order() {
    let ended = run(&[
        "explain",
        "-f",
        "json",
        "APIG.1002",
        "404",
        "FailedOperation.NodeNotEmpty",
    ]);

    assert_eq!(
        codes(&ended.out),
        ["APIG.1002", "404", "FailedOperation.NodeNotEmpty"]
    );
    assert_eq!(ended.status, Some(0));
}

#[test]
fn every_provider_of_a_code_is_shown() {
    let ended = run(&["explain", "-f", "json", "InvalidParameter"]);

    let entries: Vec<Entry> = serde_json::from_str(&ended.out).unwrap();
    assert!(
        entries.iter().all(|entry| entry.code == "InvalidParameter"),
        "{ended:?}"
    );
    assert!(!entries.is_empty());
}

#[test]
fn an_unknown_code_is_told_with_those_like_it() {
    let ended = run(&["explain", "FailedOperation.Foo"]);

    assert_eq!(ended.status, Some(1));
    assert!(
        ended
            .out
            .starts_with("FailedOperation.Foo  not a known code\n  Did you mean "),
        "{ended:?}"
    );
    assert!(
        ended.out.contains("Family: FailedOperation, Tencent Cloud"),
        "{ended:?}"
    );
    let json = run(&["explain", "-f", "json", "apig.1002"]);
    assert_eq!((json.status, json.out.as_str()), (Some(1), "[]\n"));
    assert_eq!(
        json.err,
        "errsift: note: 'apig.1002': not a known code, did you mean APIG.1002?\n"
    );
}

#[test]
fn one_known_code_among_unknown_ones_is_enough() {
    assert_eq!(
        run(&["explain", "Nobody.Knows", "APIG.1002"]).status,
        Some(0)
    );
}

#[test]
fn words_of_a_message_find_its_code() {
    for args in [
        &["explain", "concurrent modification"][..],
        &["explain", "Concurrent", "Modification"],
        &["explain", "另一项修改"],
    ] {
        let ended = run(args);
        assert_eq!(ended.status, Some(0));
        assert!(ended.out.contains("Organizations.1003"), "{ended:?}");
    }
}

#[test]
fn many_codes_with_the_same_words_are_cut_and_that_is_said() {
    let ended = run(&["explain", "-f", "json", "quota"]);

    assert_eq!(codes(&ended.out).len(), 10);
    assert!(
        ended.err.contains("of which these are the 10 best:"),
        "{ended:?}"
    );
}

#[test]
fn words_that_nothing_holds_end_with_1() {
    let ended = run(&["explain", "zebra crossing"]);

    assert_eq!(ended.status, Some(1));
    assert_eq!(
        ended.out,
        "'zebra crossing': not a known code, and in no code's message or meaning.\n"
    );
}

#[test]
fn a_pasted_body_is_one_record() {
    let body = "HTTP/1.1 403 Forbidden\r\n\r\n{\n  \"error_code\": \"APIG.1002\",\n  \"error_msg\": \"no\",\n  \
                \"request_id\": \"7CDDDCEF-CDFD-0825\"\n}\n";

    let ended = pipe(&["explain", "-"], body);

    assert_eq!(ended.status, Some(0));
    assert!(ended.out.starts_with("APIG.1002  HTTP 401"), "{ended:?}");
    assert!(
        ended.out.contains("\n  The text states HTTP 403\n"),
        "{ended:?}"
    );
    assert!(
        ended.out.ends_with("\nRequest ID: 7CDDDCEF-CDFD-0825\n"),
        "{ended:?}"
    );
    assert_eq!(
        codes(&pipe(&["explain", "-f", "json", "-"], body).out),
        ["APIG.1002"]
    );
}

#[test]
fn another_provider_s_code_is_not_explained() {
    let body = "An error occurred (InternalError) when calling the PutObject operation: no";

    let ended = pipe(&["explain", "-"], body);

    assert!(
        ended
            .out
            .starts_with("InternalError\n  The text shows a provider"),
        "{ended:?}"
    );
    assert!(!ended.out.contains("Tencent"), "{ended:?}");
}

#[test]
fn a_text_without_codes_is_told_by_its_status() {
    let ended = pipe(&["explain", "-"], "HTTP/1.1 503 Service Unavailable\n");

    assert_eq!(ended.status, Some(1));
    assert!(
        ended
            .out
            .starts_with("No known error code in the text.\n\n503  unavailable"),
        "{ended:?}"
    );
}

#[test]
fn hostile_text_is_made_visible() {
    let ended = run(&["explain", "a\x1b[2Jb.C"]);

    assert!(!ended.out.contains('\x1b'), "{ended:?}");
}
