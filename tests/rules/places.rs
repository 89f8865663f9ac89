//! Where a known code counts: tokens, escapes, links.

use super::*;

const NONE: [&str; 0] = [];

#[test]
fn a_code_counts_as_a_whole_token_only() {
    for text in [
        "com.acme.InternalError",
        "InternalErrorException",
        "InternalError_2",
        "xInternalError",
        "_InternalError",
        "InternalError.java",
        "x.APIG.1002",
        "APIG.10020",
        "APIG.1002.html",
        "APIG.1002a",
        "internalerror",
        "INTERNALERROR",
        "APIG.",
        "FailedOperation.foo",
    ] {
        assert_eq!(known(text), NONE, "{text}");
    }
}

#[test]
fn anything_but_a_token_byte_is_a_boundary() {
    for text in [
        "InternalError",
        "InternalError.",
        "InternalError. Then",
        "InternalError.\"",
        "InternalError..",
        ".InternalError",
        "..InternalError",
        "-InternalError-",
        "[InternalError]",
        "x .InternalError",
        "/InternalError/",
        "错误码InternalError失败",
        "，InternalError。",
    ] {
        assert_eq!(known(text), ["InternalError"], "{text}");
    }
    assert_eq!(known("错误码APIG.1002失败"), ["APIG.1002"]);
    assert_eq!(known(b"\xffAPIG.1002\xfe"), ["APIG.1002"]);
    assert_eq!(known(b"\0APIG.1002\0"), ["APIG.1002"]);
    assert_eq!(known("APIG.1002\r\n"), ["APIG.1002"]);
    assert_eq!(known("APIG.1002错.APIG.2000"), ["APIG.1002", "APIG.2000"]);
}

#[test]
fn the_longest_code_at_a_place_counts() {
    assert_eq!(
        known("FailedOperation.NodeNotEmpty"),
        ["FailedOperation.NodeNotEmpty"]
    );
    assert_eq!(known("FailedOperation: NodeNotEmpty"), ["FailedOperation"]);
    assert_eq!(
        known("InvalidParameter.AccountId."),
        ["InvalidParameter.AccountId"]
    );
    assert_eq!(known("FailedOperation.NodeNotEmptyX"), NONE);
}

#[test]
fn a_blank_forgotten_after_a_final_digit_and_a_full_stop_does_not_hide_the_code() {
    assert_eq!(known("APIG.3456.Please retry"), ["APIG.3456"]);
    assert_eq!(known("APIG.2000.html"), NONE);
    assert_eq!(known("APIG.3456.1"), NONE);
    assert_eq!(known("APIG.3456._"), NONE);
    assert_eq!(known("InternalError.Please"), NONE);
    assert_eq!(known("APIG.3456.FDI.3149"), ["APIG.3456"]);
    assert_eq!(known("ORA-00942.Table"), ["ORA-00942"]);
    // The capital is the first letter of a written-out ESC, so the full stop ends the sentence.
    assert_eq!(known("APIG.3456.ESC[0m"), ["APIG.3456"]);
}

#[test]
fn a_boundary_stands_right_after_an_escape() {
    let escapes = [
        r"\n",
        r"\t",
        r"\r",
        r"\b",
        r"\f",
        r#"\""#,
        r"\'",
        r"\/",
        r"\\n",
        r"\\\\n",
        r#"\\\""#,
        r"\u003e",
        r"\u003E",
        r"\\u003e",
        r"\x3e",
        r"\x1b",
        r"%22",
        r"%2522",
        r"%25252522",
        r"%0A",
        r"%3a",
        "&quot;",
        "&amp;quot;",
        "&amp;amp;lt;",
        "&#34;",
        "&#x22;",
        "&#X22;",
        "&nbsp;",
        "&colon;",
        "&lpar;",
        "&lbrack;",
        "&equals;",
        // How rsyslog writes a line end and a tab inside a message.
        "#012",
        "#011",
        "#015",
        r"\012",
    ];
    for escape in escapes {
        let text = format!("{escape}InternalError{escape}APIG.1002{escape}");
        assert_eq!(known(&text), ["InternalError", "APIG.1002"], "{text}");
    }
}

