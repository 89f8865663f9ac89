//! Clients that stall, trickle, crowd and vanish.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Events, get, listening, request, result, sent};
use crate::support::{Folder, LINE};

/// Far less than any client's time, far more than an answer takes.
const SOON: Duration = Duration::from_secs(3);

/// Whether the server ends the connection, whatever it sent before.
fn is_ended(mut stream: TcpStream) -> bool {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

#[test]
fn a_request_that_never_comes_to_its_end_is_not_waited_for() {
    let folder = Folder::new();
    let (_tail, address) = listening(&folder, &[]);
    let silent = sent(address, "");
    let halted = sent(address, "GET / HTTP/1.1\r\nHost: local");
    let mut trickling = sent(address, "GET / HTTP/1.1\r\n");
    let began = Instant::now();
    // A header every half second, as a slow client would.
    let ended = loop {
        std::thread::sleep(Duration::from_millis(500));
        if trickling.write_all(b"X-A: b\r\n").is_err() {
            break began.elapsed();
        }
    };

    assert!(ended < Duration::from_secs(20), "{ended:?}");
    assert!(is_ended(silent) && is_ended(halted));
}

#[test]
fn stalled_clients_hold_up_neither_the_tail_nor_others() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson", "--samples", "1000"]);
    let requests = [
        "",
        "GET / HTT",
        &request("/", ""),
        &request("/events", ""),
        &request("/api/result", ""),
    ];
    let stalled: Vec<_> = (0..50)
        .map(|n| sent(address, requests[n % requests.len()]))
        .collect();

    for count in 1..=20 {
        let began = Instant::now();
        tail.write(LINE.repeat(100));
        (0..100).for_each(|_| assert!(tail.line().ends_with("}\n")));
        assert_eq!(result(address).totals.matches, count * 100);
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    }
    assert_eq!(stalled.len(), 50);
}

#[test]
fn whoever_has_been_there_longest_makes_room() {
    let folder = Folder::new();
    let (_tail, address) = listening(&folder, &[]);
    let mut events = Events::follow(address, "/events", "");
    events.next();
    let mut crowd: Vec<_> = (0..300).map(|_| sent(address, "GET / HT")).collect();

    let began = Instant::now();
    assert_eq!(get(address, "/healthz").body, "ok\n");
    assert_eq!(get(address, "/api/result").status, 200);
    assert!(is_ended(crowd.swap_remove(0)));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

#[test]
fn a_crowd_that_follows_events_leaves_room_for_others() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    let mut crowd: Vec<_> = (0..100)
        .map(|_| Events::follow(address, "/events", ""))
        .collect();
    tail.write(LINE);
    tail.line();

    assert_eq!(result(address).totals.matches, 1);
    let last = crowd.last_mut().unwrap();
    while last.next().result.totals.matches == 0 {}
}

#[test]
fn clients_that_vanish_leave_nothing_behind() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-q"]);
    tail.write(LINE);
    while result(address).totals.matches == 0 {}
    for round in 0..200 {
        drop(sent(
            address,
            &request(["/", "/events", "/api/result"][round % 3], ""),
        ));
    }
    assert_eq!(result(address).totals.matches, 1);
    let ended = tail.end();
    assert_eq!(ended.status, Some(0), "{ended:?}");
}

#[test]
fn a_tail_that_cannot_print_is_not_ready_but_answers() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    tail.write(LINE);
    tail.line();
    assert_eq!(result(address).totals.matches, 1);

    // More than the pipe takes: nobody reads what is printed, and so the tail waits.
    tail.write(LINE.repeat(500));
    let began = Instant::now();
    while get(address, "/readyz").status == 200 {
        assert!(began.elapsed() < Duration::from_secs(30));
    }
    let late = get(address, "/readyz");
    assert_eq!(late.status, 503);
    assert!(
        late.body.starts_with("the tail is not reading: "),
        "{late:?}"
    );
    assert_eq!(get(address, "/healthz").status, 200);
    assert!(result(address).totals.matches >= 1, "what was counted last");

    (0..500).for_each(|_| drop(tail.line()));
    assert_eq!(result(address).totals.matches, 501);
    assert_eq!(get(address, "/readyz").status, 200);
}
