//! Follows inputs: counts what comes, shows it in order, and keeps a running total.
//!
//! One thread reads, some match, and the caller's thread coordinates: everything that lasts
//! is its own. Workers travel with their blocks, so that between blocks all counts are in its hands.
//! A part of the counting ends only there: it holds exactly what was handed out before.

mod feed;
mod job;
mod ledger;
mod look;
mod run;
mod shift;
mod watcher;

use std::io;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, never};

use super::{Control, Outcome, Setup};
use crate::catalog::Catalog;
use crate::matcher::Matcher;
use crate::state::State;
use crate::tally::result::ScanResult;

pub use feed::Feed;
pub use look::{Look, Looker, Looks, Troubles, Unseen, looking};
pub use watcher::{Wants, Watcher};

use run::Run;
use shift::{Asked, Next};

/// Jobs for each matching thread: one being matched, one waiting.
const JOBS_PER_THREAD: usize = 2;

/// A catalogue with its matcher.
#[derive(Clone, Debug)]
pub struct Codes {
    /// The catalogue.
    pub catalog: Catalog,
    /// A matcher for its codes.
    pub matcher: Matcher,
}

/// Hands a new catalogue to a running tail.
#[derive(Clone, Debug)]
pub struct Reloader(Sender<Codes>);

/// Where a tail receives new catalogues.
#[derive(Clone, Debug)]
pub struct Reloads(Receiver<Codes>);

/// A way to give a tail new catalogues.
pub fn reloading() -> (Reloader, Reloads) {
    let (sender, receiver) = bounded(0);
    (Reloader(sender), Reloads(receiver))
}

impl Reloader {
    /// Waits until the tail takes `codes`; `false` where it has ended.
    pub fn replace(&self, codes: Codes) -> bool {
        self.0.send(codes).is_ok()
    }
}

/// What a tail does beside counting and showing.
#[derive(Debug, Default)]
pub struct TailOptions {
    /// How often the watcher gets all counts.
    pub interval: Option<Duration>,
    /// Where counts are committed with the positions they belong to.
    pub state: Option<State>,
    /// What was counted before, to which is added.
    pub total: Option<ScanResult>,
    /// Where others ask to look at all counts.
    pub looks: Option<Looks>,
}

/// Counts the codes in `feed` until it ends or `control` says stop, and shows them to `watcher`.
///
/// With each of the `reloads` the counting goes on under the new catalogue; what was read before
/// is counted under the old one.
///
/// # Errors
///
/// Returns what `watcher` returns first. What was read until then is counted.
pub fn tail(
    setup: &Setup,
    feed: Feed,
    control: &Control,
    mut options: TailOptions,
    reloads: Reloads,
    watcher: &mut dyn Watcher,
) -> io::Result<Outcome> {
    let jobs = setup.threads.saturating_sub(1).max(1) * JOBS_PER_THREAD;
    // One more is being filled, and one waits.
    let (empty_sender, empty) = super::empty_blocks(jobs + 2);
    let (out, readings) = bounded(1);
    let asked = Asked {
        reloads: reloads.0,
        looks: options.looks.take().map_or_else(never, |looks| looks.0),
    };
    std::thread::scope(|scope| {
        let _stopped_by_a_panic = Stopping(control);
        let reader = scope.spawn(move || feed.read(control, &empty, &out));
        let mut run = Run::new(setup, control, options, readings, empty_sender, watcher);
        let mut codes = None::<Codes>;
        loop {
            let now = match &codes {
                None => setup.clone(),
                Some(Codes { catalog, matcher }) => Setup {
                    catalog,
                    matcher,
                    ..setup.clone()
                },
            };
            match shift::work(&now, &mut run, &asked, jobs) {
                Next::Ended => {
                    let outcome = run.outcome(&now);
                    super::join(reader);
                    return outcome;
                }
                Next::Replaced(new) => codes = Some(*new),
            }
        }
    })
}

/// Ends the reading where the coordinating panics.
struct Stopping<'c>(&'c Control);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}