#[test]
fn a_boundary_stands_right_after_a_colour_in_every_written_form() {
    let introducers = [
        "\x1b", "ESC", r"\x1b", r"\x1B", r"\u001b", r"\u001B", r"\033", "#033", "^[", r"\\u001b",
        r"\\\\x1b", "",
    ];
    for introducer in introducers {
        for colour in ["[31m", "[0m", "[1;31m", "[38;5;196m", "[38;2;255;100;0m"] {
            let text = format!("x{introducer}{colour}InternalError{introducer}{colour}y");
            assert_eq!(known(&text), ["InternalError"], "{text}");
        }
    }
    for sequence in [
        "\x1b[K",
        "\x1b[2J",
        "\x1b[m",
        "\x1b[?25h",
        "\x1b[38:5:1m",
        "ESC[1@",
        "^[[6~",
    ] {
        let text = format!("{sequence}InternalError");
        assert_eq!(known(&text), ["InternalError"], "{text}");
    }
}

#[test]
fn a_broken_escape_is_ordinary_text() {
    for prefix in [
        "n", r"\u003", r"\u00zz", r"\x3", r"\v", r"\N", r"\U003e", "%2", "%", "%2g", "&quot",
        "&foo;x", "&QUOT;x", "ESC31m", "[31", "[1234m", "[m", "[;m", "esc[31x", "ESC[31",
        "#034[31x", "^[31",
    ] {
        let text = format!("{prefix}InternalError");
        let is_boundary = !prefix.ends_with(|last: char| last.is_ascii_alphanumeric());
        // A `%` and the like are boundaries themselves; the letters of a broken escape are none.
        assert_eq!(known(&text).len(), usize::from(is_boundary), "{text}");
    }
}

#[test]
fn limits_of_escapes_hold() {
    let percent = |times| format!("%{}0AInternalError", "25".repeat(times));
    assert_eq!(known(percent(8)), ["InternalError"]);
    assert_eq!(known(percent(9)), NONE);
    let entity = |times| format!("&{}#60;InternalError", "amp;".repeat(times));
    assert_eq!(known(entity(8)), ["InternalError"]);
    let csi = |digits| format!("\x1b[{}mInternalError", "1".repeat(digits));
    assert_eq!(known(csi(55)), ["InternalError"]);
    assert_eq!(known(csi(56)), NONE);
    let stripped = |more| format!("[1{}mInternalError", ";1".repeat(more));
    assert_eq!(known(stripped(27)), ["InternalError"]);
    assert_eq!(known(stripped(28)), NONE);
    assert_eq!(known("&#12345678x;InternalError"), ["InternalError"]);
}

#[test]
fn the_letters_of_an_escape_begin_no_code() {
    let rules = Rules {
        codes: vec![
            ("user".to_string(), "nError".to_string()),
            ("user".to_string(), "D9".to_string()),
        ],
        families: vec![],
    };
    assert_eq!(
        codes_of(scan(&rules, br"\nError", false), Kind::Known),
        NONE
    );
    assert_eq!(
        codes_of(scan(&rules, br"-nError", false), Kind::Known),
        ["nError"]
    );
    assert_eq!(codes_of(scan(&rules, br"%D9", false), Kind::Known), NONE);
    assert_eq!(codes_of(scan(&rules, br"\x1D9", false), Kind::Known), NONE);
}

#[test]
fn bodies_count_raw_and_escaped() {
    for text in [
        r#"{"error_code":"APIG.1002","error_msg":"Incorrect token"}"#,
        r#"{"msg":"{\"error_code\":\"APIG.1002\"}"}"#,
        r#"{"a":"{\\\"error_code\\\":\\\"APIG.1002\\\"}"}"#,
        r"<Code>APIG.1002</Code>",
        r"\u003cCode\u003eAPIG.1002\u003c/Code\u003e",
        r"%7B%22error_code%22%3A%22APIG.1002%22%7D",
        r"%257B%2522error_code%2522%253A%2522APIG.1002%2522%257D",
        r"%22APIG.1002%22",
        r"&lt;Code&gt;APIG.1002&lt;/Code&gt;",
        r"failed:\nAPIG.1002\nat line 3",
        "%7B%22m%22%3A%22failed%3A%5CnAPIG.1002%5Cn%22%7D",
        "failed%255CtAPIG.1002",
        r"failed:\u005cnAPIG.1002",
        r"failed:\x5Cu000aAPIG.1002",
    ] {
        assert_eq!(known(text), ["APIG.1002"], "{text}");
    }
}

