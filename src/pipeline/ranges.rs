//! Divides a file into ranges of whole lines, so that no worker waits for one reader.

use std::fs::File;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::os::unix::fs::FileExt;

use crate::input::whole_end;

/// Size of a range, in bytes: so large that opening and merging do not show, and smaller towards the
/// end of a file, so that the last worker of a scan is not waited for.
pub(super) const RANGE_BYTES: RangeInclusive<u64> = 1024 * 1024..=8 * 1024 * 1024;

/// Size of a block of a range, in bytes: more than the second-level cache has room for, and yet
/// faster. The system copies 17 GB/s where so much is asked for and 13 where a quarter is; a scan of
/// sparse text took 102 instead of 110 ms (512 MiB, AMD with a second-level cache of 1 MiB).
pub(super) const RANGE_BLOCK_BYTES: usize = 1024 * 1024;

/// How much is read at a time to find the end of a line.
const PROBE_BYTES: usize = 16 * 1024;

/// How much before the end of a range is looked at for a text that goes on: a few of the longest
/// lines that container runtimes write.
const SEAM_PROBE_BYTES: u64 = 64 * 1024;

/// The ranges of a file, found one after the other.
#[derive(Debug)]
pub(super) struct Ranges {
    size: u64,
    next: u64,
    range_bytes: RangeInclusive<u64>,
    workers: u64,
}

impl Ranges {
    /// Ranges of a file of `size` bytes for so many workers.
    pub(super) fn new(size: u64, workers: usize, range_bytes: RangeInclusive<u64>) -> Self {
        Ranges {
            size,
            next: 0,
            range_bytes,
            workers: workers as u64,
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
        // Half of what each worker would have of the rest.
        let part = (self.size - start) / (2 * self.workers);
        let about = start + part.clamp(*self.range_bytes.start(), *self.range_bytes.end());
        let end = if about >= self.size {
            Ok(self.size)
        } else {
            line_end(file, about - 1, self.size).map(|end| text_end(file, start, end))
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

/// Where in the lines that end at `end` those begin whose text goes on behind; `end` where none does.
fn text_end(file: &File, start: u64, end: u64) -> u64 {
    let from = end.saturating_sub(SEAM_PROBE_BYTES).max(start);
    let mut lines = vec![0; usize::try_from(end - from).unwrap_or(0)];
    // What cannot be read here is told when the range is read.
    if file.read_exact_at(&mut lines, from).is_err() {
        return end;
    }
    let first = match from == start {
        true => Some(0),
        false => memchr::memchr(b'\n', &lines).map(|newline| newline + 1),
    };
    let lines = first.map_or(&[][..], |first| &lines[first..]);
    end - (lines.len() - whole_end(lines)) as u64
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
        for range_bytes in (1..=40).flat_map(|most| [1..=most, most..=most]) {
            let mut ranges = Ranges::new(text.len() as u64, 2, range_bytes.clone());
            let mut end = 0;
            while let Some(range) = ranges.next(&file).expect("a file can be read") {
                assert_eq!(range.start, end);
                end = range.end;
                let at = usize::try_from(end).expect("a small number");
                assert!(at == text.len() || text[at - 1] == b'\n', "{range_bytes:?}");
            }
            assert_eq!(end, text.len() as u64);
        }
    }

    #[test]
    fn ranges_are_smaller_towards_the_end() {
        let file = tempfile::tempfile().expect("a file can be made");
        file.write_all_at(&[b'\n'; 1000], 0)
            .expect("a file can be written");
        let mut ranges = Ranges::new(1000, 2, 50..=200);
        let mut lengths = Vec::new();
        while let Some(range) = ranges.next(&file).expect("a file can be read") {
            lengths.push(range.end - range.start);
        }

        assert_eq!(lengths, [200, 200, 150, 112, 84, 63, 50, 50, 50, 41]);
    }

    #[test]
    fn a_text_that_is_divided_between_lines_lies_in_one_range() {
        let line = |tag: char| format!("2026-11-22T10:00:00.1Z stdout {tag} x\n");
        let text: String = "FPPFFPF".chars().map(line).collect();
        let mut file = tempfile::tempfile().expect("a file can be made");
        file.write_all(text.as_bytes())
            .expect("a file can be written");
        // A range that is smaller than a divided text cannot hold it.
        let three_lines = 3 * line('F').len() as u64;
        for range_bytes in three_lines..=text.len() as u64 {
            let mut ranges = Ranges::new(text.len() as u64, 1, range_bytes..=range_bytes);
            let mut read = 0;
            while let Some(range) = ranges.next(&file).expect("a file can be read") {
                assert_eq!(range.start, read);
                read = range.end;
                let end = usize::try_from(read).expect("a small number");
                assert!(text[..end].ends_with("F x\n"), "{range_bytes} {range:?}");
            }
            assert_eq!(read, text.len() as u64);
        }
    }
}
