//! Reads texts from their beginning to their end and hands on their blocks.
//!
//! This is the one place where a text that can only be read in order is read: by the worker that
//! also counts it, or by a thread whose blocks others count.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::worker::Origin;
use super::{Control, Reading};
use crate::input::{Block, BlockReader, Context, Fill, Identity, Member, Stream, Visitor, walk};
use crate::tally::result::InputState;

/// Takes a block and gives back an empty one; breaks where nobody wants more.
pub(super) trait Take: FnMut(Block, &Origin) -> ControlFlow<(), Block> {}

impl<F: FnMut(Block, &Origin) -> ControlFlow<(), Block>> Take for F {}

/// Reads the texts of one input.
pub(super) struct Texts<'r, F> {
    reading: &'r Mutex<Reading>,
    control: &'r Control,
    /// The input's number.
    number: usize,
    context: Context,
    fill: Fill,
    /// An empty block, unless nobody wants more.
    block: Option<Block>,
    take: F,
}

/// Reads all texts of the input with this number from `stream`, and hands their blocks to `take`.
pub(super) fn read_texts(
    reading: &Mutex<Reading>,
    control: &Control,
    number: usize,
    stream: Stream,
    fill: Fill,
    take: impl Take,
) {
    let context = lock(reading).context();
    let mut texts = Texts {
        reading,
        control,
        number,
        context: context.clone(),
        fill,
        block: Some(Block::default()),
        take,
    };
    let source = Metered {
        source: stream,
        control,
    };
    // A walk that was broken off has said why.
    let _ = walk(Box::new(source), &context, &mut texts);
    control.add_input();
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F: Take> Visitor for Texts<'_, F> {
    fn text(&mut self, _: &Member, text: &mut dyn Read) -> ControlFlow<()> {
        let number = self.number;
        let origin = {
            let reading = lock(self.reading);
            reading.origin(number, reading.specs[self.number].time)
        };
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

    fn fault(&mut self, _: &Member, error: io::Error) -> ControlFlow<()> {
        if !self.control.is_stopped() {
            lock(self.reading).fail(self.number, 0, &error);
        }
        self.go_on()
    }
}

impl<F: Take> Texts<'_, F> {
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
            self.block = (self.take)(block, origin).continue_value();
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
