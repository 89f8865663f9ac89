//! What `errsift report` makes of results that were made in different ways.

use errsift::tally::result::ScanResult;

use crate::support::Folder;

fn has_note(result: &ScanResult, note: &str) -> bool {
    result.notes.iter().any(|it| it == note)
}

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

#[test]
fn what_a_result_saved_with_top_does_not_list_stays_in_the_totals() {
    let folder = Folder::new();
    folder.write(
        "app.log",
        "APIG.1001 InternalError\nAPIG.1001 APIG.1002 APIG.3999\nAPIG.1001 APIG.8888 APIG.8888\n",
    );
    folder.write("b.log", "APIG.1005\n");
    folder.run(&["scan", "--top", "1", "-o", "a.json", "app.log"]);
    folder.run(&["scan", "-o", "b.json", "b.log"]);
    let whole = folder.run(&["scan", "-f", "json", "app.log"]).result();
    let both = folder
        .run(&["scan", "-f", "json", "app.log", "b.log"])
        .result();
    let note = |counted| {
        format!(
            "a saved result lists only some of its codes (--top): 2 matches of known codes and 1 of unknown ones \
             are in no row, {counted}"
        )
    };
    let kept = "counted in the totals alone; of several merged results, codes that are listed may have some of them";
    let lost = "not counted here, since it is not known which codes these are";

    let alone = reported(&folder, &["a.json"]);
    let merged = reported(&folder, &["a.json", "b.json"]);
    folder.run(&["report", "a.json", "b.json", "-o", "ab.json"]);
    let filtered = reported(&folder, &["ab.json", "--code", "APIG.*"]);

    assert_eq!((alone.totals, alone.codes.len()), (whole.totals, 1));
    assert_eq!((merged.totals, merged.codes.len()), (both.totals, 2));
    for result in [&alone, &merged] {
        assert!(has_note(result, &note(kept)), "{:?}", result.notes);
    }
    assert_eq!((filtered.totals.matches, filtered.totals.unknown), (4, 2));
    assert_eq!(filtered.totals.matched_lines, 4);
    assert!(has_note(&filtered, &note(lost)), "{:?}", filtered.notes);
    assert!(!has_note(&filtered, &note(kept)), "{:?}", filtered.notes);
    let before = |note: &errsift::wording::Note| {
        note.starts_with("unconfirmed matches that were left out before")
    };
    assert!(!filtered.notes.iter().any(before), "{:?}", filtered.notes);
    let ended = folder.run(&["report", "a.json"]);
    let headline = "5 matches (1 unconfirmed) of at least 1 distinct code in 3 of 3 lines";
    assert!(ended.out.starts_with(headline), "{ended:?}");
    assert!(!ended.out.contains("Left out by --top"), "{ended:?}");
    let grouped = folder.run(&["report", "a.json", "--by", "provider", "-f", "csv"]);
    assert!(
        grouped.out.contains("huaweicloud,1,3,0,60.0,"),
        "{grouped:?}"
    );
}

#[test]
fn codes_that_a_result_does_not_list_may_be_neither_new_nor_gone() {
    let folder = Folder::new();
    folder.write("app.log", "APIG.1001 APIG.1001 APIG.1002\n");
    folder.run(&["scan", "--top", "1", "-o", "top.json", "app.log"]);
    folder.run(&["scan", "-o", "all.json", "app.log"]);
    let notes = |result: &str, baseline: &str| {
        let result = reported(
            &folder,
            &[result, "--baseline", baseline, "--code", "APIG.*"],
        );
        result.baseline.expect("it was asked for").notes
    };

    let looks = |name, looks| {
        format!(
            "the {name} lists only some of its codes (--top), so a code that looks {looks} may not be"
        )
    };
    assert_eq!(notes("all.json", "top.json"), [looks("baseline", "new")]);
    assert_eq!(notes("top.json", "all.json"), [looks("result", "gone")]);
}

/// A folder with the results of `width.log` counted in buckets of each of these widths.
fn bucketed(widths: &[&str]) -> Folder {
    let folder = Folder::new();
    for width in widths {
        let text =
            format!("2026-11-22T10:59:00Z APIG.1001 {width}\n2026-11-22T11:01:00Z APIG.1001\n");
        let (log, result) = (format!("{width}.log"), format!("{width}.json"));
        folder.write(&log, text);
        folder.run(&["scan", "--bucket", width, &log, "-o", &result]);
    }
    folder
}

