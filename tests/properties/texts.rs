//! What holds for the oracle itself on any text, and that the random texts reach all of it.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::cases;
use crate::oracle::{Found, Kind, scan};

proptest! {
    #[test]
    fn matches_are_in_order_on_their_lines_and_what_they_say_they_are((rules, text) in cases()) {
        let mut end = 0;
        for one in scan(&rules, &text, true) {
            prop_assert!(end <= one.start && one.start < one.end, "{:?}", one);
            end = one.end;
            prop_assert_eq!(&text[one.start..one.end], one.code.as_bytes());
            let newlines = text[..one.start].iter().filter(|&&byte| byte == b'\n').count();
            prop_assert_eq!(one.line, newlines + 1);
            let is_known = rules.codes.iter().any(|(_, code)| *code == one.code);
            prop_assert_eq!(one.kind == Kind::Known, is_known);
            prop_assert!(one.confirmed || !one.code.contains('.'));
            prop_assert!(one.provider.is_none() || one.candidates.is_empty());
        }
    }

    #[test]
    fn discover_only_adds((rules, text) in cases()) {
        let mut with = scan(&rules, &text, true);
        let without = scan(&rules, &text, false);
        with.retain(|one| without.contains(one));
        prop_assert_eq!(with, without);
    }

    #[test]
    fn lines_do_not_know_of_each_other((rules, text) in cases()) {
        let whole: Vec<_> = scan(&rules, &text, true);
        let mut lines = Vec::new();
        for line in text.split(|&byte| byte == b'\n') {
            lines.extend(scan(&rules, line, true).into_iter().map(|one| one.code));
        }
        prop_assert_eq!(whole.into_iter().map(|one| one.code).collect::<Vec<_>>(), lines);
    }
}

#[test]
fn random_texts_reach_every_outcome() {
    let mut runner = TestRunner::deterministic();
    let mut seen: Vec<Found> = Vec::new();
    let mut discovered = 0;
    let samples = 400;
    for _ in 0..samples {
        let (rules, text) = cases().new_tree(&mut runner).unwrap().current();
        let found = scan(&rules, &text, false);
        discovered += scan(&rules, &text, true).len() - found.len();
        seen.extend(found);
    }

    let count = |is: &dyn Fn(&Found) -> bool| seen.iter().filter(|one| is(one)).count();
    let known = |one: &Found| one.kind == Kind::Known;
    let undotted = |one: &Found| known(one) && !one.code.contains('.');
    let outcomes = [
        ("known", count(&known)),
        ("unknown", count(&|one| one.kind == Kind::Unknown)),
        ("discovered", discovered),
        (
            "confirmed undotted",
            count(&|one| undotted(one) && one.confirmed),
        ),
        ("unconfirmed", count(&|one| !one.confirmed)),
        (
            "decided undotted",
            count(&|one| undotted(one) && one.provider.is_some()),
        ),
        ("candidates", count(&|one| !one.candidates.is_empty())),
        ("several candidates", count(&|one| one.candidates.len() > 1)),
        (
            "nobody's",
            count(&|one| known(one) && one.provider.is_none() && one.candidates.is_empty()),
        ),
        (
            "observed status",
            count(&|one| one.observed_status.is_some()),
        ),
    ];
    for (outcome, times) in outcomes {
        assert!(
            times >= samples / 40,
            "{outcome}: {times} of {samples} texts; {outcomes:?}"
        );
    }
}
