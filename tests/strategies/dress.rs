//! How a fragment of text reaches a log: as it is, or encoded by whoever passed it on.

use proptest::prelude::*;
use proptest::sample::select;

/// An encoding of text within text.
#[derive(Debug, Clone, Copy)]
pub enum Dress {
    /// None.
    Plain,
    /// A JSON string within a JSON string, so many levels deep.
    Json(usize),
    /// JSON as Go writes it: `<`, `>` and `&` as `\u003c` and so on.
    GoJson,
    /// URL encoding, so many times.
    Percent(usize),
    /// HTML entities, so many times.
    Entities(usize),
    /// `\xHH` for all that is not ASCII or a word byte, as bytes are printed.
    Hex,
}

/// A dress; most text wears none.
pub fn dress() -> impl Strategy<Value = Dress> {
    prop_oneof![
        10 => Just(Dress::Plain),
        4 => select(&[Dress::Json(1), Dress::Json(2), Dress::GoJson, Dress::Percent(1),
            Dress::Percent(2), Dress::Entities(1), Dress::Entities(2), Dress::Hex][..]),
    ]
}

impl Dress {
    /// The text in this dress.
    pub fn apply(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Dress::Plain => bytes.to_vec(),
            Dress::Json(times) => repeat(bytes, times, json),
            Dress::GoJson => each(&json(bytes), |byte| match byte {
                b'<' | b'>' | b'&' => Some(format!("\\u{byte:04x}")),
                _ => None,
            }),
            Dress::Percent(times) => repeat(bytes, times, percent),
            Dress::Entities(times) => repeat(bytes, times, entities),
            Dress::Hex => each(bytes, |byte| {
                let plain = byte.is_ascii_alphanumeric() || b"_. :=\n".contains(&byte);
                (!plain).then(|| format!("\\x{byte:02x}"))
            }),
        }
    }
}

fn repeat(bytes: &[u8], times: usize, encode: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    (0..times).fold(bytes.to_vec(), |bytes, _| encode(&bytes))
}

/// Each byte, or what `encode` makes of it.
fn each(bytes: &[u8], encode: impl Fn(u8) -> Option<String>) -> Vec<u8> {
    let one = |&byte: &u8| encode(byte).map_or(vec![byte], String::into_bytes);
    bytes.iter().flat_map(one).collect()
}

fn json(bytes: &[u8]) -> Vec<u8> {
    each(bytes, |byte| match byte {
        b'"' => Some("\\\"".to_string()),
        b'\\' => Some("\\\\".to_string()),
        b'\n' => Some("\\n".to_string()),
        b'\r' => Some("\\r".to_string()),
        b'\t' => Some("\\t".to_string()),
        0..0x20 => Some(format!("\\u{byte:04x}")),
        _ => None,
    })
}

fn percent(bytes: &[u8]) -> Vec<u8> {
    each(bytes, |byte| {
        let plain = byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte);
        (!plain).then(|| format!("%{byte:02X}"))
    })
}

fn entities(bytes: &[u8]) -> Vec<u8> {
    each(bytes, |byte| match byte {
        b'<' => Some("&lt;".to_string()),
        b'>' => Some("&gt;".to_string()),
        b'&' => Some("&amp;".to_string()),
        b'"' => Some("&quot;".to_string()),
        b'\'' => Some("&#39;".to_string()),
        b'=' => Some("&#x3D;".to_string()),
        b':' => Some("&colon;".to_string()),
        _ => None,
    })
}
