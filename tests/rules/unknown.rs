//! Unknown codes, and what `--discover` adds.

use super::*;

const NONE: [&str; 0] = [];

fn with(codes: &[&str], families: &[&str]) -> Rules {
    Rules {
        codes: codes
            .iter()
            .map(|code| ("user".to_string(), code.to_string()))
            .collect(),
        families: families.iter().map(|family| family.to_string()).collect(),
    }
}

fn unknown_with(codes: &[&str], families: &[&str], text: &str) -> Vec<String> {
    codes_of(
        scan(&with(codes, families), text.as_bytes(), false),
        Kind::Unknown,
    )
}

#[test]
fn an_uncatalogued_part_does_not_count_as_its_parent() {
    assert_eq!(known("FailedOperation.Foo"), NONE);
    assert_eq!(unknown("FailedOperation.Foo"), ["FailedOperation.Foo"]);
    assert_eq!(
        unknown("FailedOperation.Foo_1.bar."),
        ["FailedOperation.Foo_1.bar"]
    );
    assert_eq!(
        unknown("FailedOperation.NodeNotEmpty.Deep"),
        ["FailedOperation.NodeNotEmpty.Deep"]
    );
    assert_eq!(unknown("AuthFailure.Bar"), ["AuthFailure.Bar"]);
    assert_eq!(unknown("InvalidParameter.Foo"), ["InvalidParameter.Foo"]);
}

#[test]
fn a_numeric_family_is_extended_by_four_or_more_digits() {
    assert_eq!(unknown("APIG.3999"), ["APIG.3999"]);
    assert_eq!(unknown("UC.11003"), ["UC.11003"]);
    assert_eq!(unknown("FDI.0000000000001"), ["FDI.0000000000001"]);
    assert_eq!(unknown("APIG.3999.Please"), ["APIG.3999"]);
    for text in [
        "IAM.6",
        "APIG.399",
        "APIG.3999x",
        "APIG.3999.html",
        "APIG.3999.1",
        "x.APIG.3999",
        "FDI.Foo",
        "APIG3999",
        "UC. 11003",
        "IAM.Foo",
    ] {
        assert_eq!(unknown(text), NONE, "{text}");
    }
}

#[test]
fn a_listed_numeric_family_needs_no_codes() {
    assert_eq!(unknown("APIGW.0301"), ["APIGW.0301"]);
    assert_eq!(known("APIGW.0301"), NONE);
    assert_eq!(unknown("APIGW.Foo"), NONE);
    assert_eq!(unknown("APIGW.301"), NONE);
}

#[test]
fn any_other_code_or_family_is_extended_by_a_capital() {
    for text in [
        "InternalError.java",
        "InternalError.1234",
        "AuthFailure",
        "AuthFailure.",
        "AuthFailure.bar",
        "AuthFailure.1234",
        "AuthFailure.ESC[0m",
        "xAuthFailure.Bar",
        "AuthFailures.Bar",
    ] {
        assert_eq!(unknown(text), NONE, "{text}");
    }
}

#[test]
fn a_family_with_both_sorts_of_codes_is_extended_in_both_ways() {
    assert_eq!(unknown("APIG.3999"), ["APIG.3999"]);
    assert_eq!(unknown("APIG.Foo"), ["APIG.Foo"]);
}

#[test]
fn a_listed_family_with_codes_goes_by_its_codes() {
    assert_eq!(unknown_with(&["A.Foo"], &["A."], "A.1234"), NONE);
    assert_eq!(unknown_with(&["A.Foo"], &["A."], "A.Bar"), ["A.Bar"]);
    assert_eq!(unknown_with(&["A.1001"], &["A"], "A.Bar"), NONE);
    assert_eq!(unknown_with(&["A.1001"], &["A"], "A.1002"), ["A.1002"]);
    assert_eq!(unknown_with(&["A.B.1001"], &["A."], "A.1002"), NONE);
    assert_eq!(unknown_with(&["A.B.1001"], &["A."], "A.Bar"), ["A.Bar"]);
    assert_eq!(unknown_with(&["A.B.1001"], &[], "A.Bar"), NONE);
    assert_eq!(
        unknown_with(&[], &["A", "A."], "A.Bar A.1234"),
        ["A.Bar", "A.1234"]
    );
}

#[test]
fn the_longest_base_wins_and_its_range_is_not_searched_again() {
    let codes = ["A", "A.B.1001", "C.D"];
    assert_eq!(unknown_with(&codes, &[], "A.B.2002.C.D"), ["A.B.2002"]);
    assert_eq!(unknown_with(&codes, &[], "A.B.20.C.D"), ["A.B.20.C.D"]);
    assert_eq!(unknown_with(&codes, &[], "A.X.C.D"), ["A.X.C.D"]);
}

#[test]
fn an_unknown_code_of_more_than_256_bytes_is_passed_over() {
    let long = |len: usize| format!("AuthFailure.B{} APIG.1002", "x".repeat(len - 13));
    assert_eq!(unknown(long(256)).len(), 1);
    assert_eq!(unknown(long(257)), NONE);
    assert_eq!(known(long(257)), ["APIG.1002"]);
    assert_eq!(discovered(format!("Code={}", long(257))), NONE);
}

#[test]
fn odd_codes_are_extended_too() {
    assert_eq!(
        unknown_with(&["ORA-X"], &[], "ORA-X.Foo.bar-1"),
        ["ORA-X.Foo.bar"]
    );
    // These end by themselves: after a hyphen a dot is no token byte, and the digit exception holds.
    assert_eq!(unknown_with(&["E-"], &[], "E-.Foo"), NONE);
    assert_eq!(known("ORA-00942.Foo"), ["ORA-00942"]);
}

#[test]
fn discover_reports_code_shaped_values_of_code_slots() {
    for (text, code) in [
        (r#"{"Code":"ResourceBusy"}"#, "ResourceBusy"),
        ("error_code=AWS_LIMIT", "AWS_LIMIT"),
        ("error code: Foo.Bar.", "Foo.Bar"),
        ("错误码：QuotaExceeded，", "QuotaExceeded"),
        (
            r"\u9519\u8bef\u7801\uff1aQuotaExceeded\uff0c",
            "QuotaExceeded",
        ),
        (
            "com.aliyuncs.exceptions.ClientException: SDKTimeout : x",
            "SDKTimeout",
        ),
        ("Code=A.B.1", "A.B.1"),
    ] {
        assert_eq!(discovered(text), [code], "{text}");
        assert_eq!(unknown(text), NONE, "{text}");
    }
}

#[test]
fn discover_leaves_words_alone() {
    let long = format!("Code=A{}", "b".repeat(256));
    for text in [
        "ResourceBusy",
        "status: ResourceBusy",
        "Code: Busy",
        "Code: BUSYBUSY",
        "Code: resourceBusy",
        "Code: Success",
        "Code: Succeeded",
        "Code: False",
        "Code: 12345",
        "zipcode: ResourceBusy",
        "Code == ResourceBusy",
        &long,
        "troubleshoot?Code=ResourceBusy",
    ] {
        assert_eq!(discovered(text), NONE, "{text}");
    }
}

#[test]
fn discover_changes_nothing_about_codes_and_families() {
    assert_eq!(discovered("Code=AuthFailure.Bar"), ["AuthFailure.Bar"]);
    assert_eq!(discovered("Code=InternalError"), NONE);
    assert_eq!(discovered("Code=AuthFailure"), ["AuthFailure"]);
    assert_eq!(
        discovered("Code=InternalError.java"),
        ["InternalError.java"]
    );
}
