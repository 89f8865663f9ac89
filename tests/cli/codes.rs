//! `errsift codes`.

use errsift::catalog::Entry;

use crate::scan::CATALOG;
use crate::support::{Folder, pipe, run};

fn listed(options: &[&str]) -> Vec<Entry> {
    let args = [&["codes", "list", "-f", "json"], options].concat();
    let ended = run(&args);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    serde_json::from_str(&ended.out).unwrap()
}

#[test]
fn every_entry_is_listed_with_provider_and_product() {
    let entries = listed(&[]);

    assert_eq!(entries.len(), 578);
    assert!(
        entries
            .iter()
            .all(|entry| !entry.provider.is_empty() && entry.product.is_some())
    );
}

#[test]
fn filters_choose_entries() {
    let all = |options: &[&str], is_meant: &dyn Fn(&Entry) -> bool| {
        let entries = listed(options);
        assert!(!entries.is_empty(), "{options:?}");
        assert!(entries.iter().all(is_meant), "{options:?}");
    };

    all(&["--provider", "alibabacloud"], &|entry| {
        entry.provider == "alibabacloud"
    });
    all(&["--product", "organizations"], &|entry| {
        entry.product.as_deref() == Some("organizations")
    });
    all(&["--category", "throttling"], &|entry| {
        entry
            .category
            .is_some_and(|category| category.name() == "throttling")
    });
    all(&["--status", "5xx"], &|entry| {
        entry.http_status.is_some_and(|status| status / 100 == 5)
    });
    all(&["--code", "APIC.*"], &|entry| {
        entry.code.starts_with("APIC.")
    });
    assert_eq!(listed(&["--provider", "http"]).len(), 41);
}

#[test]
fn a_table_and_csv_have_a_line_for_each_entry() {
    let table = run(&["codes", "list", "--code", "Organizations.100?"]);
    let csv = run(&[
        "codes",
        "list",
        "--code",
        "Organizations.1003",
        "-f",
        "csv",
        "--lang",
        "zh",
    ]);

    assert!(table.out.starts_with("Code"), "{table:?}");
    assert!(
        table
            .out
            .contains("Organizations.1003     409  huaweicloud  conflict"),
        "{table:?}"
    );
    assert!(
        csv.out.starts_with("code,provider,product,http_status,"),
        "{csv:?}"
    );
    assert!(
        csv.out
            .contains("Organizations.1003,huaweicloud,organizations,409,conflict,true,"),
        "{csv:?}"
    );
    assert!(csv.out.contains("另一项修改"), "{csv:?}");
}

#[test]
fn an_empty_choice_is_said() {
    let ended = run(&["codes", "list", "-f", "json", "--code", "Zebra*"]);

    assert_eq!((ended.status, ended.out.as_str()), (Some(0), "[]\n"));
    assert_eq!(ended.err, "errsift: note: no entry is like that\n");
}

#[test]
fn a_sound_file_has_no_faults() {
    let folder = Folder::new();
    folder.write("ours.json", CATALOG);

    let ended = folder.run(&["codes", "check", "ours.json"]);

    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (Some(0), "ours.json: 1 code, no faults\n", "")
    );
}

#[test]
fn what_would_be_replaced_is_named() {
    let folder = Folder::new();
    let replacing = CATALOG
        .replace("\"mine\"", "\"huaweicloud\"")
        .replace("MINE.1", "APIG.1002");
    folder.write("ours.json", replacing);

    let ended = folder.run(&["codes", "check", "ours.json"]);

    assert_eq!(
        ended.out,
        "ours.json: 1 code, no faults\n\
         ours.json: 'APIG.1002' replaces the built-in entry of huaweicloud\n"
    );
}

#[test]
fn every_fault_of_every_file_is_named() {
    let folder = Folder::new();
    folder.write(
        "ours.json",
        CATALOG
            .replace("409", "\"x\"")
            .replace("\"conflict\"", "\"cold\""),
    );
    folder.write("list.txt", "A.1\nB\x01C\n");

    let ended = folder.run(&["codes", "check", "ours.json", "none.json", "list.txt"]);

    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.out, "");
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(lines.len(), 4, "{ended:?}");
    assert!(
        lines[0].starts_with("errsift: ours.json: entry 1 ('MINE.1'): "),
        "{ended:?}"
    );
    assert!(
        lines[2].starts_with("errsift: none.json: cannot be opened: "),
        "{ended:?}"
    );
    assert!(
        lines[3].starts_with("errsift: list.txt: line 2 ('B\\u{1}C'): "),
        "{ended:?}"
    );
}

#[test]
fn a_list_on_standard_input_is_checked() {
    let ended = pipe(&["codes", "check", "-"], "A.1\nB.2\n");

    assert_eq!(ended.out, "standard input: 2 codes, no faults\n");
}

#[test]
fn all_built_in_examples_are_found() {
    let ended = run(&["codes", "test"]);

    assert_eq!(
        (ended.status, ended.err.as_str()),
        (Some(0), ""),
        "{}",
        ended.out
    );
    assert!(
        ended.out.ends_with(" examples of 578 codes: all found\n"),
        "{}",
        ended.out
    );
}

#[test]
fn an_example_without_its_code_is_shown() {
    let folder = Folder::new();
    folder.write(
        "ours.json",
        CATALOG.replace("error_code=MINE.1", "error_code=MINE.17"),
    );

    let ended = folder.run(&["codes", "test", "--no-builtin", "--catalog", "ours.json"]);

    assert_eq!(ended.status, Some(2));
    assert_eq!(
        ended.out,
        "MINE.1 of mine: not found: error_code=MINE.17\n1 example of 1 code: 1 not found\n"
    );
}
