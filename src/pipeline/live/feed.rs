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

    /// Has a mark be due now.
    fn ask(&mut self) {
        self.bytes = COMMIT_BYTES;
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
        let reader = Reader {
            empty,
            spare: None,
            out,
            marks: Marks::new(),
        };
        match self {
            Feed::Stdin => drop(reader.read_stdin(control)),
            Feed::Files(follower) => drop(reader.read_files(*follower)),
        }
    }
}

/// The other side is gone: there is nothing more to do.
struct Gone;

/// Fills blocks and hands them on, with what there is to say between them.
struct Reader<'c> {
    empty: &'c Receiver<Block>,
    /// A block that was not filled.
    spare: Option<Block>,
    out: &'c Sender<Reading>,
    marks: Marks,
}

impl Reader<'_> {
    /// A block to be filled.
    fn block(&mut self) -> Result<Block, Gone> {
        let block = self.spare.take().or_else(|| self.empty.recv().ok());
        block.ok_or(Gone)
    }

    fn send(&self, reading: Reading) -> Result<(), Gone> {
        self.out.send(reading).map_err(|_| Gone)
    }

    /// Hands on a block of this input.
    fn hand_on(&mut self, input: u32, block: Block) -> Result<(), Gone> {
        self.marks.add(block.body.len());
        self.send(Reading::Block { input, block })
    }

    /// Says what came instead of something to fill `block` with.
    fn tell(&mut self, block: Block, reading: Reading) -> Result<(), Gone> {
        self.spare = Some(block);
        self.send(reading)
    }

    /// Reads standard input, which is one input from its beginning to its end.
    fn read_stdin(mut self, control: &Control) -> Result<(), Gone> {
        let input = 0;
        self.send(Reading::Input(STDIN.to_owned()))?;
        let mut stdin = match LiveStdin::open(&control.wake()) {
            Ok(stdin) => stdin,
            Err(_) if control.is_stopped() => return Ok(()),
            Err(error) => return self.send(unreadable(STDIN, error.to_string())),
        };
        let mut identity = Identity::default();
        loop {
            let mut block = self.block()?;
            match stdin.next(&mut block, self.marks.until_due()) {
                Fed::Block => {
                    identity.update(&block.bytes[block.body.clone()]);
                    self.hand_on(input, block)?;
                }
                Fed::Idle => self.spare = Some(block),
                Fed::Problem(reason) => self.tell(block, unreadable(STDIN, reason))?,
                Fed::End => break,
            }
            if self.marks.is_due() {
                self.send(Reading::Mark(Vec::new()))?;
            }
        }
        let id = identity.finish().to_string();
        self.send(Reading::Identity { input, id })?;
        self.send(Reading::Mark(Vec::new()))
    }

    /// Reads files, whose positions are told with each mark.
    fn read_files(mut self, mut follower: Follower) -> Result<(), Gone> {
        let mut numbers = Numbers::default();
        let mut marked = Instant::now();
        loop {
            let mut block = self.block()?;
            // Positions change without a byte where files come and go.
            let most = self.marks.until_due().min(COMMIT_INTERVAL);
            match follower.next(&mut block, most) {
                Ok(Followed::Block { file }) => {
                    let input = numbers.input(file, &follower, &self)?;
                    self.hand_on(input, block)?;
                }
                Ok(Followed::Idle) => self.spare = Some(block),
                Ok(Followed::Met) => {
                    self.spare = Some(block);
                    self.marks.ask();
                }
                Ok(Followed::Problem(problem)) => self.tell(block, Reading::Problem(problem))?,
                Ok(Followed::Readable(path)) => self.tell(block, Reading::Readable(path))?,
                Ok(Followed::Stopped) => break,
                Err(error) => {
                    self.send(unreadable("*", error.to_string()))?;
                    break;
                }
            }
            let is_due = self.marks.is_due();
            if is_due || marked.elapsed() >= COMMIT_INTERVAL {
                marked = Instant::now();
                let checkpoints = follower.checkpoints();
                if is_due || !checkpoints.is_empty() {
                    self.send(Reading::Mark(checkpoints))?;
                }
            }
        }
        self.send(Reading::Mark(follower.checkpoints()))
    }
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
        reader: &Reader,
    ) -> Result<u32, Gone> {
        if let Some(&input) = self.by_file.get(&file) {
            return Ok(input);
        }
        let path = follower.path(file);
        let next = u32::try_from(self.by_path.len()).expect("fewer than 2^32 files are followed");
        let input = self.by_path.get(path).copied().unwrap_or(next);
        if input == next {
            self.by_path.insert(path.to_owned(), input);
            reader.send(Reading::Input(path.to_owned()))?;
        }
        self.by_file.insert(file, input);
        Ok(input)
    }
}
