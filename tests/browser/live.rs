//! The live page: one result after another, while somebody reads.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::{fs, iter};

use crossbeam_channel::{Receiver, unbounded};
use errsift::catalog::Lang;
use errsift::sink::{write_live_page, write_update};
use errsift::tally::result::ScanResult;

use crate::chrome::Chrome;
use crate::pages::{big_result, leavings};
use crate::use_it::listed;

fn result(count: u64) -> ScanResult {
    let mut result: ScanResult = serde_json::from_value(big_result(12, 8)).unwrap();
    result.codes[0].count = count;
    result.totals.matches = count;
    result
}

fn head(stream: &mut TcpStream, kind: &str) -> io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
    )
}

/// Answers one connection: the page at `/`, and at `/events` whatever comes from `updates`.
///
/// When no more can come, a request for `/events` gets no answer, as from a server that is gone.
fn answer(mut stream: TcpStream, updates: &Receiver<Vec<u8>>) -> io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    if request.starts_with("GET / ") {
        head(&mut stream, "text/html; charset=utf-8")?;
        write_live_page(&mut stream, &result(1), Lang::En, "/events")?;
    } else if request.starts_with("GET /events ")
        && let Ok(first) = updates.recv()
    {
        head(&mut stream, "text/event-stream")?;
        for update in iter::once(first).chain(updates) {
            stream.write_all(&[b"data: ", &update[..], b"\n\n"].concat())?;
        }
    }
    Ok(())
}

/// Serves each connection in a thread of its own: a browser opens some that it closes again, or keeps for later,
/// without a request.
fn serve(listener: TcpListener, updates: Receiver<Vec<u8>>) {
    for stream in listener.incoming() {
        let updates = updates.clone();
        std::thread::spawn(move || {
            if let Err(error) = stream.and_then(|stream| answer(stream, &updates)) {
                eprintln!("a connection of the browser ended early: {error}");
            }
        });
    }
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_live_page_shows_each_result_and_keeps_what_its_reader_chose() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (send, updates) = unbounded();
    std::thread::spawn(move || serve(listener, updates));
    let chrome = Chrome::new(1280, 900);

    chrome.open(&address);
    chrome.click("input[type=search]");
    chrome.type_text("Big.00000");
    let mut update = Vec::new();
    write_update(&mut update, &result(4321)).unwrap();
    send.send(update).unwrap();
    chrome.await_true("document.querySelector('#codes td.count b').textContent === '4,321'");

    assert_eq!(chrome.count("#codes tbody tr"), 1, "still searched for");
    assert_eq!(chrome.eval("document.activeElement.value"), "Big.00000");
    assert!(chrome.text("#live").starts_with("Live, updated "));
    assert!(chrome.count(".drawing polygon") > 5);
    assert_eq!(chrome.complaints(&address), [""; 0]);

    drop(send);
    chrome.await_true("document.querySelector('#live').className === 'lost'");
    assert!(chrome.text("#live").starts_with("Connection lost at "));
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn the_page_of_a_listening_tail_shows_what_is_written() {
    let line = "2026-11-22T10:00:00Z ERROR {\"error_code\":\"APIG.1002\"}\n";
    let mut tail = Command::new(env!("CARGO_BIN_EXE_errsift"))
        .args(["tail", "-q", "--listen", "127.0.0.1:0", "--lang", "zh"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = tail.stdin.take().unwrap();
    let mut said = BufReader::new(tail.stderr.take().unwrap());
    let mut note = String::new();
    said.read_line(&mut note).unwrap();
    let address = note.trim_end().rsplit(' ').next().unwrap();
    let chrome = Chrome::new(1280, 900);

    chrome.open(address);
    assert_eq!(chrome.count("#codes tbody tr"), 0);
    log.write_all(line.as_bytes()).unwrap();
    let shows = |count: &str| {
        let cell = "document.querySelector('#codes td.count b')?.textContent";
        chrome.await_true(&format!("{cell} === '{count}'"));
    };
    shows("1");
    log.write_all(line.repeat(1999).as_bytes()).unwrap();
    shows("2,000");

    assert_eq!(chrome.text("#codes a.code"), "APIG.1002");
    assert_eq!(chrome.eval("document.documentElement.lang"), "zh-CN");
    assert!(chrome.count(".drawing polygon") > 0);
    log.write_all(line.replace("1002", "1000").as_bytes())
        .unwrap();
    chrome.await_true("document.querySelectorAll('#codes tbody tr').length === 2");
    assert_eq!(listed(&chrome), ["APIG.1002", "APIG.1000"]);
    chrome.click("th[data-key=code] button");
    assert_eq!(listed(&chrome), ["APIG.1000", "APIG.1002"]);
    chrome.click("#language button");
    assert_eq!(chrome.text("#first > h2"), "What to do first");
    chrome.click("input[type=search]");
    chrome.type_text("1002");
    assert_eq!(listed(&chrome), ["APIG.1002"]);
    for (name, width, mobile) in [("live", 1280, false), ("live-phone", 390, true)] {
        chrome.resize(width, 900, mobile);
        chrome.eval("scrollTo(0, 0)");
        let shot = chrome.screenshot("png", None);
        fs::write(leavings().join(format!("{name}.png")), shot).unwrap();
    }
    assert_eq!(chrome.complaints(address), [""; 0]);

    drop(log);
    tail.wait().unwrap();
    chrome.await_true("document.querySelector('#live').className === 'lost'");
}
