//! Whose a code is that the catalogue lacks: the providers of the family that it extends.

use std::collections::HashMap;

/// The providers of each name that unknown codes extend: a family, or a code.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners(HashMap<Box<str>, Vec<Box<str>>>);

impl Owners {
    /// Those of `codes` and of the families in `listed`, each with its provider.
    pub(super) fn new<'a>(
        codes: impl Iterator<Item = (&'a str, &'a str)>,
        listed: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut owners = Owners::default();
        for (code, provider) in codes {
            owners.add(code, provider);
            if let Some((family, _)) = code.rsplit_once('.') {
                owners.add(family, provider);
            }
        }
        for (family, provider) in listed {
            owners.add(family.strip_suffix('.').unwrap_or(family), provider);
        }
        owners
    }

    fn add(&mut self, name: &str, provider: &str) {
        let providers = self.0.entry(name.into()).or_default();
        if !providers.iter().any(|known| **known == *provider) {
            providers.push(provider.into());
        }
    }

    /// The providers of `code`, or of the longest name that it extends.
    pub(super) fn of(&self, code: &str) -> &[Box<str>] {
        let names = code.rmatch_indices('.').map(|(dot, _)| &code[..dot]);
        let mut names = std::iter::once(code).chain(names);
        names
            .find_map(|name| self.0.get(name))
            .map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_the_providers_of_the_longest_name_that_it_extends() {
        let codes = [("A.1001", "one"), ("A.B.Foo", "two"), ("C", "two")];
        let owners = Owners::new(codes.into_iter(), [("A.", "three")].into_iter());
        let of = |code| owners.of(code).iter().map(|it| &**it).collect::<Vec<_>>();

        assert_eq!(of("A.9999"), ["one", "three"]);
        assert_eq!(of("A.B.Bar"), ["two"]);
        assert_eq!(of("A.X.Y"), ["one", "three"]);
        assert_eq!(of("C.Foo"), ["two"]);
        assert_eq!(of("A.1001"), ["one"]);
        assert_eq!(of("AB.1001"), [""; 0]);
        assert_eq!(of("ResourceBusy"), [""; 0]);
    }
}
