//! A tail that has much to do, much asked of it, and clients that stall.

use std::io::{BufRead, BufReader, Write, copy, sink};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use crate::client::{Events, address_of, get, request, result, sent};
use crate::process::wait_until;
use crate::support::Folder;

const LINES_PER_SECOND: usize = 50_000;
const SECONDS: usize = 20;
const LINES: usize = LINES_PER_SECOND * SECONDS;

/// How often lines are written, and how many then.
const TICK: Duration = Duration::from_millis(10);
const LINES_PER_TICK: usize = LINES_PER_SECOND / 100;

/// One of so many lines holds a code.
const LINES_PER_MATCH: usize = 10;

/// So many that each has the time to wait for its answer, of which a few a second are made.
const SCRAPERS: usize = 25;
const SCRAPES_PER_SECOND: usize = 50;
const STALLED: usize = 50;

/// How long a client stalls before another takes its place: less than any time the server gives it.
const STALL: Duration = Duration::from_secs(4);

/// What is bearable, from when a line was due to be written to when it was printed.
const BOUND: Duration = Duration::from_millis(100);

/// The codes of the built-in catalogue.
fn codes() -> Vec<String> {
    let catalog = errsift::catalog::Catalog::builtin().unwrap();
    let entries = catalog.entries().iter();
    let vendors = entries.filter(|entry| !entry.is_http_status());
    vendors.map(|entry| entry.code.to_string()).collect()
}

/// The lines of one tick, of which every tenth holds one of the codes in turn.
fn lines(codes: &[String], tick: usize) -> String {
    let first = tick * LINES_PER_TICK;
    let line = |number: usize| match number % LINES_PER_MATCH {
        0 => {
            let code = &codes[number / LINES_PER_MATCH % codes.len()];
            format!(
                "2026-11-22T10:00:00Z ERROR request {number} failed: HTTP/1.1 403 {{\"error_code\":\"{code}\"}}\n"
            )
        }
        _ => {
            format!("2026-11-22T10:00:00Z INFO request {number} took 17 ms, nothing to see here\n")
        }
    };
    (first..first + LINES_PER_TICK).map(line).collect()
}

/// Reads what is printed, and how long after the line was due that was.
fn read_events(out: impl BufRead, start: Instant) -> Vec<Duration> {
    out.lines()
        .map(|line| {
            let line = line.unwrap();
            let (_, number) = line.split_once("ERROR request ").unwrap();
            let number: usize = number.split(' ').next().unwrap().parse().unwrap();
            let tick = u32::try_from(number / LINES_PER_TICK).unwrap();
            start.elapsed().saturating_sub(TICK * tick)
        })
        .collect()
}

/// Asks again and again, and tells how long each answer took.
fn scrape(address: SocketAddr, start: Instant, running: &AtomicBool) -> Vec<Duration> {
    let every = Duration::from_secs(1) * u32::try_from(SCRAPERS).unwrap();
    let every = every / u32::try_from(SCRAPES_PER_SECOND).unwrap();
    let mut due = start;
    let mut times = Vec::new();
    while running.load(Ordering::Relaxed) {
        sleep(due.saturating_duration_since(Instant::now()));
        due += every;
        let asked = Instant::now();
        assert_eq!(get(address, "/metrics").status, 200);
        times.push(asked.elapsed());
    }
    times
}

/// Keeps clients that send half a request, or read nothing of an answer.
fn stall(address: SocketAddr, running: &AtomicBool) {
    let requests = [
        "",
        "GET / HTTP/1.1\r\nX-A: ",
        &request("/", ""),
        &request("/events", ""),
    ];
    while running.load(Ordering::Relaxed) {
        let open = |n: usize| sent(address, requests[n % requests.len()]);
        let mut clients: Vec<TcpStream> = (0..STALLED).map(open).collect();
        let began = Instant::now();
        while began.elapsed() < STALL && running.load(Ordering::Relaxed) {
            sleep(Duration::from_millis(100));
            for client in clients.iter_mut().skip(1).step_by(requests.len()) {
                client.write_all(b"b").unwrap();
            }
        }
    }
}

/// The time that all but the hundredth part take at most, and half of them.
fn p99_and_p50(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() * 99 / 100], times[times.len() / 2])
}

#[test]
#[ignore = "a measurement; run by .ci/run"]
fn fifty_scrapes_a_second_and_fifty_stalled_clients_cost_a_busy_tail_nothing() {
    let folder = Folder::new();
    let mut child = folder
        .command(&["tail", "--listen", "127.0.0.1:0", "-f", "ndjson"])
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    let address = address_of(&line);
    // The table at the end is more than a pipe holds.
    let draining = spawn(move || copy(&mut err, &mut sink()).unwrap());
    let codes = codes();
    let running = Arc::new(AtomicBool::new(true));
    let with_running = |work: fn(SocketAddr, &AtomicBool)| {
        let running = Arc::clone(&running);
        spawn(move || work(address, &running))
    };
    let stalling = with_running(stall);
    let following = with_running(|address, running| {
        let mut events = Events::follow(address, "/events", "");
        while running.load(Ordering::Relaxed) {
            events.next();
        }
    });

    let start = Instant::now();
    let reading = spawn(move || read_events(out, start));
    let scraping: Vec<_> = (0..SCRAPERS)
        .map(|_| {
            let running = Arc::clone(&running);
            spawn(move || scrape(address, start, &running))
        })
        .collect();
    for tick in 0..LINES / LINES_PER_TICK {
        let text = lines(&codes, tick);
        let due = start + TICK * u32::try_from(tick).unwrap();
        sleep(due.saturating_duration_since(Instant::now()));
        stdin.write_all(text.as_bytes()).unwrap();
    }
    let took = start.elapsed();
    wait_until(|| result(address).totals.lines == LINES as u64);
    let shown = result(address);
    running.store(false, Ordering::Relaxed);
    stalling.join().unwrap();
    let mut scrapes: Vec<_> = scraping
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    // The last update is awaited by who follows.
    stdin.write_all(b"the end\n").unwrap();
    following.join().unwrap();
    drop(stdin);
    let mut waits = reading.join().unwrap();
    draining.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));

    assert_eq!(shown.totals.matches, (LINES / LINES_PER_MATCH) as u64);
    assert_eq!(waits.len(), LINES / LINES_PER_MATCH, "printed");
    let most = waits.iter().max().copied().unwrap();
    let (p99, p50) = p99_and_p50(&mut waits);
    let (scrape_p99, scrape_p50) = p99_and_p50(&mut scrapes);
    println!(
        "{LINES} lines of {} codes in {took:?}: due to printed p50 {p50:?}, p99 {p99:?}, most {most:?}; \
         {} scrapes p50 {scrape_p50:?}, p99 {scrape_p99:?}; {STALLED} clients stalled",
        codes.len(),
        scrapes.len()
    );
    let scraped = scrapes.len() as f64 / took.as_secs_f64();
    assert!(
        scraped >= 0.9 * SCRAPES_PER_SECOND as f64,
        "{scraped} scrapes a second"
    );
    assert!(p99 <= BOUND, "p99 {p99:?}");
}
