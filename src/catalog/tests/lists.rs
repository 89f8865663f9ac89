//! Lists of codes.

use super::*;

#[test]
fn a_list_is_trimmed_and_comments_are_skipped() {
    let catalog = empty_with(&[(
        "codes.txt",
        "\u{feff}# mine\r\n\r\n  ORA-00942\t\r\nE 1\n#X\nlast",
    )]);

    let user = |code: &'static str| Entry {
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
