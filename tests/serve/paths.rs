//! What is answered at each path, and what is not.

use crate::client::{ask, get, listening, request};
use crate::support::{Folder, LINE};

/// The paths with their content types.
const PATHS: [(&str, &str); 5] = [
    ("/metrics", "text/plain; version=0.0.4"),
    ("/", "text/html; charset=utf-8"),
    ("/api/result", "application/json"),
    ("/healthz", "text/plain; charset=utf-8"),
    ("/readyz", "text/plain; charset=utf-8"),
];

#[test]
fn every_path_is_answered_with_its_type_and_kept_nowhere() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &[]);
    tail.write(LINE);
    tail.line();

    for (path, content_type) in PATHS {
        let answer = get(address, path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        for (name, value) in [
            ("content-type", content_type),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), [value], "{path}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy[0].contains("frame-ancestors 'none'"), "{policy:?}");
        assert_eq!(answer.header("access-control-allow-origin"), [""; 0]);
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), [length], "{path}");
    }
}

#[test]
fn what_is_asked_wrongly_is_told_what_was_expected() {
    let folder = Folder::new();
    let (_tail, address) = listening(&folder, &[]);
    for path in [
        "/nothing",
        "/api",
        "/api/result/",
        "//",
        "/../etc/passwd",
        "/%2e%2e",
    ] {
        let answer = get(address, path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.starts_with("expected /, "), "{answer:?}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let request = format!("{method} /api/result HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let answer = ask(address, &request);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, vec!["GET, HEAD"])
        );
    }
    let many = "X-A: b\r\n".repeat(100);
    let long = format!("X-A: {}\r\n", "b".repeat(64 * 1024));
    for (text, status) in [
        (String::from("\0\0\0\r\n\r\n"), 400),
        (String::from("GET / HTTP/3.0\r\n\r\n"), 400),
        (request("/healthz", &many), 431),
        (request("/healthz", &long), 431),
    ] {
        let start: String = text.chars().take(60).collect();
        assert_eq!(ask(address, &text).status, status, "{start:?}");
    }
    assert_eq!(get(address, "/healthz").body, "ok\n", "after all that");
}

#[test]
fn a_head_is_the_answer_without_its_body() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &[]);
    tail.write(LINE);
    tail.line();
    for (path, _) in PATHS {
        let whole = get(address, path);
        let head = ask(
            address,
            &format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        );

        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(
            head.header("content-length"),
            whole.header("content-length")
        );
    }
}

#[test]
fn it_listens_as_long_as_the_tail_runs_and_no_longer() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-q"]);
    tail.write(LINE);
    assert_eq!(get(address, "/readyz").body, "ready\n");

    let ended = tail.end();

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(std::net::TcpStream::connect(address).is_err());
}
