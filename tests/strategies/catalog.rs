//! Small catalogues whose codes are beginnings, ends and extensions of each other.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::oracle::Rules;

const PROVIDERS: [&str; 4] = ["alibabacloud", "huaweicloud", "tencentcloud", "user"];

/// What codes are made of: few, so that they meet.
const PARTS: [&str; 14] = [
    "A",
    "AB",
    "Error",
    "Internal",
    "InternalError",
    "APIG",
    "APIGW",
    "Auth",
    "1",
    "1002",
    "3999",
    "00942",
    "Not_Found",
    "b",
];

/// Codes with other bytes in them, or beside letters and dots.
const ODD: [&str; 11] = [
    "ORA-00942",
    "ORA-009",
    "E 42",
    "E 4",
    "E-",
    "-A",
    "错误1",
    "A.错",
    "404",
    "A/B.C",
    "$A",
];

/// Codes whose first bytes could be an escape.
const ESCAPE_LIKE: [&str; 10] = [
    "%CDP-4-NATIVE",
    "%FAN",
    "%252",
    "\\nZed",
    "\\u4e00A",
    "&amp;1",
    "&lt;",
    "[31mfoo",
    "^[[0mA",
    "#033[1m1002",
];

/// A catalogue of 2 to 12 entries, and families.
pub fn catalog() -> impl Strategy<Value = Rules> {
    // Most codes are one provider's; some are everybody's.
    let one = select(&PROVIDERS[..]).prop_map(|provider| vec![provider]);
    let owners = prop_oneof![3 => one, 1 => subsequence(&PROVIDERS[..], 2..=4)];
    let codes = vec((owners, code()), 2..=12).prop_map(|owned| {
        let entries = owned.iter().flat_map(|(owners, code)| {
            owners
                .iter()
                .map(move |owner| (owner.to_string(), code.clone()))
        });
        let mut codes: Vec<_> = entries.take(12).collect();
        codes.sort();
        codes.dedup();
        codes
    });
    let codes = codes.prop_filter("two entries", |codes| codes.len() >= 2);
    (
        codes,
        vec(any::<(prop::sample::Index, bool, bool)>(), 0..4),
        vec(family(), 0..3),
    )
        .prop_map(|(codes, picks, mut families)| {
            for (index, cut, dot) in picks {
                let (_, code) = index.get(&codes);
                let base = code
                    .rsplit_once('.')
                    .filter(|_| cut)
                    .map_or(&**code, |(base, _)| base);
                families.push(format!("{base}{}", if dot { "." } else { "" }));
            }
            Rules { codes, families }
        })
}

fn code() -> impl Strategy<Value = String> {
    let part = || select(&PARTS[..]);
    let joined = |joint: &'static str, parts: std::ops::Range<usize>| {
        vec(part(), parts).prop_map(move |parts| parts.join(joint))
    };
    prop_oneof![
        3 => joined("", 1..3),
        6 => joined(".", 2..4),
        1 => joined("-", 2..3),
        1 => joined("_", 2..3),
        2 => select(&ODD[..]).prop_map(str::to_string),
    ]
}

fn family() -> impl Strategy<Value = String> {
    (select(&PARTS[..]), select(&["", "."][..])).prop_map(|(part, dot)| format!("{part}{dot}"))
}

/// One to four codes that begin like an escape.
pub fn escape_like_codes() -> impl Strategy<Value = Vec<String>> {
    subsequence(&ESCAPE_LIKE[..], 1..=4)
        .prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
}
