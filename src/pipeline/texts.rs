//! Reads texts from their beginning to their end and hands on their blocks.
//!
//! This is the one place where a text that can only be read in order is read: by the worker that
//! also counts it, or by a thread whose blocks others count. A text that may be another input's
//! is counted apart, and added only when its identity shows that it is not.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::copies::Copies;
use super::reading::Twin;
use super::worker::Origin;
use super::{Control, Reading};
use crate::input::{
    Block, BlockReader, Context, Fill, Helpers, Identity, Job, Member, Opened, Stream, TextId,
    Visitor, walk, walk_file,
};
use crate::tally::result::InputState;
use crate::wording::{reasons, remarks};

/// How many members that can be read apart are waited for before they are read.
const MAX_PARTS: usize = 256;

/// Reads one part and gives its blocks to who is given.
pub(super) type RunPart<'r> = &'r (dyn Fn(Job, &mut dyn Take) + Sync);

/// Where the blocks of texts go.
pub(super) trait Take {
    /// Takes a block and gives back an empty one; breaks where nobody wants more.
    fn take(&mut self, block: Block, origin: &Origin) -> ControlFlow<(), Block>;

    /// Takes a block apart, until it is known whether it counts. Whether more can be taken so.
    fn hold(&mut self, block: &Block, origin: &Origin) -> bool;

    /// Adds what was taken apart, or forgets it.
    fn release(&mut self, is_counted: bool);

    /// Runs jobs, one beside the other or one after the other.
    fn run_parts(&mut self, jobs: Vec<Job>, run: RunPart);

    /// Whether jobs run beside each other.
    fn divides(&self) -> bool;

    /// Threads that decompress ahead, where there are others; `may_take_turn` as [`Helpers::new`] has it.
    fn helpers(&self, may_take_turn: bool) -> Option<Helpers>;
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
    take: &mut dyn Take,
) {
    let context = context(reading, &sequence, fill, take);
    if let Sequence::File(file, _) = &sequence
        && let Some(path) = Reading::twin_of_archive(reading, control, &context, number, file)
    {
        lock(reading).end_duplicate(number, &path);
        control.add_input();
        return;
    }
    let whole = Whole {
        reading,
        control,
        number,
        context: context.clone(),
        fill,
        is_stream: matches!(sequence, Sequence::Stream(_)),
        copies: Copies::default(),
        has_members: AtomicBool::new(false),
    };
    let flow = Texts::new(&whole, &context, take).walk(sequence);
    let mut reading = lock(reading);
    reading.remark(number, context.take_remarks());
    if whole.has_members.load(Ordering::Relaxed) && flow.is_continue() {
        reading.end_archive(number);
    }
    control.add_input();
}

