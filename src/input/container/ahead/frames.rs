//! Groups frames whose ends are known into pieces that are worth a thread's while.
//!
//! A frame counts as whole where another follows it, or the end: so one whose stated length is
//! wrong is read in order, like whatever else is no frame.

use std::io::Read;
use std::marker::PhantomData;

use super::{Helpers, Need, Stretch};
use crate::input::container::Context;
use crate::input::container::memory::Reserved;
use crate::input::container::source::Source;

/// How much is put together at least, where there is so much, in bytes of compressed data and of text.
const GROUP_BYTES: usize = 128 * 1024;
const GROUP_TEXT_BYTES: u64 = 2 * 1024 * 1024;

/// What is seen of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// So many bytes of it must be seen.
    Needs(usize),
    /// It has so many bytes.
    Frame(usize, Need),
    /// It is none.
    Foreign,
}

/// Finds the end of one frame.
pub(super) trait Walk: Default {
    /// The longest frame that is read ahead, in bytes.
    const MOST_BYTES: usize;

    /// Looks at what was read of a frame: the same as before, and more.
    fn look(&mut self, frame: &[u8]) -> Look;
}

/// Reads groups of frames.
pub(super) struct Frames<W> {
    /// What was read and is in no group yet; it begins with a frame, or is all that is left.
    held: Vec<u8>,
    /// What that may take, until it is all that is left.
    memory: Option<Reserved>,
    has_failed: bool,
    _walk: PhantomData<W>,
}

impl<W: Walk> Frames<W> {
    /// Reads frames of one format, if there is memory for that.
    pub(super) fn new(context: &Context, helpers: &Helpers) -> Option<Self> {
        let most = 2 * W::MOST_BYTES + GROUP_BYTES;
        Some(Frames {
            held: Vec::new(),
            memory: Some(helpers.reserve(context, most as u64)?),
            has_failed: false,
            _walk: PhantomData,
        })
    }

    /// The next group; `None` at the end.
    pub(super) fn next(&mut self, source: &mut Source<impl Read>) -> Option<Stretch> {
        let offset = source.position() - self.held.len() as u64;
        let (len, need) = self.read_group(source);
        if len == 0 {
            self.memory = None;
            let is_over = self.held.is_empty() && !self.has_failed;
            return (!is_over).then(|| Stretch::rest(std::mem::take(&mut self.held), offset));
        }
        let rest = self.held.split_off(len);
        Some(Stretch {
            front: std::mem::replace(&mut self.held, rest),
            offset,
            left: 0,
            back: Vec::new(),
            need: Some(need),
        })
    }

    /// Reads frames, as many as are worth it; the length of those that are known to be whole.
    fn read_group(&mut self, source: &mut Source<impl Read>) -> (usize, Need) {
        let (mut whole, mut need) = (0, Need::default());
        let (mut at, mut last) = (0, Need::default());
        let mut walk = W::default();
        loop {
            match walk.look(&self.held[at..]) {
                Look::Needs(len) if self.read(source, at, len) => {}
                // The end confirms the frame before it.
                Look::Needs(_) if self.held.len() == at && !self.has_failed => {
                    return (at, need.and(last));
                }
                Look::Needs(_) | Look::Foreign => return (whole, need),
                Look::Frame(len, own) => {
                    (whole, need) = (at, need.and(last));
                    let is_enough = whole >= GROUP_BYTES || need.text >= GROUP_TEXT_BYTES;
                    if is_enough || !self.read(source, at, len) {
                        return (whole, need);
                    }
                    (at, last) = (at + len, own);
                    walk = W::default();
                }
            }
        }
    }

    /// Reads until so many bytes of the frame at `at` are held; `false` where there are fewer, or
    /// they are too many.
    fn read(&mut self, source: &mut Source<impl Read>, at: usize, len: usize) -> bool {
        if len > W::MOST_BYTES {
            return false;
        }
        let missing = (at + len).saturating_sub(self.held.len());
        let mut missing = source.by_ref().take(missing as u64);
        self.has_failed |= missing.read_to_end(&mut self.held).is_err();
        self.held.len() >= at + len
    }
}
