//! Saved results that are broken, foreign, or share an input.

use crate::counts;
use crate::support::Folder;

const EXPECTED: &str = "expected a result as 'errsift scan -f json' writes it";

/// A folder with the results `one.json` of `app.log` and `two.json` of it and another file.
fn results() -> Folder {
    let folder = Folder::with_log();
    folder.write("b.log", "APIG.1005\n");
    folder.run(&["scan", "app.log", "-o", "one.json"]);
    folder.run(&["scan", "app.log", "b.log", "-o", "two.json"]);
    folder
}

#[test]
fn what_is_no_whole_result_is_told_and_nothing_of_it_is_reported() {
    let folder = results();
    let whole = folder.read("one.json");
    let cases = [
        (
            whole[..300].to_owned(),
            String::from(
                "ends in the middle of a result (EOF while parsing a string at line 1 column 300), \
                 expected a whole file",
            ),
        ),
        (
            whole.replace("errsift.result/1", "errsift.result/2"),
            String::from(
                "schema 'errsift.result/2' is of another version of errsift, \
                 expected 'errsift.result/1'; read it with that version",
            ),
        ),
        (
            String::from("2026-11-22 APIG.1002\n"),
            format!(
                "not a result (invalid type: integer `2026`, expected an object at line 1 column 4), {EXPECTED}"
            ),
        ),
        (String::new(), format!("empty, {EXPECTED}")),
        (
            String::from("\x1f\u{fffd}"),
            format!("not JSON (expected value at line 1 column 1), {EXPECTED}"),
        ),
    ];
    for (text, problem) in cases {
        folder.write("bad.json", &text);

        let alone = folder.run(&["report", "bad.json"]);
        let ended = folder.run(&["report", "two.json", "bad.json", "-f", "json"]);

        let message = format!("errsift: bad.json: {problem}");
        assert_eq!(alone.complaint(), (Some(2), message.as_str()));
        assert_eq!(
            (ended.status, ended.err.trim_end()),
            (Some(2), message.as_str())
        );
        assert_eq!(counts(&ended.result()).len(), 2);
    }
}

#[test]
fn buckets_of_no_width_are_told() {
    let folder = Folder::with_log();
    folder.run(&["scan", "app.log", "--bucket", "1m", "-o", "one.json"]);
    let whole = folder.read("one.json");
    for width in ["0", "-60"] {
        let wide = format!("\"bucket_seconds\":{width}");
        folder.write("bad.json", whole.replace("\"bucket_seconds\":60", &wide));
        let message = format!(
            "errsift: bad.json: bucket_seconds {width}, expected a number of seconds from 1; \
             save it anew with --bucket"
        );
        for args in [
            &["report", "bad.json", "--bucket", "5m"][..],
            &["report", "bad.json"],
        ] {
            assert_eq!(folder.run(args).complaint(), (Some(2), message.as_str()));
        }
    }
}

#[test]
fn times_that_are_none_are_told() {
    let folder = Folder::with_log();
    folder.run(&["scan", "app.log", "--bucket", "1m", "-o", "one.json"]);
    let whole = folder.read("one.json");
    let time = "\"2026-11-22T10:00:00Z\"";
    for (field, name) in [
        ("\"first\":", "time.first"),
        ("\"last\":", "time.last"),
        ("\"first_seen\":", "codes[0].first_seen of 'APIG.1002'"),
        ("\"last_seen\":", "codes[0].last_seen of 'APIG.1002'"),
        ("\"buckets\":[[", "codes[0].buckets of 'APIG.1002'"),
    ] {
        let bad = whole.replace(&format!("{field}{time}"), &format!("{field}\"yesterday\""));
        folder.write("bad.json", bad);

        let ended = folder.run(&["report", "bad.json"]);

        let message = format!(
            "errsift: bad.json: {name} is 'yesterday', expected a time such as 2026-11-22T10:00:00Z; \
             save the result anew"
        );
        assert_eq!(ended.complaint(), (Some(2), message.as_str()));
    }
}

#[test]
fn times_of_other_zones_are_written_in_utc() {
    let folder = Folder::with_log();
    folder.run(&["scan", "app.log", "--bucket", "1m", "-o", "one.json"]);
    let whole = folder.read("one.json");
    let stamp = |time: &str| whole.replace("\"2026-11-22T10:00:00Z\"", &format!("\"{time}\""));
    folder.write("zone.json", stamp("2026-11-22T18:00:00+08:00"));

    let ended = folder.run(&["report", "zone.json", "-f", "json"]);

    assert_eq!(ended.out, whole);
}

