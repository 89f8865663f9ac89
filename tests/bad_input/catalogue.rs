//! Catalogues with faults: each is told to the letter, and nothing is half-loaded.

use std::fmt::Write;

use crate::counts;
use crate::support::{Folder, LINE};

const CATEGORIES: &str = "authentication, permission, quota, throttling, not_found, conflict, \
     invalid_request, billing, dependency, unavailable, internal, deprecated, informational, \
     success, redirection";

/// A catalogue of the provider `own` with these entries.
fn own(codes: &str) -> String {
    format!(r#"{{"schema":"errsift.catalog/1","provider":"own","product":"p","codes":[{codes}]}}"#)
}

#[test]
fn every_fault_is_told_to_the_letter() {
    let cases = [
        (
            String::from("{\"schema\":"),
            "not JSON (EOF while parsing a value at line 1 column 10), expected a catalogue object",
        ),
        (
            String::from("[{\"code\":\"A.1\"}]"),
            "a JSON array, expected a catalogue object or a plain list of codes",
        ),
        (
            own("").replace("/1", "/2"),
            "schema 'errsift.catalog/2', expected 'errsift.catalog/1'",
        ),
        (
            own("").replace("\"schema\"", "\"scheme\""),
            "schema is missing, expected 'errsift.catalog/1'",
        ),
        (
            own("").replace("[]", "{}"),
            "codes is an object, expected an array",
        ),
        (
            own(r#"{"code":"A.1001"},{"code":"B.1001"},{"code":"A.1001"}"#),
            "entry 3 ('A.1001'): duplicate of entry 1",
        ),
        (
            own(r#"{"code":""}"#),
            "entry 1 (''): code is empty, expected at least one character",
        ),
        (
            own(r#"{"http_status":400}"#),
            "entry 1: code is missing, expected a string",
        ),
        (
            own(r#"{"code":"A.1\nB.2"}"#),
            "entry 1 ('A.1\\u{a}B.2'): code holds the control character U+000A, expected none",
        ),
        (
            own(r#"{"code":"A.1001","http_status":99}"#),
            "entry 1 ('A.1001'): http_status 99, expected a number from 100 to 599 or null",
        ),
        (
            own(r#"{"code":"A.1001","meaning":{"en":"x","zh":" "}}"#),
            "entry 1 ('A.1001'): meaning.zh is empty, expected text",
        ),
        (
            String::from("A.1001\n\u{fffd}B\x07\n"),
            "line 2 ('\u{fffd}B\\u{7}'): code holds the control character U+0007, expected none",
        ),
    ];
    let folder = Folder::with_log();
    for (text, fault) in cases {
        folder.write("own.cat", &text);

        let ended = folder.run(&["scan", "--catalog", "own.cat", "app.log"]);

        let message = format!("errsift: own.cat: {fault}");
        assert_eq!(ended.complaint(), (Some(2), message.as_str()), "{text}");
    }
}

#[test]
fn all_faults_of_a_file_are_told() {
    let folder = Folder::with_log();
    let codes = r#"{"code":"A.1001","category":"odd","retryable":"no"},7"#;
    folder.write("own.json", own(codes).replace("\"own\"", "\"Own\""));

    let ended = folder.run(&["scan", "--catalog", "own.json", "app.log"]);

    let (status, faults) = ended.complaint();
    assert_eq!(status, Some(2));
    let expected = [
        "provider 'Own', expected lower-case letters, digits, '-' and '_', a letter or digit first",
        &format!("entry 1 ('A.1001'): unknown category 'odd', expected one of {CATEGORIES}"),
        "entry 1 ('A.1001'): retryable is a string, expected true, false or null",
        "entry 2: a number, expected an object",
    ]
    .map(|fault| format!("errsift: own.json: {fault}"));
    assert_eq!(faults.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn bytes_that_are_no_text_are_no_list() {
    let folder = Folder::with_log();
    folder.write("list.txt", b"A.1001\n\x00\xff\n");

    let ended = folder.run(&["scan", "--catalog", "list.txt", "app.log"]);

    assert_eq!(
        ended.complaint(),
        (
            Some(2),
            "errsift: list.txt: line 2: invalid UTF-8 at byte 2, expected UTF-8"
        )
    );
}

#[test]
fn a_fault_keeps_everything_from_being_loaded() {
    let folder = Folder::with_log();
    folder.write("cat/a.json", own(r#"{"code":"ORA-00942"}"#));
    folder.write("cat/b.json", "{");
    folder.write("good.txt", "ORA-00955\n");
    for verb in [
        &["scan", "app.log"][..],
        &["codes", "list"],
        &["explain", "ORA-00942"],
    ] {
        let mut args = verb.to_vec();
        args.extend(["--catalog", "good.txt", "--catalog", "cat"]);

        let ended = folder.run(&args);

        assert_eq!(
            ended.complaint(),
            (
                Some(2),
                "errsift: cat/b.json: not JSON (EOF while parsing an object at line 1 column 1), \
                 expected a catalogue object"
            )
        );
    }
}

#[test]
fn unknown_fields_are_noted_and_ignored() {
    let folder = Folder::new();
    let text = own(r#"{"code":"ORA-00942","severity":1}"#);
    folder.write(
        "own.json",
        text.replace("\"product\"", "\"colour\":1,\"product\""),
    );
    folder.write("app.log", "ORA-00942\n");

    let ended = folder.run(&["scan", "-f", "json", "--catalog", "own.json", "app.log"]);

    assert_eq!(ended.status, Some(0));
    assert_eq!(
        ended.err,
        "errsift: note: own.json: unknown field 'colour', ignored, \
         entry 1 ('ORA-00942'): unknown field 'severity', ignored\n"
    );
    assert_eq!(counts(&ended.result()), [("ORA-00942", 1, 1)]);
}

#[test]
fn an_empty_catalogue_is_noted() {
    let folder = Folder::with_log();
    folder.write("list.txt", "# nothing yet\n");

    let ended = folder.run(&["scan", "-f", "json", "--catalog", "list.txt", "app.log"]);

    assert_eq!(ended.status, Some(0));
    assert_eq!(ended.err, "errsift: note: list.txt: no codes\n");
}

#[test]
fn a_folder_without_catalogues_is_an_error() {
    let folder = Folder::with_log();
    folder.write("cat/readme.md", "");

    let ended = folder.run(&["scan", "--catalog", "cat", "app.log"]);

    assert_eq!(
        ended.complaint(),
        (
            Some(2),
            "errsift: cat: no *.json or *.txt below, expected at least one"
        )
    );
}

#[test]
fn forty_copies_of_a_code_are_once_in_a_list_and_a_fault_in_json() {
    let folder = Folder::new();
    folder.write("list.txt", "ORA-00942\n".repeat(40));
    folder.write("own.json", own(&[r#"{"code":"ORA-00942"}"#; 40].join(",")));
    folder.write("app.log", "ORA-00942 ORA-00942\n");

    let list = folder.run(&["scan", "-f", "json", "--catalog", "list.txt", "app.log"]);
    let json = folder.run(&["scan", "--catalog", "own.json", "app.log"]);

    assert_eq!(list.status, Some(0));
    assert_eq!(
        list.err,
        "errsift: note: list.txt: line 2 repeats 'ORA-00942' (line 1), \
         line 3 repeats 'ORA-00942' (line 1), line 4 repeats 'ORA-00942' (line 1), and 36 more\n"
    );
    assert_eq!(counts(&list.result()), [("ORA-00942", 2, 1)]);
    let (status, faults) = json.complaint();
    assert_eq!(status, Some(2));
    assert_eq!(faults.lines().count(), 39);
    assert_eq!(
        faults.lines().last(),
        Some("errsift: own.json: entry 40 ('ORA-00942'): duplicate of entry 1")
    );
}

#[test]
fn a_hundred_thousand_codes_load_and_match() {
    let folder = Folder::new();
    let mut list = String::new();
    for number in 0..100_000 {
        writeln!(list, "Big{:03}.{number:08}", number / 1000).unwrap();
    }
    folder.write("list.txt", list);
    folder.write(
        "app.log",
        format!("{LINE}Big000.00000000 Big099.00099999\nBig050.00050000x Big050.00050000\n"),
    );

    let ended = folder.run(&["scan", "-f", "json", "--catalog", "list.txt", "app.log"]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let result = ended.result();
    assert_eq!(result.catalog.codes, 100_578);
    assert_eq!(
        counts(&result),
        [
            ("APIG.1002", 1, 1),
            ("Big000.00000000", 1, 1),
            ("Big050.00050000", 1, 1),
            ("Big099.00099999", 1, 1),
        ]
    );
}

#[test]
fn json_is_told_by_its_name_or_its_beginning_and_never_taken_for_a_list() {
    let folder = Folder::with_log();
    let list = "; a plain list of codes has another name, such as codes.txt";
    let cases = [
        (
            "own.txt",
            "[{\"code\":\"X.1\"},",
            "EOF while parsing a value at line 1 column 16",
            "",
        ),
        ("own.txt", "[a\n", "expected value at line 1 column 2", ""),
        (
            "own.txt",
            "// ours\n{}",
            "expected value at line 1 column 1",
            list,
        ),
        (
            "own.json",
            "# ours\n{}",
            "expected value at line 1 column 1",
            list,
        ),
        (
            "own.json",
            "provider: own\n",
            "expected value at line 1 column 1",
            list,
        ),
        (
            "own.JSON",
            "",
            "EOF while parsing a value at line 1 column 0",
            list,
        ),
    ];
    for (name, text, problem, hint) in cases {
        folder.write(name, text);

        let ended = folder.run(&["scan", "--catalog", name, "app.log"]);

        let message =
            format!("errsift: {name}: not JSON ({problem}), expected a catalogue object{hint}");
        assert_eq!(ended.complaint(), (Some(2), message.as_str()), "{text}");
    }
    folder.write("own.json", "7");
    let ended = folder.run(&["scan", "--catalog", "own.json", "app.log"]);
    let message = "errsift: own.json: a number, expected a catalogue object";
    assert_eq!(ended.complaint(), (Some(2), message));
}

#[test]
fn a_key_that_stands_twice_is_named() {
    let folder = Folder::with_log();
    let twice = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    let cases = [
        twice("codes", &own("").replace("]}", "],\n\"codes\":[]}")),
        twice(
            "provider",
            &own("").replace("\"product\"", "\n\"provider\""),
        ),
        twice("code", &own("{\"code\":\"A.1\",\n\"code\":\"A.2\"}")),
        twice(
            "en",
            &own("{\"code\":\"A.1\",\"meaning\":{\"en\":\"x\",\n\"en\":\"y\",\"zh\":\"z\"}}"),
        ),
    ];
    for (key, text) in cases {
        folder.write("own.json", &text);

        let ended = folder.run(&["scan", "--catalog", "own.json", "app.log"]);

        let column = key.len() + 2;
        let message = format!(
            "errsift: own.json: the key '{key}' stands twice at line 2 column {column}, expected it once"
        );
        assert_eq!(ended.complaint(), (Some(2), message.as_str()), "{text}");
    }
}

#[test]
fn a_file_too_long_for_a_catalogue_is_refused() {
    let folder = Folder::with_log();
    let long = std::fs::File::create(folder.file("long.log")).unwrap();
    long.set_len((256 << 20) + 1).unwrap();
    for name in ["long.log", "/dev/zero"] {
        let ended = folder.run(&["scan", "--catalog", name, "app.log"]);

        let message = format!(
            "errsift: {name}: holds more than 256 MiB, expected a catalogue or a plain list of codes"
        );
        assert_eq!(ended.complaint(), (Some(2), message.as_str()));
    }
}
