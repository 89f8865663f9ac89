//! Text that is no clean UTF-8: binary, other encodings, odd line ends, terminal sequences.

use errsift::tally::result::InputState::Complete;
use errsift::tally::result::ScanResult;

use crate::support::{Folder, pipe};
use crate::{counts, states};

fn scan(text: impl AsRef<[u8]>) -> ScanResult {
    let ended = pipe(&["scan", "-f", "json"], text);
    assert_eq!(ended.err, "");
    ended.result()
}

/// The offset, the line and the text of each code's first sample.
fn samples(result: &ScanResult) -> Vec<(u64, u64, &str)> {
    let samples = result.codes.iter().map(|row| &row.samples[0]);
    samples
        .map(|sample| (sample.offset, sample.line, sample.text.as_str()))
        .collect()
}

#[test]
fn only_a_token_byte_beside_a_code_hides_it() {
    let bytes = || (0..=u8::MAX).filter(|&byte| byte != b'\n');
    let text = bytes().flat_map(|byte| [&[byte], &b"APIG.1002"[..], &[byte, b'\n']].concat());

    let ended = pipe(&["scan", "-f", "ndjson"], text.collect::<Vec<_>>());

    let lines = ended.out.lines().map(|event| {
        let event: serde_json::Value = serde_json::from_str(event).unwrap();
        event["line"].as_u64().unwrap()
    });
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let visible = (1..).zip(bytes()).filter(|&(_, byte)| !is_token(byte));
    let expected: Vec<u64> = visible.map(|(line, _)| line).collect();
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn a_code_counts_amid_all_bytes() {
    let all: Vec<u8> = (0..=u8::MAX).collect();

    let result = scan([&all, &b"APIG.1002"[..], &all].concat());

    assert_eq!(counts(&result), [("APIG.1002", 1, 1)]);
    assert_eq!((result.totals.bytes, result.totals.lines), (521, 3));
    assert_eq!(result.codes[0].samples[0].offset, 256);
}

#[test]
fn nuls_are_bytes_like_others_but_for_those_that_begin_a_line() {
    let result = scan(b"\0\0\0APIG.1002 first\n\0APIG.1005\0\0after\n");

    assert_eq!(
        samples(&result),
        [(3, 1, "APIG.1002 first"), (20, 2, "APIG.1005\0\0after")]
    );
}

#[test]
fn codes_amid_invalid_utf_8_and_gbk_count() {
    let (gbk, _, _) = encoding_rs::GBK.encode("错误码APIG.1002失败\n返回代码：APIG.1005。\n");
    assert!(String::from_utf8(gbk.to_vec()).is_err());

    let gbk = scan(gbk);
    let invalid = scan(b"\xc3\xffAPIG.1002\xf0\x9f\n\x80APIG.1005\xe9\x94\n");

    let both = [("APIG.1002", 1, 1), ("APIG.1005", 1, 1)];
    assert_eq!(counts(&gbk), both);
    assert_eq!(counts(&invalid), both);
    assert_eq!(
        samples(&invalid),
        [
            (2, 1, "\u{fffd}\u{fffd}APIG.1002\u{fffd}"),
            (15, 2, "\u{fffd}APIG.1005\u{fffd}")
        ]
    );
}

#[test]
fn line_ends_and_marks_are_no_part_of_a_sample() {
    let result = scan("\u{feff}APIG.1002 x\r\nAPIG.1005\r\n");

    assert_eq!(
        samples(&result),
        [(3, 1, "APIG.1002 x"), (16, 2, "APIG.1005")]
    );
    assert_eq!(result.totals.lines, 2);
}

#[test]
fn an_empty_input_is_complete_and_has_no_lines() {
    let folder = Folder::new();
    folder.write("empty.log", "");

    let ended = folder.run(&["scan", "-f", "json", "empty.log"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(1), ""));
    let result = ended.result();
    assert_eq!(states(&result), [("empty.log", Complete, "")]);
    assert_eq!((result.totals.lines, result.totals.bytes), (0, 0));
    assert_eq!(result.inputs[0].id, scan("").inputs[0].id);
}

#[test]
fn a_last_line_without_a_newline_counts() {
    let result = scan("x\nAPIG.1002");

    assert_eq!((result.totals.lines, result.totals.matched_lines), (2, 1));
    assert_eq!(scan("x\n\nAPIG.1002\n").totals.lines, 3);
}

#[test]
fn utf_16_counts_as_the_same_text_in_utf_8() {
    let text = "错误码APIG.1002失败\r\n\u{1f600}APIG.1005 x\n{\"error_code\":\"APIG.9008\"} no end";
    let folder = Folder::new();
    let units = || "\u{feff}".encode_utf16().chain(text.encode_utf16());
    folder.write(
        "little.log",
        units().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
    );
    folder.write(
        "big.log",
        units().flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
    );
    folder.write("utf8.log", text);
    let scan = |name| {
        let mut result = folder.run(&["scan", "-f", "json", name]).result();
        result.inputs[0].path.clear();
        for row in &mut result.codes {
            row.samples[0].path.clear();
            row.first_seen = None;
        }
        result
    };

    let expected = scan("utf8.log");

    assert_eq!(expected.totals.matches, 3);
    assert_eq!(scan("little.log"), expected);
    assert_eq!(scan("big.log"), expected);
    let bytes = std::fs::read(folder.file("big.log")).unwrap();
    let mut piped = pipe(&["scan", "-f", "json"], bytes).result();
    assert_eq!(counts(&piped), counts(&expected));
    assert_eq!(piped.inputs.remove(0).id, expected.inputs[0].id);
}

/// Nothing that a terminal would obey, hide or reorder.
pub fn assert_harmless(text: &str) {
    let is_harmful = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
    };
    assert!(!text.contains(is_harmful), "{text:?}");
}

const HOSTILE: &str = "\x1b[31mAPIG.1002\x1b[0m \x1b]0;title\x07 \u{202e}back\u{202c} \u{200b}hidden \u{9b}2J\x08 \x7f\n";

#[test]
fn terminal_sequences_in_a_log_are_shown_not_obeyed() {
    let ended = pipe(&["scan", "-f", "text"], HOSTILE);

    assert_eq!(
        ended.out.lines().next(),
        Some(
            "-:1: \\x1b[31mAPIG.1002\\x1b[0m \\x1b]0;title\\x07 \\u{202e}back\\u{202c} \
             \\u{200b}hidden \\x9b2J\\x08 \\x7f"
        )
    );
    assert_harmless(&ended.out);
    assert_harmless(&ended.err);
}

#[test]
fn terminal_sequences_in_a_catalogue_are_shown_not_obeyed() {
    let folder = Folder::new();
    let text = serde_json::json!({"en": HOSTILE, "zh": HOSTILE});
    let catalogue = serde_json::json!({
        "schema": "errsift.catalog/1", "provider": "own", "product": HOSTILE, "title": text,
        "codes": [{"code": "Own\u{202e}.0001", "message": HOSTILE, "meaning": text, "remediation": text}],
    });
    folder.write("own.json", catalogue.to_string());
    folder.write("app.log", "Own\u{202e}.0001\n");

    for format in ["table", "text", "markdown", "csv"] {
        let args = ["scan", "--catalog", "own.json", "-f", format, "app.log"];
        let ended = folder.run(&args);
        assert_eq!(ended.status, Some(0), "{ended:?}");
        assert!(ended.out.contains("0001"), "{ended:?}");
        assert_harmless(&ended.out);
        assert_harmless(&ended.err);
    }
}
