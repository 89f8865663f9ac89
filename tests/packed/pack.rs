//! Makes compressed texts.

use std::io::Write;

use crate::support::LINE;

/// Packs a text.
pub type Pack = fn(&[u8]) -> Vec<u8>;

/// All formats of one compressed text.
pub const COMPRESSIONS: [(&str, Pack); 5] = [
    ("gzip", gzip),
    ("zstd", zstd),
    ("xz", xz),
    ("bzip2", bzip2),
    ("lz4", lz4),
];

/// Lines with a match each, that differ, so that they do not compress to next to nothing.
pub fn log(lines: u64) -> Vec<u8> {
    let line = |number: u64| {
        let noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!(
            "{noise:016x} {:016x} {LINE}",
            noise.rotate_left(23) ^ number
        )
    };
    (1..=lines).map(line).collect::<String>().into_bytes()
}

pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn xz(text: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// xz data in blocks that state their lengths.
pub fn xz_blocks(text: &[u8], block_bytes: u64) -> Vec<u8> {
    let mut builder = liblzma::stream::MtStreamBuilder::new();
    builder.threads(2).preset(6).block_size(block_bytes);
    builder.check(liblzma::stream::Check::Crc64);
    let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), builder.encoder().unwrap());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// gzip members that state their own length, as bgzip writes them.
pub fn bgzf(text: &[u8]) -> Vec<u8> {
    let members = text.chunks(0xff00).map(|part| {
        let mut encoder = flate2::GzBuilder::new()
            .extra(b"BC\x02\0\0\0".to_vec())
            .write(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(part).unwrap();
        let mut member = encoder.finish().unwrap();
        let len = u16::try_from(member.len() - 1).unwrap();
        member[16..18].copy_from_slice(&len.to_le_bytes());
        member
    });
    members.collect::<Vec<_>>().concat()
}

pub fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(1));
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn lz4(text: &[u8]) -> Vec<u8> {
    let info = lz4_flex::frame::FrameInfo::new()
        .block_size(lz4_flex::frame::BlockSize::Max64KB)
        .block_mode(lz4_flex::frame::BlockMode::Linked)
        .block_checksums(true)
        .content_checksum(true);
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A frame of the time before lz4 had its present format, in blocks of so much text.
pub fn lz4_legacy(text: &[u8], block_bytes: usize) -> Vec<u8> {
    let mut frame = 0x184c_2102_u32.to_le_bytes().to_vec();
    for part in text.chunks(block_bytes) {
        let block = lz4_flex::block::compress(part);
        frame.extend(u32::try_from(block.len()).unwrap().to_le_bytes());
        frame.extend(block);
    }
    frame
}

/// A frame that zstd and lz4 decoders skip.
pub fn skippable(len: u32) -> Vec<u8> {
    let mut frame = 0x184d_2a5a_u32.to_le_bytes().to_vec();
    frame.extend(len.to_le_bytes());
    frame.resize(8 + len as usize, b'A');
    frame
}

/// `text` in UTF-16 with a byte order mark.
pub fn utf_16(text: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(text).unwrap();
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A tar archive of members with these names and texts.
pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in members {
        builder
            .append_data(&mut header(text.len()), name, *text)
            .unwrap();
    }
    builder.into_inner().unwrap()
}

/// A header for a file of this length.
pub fn header(len: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(len as u64);
    header.set_mode(0o644);
    header.set_mtime(1_795_000_000);
    header.set_cksum();
    header
}

/// A zip archive of members with these names and texts, compressed by this method.
pub fn zip(method: zip::CompressionMethod, members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    add_members(&mut writer, method, members);
    writer.finish().unwrap().into_inner()
}

/// The same as it is written where nobody can go back: lengths follow the data.
pub fn zip_stream(method: zip::CompressionMethod, members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    add_members(&mut writer, method, members);
    writer.finish().unwrap().into_inner()
}

fn add_members<W: Write + std::io::Seek>(
    writer: &mut zip::ZipWriter<W>,
    method: zip::CompressionMethod,
    members: &[(&str, &[u8])],
) {
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, text) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(text).unwrap();
    }
}

/// A zip archive of deflated members.
pub fn deflated(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip(zip::CompressionMethod::Deflated, members)
}
