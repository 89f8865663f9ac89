//! Decodes UTF-16 into UTF-8 while it is read.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// How much is read at a time, in bytes.
const CHUNK_BYTES: usize = 64 * 1024;

/// A reader of the UTF-8 text that `source` holds as UTF-16.
pub(crate) struct Utf16Reader<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
    grows: bool,
    at_end: bool,
}

impl<R: Read> Utf16Reader<R> {
    /// The same for a source that may have more to give after it gave nothing.
    pub(crate) fn growing(source: R, encoding: &'static Encoding) -> Self {
        Utf16Reader {
            grows: true,
            ..Utf16Reader::new(source, encoding)
        }
    }

    /// Decodes `source`; its byte order mark is dropped.
    pub(crate) fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf16Reader {
            source,
            decoder,
            raw: vec![0; CHUNK_BYTES],
            decoded: Vec::new(),
            given: 0,
            grows: false,
            at_end: false,
        }
    }

    /// Decodes what one read gives; `false` where the source gave nothing.
    fn decode_more(&mut self) -> io::Result<bool> {
        let read = match self.source.read(&mut self.raw) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            read => read?,
        };
        self.at_end = read == 0 && !self.grows;
        let most = self
            .decoder
            .max_utf8_buffer_length(read)
            .unwrap_or(CHUNK_BYTES * 3);
        self.decoded.resize(most, 0);
        let (result, _, written, _) =
            self.decoder
                .decode_to_utf8(&self.raw[..read], &mut self.decoded, self.at_end);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.decoded.truncate(written);
        self.given = 0;
        Ok(read > 0)
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.at_end && self.decode_more()? {}
        let rest = &self.decoded[self.given..];
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        self.given += len;
        Ok(len)
    }
}

/// The text of `bytes`: decoded where it is UTF-16 with a byte order mark, else as it is.
pub fn decode_utf16(bytes: Vec<u8>) -> Vec<u8> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, _)) if encoding != encoding_rs::UTF_8 => {
            let (text, _) = encoding.decode_with_bom_removal(&bytes);
            text.into_owned().into_bytes()
        }
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_and_broken_ends_are_decoded() {
        let text = "错误码 APIG.1002\n";
        let little: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut big: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        big.push(0);

        let read = |bytes: &[u8], encoding| {
            let mut decoded = String::new();
            Utf16Reader::new(bytes, encoding)
                .read_to_string(&mut decoded)
                .expect("decoded text is UTF-8");
            decoded
        };
        assert_eq!(decode_utf16(little.clone()), text.as_bytes());
        assert_eq!(decode_utf16(text.into()), text.as_bytes());
        assert_eq!(read(&little, encoding_rs::UTF_16LE), text);
        assert_eq!(read(&big, encoding_rs::UTF_16BE), format!("{text}\u{fffd}"));
    }
}
