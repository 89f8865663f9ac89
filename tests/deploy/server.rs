//! A real Prometheus, and a real tail of a log that is written for it to scrape.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::support::path;

/// How long Prometheus may take to come up, load its history and scrape.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tail that follows a log and can be scraped; it ends with the test.
pub struct Tail {
    child: Child,
    pub address: SocketAddr,
    /// Read no further, but closed no earlier than the tail ends.
    _said: BufReader<ChildStderr>,
}

impl Tail {
    pub fn follow(log: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_errsift"))
            .args(["tail", "-q", "--listen", "127.0.0.1:0", "--from", "start"])
            .arg(log)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut note = String::new();
        said.read_line(&mut note).unwrap();
        let (_, address) = note.trim_end().split_once("http://").unwrap();
        Tail {
            address: address.trim_end_matches('/').parse().unwrap(),
            child,
            _said: said,
        }
    }

    /// Waits until what Prometheus gets holds this.
    pub fn wait_for(&self, text: &str) {
        let begin = Instant::now();
        while !self.metrics().contains(text) {
            assert!(begin.elapsed() < PATIENCE, "{}", self.metrics());
        }
    }

    /// What Prometheus gets.
    pub fn metrics(&self) -> String {
        get(self.address, "/metrics").unwrap()
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes the same text to a log again and again, at an even pace.
pub struct Writer {
    stop: Sender<()>,
    thread: JoinHandle<()>,
    written: Arc<Mutex<Vec<SystemTime>>>,
}

impl Writer {
    pub fn start(mut log: File, text: &'static str, pace: Duration) -> Self {
        let (stop, stopped) = channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let times = Arc::clone(&written);
        let thread = thread::spawn(move || {
            let begin = Instant::now();
            for turn in 0.. {
                let due = (begin + pace * turn).saturating_duration_since(Instant::now());
                if stopped.recv_timeout(due) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
                log.write_all(text.as_bytes()).unwrap();
                times.lock().unwrap().push(SystemTime::now());
            }
        });
        Writer {
            stop,
            thread,
            written,
        }
    }

    /// How often it has written within `span` before `end`.
    pub fn written_within(&self, span: Duration, end: SystemTime) -> usize {
        let written = self.written.lock().unwrap();
        let is_within = |time: &&SystemTime| **time <= end && **time > end - span;
        written.iter().filter(is_within).count()
    }

    /// Stops it; how often it has written.
    pub fn stop(self) -> usize {
        drop(self.stop);
        self.thread.join().unwrap();
        self.written.lock().unwrap().len()
    }
}

/// A Prometheus with the rules of `deploy/`, which ends with the test.
pub struct Prometheus {
    child: Child,
    address: SocketAddr,
}

impl Prometheus {
    /// Starts in `folder`, where `data` may hold a history, and scrapes `target` as the job `errsift`.
    pub fn start(folder: &Path, target: SocketAddr) -> Self {
        let rules = path("prometheus");
        let rules = rules.display();
        let config = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
             rule_files: ['{rules}/recording.yml', '{rules}/alerts.yml']\n\
             scrape_configs: [{{job_name: errsift, static_configs: [{{targets: ['{target}']}}]}}]\n"
        );
        fs::write(folder.join("prometheus.yml"), config).unwrap();
        // It takes no port 0 and tells no port: one that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let log = fs::File::create(folder.join("log")).unwrap();
        let child = Command::new("prometheus")
            .args([
                "--config.file",
                "prometheus.yml",
                "--storage.tsdb.path",
                "data",
            ])
            .args(["--web.listen-address", &address.to_string()])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Prometheus { child, address }
    }

    /// Asks until `is_enough`; Prometheus tells nobody by itself.
    pub fn wait(&self, target: &str, is_enough: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let answer = self.get(target).unwrap_or_default();
            if is_enough(&answer) {
                return answer;
            }
            assert!(begin.elapsed() < PATIENCE, "{target}: {answer:#}");
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Waits until an expression, a comparison say, has samples.
    pub fn wait_for(&self, expr: &str) {
        let target = format!("/api/v1/query?query={}", encoded(expr));
        self.wait(&target, |answer| answer["data"]["result"][0].is_object());
    }

    /// The samples of an expression now.
    pub fn query(&self, expr: &str) -> Vec<Value> {
        self.query_at(expr, SystemTime::now())
    }

    /// The samples of an expression then.
    pub fn query_at(&self, expr: &str, time: SystemTime) -> Vec<Value> {
        let time = time.duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let target = format!("/api/v1/query?query={}&time={time:.3}", encoded(expr));
        let answer = self.get(&target).unwrap_or_default();
        assert_eq!(answer["status"], "success", "{expr}\n{answer:#}");
        answer["data"]["result"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    fn get(&self, target: &str) -> Option<Value> {
        serde_json::from_str(&get(self.address, target)?).ok()
    }
}

/// The body of what is answered at `address`.
fn get(address: SocketAddr, target: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {target} HTTP/1.0\r\nHost: {address}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some(body.to_owned())
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `text` as a part of a URL's query.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