#[test]
fn codes_of_other_bytes_count_where_token_bytes_do_not_extend_them() {
    assert_eq!(known("ORA-00942: table"), ["ORA-00942"]);
    assert_eq!(known("x-ORA-00942-1"), ["ORA-00942"]);
    assert_eq!(known("E 42 E 42"), ["E 42", "E 42"]);
    for text in [
        "ORA-009421",
        "xORA-00942",
        "ORA-00942_",
        "ORA-00942.1",
        "a.ORA-00942",
        "E 421",
    ] {
        assert_eq!(known(text), NONE, "{text}");
    }
    assert_eq!(known("404"), ["404"]);
    assert_eq!(known("4040 x404 404.5 1.404"), NONE);
}

#[test]
fn a_code_may_begin_like_an_escape_but_not_inside_one() {
    // How Cisco's routers name what they log.
    let codes = [
        "%CDP-4-NATIVE_VLAN_MISMATCH",
        "%LINK-3-UPDOWN",
        "\\nZed",
        "ESC",
    ];
    let rules = Rules {
        codes: codes
            .map(|code| ("user".to_string(), code.to_string()))
            .to_vec(),
        families: Vec::new(),
    };
    let known = |text: &str| codes_of(scan(&rules, text.as_bytes(), false), Kind::Known);
    for code in &codes[..3] {
        for text in [
            format!("sw1: {code}: x"),
            code.to_string(),
            format!("\\t{code} x"),
        ] {
            assert_eq!(known(&text), [*code], "{text}");
        }
    }
    for text in [
        "%%CDP-4-NATIVE_VLAN_MISMATCHED",
        "x%25CDP-4-NATIVE_VLAN_MISMATCH",
        "ESC[0m",
    ] {
        assert_eq!(known(text), NONE, "{text}");
    }
    assert_eq!(known("ESC: x"), ["ESC"]);
}

#[test]
fn a_code_is_not_taken_for_another_that_ends_it() {
    let rules = Rules {
        codes: ["A-A", "-A", "B-A.1"]
            .map(|code| ("user".to_string(), code.to_string()))
            .to_vec(),
        families: vec![],
    };
    for code in ["A-A", "-A", "B-A.1"] {
        let found = scan(&rules, format!("x {code} y").as_bytes(), false);
        assert_eq!(codes_of(found, Kind::Known), [code]);
    }
}

#[test]
fn a_code_in_a_link_to_an_error_centre_is_no_further_occurrence() {
    for text in [
        "Recommend: https://api.alibabacloud.com/troubleshoot?q=InternalError",
        "https://api.aliyun.com/troubleshoot?q=InternalError&product=Ecs",
        "https://api.aliyun.com/troubleshoot?intl=1&q=FailedOperation.Foo",
        "https://error-center.aliyun.com/status/search?Keyword=InternalError&source=PopGw",
        r"https:\/\/error-center.aliyun.com\/status\/search?Keyword=InternalError",
        r#"{\"Recommend\":\"https://api.aliyun.com/troubleshoot?q\u003dInternalError\"}"#,
        "https%3A%2F%2Fapi.aliyun.com%2Ftroubleshoot%3Fq%3DInternalError",
        "troubleshoot?a=b&amp;q=InternalError",
        "troubleshoot?q=\x1b[31mInternalError",
        "<troubleshoot?q=InternalError>",
    ] {
        assert_eq!(scan(&sample(), text.as_bytes(), true), [], "{text}");
    }
    assert_eq!(
        known("InternalError https://x/troubleshoot?q=InternalError APIG.1002"),
        ["InternalError", "APIG.1002"]
    );
}

#[test]
fn a_link_ends_where_a_url_ends() {
    for text in [
        "https://api.aliyun.com/troubleshoot?q=x InternalError",
        "https://api.aliyun.com/troubleshoot?q= InternalError",
        "https://api.aliyun.com/troubleshoot?InternalError",
        "https://api.aliyun.com/troubleshoot?x%20q=InternalError",
        "troubleshoot?\"q=InternalError",
        "troubleshoot?'q=InternalError",
        "troubleshoot?`q=InternalError",
        "troubleshoot?<q=InternalError",
        "troubleshoot?错q=InternalError",
        r"troubleshoot?\nq=InternalError",
        r"troubleshoot?&gt;q=InternalError",
        "https://api.aliyun.com/other?q=InternalError",
        "troubleshoot?q:InternalError",
    ] {
        assert_eq!(known(text), ["InternalError"], "{text}");
    }
}

#[test]
fn a_link_is_looked_for_within_256_bytes() {
    let link = |len: usize| format!("troubleshoot?{}=InternalError", "q".repeat(len));
    assert_eq!(known(link(256 - "troubleshoot?=".len())), NONE);
    assert_eq!(known(link(257 - "troubleshoot?=".len())), ["InternalError"]);
}
