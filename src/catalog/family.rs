//! Families: the names under which codes that the catalogue lacks are recognised.
//!
//! Whether a family is extended by digits or by a name is decided by the codes under it; only
//! one without any goes by the way it is listed.

use std::collections::BTreeMap;

/// A name that codes begin with, such as `APIG` of `APIG.1002`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The name, without a final dot.
    pub name: String,
    /// Extended by a dot and digits: a known code is, or there is none and the family is listed
    /// with a final dot.
    pub numeric: bool,
    /// Extended by a dot and a name: a known code is, or there is none and the family is listed
    /// without a final dot, or the name is a known code itself.
    pub named: bool,
    /// Whether a file lists it, besides what its codes tell.
    pub listed: bool,
}

#[derive(Default)]
struct Traits {
    numeric: bool,
    named: bool,
    listed: bool,
}

impl Traits {
    /// A code goes on with `rest` behind the family's dot.
    fn extend(&mut self, rest: &str) {
        let digits = rest.bytes().all(|byte| byte.is_ascii_digit());
        self.numeric |= digits && !rest.is_empty();
        self.named |= !digits;
    }
}

/// The families of `codes` and those in `listed`, by name.
pub(super) fn families<'a>(
    codes: impl Iterator<Item = &'a str>,
    listed: &'a [String],
) -> Vec<Family> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    let derived = codes
        .iter()
        .filter_map(|code| code.rsplit_once('.'))
        .map(|(name, _)| name);
    let mut found: BTreeMap<&str, Traits> = derived
        .filter(|name| !name.is_empty())
        .map(|name| (name, Traits::default()))
        .collect();
    for family in listed {
        let name = family.strip_suffix('.');
        let (name, dotted) = (name.unwrap_or(family), name.is_some());
        let is_empty = !has_code_under(&codes, name);
        let traits = found.entry(name).or_default();
        traits.listed = true;
        traits.numeric |= is_empty && dotted;
        traits.named |= is_empty && !dotted;
    }
    for code in &codes {
        for (dot, _) in code.match_indices('.') {
            if let Some(traits) = found.get_mut(&code[..dot]) {
                traits.extend(&code[dot + 1..]);
            }
        }
    }
    found
        .into_iter()
        .map(|(name, traits)| Family {
            name: name.to_owned(),
            numeric: traits.numeric,
            named: traits.named || codes.binary_search(&name).is_ok(),
            listed: traits.listed,
        })
        .collect()
}

/// Whether one of `codes`, which are sorted, extends `family`.
fn has_code_under(codes: &[&str], family: &str) -> bool {
    let prefix = format!("{family}.");
    let first = codes.partition_point(|code| *code < prefix.as_str());
    codes
        .get(first)
        .is_some_and(|code| code.starts_with(&prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(codes: &[&str], listed: &[&str], name: &str) -> (bool, bool, bool) {
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        let found = families(codes.iter().copied(), &listed);
        let family = found.iter().find(|family| family.name == name).unwrap();
        (family.numeric, family.named, family.listed)
    }

    #[test]
    fn codes_decide_what_extends_their_family() {
        assert_eq!(family(&["APIG.1002"], &[], "APIG"), (true, false, false));
        assert_eq!(
            family(&["AuthFailure.Bar"], &[], "AuthFailure"),
            (false, true, false)
        );
        assert_eq!(family(&["A.1", "A.B"], &[], "A"), (true, true, false));
        assert_eq!(family(&["A.B.1"], &[], "A.B"), (true, false, false));
    }

    #[test]
    fn a_listed_family_without_codes_goes_by_its_final_dot() {
        assert_eq!(family(&[], &["APIGW."], "APIGW"), (true, false, true));
        assert_eq!(
            family(&[], &["NoLicense"], "NoLicense"),
            (false, true, true)
        );
    }

    #[test]
    fn a_listed_family_with_codes_goes_by_its_codes() {
        assert_eq!(family(&["A.1001"], &["A"], "A"), (true, false, true));
        assert_eq!(family(&["A.Foo"], &["A."], "A"), (false, true, true));
        assert_eq!(family(&["A.B.1"], &["A."], "A"), (false, true, true));
    }

    #[test]
    fn a_code_whose_name_only_begins_alike_is_not_under_a_family() {
        assert_eq!(
            family(&["APIG-X", "APIGW.1", "APIG_1"], &["APIG."], "APIG"),
            (true, false, true)
        );
    }

    #[test]
    fn a_family_that_is_a_code_itself_is_extended_by_names() {
        assert_eq!(family(&["A", "A.1001"], &[], "A"), (true, true, false));
    }

    #[test]
    fn a_code_with_nothing_before_or_after_its_dot_extends_nothing() {
        assert_eq!(families([".a", "plain"].into_iter(), &[]), []);
        assert_eq!(family(&["a."], &[], "a"), (false, false, false));
    }
}
