//! What clients get, made when one asks and kept for the others.
//!
//! A view holds whatever was printed before it was asked for, and is made by one at a time: who
//! asks meanwhile gets the same. After each making there is a rest of several times as long, so that
//! no number of clients takes more than a part of one processor.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::Shown;
use crate::catalog::Catalog;
use crate::pipeline::live::{Look, Troubles, Unseen};
use crate::sink::{
    Exporter, Reading, ReportFormat, ReportStyle, write_live_page, write_report, write_update,
};
use crate::tally::frequent;
use crate::tally::result::ScanResult;

/// How long the tail may take to answer before clients get what it held last.
const PATIENCE: Duration = Duration::from_secs(1);

/// The least rest after a making.
const REST: Duration = Duration::from_millis(250);

/// How many times as long as the making a rest is at least.
const REST_FACTOR: u32 = 3;

/// Where the page's script listens; `seen` tells what the page itself holds.
pub(super) const EVENTS: &str = "/events";

/// What there is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Metrics,
    Result,
    Page,
    /// An event for the page.
    Update,
}

const KINDS: usize = 4;

/// What a client gets.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) body: Bytes,
    /// Tells this state of the counts from all others, also from those of another run.
    pub(super) tag: String,
}

/// All views of a tail.
#[derive(Debug)]
pub(super) struct Views(Arc<Mutex<Maker>>);

#[derive(Debug)]
struct Maker {
    shown: Shown,
    /// The run's own part of every tag.
    run: String,
    /// When the tail was looked at last, whether or not it answered.
    looked: Option<Instant>,
    /// Why it did not.
    unseen: Option<Unseen>,
    rest_until: Instant,
    seen: Option<Seen>,
}

/// What was seen last.
#[derive(Debug)]
struct Seen {
    version: u64,
    tag: String,
    troubles: Troubles,
    catalog: Arc<Catalog>,
    result: ScanResult,
    bodies: [Option<Bytes>; KINDS],
}

impl Views {
    pub(super) fn new(shown: Shown) -> Self {
        Views(Arc::new(Mutex::new(Maker {
            shown,
            run: format!("{:x}", Timestamp::now().as_nanosecond()),
            looked: None,
            unseen: None,
            rest_until: Instant::now(),
            seen: None,
        })))
    }

    /// A view that was made `since` then, or the last one if the tail is late.
    ///
    /// # Errors
    ///
    /// Returns [`Unseen`] where the tail has never answered.
    pub(super) async fn get(&self, kind: Kind, since: Instant) -> Result<View, Unseen> {
        let mut maker = Arc::clone(&self.0).lock_owned().await;
        let is_late = !maker.has_looked(since);
        if let Some(view) = maker.kept(kind).filter(|_| !is_late) {
            return Ok(view);
        }
        if is_late {
            tokio::time::sleep_until(maker.rest_until.into()).await;
        }
        // Whoever asked may be gone before it is made; it is made for the next one then.
        let made = apart(move || maker.make(kind, since)).await;
        made.unwrap_or(Err(Unseen::Ended))
    }

    /// Whether the tail answers.
    ///
    /// # Errors
    ///
    /// Returns [`Unseen`] where it does not.
    pub(super) async fn ready(&self, since: Instant) -> Result<(), Unseen> {
        let mut maker = Arc::clone(&self.0).lock_owned().await;
        if !maker.has_looked(since) {
            tokio::time::sleep_until(maker.rest_until.into()).await;
            let looked = apart(move || {
                maker.look();
                maker
            });
            maker = looked.await.ok_or(Unseen::Ended)?;
        }
        maker.unseen.map_or(Ok(()), Err)
    }
}

/// Works on the thread that is there for it; `None` where that has ended.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Some(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => None,
        },
    }
}

impl Maker {
    fn has_looked(&self, since: Instant) -> bool {
        self.looked.is_some_and(|looked| looked >= since)
    }

    fn kept(&self, kind: Kind) -> Option<View> {
        let seen = self.seen.as_ref()?;
        let body = seen.bodies[kind as usize].clone()?;
        let tag = seen.tag.clone();
        Some(View { body, tag })
    }

    fn make(&mut self, kind: Kind, since: Instant) -> Result<View, Unseen> {
        if !self.has_looked(since) {
            self.look();
        }
        if self.kept(kind).is_none()
            && let Some(seen) = &mut self.seen
        {
            let began = Instant::now();
            seen.bodies[kind as usize] = Some(seen.rendered(kind, &mut self.shown));
            self.rest(began);
        }
        let unseen = self.unseen.unwrap_or(Unseen::Late);
        self.kept(kind).ok_or(unseen)
    }

    fn look(&mut self) {
        self.looked = Some(Instant::now());
        let looked = self.shown.looker.look(PATIENCE);
        let began = Instant::now();
        self.unseen = looked.as_ref().err().copied();
        let version = self.seen.as_ref().map(|seen| seen.version);
        if let Ok(look) = looked
            && version != Some(look.version)
        {
            let last = self.seen.take().map(|seen| seen.catalog);
            if !last.is_some_and(|last| Arc::ptr_eq(&last, &look.catalog)) {
                self.shown.exporter.use_catalog(&look.catalog);
            }
            self.seen = Some(Seen::new(look, &self.run));
        }
        self.rest(began);
    }

    fn rest(&mut self, began: Instant) {
        let rest = REST.max(began.elapsed() * REST_FACTOR);
        self.rest_until = self.rest_until.max(Instant::now() + rest);
    }
}

impl Seen {
    fn new(look: Look, run: &str) -> Self {
        Seen {
            version: look.version,
            tag: format!("{run}-{}", look.version),
            troubles: look.troubles,
            catalog: Arc::clone(&look.catalog),
            result: look.into_result(),
            bodies: Default::default(),
        }
    }

    fn rendered(&self, kind: Kind, shown: &mut Shown) -> Bytes {
        let result = match shown.min_count {
            0 | 1 => None,
            least => Some(frequent(self.result.clone(), least)),
        };
        let result = result.as_ref().unwrap_or(&self.result);
        let mut out = Vec::new();
        let written = match kind {
            Kind::Metrics => self.write_metrics(&mut out, &mut shown.exporter),
            Kind::Result => write_report(
                &mut out,
                result,
                ReportFormat::Json,
                &ReportStyle::default(),
            ),
            Kind::Page => {
                let events = format!("{EVENTS}?seen={}", self.tag);
                write_live_page(&mut out, result, shown.lang, &events)
            }
            Kind::Update => self.write_event(&mut out, result),
        };
        written.expect("memory takes whatever is written to it");
        out.into()
    }

    fn write_metrics(&self, out: &mut dyn io::Write, exporter: &mut Exporter) -> io::Result<()> {
        let reading = Reading {
            input_errors: self.troubles.unreadable,
            truncations: self.troubles.truncations,
        };
        exporter.write(out, &self.result, reading)
    }

    fn write_event(&self, out: &mut dyn io::Write, result: &ScanResult) -> io::Result<()> {
        write!(out, "id: {}\ndata: ", self.tag)?;
        write_update(out, result)?;
        out.write_all(b"\n\n")
    }
}
