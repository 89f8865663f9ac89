//! What a file holds, told by its first bytes and never by its name.

use std::io::{self, Read};

use super::container::{Archive, Compression, is_tar, skippable_len};
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
    /// One compressed text.
    Compressed(Compression),
    /// An archive of files.
    Archive(Archive),
    /// Compressed, or an archive, in a way that is not read; the format's name.
    Foreign(&'static str),
}

impl Content {
    /// What the format is called, where it is packed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Content::Plain | Content::Export => "text",
            Content::Utf16(_) => "UTF-16",
            Content::Compressed(compression) => compression.name(),
            Content::Archive(archive) => archive.name(),
            Content::Foreign(name) => name,
        }
    }

    /// Whether it is compressed, or an archive.
    pub(crate) fn is_packed(self) -> bool {
        !matches!(self, Content::Plain | Content::Export | Content::Utf16(_))
    }
}

/// How many bytes are needed to tell: a tar archive says what it is within its first header.
pub(crate) const SNIFF_BYTES: usize = 512;

/// The byte order marks of UTF-16.
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// The first bytes of compressed files and archives, from the formats' specifications.
const MAGICS: &[(&[u8], Content)] = &[
    (b"\x1f\x8b\x08", Content::Compressed(Compression::Gzip)),
    (b"\x28\xb5\x2f\xfd", Content::Compressed(Compression::Zstd)),
    (b"\xfd7zXZ\0", Content::Compressed(Compression::Xz)),
    (b"BZh", Content::Compressed(Compression::Bzip2)),
    (b"\x04\x22\x4d\x18", Content::Compressed(Compression::Lz4)),
    (b"\x02\x21\x4c\x18", Content::Compressed(Compression::Lz4)),
    (b"PK\x03\x04", Content::Archive(Archive::Zip)),
    (b"PK\x05\x06", Content::Archive(Archive::Zip)),
    (b"7z\xbc\xaf\x27\x1c", Content::Foreign("7z")),
    (b"Rar!\x1a\x07", Content::Foreign("rar")),
    (b"\x1f\x9d", Content::Foreign("compress")),
    // With a dictionary of whole 64 KiB, as all are in practice.
    (b"\x5d\0\0", Content::Foreign("lzma")),
    (b"LZIP\x01", Content::Foreign("lzip")),
    (b"\x89LZO\0\r\n\x1a\n", Content::Foreign("lzop")),
    (b"\xff\x06\0\0sNaPpY", Content::Foreign("snappy")),
];

/// The last three bytes of the magic of a frame to be skipped, with which zstd and lz4 data may begin.
const SKIPPABLE: &[u8] = b"\x2a\x4d\x18";

/// Tells what begins with `head`.
pub(crate) fn sniff(head: &[u8]) -> Content {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(head)
        && encoding != encoding_rs::UTF_8
    {
        return Content::Utf16(encoding);
    }
    if let Some((_, content)) = MAGICS
        .iter()
        .find(|(magic, content)| head.starts_with(magic) && is_plausible(head, *content))
    {
        return *content;
    }
    if let Some(len) = skippable_len(head) {
        // What is too far behind to be seen is taken for zstd, of which that is more likely.
        return match sniff(behind(head, len).unwrap_or_default()) {
            lz4 @ Content::Compressed(Compression::Lz4) => lz4,
            _ => Content::Compressed(Compression::Zstd),
        };
    }
    if is_tar(head) {
        return Content::Archive(Archive::Tar);
    }
    if is_export(head) {
        return Content::Export;
    }
    Content::Plain
}

/// Whether `head` is too little to tell.
pub(crate) fn is_undecided(head: &[u8]) -> bool {
    may_become_mark(head) || may_become_tar(head)
}

/// Whether `head` may be the beginning of a mark at the very beginning, which few texts are.
pub(crate) fn may_become_mark(head: &[u8]) -> bool {
    if let Some(len) = skippable_len(head) {
        // What follows it, if that can be seen, tells the format.
        return len < SNIFF_BYTES as u64 && behind(head, len).is_none_or(may_become_mark);
    }
    let magics = MAGICS.iter().map(|(magic, _)| *magic);
    let mut marks = magics.chain(UTF_16_MARKS).chain([FIRST_FIELD]);
    marks.any(|mark| mark.len() > head.len() && mark.starts_with(head))
        || matches!(head, b"BZh" | [b'B', b'Z', b'h', b'1'..=b'9'])
        || matches!(head, [0x50..=0x5f, rest @ ..] if SKIPPABLE.starts_with(rest) && rest.len() < 3)
}

