//! What makes an undotted code confirmed.

use super::*;

fn assert_confirmed(expected: bool, texts: &[&str]) {
    for text in texts {
        assert_eq!(only(text).confirmed, expected, "{text}");
    }
}

#[test]
fn a_dotted_code_always_is() {
    assert!(only("see APIG.1002").confirmed);
    assert!(only("see AuthFailure.Bar").confirmed);
    assert!(!only("see InternalError").confirmed);
}

#[test]
fn keys_whose_last_word_is_code_make_slots() {
    for key in [
        "code",
        "Code",
        "CODE",
        "error_code",
        "errorCode",
        "Error-Code",
        "x-error-code",
        "error.code",
        "ErrCode",
        "ERROR_CODE",
        "error code",
        "Error Code",
        "ERROR CODE",
        "errcode",
        "errno",
        "Errno",
        "ERRNO",
        "codeDesc",
        "CodeDesc",
        "sys_errno",
        "错误码",
        "错误代码",
        "返回代码",
        "x错误码",
        "错误Code",
        "xErrcode",
        "xCODE",
        r"\ncode",
        "%0Acode",
        "\x1b[31mcode",
        "ESC[1mcode",
    ] {
        let text = format!("{key}=InternalError");
        assert!(only(&text).confirmed, "{text}");
    }
    for key in [
        "zipcode",
        "opcode",
        "decode",
        "codes",
        "Codes",
        "ZIPCODE",
        "1code",
        "4CODE",
        "perrno",
        "errorcode",
        "cOde",
        "CODEDESc",
        "codedesc",
        "coded",
        "encoding",
        "codé",
        "错误 码",
        "msg",
        r"\u00accode",
        r"\u00acode",
        "&code",
        "",
    ] {
        let text = format!("{key}=InternalError");
        let has_code = [r"\u00accode", "&code"].contains(&key);
        assert_eq!(only(&text).confirmed, has_code, "{text}");
    }
}

#[test]
fn every_separator_makes_a_slot_written_or_escaped() {
    for separator in [
        "=",
        ":",
        "：",
        "=>",
        ":=",
        "->",
        "[",
        ">",
        " = ",
        ": ",
        " -> ",
        r"\u003d",
        "%3A",
        "%253A",
        "&equals;",
        "=&gt;",
        "-&gt;",
        r"-\u003e",
        r"\u003e",
        "&gt;",
        "%5B",
        ":\t",
        r":\n",
        r"\uff1a",
        "=>>",
        ":[",
        "\":\"",
        "`: `",
        "**: ",
        "\": [\"",
        "=\u{a0}",
        "：\u{3000}",
        ":%20",
    ] {
        let text = format!("code{separator}InternalError");
        assert!(only(&text).confirmed, "{text}");
    }
}

#[test]
fn comparisons_and_doubled_separators_make_no_slot() {
    for separator in [
        "==",
        " == ",
        "!=",
        " != ",
        "<=",
        ">=",
        " >= ",
        "::",
        "=:",
        "===",
        "= =",
        ": :",
        "==>",
        "!=>",
        ">=>",
        "->=",
        "=->",
        r"\u003d=",
        "=%3D",
        "&gt;=",
        "=\x1b[0m=",
        "\": \"=",
        ":：",
        "- >",
        "-",
        " ",
        "\"",
        ", ",
        "(",
        " is ",
        "/",
        "。",
    ] {
        let text = format!("code{separator}InternalError");
        assert!(!only(&text).confirmed, "{text}");
    }
}

#[test]
fn quotes_brackets_colours_and_prefixes_may_stand_round_the_separator() {
    assert_confirmed(
        true,
        &[
            r#"{"code": "InternalError"}"#,
            r#"{'Code': u'InternalError'}"#,
            r#"{u'Code': u'InternalError'}"#,
            r#"{b"Code": b"InternalError"}"#,
            r#"{\"Code\":\"InternalError\"}"#,
            r#"{\\\"Code\\\":\\\"InternalError\\\"}"#,
            r#"{u\\'Code\\': u\\'InternalError\\'}"#,
            "错误码：「InternalError」",
            r#"{"\u9519\u8bef\u7801": "InternalError"}"#,
            r#"{\"\\u9519\\u8BEF\\u7801\": \"InternalError\"}"#,
            r"\u8fd4\u56de\u4ee3\u7801\uff1aInternalError",
            "错误码：『InternalError』",
            "错误码：“InternalError”",
            "返回代码：【InternalError】",
            "错误代码（=InternalError）",
            "**Code**: `InternalError`",
            "code: {[(<InternalError>)]}",
            "\x1b[1mcode\x1b[0m=\x1b[31mInternalError\x1b[0m",
            r"code\u001b[0m=\u001b[31mInternalError",
            "code[0m=[31mInternalError",
            "<Code>InternalError</Code>",
            "<Code><![CDATA[InternalError]]></Code>",
            r"\u003cCode\u003eInternalError\u003c/Code\u003e",
            "&lt;Code&gt;&lt;![CDATA[InternalError]]&gt;",
            "%3CCode%3E%3C%21%5BCDATA%5BInternalError",
            "code[InternalError]",
            "map[Code:InternalError Message:x]",
            "{code=InternalError, message=x}",
            r"code=\\InternalError",
        ],
    );
    assert_confirmed(
        false,
        &[
            "code: xu'InternalError'",
            "code: r'InternalError'",
            "code: U'InternalError'",
            "code: ub'InternalError'",
            "code: u InternalError",
            "code: 1 InternalError",
            "code: x InternalError",
            "code: , InternalError",
            "code: \u{2003}InternalError",
            "code: <![cdata[x InternalError",
            "code：、InternalError",
            "code\r=InternalError",
            "code <> 'InternalError'",
            "code &lt;&gt; InternalError",
            "<Code>X</Code>InternalError",
            "<ns:ErrorCode>X</ns:ErrorCode> InternalError",
            r"\u003c/Code\u003e InternalError",
        ],
    );
}

