//! The reading thread: fills recycled blocks from what is followed, and says where to commit.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::input::{Block, Fed, Identity, LiveStdin, STDIN};
use crate::pipeline::Control;

/// How long, and how many bytes, are counted before they are committed.
const COMMIT_INTERVAL: Duration = Duration::from_secs(1);
const COMMIT_BYTES: u64 = 64 << 20;

/// What is followed.
#[derive(Debug)]
pub enum Feed {
    /// Standard input.
    Stdin,
}

/// What the reading thread says, in order.
pub(super) enum Reading {
    /// From here on an input of this path may come; inputs are numbered from 0.
    Input(String),
    Block {
        input: u32,
        block: Block,
    },
    /// An input could not be read any further for now.
    Problem {
        input: u32,
        reason: String,
    },
    /// The identity of an input that has ended.
    Identity {
        input: u32,
        id: String,
    },
    /// What was handed out up to here belongs together.
    Mark,
}

/// Says when to mark.
struct Marks {
    last: Instant,
    bytes: u64,
}

impl Marks {
    fn new() -> Self {
        Marks {
            last: Instant::now(),
            bytes: 0,
        }
    }

    /// How long to wait for more before a mark is due.
    fn until_due(&self) -> Duration {
        match self.bytes {
            0 => Duration::MAX,
            _ => COMMIT_INTERVAL.saturating_sub(self.last.elapsed()),
        }
    }

    fn add(&mut self, bytes: usize) {
        if self.bytes == 0 {
            self.last = Instant::now();
        }
        self.bytes += bytes as u64;
    }

    /// Whether to mark now.
    fn is_due(&mut self) -> bool {
        let is_due = self.bytes >= COMMIT_BYTES || self.until_due().is_zero();
        if is_due {
            self.bytes = 0;
        }
        is_due
    }
}

impl Feed {
    /// Reads until the input ends, somebody says stop, or nobody wants more.
    pub(super) fn read(self, control: &Control, empty: &Receiver<Block>, out: &Sender<Reading>) {
        match self {
            Feed::Stdin => drop(read_stdin(control, empty, out)),
        }
    }
}

/// The other side is gone: there is nothing more to do.
struct Gone;

fn send(out: &Sender<Reading>, reading: Reading) -> Result<(), Gone> {
    out.send(reading).map_err(|_| Gone)
}

fn read_stdin(
    control: &Control,
    empty: &Receiver<Block>,
    out: &Sender<Reading>,
) -> Result<(), Gone> {
    let input = 0;
    send(out, Reading::Input(STDIN.to_owned()))?;
    let mut stdin = match LiveStdin::open(&control.wake()) {
        Ok(stdin) => stdin,
        Err(_) if control.is_stopped() => return Ok(()),
        Err(error) => {
            let reason = error.to_string();
            return send(out, Reading::Problem { input, reason });
        }
    };
    let mut identity = Identity::default();
    let mut marks = Marks::new();
    let mut spare = None;
    loop {
        let block = spare.take().or_else(|| empty.recv().ok());
        let mut block = block.ok_or(Gone)?;
        match stdin.next(&mut block, marks.until_due()) {
            Fed::Block => {
                let body = &block.bytes[block.body.clone()];
                identity.update(body);
                marks.add(body.len());
                send(out, Reading::Block { input, block })?;
            }
            Fed::Idle => spare = Some(block),
            Fed::Problem(reason) => {
                spare = Some(block);
                send(out, Reading::Problem { input, reason })?;
            }
            Fed::End => break,
        }
        if marks.is_due() {
            send(out, Reading::Mark)?;
        }
    }
    let id = identity.finish();
    send(out, Reading::Identity { input, id })?;
    send(out, Reading::Mark)
}
