//! tar archives, told by their first header.

use tar::Header;

/// The length of a header, and of what everything is padded to, in bytes.
const BLOCK_BYTES: usize = 512;

/// Where a header says that it is one (POSIX.1-1988), and how.
const MAGIC: (usize, &[u8]) = (257, b"ustar");

/// Where a header holds its checksum.
const CHECKSUM: std::ops::Range<usize> = 148..156;

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
fn has_checksum(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let sum: u32 = bytes.iter().map(|&byte| u32::from(byte)).sum();
    let own: u32 = bytes[CHECKSUM].iter().map(|&byte| u32::from(byte)).sum();
    let blanks = u32::try_from(CHECKSUM.len()).unwrap_or_default() * u32::from(b' ');
    header
        .cksum()
        .is_ok_and(|stated| stated == sum - own + blanks)
}
