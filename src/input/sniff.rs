//! What a file holds, told by its first bytes and never by its name.

use super::entries::{FIRST_FIELD, is_export};

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Text, or anything else that is read as it is.
    Plain,
    /// A journal's export: text whose lines are not told by newlines alone.
    Export,
    /// UTF-16 text with a byte order mark.
    Utf16(&'static encoding_rs::Encoding),
    /// Compressed, or an archive; the format's name.
    Packed(&'static str),
}

/// How many bytes are needed to tell.
pub(crate) const SNIFF_BYTES: usize = 512;

/// The byte order marks of UTF-16.
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Where a tar header says that it is one (POSIX.1-1988), and what.
const TAR_MAGIC: (usize, &[u8]) = (257, b"ustar");

/// The first bytes of compressed files and archives, from the formats' specifications.
const MAGICS: &[(&[u8], &str)] = &[
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x9d", "compress"),
];

/// Tells what begins with `head`.
pub(crate) fn sniff(head: &[u8]) -> Content {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(head)
        && encoding != encoding_rs::UTF_8
    {
        return Content::Utf16(encoding);
    }
    if let Some((_, name)) = MAGICS
        .iter()
        .find(|(magic, name)| head.starts_with(magic) && is_plausible(head, name))
    {
        return Content::Packed(name);
    }
    let (at, magic) = TAR_MAGIC;
    if head.get(at..).is_some_and(|rest| rest.starts_with(magic)) {
        return Content::Packed("tar");
    }
    if is_export(head) {
        return Content::Export;
    }
    Content::Plain
}

/// Whether `head` may be the beginning of a mark, so that it takes more to tell.
pub(crate) fn is_undecided(head: &[u8]) -> bool {
    let magics = MAGICS.iter().map(|(magic, _)| *magic);
    let mut marks = magics.chain(UTF_16_MARKS).chain([FIRST_FIELD]);
    marks.any(|mark| mark.len() > head.len() && mark.starts_with(head))
        || matches!(head, b"BZh" | [b'B', b'Z', b'h', b'1'..=b'9'])
}

/// Guards against text that happens to begin like a format: `BZh` is followed by a level and a block's mark.
fn is_plausible(head: &[u8], name: &str) -> bool {
    name != "bzip2"
        || (matches!(head.get(3), Some(b'1'..=b'9')) && matches!(head.get(4), Some(0x31 | 0x17)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_by_its_first_bytes() {
        assert_eq!(sniff(b""), Content::Plain);
        assert_eq!(sniff(b"\xef\xbb\xbftext"), Content::Plain);
        assert_eq!(sniff(b"\xff\xfet\0"), Content::Utf16(encoding_rs::UTF_16LE));
        assert_eq!(sniff(b"\xfe\xff\0t"), Content::Utf16(encoding_rs::UTF_16BE));
        assert_eq!(sniff(b"\x1f\x8b\x08\0"), Content::Packed("gzip"));
        assert_eq!(sniff(b"BZh91AY&SY"), Content::Packed("bzip2"));
        assert_eq!(sniff(b"BZhao wrote this"), Content::Plain);
        assert_eq!(sniff(b"__CURSOR=s=1\n"), Content::Export);
        let mut tar = vec![b'x'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(sniff(&tar), Content::Packed("tar"));
    }

    #[test]
    fn the_beginning_of_a_mark_is_undecided() {
        for mark in [&b"\x1f\x8b\x08"[..], b"\xff\xfe", b"BZh91", b"PK\x03\x04"] {
            for len in 0..mark.len() {
                assert!(is_undecided(&mark[..len]), "{:?}", &mark[..len]);
            }
            assert!(!is_undecided(mark), "{mark:?}");
        }
        assert!(!is_undecided(b"2026"));
        assert!(!is_undecided(b"BZhao"));
    }
}
