//! Standard input while it is written: blocks as soon as there are whole lines.
//!
//! A line that is not finished is handed over after a while of quiet, and its rest when it comes.

use std::fs::File;
use std::io;
use std::time::{Duration, Instant};

use super::block::Block;
use super::container::Stream;
use super::open::{decoded, read_live_head, stdin};
use super::reader::{BlockReader, Fill};
use super::wake::{ReadyFile, Waited, Wake, WakeableFile};

/// How long nothing comes before an unfinished line is counted as it stands.
pub(crate) const QUIET: Duration = Duration::from_millis(500);

/// What came within the time given.
#[derive(Debug)]
pub(crate) enum Fed {
    /// The block was filled.
    Block,
    /// Nothing.
    Idle,
    /// Reading failed. What was read before comes next, and then the end.
    Problem(String),
    /// The input has ended, or somebody said stop.
    End,
}

/// Standard input, read as it comes.
pub(crate) struct LiveStdin {
    wake: Wake,
    /// Only waited for; `reader` reads.
    file: File,
    reader: BlockReader<Stream<'static>>,
    arrived: Instant,
}

impl LiveStdin {
    /// Opens standard input and waits for its first bytes, which tell what it holds.
    ///
    /// # Errors
    ///
    /// Returns what the system says, or that the input is compressed.
    pub(crate) fn open(wake: &Wake) -> io::Result<Self> {
        let mut first = WakeableFile {
            file: stdin()?,
            wake: wake.clone(),
        };
        let head = read_live_head(&mut first)?;
        let source = decoded(head, ReadyFile(first.file))?;
        Ok(LiveStdin {
            wake: wake.clone(),
            file: stdin()?,
            reader: BlockReader::new(source, 0, Fill::Full),
            arrived: Instant::now(),
        })
    }

    /// Fills `block` with what comes next, waiting at most `most` for it.
    pub(crate) fn next(&mut self, block: &mut Block, most: Duration) -> Fed {
        let deadline = Instant::now().checked_add(most);
        loop {
            match self.reader.next_block(block) {
                Ok(true) => return Fed::Block,
                Ok(false) => return Fed::End,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return self.problem(&error),
            }
            let now = Instant::now();
            let left = deadline.map_or(most, |deadline| deadline.saturating_duration_since(now));
            match self.wake.wait(&self.file, left.min(self.until_quiet(now))) {
                Ok(Waited::Ready) => self.arrived = Instant::now(),
                Ok(Waited::Woken) => self.reader.stop(),
                Ok(Waited::Nothing) if self.until_quiet(Instant::now()).is_zero() => {
                    self.reader.take_unfinished(block);
                    return Fed::Block;
                }
                Ok(Waited::Nothing) if left.is_zero() => return Fed::Idle,
                Ok(Waited::Nothing) => {}
                Err(error) => return self.problem(&error),
            }
        }
    }

    /// How long until an unfinished line is handed over.
    fn until_quiet(&self, now: Instant) -> Duration {
        match self.reader.has_unfinished() {
            true => (self.arrived + QUIET).saturating_duration_since(now),
            false => Duration::MAX,
        }
    }

    fn problem(&mut self, error: &io::Error) -> Fed {
        self.reader.stop();
        let at = self.reader.position();
        Fed::Problem(format!("reading failed at byte {at}: {error}"))
    }
}
