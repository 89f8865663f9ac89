//! Finds codes by fragments of them: few texts of four bytes, rare in logs, of which every code holds one.
//!
//! What is yielded is every place at which a code begins, and some at which none does. Of two codes
//! that overlap, the one that begins first comes first.

mod background;
mod bucket;
mod exact;
mod filter;
mod fragment;
mod grams;

use background::Background;
use exact::Exact;
use filter::Filter;
use fragment::{FRAGMENT_BYTES, Fragment};
use grams::{Gram, Grams};

use super::token::{is_word, seems_to_begin};

/// How much text is filtered before the hits are looked at. Less than 64 KiB was slower: at each
/// change the memory is left idle.
const PART_BYTES: usize = 64 * 1024;

/// The fragment at a part's last place ends this far in the next part.
const OVERLAP_BYTES: usize = FRAGMENT_BYTES - 1;

/// The number under which the grams of openings are; eight bytes of text have none so small.
const OPENING: u32 = 1;

/// Finds the places at which a code might begin.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    filter: Filter,
    exact: Exact,
    finds: Vec<Find>,
    /// What codes begin with, and what stands right before a fragment inside them.
    grams: Grams,
}

/// How far before a fragment the codes begin that it is found in: a bit for each offset.
#[derive(Clone, Copy, Debug)]
struct Find {
    /// Less than a fragment's length, where nothing before the fragment tells.
    near: u64,
    all: u64,
}

impl Cover {
    /// Chooses fragments for all that begins with one of `codes`.
    ///
    /// `None` where fragments cannot do it: one of `codes` has less than four bytes.
    pub(crate) fn new(codes: &[&[u8]]) -> Option<Self> {
        let background = Background::new();
        let fragments = fragment::choose(codes, &background)?;
        let buckets = bucket::assign(&fragments, &background);
        let mut grams: Vec<Gram> = codes.iter().filter_map(|code| opening(code)).collect();
        for (number, fragment) in fragments.iter().enumerate() {
            grams.extend(fragment.leads.iter().map(|&lead| lead_of(number, lead)));
        }
        Some(Cover {
            filter: Filter::new(&fragments, &buckets),
            exact: Exact::new(&fragments)?,
            finds: fragments.iter().map(Find::new).collect(),
            grams: Grams::new(&grams),
        })
    }

    /// Calls `look` with every place in `text` at which a code might begin. Returns how many places
    /// the filter let pass.
    #[inline]
    pub(crate) fn for_each(&self, text: &[u8], mut look: impl FnMut(usize)) -> u64 {
        let mut hits = Vec::new();
        let mut passed = 0;
        for from in (0..text.len()).step_by(PART_BYTES) {
            let end = text.len().min(from + PART_BYTES + OVERLAP_BYTES);
            let part = &text[from..end];
            self.filter.find(part, &mut hits);
            passed += hits.len() as u64;
            let kept = self.exact.keep(part, &mut hits);
            for &hit in &hits[..kept] {
                self.look_before(text, from + hit as usize, &mut look);
            }
        }
        passed
    }

    /// Whether a code may begin at `start`, by its first bytes.
    #[inline]
    fn may_begin(&self, text: &[u8], start: usize) -> bool {
        let Some((short, rest)) = text.get(start..).and_then(<[u8]>::split_first_chunk) else {
            return false;
        };
        let long = rest
            .first_chunk()
            .is_some_and(|rest| self.grams.may_hold(Gram::long(join(*short, *rest))));
        long | self.grams.may_hold(Gram::short(OPENING, *short))
    }

    /// Calls `look` with the beginnings of the codes that the fragment at `at` may be a part of.
    #[inline]
    fn look_before(&self, text: &[u8], at: usize, look: &mut impl FnMut(usize)) {
        let number = self.exact.fragment(text, at);
        let find = self.finds[number];
        let lead = text[..at].last_chunk();
        let is_led = lead.is_some_and(|lead| self.grams.may_hold(lead_of(number, *lead)));
        let mut offsets = if is_led { find.all } else { find.near };
        let mut start = at;
        while offsets != 0 {
            let is_offset = offsets & 1 == 1;
            if is_offset && seems_to_begin(text, start) && self.may_begin(text, start) {
                look(start);
            }
            // What is found by more than its beginning is a token, and no byte before this one is.
            if start == 0 || !(is_word(text[start - 1]) || text[start - 1] == b'.') {
                break;
            }
            offsets >>= 1;
            start -= 1;
        }
    }

    /// How many fragments there are.
    pub(crate) fn fragments(&self) -> usize {
        self.finds.len()
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Self>()
            + self.exact.memory_usage()
            + self.grams.memory_usage()
            + size_of_val(&*self.finds)
    }
}

/// What `code` is recognised by at its beginning: eight bytes, or four of a shorter one.
fn opening(code: &[u8]) -> Option<Gram> {
    let long = code.first_chunk().map(|bytes| Gram::long(*bytes));
    long.or_else(|| {
        let short = code.first_chunk();
        short.map(|bytes| Gram::short(OPENING, *bytes))
    })
}

/// What stands right before a fragment inside a code.
#[inline]
fn lead_of(fragment: usize, lead: [u8; FRAGMENT_BYTES]) -> Gram {
    Gram::short(OPENING + 1 + fragment as u32, lead)
}

#[inline]
fn join(first: [u8; 4], second: [u8; 4]) -> [u8; 8] {
    let [a, b, c, d] = first;
    let [e, f, g, h] = second;
    [a, b, c, d, e, f, g, h]
}

impl Find {
    fn new(fragment: &Fragment) -> Self {
        let offsets = fragment.offsets.iter();
        let all = offsets.fold(0, |all, offset| all | 1 << offset);
        Find {
            near: all & ((1 << FRAGMENT_BYTES) - 1),
            all,
        }
    }
}
