//! From the places that the filter lets pass to those at which a code may begin.
//!
//! Four looks, each at what the one before has left: at whether it is a fragment, at what stands around that,
//! at where a token begins before it, and at what that token begins with. A branch on what is seen would be
//! guessed wrong too often, so each place is written down and the next one written over it unless it is kept.

use fearless_simd::{Level, Simd, dispatch};

use super::around::Around;
use super::filter::Passed;
use super::openings::Openings;
use super::starts;

/// How many places of a stride are looked at before it is asked whether there are more: mostly there are no
/// more, and whether there is a second one cannot be guessed.
const AT_A_TIME: usize = 2;

/// Tells at which places a code may begin.
#[derive(Clone, Debug)]
pub(super) struct Narrower {
    level: Level,
    around: Around,
    openings: Openings,
}

/// A fragment by its number, and where it stands.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    at: usize,
    number: u32,
}

/// A fragment, and where codes may begin that have it.
#[derive(Clone, Copy, Debug, Default)]
struct Hit {
    at: usize,
    /// A bit for each of the 64 places up to its own, which has the highest.
    begins: u64,
}

/// Memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Room {
    found: Vec<Found>,
    hits: Vec<Hit>,
    begins: Vec<usize>,
}

impl Narrower {
    pub(super) fn new(around: Around, openings: Openings) -> Self {
        Narrower {
            level: Level::new(),
            around,
            openings,
        }
    }

    /// The places at which a code may begin whose fragment is one of the `count` places that passed, counted
    /// from `from`.
    pub(super) fn find<'r>(
        &self,
        text: &[u8],
        from: usize,
        passed: &[Passed],
        count: usize,
        room: &'r mut Room,
    ) -> &'r [usize] {
        let Room {
            found,
            hits,
            begins,
        } = room;
        found.resize(found.len().max(count + AT_A_TIME), Found::default());
        let found = dispatch!(self.level, _simd => self.find_fragments(text, from, passed, found));
        hits.resize(hits.len().max(found.len()), Hit::default());
        begins.resize(begins.len().max(found.len()), 0);
        let kept = dispatch!(self.level, simd => {
            let hits = self.hits(text, found, hits);
            let count = begins_of(simd, text, hits, begins);
            self.keep(text, &mut begins[..count])
        });
        &begins[..kept]
    }

    pub(super) fn openings(&self) -> &Openings {
        &self.openings
    }

    /// How many fragments there are.
    pub(super) fn fragments(&self) -> usize {
        self.around.fragments()
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        self.around.memory_usage() + self.openings.memory_usage()
    }

    /// Those places that are fragments.
    #[inline(always)]
    fn find_fragments<'f>(
        &self,
        text: &[u8],
        from: usize,
        passed: &[Passed],
        found: &'f mut [Found],
    ) -> &'f [Found] {
        let mut count = 0;
        for passed in passed {
            let (mut places, first) = passed.places();
            while places != 0 {
                for _ in 0..AT_A_TIME {
                    // Behind the last one 128, at which there may be a fragment, too.
                    let at = from + first + places.trailing_zeros() as usize;
                    let (is_fragment, number) = self.around.look_up(text, at);
                    found[count] = Found { at, number };
                    count += usize::from(is_fragment & (places != 0));
                    places &= places.wrapping_sub(1);
                }
            }
        }
        &found[..count]
    }

    /// Those fragments that have surroundings as in a code.
    #[inline(always)]
    fn hits<'h>(&self, text: &[u8], found: &[Found], hits: &'h mut [Hit]) -> &'h [Hit] {
        let mut count = 0;
        for &Found { at, number } in found {
            let begins = self.around.begins(text, at, number);
            hits[count] = Hit { at, begins };
            count += usize::from(begins != 0);
        }
        &hits[..count]
    }

    /// Moves those of `begins` to the front at which stands what some code begins with, and counts them.
    #[inline(always)]
    fn keep(&self, text: &[u8], begins: &mut [usize]) -> usize {
        let mut count = 0;
        for at in 0..begins.len() {
            let begin = begins[at];
            begins[count] = begin;
            count += usize::from(self.openings.may_open(&text[begin..]));
        }
        count
    }
}

/// Writes to the front of `begins` where tokens begin before `hits`, and counts them.
#[inline(always)]
fn begins_of<S: Simd>(simd: S, text: &[u8], hits: &[Hit], begins: &mut Vec<usize>) -> usize {
    let mut count = 0;
    for &Hit { at, begins: wanted } in hits {
        let mut places = starts::before(simd, text, at, wanted);
        begins[count] = starts::place(at, places);
        count += usize::from(places != 0);
        places &= places.wrapping_sub(1);
        // Rarely: there is room for one of each hit, and now for one more.
        while places != 0 {
            begins.push(0);
            begins[count] = starts::place(at, places);
            count += 1;
            places &= places - 1;
        }
    }
    count
}
