//! The made-up texts of the benches hold what they say they hold.
//!
//! Here a token is found in the simplest way: a run of letters, digits, `_`, and dots between
//! those. The texts are written so that this is enough.

#[path = "../benches/corpus/mod.rs"]
mod corpus;

use corpus::{Corpus, Hard, LINES_PER_CODE, adversarial, dense, large_catalog, sparse};
use std::collections::HashSet;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

const MIB: usize = 1 << 20;

/// The codes of the catalogue in `patterns/`.
fn builtin_codes() -> Vec<String> {
    let patterns = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns");
    let mut codes: Vec<String> = ["huaweicloud", "tencentcloud", "alibabacloud"]
        .iter()
        .flat_map(|provider| patterns.join(provider).read_dir().unwrap())
        .map(|file| serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap())
        .flat_map(|product: serde_json::Value| {
            product["codes"].as_array().cloned().unwrap_or_default()
        })
        .map(|entry| entry["code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.strip_suffix(b"\n")
        .unwrap_or(text)
        .split(|&byte| byte == b'\n')
        .collect()
}

fn tokens(line: &[u8]) -> impl Iterator<Item = &str> {
    line.split(|&byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'))
        .flat_map(|run| std::str::from_utf8(run).unwrap().split(".."))
        .map(|run| run.trim_matches('.'))
        .filter(|token| !token.is_empty())
}

fn codes_in(line: &[u8], codes: &HashSet<&str>) -> u64 {
    tokens(line)
        .filter(|token| codes.contains(token))
        .map(|_| 1)
        .sum()
}

/// What an unknown code may begin with.
struct Bases<'a> {
    /// Families of numbers, which only four digits or more extend.
    numeric: HashSet<&'a str>,
    /// Codes and other families, which any part with a capital extends.
    named: HashSet<&'a str>,
}

impl<'a> Bases<'a> {
    fn of(codes: &HashSet<&'a str>) -> Bases<'a> {
        let mut bases = Bases {
            numeric: HashSet::from(["APIGW"]),
            named: codes.clone(),
        };
        for (family, last) in codes.iter().filter_map(|code| code.rsplit_once('.')) {
            let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
            if is_number {
                &mut bases.numeric
            } else {
                &mut bases.named
            }
            .insert(family);
        }
        bases
    }

    /// Whether one of these, a dot, and a part that might make an unknown code of it begin `token`.
    fn begin(&self, token: &str) -> bool {
        token.match_indices('.').any(|(dot, _)| {
            let (base, part) = (&token[..dot], &token[dot + 1..]);
            let rest = part.trim_start_matches(|byte: char| byte.is_ascii_digit());
            let is_number =
                part.len() - rest.len() >= 4 && (rest.is_empty() || rest.starts_with('.'));
            let is_name = part.starts_with(|first: char| first.is_ascii_uppercase());
            is_number && self.numeric.contains(base) || is_name && self.named.contains(base)
        })
    }
}

fn assert_holds_what_it_says(corpus: &Corpus, codes: &[String]) {
    let codes: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let bases = Bases::of(&codes);
    let lines = lines(&corpus.text);
    let stray = lines
        .iter()
        .flat_map(|line| tokens(line))
        .find(|token| !codes.contains(token) && bases.begin(token));

    assert_eq!(
        lines.iter().map(|line| codes_in(line, &codes)).sum::<u64>(),
        corpus.matches
    );
    assert_eq!(lines.len() as u64, corpus.lines);
    assert_eq!(stray, None);
}

#[test]
fn the_same_seed_gives_the_same_text_forever() {
    // Figures measured with these texts are comparable only while the texts stay as they are.
    let codes = large_catalog(500, 1);

    assert_eq!(xxh3_64(codes.join("\n").as_bytes()), 0x0ac7_11b8_cb14_f0b3);
    assert_eq!(xxh3_64(&sparse(MIB, &codes, 2).text), 0x71fb_a9b9_7c6e_9928);
    assert_eq!(xxh3_64(&dense(MIB, &codes, 3).text), 0x87a3_c421_0b88_56a4);
}

#[test]
fn another_seed_gives_another_text() {
    let codes = large_catalog(10, 1);

    assert_ne!(sparse(MIB, &codes, 1).text, sparse(MIB, &codes, 2).text);
    assert_ne!(dense(MIB, &codes, 1).text, dense(MIB, &codes, 2).text);
    assert_ne!(large_catalog(10, 2), codes);
}

#[test]
fn one_line_in_two_hundred_of_a_sparse_text_holds_one_code() {
    let codes = builtin_codes();

    let corpus = sparse(4 * MIB, &codes, 42);

    let known: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let matched = lines(&corpus.text)
        .iter()
        .filter(|line| codes_in(line, &known) == 1)
        .count() as u64;
    assert_eq!(
        (matched, corpus.matches * LINES_PER_CODE),
        (corpus.matches, corpus.lines)
    );
    assert_holds_what_it_says(&corpus, &codes);
}

#[test]
fn every_line_of_a_dense_text_holds_exactly_one_code() {
    let codes = builtin_codes();

    let corpus = dense(2 * MIB, &codes, 42);

    let known: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let other = lines(&corpus.text)
        .into_iter()
        .find(|line| codes_in(line, &known) != 1);
    assert_eq!(other.map(String::from_utf8_lossy), None);
    assert_eq!(corpus.matches, corpus.lines);
    assert_holds_what_it_says(&corpus, &codes);
}

#[test]
fn texts_with_a_large_catalogue_hold_what_they_say() {
    let codes = large_catalog(12_000, 7);

    assert_holds_what_it_says(&sparse(2 * MIB, &codes, 5), &codes);
    assert_holds_what_it_says(&dense(2 * MIB, &codes, 5), &codes);
}

#[test]
fn a_text_is_as_long_as_asked_for() {
    let codes = builtin_codes();
    let is_near = |text: &[u8], above: usize| (MIB..MIB + above).contains(&text.len());

    assert!(is_near(&sparse(MIB, &codes, 1).text, 64 * 1024));
    assert!(is_near(&dense(MIB, &codes, 1).text, 1024));
    for kind in Hard::ALL {
        assert!(
            is_near(&adversarial(kind, &codes, MIB).text, 1024),
            "{kind:?}"
        );
    }
}

#[test]
fn a_sparse_text_does_not_repeat_its_lines() {
    let corpus = sparse(4 * MIB, &builtin_codes(), 42);

    let distinct: HashSet<&[u8]> = lines(&corpus.text).into_iter().collect();

    assert!(
        distinct.len() as u64 * 10 > corpus.lines * 9,
        "{} of {}",
        distinct.len(),
        corpus.lines
    );
}

#[test]
fn hard_texts_hold_no_code() {
    let mut codes = builtin_codes();
    codes.extend(large_catalog(12_000, 7));

    for kind in Hard::ALL {
        let corpus = adversarial(kind, &codes, MIB);

        assert_eq!(corpus.matches, 0, "{kind:?}");
        if matches!(kind, Hard::BeginningsOfCodes | Hard::CutCodes) {
            // What is left of a code may extend its family.
            let codes: HashSet<&str> = codes.iter().map(String::as_str).collect();
            let mut lines = lines(&corpus.text).into_iter();
            assert!(lines.all(|line| codes_in(line, &codes) == 0), "{kind:?}");
        } else {
            assert_holds_what_it_says(&corpus, &codes);
        }
    }
}

#[test]
fn a_huge_line_has_no_newline() {
    let codes = builtin_codes();
    assert!(
        !adversarial(Hard::OneHugeLine, &codes, MIB)
            .text
            .contains(&b'\n')
    );
}

#[test]
fn codes_of_a_large_catalogue_are_unique_and_of_ordinary_length() {
    let codes = large_catalog(50_000, 11);

    let mut lengths: Vec<usize> = codes.iter().map(String::len).collect();
    lengths.sort_unstable();
    let distinct: HashSet<&String> = codes.iter().collect();
    let dotted = codes.iter().filter(|code| code.contains('.')).count();
    assert_eq!((codes.len(), distinct.len()), (50_000, 50_000));
    assert!(
        lengths[0] >= 8 && lengths[49_999] <= 60,
        "{} to {}",
        lengths[0],
        lengths[49_999]
    );
    assert!(
        (30..=36).contains(&lengths[25_000]),
        "median {}",
        lengths[25_000]
    );
    assert!((35_000..=40_000).contains(&dotted), "{dotted} with a dot");
}
