//! Known codes that look like an unknown one: "did you mean".

use std::cmp::Ordering;

use super::Catalog;

/// The most codes that are named.
const MOST: usize = 3;

/// The least likeness, from 0 to 1, of a code outside the unknown code's family. Two letters swapped in
/// a word of ten are 0.9; codes that merely share a prefix stay below 0.7.
const LEAST_LIKENESS: f64 = 0.75;

/// The codes of `catalog` most like `code`, the most like first.
///
/// Those of its own family come before all others: whoever meets a new member
/// of a family learns most from its siblings.
pub fn near(catalog: &Catalog, code: &str) -> Vec<String> {
    let wanted = Wanted::new(code);
    let entries = catalog
        .entries()
        .iter()
        .filter(|entry| !entry.is_http_status() && entry.code != code);
    let mut candidates: Vec<Near> = entries
        .filter_map(|entry| wanted.at_most(&entry.code))
        .collect();
    candidates.sort_unstable_by(Near::order);
    candidates.dedup_by_key(|candidate| candidate.code);
    let mut found: Vec<Near> = Vec::new();
    for candidate in candidates {
        // What comes behind is not even at the most as like as the least of these.
        if found.len() == MOST && found[MOST - 1].order(&candidate).is_lt() {
            break;
        }
        let Some(near) = wanted.near(&candidate) else {
            continue;
        };
        let at = found.partition_point(|other| other.order(&near).is_lt());
        found.insert(at, near);
        found.truncate(MOST);
    }
    found.iter().map(|near| near.code.to_owned()).collect()
}

/// A code, and how like the wanted one it is, or is at the most.
struct Near<'e> {
    is_sibling: bool,
    /// From 0 to 1.
    likeness: f64,
    code: &'e str,
}

impl Near<'_> {
    /// The more like comes first.
    fn order(&self, other: &Self) -> Ordering {
        (other.is_sibling.cmp(&self.is_sibling))
            .then(other.likeness.total_cmp(&self.likeness))
            .then(self.code.cmp(other.code))
    }
}

/// The unknown code.
struct Wanted<'c> {
    code: &'c str,
    family: Option<&'c str>,
    is_number: bool,
    letters: Letters,
}

impl<'c> Wanted<'c> {
    fn new(code: &'c str) -> Self {
        Wanted {
            code,
            family: family(code),
            is_number: code.ends_with(|last: char| last.is_ascii_digit()),
            letters: Letters::of(code),
        }
    }

    /// How like `code` is at the most, told by its letters whatever their order; `None` where that is not
    /// near.
    fn at_most<'e>(&self, code: &'e str) -> Option<Near<'e>> {
        let is_sibling = self.family.is_some() && family(code) == self.family;
        if code.len().abs_diff(self.code.len()) > self.code.len() / 2 && !is_sibling {
            return None;
        }
        let likeness = match self.code.is_ascii() && code.is_ascii() {
            true => self.likeness(code, self.letters.least_distance(code)),
            false => 1.0,
        };
        self.if_near(is_sibling, likeness, code)
    }

    /// How like a candidate is; `None` where that is not near.
    fn near<'e>(&self, candidate: &Near<'e>) -> Option<Near<'e>> {
        let code = candidate.code;
        let likeness = match code.eq_ignore_ascii_case(self.code) {
            true => 1.0,
            false => {
                let (own, other) = unlike_parts(self.code, code);
                self.likeness(code, strsim::damerau_levenshtein(own, other))
            }
        };
        self.if_near(candidate.is_sibling, likeness, code)
    }

    /// The likeness of a code that so many changes are made of this one.
    fn likeness(&self, code: &str, distance: usize) -> f64 {
        let longer = self.code.chars().count().max(code.chars().count());
        1.0 - distance as f64 / longer as f64
    }

    /// Numbers of a family say nothing by being alike in part: only a slip of one or two digits counts.
    fn if_near<'e>(&self, is_sibling: bool, likeness: f64, code: &'e str) -> Option<Near<'e>> {
        let is_near = likeness >= LEAST_LIKENESS || (is_sibling && !self.is_number);
        is_near.then_some(Near {
            is_sibling,
            likeness,
            code,
        })
    }
}

