//! `errsift explain`.

use errsift::catalog::Entry;

use crate::support::{Folder, pipe, run};

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
fn a_provider_without_a_title_is_called_by_its_name() {
    let folder = Folder::new();
    let entry = r#"{"code":"APIG.1002","http_status":null,"message":null,
        "meaning":{"en":"Ours.","zh":"我们的。"},"remediation":{"en":"Ask us.","zh":"联系我们。"},
        "category":"internal","retryable":false}"#;
    let catalogue = format!(
        r#"{{"schema":"errsift.catalog/1","provider":"acme","product":"gate","codes":[{entry}]}}"#
    );
    folder.write("acme.json", catalogue);

    let ended = folder.run(&["explain", "--catalog", "acme.json", "APIG.1002"]);

    assert!(ended.out.contains("\n  acme, gate\n"), "{ended:?}");
    assert!(
        ended.out.contains("\n  Huawei Cloud, ROMA Connect\n"),
        "{ended:?}"
    );
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
}

#[test]
fn a_code_of_another_case_is_told_as_a_near_one() {
    for (text, code) in [
        ("apig.1002", "APIG.1002"),
        ("internalerror", "InternalError"),
        ("INTERNALERROR", "InternalError"),
        ("dryrunoperation", "DryRunOperation"),
    ] {
        let ended = run(&["explain", text]);
        let expected = format!(
            "{text}  not a known code\n  Did you mean {code}?\n  Codes are case-sensitive.\n"
        );
        assert_eq!((ended.status, ended.out), (Some(1), expected));

        let json = run(&["explain", "-f", "json", text]);
        assert_eq!((json.status, json.out.as_str()), (Some(1), "[]\n"));
        let expected = format!(
            "errsift: note: '{text}': not a known code, did you mean {code}? Codes are case-sensitive.\n"
        );
        assert_eq!(json.err, expected);
    }
    let chinese = run(&["explain", "--lang", "zh", "internalerror"]);
    assert!(chinese.out.contains("区分大小写"), "{chinese:?}");
    assert_eq!(
        run(&["explain", "throttling"]).status,
        Some(0),
        "a word, too"
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
fn parts_of_words_and_numbers_are_found_nowhere() {
    for text in ["1045", "nope", "oom"] {
        let ended = run(&["explain", text]);

        assert_eq!(ended.status, Some(1), "{ended:?}");
        assert_eq!(ended.out.lines().count(), 1, "{ended:?}");
        assert!(ended.out.contains("not a known code"), "{ended:?}");
    }
}

#[test]
fn the_only_code_that_words_are_found_in_is_not_told_as_if_it_were_meant() {
    let found = "'00011045' is not a known code; found in the name or texts of UC.00011045:";

    let ended = run(&["explain", "00011045"]);
    assert!(
        ended
            .out
            .starts_with(&format!("{found}\n\nUC.00011045  HTTP ")),
        "{ended:?}"
    );
    assert_eq!(ended.status, Some(0));

    let chinese = run(&["explain", "--lang", "zh", "00011045"]);
    assert!(
        chinese
            .out
            .starts_with("“00011045”不是已知错误码；见于 UC.00011045 的名称或文字："),
        "{chinese:?}"
    );

    let json = run(&["explain", "-f", "json", "00011045"]);
    assert_eq!(codes(&json.out), ["UC.00011045"]);
    assert_eq!(json.err, format!("errsift: note: {found}\n"));
}

#[test]
fn a_text_with_codes_in_it_is_read_like_what_is_pasted() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "2026-11-22T10:00:00Z ERROR {\"error_code\":\"APIG.1002\"}",
            &["APIG.1002"],
        ),
        ("\"error_code\":\"APIG.1002\"", &["APIG.1002"]),
        ("APIG.1002.", &["APIG.1002"]),
        ("APIG.1002 APIG.1003", &["APIG.1002", "APIG.1003"]),
        ("job failed:\\nInternalError", &["InternalError"]),
        ("404 ", &["404"]),
    ];
    for (text, expected) in cases {
        let ended = run(&["explain", "-f", "json", text]);

        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""), "{text}");
        let mut told = codes(&ended.out);
        told.dedup();
        assert_eq!(told, expected, "{text}");
    }
    let status = run(&["explain", "HTTP/1.1 403 {\"error_code\":\"APIG.1002\"}"]);
    assert!(
        status.out.contains("\n  The text states HTTP 403\n"),
        "{status:?}"
    );
    let unknown = run(&["explain", "\"error_code\":\"APIG.3999\""]);
    assert_eq!(unknown.status, Some(1));
    assert!(
        unknown.out.starts_with("APIG.3999  not a known code\n"),
        "{unknown:?}"
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
fn a_line_that_begins_with_a_time_has_no_status_of_another_record() {
    let text =
        "2026 GET /a \"HTTP/1.1\" 500 12\n2026-11-22T10:00:00Z worker: job failed APIG.1002\n";

    let ended = pipe(&["explain", "-"], text);

    assert!(ended.out.starts_with("APIG.1002  HTTP 401"), "{ended:?}");
    assert!(!ended.out.contains("The text states"), "{ended:?}");
}

/// What is told of each code, from its heading on.
fn told(text: &str) -> Vec<String> {
    let ended = pipe(&["explain", "-"], text);
    let mut told: Vec<String> = Vec::new();
    for line in ended.out.split_inclusive('\n') {
        match told.last_mut() {
            Some(last) if line.starts_with([' ', '\n']) || line.starts_with("Request ID") => {
                last.push_str(line);
            }
            _ => told.push(line.to_owned()),
        }
    }
    told
}

/// Which status the text is said to state for each code.
fn statuses(text: &str) -> Vec<Option<u16>> {
    let status = |text: &String| {
        let (_, rest) = text.split_once("The text states HTTP ")?;
        rest[..3].parse().ok()
    };
    told(text).iter().map(status).collect()
}

#[test]
fn a_code_has_the_status_of_its_own_line_and_record() {
    let cases: [(&str, &[Option<u16>]); 11] = [
        (
            "INFO  2026-11-22 10:00:00 GET /a HTTP/1.1 200 ok\n\
             ERROR 2026-11-22 10:00:01 call failed: APIG.1002 status=403\n",
            &[Some(403)],
        ),
        (
            "INFO  2026-11-22 10:00:00 GET /a HTTP/1.1 200 ok\n\
             ERROR 2026-11-22 10:00:01 call failed: APIG.1002\n",
            &[None],
        ),
        ("GET /a status=499\nAPIG.1002 status=418\n", &[Some(418)]),
        (
            "{\n \"error_code\": \"APIG.1002\",\n \"status\": 403\n}\n\
             {\n \"error_code\": \"UC.00000001\"\n}\n",
            &[Some(403), None],
        ),
        (
            "{\n \"error_code\": \"APIG.1002\",\n \"status\": 403,\n\
             {\n \"error_code\": \"UC.00000001\",\n \"status\": 418\n}\n",
            &[Some(403), Some(418)],
        ),
        (
            "<Error>\n <Code>APIG.1002</Code>\n <Status>403</Status>\n</Error>\n\
             <Error>\n <Code>UC.00000001</Code>\n</Error>\n",
            &[Some(403), None],
        ),
        (
            "APIG.1002 failed\nstatus=403\n\n  UC.00000001 failed\n",
            &[Some(403), None],
        ),
        (
            "APIG.1002 status=403\nUC.00000001 failed\n",
            &[Some(403), None],
        ),
        (
            "- code: APIG.1002\n  status: 403\n- code: UC.00000001\n  status: 418\n",
            &[Some(403), Some(418)],
        ),
        (
            "ERROR APIG.1002 status=403\nCaused by: UC.00000001 failed\n",
            &[Some(403), Some(403)],
        ),
        (
            "APIG.1002 failed\n\ncode: APIG.1002\nstatus: 403\n",
            &[Some(403)],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(statuses(text), expected, "{text}");
    }
}

#[test]
fn what_shows_a_provider_stands_in_the_code_s_record() {
    let text = "app-1 | sync aliyun done\napp-2 | code=InternalError x\n";

    let ended = pipe(&["explain", "-"], text);

    assert!(
        !ended.out.contains("The text shows a provider"),
        "{ended:?}"
    );
    assert!(ended.out.contains("Tencent Cloud"), "{ended:?}");
}

#[test]
fn each_code_is_told_with_its_own_request_id() {
    let ids = |text: &str| -> Vec<Option<String>> {
        let id = |text: &String| {
            Some(
                text.split_once("\n  Request ID: ")?
                    .1
                    .lines()
                    .next()?
                    .to_owned(),
            )
        };
        told(text).iter().map(id).collect()
    };
    let some = |id: &str| Some(id.to_owned());
    let cases = [
        (
            "ERROR APIG.1002 request_id=aaaa-1111\nERROR UC.00000001 request_id=bbbb-2222\n",
            vec![some("aaaa-1111"), some("bbbb-2222")],
        ),
        (
            "{\n \"error_code\": \"APIG.1002\"\n}\n\
             {\n \"error_code\": \"UC.00000001\",\n \"request_id\": \"bbbb-2222\"\n}\n",
            vec![None, some("bbbb-2222")],
        ),
        (
            "APIG.1002 request_id=aaaa-1111\nAPIG.1002 request_id=bbbb-2222\n\
             APIG.1002 request_id=aaaa-1111\n",
            vec![some("aaaa-1111, bbbb-2222")],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(ids(text), expected, "{text}");
    }
}

#[test]
fn one_request_of_all_codes_is_told_behind_them() {
    let text =
        "ERROR request_id=aaaa-1111 APIG.1002\n  UC.00000001\nINFO request_id=bbbb-2222 ok\n";

    let ended = pipe(&["explain", "-"], text);

    assert!(
        ended.out.ends_with("\n\nRequest ID: aaaa-1111\n"),
        "{ended:?}"
    );
    assert_eq!(ended.out.matches("Request ID").count(), 1, "{ended:?}");
}

#[test]
fn each_status_is_told_once() {
    let ended = pipe(
        &["explain", "-"],
        "a HTTP/1.1 404\nb HTTP/1.1 500\nc HTTP/1.1 404\n",
    );

    let told = ended.out.lines().filter(|line| line.starts_with("404"));
    assert_eq!(told.count(), 1, "{ended:?}");
}

#[test]
fn a_pasted_text_may_be_utf_16() {
    let text = "\u{feff}{\"error_code\":\"APIG.1002\"}\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();

    let ended = pipe(&["explain", "-"], bytes);

    assert!(ended.out.starts_with("APIG.1002  HTTP 401"), "{ended:?}");
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
