//! The reading thread: fills recycled blocks from what is followed, and says where to commit.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::input::follow::{Checkpoint, FileNumber, Followed, Follower, Problem, ProblemKind};
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
    /// Files.
    Files(Box<Follower>),
}

/// What the reading thread says, in order.
pub(super) enum Reading {
    /// From here on an input of this path may come; inputs are numbered from 0.
    Input(String),
    Block {
        input: u32,
        block: Block,
    },
    /// Something went wrong with one input, or with all of them.
    Problem(Problem),
    /// Nothing is wrong with the input of this path any more.
    Readable(String),
    /// The identity of an input that has ended.
    Identity {
        input: u32,
        id: String,
    },
    /// What was handed out up to here belongs together, and to these positions.
    Mark(Vec<Checkpoint>),
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
            Feed::Files(follower) => drop(read_files(*follower, empty, out)),
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
            return send(out, unreadable(STDIN, error.to_string()));
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
                send(out, unreadable(STDIN, reason))?;
            }
            Fed::End => break,
        }
        if marks.is_due() {
            send(out, Reading::Mark(Vec::new()))?;
        }
    }
    let id = identity.finish();
    send(
        out,
        Reading::Identity {
            input,
            id: id.to_string(),
        },
    )?;
    send(out, Reading::Mark(Vec::new()))
}

fn unreadable(path: &str, message: String) -> Reading {
    Reading::Problem(Problem {
        path: path.to_owned(),
        message,
        kind: ProblemKind::Unreadable,
    })
}

/// The inputs that files are counted as: one for each path.
#[derive(Default)]
struct Numbers {
    by_file: HashMap<FileNumber, u32>,
    by_path: HashMap<String, u32>,
}

impl Numbers {
    /// The input of `file`, which is told of first where it is new.
    fn input(
        &mut self,
        file: FileNumber,
        follower: &Follower,
        out: &Sender<Reading>,
    ) -> Result<u32, Gone> {
        if let Some(&input) = self.by_file.get(&file) {
            return Ok(input);
        }
        let path = follower.path(file);
        let next = u32::try_from(self.by_path.len()).expect("fewer than 2^32 files are followed");
        let input = self.by_path.get(path).copied().unwrap_or(next);
        if input == next {
            self.by_path.insert(path.to_owned(), input);
            send(out, Reading::Input(path.to_owned()))?;
        }
        self.by_file.insert(file, input);
        Ok(input)
    }
}

fn read_files(
    mut follower: Follower,
    empty: &Receiver<Block>,
    out: &Sender<Reading>,
) -> Result<(), Gone> {
    let mut numbers = Numbers::default();
    let mut marks = Marks::new();
    let mut marked = Instant::now();
    let mut spare = None;
    loop {
        let block = spare.take().or_else(|| empty.recv().ok());
        let mut block = block.ok_or(Gone)?;
        // Positions change without a byte where files come and go.
        let most = marks.until_due().min(COMMIT_INTERVAL);
        match follower.next(&mut block, most) {
            Ok(Followed::Block { file }) => {
                let input = numbers.input(file, &follower, out)?;
                marks.add(block.body.len());
                send(out, Reading::Block { input, block })?;
            }
            Ok(Followed::Idle) => spare = Some(block),
            Ok(Followed::Problem(problem)) => {
                spare = Some(block);
                send(out, Reading::Problem(problem))?;
            }
            Ok(Followed::Readable(path)) => {
                spare = Some(block);
                send(out, Reading::Readable(path))?;
            }
            Ok(Followed::Stopped) => break,
            Err(error) => {
                send(out, unreadable("*", error.to_string()))?;
                break;
            }
        }
        let is_due = marks.is_due();
        if is_due || marked.elapsed() >= COMMIT_INTERVAL {
            marked = Instant::now();
            let checkpoints = follower.checkpoints();
            if is_due || !checkpoints.is_empty() {
                send(out, Reading::Mark(checkpoints))?;
            }
        }
    }
    send(out, Reading::Mark(follower.checkpoints()))
}
