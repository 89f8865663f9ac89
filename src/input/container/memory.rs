//! The memory that decoders may hold, whatever the input asks for.
//!
//! Inputs that are read at the same time hold a small share each. An input that needs more waits
//! until it is the only one with the large share, which is never given to two: so nobody who
//! holds what another waits for waits himself, and whether an input can be read depends on the
//! limit alone, not on how many threads there are.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::fault::refused;
use crate::wording::reasons;

const MIB: u64 = 1024 * 1024;

/// The memory of all decoders of a scan.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    /// What one input may hold without asking, in bytes.
    small: u64,
    /// What one input may hold in all, in bytes.
    large: u64,
    limit: u64,
    turn: Arc<Turn>,
}

/// Who has the large share.
#[derive(Debug, Default)]
struct Turn {
    is_taken: Mutex<bool>,
    given_back: Condvar,
}

impl Memory {
    /// Divides `limit` bytes between the text, the inputs that are read at once, and a large one.
    pub(crate) fn new(limit: u64, threads: usize) -> Self {
        Memory {
            small: limit / 4 / (threads as u64).max(1),
            large: limit / 16 * 9,
            limit,
            turn: Arc::default(),
        }
    }

    /// What one input may hold that needs much, in bytes.
    pub(crate) fn large(&self) -> u64 {
        self.large
    }

    /// What each of the others that are read at once may hold, in bytes.
    pub(crate) fn small(&self) -> u64 {
        self.small
    }

    /// What is left for the text itself, in bytes.
    pub(crate) fn for_blocks(&self) -> u64 {
        self.limit / 16 * 3
    }

    /// The account of one input.
    pub(crate) fn account(&self) -> Account {
        Account {
            memory: self.clone(),
            held: Arc::default(),
        }
    }
}

/// What the decoders of one input hold.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    memory: Memory,
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    bytes: u64,
    has_turn: bool,
}

impl Account {
    /// The account of what is paid for already: it has no limit.
    pub(crate) fn paid() -> Account {
        Memory::new(u64::MAX, 1).account()
    }

    /// Sets `bytes` aside for a decoder of `format`.
    ///
    /// # Errors
    ///
    /// Names what it takes where that is more than the limit leaves.
    pub(crate) fn reserve(&self, format: &str, bytes: u64) -> io::Result<Reserved> {
        let wait = |turn: &Turn| {
            turn.take();
            true
        };
        let reserved = self.set_aside(bytes, wait);
        reserved.map_err(|wanted| too_much(format, wanted, &self.memory))
    }

    /// Sets `bytes` aside if nobody has to wait for that; beyond the small share only if
    /// `may_take_turn`.
    pub(crate) fn try_reserve(&self, bytes: u64, may_take_turn: bool) -> Option<Reserved> {
        let reserved = self.set_aside(bytes, |turn| may_take_turn && turn.try_take());
        reserved.ok()
    }

    /// Sets `bytes` aside, if they fit and the turn that they may take is had by `take`. Else it
    /// returns how many there would be in all.
    fn set_aside(&self, bytes: u64, take: impl FnOnce(&Turn) -> bool) -> Result<Reserved, u64> {
        let memory = &self.memory;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = held.bytes.saturating_add(bytes);
        if wanted > memory.large {
            return Err(wanted);
        }
        if wanted > memory.small && !held.has_turn {
            if !take(&memory.turn) {
                return Err(wanted);
            }
            held.has_turn = true;
        }
        held.bytes = wanted;
        drop(held);
        Ok(Reserved {
            account: self.clone(),
            bytes,
        })
    }

    fn give_back(&self, bytes: u64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.bytes -= bytes;
        if held.has_turn && held.bytes <= self.memory.small {
            held.has_turn = false;
            self.memory.turn.give_back();
        }
    }
}

impl Turn {
    fn take(&self) {
        let is_taken = self.is_taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.given_back.wait_while(is_taken, |is_taken| *is_taken);
        *waited.unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Takes it where nobody has it.
    fn try_take(&self) -> bool {
        let mut is_taken = self.is_taken.lock().unwrap_or_else(PoisonError::into_inner);
        !std::mem::replace(&mut *is_taken, true)
    }

    fn give_back(&self) {
        *self.is_taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.given_back.notify_one();
    }
}

/// Memory that is set aside until this is dropped.
#[derive(Debug)]
pub(crate) struct Reserved {
    account: Account,
    bytes: u64,
}

impl Reserved {
    /// How much it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.account.give_back(self.bytes);
    }
}

fn too_much(format: &str, wanted: u64, memory: &Memory) -> io::Error {
    let enough = (wanted / 9).saturating_add(1).saturating_mul(16);
    refused(reasons::too_much_memory(
        format,
        wanted.div_ceil(MIB),
        memory.limit / MIB,
        memory.large / MIB,
        enough.div_ceil(MIB),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_input_may_hold_does_not_depend_on_the_threads() {
        for threads in [1, 2, 64] {
            let account = Memory::new(256 * MIB, threads).account();

            let window = account.reserve("zstd", 129 * MIB);
            let error = account.reserve("xz", 65 * MIB).err();

            assert!(window.is_ok());
            assert_eq!(
                error.map(|error| error.to_string()),
                Some(String::from(
                    "its xz data need 194 MiB of memory to decompress, and --max-memory 256MiB \
                     leaves 144 MiB; use --max-memory 345MiB"
                ))
            );
        }
    }

    #[test]
    fn only_one_input_has_the_large_share_at_a_time() {
        let memory = Memory::new(256 * MIB, 2);
        let first = memory.account();
        let large = first
            .reserve("xz", 100 * MIB)
            .expect("it is within the limit");
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let second = memory.account();
            scope.spawn(move || {
                let reserved = second.reserve("xz", 100 * MIB);
                sender.send("second").expect("the test waits for it");
                reserved.map(drop)
            });
            assert!(receiver.try_recv().is_err());
            drop(large);
            assert_eq!(receiver.recv(), Ok("second"));
        });
    }
}
