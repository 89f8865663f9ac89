//! Unknown codes under filters, in a scan and in a report on what it saved.

use errsift::tally::result::ScanResult;

use crate::support::Folder;

/// Codes of two vendors' families and of none, one of them twice and with a status.
const LOG: &str = "2026-11-22T10:00:00Z HTTP/1.1 404 \"error_code\":\"APIG.3999\"
2026-11-22T11:00:00Z \"error_code\":\"APIG.3999\" \"Code\":\"FailedOperation.Foo\"
2026-11-22T11:00:00Z \"Code\":\"ResourceBusy\"
";

fn saved() -> Folder {
    let folder = Folder::new();
    folder.write("app.log", LOG);
    folder.run(&["scan", "--discover", "app.log", "-o", "app.json"]);
    folder
}

type Unknown = Vec<(String, u64)>;

/// The unknown codes that a scan and a report let through `filter`.
fn both(folder: &Folder, filter: &[&str]) -> (Unknown, Unknown) {
    let unknown = |args: &[&str]| {
        let rows = folder.run(&[args, filter].concat()).result().unknown;
        rows.into_iter().map(|row| (row.code, row.count)).collect()
    };
    let scan = ["scan", "--discover", "app.log", "-f", "json"];
    (
        unknown(&scan),
        unknown(&["report", "app.json", "-f", "json"]),
    )
}

fn codes(rows: &[(&str, u64)]) -> Unknown {
    let rows = rows.iter();
    rows.map(|&(code, count)| (code.to_owned(), count))
        .collect()
}

#[test]
fn a_provider_takes_the_codes_of_its_families() {
    let folder = saved();
    let apig = codes(&[("APIG.3999", 2)]);
    let failed = codes(&[("FailedOperation.Foo", 1)]);
    for (provider, expected) in [
        ("huaweicloud", &apig),
        ("tencentcloud", &failed),
        ("alibabacloud", &codes(&[])),
    ] {
        let (scanned, reported) = both(&folder, &["--provider", provider]);
        assert_eq!((&scanned, &reported), (expected, expected), "{provider}");
    }
    let gate = ["--provider", "alibabacloud", "--fail-on", "unknown"];
    for args in [&["scan", "app.log"], &["report", "app.json"]] {
        let ended = folder.run(&[args, &gate[..]].concat());
        assert_ne!(ended.status, Some(3), "{ended:?}");
    }
}

#[test]
fn a_family_in_a_user_s_catalogue_is_of_its_provider() {
    let folder = saved();
    folder.write(
        "acme.json",
        "{\"schema\":\"errsift.catalog/1\",\"provider\":\"acme\",\"product\":\"gate\",\
          \"families\":[\"APIG.\"],\"codes\":[{\"code\":\"Acme.1\"}]}",
    );
    let filter = ["--catalog", "acme.json", "--provider", "acme"];
    let apig = codes(&[("APIG.3999", 2)]);

    assert_eq!(both(&folder, &filter), (apig.clone(), apig.clone()));
    let huawei = ["--catalog", "acme.json", "--provider", "huaweicloud"];
    assert_eq!(both(&folder, &huawei), (apig.clone(), apig));
}

#[test]
fn a_status_takes_only_what_a_line_states() {
    let folder = saved();
    let (scanned, reported) = both(&folder, &["--status", "404"]);

    assert_eq!(scanned, codes(&[("APIG.3999", 1)]));
    assert_eq!(reported, codes(&[]));
    let result = folder.run(&["report", "app.json", "-f", "json", "--status", "404"]);
    let note = "saved results keep no statuses of unknown codes: none of these passes --status";
    assert_eq!(result.result().notes, [note]);
    assert_eq!(
        both(&folder, &["--status", "500"]),
        (codes(&[]), codes(&[]))
    );
}

#[test]
fn what_is_not_known_of_their_times_is_noted() {
    let folder = saved();
    let since = ["--since", "2026-11-22T12:00:00Z"];
    let (scanned, reported) = both(&folder, &since);

    assert_eq!((scanned.len(), reported.len()), (0, 3));
    let gate = [&["report", "app.json", "--fail-on", "unknown"], &since[..]].concat();
    let ended = folder.run(&gate);
    assert_eq!(ended.status, Some(3));
    let note = "saved results keep no times of unknown codes: 3 listed and counted";
    assert!(ended.out.contains(note), "{ended:?}");
}

/// Codes like unknown ones are named for the first few of each result.
fn without_near(mut result: ScanResult) -> ScanResult {
    result.unknown.iter_mut().for_each(|row| row.near.clear());
    result
}

#[test]
fn of_too_many_the_first_are_told_apart_however_they_are_read() {
    let folder = Folder::new();
    for (name, codes) in [("a.log", 0..70_000), ("b.log", 50_000..120_000)] {
        let line = |code| format!("APIG.9{code:06}\n");
        folder.write(name, codes.rev().map(line).collect::<String>());
    }
    let scanned = |args: &[&str]| {
        let scan = ["scan", "--samples", "0", "-f", "json"];
        without_near(folder.run(&[&scan, args].concat()).result())
    };
    for name in ["a", "b"] {
        let (log, json) = (format!("{name}.log"), format!("{name}.json"));
        folder.run(&["scan", "--samples", "0", "-o", &json, &log]);
    }

    let whole = scanned(&["-j", "1", "a.log", "b.log"]);
    let reported = |results: [&str; 2]| {
        let report = ["report", "-f", "json"];
        without_near(folder.run(&[&report[..], &results].concat()).result())
    };

    let (told, other): (Vec<_>, Vec<_>) =
        (whole.unknown.iter()).partition(|row| row.code != "__other__");
    assert_eq!(told.len(), 100_000);
    assert_eq!(
        told.iter().map(|row| &*row.code).max(),
        Some("APIG.9099999")
    );
    assert_eq!(other[0].count, 20_000);
    assert_eq!(whole.totals.unknown, 140_000);
    assert_eq!(
        whole.notes,
        [
            "more than 100000 distinct unknown codes: those beyond are counted as __other__",
            "similar known codes are suggested for the 200 most frequent unknown codes of a scan alone; \
             'errsift explain CODE' suggests them for any",
        ]
    );
    assert_eq!(scanned(&["-j", "2", "a.log", "b.log"]), whole);
    assert_eq!(reported(["a.json", "b.json"]), whole);
    assert_eq!(reported(["b.json", "a.json"]), whole);
    let state = ["--state", "app.state", "a.log", "b.log"];
    assert_eq!(scanned(&state).unknown, whole.unknown);
    let stored = folder.run(&["report", "-f", "json", "app.state"]).result();
    assert_eq!(without_near(stored).unknown, whole.unknown);
}