#[test]
fn results_that_share_an_input_are_refused_or_left_out() {
    let folder = results();
    let problem = "shares the input 'app.log' with one.json, so it would be counted twice";

    let refused = folder.run(&["report", "one.json", "two.json"]);
    let skipped = folder.run(&[
        "report",
        "-f",
        "json",
        "--overlap",
        "skip",
        "one.json",
        "two.json",
    ]);

    let message =
        format!("errsift: two.json: {problem}; use --overlap skip to leave the later result out");
    assert_eq!(refused.complaint(), (Some(2), message.as_str()));
    assert_eq!(skipped.status, Some(0), "{skipped:?}");
    let skipped = skipped.result();
    assert_eq!(counts(&skipped), [("APIG.1002", 1, 1)]);
    assert_eq!(
        skipped.notes,
        [format!("two.json: left out, since it {problem}")]
    );
}

/// `text` without the identities of its inputs, as a state leaves it behind.
fn without_ids(text: &str) -> String {
    let mut result: serde_json::Value = serde_json::from_str(text).unwrap();
    for input in result["inputs"].as_array_mut().unwrap() {
        input["id"] = serde_json::Value::Null;
    }
    result.to_string()
}

#[test]
fn an_input_without_an_identity_is_shared_by_its_path_and_its_counts() {
    let folder = results();
    folder.write("a.json", without_ids(&folder.read("one.json")));
    folder.write("b.json", without_ids(&folder.read("two.json")));
    let message = |input: &str| {
        format!(
            "errsift: b.json: shares {input} with a.json, so it would be counted twice; \
             use --overlap skip to leave the later result out"
        )
    };

    let refused = folder.run(&["report", "a.json", "b.json"]);
    let message_of_path = message("the input 'app.log'");
    assert_eq!(refused.complaint(), (Some(2), message_of_path.as_str()));

    let doubtful = folder.run(&["report", "a.json", "one.json", "-f", "json"]);
    let notes = doubtful.result().notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("without an identity"), "{notes:?}");

    // Another host may have such a file.
    let other = folder.read("b.json").replace("\"bytes\":", "\"bytes\":1");
    folder.write("c.json", other);
    let notes = folder.run(&["report", "a.json", "c.json", "-f", "json"]);
    assert!(notes.result().notes[0].contains("without an identity"));

    let stdin = folder.read("a.json").replace("app.log", "-");
    folder.write("a.json", &stdin);
    folder.write("b.json", &stdin);
    let refused = folder.run(&["report", "a.json", "b.json"]);
    let message_of_pipe = message("the input '-'");
    assert_eq!(refused.complaint(), (Some(2), message_of_pipe.as_str()));
}

#[test]
fn inputs_that_are_not_listed_are_shared_by_their_sum() {
    let folder = results();
    let text = without_ids(&folder.read("one.json"));
    let folded = text.replace("\"matches\":1,", "\"matches\":1,\"folded\":10001,");
    folder.write("a.json", folded.replace("app.log", "*"));
    folder.write("b.json", folder.read("a.json"));

    let refused = folder.run(&["report", "a.json", "b.json"]);
    let message = "errsift: b.json: shares the entry of 10001 folded inputs with a.json, \
                   so it would be counted twice; use --overlap skip to leave the later result out";
    assert_eq!(refused.complaint(), (Some(2), message));

    let merged = folder.run(&["report", "a.json", "two.json", "-f", "json"]);
    let notes = merged.result().notes;
    assert!(notes[0].contains("do not list all"), "{notes:?}");
}

#[test]
fn a_result_with_harmful_texts_is_shown_harmlessly() {
    let folder = results();
    let text = folder
        .read("one.json")
        .replace("app.log", "app\\u001b[31m\\n.log");
    folder.write(
        "odd.json",
        text.replace("2026-11-22T10:00:00Z ERROR", "\\u001b[2J ERROR"),
    );

    for format in ["table", "csv", "markdown", "html"] {
        let ended = folder.run(&["report", "odd.json", "--by", "file", "-f", format]);

        assert_eq!(ended.status, Some(0), "{ended:?}");
        crate::bytes::assert_harmless(&ended.out);
        crate::bytes::assert_harmless(&ended.err);
    }
}