#[test]
fn wrappers_may_stand_before_the_code() {
    assert_confirmed(
        true,
        &[
            r#"code: Some("InternalError")"#,
            "code: Option::Some(InternalError)",
            "code: std::option::Option::Some(Cow(InternalError))",
            "code=a(b(c(d(InternalError",
            r#"code: aws.String("InternalError")"#,
            "code: errors[InternalError]",
            "Error: apiError[Code[InternalError]]",
            "code:code(InternalError)",
            "%22code%22%3ASome%28%22InternalError",
            "Code:map[InternalError]",
        ],
    );
    assert_confirmed(
        false,
        &[
            "code=a(b(c(d(e(InternalError",
            "code(InternalError)",
            "code: 1Some(InternalError)",
            "code: Some (InternalError)",
            "code: ::Some(InternalError)",
            "code::Some(InternalError)",
            "code: Some{InternalError}",
            "code: S-ome(InternalError)",
            "codes[InternalError]",
        ],
    );
}

#[test]
fn vendors_exception_forms_are_slots() {
    assert_confirmed(
        true,
        &[
            "com.aliyuncs.exceptions.ClientException: InternalError : The request failed",
            "Exception in thread \"main\" com.aliyuncs.exceptions.ServerException: InternalError : x",
            "HTTP Status: 400 Error:InternalError The specified",
            "HTTP Status:500 Error: InternalError",
            "HTTP  Status : 400  Error : InternalError",
            r"ClientException:\n\tInternalError",
            "ClientException: \"InternalError\"",
            "\x1b[31mClientException:\x1b[0m InternalError",
            "[TencentCloudSDKException]message:InternalError-An internal error requestId:x",
            "TencentCloudSDKException('InternalError', 'x')",
            "TencentCloudSDKException(\"'InternalError', 'x')",
            "TencentCloudSDKException(\"InternalError\", 'x')",
            r#"TencentCloudSDKException(\"InternalError\""#,
            "TencentCloudSDKException( 'InternalError'",
        ],
    );
    assert_confirmed(
        false,
        &[
            "ClientException InternalError",
            "ClientExceptions: InternalError",
            "IOException: InternalError",
            "HTTP Status: Error:InternalError",
            "HTTP Status: 4x0 Error:InternalError",
            "ClientException: x InternalError",
            "TencentCloudSDKException(InternalError",
            "TencentCloudSDKException: InternalError",
            "ClientException: (InternalError",
        ],
    );
}

#[test]
fn sdk_texts_of_every_language_are_read() {
    assert_confirmed(
        true,
        &[
            // Go
            "[TencentCloudSDKError] Code=InternalError, Message=x, RequestId=y",
            "   Code: InternalError",
            r#"ErrorCode: InternalError\nRecommend: https://x"#,
            // Python
            "[TencentCloudSDKException] code:InternalError message:x requestId:y",
            "{'Code': 'InternalError', 'Message': 'x'}",
            // Java
            "ErrorCode : InternalError",
            // Tencent's envelope
            r#"{"Response":{"Error":{"Code":"InternalError","Message":"x"},"RequestId":"y"}}"#,
            // Terraform
            "\x1b[31m│\x1b[0m \x1b[0m\x1b[1m\x1b[31mError: \x1b[0m[TencentCloudSDKError] Code=InternalError",
            // logfmt, klog, log4j, nginx
            r#"level=error msg=failed code=InternalError"#,
            r#"E1122 10:00:00.000000       1 sync.go:12] "failed" code="InternalError""#,
            "2026-11-22 10:00:00,123 ERROR [main] c.a.Foo - errorCode=InternalError",
            r#"10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] "GET /?code=InternalError HTTP/1.1" 403 5"#,
        ],
    );
}

#[test]
fn a_slot_is_looked_for_within_256_bytes() {
    let text = |blanks| format!("code={}InternalError", " ".repeat(blanks));
    assert!(only(text(251)).confirmed);
    assert!(!only(text(252)).confirmed);
    // What stands before the window is not seen: not the letter, and not the cut escape.
    let cut = |before: &str, blanks| format!("{before}code={}InternalError", " ".repeat(blanks));
    assert!(!only(cut("zip", 250)).confirmed);
    assert!(only(cut("zip", 251)).confirmed);
    let form = |blanks| format!("ClientException:{}InternalError", " ".repeat(blanks));
    assert!(only(form(240)).confirmed);
    assert!(!only(form(241)).confirmed);
}
