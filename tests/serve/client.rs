//! A tail that listens, and a client that asks it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use errsift::tally::result::ScanResult;

use crate::process::Tail;
use crate::support::Folder;

/// Far longer than anything takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What stands before the address.
const LISTENING: &str = "errsift: note: listening at http://";

/// A tail of standard input that listens at a free port, with more arguments.
pub fn listening(folder: &Folder, args: &[&str]) -> (Tail, SocketAddr) {
    let args = [&["tail", "--listen", "127.0.0.1:0"], args].concat();
    let mut tail = Tail::start(folder, &args);
    let address = address_of(&tail.err_line());
    (tail, address)
}

/// The address in the line that tells it.
pub fn address_of(line: &str) -> SocketAddr {
    let address = line.strip_prefix(LISTENING);
    let address = address.unwrap_or_else(|| panic!("{line}"));
    address.trim_end().trim_end_matches('/').parse().unwrap()
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// The values of a header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

/// A connection that has sent `text` and nothing more.
pub fn sent(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

/// A request for `path` with more lines in its head, each with its end.
pub fn request(path: &str, lines: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n")
}

/// Sends `request`, and reads until the server closes the connection.
pub fn ask(address: SocketAddr, request: &str) -> Answer {
    let mut text = Vec::new();
    sent(address, request).read_to_end(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{text:?}"));
    let status = head.split(' ').nth(1).unwrap();
    Answer {
        status: status.parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, &request(path, ""))
}

/// What `/api/result` shows.
pub fn result(address: SocketAddr) -> ScanResult {
    let answer = get(address, "/api/result");
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

/// The value of a metric, which is written with its labels.
pub fn metric(address: SocketAddr, name: &str) -> Option<u64> {
    let answer = get(address, "/metrics");
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut lines = answer.body.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    Some(value.parse().unwrap())
}

/// A stream of events.
pub struct Events(BufReader<TcpStream>);

/// One event: its id and its data.
#[derive(Debug)]
pub struct Event {
    pub id: String,
    pub result: ScanResult,
}

impl Events {
    /// Follows the events at `path`, with more lines in the head of the request.
    pub fn follow(address: SocketAddr, path: &str, lines: &str) -> Events {
        let mut events = Events(BufReader::new(sent(address, &request(path, lines))));
        while events.line() != "\r\n" {}
        events
    }

    /// The next event; what comes in between says nothing.
    pub fn next(&mut self) -> Event {
        let id = self.find("id: ");
        let data = self.find("data: ");
        Event {
            id,
            result: serde_json::from_str(&data).unwrap_or_else(|error| panic!("{error}: {data}")),
        }
    }

    /// The next line, of whatever kind.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(
            self.0.read_line(&mut line).unwrap(),
            0,
            "the stream has ended"
        );
        line
    }

    fn find(&mut self, start: &str) -> String {
        loop {
            let line = self.line();
            if let Some(rest) = line.strip_prefix(start) {
                return rest.trim_end().to_owned();
            }
        }
    }
}
