//! How much memory a scan takes at most for what it reads, whatever the input asks for.
//!
//! A share is for the windows of an input's decoders and for what is decompressed of it ahead.
//! Beside that it holds the matcher, and what was counted: a row a code, at most 100,000 unknown
//! codes, and the first 10,000 inputs.

use std::fmt;

use super::ranges::RANGE_BLOCK_BYTES;
use crate::catalog::Lang;
use crate::input::{BLOCK_BYTES, CONTEXT_BYTES, Limits, Memory};
use crate::wording::shown;

/// The blocks a thread has at most: the one at hand, what was read beyond it, one of a text that
/// is read in order, and two that wait for an idle thread. A thread that reads a range has one greater
/// block instead.
const BLOCKS_PER_THREAD: u64 = 5;

/// The greatest block: a piece of a long line, with what surrounds it.
const MOST_BLOCK_BYTES: u64 = (BLOCK_BYTES + 2 * CONTEXT_BYTES) as u64;

const _: () = assert!(
    (RANGE_BLOCK_BYTES + 4 * CONTEXT_BYTES) as u64 <= BLOCKS_PER_THREAD * MOST_BLOCK_BYTES,
    "a range's block, and what was read beyond it, is no more than the others together"
);

/// How many threads a scan uses that is to use so many: no more than there is room for.
pub(super) fn threads_within(limits: &Limits, threads: usize) -> usize {
    let memory = Memory::new(limits.max_memory, threads);
    let most = memory.for_blocks() / (BLOCKS_PER_THREAD * MOST_BLOCK_BYTES);
    usize::try_from(most).map_or(threads, |most| threads.min(most.max(1)))
}

/// The bound, with its parts in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryBound {
    threads: u64,
    large: u64,
    small: u64,
}

impl MemoryBound {
    /// The bound of a scan with these limits that is to use so many threads.
    pub fn new(limits: &Limits, threads: usize) -> Self {
        let threads = threads_within(limits, threads);
        let memory = Memory::new(limits.max_memory, threads);
        MemoryBound {
            threads: threads as u64,
            large: memory.large(),
            small: memory.small(),
        }
    }

    /// The sum, in bytes.
    pub fn bytes(&self) -> u64 {
        let per_thread = self.small + BLOCKS_PER_THREAD * MOST_BLOCK_BYTES;
        self.large + self.threads * per_thread
    }

    /// The same as a line for a person in `lang`.
    pub fn line(&self, lang: Lang) -> String {
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let tenths = |bytes| format!("{:.1}", mebibytes(bytes));
        let bound = shown::memory_bound(
            &tenths(self.bytes()),
            &tenths(self.large),
            self.threads,
            &tenths(self.small),
            BLOCKS_PER_THREAD,
            &format!("{:.2}", mebibytes(MOST_BLOCK_BYTES)),
        );
        bound.of(lang)
    }
}

impl fmt::Display for MemoryBound {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.line(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_within_the_memory_that_is_allowed() {
        let limits = Limits::default();
        for threads in [1, 2, 8, 25, 26, 64, 256] {
            let bound = MemoryBound::new(&limits, threads);

            assert!(bound.bytes() <= limits.max_memory, "{bound}");
            assert_eq!(bound.threads, threads.min(25) as u64);
        }
        let little = Limits {
            max_memory: 64 << 20,
            ..limits.clone()
        };
        assert!(MemoryBound::new(&little, 256).bytes() <= little.max_memory);
        assert_eq!(
            MemoryBound::new(&limits, 2).to_string(),
            "memory for reading: at most 211.8 MiB = 144.0 MiB for one great share + 2 threads * \
             (32.0 MiB for windows and text ahead + 5 blocks * 0.38 MiB)"
        );
    }
}