/// What follows the first `len` bytes of `head`; `None` where it ends within them.
fn behind(head: &[u8], len: u64) -> Option<&[u8]> {
    head.get(usize::try_from(len).ok()?..)
}

/// Adds what one read gives to `head`; `false` where the source has ended.
pub(crate) fn read_more(source: &mut impl Read, head: &mut Vec<u8>) -> io::Result<bool> {
    let len = head.len();
    head.resize(SNIFF_BYTES, 0);
    let read = loop {
        match source.read(&mut head[len..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read,
        }
    };
    head.truncate(len + *read.as_ref().unwrap_or(&0));
    read.map(|read| read > 0)
}

/// Whether `head` may be the beginning of a tar header: that of a name, without the end of a line.
fn may_become_tar(head: &[u8]) -> bool {
    let name = head.split(|&byte| byte == 0).next().unwrap_or_default();
    let is_told = sniff_magic(head) || !matches!(head.first(), Some(1..));
    head.len() < SNIFF_BYTES && !is_told && !name.contains(&b'\n')
}

fn sniff_magic(head: &[u8]) -> bool {
    let marks = MAGICS.iter().map(|(magic, _)| *magic).chain(UTF_16_MARKS);
    marks.into_iter().any(|mark| head.starts_with(mark))
}

/// Guards against text that happens to begin like a format: `BZh` is followed by a level and a block's mark.
fn is_plausible(head: &[u8], content: Content) -> bool {
    content != Content::Compressed(Compression::Bzip2)
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
        assert_eq!(
            sniff(b"\x1f\x8b\x08\0"),
            Content::Compressed(Compression::Gzip)
        );
        assert_eq!(
            sniff(b"BZh91AY&SY"),
            Content::Compressed(Compression::Bzip2)
        );
        assert_eq!(sniff(b"BZhao wrote this"), Content::Plain);
        assert_eq!(sniff(b"\x5d\0\0\x80\0\xff\xff"), Content::Foreign("lzma"));
        assert_eq!(sniff(b"] LZIP"), Content::Plain);
        assert_eq!(
            sniff(b"\x02\x21\x4c\x18"),
            Content::Compressed(Compression::Lz4)
        );
        assert_eq!(sniff(b"__CURSOR=s=1\n"), Content::Export);
        let mut tar = vec![b'x'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(sniff(&tar), Content::Archive(Archive::Tar));
    }

    #[test]
    fn the_beginning_of_a_mark_is_undecided() {
        for mark in [&b"\x1f\x8b\x08"[..], b"\xff\xfe", b"BZh91", b"PK\x03\x04"] {
            for len in 0..mark.len() {
                assert!(is_undecided(&mark[..len]), "{:?}", &mark[..len]);
            }
            assert!(!is_undecided(mark), "{mark:?}");
        }
        assert!(!is_undecided(b"2026\n"));
        assert!(!is_undecided(b"BZhao\n"));
    }

    #[test]
    fn what_follows_frames_to_be_skipped_tells_their_format() {
        let skipped = b"\x50\x2a\x4d\x18\x0a\0\0\0abcdefghij\x5f\x2a\x4d\x18\0\0\0\0";
        let content = |behind: &[u8]| sniff(&[&skipped[..], behind].concat());

        let (zstd, lz4) = (Compression::Zstd, Compression::Lz4);
        assert_eq!(content(b"\x04\x22\x4d\x18d"), Content::Compressed(lz4));
        assert_eq!(content(b"\x02\x21\x4c\x18d"), Content::Compressed(lz4));
        for behind in [&b"\x28\xb5\x2f\xfd"[..], b"", b"text"] {
            assert_eq!(content(behind), Content::Compressed(zstd));
        }
        for len in 0..skipped.len() + 4 {
            let head = [&skipped[..], b"\x04\x22\x4d\x18"].concat();
            assert!(may_become_mark(&head[..len]), "{len}");
        }
        assert!(!may_become_mark(
            &[&skipped[..], b"\x04\x22\x4d\x18"].concat()
        ));
        assert!(!may_become_mark(b"\x50\x2a\x4d\x18\0\x02\0\0"));
    }

    #[test]
    fn what_may_be_the_name_of_a_tar_member_is_undecided_up_to_a_whole_header() {
        assert!(is_undecided(b"var/log/app.log"));
        assert!(is_undecided(&[&b"app.log"[..], &[0; 504]].concat()));
        assert!(!is_undecided(&[&b"app.log"[..], &[0; 505]].concat()));
        assert!(!is_undecided(b"\0\0\0"));
    }
}
