//! The matcher and the enricher against the oracle, match by match.

use errsift::input::{Block, BlockReader, Fill};
use errsift::matcher::{Match, Matcher};
use proptest::prelude::*;

use crate::library::{catalog, find, matcher};
use crate::{cases, escape_like_cases, oracle};

fn in_blocks(matcher: &Matcher, text: &[u8], block_bytes: usize) -> Vec<Match> {
    let mut reader = BlockReader::with_block_bytes(text, 0, Fill::Full, block_bytes);
    let mut block = Block::default();
    let mut found = Vec::new();
    while reader.next_block(&mut block).expect("a slice can be read") {
        let offset = usize::try_from(block.offset).expect("a test's text is small");
        matcher.scan(&block.bytes, |one| {
            if block.body.contains(&one.range.start) {
                found.push(Match {
                    range: one.range.start + offset..one.range.end + offset,
                    ..one
                });
            }
        });
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_library_finds_what_the_oracle_finds((rules, text) in cases(), discover: bool) {
        let catalog = catalog(&rules);

        let found = find(&catalog, &matcher(&catalog, discover), &text);

        prop_assert_eq!(found, oracle::scan(&rules, &text, discover), "{}", text.escape_ascii());
    }

    #[test]
    fn codes_that_begin_like_an_escape_are_found_as_well((rules, text) in escape_like_cases()) {
        let catalog = catalog(&rules);

        let found = find(&catalog, &matcher(&catalog, false), &text);

        prop_assert_eq!(found, oracle::scan(&rules, &text, false), "{}", text.escape_ascii());
    }

    #[test]
    fn the_block_size_does_not_matter((rules, text) in cases(), block_bytes in 1..300_usize) {
        let catalog = catalog(&rules);
        let matcher = matcher(&catalog, true);
        let mut whole = Vec::new();
        matcher.scan(&text, |one| whole.push(one));

        prop_assert_eq!(in_blocks(&matcher, &text, block_bytes), whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn a_line_of_many_blocks_is_matched_as_a_whole(
        (rules, text) in cases(),
        filling in 1..200_usize,
        block_bytes in 1..100_000_usize,
    ) {
        let catalog = catalog(&rules);
        let matcher = matcher(&catalog, false);
        let line: Vec<u8> = text.into_iter().filter(|&byte| byte != b'\n').chain(std::iter::repeat_n(b' ', filling)).collect();
        let times = 400_000 / line.len();
        let long = line.repeat(times);
        let mut whole = Vec::new();
        matcher.scan(&long, |one| whole.push(one));

        prop_assert_eq!(in_blocks(&matcher, &long, block_bytes), whole);
    }
}
