//! The pieces that text is made of.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::words::*;

/// One piece of text, round a code or not.
pub fn piece(codes: &[String]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let code = || near_code(codes);
    let text = prop_oneof![
        6 => code(),
        6 => slot(code().boxed()),
        2 => before(&LINKS, code().boxed()),
        2 => before(&FORMS, code().boxed()),
        2 => before(&COLOURS, code().boxed()),
        2 => before(&ESCAPES, code().boxed()),
        2 => (marks(), code()).prop_map(|(marks, code)| marks + &code),
        1 => one(&COLOURS),
        2 => one(&ESCAPES),
        1 => one(&GAPS),
        2 => one(&EVIDENCE),
        2 => one(&STATUSES),
        2 => one(&WORDS),
        3 => one(&["\n", "\r\n", " ", " ", " "]),
        1 => filler(),
    ];
    prop_oneof![
        30 => text.prop_map(String::into_bytes),
        1 => select(&BYTES[..]).prop_map(<[u8]>::to_vec),
    ]
}

/// A code, as it is in most cases.
fn near_code(codes: &[String]) -> impl Strategy<Value = String> + use<> {
    let code = select(codes.to_vec()).boxed();
    let family = code.clone().prop_map(|code| match code.rsplit_once('.') {
        Some((family, _)) => family.to_string(),
        None => code,
    });
    prop_oneof![
        6 => code.clone(),
        2 => (code.clone(), select(&EXTENSIONS[..])).prop_map(|(code, more)| code + more),
        2 => (family, select(&EXTENSIONS[..])).prop_map(|(family, more)| family + more),
        1 => (code.clone(), any::<Index>(), any::<bool>()).prop_map(part_of_code),
        1 => (select(&WORDS[..]), code.clone()).prop_map(|(word, code)| word.to_string() + &code),
        1 => (code.clone(), code.clone()).prop_map(|(one, other)| one + &other),
        1 => (code.clone(), code).prop_map(|(one, other)| format!("{one}.{other}")),
    ]
}

/// A beginning or an end of a code.
fn part_of_code((code, index, is_end): (String, Index, bool)) -> String {
    let mut cuts: Vec<usize> = code.char_indices().map(|(at, _)| at).collect();
    cuts.push(code.len());
    let (beginning, end) = code.split_at(*index.get(&cuts));
    if is_end {
        end.to_string()
    } else {
        beginning.to_string()
    }
}

/// A key, a separator and a code, with gaps between them.
fn slot(code: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    // The common separators come first in their table and are the ones that make slots.
    let separator = prop_oneof![3 => select(&SEPARATORS[..8]), 2 => select(&SEPARATORS[..])];
    let gap = || prop_oneof![3 => vec(one(&GAPS), 0..3), 1 => vec(one(&COLOURS), 0..2)];
    let gap = || gap().prop_map(|pieces| pieces.concat());
    let prefix = prop_oneof![3 => Just(""), 1 => select(&WORDS[..]), 1 => select(&ESCAPES[..])];
    (prefix, select(&KEYS[..]), gap(), separator, gap(), code).prop_map(
        |(prefix, key, gap, separator, other_gap, code)| {
            format!("{prefix}{key}{gap}{separator}{other_gap}{code}")
        },
    )
}

fn before(
    table: &'static [&'static str],
    code: BoxedStrategy<String>,
) -> impl Strategy<Value = String> {
    (select(table), code).prop_map(|(before, code)| before.to_string() + &code)
}

/// A few marks in any order, which may make an escape that is in no table.
fn marks() -> impl Strategy<Value = String> {
    let marks = vec(select(MARKS).prop_map(char::from), 1..9);
    marks.prop_map(String::from_iter)
}

fn one(table: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(table).prop_map(str::to_string)
}

/// One thing many times, to reach the limits of windows and lengths.
fn filler() -> impl Strategy<Value = String> {
    let thing = select(&["x", ".F", " ", "\\", "%20", "q&", "(", "9"][..]);
    prop_oneof![
        thing
            .clone()
            .prop_flat_map(|thing| (2..40usize).prop_map(|times| thing.repeat(times))),
        thing.prop_flat_map(|thing| {
            (225..262usize).prop_map(|bytes| thing.repeat(bytes / thing.len()))
        }),
    ]
}
