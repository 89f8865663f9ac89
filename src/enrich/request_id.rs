//! The id of the request that an error belongs to, for the vendor's support.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::key::value_start;

/// The keys under which the three clouds and their gateways log it.
static KEYS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let keys = [
        "request_id",
        "requestId",
        "RequestId",
        "requestID",
        "RequestID",
        "request-id",
        "Request-Id",
        "Request-ID",
        "requestid",
        "Requestid",
        "req_id",
        "reqId",
    ];
    AhoCorasick::new(keys).expect("a handful of keys makes a small automaton")
});

/// The lengths a request id has, in bytes.
const ID_BYTES: std::ops::RangeInclusive<usize> = 8..=128;

/// The first request id that `text` states.
pub fn request_id(text: &[u8]) -> Option<&str> {
    KEYS.find_iter(text).find_map(|key| {
        let start = value_start(text, key.end())?;
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let len = text[start..].iter().take_while(is_part).count();
        let id = std::str::from_utf8(&text[start..start + len]).ok()?;
        (ID_BYTES.contains(&len) && id.bytes().any(|byte| byte.is_ascii_digit())).then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_json_logfmt_and_exception_texts() {
        for text in [
            r#"{"RequestId":"7CDDDCEF-CDFD-0825"}"#,
            r#"{\"request_id\": \"7CDDDCEF-CDFD-0825\"}"#,
            "x-request-id=7CDDDCEF-CDFD-0825 done",
            "Message=no, RequestId=7CDDDCEF-CDFD-0825",
            "<RequestId>7CDDDCEF-CDFD-0825</RequestId>",
            "RequestID: 7CDDDCEF-CDFD-0825",
        ] {
            assert_eq!(
                request_id(text.as_bytes()),
                Some("7CDDDCEF-CDFD-0825"),
                "{text}"
            );
        }
        assert_eq!(request_id(b"the RequestId was not given"), None);
    }
}
