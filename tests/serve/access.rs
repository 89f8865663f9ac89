//! Who may read, and what is refused before anything is read.

use std::net::TcpListener;

use crate::client::{ask, get, listening, request};
use crate::support::{Folder, LINE, run};

const SECRET: &str = "Zm9vYmFyYmF6cXV4";

#[test]
fn an_address_that_others_can_reach_needs_an_option_beside_it() {
    for address in [
        "0.0.0.0:0",
        "[::]:0",
        "192.0.2.1:9184",
        "[::ffff:192.0.2.1]:9184",
    ] {
        let ended = run(&["tail", "--listen", address]);
        let (status, complaint) = ended.complaint();

        assert_eq!(status, Some(2));
        let start = format!("errsift: --listen {address}: other machines could read");
        assert!(complaint.starts_with(&start), "{complaint}");
        assert!(complaint.contains("--token-file FILE") && complaint.contains("--listen-public"));
    }
}

#[test]
fn whoever_asks_for_a_public_address_gets_one() {
    let folder = Folder::new();
    folder.write("token", SECRET);
    for option in [&["--listen-public"][..], &["--token-file", "token"]] {
        let args = [&["tail", "--listen", "0.0.0.0:0"], option].concat();
        let mut tail = crate::process::Tail::start(&folder, &args);

        let line = tail.err_line();
        assert!(
            line.starts_with("errsift: note: listening at http://0.0.0.0:"),
            "{line}"
        );
        assert_eq!(tail.end().status, Some(1));
    }
}

#[test]
fn only_the_secret_opens_what_is_not_public() {
    let folder = Folder::new();
    folder.write("token", format!("{SECRET}\n"));
    let (mut tail, address) = listening(&folder, &["--token-file", "token"]);
    tail.write(LINE);
    tail.line();

    let right = format!("Authorization: Bearer {SECRET}\r\n");
    // What a browser sends for the user "me".
    let password = "Authorization: Basic bWU6Wm05dlltRnlZbUY2Y1hWNA==\r\n";
    for path in ["/", "/metrics", "/api/result", "/events", "/nothing"] {
        for wrong in [
            "",
            "Authorization: Bearer Zm9vYmFyYmF6cXV5\r\n",
            "Authorization: Basic Og==\r\n",
        ] {
            let answer = ask(address, &request(path, wrong));
            assert_eq!(answer.status, 401, "{path} {wrong}");
            assert!(!answer.body.contains("APIG"), "{answer:?}");
            let schemes = answer.header("www-authenticate");
            assert_eq!(
                schemes,
                ["Bearer realm=\"errsift\"", "Basic realm=\"errsift\""]
            );
        }
    }
    for line in [right.as_str(), password] {
        assert_eq!(
            ask(address, &request("/api/result", line)).status,
            200,
            "{line}"
        );
    }
    assert_eq!(get(address, "/healthz").status, 200);
    assert_eq!(get(address, "/readyz").status, 200);
}

#[test]
fn a_page_elsewhere_cannot_read_a_local_address_by_a_name_of_its_own() {
    let folder = Folder::new();
    let (_tail, address) = listening(&folder, &[]);
    for text in [
        "GET /api/result HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/api/result HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        assert_eq!(ask(address, text).status, 421, "{text}");
    }
    let port = address.port();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let text = format!("GET /api/result HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert_eq!(ask(address, &text).status, 200, "{text}");
    }
}

#[test]
fn what_cannot_be_listened_at_ends_the_tail_before_it_begins() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let folder = Folder::new();
    folder.write("short", "secret\n");
    let shown = |args: &[&str]| {
        let ended = folder.run(&[&["tail"], args].concat());
        assert_eq!(ended.status, Some(2), "{ended:?}");
        ended.err
    };
    let usage = "expected an IP address and a port, such as 127.0.0.1:9184";

    let expected = format!("errsift: {taken}: cannot listen there; port 0 takes a free one: ");
    assert!(shown(&["--listen", &taken]).starts_with(&expected));
    for wrong in [
        "9184",
        ":9184",
        "localhost",
        "localhost:x",
        "example.com:80",
        "127.0.0.1:99999",
    ] {
        let complaint = format!("errsift: invalid value '{wrong}' for --listen: {usage}\n");
        assert_eq!(shown(&["--listen", wrong]), complaint);
    }
    let short = shown(&["--listen", "127.0.0.1:0", "--token-file", "short"]);
    assert!(
        short.starts_with("errsift: short: expected one secret of at least 16 "),
        "{short}"
    );
    assert!(!short.contains("secret\n"));
    let none = shown(&["--listen", "127.0.0.1:0", "--token-file", "none"]);
    assert!(
        none.starts_with("errsift: none: cannot be opened: "),
        "{none}"
    );
    assert!(shown(&["--token-file", "short"]).contains("--listen"));
    assert!(shown(&["--listen-public"]).contains("--listen"));
}
