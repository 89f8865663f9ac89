//! Links to a vendor's error centre: SDKs append one to every error, so the code in it is no further occurrence.

use super::backward::Backward;
use super::slot::{SLOT_BYTES, is_blank, line_floor};
use crate::catalog::ProviderRules;

/// What such links hold, from the `links` of `patterns/*/provider.json`.
#[derive(Clone, Debug)]
pub(crate) struct Links(Vec<Vec<char>>);

impl Links {
    /// Takes over the links of `providers`.
    pub(crate) fn new(providers: &[ProviderRules]) -> Self {
        let links = providers.iter().flat_map(|provider| &provider.links);
        Links(links.map(|link| link.chars().rev().collect()).collect())
    }

    /// Whether the code at `start` is a parameter of such a link.
    #[inline]
    pub(crate) fn hold(&self, text: &[u8], start: usize) -> bool {
        // Where most codes stand, no look at the link is needed.
        let plausible = start > 0 && !matches!(text[start - 1], b' ' | b'"' | b':' | b'\n');
        plausible && self.hold_parameter(text, start)
    }

    fn hold_parameter(&self, text: &[u8], start: usize) -> bool {
        let mut before = Backward::new(text, line_floor(text, start, SLOT_BYTES), start);
        if before.peek() != Some('=') {
            return false;
        }
        while let Some(unit) = before.next().filter(|&unit| is_link(unit)) {
            let mut links = self.0.iter();
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

fn is_link(unit: char) -> bool {
    unit.is_ascii()
        && !is_blank(unit)
        && unit != '\r'
        && !matches!(unit, '"' | '\'' | '<' | '>' | '`')
}
