//! Groups frames whose ends are known into pieces that are worth a thread's while.
//!
//! A frame counts as whole where another follows it, or the end: so one whose stated length is
//! wrong is read in order, like whatever else is no frame.

use std::io::{self, Read};

use super::{Need, Stretch};
use crate::input::container::source::Source;

/// How much is put together at least, where there is so much, in bytes of compressed data and of text.
const GROUP_BYTES: usize = 128 * 1024;
const GROUP_TEXT_BYTES: u64 = 2 * 1024 * 1024;

/// The longest frame that is read ahead, in bytes.
pub(super) const MOST_FRAME_BYTES: usize = 4 * 1024 * 1024;

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
    /// Looks at what was read of a frame: the same as before, and more.
    fn look(&mut self, frame: &[u8]) -> Look;
}

/// Reads groups of frames.
#[derive(Default)]
pub(super) struct Frames {
    /// What was read and is in no group yet; it begins with a frame, or is all that is left.
    held: Vec<u8>,
}

impl Frames {
    /// The next group; `None` at the end.
    pub(super) fn next<W: Walk>(&mut self, source: &mut Source<impl Read>) -> Option<Stretch> {
        let offset = source.position() - self.held.len() as u64;
        let (mut whole, mut at) = (0, 0);
        let (mut need, mut last) = (Need::default(), Need::default());
        let mut walk = W::default();
        loop {
            let is_read = match walk.look(&self.held[at..]) {
                Look::Needs(len) if len > MOST_FRAME_BYTES => false,
                Look::Needs(len) => match self.read(source, at + len) {
                    Ok(true) => true,
                    // The end confirms the frame before it.
                    Ok(false) if self.held.len() == at => {
                        (whole, need) = (at, need.and(last));
                        false
                    }
                    _ => false,
                },
                Look::Foreign => false,
                Look::Frame(len, own) => {
                    (whole, need) = (at, need.and(last));
                    if whole >= GROUP_BYTES || need.text >= GROUP_TEXT_BYTES {
                        break;
                    }
                    (at, last) = (at + len, own);
                    walk = W::default();
                    len <= MOST_FRAME_BYTES && matches!(self.read(source, at), Ok(true))
                }
            };
            if !is_read {
                break;
            }
        }
        if self.held.is_empty() {
            return None;
        }
        let rest = self.held.split_off(whole);
        let group = std::mem::replace(&mut self.held, rest);
        Some(match whole {
            0 => Stretch::rest(std::mem::take(&mut self.held), offset),
            _ => Stretch {
                front: group,
                offset,
                left: 0,
                back: Vec::new(),
                need: Some(need),
            },
        })
    }

    /// Reads until `len` bytes are held; `false` where there are fewer.
    fn read(&mut self, source: &mut Source<impl Read>, len: usize) -> io::Result<bool> {
        let missing = len.saturating_sub(self.held.len());
        source
            .by_ref()
            .take(missing as u64)
            .read_to_end(&mut self.held)?;
        Ok(self.held.len() >= len)
    }
}
