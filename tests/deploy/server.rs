//! A real Prometheus, and something for it to scrape.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::path;

/// How long Prometheus may take to come up, load its history and scrape.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers every request with the same metrics.
pub struct Exporter {
    pub address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Exporter {
    pub fn serve(metrics: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if !asks_for_metrics(&mut stream) {
                    return;
                }
                let head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\r\n";
                // Prometheus may have given up.
                let _ = stream.write_all(format!("{head}{metrics}").as_bytes());
            }
        });
        Exporter {
            address,
            thread: Some(thread),
        }
    }
}

/// Whether a whole request has come, and not the end of the test.
fn asks_for_metrics(stream: &mut TcpStream) -> bool {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return false,
            Ok(len) => request.extend_from_slice(&part[..len]),
        }
    }
    true
}

impl Drop for Exporter {
    fn drop(&mut self) {
        if let Ok(stream) = TcpStream::connect(self.address) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
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

    /// The samples of an expression now.
    pub fn query(&self, expr: &str) -> Vec<Value> {
        let target = format!("/api/v1/query?query={}", encoded(expr));
        let answer = self.get(&target).unwrap_or_default();
        assert_eq!(answer["status"], "success", "{expr}\n{answer:#}");
        answer["data"]["result"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    fn get(&self, target: &str) -> Option<Value> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        write!(
            stream,
            "GET {target} HTTP/1.0\r\nHost: {}\r\n\r\n",
            self.address
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        serde_json::from_str(body).ok()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `text` as a part of a URL's query.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
