//! The header in front of a member.

use std::io::{self, Read};

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

use crate::input::container::fault::{cut_short, damaged, refused};
use crate::input::container::source::Source;
use crate::wording::reasons;

/// What a member begins with.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// The length of the part of the header that is always there, in bytes.
const HEADER_BYTES: usize = 30;

/// A size that stands in an extra field instead, since it needs more than 32 bits.
const IN_EXTRA: u64 = 0xffff_ffff;

/// The extra field of sizes with 64 bits.
const ZIP64: u16 = 1;

/// What a member's header says.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) name: String,
    pub(super) method: u16,
    pub(super) is_encrypted: bool,
    /// Whether the sizes and the checksum follow the data instead.
    pub(super) is_described_later: bool,
    pub(super) checksum: u32,
    pub(super) stored: u64,
    pub(super) size: u64,
    pub(super) time: Option<Timestamp>,
}

impl Local {
    /// Reads a header, whose magic is at hand.
    pub(super) fn read<R: Read>(source: &mut Source<R>) -> io::Result<Local> {
        let at = source.position();
        let head = source.peek(HEADER_BYTES)?;
        let Some(head) = head.first_chunk::<HEADER_BYTES>().copied() else {
            return Err(cut_short("zip", at + head.len() as u64));
        };
        if !head.starts_with(MAGIC) {
            return Err(damaged("zip", at, &reasons::damage::no_member()));
        }
        source.advance(HEADER_BYTES);
        let short = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let long = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
        let mut name = vec![0; usize::from(short(26))];
        let mut extra = vec![0; usize::from(short(28))];
        read_whole(source, &mut name)?;
        read_whole(source, &mut extra)?;
        let flags = short(6);
        let mut local = Local {
            name: String::from_utf8_lossy(&name).into_owned(),
            method: short(8),
            is_encrypted: flags & 1 != 0,
            is_described_later: flags & 8 != 0,
            checksum: long(14),
            stored: u64::from(long(18)),
            size: u64::from(long(22)),
            time: time(short(12), short(10)),
        };
        local.extend(&extra);
        Ok(local)
    }

    /// Takes the sizes that need 64 bits from the extra fields.
    fn extend(&mut self, mut extra: &[u8]) {
        while let Some(([a, b, c, d], rest)) = extra.split_first_chunk() {
            let len = usize::from(u16::from_le_bytes([*c, *d])).min(rest.len());
            let (mut field, after) = rest.split_at(len);
            if u16::from_le_bytes([*a, *b]) == ZIP64 {
                for size in [&mut self.size, &mut self.stored] {
                    if *size == IN_EXTRA
                        && let Some((eight, more)) = field.split_first_chunk()
                    {
                        *size = u64::from_le_bytes(*eight);
                        field = more;
                    }
                }
            }
            extra = after;
        }
    }

    /// Whether it is a folder.
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Why the member cannot be read, if it is encrypted.
    pub(super) fn refusal(&self) -> Option<io::Error> {
        self.is_encrypted.then(|| refused(reasons::encrypted()))
    }
}

fn read_whole<R: Read>(source: &mut Source<R>, out: &mut [u8]) -> io::Result<()> {
    let mut len = 0;
    while len < out.len() {
        match source.read(&mut out[len..])? {
            0 => return Err(cut_short("zip", source.position())),
            read => len += read,
        }
    }
    Ok(())
}

/// A date and a time as MS-DOS has them, in the local zone.
fn time(date: u16, time: u16) -> Option<Timestamp> {
    let part = |bits: u16, shift: u32, mask: u16| i8::try_from(bits >> shift & mask).ok();
    let year = i16::try_from(1980 + (date >> 9)).ok()?;
    let day = civil::Date::new(year, part(date, 5, 0xf)?, part(date, 0, 0x1f)?).ok()?;
    let second = part(time, 0, 0x1f)?.checked_mul(2)?;
    let at = civil::Time::new(part(time, 11, 0x1f)?, part(time, 5, 0x3f)?, second, 0).ok()?;
    let zoned = day.to_datetime(at).to_zoned(TimeZone::system()).ok()?;
    Some(zoned.timestamp())
}
