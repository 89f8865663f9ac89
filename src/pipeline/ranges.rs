//! Divides a file into ranges of whole lines, so that no worker waits for one reader.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// Size of a range, in bytes: so large that opening and merging do not show, so small that the last
/// worker of a scan is not waited for.
pub(super) const RANGE_BYTES: u64 = 8 * 1024 * 1024;

/// How much is read at a time to find the end of a line.
const PROBE_BYTES: usize = 16 * 1024;

/// The ranges of a file, found one after the other.
#[derive(Debug)]
pub(super) struct Ranges {
    size: u64,
    next: u64,
    range_bytes: u64,
}

impl Ranges {
    pub(super) fn new(size: u64, range_bytes: u64) -> Self {
        Ranges {
            size,
            next: 0,
            range_bytes,
        }
    }

    /// Whether the last range was given.
    pub(super) fn is_at_end(&self) -> bool {
        self.next >= self.size
    }

    /// The next range of whole lines, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Returns what the system says; the rest of the file is then given as one range.
    pub(super) fn next(&mut self, file: &File) -> io::Result<Option<Range<u64>>> {
        let start = self.next;
        if start >= self.size {
            return Ok(None);
        }
        let about = start + self.range_bytes;
        let end = if about >= self.size {
            Ok(self.size)
        } else {
            line_end(file, about - 1, self.size)
        };
        self.next = *end.as_ref().unwrap_or(&self.size);
        end.map(|end| Some(start..end))
    }
}

/// The offset after the first newline at or after `from`.
fn line_end(file: &File, from: u64, size: u64) -> io::Result<u64> {
    let mut probe = vec![0; PROBE_BYTES];
    let mut at = from;
    while at < size {
        let read = match file.read_at(&mut probe, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            break;
        }
        if let Some(newline) = memchr::memchr(b'\n', &probe[..read]) {
            return Ok((at + newline as u64 + 1).min(size));
        }
        at += read as u64;
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn ranges_are_whole_lines_and_together_the_file() {
        let text = b"one\ntwo\n\nthree, which is longer\nfour";
        let mut file = tempfile::tempfile().expect("a file can be made");
        file.write_all(text).expect("a file can be written");
        for range_bytes in 1..=40 {
            let mut ranges = Ranges::new(text.len() as u64, range_bytes);
            let mut end = 0;
            while let Some(range) = ranges.next(&file).expect("a file can be read") {
                assert_eq!(range.start, end);
                end = range.end;
                let at = usize::try_from(end).expect("a small number");
                assert!(at == text.len() || text[at - 1] == b'\n', "{range_bytes}");
            }
            assert_eq!(end, text.len() as u64);
        }
    }
}
