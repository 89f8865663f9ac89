//! What `errsift report` makes of results that were made in different ways.

use errsift::tally::result::ScanResult;

use crate::support::Folder;

/// A confirmed and an unconfirmed match of one code.
const LOG: &str = "\"Code\":\"InternalError\"\nInternalError in passing\n";

fn reported(folder: &Folder, args: &[&str]) -> ScanResult {
    folder
        .run(&[&["report", "-f", "json"], args].concat())
        .result()
}

fn matches(result: &ScanResult) -> (u64, u64) {
    (result.totals.matches, result.totals.unconfirmed)
}

#[test]
fn strict_and_other_results_keep_their_confirmed_matches_in_any_order() {
    let folder = Folder::new();
    for name in ["c", "d", "e"] {
        folder.write(&format!("{name}.log"), format!("{LOG}{name}\n"));
    }
    folder.run(&["scan", "--strict", "-o", "c.json", "c.log"]);
    folder.run(&["scan", "-o", "d.json", "d.log"]);
    folder.run(&["scan", "--strict", "-o", "e.json", "e.log"]);
    folder.run(&["report", "c.json", "d.json", "-o", "cd.json"]);
    folder.run(&["report", "c.json", "e.json", "-o", "ce.json"]);

    for results in [
        &["c.json", "d.json", "e.json"][..],
        &["d.json", "e.json", "c.json"],
        &["cd.json", "e.json"],
        &["d.json", "ce.json"],
    ] {
        let merged = reported(&folder, results);
        let strict = reported(&folder, &[results, &["--strict"]].concat());

        assert_eq!(matches(&merged), (4, 3), "{results:?}");
        assert_eq!(merged.codes[0].unconfirmed, 1, "{results:?}");
        assert_eq!(matches(&strict), (3, 3), "{results:?}");
    }
    let ended = folder.run(&["report", "cd.json"]);
    let headline = "3 matches (1 unconfirmed, 1 unconfirmed left out) of 1 distinct code";
    assert!(ended.out.starts_with(headline), "{ended:?}");
}

#[test]
fn a_state_that_was_strict_for_a_while_keeps_its_confirmed_matches() {
    for [first, second] in [
        [&["--strict"][..], &["--exit-zero"]],
        [&["--exit-zero"], &["--strict"]],
    ] {
        let folder = Folder::new();
        folder.write("c.log", LOG);
        let scan = |options: &[&str]| {
            let args = [&["scan", "--state", "app.state", "c.log"], options].concat();
            assert_eq!(folder.run(&args).status, Some(0));
        };
        scan(first);
        folder.write("c.log", LOG.repeat(2));
        scan(second);

        assert_eq!(matches(&reported(&folder, &["app.state"])), (3, 2));
        let strict = reported(&folder, &["app.state", "--strict"]);
        assert_eq!(matches(&strict), (2, 2));
    }
}
