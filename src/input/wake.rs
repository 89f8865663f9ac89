//! Reading that can be woken: a wait for more of a pipe ends when the scan is stopped.

use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use crate::wording::reasons;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Ends every wait of the files that share it, once its pipe holds a byte.
#[derive(Clone, Debug)]
pub struct Wake(Arc<PipeReader>);

impl Wake {
    /// Waits end when something is written to the other end of `pipe`.
    pub fn new(pipe: PipeReader) -> Self {
        Wake(Arc::new(pipe))
    }

    /// Waits until `other` has something to read, at most so long; `true` where it is woken.
    ///
    /// # Errors
    ///
    /// Returns what the system says.
    pub(crate) fn wait_beside(&self, other: &impl AsFd, timeout: Duration) -> io::Result<bool> {
        Ok(self.wait(other, timeout)? == Waited::Woken)
    }

    /// The same, and whether there is something to read.
    pub(super) fn wait(&self, other: &impl AsFd, timeout: Duration) -> io::Result<Waited> {
        let mut waits = [
            PollFd::new(&*self.0, PollFlags::IN),
            PollFd::new(other, PollFlags::IN),
        ];
        let timeout = Timespec::try_from(timeout).ok();
        match poll(&mut waits, timeout.as_ref()) {
            // A signal: whoever waits looks around and waits again.
            Err(Errno::INTR) => return Ok(Waited::Nothing),
            polled => drop(polled?),
        }
        Ok(if !waits[0].revents().is_empty() {
            Waited::Woken
        } else if waits[1].revents().is_empty() {
            Waited::Nothing
        } else {
            Waited::Ready
        })
    }
}

/// How a wait for input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    /// Something can be read, be it the end.
    Ready,
    /// Nothing came in time.
    Nothing,
    /// Somebody said stop.
    Woken,
}

/// A file whose reads do not wait: where there is nothing for now they say [`io::ErrorKind::WouldBlock`].
#[derive(Debug)]
pub(super) struct ReadyFile(pub(super) File);

impl Read for ReadyFile {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut wait = [PollFd::new(&self.0, PollFlags::IN)];
        poll(&mut wait, Some(&Timespec::default()))?;
        if wait[0].revents().is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.0.read(out)
    }
}

/// A file whose reads end with an error when it is woken.
#[derive(Debug)]
pub(crate) struct WakeableFile {
    pub(crate) file: File,
    pub(crate) wake: Wake,
}

impl Read for WakeableFile {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut waits = [
                PollFd::new(&*self.wake.0, PollFlags::IN),
                PollFd::new(&self.file, PollFlags::IN),
            ];
            poll(&mut waits, None)?;
            if !waits[0].revents().is_empty() {
                return Err(io::Error::other(reasons::interrupted()));
            }
            match self.file.read(out) {
                // Another reader of the same pipe was quicker.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}
