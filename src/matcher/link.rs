//! Links to a vendor's error centre: SDKs append one to every error, so the code in it is no further occurrence.

use super::backward::Backward;
use super::slot::{SLOT_BYTES, line_floor};
use crate::catalog::ProviderRules;

/// What such links hold, from the `links` of `patterns/*/provider.json`.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// Each reversed.
    texts: Vec<Vec<char>>,
    /// The bytes that one of them ends with.
    ends: Box<[bool; 256]>,
}

/// Letters, digits, and what else is seen as it is written and stands in a link.
const IS_PLAIN: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        bytes[byte] = (byte as u8).is_ascii_alphanumeric()
            || matches!(
                byte as u8,
                b'_' | b'-' | b'.' | b':' | b'=' | b',' | b'/' | b'?'
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
        if self.plainly_end_nowhere(text, start) {
            return false;
        }
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

    /// Whether what stands before `start` holds no last character of a link, up to a blank or a quote,
    /// and is as a person sees it: no byte that escapes begin with or need.
    fn plainly_end_nowhere(&self, text: &[u8], start: usize) -> bool {
        for &byte in text[start.saturating_sub(SLOT_BYTES)..start].iter().rev() {
            if !IS_PLAIN[usize::from(byte)] {
                return matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'');
            }
            if self.ends[usize::from(byte)] {
                return false;
            }
        }
        true
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
