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
use grams::Grams;

/// How much text is filtered before the hits are looked at: both stay in the first-level cache.
const PART_BYTES: usize = 8 * 1024;

/// The fragment at a part's last place ends this far in the next part.
const OVERLAP_BYTES: usize = FRAGMENT_BYTES - 1;

/// The number under which openings are among the grams; fragments have those after it.
const OPENING: u32 = 0;

/// Finds the places at which a code might begin.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    filter: Filter,
    exact: Exact,
    finds: Vec<Find>,
    /// What codes begin with, and what stands right before a fragment inside them.
    grams: Grams,
}

/// How far before a fragment the codes begin that it is found in.
#[derive(Clone, Debug)]
struct Find {
    /// Less than a fragment's length.
    near: Box<[u8]>,
    /// More, so that there are four bytes before the fragment to tell by.
    far: Box<[u8]>,
}

impl Cover {
    /// Chooses fragments for all that begins with one of `codes`.
    ///
    /// `None` where fragments cannot do it: one of `codes` has less than four bytes.
    pub(crate) fn new(codes: &[&[u8]]) -> Option<Self> {
        let background = Background::new();
        let fragments = fragment::choose(codes, &background)?;
        let buckets = bucket::assign(&fragments, &background);
        let openings = codes.iter().filter_map(|code| code.first_chunk().copied());
        let mut grams: Vec<_> = openings.map(|opening| (OPENING, opening)).collect();
        for (number, fragment) in (OPENING + 1..).zip(&fragments) {
            grams.extend(fragment.leads.iter().map(|&lead| (number, lead)));
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
        let mut hits = vec![0; Filter::room(text.len().min(PART_BYTES + OVERLAP_BYTES))];
        let mut passed = 0;
        for from in (0..text.len()).step_by(PART_BYTES) {
            let end = text.len().min(from + PART_BYTES + OVERLAP_BYTES);
            let part = &text[from..end];
            let count = self.filter.find(part, &mut hits);
            passed += count as u64;
            let kept = self.exact.keep(part, &mut hits[..count]);
            for &hit in &hits[..kept] {
                self.look_before(text, from + hit as usize, &mut look);
            }
        }
        passed
    }

    /// Calls `look` with the beginnings of the codes that the fragment at `at` may be a part of.
    #[inline]
    fn look_before(&self, text: &[u8], at: usize, look: &mut impl FnMut(usize)) {
        let number = self.exact.fragment(text, at);
        let find = &self.finds[number];
        let is_inside = at >= FRAGMENT_BYTES
            && self
                .grams
                .may_hold(number as u32 + OPENING + 1, text, at - FRAGMENT_BYTES);
        let far: &[u8] = if is_inside { &find.far } else { &[] };
        for &offset in far.iter().chain(&find.near) {
            let start = at.checked_sub(usize::from(offset));
            let is_opening = |start: &usize| self.grams.may_hold(OPENING, text, *start);
            if let Some(start) = start.filter(is_opening) {
                look(start);
            }
        }
    }

    /// How many fragments there are.
    pub(crate) fn fragments(&self) -> usize {
        self.finds.len()
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn memory_usage(&self) -> usize {
        let offsets = |find: &Find| size_of::<Find>() + find.near.len() + find.far.len();
        size_of::<Self>()
            + self.exact.memory_usage()
            + self.grams.memory_usage()
            + self.finds.iter().map(offsets).sum::<usize>()
    }
}

impl Find {
    fn new(fragment: &Fragment) -> Self {
        let is_near = |offset: &u8| usize::from(*offset) < FRAGMENT_BYTES;
        let (near, far): (Vec<u8>, Vec<u8>) = fragment.offsets.iter().partition(|o| is_near(o));
        Find {
            near: near.into(),
            far: far.into(),
        }
    }
}
