//! The id of the request that an error belongs to, for the vendor's support.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::key::value_start;

/// The keys under which the three clouds, their SDKs and gateways log it, in letters of any case.
static KEYS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let keys = [
        "request_id",
        "requestid",
        "request-id",
        "request id",
        "req_id",
        "reqid",
        "请求id",
    ];
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(keys)
        .expect("a handful of keys makes a small automaton")
});

/// How far from a code its request id may stand, in bytes: an error and its message are shorter.
const REACH_BYTES: usize = 8 * 1024;

/// The lengths a request id has, in bytes.
const ID_BYTES: std::ops::RangeInclusive<usize> = 8..=128;

/// What some languages write before a text: Rust's `Some("x")`, Python 2's `u'x'`.
const WRAPPERS: [&[u8]; 6] = [b"Some(\"", b"Some(\\\"", b"u'", b"u\"", b"b'", b"b\""];

/// The request id that `text` states for the code at `code`.
///
/// One in the same object of JSON comes before one further outside, and that before one of a
/// sibling; else the nearest behind the code, where SDKs write it, else the nearest before it. No
/// further than 8 KiB from the code it is none of it.
pub fn request_id<'t>(text: &'t [u8], code: &Range<usize>) -> Option<&'t str> {
    let (mut behind, mut before) = (Walk::default(), Walk::default());
    let (mut end, mut start) = (code.end, code.start);
    let ids_behind = keys(text, code.end..text.len().min(code.end + REACH_BYTES)).map(|key| {
        behind.pass(text[end..key.start].iter(), b'}', b'{');
        end = key.end;
        (behind, key.end)
    });
    let seen = code.start.saturating_sub(REACH_BYTES)..code.start;
    let keys_before = || keys(text, seen).collect::<Vec<_>>();
    let keys_before = std::iter::once_with(keys_before).flat_map(|keys| keys.into_iter().rev());
    let ids_before = keys_before.map(|key| {
        before.pass(text[key.end..start].iter().rev(), b'{', b'}');
        start = key.start;
        (before, key.end)
    });
    let mut nearest: Option<(Walk, &str)> = None;
    for (walk, key_end) in ids_behind.chain(ids_before) {
        let is_nearer = nearest.is_none_or(|(other, _)| walk < other);
        if let Some(id) = id_behind(text, key_end).filter(|_| is_nearer) {
            nearest = Some((walk, id));
            if walk == Walk::default() {
                break;
            }
        }
    }
    nearest.map(|(_, id)| id)
}

/// Where the keys in `range` of `text` stand.
fn keys(text: &[u8], range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let found = KEYS.find_iter(&text[range.clone()]);
    found.map(move |key| range.start + key.start()..range.start + key.end())
}

/// A walk from a code to a key: how many objects it is inside of that the code is not, and how many
/// of the code's own it left. The least is the nearest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Walk {
    entered: usize,
    left: usize,
}

impl Walk {
    /// Goes on over `bytes`: `out` leaves an object and `into` enters one.
    fn pass<'b>(&mut self, bytes: impl Iterator<Item = &'b u8>, out: u8, into: u8) {
        for &byte in bytes {
            if byte == into {
                self.entered += 1;
            } else if byte == out && self.entered > 0 {
                self.entered -= 1;
            } else if byte == out {
                self.left += 1;
            }
        }
    }
}

