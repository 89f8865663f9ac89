//! A file that is read from several places at once.

use std::borrow::Borrow;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use crate::wording::reasons;

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

/// Reads a part of a file that was there when the file was opened.
pub(crate) struct Extent<F> {
    file: Positioned<F>,
    end: u64,
}

impl<F> Extent<F> {
    /// A reader of the bytes of `file` in `range`.
    pub(crate) fn new(file: F, range: Range<u64>) -> Self {
        Extent {
            file: Positioned::new(file, range.start),
            end: range.end,
        }
    }
}

impl<F: Borrow<File>> Read for Extent<F> {
    /// Fails where the file has become shorter: what stood there was never read.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.file.at).unwrap_or(usize::MAX);
        let most = out.len().min(left);
        let read = self.file.read(&mut out[..most])?;
        if read == 0 && most > 0 {
            // The system's own files may hold less than they say, and say it still.
            let len = self.file.file.borrow().metadata()?.len();
            if len < self.end {
                return Err(io::Error::other(reasons::shortened(len)));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_that_becomes_shorter_is_no_complete_one() {
        let mut file = tempfile::tempfile().expect("there is room for a file");
        file.write_all(b"0123456789").expect("it can be written");
        let mut extent = Extent::new(&file, 2..8);
        let mut first = [0; 3];

        extent.read_exact(&mut first).expect("it is there");
        file.set_len(6).expect("it can be cut");
        let mut rest = Vec::new();
        let error = extent.read_to_end(&mut rest).expect_err("two are missing");

        assert_eq!((&first[..], &rest[..]), (&b"234"[..], &b"5"[..]));
        assert!(error.to_string().contains("6 bytes"), "{error}");
        let mut rest = Vec::new();
        let read = Extent::new(&file, 2..6).read_to_end(&mut rest);
        assert_eq!(read.expect("all is there"), 4);
    }
}