/// What the decoders of `sequence` share, with helpers where there are others.
fn context(reading: &Mutex<Reading>, sequence: &Sequence, fill: Fill, take: &dyn Take) -> Context {
    let context = lock(reading).context();
    // A stream that is shown while it comes must not wait for what comes later.
    if fill == Fill::Available && matches!(sequence, Sequence::Stream(_)) {
        return context;
    }
    let may_take_turn = lock(reading).is_short_of_inputs();
    match take.helpers(may_take_turn) {
        Some(helpers) => context.helped(helpers),
        None => context,
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the parts of one input share.
struct Whole<'r> {
    reading: &'r Mutex<Reading>,
    control: &'r Control,
    /// The input's number.
    number: u32,
    context: Context,
    fill: Fill,
    is_stream: bool,
    copies: Copies,
    has_members: AtomicBool,
}

/// Reads the texts of an input, or of a part of it.
struct Texts<'r, 't> {
    whole: &'r Whole<'r>,
    context: Context,
    /// An empty block, unless nobody wants more.
    block: Option<Block>,
    parts: Vec<Job>,
    take: &'t mut dyn Take,
}

impl Visitor for Texts<'_, '_> {
    fn part(&mut self, member: &Member, job: Job) -> ControlFlow<()> {
        let is_apart = self.take.divides()
            && self.context.may_divide()
            && !self.whole.copies.is_related(&member.path);
        if !is_apart {
            self.run_parts()?;
            return job(&self.context.clone(), self);
        }
        self.whole.copies.remember(&member.path, None);
        self.parts.push(job);
        match self.parts.len() < MAX_PARTS {
            true => ControlFlow::Continue(()),
            false => self.run_parts(),
        }
    }

    fn passed(&mut self, bytes: u64) {
        self.whole.control.add_read(bytes);
    }

    fn text(&mut self, member: &Member, text: &mut dyn Read) -> ControlFlow<()> {
        let (number, origin) = self.begin(member);
        let twins = self.twins(number, member);
        let mut identity = Identity::default();
        let mut is_held = !matches!(&twins, Twin::Impossible);
        let end = self.read(text, &origin, &mut identity, &mut is_held);
        let id = identity.finish();
        self.whole
            .copies
            .remember(&member.path, end.is_ok().then_some(id));
        let mut reading = lock(self.whole.reading);
        reading.remark(number, self.context.take_remarks());
        let twin = match end.is_ok() && is_held {
            true => reading.twin(&twins, number, id),
            false => None,
        };
        if is_held {
            self.take.release(twin.is_none());
        }
        reading.identify(number, id);
        match (end, twin) {
            (Ok(()), Some(path)) => reading.end_duplicate(number, &path),
            (Ok(()), None) => reading.end(number, InputState::Complete, None),
            (Err(_), _) if self.whole.control.is_stopped() => {
                reading.end(number, InputState::Partial, Some(reasons::interrupted()));
            }
            (Err(error), _) => reading.fail(number, identity.len(), &error),
        }
        drop(reading);
        self.go_on()
    }

    fn fault(&mut self, member: &Member, error: io::Error) -> ControlFlow<()> {
        if !self.whole.control.is_stopped() {
            let (number, _) = self.begin(member);
            lock(self.whole.reading).fail(number, 0, &error);
        }
        self.go_on()
    }
}

impl<'r, 't> Texts<'r, 't> {
    fn new(whole: &'r Whole<'r>, context: &Context, take: &'t mut dyn Take) -> Self {
        Texts {
            whole,
            context: context.clone(),
            block: Some(Block::default()),
            parts: Vec::new(),
            take,
        }
    }

    /// Reads the whole input.
    fn walk(mut self, sequence: Sequence) -> ControlFlow<()> {
        let whole = self.whole;
        let (control, context) = (whole.control, &whole.context);
        match sequence {
            Sequence::File(file, size) => {
                let file = Arc::new(file);
                let source = Metered {
                    source: Arc::clone(&file),
                    control,
                };
                walk_file(&file, size, Box::new(source), context, &mut self)?;
            }
            Sequence::Stream(source) => {
                let source = Metered { source, control };
                walk(Box::new(source), context, &mut self)?;
            }
        }
        self.run_parts()
    }

    /// The input's own number, or a new one for what was found in it.
    fn begin(&self, member: &Member) -> (u32, Origin) {
        let whole = self.whole;
        let mut reading = lock(whole.reading);
        let number = match member.path.is_empty() {
            true => whole.number,
            false => {
                whole.has_members.store(true, Ordering::Relaxed);
                reading.add_member(whole.number, &member.path)
            }
        };
        let time = reading.specs[whole.number as usize].time;
        let origin = reading.origin(number, member.time.unwrap_or(time));
        (number, origin)
    }

    /// Which other texts this one may be.
    fn twins(&self, number: u32, member: &Member) -> Twin {
        let candidates = || self.whole.copies.candidates(&member.path);
        let whole = self.whole;
        Reading::twins(
            whole.reading,
            whole.control,
            &self.context,
            number,
            candidates,
        )
    }

    /// Reads the parts that were put aside.
    fn run_parts(&mut self) -> ControlFlow<()> {
        let jobs = std::mem::take(&mut self.parts);
        if !jobs.is_empty() {
            let whole = self.whole;
            self.take.run_parts(jobs, &|job, take| {
                let context = lock(whole.reading).context_of_part(&whole.context);
                // A part that was broken off has said why.
                let _ = job(&context, &mut Texts::new(whole, &context, take));
                lock(whole.reading).remark(whole.number, context.take_remarks());
            });
        }
        self.go_on()
    }

    /// Reads `text` to its end, or as far as possible.
    fn read(
        &mut self,
        text: &mut dyn Read,
        origin: &Origin,
        identity: &mut Identity,
        is_held: &mut bool,
    ) -> io::Result<()> {
        let mut reader = BlockReader::new(text, 0, self.whole.fill);
        let mut end = Ok(());
        while let Some(mut block) = self.block.take() {
            // What a stream had of its last line is all that came.
            let has_rest = self.whole.is_stream && end.is_err();
            if self.whole.control.is_stopped() && !has_rest {
                self.block = Some(block);
                return Err(io::Error::other(reasons::interrupted()));
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
            self.block = match *is_held {
                true => Some(self.hold(block, origin, is_held)),
                false => self.take.take(block, origin).continue_value(),
            };
        }
        end
    }

    /// Has a block counted apart, as long as that is possible.
    fn hold(&mut self, block: Block, origin: &Origin, is_held: &mut bool) -> Block {
        if !self.take.hold(&block, origin) {
            self.take.release(true);
            *is_held = false;
            self.context.remark(remarks::maybe_copy());
        }
        block
    }

    fn go_on(&self) -> ControlFlow<()> {
        match self.block.is_some() && !self.whole.control.is_stopped() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// The identity of the only text in `stream`; `None` where that is not one text, or is damaged.
pub(super) fn identity_of(context: &Context, stream: Stream, control: &Control) -> Option<TextId> {
    let mut alone = Alone::default();
    let source = Metered {
        source: stream,
        control,
    };
    let flow = walk(Box::new(source), context, &mut alone);
    alone.id.filter(|_| flow.is_continue())
}

/// Reads nothing but the identity of one text.
#[derive(Default)]
struct Alone {
    id: Option<TextId>,
}

impl Visitor for Alone {
    fn part(&mut self, _: &Member, _: Job) -> ControlFlow<()> {
        ControlFlow::Break(())
    }

    fn passed(&mut self, _: u64) {}

    fn text(&mut self, member: &Member, text: &mut dyn Read) -> ControlFlow<()> {
        if !member.path.is_empty() {
            return ControlFlow::Break(());
        }
        let mut identity = Identity::default();
        match io::copy(text, &mut identity) {
            Ok(_) => {
                self.id = Some(identity.finish());
                ControlFlow::Continue(())
            }
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn fault(&mut self, _: &Member, _: io::Error) -> ControlFlow<()> {
        ControlFlow::Break(())
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
            return Err(io::Error::other(reasons::interrupted()));
        }
        let read = self.source.read(out)?;
        self.control.add_read(read as u64);
        Ok(read)
    }
}
