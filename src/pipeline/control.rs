//! What a running scan shows and obeys.

use std::io::{self, PipeWriter, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::input::Wake;

/// Stops a scan and tells how far it is. Shared with whoever watches.
#[derive(Debug)]
pub struct Control {
    stopped: AtomicBool,
    wake: Wake,
    waker: PipeWriter,
    bytes: AtomicU64,
    bytes_read: AtomicU64,
    matches: AtomicU64,
    inputs: AtomicU64,
}

impl Control {
    /// A control that has stopped nothing yet.
    ///
    /// # Errors
    ///
    /// Returns what the system says where it cannot make a pipe.
    pub fn new() -> io::Result<Self> {
        let (wake, waker) = io::pipe()?;
        Ok(Control {
            stopped: AtomicBool::new(false),
            wake: Wake::new(wake),
            waker,
            bytes: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            matches: AtomicU64::new(0),
            inputs: AtomicU64::new(0),
        })
    }

    /// Asks the scan to end after the blocks at hand, also where it waits for input.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Nobody reads this byte: it makes every wait for input end. The pipe has room for it.
        drop((&self.waker).write(b"."));
    }

    /// What ends a wait for input.
    pub fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// Whether the scan was asked to end.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Bytes of inputs read so far, as they are: compressed ones before they are decompressed.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// Bytes of text counted so far.
    pub fn bytes_done(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Matches of known codes so far.
    pub fn matches(&self) -> u64 {
        self.matches.load(Ordering::Relaxed)
    }

    /// Inputs read to their end so far.
    pub fn inputs_done(&self) -> u64 {
        self.inputs.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64, matches: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.matches.fetch_add(matches, Ordering::Relaxed);
    }

    pub(super) fn add_read(&self, bytes: u64) {
        self.bytes_read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn add_input(&self) {
        self.inputs.fetch_add(1, Ordering::Relaxed);
    }
}
