//! Several files together: what replaces what, and folders of them.

use super::*;

#[test]
fn a_later_file_replaces_an_entry_in_its_place() {
    let first = acme(r#"{"code":"X","http_status":400},{"code":"Y"}"#);
    let second = acme(r#"{"code":"Z"},{"code":"X","http_status":500}"#);

    let catalog = empty_with(&[("a.json", &first), ("b.json", &second)]);

    let codes: Vec<_> = catalog
        .entries()
        .iter()
        .map(|entry| (&*entry.code, entry.http_status))
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