/// The id whose key ends at `key_end`.
fn id_behind(text: &[u8], key_end: usize) -> Option<&str> {
    let value = &text[value_start(text, key_end)?..];
    let value = (WRAPPERS.iter())
        .find_map(|wrapper| value.strip_prefix(*wrapper))
        .unwrap_or(value);
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let len = value.iter().take_while(is_part).count();
    let id = std::str::from_utf8(&value[..len]).ok()?;
    let is_address = id.starts_with("0x");
    let is_id = ID_BYTES.contains(&len) && id.bytes().any(|byte| byte.is_ascii_digit());
    (is_id && !is_address).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The request ids of all codes of `text`, which are spelled `CODE`.
    fn ids(text: &str) -> Vec<Option<&str>> {
        let codes = text.match_indices("CODE");
        codes
            .map(|(at, code)| request_id(text.as_bytes(), &(at..at + code.len())))
            .collect()
    }

    #[test]
    fn an_id_is_read_from_json_logfmt_and_exception_texts() {
        for text in [
            r#"CODE {"RequestId":"7CDDDCEF-CDFD-0825"}"#,
            r#"CODE {\"request_id\": \"7CDDDCEF-CDFD-0825\"}"#,
            "CODE x-request-id=7CDDDCEF-CDFD-0825 done",
            "CODE Message=no, RequestId=7CDDDCEF-CDFD-0825",
            "CODE <RequestId>7CDDDCEF-CDFD-0825</RequestId>",
            "CODE RequestID: 7CDDDCEF-CDFD-0825",
            "CODE The token is bad. request id: 7CDDDCEF-CDFD-0825",
            "CODE (Request ID: 7CDDDCEF-CDFD-0825)",
            "CODE RequestId : 7CDDDCEF-CDFD-0825",
            "REQUEST_ID=7CDDDCEF-CDFD-0825 CODE",
            "CODE，请求ID：7CDDDCEF-CDFD-0825",
            "{'RequestId': u'7CDDDCEF-CDFD-0825', 'Code': u'CODE'}",
            r#"CODE RequestId: Some("7CDDDCEF-CDFD-0825")"#,
            r#"CODE RequestId: Some(\"7CDDDCEF-CDFD-0825\")"#,
        ] {
            assert_eq!(ids(text), [Some("7CDDDCEF-CDFD-0825")], "{text}");
        }
        for text in [
            "CODE the RequestId was not given",
            "CODE RequestId:0xc000123456",
            "CODE request id: missing-in-answer",
        ] {
            assert_eq!(ids(text), [None], "{text}");
        }
    }

    #[test]
    fn each_code_has_the_id_of_its_own_object() {
        for (text, expected) in [
            (
                r#"[{"code":"CODE","request_id":"aaaaaaa1"},{"code":"CODE","request_id":"bbbbbbb2"}]"#,
                ["aaaaaaa1", "bbbbbbb2"],
            ),
            (
                r#"[{"request_id":"aaaaaaa1","code":"CODE"},{"request_id":"bbbbbbb2","code":"CODE"}]"#,
                ["aaaaaaa1", "bbbbbbb2"],
            ),
            (
                r#"{"Response":{"Error":{"Code":"CODE"},"RequestId":"aaaaaaa1"}} {"RequestId":"bbbbbbb2","Error":{"Code":"CODE"}}"#,
                ["aaaaaaa1", "bbbbbbb2"],
            ),
            (
                r#"{"requestId":"bbbbbbb2","a":"{\"code\":\"CODE\",\"request_id\":\"aaaaaaa1\"}","code":"CODE"}"#,
                ["aaaaaaa1", "bbbbbbb2"],
            ),
            (
                "CODE request_id=aaaaaaa1; CODE request_id=bbbbbbb2",
                ["aaaaaaa1", "bbbbbbb2"],
            ),
        ] {
            assert_eq!(ids(text), expected.map(Some), "{text}");
        }
        // A list of errors has one.
        let text = r#"{"errors":[{"code":"CODE"},{"code":"CODE"}],"request_id":"aaaaaaa1"}"#;
        assert_eq!(ids(text), [Some("aaaaaaa1"); 2]);
    }

    #[test]
    fn an_id_too_far_away_is_none_of_the_code() {
        let text = |bytes: usize| format!("CODE{}reqid=aaaaaaa1", " ".repeat(bytes));
        assert_eq!(ids(&text(REACH_BYTES - 20)), [Some("aaaaaaa1")]);
        assert_eq!(ids(&text(REACH_BYTES)), [None]);
    }
}
