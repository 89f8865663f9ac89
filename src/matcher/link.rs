//! Links to a vendor's error centre: SDKs append one to every error, so the code in it is no further occurrence.

use super::backward::Backward;
use super::slot::{SLOT_BYTES, line_floor};
use crate::catalog::ProviderRules;

/// What such links hold, from the `links` of `patterns/*/provider.json`.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// Each as it stands in most links.
    plain: Vec<Box<[u8]>>,
    /// Each reversed.
    texts: Vec<Vec<char>>,
    /// The bytes that one of them ends with.
    ends: Box<[bool; 256]>,
}

/// Letters, digits, and what else is seen as it is written and stands in a link, unless `&` and `;` make an entity.
const IS_PLAIN: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        bytes[byte] = (byte as u8).is_ascii_alphanumeric()
            || matches!(
                byte as u8,
                b'_' | b'-' | b'.' | b':' | b'=' | b',' | b'/' | b'?' | b'&' | b';'
            );
        byte += 1;
    }
    bytes
};

impl Links {
    /// Takes over the links of `providers`.
    pub(crate) fn new(providers: &[ProviderRules]) -> Self {
        let links = providers.iter().flat_map(|provider| &provider.links);
        let mut ends = Box::new([false; 256]);
        for last in links.clone().filter_map(|link| link.bytes().last()) {
            ends[usize::from(last)] = true;
        }
        Links {
            plain: links.clone().map(|link| link.as_bytes().into()).collect(),
            texts: links.map(|link| link.chars().rev().collect()).collect(),
            ends,
        }
    }

    /// Whether the code at `start` is a parameter of such a link.
    #[inline]
    pub(crate) fn hold(&self, text: &[u8], start: usize) -> bool {
        // Where most codes stand, no look at the link is needed.
        let plausible =
            start > 0 && !matches!(text[start - 1], b' ' | b'"' | b':' | b'\n' | 0x80..);
        plausible && self.hold_parameter(text, start)
    }

    fn hold_parameter(&self, text: &[u8], start: usize) -> bool {
        self.hold_plainly(text, start)
            .unwrap_or_else(|| self.hold_somehow(text, start))
    }

    /// The same by what stands before most codes, up to a blank or a quote, read without decoding it; `None`
    /// where that holds bytes that escapes begin with or need.
    fn hold_plainly(&self, text: &[u8], start: usize) -> Option<bool> {
        let seen = &text[start.saturating_sub(SLOT_BYTES)..start];
        let other = seen.iter().rposition(|&byte| !IS_PLAIN[usize::from(byte)]);
        let (before, link) = seen.split_at(other.map_or(0, |at| at + 1));
        let ends_there = matches!(
            before.last(),
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'')
        );
        let may_be_entity = link.contains(&b'&') && link.contains(&b';');
        if !ends_there || may_be_entity {
            return None;
        }
        let may_end_link = link.iter().any(|&byte| self.ends[usize::from(byte)]);
        let is_in = |text: &[u8]| memchr::memmem::find(link, text).is_some();
        let mut texts = self.plain.iter();
        Some(link.ends_with(b"=") && may_end_link && texts.any(|text| is_in(text)))
    }

    fn hold_somehow(&self, text: &[u8], start: usize) -> bool {
        let mut before = Backward::new(text, line_floor(text, start, SLOT_BYTES), start);
        if before.peek() != Some('=') {
            return false;
        }
        while let Some(unit) = before.next().filter(|&unit| is_link(unit)) {
            let mut links = self.texts.iter();
            if links.any(|link| reads(unit, &before, link)) {
                return true;
            }
        }
        false
    }
}

/// Whether `first` and what stands before it are `link`, which is given reversed.
fn reads(first: char, before: &Backward, link: &[char]) -> bool {
    let units = std::iter::once(first).chain(before.clone());
    units.take(link.len()).eq(link.iter().copied())
}

/// Whether `unit` may stand in a link: what cannot (RFC 3986) ends it, and so do quotes.
fn is_link(unit: char) -> bool {
    unit.is_ascii_graphic() && !"\"'<>`{|}^".contains(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const PIECES: [&str; 16] = [
        "troubleshoot?",
        "status/search?",
        "troubleshoot",
        "?",
        "q=",
        "=",
        "&",
        ";",
        "&amp;",
        "%3F",
        "\\",
        " ",
        "\"",
        "\n",
        "x",
        "错",
    ];

    #[test]
    fn what_is_told_plainly_is_what_is_read_by_decoding() {
        let catalog = Catalog::builtin().expect("the catalogue is sound");
        let links = Links::new(catalog.providers());
        let mut decided = [0; 2];
        for number in 0..PIECES.len().pow(5) {
            let places = (0..5).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = places.map(|place| PIECES[place]).collect();
            let text = text.as_bytes();
            if let Some(holds) = links.hold_plainly(text, text.len()) {
                let shown = text.escape_ascii();
                assert_eq!(holds, links.hold_somehow(text, text.len()), "{shown}");
                decided[usize::from(holds)] += 1;
            }
        }
        assert!(decided.iter().all(|&count| count > 1000), "{decided:?}");
    }
}
