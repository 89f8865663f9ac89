//! Hands out what was read of the streams: in turn, after a while where a line is unfinished, and all
//! of it before the end.

use std::time::{Duration, Instant};

use super::follower::Follower;
use super::stream::{Filled, Stream};
use super::{FileNumber, FollowOptions, Followed};
use crate::input::Block;
use crate::input::cut::Rest;

impl Follower {
    /// Reads the streams in turn, a block at a time, until one has something to hand out.
    pub(super) fn read_on(&mut self, block: &mut Block) -> Option<FileNumber> {
        if let Some(mut stream) = self.remains.pop_front() {
            stream.hand_out_rest(block, Rest::All);
            self.leave(stream.checkpoint());
            return Some(stream.number);
        }
        while let Some(index) = self.ready.pop_front() {
            if self.must_wait(index) {
                self.ready.push_back(index);
                continue;
            }
            let Some(stream) = &mut self.streams[index] else {
                continue;
            };
            stream.is_queued = false;
            let number = stream.number;
            let filled = stream.fill(block);
            if filled.is_ok() {
                self.note_readable(index);
            }
            match filled {
                Ok(Filled::Block) => {
                    self.queue(index);
                    return Some(number);
                }
                Ok(Filled::Nothing) => self.rest(index),
                Ok(Filled::Rewritten) => self.truncated(index),
                Err(error) => self.failed(index, error),
            }
            if !self.remains.is_empty() {
                return self.read_on(block);
            }
        }
        None
    }

    /// Whether an earlier stream of the same path is to be read to its end first.
    fn must_wait(&mut self, index: usize) -> bool {
        let stream = self.streams[index].as_mut();
        let mut after = stream.map_or_else(Vec::new, |stream| std::mem::take(&mut stream.after));
        after.retain(|&earlier| {
            let earlier = self.streams[earlier].as_ref();
            earlier.is_some_and(|earlier| earlier.is_queued)
        });
        let must_wait = !after.is_empty();
        if let Some(stream) = &mut self.streams[index] {
            stream.after = after;
        }
        must_wait
    }

    /// All of a stream was read for now.
    fn rest(&mut self, index: usize) {
        let (quiet, once) = (self.options.quiet, self.options.once);
        let Some(stream) = &mut self.streams[index] else {
            return;
        };
        stream.after.clear();
        let (quiet, rest) = match once {
            true => (Duration::ZERO, Rest::All),
            false => (quiet, Rest::Settled),
        };
        if let Some(at) = stream.wait_for_line(quiet, rest) {
            self.quiet.push_back((at, index));
        } else if stream.is_unpacked() {
            let path = stream.spot.path.clone();
            self.settle(index);
            self.close(index);
            self.note_undamaged(&path);
        } else if once && !stream.has_rest() {
            self.close(index);
        }
    }

    pub(super) fn hand_out_quiet(&mut self, block: &mut Block) -> Option<FileNumber> {
        let now = Instant::now();
        while let Some(&(at, index)) = self.quiet.front() {
            if at > now {
                return None;
            }
            self.quiet.pop_front();
            let Some(stream) = &mut self.streams[index] else {
                continue;
            };
            if stream.quiet_at == Some(at) {
                let number = stream.number;
                if self.options.once {
                    stream.hand_out_rest(block, Rest::All);
                    self.close(index);
                } else {
                    stream.hand_out_rest(block, Rest::Settled);
                }
                return Some(number);
            }
        }
        None
    }

    /// Hands out the unfinished lines before the end.
    pub(super) fn finish(&mut self, block: &mut Block) -> Followed {
        if let Some(file) = self.remains.front().map(|stream| stream.number) {
            let handed_out = self.read_on(block);
            debug_assert_eq!(handed_out, Some(file));
            return Followed::Block { file };
        }
        let FollowOptions { quiet, goes_on, .. } = self.options;
        let rest = |stream: &Stream| match goes_on {
            true => stream.rest_before_a_pause(quiet),
            false => Rest::All,
        };
        let mut streams = self.streams.iter_mut().flatten();
        match streams.find(|stream| stream.has(rest(stream))) {
            Some(stream) => {
                stream.hand_out_rest(block, rest(stream));
                Followed::Block {
                    file: stream.number,
                }
            }
            None => Followed::Stopped,
        }
    }
}
