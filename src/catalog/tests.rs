//! What user files do to a catalogue, and the exact sentence for each of their faults.

use std::fs;

use super::*;

/// A catalogue of `acme` with `codes` as the elements of its list.
fn acme(codes: &str) -> String {
    format!(
        r#"{{"schema":"errsift.catalog/1","provider":"acme","product":"shop","codes":[{codes}]}}"#
    )
}

/// The faults of `text`, without the file's name.
fn faults(text: &str) -> Vec<String> {
    check("mine", text.as_bytes())
        .into_iter()
        .map(|fault| fault.strip_prefix("mine: ").unwrap().to_owned())
        .collect()
}

/// The faults of an entry `X` with `fields` besides its code.
fn entry_faults(fields: &str) -> Vec<String> {
    let place = "entry 1 ('X'): ";
    faults(&acme(&format!(r#"{{"code":"X",{fields}}}"#)))
        .into_iter()
        .map(|fault| fault.strip_prefix(place).unwrap().to_owned())
        .collect()
}

fn empty_with(files: &[(&str, &str)]) -> Catalog {
    files
        .iter()
        .fold(Catalog::without_builtin(), |catalog, (name, text)| {
            catalog.with_text(name, text.as_bytes()).unwrap()
        })
}

fn providers_of<'a>(catalog: &'a Catalog, code: &str) -> Vec<&'a str> {
    catalog
        .find(code)
        .iter()
        .map(|id| catalog.entry(*id).provider.as_str())
        .collect()
}

#[test]
fn an_entry_needs_nothing_but_its_code() {
    let nulls = r#"{"code":"Y","http_status":null,"message":null,"meaning":null,"remediation":null,
        "category":null,"retryable":null,"examples":null}"#;

    let catalog = empty_with(&[("mine.json", &acme(&format!(r#"{{"code":"X"}},{nulls}"#)))]);

    let bare = |code: &str| Entry {
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

    let text = |en: &str, zh: &str| Text {
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

#[test]
fn a_later_file_replaces_an_entry_in_its_place() {
    let first = acme(r#"{"code":"X","http_status":400},{"code":"Y"}"#);
    let second = acme(r#"{"code":"Z"},{"code":"X","http_status":500}"#);

    let catalog = empty_with(&[("a.json", &first), ("b.json", &second)]);

    let codes: Vec<_> = catalog
        .entries()
        .iter()
        .map(|entry| (entry.code.as_str(), entry.http_status))
        .collect();
    assert_eq!(codes, [("X", Some(500)), ("Y", None), ("Z", None)]);
    assert_eq!(
        catalog.notes(),
        ["b.json: entry 2 ('X') replaces the one of a.json"]
    );
}

#[test]
fn a_built_in_entry_can_be_replaced() {
    let file = r#"{"schema":"errsift.catalog/1","provider":"huaweicloud","product":"mine",
        "codes":[{"code":"A"},{"code":"B"},{"code":"APIG.1002"}]}"#;
    let builtin = Catalog::builtin().unwrap();
    let id = builtin.find("APIG.1002")[0];

    let catalog = builtin
        .clone()
        .with_text("mine.json", file.as_bytes())
        .unwrap();

    assert_eq!(
        catalog.notes(),
        ["mine.json: entry 3 ('APIG.1002') replaces the built-in one"]
    );
    assert_eq!(catalog.find("APIG.1002"), [id]);
    assert_eq!(catalog.entry(id).product.as_deref(), Some("mine"));
    assert_ne!(catalog.id(), builtin.id());
    assert_eq!(catalog.id().codes, builtin.id().codes + 2);
}

#[test]
fn many_replacements_are_one_note() {
    let file = acme(r#"{"code":"A"},{"code":"B"},{"code":"C"},{"code":"D"},{"code":"E"}"#);

    let catalog = empty_with(&[("a.json", &file), ("b.json", &file)]);

    assert_eq!(
        catalog.notes(),
        [
            "b.json: entry 1 ('A') replaces the one of a.json, entry 2 ('B') replaces the one of a.json, \
          entry 3 ('C') replaces the one of a.json, and 2 more"
        ]
    );
}

#[test]
fn providers_may_share_a_code_and_are_found_in_their_order() {
    let other = acme(r#"{"code":"X"}"#).replace("acme", "aaa");

    let catalog = empty_with(&[
        ("a.json", &acme(r#"{"code":"X"}"#)),
        ("b.json", &other),
        ("c.txt", "X\nY"),
    ]);

    assert_eq!(providers_of(&catalog, "X"), ["aaa", "acme"]);
    assert_eq!(providers_of(&catalog, "Y"), ["user"]);
    assert_eq!(providers_of(&catalog, "Z"), [""; 0]);
    assert_eq!(catalog.notes(), [""; 0]);
}

#[test]
fn the_fingerprint_does_not_depend_on_the_order_of_files() {
    let (a, b) = (
        acme(r#"{"code":"X"},{"code":"Y"}"#),
        acme(r#"{"code":"Z"}"#),
    );

    let one = empty_with(&[("a", &a), ("b", &b)]);
    let other = empty_with(&[("b", &b), ("a", &a)]);

    assert_ne!(one.entries(), other.entries());
    assert_eq!(one.id(), other.id());
    assert_ne!(one.id(), empty_with(&[("a", &a)]).id());
}

#[test]
fn a_list_is_trimmed_and_comments_are_skipped() {
    let catalog = empty_with(&[(
        "codes.txt",
        "\u{feff}# mine\r\n\r\n  ORA-00942\t\r\nE 1\n#X\nlast",
    )]);

    let user = |code: &str| Entry {
        code: code.into(),
        provider: "user".into(),
        ..Entry::default()
    };
    assert_eq!(
        catalog.entries(),
        [user("ORA-00942"), user("E 1"), user("last")]
    );
    assert_eq!(catalog.notes(), [""; 0]);
}

#[test]
fn known_codes_of_a_list_keep_their_entries() {
    let builtin = Catalog::builtin().unwrap();
    let codes = ["APIG.1002", "404", "InternalError"].map(String::from);

    let catalog = builtin
        .clone()
        .with_list("codes.txt", codes.into_iter())
        .unwrap();

    assert_eq!(catalog.entries(), builtin.entries());
    assert_eq!(
        catalog.notes(),
        ["codes.txt: line 2 ('404') is an HTTP status, not matched as a code"]
    );
}

#[test]
fn a_code_that_a_list_repeats_is_there_once() {
    let once_more = empty_with(&[("codes.txt", "# mine\nX\nY\nX\n")]);
    let often = empty_with(&[("codes.txt", &"X\n".repeat(40))]);

    assert_eq!(once_more.entries().len(), 2);
    assert_eq!(
        once_more.notes(),
        ["codes.txt: line 4 repeats 'X' (line 2)"]
    );
    assert_eq!(often.entries().len(), 1);
    assert_eq!(
        often.notes(),
        [
            "codes.txt: line 2 repeats 'X' (line 1), line 3 repeats 'X' (line 1), \
          line 4 repeats 'X' (line 1), and 36 more"
        ]
    );
}

#[test]
fn every_fault_of_a_list_is_named() {
    assert_eq!(
        check("codes.txt", b"X\na\xFFb\nc\td\n\xFE"),
        [
            "codes.txt: line 2: invalid UTF-8 at byte 2, expected UTF-8",
            r"codes.txt: line 3 ('c\u{9}d'): code holds the control character U+0009, expected none",
            "codes.txt: line 4: invalid UTF-8 at byte 1, expected UTF-8",
        ]
    );
}

#[test]
fn a_file_without_codes_is_noted() {
    let catalog = empty_with(&[
        ("a.txt", ""),
        ("b.txt", "# nothing\n"),
        ("c.json", &acme("")),
    ]);

    assert_eq!(
        catalog.notes(),
        ["a.txt: no codes", "b.txt: no codes", "c.json: no codes"]
    );
}

#[test]
fn a_hundred_thousand_codes_are_taken() {
    let codes = (0..100_000).map(|number| format!("E.{number:06}"));

    let catalog = Catalog::builtin()
        .unwrap()
        .with_list("codes.txt", codes)
        .unwrap();

    assert_eq!(catalog.entry(catalog.find("E.099999")[0]).code, "E.099999");
    let family = catalog
        .families()
        .iter()
        .find(|family| family.name == "E")
        .unwrap();
    assert_eq!(
        (family.numeric, family.named, family.listed),
        (true, false, false)
    );
}

#[test]
fn codes_of_the_status_table_form_no_families() {
    let file = acme(r#"{"code":"404"},{"code":"4.5"}"#).replace("acme", "http");

    let catalog = empty_with(&[("http.json", &file)]);

    let statuses: Vec<_> = catalog
        .entries()
        .iter()
        .map(Entry::is_http_status)
        .collect();
    assert_eq!(statuses, [true, false]);
    assert_eq!(catalog.families().len(), 1);
}

#[test]
fn a_user_can_bring_a_provider_s_rules() {
    let rules = r#"{"schema":"errsift.provider/1","provider":"acme","title":{"en":"Acme","zh":"艾克米"},
        "keys":["fault"],"evidence":[{"text":"acme.example"}],"extra":1}"#;

    let catalog = empty_with(&[("provider.json", rules), ("again.json", rules)]);

    let added = catalog
        .providers()
        .iter()
        .find(|rules| rules.provider == "acme")
        .unwrap();
    assert_eq!(added.keys, ["fault"]);
    assert_eq!(added.evidence, [Evidence::Text("acme.example".into())]);
    assert_eq!(
        catalog.provider_title("acme"),
        Some(&Text {
            en: "Acme".into(),
            zh: "艾克米".into()
        })
    );
    assert!(
        catalog
            .providers()
            .is_sorted_by_key(|rules| &rules.provider)
    );
    assert_eq!(
        catalog.notes(),
        [
            "provider.json: unknown field 'extra', ignored",
            "again.json: unknown field 'extra', ignored"
        ]
    );
}

#[test]
fn faults_of_a_provider_s_rules_are_named() {
    let rules = |provider: &str, more: &str| {
        format!(
            r#"{{"schema":"errsift.provider/1","provider":"{provider}","title":{{"en":"A","zh":"甲"}}{more}}}"#
        )
    };

    assert_eq!(
        faults(&rules("A", "")),
        ["provider 'A', expected lower-case letters, digits, '-' and '_', a letter or digit first"]
    );
    assert_eq!(
        faults(&rules("a", r#","keys":[""]"#)),
        ["keys holds an empty text, expected none"]
    );
    assert_eq!(
        faults(r#"{"schema":"errsift.provider/1","provider":"a"}"#),
        ["missing field `title`, expected the rules of a provider"]
    );
}

#[test]
fn replaced_rules_are_noted() {
    let rules =
        r#"{"schema":"errsift.provider/1","provider":"other","title":{"en":"A","zh":"甲"}}"#;

    let catalog = empty_with(&[("mine.json", rules)]);

    assert_eq!(
        catalog.notes(),
        ["mine.json: replaces the rules of provider 'other'"]
    );
    assert_eq!(
        catalog.providers().len(),
        Catalog::without_builtin().providers().len()
    );
}

#[test]
fn a_folder_is_taken_in_by_path_with_lists_last() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("sub")).unwrap();
    fs::write(path("a.txt"), "X\nY").unwrap();
    fs::write(path("sub/m.json"), acme(r#"{"code":"X"}"#)).unwrap();
    fs::write(path("README.md"), "not a catalogue").unwrap();

    let catalog = Catalog::without_builtin().with_file(folder.path()).unwrap();

    assert_eq!(providers_of(&catalog, "X"), ["acme"]);
    assert_eq!(providers_of(&catalog, "Y"), ["user"]);
    assert_eq!(catalog.entries().len(), 2);
}

#[test]
fn all_files_of_a_folder_tell_their_faults() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.txt"), folder.path().join("b.json"));
    fs::write(&a, b"\xFF").unwrap();
    fs::write(&b, acme("1")).unwrap();

    let Err(Error::Catalog { faults }) = Catalog::without_builtin().with_file(folder.path()) else {
        panic!("expected faults");
    };

    assert_eq!(
        faults,
        [
            format!(
                "{}: line 1: invalid UTF-8 at byte 1, expected UTF-8",
                a.display()
            ),
            format!("{}: entry 1: a number, expected an object", b.display()),
        ]
    );
}

#[test]
fn a_folder_without_catalogues_and_a_missing_file_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.json");

    let empty = Catalog::without_builtin()
        .with_file(folder.path())
        .unwrap_err()
        .to_string();
    let absent = Catalog::without_builtin()
        .with_file(&missing)
        .unwrap_err()
        .to_string();

    assert_eq!(
        empty,
        format!(
            "{}: no *.json or *.txt below, expected at least one",
            folder.path().display()
        )
    );
    assert_eq!(absent, format!("{}: cannot be opened", missing.display()));
}

#[cfg(unix)]
#[test]
fn a_file_that_a_folder_also_links_to_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("..data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("mine.json"), acme(r#"{"code":"X"}"#)).unwrap();
    std::os::unix::fs::symlink(data.join("mine.json"), folder.path().join("mine.json")).unwrap();

    let catalog = Catalog::without_builtin().with_file(folder.path()).unwrap();

    assert_eq!(catalog.entries().len(), 1);
    assert_eq!(catalog.notes(), [""; 0]);
}
