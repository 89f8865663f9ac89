//! What a tar header says.

use std::io;

use jiff::Timestamp;
use tar::Header;

use super::sparse::Map;

/// The length of a header, and of what everything is padded to, in bytes.
pub(super) const BLOCK_BYTES: usize = 512;

/// Where a header says that it is one (POSIX.1-1988), and how.
const MAGIC: (usize, &[u8]) = (257, b"ustar");

/// Where a header holds its checksum.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// A member that holds text.
pub(super) struct Described {
    pub(super) name: String,
    pub(super) time: Option<Timestamp>,
    /// How many bytes of it are in the archive.
    pub(super) stored: u64,
    /// Where they belong, if there are holes between them.
    pub(super) map: Option<Map>,
}

/// Whether `head` is a tar header: one that says so, or one of the time before whose checksum holds.
pub(crate) fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..BLOCK_BYTES) else {
        return false;
    };
    let (at, magic) = MAGIC;
    block[at..].starts_with(magic)
        || (block[0] != 0 && has_checksum(Header::from_byte_slice(block)))
}

/// Whether a header holds the sum of its bytes, those of the sum itself taken as blanks.
pub(super) fn has_checksum(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let sum: u32 = bytes.iter().map(|&byte| u32::from(byte)).sum();
    let own: u32 = bytes[CHECKSUM].iter().map(|&byte| u32::from(byte)).sum();
    let blanks: u32 = CHECKSUM.map(|_| u32::from(b' ')).sum();
    header
        .cksum()
        .is_ok_and(|stated| stated == sum - own + blanks)
}

/// The name that the header itself holds.
pub(super) fn name_of(header: &Header) -> String {
    String::from_utf8_lossy(&header.path_bytes()).into_owned()
}

/// How many bytes follow the header. A blank says none: so GNU tar writes the label of a volume.
pub(super) fn size_of(header: &Header) -> io::Result<u64> {
    let digits = &header.as_old().size;
    match digits.iter().all(|digit| matches!(digit, 0 | b' ')) {
        true => Ok(0),
        false => header.entry_size(),
    }
}

/// When the member was written last.
pub(super) fn time_of(header: &Header) -> Option<Timestamp> {
    let seconds = i64::try_from(header.mtime().ok()?).ok()?;
    // Zero is what archives say that are made to be the same every time.
    Timestamp::from_second(seconds)
        .ok()
        .filter(|_| seconds != 0)
}