/// How often each ASCII character is in a code, be it a capital or not.
struct Letters([i32; 128]);

impl Letters {
    fn of(code: &str) -> Self {
        let mut letters = Letters([0; 128]);
        code.bytes().for_each(|byte| *letters.count(byte) += 1);
        letters
    }

    /// The least number of changes that make `code` of this one: each brings one letter and takes one away.
    fn least_distance(&self, code: &str) -> usize {
        let mut left = Letters(self.0);
        code.bytes().for_each(|byte| *left.count(byte) -= 1);
        let missing: i32 = left.0.iter().map(|count| count.max(&0)).sum();
        let added: i32 = left.0.iter().map(|count| -count.min(&0)).sum();
        missing.max(added).unsigned_abs() as usize
    }

    fn count(&mut self, byte: u8) -> &mut i32 {
        &mut self.0[usize::from(byte.to_ascii_lowercase() & 0x7f)]
    }
}

/// What is left of two codes without what they begin and end with alike, which costs no change.
fn unlike_parts<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    let begin = alike.map(|(unit, _)| unit.len_utf8()).sum::<usize>();
    let (a, b) = (&a[begin..], &b[begin..]);
    let alike = a.chars().rev().zip(b.chars().rev());
    let alike = alike.take_while(|(a, b)| a == b);
    let end = alike.map(|(unit, _)| unit.len_utf8()).sum::<usize>();
    (&a[..a.len() - end], &b[..b.len() - end])
}

fn family(code: &str) -> Option<&str> {
    code.rsplit_once('.').map(|(family, _)| family)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn siblings_come_first_and_slips_are_mended() {
        let catalog = Catalog::builtin().expect("the built-in catalogue is sound");

        assert_eq!(
            near(&catalog, "FailedOperation.NodeNotEmty")[0],
            "FailedOperation.NodeNotEmpty"
        );
        assert_eq!(near(&catalog, "apig.1002"), ["APIG.1002"]);
        assert_eq!(near(&catalog, "IntrenalError"), ["InternalError"]);
        assert!(near(&catalog, "Zzzzzz").is_empty());
    }

    /// All are compared, and the best are taken.
    fn naive(catalog: &Catalog, code: &str) -> Vec<String> {
        let mut all: Vec<Near> = Vec::new();
        for entry in catalog.entries() {
            let is_sibling = family(code).is_some() && family(code) == family(&entry.code);
            let is_far = entry.code.len().abs_diff(code.len()) > code.len() / 2 && !is_sibling;
            if entry.is_http_status() || entry.code == code || is_far {
                continue;
            }
            let likeness = match entry.code.eq_ignore_ascii_case(code) {
                true => 1.0,
                false => strsim::normalized_damerau_levenshtein(&entry.code, code),
            };
            let is_number = code.ends_with(|last: char| last.is_ascii_digit());
            if likeness >= LEAST_LIKENESS || is_sibling && !is_number {
                let code = &*entry.code;
                all.push(Near {
                    is_sibling,
                    likeness,
                    code,
                });
            }
        }
        all.sort_by(Near::order);
        all.dedup_by_key(|near| near.code);
        all.truncate(MOST);
        all.iter().map(|near| near.code.to_owned()).collect()
    }

    proptest! {
        #[test]
        fn none_that_is_nearer_is_passed_over(
            code in prop::sample::select(vec![
                "APIG.1002", "FailedOperation.NodeNotEmpty", "InternalError", "SDK.Überall",
                "AuthFailure.TokenFailure", "InvalidParameter.ResourceNotFound",
            ]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), "[a-zA-Z0-9.é]{0,4}", 0..4_usize), 0..4),
        ) {
            let catalog = Catalog::builtin()
                .and_then(|catalog| catalog.with_text("own.txt", "SDK.Übel\nSDK.Überal\n".as_bytes()))
                .expect("the catalogue is sound");
            let mut wanted: Vec<char> = code.chars().collect();
            for (place, with, taken) in changes {
                let at = place.index(wanted.len() + 1);
                let end = wanted.len().min(at + taken);
                wanted.splice(at..end, with.chars());
            }
            let wanted = String::from_iter(wanted);
            prop_assert_eq!(near(&catalog, &wanted), naive(&catalog, &wanted), "{}", wanted);
        }
    }
}
