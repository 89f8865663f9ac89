//! Reads texts from their beginning to their end and hands on their blocks.
//!
//! This is the one place where a text that can only be read in order is read: by the worker that
//! also counts it, or by a thread whose blocks others count.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::worker::Origin;
use super::{Control, Reading};
use crate::input::{
    Block, BlockReader, Context, Fill, Identity, Job, Member, Opened, Stream, Visitor, walk,
    walk_file,
};
use crate::tally::result::InputState;

/// Where the blocks of texts go.
pub(super) trait Take {
    /// Takes a block and gives back an empty one; breaks where nobody wants more.
    fn take(&mut self, block: Block, origin: &Origin) -> ControlFlow<(), Block>;
}

/// What is read in order: a file that is no plain text, or a stream.
pub(super) enum Sequence {
    File(File, u64),
    Stream(Stream<'static>),
}

impl From<Opened> for Sequence {
    fn from(opened: Opened) -> Self {
        match opened {
            Opened::Packed { file, size } => Sequence::File(file, size),
            other => Sequence::Stream(other.into_stream()),
        }
    }
}

/// Reads all texts of the input with this number, and hands their blocks to `take`.
pub(super) fn read_texts(
    reading: &Mutex<Reading>,
    control: &Control,
    number: u32,
    sequence: Sequence,
    fill: Fill,
    take: impl Take,
) {
    let context = lock(reading).context();
    let mut texts = Texts {
        reading,
        control,
        given: number,
        context: context.clone(),
        fill,
        block: Some(Block::default()),
        has_members: false,
        take,
    };
    let flow = match sequence {
        Sequence::File(file, size) => walk_file(file, size, &context, &mut texts),
        Sequence::Stream(source) => {
            let source = Metered { source, control };
            walk(Box::new(source), &context, &mut texts)
        }
    };
    let mut reading = lock(reading);
    reading.remark(number, context.take_remarks());
    if texts.has_members && flow.is_continue() {
        reading.end_archive(number);
    }
    control.add_input();
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the texts of one input.
struct Texts<'r, T> {
    reading: &'r Mutex<Reading>,
    control: &'r Control,
    /// The input's number.
    given: u32,
    context: Context,
    fill: Fill,
    /// An empty block, unless nobody wants more.
    block: Option<Block>,
    has_members: bool,
    take: T,
}

impl<T: Take> Visitor for Texts<'_, T> {
    fn part(&mut self, job: Job) -> ControlFlow<()> {
        job(&self.context.clone(), self)
    }

    fn passed(&mut self, bytes: u64) {
        self.control.add_read(bytes);
    }

    fn text(&mut self, member: &Member, text: &mut dyn Read) -> ControlFlow<()> {
        let (number, origin) = self.begin(member);
        let mut identity = Identity::default();
        let end = self.read(text, &origin, &mut identity);
        let mut reading = lock(self.reading);
        reading.identify(number, identity.finish());
        reading.remark(number, self.context.take_remarks());
        match end {
            Ok(()) => reading.end(number, InputState::Complete, None),
            Err(_) if self.control.is_stopped() => {
                reading.end(
                    number,
                    InputState::Partial,
                    Some(String::from("interrupted")),
                );
            }
            Err(error) => reading.fail(number, identity.len(), &error),
        }
        drop(reading);
        self.go_on()
    }

    fn fault(&mut self, member: &Member, error: io::Error) -> ControlFlow<()> {
        if !self.control.is_stopped() {
            let (number, _) = self.begin(member);
            lock(self.reading).fail(number, 0, &error);
        }
        self.go_on()
    }
}

impl<T: Take> Texts<'_, T> {
    /// The input's own number, or a new one for what was found in it.
    fn begin(&mut self, member: &Member) -> (u32, Origin) {
        let mut reading = lock(self.reading);
        let number = match member.path.is_empty() {
            true => self.given,
            false => {
                self.has_members = true;
                reading.add_member(self.given, &member.path)
            }
        };
        let time = reading.specs[self.given as usize].time;
        let origin = reading.origin(number, member.time.unwrap_or(time));
        (number, origin)
    }

    /// Reads `text` to its end, or as far as possible.
    fn read(
        &mut self,
        text: &mut dyn Read,
        origin: &Origin,
        identity: &mut Identity,
    ) -> io::Result<()> {
        let mut reader = BlockReader::new(text, 0, self.fill);
        let mut end = Ok(());
        while let Some(mut block) = self.block.take() {
            if self.control.is_stopped() {
                self.block = Some(block);
                return Err(io::Error::other("interrupted"));
            }
            let is_more = match reader.next_block(&mut block) {
                Ok(is_more) => is_more,
                Err(error) => {
                    end = Err(error);
                    // What was read before the error comes with one more call.
                    reader.next_block(&mut block).unwrap_or(false)
                }
            };
            if !is_more {
                self.block = Some(block);
                break;
            }
            identity.update(&block.bytes[block.body.clone()]);
            self.block = self.take.take(block, origin).continue_value();
        }
        end
    }

    fn go_on(&self) -> ControlFlow<()> {
        match self.block.is_some() && !self.control.is_stopped() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// Counts what is read of an input, and ends that when the scan is stopped.
struct Metered<'c, R> {
    source: R,
    control: &'c Control,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.control.is_stopped() {
            return Err(io::Error::other("interrupted"));
        }
        let read = self.source.read(out)?;
        self.control.add_read(read as u64);
        Ok(read)
    }
}
