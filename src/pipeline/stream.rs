//! What is read in order: a reader, workers, and a collector, joined by channels with recycled blocks.
//!
//! Every thread ends because the channel before or behind it closes. The
//! collector puts results back into the order of the blocks.

use std::collections::BTreeMap;
use std::io;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::shown::{InputName, Shown, event};
use super::worker::{Origin, Worker};
use super::{Control, Reading, Setup, join};
use crate::enrich::event::Event;
use crate::input::{Block, BlockReader, Fill, Identity, Stream};
use crate::tally::Tally;
use crate::tally::result::InputState;

/// Blocks under way for each worker: one being matched, one waiting.
const BLOCKS_PER_WORKER: usize = 2;

/// Calls for each event, in order.
pub(super) type OnEvent<'e> = &'e mut dyn FnMut(&Event) -> io::Result<()>;

/// A block with its number in the stream.
struct Numbered<T> {
    number: u64,
    item: T,
}

/// What the reader says at its end.
struct Read {
    id: String,
    end: Result<(), String>,
}

/// Counts `stream`, which is the input with this number, and shows its matches if asked.
///
/// # Errors
///
/// Returns what `on_event` returns first; reading ends there.
pub(super) fn run(
    setup: &Setup,
    reading: &mut Reading,
    number: usize,
    stream: Stream,
    control: &Control,
    tally: &mut Tally,
    on_event: Option<OnEvent>,
) -> io::Result<()> {
    let origin = Origin {
        input: reading.ranks[number],
        segment: 0,
        file_time: reading.specs[number].time,
    };
    let workers = setup.threads.saturating_sub(1).max(1);
    let fill = if on_event.is_some() {
        Fill::Available
    } else {
        Fill::Full
    };
    let is_shown = on_event.is_some();
    let (empty_sender, empty) = bounded(workers * BLOCKS_PER_WORKER + 1);
    for _ in 0..=workers * BLOCKS_PER_WORKER {
        empty_sender
            .send(Block::default())
            .expect("the receiver is at hand and has room");
    }
    let (full_sender, full) = bounded(workers * BLOCKS_PER_WORKER);
    let (shown_sender, shown) = bounded(workers * BLOCKS_PER_WORKER);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(stream, fill, &empty, &full_sender, control));
        let matching: Vec<_> = (0..workers)
            .map(|_| {
                let (full, empty, shown) =
                    (full.clone(), empty_sender.clone(), shown_sender.clone());
                scope.spawn(move || {
                    work(
                        setup,
                        origin,
                        &full,
                        &empty,
                        is_shown.then_some(&shown),
                        control,
                    )
                })
            })
            .collect();
        drop((full, empty_sender, shown_sender));
        let outcome = collect(setup, &reading.specs[number].path, shown, on_event);
        for worker in matching {
            tally.merge(join(worker));
        }
        let read = join(reader);
        if outcome.is_ok() {
            reading.ids[number] = Some(read.id);
            match read.end {
                Ok(()) => reading.end(number, InputState::Complete, None),
                Err(reason) => reading.end(number, InputState::Partial, Some(reason)),
            }
            control.add_input();
        }
        outcome
    })
}

/// Reads blocks until the stream ends, somebody says stop, or nobody wants more.
fn read(
    stream: Stream,
    fill: Fill,
    empty: &Receiver<Block>,
    full: &Sender<Numbered<Block>>,
    control: &Control,
) -> Read {
    let mut reader = BlockReader::new(stream, 0, fill);
    let mut identity = Identity::default();
    let mut end = Ok(());
    for number in 0.. {
        if control.is_stopped() {
            end = Err(String::from("interrupted"));
            break;
        }
        let Ok(mut block) = empty.recv() else { break };
        match reader.next_block(&mut block) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                end = Err(match control.is_stopped() {
                    true => String::from("interrupted"),
                    false => format!("reading failed at byte {}: {error}", reader.position()),
                });
                if !reader.next_block(&mut block).unwrap_or(false) {
                    break;
                }
            }
        }
        identity.update(&block.bytes[block.body.clone()]);
        if full
            .send(Numbered {
                number,
                item: block,
            })
            .is_err()
            || end.is_err()
        {
            break;
        }
    }
    Read {
        id: identity.finish(),
        end,
    }
}

/// Counts blocks until there are no more.
fn work(
    setup: &Setup,
    origin: Origin,
    full: &Receiver<Numbered<Block>>,
    empty: &Sender<Block>,
    shown: Option<&Sender<Numbered<Vec<Shown>>>>,
    control: &Control,
) -> Tally {
    let mut worker = Worker::new(setup);
    for Numbered {
        number,
        item: block,
    } in full
    {
        let mut found = shown.map(|_| Vec::new());
        let matches = worker.scan(&block, origin, found.as_mut());
        control.add(block.body.len() as u64, matches);
        // The reader may have ended, and then needs no more blocks.
        drop(empty.send(block));
        if let (Some(shown), Some(item)) = (shown, found)
            && shown.send(Numbered { number, item }).is_err()
        {
            break;
        }
    }
    worker.into_tally()
}

/// Shows matches in the order of their blocks.
fn collect(
    setup: &Setup,
    path: &str,
    shown: Receiver<Numbered<Vec<Shown>>>,
    on_event: Option<OnEvent>,
) -> io::Result<()> {
    let Some(on_event) = on_event else {
        return Ok(());
    };
    let input = InputName::new(path);
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for Numbered { number, item } in shown {
        waiting.insert(number, item);
        while let Some(matches) = waiting.remove(&next) {
            next += 1;
            for found in &matches {
                on_event(&event(setup, &input, found))?;
            }
        }
    }
    Ok(())
}
