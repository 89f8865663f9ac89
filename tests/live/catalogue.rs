//! Another catalogue for a tail that runs.

use crate::process::{Tail, counts};
use crate::support::Folder;

#[test]
fn a_hangup_swaps_the_catalogue_and_keeps_what_was_counted() {
    let folder = Folder::new();
    folder.write("codes.txt", "ORA-00942\n");
    let args = [
        "tail",
        "--catalog",
        "codes.txt",
        "-f",
        "ndjson",
        "-o",
        "r.json",
    ];
    let mut tail = Tail::start(&folder, &args);
    tail.write("ORA-00942 ORA-01017\n");
    assert!(tail.line().contains("ORA-00942"));

    folder.write("codes.txt", "ORA-01017\n");
    tail.send("HUP");
    let told = tail.err_line();
    assert!(
        told.starts_with("errsift: note: the catalogue was loaded again: "),
        "{told}"
    );
    tail.write("ORA-00942 ORA-01017\n");
    assert!(tail.line().contains("ORA-01017"));

    folder.write("codes.txt", "wrong \u{7}code\n");
    tail.send("HUP");
    let told = [tail.err_line(), tail.err_line()];
    assert!(told[0].starts_with("errsift: codes.txt: "), "{told:?}");
    assert_eq!(
        told[1],
        "errsift: the catalogue was not loaded again: the old one stays in use\n"
    );
    tail.write("ORA-01017\n");
    assert!(tail.line().contains("\"line\":3,\"code\":\"ORA-01017\""));

    assert_eq!(tail.end().status, Some(0));
    let result = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(counts(&result), [("ORA-01017", 2, 2), ("ORA-00942", 1, 1)]);
    assert_eq!((result.totals.lines, result.totals.matched_lines), (3, 3));
    assert_eq!(
        result.notes,
        ["counted with more than one catalogue: texts are those of the last"]
    );
}

#[test]
fn a_line_that_is_open_while_the_catalogue_is_swapped_goes_on() {
    let folder = Folder::new();
    folder.write("codes.txt", "ORA-00942\n");
    let args = ["tail", "--catalog", "codes.txt", "--all", "-o", "r.json"];
    let mut tail = Tail::start(&folder, &args);
    tail.write("ORA-00942 ");
    assert_eq!(tail.bytes(10), "ORA-00942 ");

    folder.write("codes.txt", "ORA-01017\n");
    tail.send("HUP");
    assert!(tail.err_line().contains("loaded again"));
    tail.write("ORA-01017\n");

    assert_eq!(tail.end().status, Some(0));
    let result = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(counts(&result), [("ORA-00942", 1, 1), ("ORA-01017", 1, 1)]);
    assert_eq!(result.totals.lines, 1);
}

#[test]
fn the_textfile_tells_unknown_codes_by_the_families_of_the_new_catalogue() {
    let folder = Folder::new();
    folder.write("codes.txt", "Zed.1001\n");
    let args = [
        "tail",
        "--catalog",
        "codes.txt",
        "-f",
        "ndjson",
        "--textfile",
        "errsift.prom",
    ];
    let mut tail = Tail::start(&folder, &args);
    tail.write("Zed.1001\n");
    assert!(tail.line().contains("Zed.1001"));

    folder.write("codes.txt", "Zed.1001\nZoo.1001\n");
    tail.send("HUP");
    assert!(tail.err_line().contains("loaded again"));
    tail.write("Zoo.2000\n");
    tail.end();

    let text = folder.read("errsift.prom");
    let sample = "errsift_unknown_codes_total{family=\"Zoo\"} 1\n";
    assert!(text.contains(sample), "{text}");
}