#[test]
fn buckets_of_two_widths_are_brought_to_one_that_holds_whole_ones() {
    let folder = bucketed(&["7m", "1h", "30m"]);
    folder.run(&["report", "7m.json", "1h.json", "-o", "both.json"]);

    for results in [
        ["7m.json", "1h.json", "30m.json"],
        ["30m.json", "7m.json", "1h.json"],
        ["both.json", "30m.json", ""],
    ] {
        let results: Vec<&str> = results.into_iter().filter(|it| !it.is_empty()).collect();
        let merged = reported(&folder, &results);
        assert_eq!(merged.bucket_seconds, Some(7 * 3600), "{results:?}");
        let bucket = |start: &str, count| (start.to_owned(), count);
        assert_eq!(merged.codes[0].buckets, [bucket("2026-11-22T05:00:00Z", 6)]);
    }
}

#[test]
fn buckets_that_only_much_wider_ones_have_in_common_are_refused() {
    let folder = bucketed(&["7m", "11m", "13m", "17m"]);

    let within = reported(&folder, &["7m.json", "11m.json", "13m.json"]);
    let beyond = folder.run(&["report", "17m.json", "7m.json", "11m.json", "13m.json"]);

    assert_eq!(within.bucket_seconds, Some(7 * 11 * 13 * 60));
    assert_eq!(
        beyond.complaint(),
        (
            Some(2),
            "errsift: 7m.json: holds buckets of 420 s, and those of 17m.json are of 1020 s: no buckets of up to a day \
             hold whole ones of all results, expected widths that divide each other; save them anew with the same \
             --bucket"
        )
    );
}

#[test]
fn matches_counted_without_buckets_are_noted_beside_those_with() {
    let folder = bucketed(&["1h"]);
    folder.write("a.log", "2026-11-22T10:59:00Z APIG.1001\n");
    folder.write("none.log", "2026-11-22T10:59:00Z nothing\n");
    for name in ["a", "none"] {
        let (log, result) = (format!("{name}.log"), format!("{name}.json"));
        folder.run(&["scan", &log, "-o", &result]);
    }
    let note = "some of the matches were counted without --bucket, so they are in no bucket whether they have a time or not";

    for results in [["a.json", "1h.json"], ["1h.json", "a.json"]] {
        assert_eq!(reported(&folder, &results).notes, [note]);
    }
    assert_eq!(reported(&folder, &["1h.json", "none.json"]).notes, [""; 0]);
}

#[test]
fn matches_of_an_input_are_those_before_any_filter() {
    let folder = Folder::new();
    folder.write("app.log", format!("{LOG}APIG.1001\n"));
    folder.run(&["scan", "app.log", "-o", "app.json"]);
    for filter in [
        &["--strict"][..],
        &["--provider", "huaweicloud"],
        &["--status", "5xx"],
        &["--since", "2026-11-22T10:00:00Z"],
        &["--min-count", "2"],
    ] {
        let scanned = folder.run(&[&["scan", "app.log", "-f", "json"], filter].concat());
        let merged = reported(&folder, &[&["app.json"], filter].concat());
        assert_eq!(scanned.result().inputs, merged.inputs, "{filter:?}");
        assert_eq!(merged.inputs[0].matches, 3, "{filter:?}");
    }
}

#[test]
fn what_a_scan_leaves_out_by_min_count_is_not_said_to_be_saved() {
    let both = "error_code=APIG.1001 error_code=APIG.1002\n";
    let folder = Folder::new();
    folder.write("app.log", both.repeat(3) + "error_code=APIG.1005\n");

    let notes = folder
        .run(&["scan", "--min-count", "2", "-f", "json", "app.log"])
        .result()
        .notes;

    let shared = "which matches share a line is not kept: the lines that hold one are at least 3 and at most 4";
    let rare = "left out for fewer than 2 matches: 1 rows with 1 matches, 0 unknown codes";
    assert_eq!(notes, [rare, shared]);
}
