//! gzip members that state their own length (BGZF): by the field `BC` of their header.
//!
//! The format: <https://samtools.github.io/hts-specs/SAMv1.pdf>, section 4.1.

use std::io::{self, Read};

use super::frames::{Frames, Look, Walk};
use super::{Helpers, Need, Parts, Stretch};
use crate::input::container::Context;
use crate::input::container::gzip::{Gzip, MEMORY_BYTES};
use crate::input::container::source::Source;

/// What a member begins with that has extra fields and nothing else.
const MAGIC: [u8; 4] = [0x1f, 0x8b, 8, 4];

/// The header in front of the extra fields, with their length at its end, in bytes.
const HEADER_BYTES: usize = 12;

/// The header with the only field that matters.
pub(in crate::input::container) const LEAST_BGZF_BYTES: usize = HEADER_BYTES + 6;

/// The most text of a member, in bytes.
const MOST_TEXT_BYTES: u64 = 64 * 1024;

/// Groups of members.
pub(in crate::input::container) struct Bgzf(Frames<Member>);

impl Parts for Bgzf {
    type Codec = Gzip;

    fn new(context: &Context, helpers: &Helpers) -> Option<Self> {
        Frames::new(context, helpers).map(Bgzf)
    }

    fn next<R: Read>(&mut self, source: &mut Source<R>) -> io::Result<Option<Stretch>> {
        Ok(self.0.next(source))
    }

    fn codec(context: &Context) -> io::Result<Gzip> {
        Gzip::new(context)
    }
}

/// Reads the header of a member.
#[derive(Default)]
pub(super) struct Member;

impl Walk for Member {
    const MOST_BYTES: usize = 64 * 1024;

    fn look(&mut self, frame: &[u8]) -> Look {
        if frame.len() < LEAST_BGZF_BYTES {
            return Look::Needs(LEAST_BGZF_BYTES);
        }
        let fields = usize::from(u16::from_le_bytes([frame[10], frame[11]]));
        if !frame.starts_with(&MAGIC) {
            return Look::Foreign;
        }
        if frame.len() < HEADER_BYTES + fields {
            return Look::Needs(HEADER_BYTES + fields);
        }
        let need = Need {
            text: MOST_TEXT_BYTES,
            memory: MEMORY_BYTES,
        };
        match stated_len(&frame[HEADER_BYTES..HEADER_BYTES + fields]) {
            Some(len) if len > HEADER_BYTES + fields => Look::Frame(len, need),
            _ => Look::Foreign,
        }
    }
}

/// The length of the member, as its extra fields state it.
fn stated_len(mut fields: &[u8]) -> Option<usize> {
    while let Some(([a, b, c, d], rest)) = fields.split_first_chunk() {
        let (field, after) = rest.split_at_checked(usize::from(u16::from_le_bytes([*c, *d])))?;
        if [*a, *b] == *b"BC" {
            let len = field.try_into().ok().map(u16::from_le_bytes)?;
            return Some(usize::from(len) + 1);
        }
        fields = after;
    }
    None
}

/// Whether what begins with `head` states its length; as much of it as tells that must be there.
pub(in crate::input::container) fn is_bgzf(head: &[u8]) -> bool {
    head.len() >= LEAST_BGZF_BYTES && !matches!(Member.look(head), Look::Foreign)
}
