//! A file that is read from several places at once.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Reads a shared file from a place of its own.
pub(super) struct Positioned {
    file: Arc<File>,
    at: u64,
}

impl Positioned {
    pub(super) fn new(file: Arc<File>, at: u64) -> Self {
        Positioned { file, at }
    }
}

impl Read for Positioned {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(out, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
