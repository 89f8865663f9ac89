//! Reading that can be woken: a wait for more of a pipe ends when the scan is stopped.

use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, poll};

/// Ends every wait of the files that share it, once its pipe holds a byte.
#[derive(Clone, Debug)]
pub struct Wake(Arc<PipeReader>);

impl Wake {
    /// Waits end when something is written to the other end of `pipe`.
    pub fn new(pipe: PipeReader) -> Self {
        Wake(Arc::new(pipe))
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
                return Err(io::Error::other("interrupted"));
            }
            match self.file.read(out) {
                // Another reader of the same pipe was quicker.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}
