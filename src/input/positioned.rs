//! A file that is read from several places at once.

use std::borrow::Borrow;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

/// Reads a file, which may be shared, from a place of its own.
pub(crate) struct Positioned<F> {
    file: F,
    /// Where it reads next.
    pub(crate) at: u64,
}

impl<F> Positioned<F> {
    /// A reader of `file` from the byte at `at` on.
    pub(crate) fn new(file: F, at: u64) -> Self {
        Positioned { file, at }
    }
}

impl<F: Borrow<File>> Read for Positioned<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.borrow().read_at(out, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
