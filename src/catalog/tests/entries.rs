//! One file: what it may hold, and what is said of each fault in it.

use super::*;

#[test]
fn an_entry_needs_nothing_but_its_code() {
    let nulls = r#"{"code":"Y","http_status":null,"message":null,"meaning":null,"remediation":null,
        "category":null,"retryable":null,"examples":null}"#;

    let catalog = empty_with(&[("mine.json", &acme(&format!(r#"{{"code":"X"}},{nulls}"#)))]);

    let bare = |code: &'static str| Entry {
        code: code.into(),
        provider: "acme".into(),
        product: Some("shop".into()),
        ..Entry::default()
    };
    assert_eq!(catalog.entries(), [bare("X"), bare("Y")]);
    assert_eq!(catalog.notes(), [""; 0]);
}

#[test]
fn a_full_entry_is_taken_to_the_letter() {
    let catalog = empty_with(&[(
        "mine.json",
        r#"{"schema":"errsift.catalog/1","provider":"acme","product":"shop",
            "title":{"en":"Shop","zh":"商店"},"source":{"document":"d","about":"a"},"families":["E."],
            "codes":[{"code":"E.1001","http_status":409,"message":" Busy","meaning":{"en":"a","zh":"甲"},
            "remediation":{"en":"b","zh":"乙"},"category":"conflict","retryable":true,"examples":["x E.1001"]}]}"#,
    )]);

    let text = |en: &'static str, zh: &'static str| Text {
        en: en.into(),
        zh: zh.into(),
    };
    let entry = Entry {
        code: "E.1001".into(),
        provider: "acme".into(),
        product: Some("shop".into()),
        http_status: Some(409),
        message: Some(" Busy".into()),
        meaning: Some(text("a", "甲")),
        remediation: Some(text("b", "乙")),
        category: Some(Category::Conflict),
        retryable: Some(true),
        examples: vec!["x E.1001".into()],
    };
    assert_eq!(catalog.entries(), [entry]);
    assert_eq!(
        catalog.product_title("acme", "shop"),
        Some(&text("Shop", "商店"))
    );
    let family = Family {
        name: "E".into(),
        numeric: true,
        named: false,
        listed: true,
    };
    assert_eq!(catalog.families(), [family]);
}

#[test]
fn what_is_not_a_json_object_is_named() {
    assert_eq!(
        faults("{\n \"schema\": oops}"),
        ["not JSON (expected value at line 2 column 12), expected a catalogue object"]
    );
    assert_eq!(
        faults(r#"[{"code":"X"}]"#),
        ["a JSON array, expected a catalogue object or a plain list of codes"]
    );
}

#[test]
fn missing_fields_are_all_named() {
    assert_eq!(
        faults("{}"),
        [
            "schema is missing, expected 'errsift.catalog/1'",
            "provider is missing, expected a string",
            "product is missing, expected a string",
            "codes is missing, expected an array",
        ]
    );
    assert_eq!(
        faults(&acme("{}")),
        ["entry 1: code is missing, expected a string"]
    );
}

#[test]
fn wrong_fields_of_the_file_are_all_named() {
    let file = r#"{"schema":"errsift.catalog/2","provider":"Acme","product":" ","title":{"en":"","de":"x"},
        "source":"a","families":[3,"."],"codes":{}}"#;

    assert_eq!(
        faults(file),
        [
            "schema 'errsift.catalog/2', expected 'errsift.catalog/1'",
            "provider 'Acme', expected lower-case letters, digits, '-' and '_', a letter or digit first",
            "product is empty, expected a name",
            "title.en is empty, expected text",
            "title.zh is missing, expected text",
            "source is a string, expected an object or null",
            "families[0] is a number, expected a string",
            "families[1] is empty, expected a name",
            "codes is an object, expected an array",
        ]
    );
}

#[test]
fn wrong_types_are_named() {
    let cases = [
        (
            r#""http_status":"404""#,
            "http_status is a string, expected a number from 100 to 599 or null",
        ),
        (
            r#""message":3"#,
            "message is a number, expected a string or null",
        ),
        (
            r#""meaning":"words""#,
            "meaning is a string, expected an object with en and zh or null",
        ),
        (
            r#""remediation":[]"#,
            "remediation is an array, expected an object with en and zh or null",
        ),
        (
            r#""category":true"#,
            "category is a boolean, expected a string or null",
        ),
        (
            r#""retryable":"yes""#,
            "retryable is a string, expected true, false or null",
        ),
        (
            r#""examples":"a line""#,
            "examples is a string, expected an array of strings or null",
        ),
        (
            r#""examples":["a",{}]"#,
            "examples[1] is an object, expected a string",
        ),
    ];
    for (fields, fault) in cases {
        assert_eq!(entry_faults(fields), [fault], "{fields}");
    }
    assert_eq!(
        faults(&acme("7")),
        ["entry 1: a number, expected an object"]
    );
    assert_eq!(
        faults(&acme(r#"{"code":404}"#)),
        ["entry 1: code is a number, expected a string"]
    );
}

#[test]
fn a_status_is_a_whole_number_from_100_to_599() {
    for status in ["99", "600", "-1", "404.5", "70000"] {
        let fault = format!("http_status {status}, expected a number from 100 to 599 or null");
        assert_eq!(entry_faults(&format!(r#""http_status":{status}"#)), [fault]);
    }
    for status in ["100", "599"] {
        assert_eq!(entry_faults(&format!(r#""http_status":{status}"#)), [""; 0]);
    }
}

#[test]
fn an_unknown_category_is_told_the_known_ones() {
    assert_eq!(
        entry_faults(r#""category":"auth""#),
        [
            "unknown category 'auth', expected one of authentication, permission, quota, throttling, not_found, \
          conflict, invalid_request, billing, dependency, unavailable, internal, deprecated, informational, \
          success, redirection"
        ]
    );
}

#[test]
fn a_text_needs_both_languages() {
    assert_eq!(
        entry_faults(r#""meaning":{"en":" ","zh":"甲"}"#),
        ["meaning.en is empty, expected text"]
    );
    assert_eq!(
        entry_faults(r#""remediation":{"en":5}"#),
        [
            "remediation.en is a number, expected text",
            "remediation.zh is missing, expected text"
        ]
    );
}

#[test]
fn what_cannot_be_a_code_is_named() {
    let cases = [
        (
            "",
            "entry 1 (''): code is empty, expected at least one character",
        ),
        (
            " ",
            "entry 1 (' '): code is empty, expected at least one character",
        ),
        (
            " X",
            "entry 1 (' X'): code begins with a blank, expected none",
        ),
        (
            "X ",
            "entry 1 ('X '): code ends with a blank, expected none",
        ),
        (
            r"a\nb",
            r"entry 1 ('a\u{a}b'): code holds the control character U+000A, expected none",
        ),
        (
            r"a\u001bb",
            r"entry 1 ('a\u{1b}b'): code holds the control character U+001B, expected none",
        ),
    ];
    for (code, fault) in cases {
        assert_eq!(faults(&acme(&format!(r#"{{"code":"{code}"}}"#))), [fault]);
    }
    for code in ["ORA-00942", "a b", "错误", "-", "404"] {
        assert_eq!(faults(&acme(&format!(r#"{{"code":"{code}"}}"#))), [""; 0]);
    }
}

#[test]
fn a_duplicate_names_both_places() {
    let codes = r#"{"code":"X"},{"code":"Y"},{"code":"X"},{"code":"X"}"#;

    assert_eq!(
        faults(&acme(codes)),
        [
            "entry 3 ('X'): duplicate of entry 1",
            "entry 4 ('X'): duplicate of entry 1"
        ]
    );
}

#[test]
fn every_fault_of_every_entry_is_reported() {
    let codes =
        r#"{"code":"X","http_status":1,"retryable":0},{"code":"Y"},{"code":"Z","message":[]}"#;

    assert_eq!(
        faults(&acme(codes)),
        [
            "entry 1 ('X'): http_status 1, expected a number from 100 to 599 or null",
            "entry 1 ('X'): retryable is a number, expected true, false or null",
            "entry 3 ('Z'): message is an array, expected a string or null",
        ]
    );
}

#[test]
fn a_fault_is_an_error_and_nothing_is_loaded() {
    let result = Catalog::without_builtin()
        .with_text("mine.json", acme(r#"{"code":"X"},{"code":""}"#).as_bytes());

    let message = result.unwrap_err().to_string();
    assert_eq!(
        message,
        "mine.json: entry 2 (''): code is empty, expected at least one character"
    );
}

#[test]
fn long_text_in_a_sentence_is_cut() {
    let fault = &faults(&acme(&format!(r#"{{"code":"{} "}}"#, "x".repeat(200))))[0];

    assert_eq!(
        *fault,
        format!(
            "entry 1 ('{}...'): code ends with a blank, expected none",
            "x".repeat(100)
        )
    );
}

#[test]
fn unknown_fields_are_noted_and_ignored() {
    let codes = r#"{"code":"X","sevrity":1,"meaning":{"en":"a","zh":"甲","de":"b"}},{"code":"Y","a":1,"b":2}"#;

    let catalog = empty_with(&[("mine.json", &acme(codes))]);

    assert_eq!(
        catalog.notes(),
        [
            "mine.json: entry 1 ('X'): unknown field 'sevrity', ignored, \
          entry 1 ('X'): unknown field 'meaning.de', ignored, \
          entry 2 ('Y'): unknown field 'a', ignored, and 1 more"
        ]
    );
    assert_eq!(catalog.entries().len(), 2);
}
