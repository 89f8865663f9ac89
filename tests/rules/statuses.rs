//! The HTTP status that a line states for a code.

use super::*;

fn assert_observed(expected: Option<u16>, texts: &[&str]) {
    for text in texts {
        assert_eq!(
            only(format!("{text} APIG.1002")).observed_status,
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_response_line_states_it() {
    assert_observed(
        Some(403),
        &[
            "HTTP/1.1 403",
            r#""GET / HTTP/1.1" 403 12"#,
            r#"\"GET / HTTP/1.1\" 403 12"#,
            r#"\\\"GET / HTTP/1.1\\\" 403 12"#,
            "HTTP/2 403",
            "HTTP/2.0   403",
            "GET / HTTP/1.1' 403",
        ],
    );
    assert_observed(
        None,
        &[
            "HTTP/1.1403",
            "HTTP/1.1",
            "HTTP/ 403",
            "http/1.1 403",
            "HTTP/1.1\"\" 403",
            "HTTP/1.1\"403",
            "HTTP/1.1 OK 403",
            "HTTP/1.1: 403",
        ],
    );
}

#[test]
fn keys_state_it() {
    assert_observed(
        Some(403),
        &[
            "status=403",
            r#""status_code":403"#,
            "StatusCode: 403",
            "Status Code: 403",
            "Status Code 403",
            "HTTP Status: 403",
            "HTTP Status 403",
            "HTTP Code 403",
            "HTTP Status Code 403",
            "httpCode=403",
            r#"{"httpStatus":"403"}"#,
            r#"{\"http_status\":\"403\"}"#,
            "http-status-code -> 403",
            "http.status_code:403",
            "responseCode: 403",
            "response_status=403",
            r#""code":403"#,
            "Code: 403",
            "状态码: 403",
            "状态码：403",
            "HTTP状态码【=403】",
            "status[403]",
            "<status>403</status>",
            "status%3D403%26",
            "status=403.",
            "status=Some(403)",
            "but got 403 instead",
            r#"{"\u72b6\u6001\u7801": 403}"#,
            "HTTP 403",
            "HTTP Error 403: x",
            "unexpected response code 403",
            r#""http.response.status_code":403"#,
            "resp.StatusCode=403",
            "upstream_status=403",
            "[403 Forbidden] during [POST]",
            "403 Client Error: Forbidden for url",
        ],
    );
    assert_observed(
        None,
        &[
            "403",
            "status 403",
            "code 403",
            "xstatus=403",
            "my.status=403",
            "statuses=403",
            r#""code":"403""#,
            "exit code: 403",
            "Exit Code: 403",
            "zip code: 403",
            "postal code=403",
            "country code=403",
            "area  code=403",
            "signal code: 403",
            "status == 403",
            "status >= 403",
            "status != 403",
            "status<>403",
            "<status>OK</status> 403",
            "exit status: 101",
            "return code: 137",
            "code=exited, status=203/EXEC",
            "GET /?status=403",
            "GET /?a=b&code=403",
            "403 Forbiddenness",
            "405 Gone",
            "/403 Forbidden",
            "status=4030",
            "status=40",
            "status=099",
            "status=600",
            "status=403.5",
            "status=403ms",
            "status=x403",
            "状态码 403",
            "but got 403",
            "got 403 instead",
            "Status\tx Code 403",
        ],
    );
}

#[test]
fn a_word_that_only_resembles_an_excluded_one_excludes_nothing() {
    assert_observed(
        Some(403),
        &[
            "error code: 403",
            "exit: code: 403",
            "exit, code=403",
            "nonexit code: 403",
            r#"exit "code": 403"#,
        ],
    );
}

#[test]
fn the_nearest_before_wins_else_the_nearest_after() {
    let observed = |text: &str| only(text).observed_status;
    assert_eq!(
        observed("status=401 status=403 APIG.1002 status=500"),
        Some(403)
    );
    assert_eq!(observed("APIG.1002 status=500 status=403"), Some(500));
    assert_eq!(observed("APIG.1002\nstatus=500"), None);
}

#[test]
fn the_code_itself_is_no_status() {
    assert_eq!(only(r#"{"code":404}"#).observed_status, None);
    assert_eq!(
        only(r#"{"status":403,"code":404}"#).observed_status,
        Some(403)
    );
}

#[test]
fn a_status_counts_within_64_kib() {
    let text = |bytes: usize| format!("status=403{}APIG.1002 status=500", " ".repeat(bytes));
    assert_eq!(only(text(65_536)).observed_status, Some(403));
    assert_eq!(only(text(65_537)).observed_status, Some(500));
}
