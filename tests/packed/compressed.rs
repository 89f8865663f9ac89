//! One compressed text.

use std::io::Write;

use errsift::tally::result::InputState::{Complete, Failed};

use crate::pack::{
    COMPRESSIONS, bgzf, bzip2, gzip, log, lz4, lz4_legacy, skippable, utf_16, xz, xz_blocks, zstd,
};
use crate::support::{Ended, Folder};
use crate::{matches, states};

const LINES: u64 = 4_000;

/// The result of the file `app.log` with this content, and of the same on standard input.
fn both(packed: &[u8]) -> [(&'static str, Ended); 2] {
    let folder = Folder::new();
    folder.write("app.log", packed);
    let file = folder.run(&["scan", "-f", "json", "--samples", "3", "app.log"]);
    let stream = folder.pipe(&["scan", "-f", "json", "--samples", "3"], packed);
    [("app.log", file), ("-", stream)]
}

/// Asserts that `packed` counts as the text does.
fn assert_counts_as(text: &[u8], packed: &[u8], what: &str) {
    let folder = Folder::new();
    folder.write("app.log", text);
    let plain = folder.run(&["scan", "-f", "json", "--samples", "3", "app.log"]);
    for (name, ended) in both(packed) {
        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""), "{what}");
        let expected = plain.out.replace("app.log", name);
        assert_eq!(ended.out, expected, "{what}");
    }
}

#[test]
fn a_compressed_text_counts_as_the_text_does_whatever_its_name() {
    let text = log(LINES);
    for (format, pack) in COMPRESSIONS {
        assert_counts_as(&text, &pack(&text), format);
    }
}

#[test]
fn an_empty_text_is_an_input_too() {
    for (format, pack) in COMPRESSIONS {
        for (name, ended) in both(&pack(b"")) {
            assert_eq!(
                (ended.status, ended.err.as_str()),
                (Some(1), ""),
                "{format}"
            );
            assert_eq!(states(&ended.result()), [(name, Complete, "")]);
        }
    }
}

#[test]
fn parts_in_a_row_are_one_text() {
    let text = log(LINES);
    // Within a line, so that the parts are one text and not two.
    let (head, tail) = text.split_at(text.len() / 3);
    for (format, pack) in COMPRESSIONS {
        let parts = [pack(head), pack(b""), pack(tail)].concat();
        assert_counts_as(&text, &parts, format);
    }
}

#[test]
fn nuls_behind_the_last_part_are_padding() {
    let text = log(LINES);
    for (format, pack) in COMPRESSIONS {
        for padding in [4, 512, 200_000] {
            let padded = [pack(&text), vec![0; padding]].concat();
            assert_counts_as(&text, &padded, format);
        }
    }
}

#[test]
fn garbage_behind_gzip_data_is_passed_over_and_said() {
    let text = log(LINES);
    let packed = gzip(&text);
    let garbage = [&packed[..], b"garbage"].concat();
    for (name, ended) in both(&garbage) {
        assert_eq!(ended.status, Some(0), "{ended:?}");
        let result = ended.result();
        assert_eq!(matches(&result), LINES);
        assert_eq!(states(&result), [(name, Complete, "")]);
        let note = format!(
            "{name}: 7 bytes at byte {} follow the gzip data and are none: they were passed over",
            packed.len()
        );
        assert_eq!(result.notes, [note]);
    }
}

#[test]
fn frames_without_text_are_skipped() {
    let text = log(LINES);
    for pack in [zstd, lz4] {
        let frames = [&pack(&text)[..], &skippable(100_000), &skippable(0)].concat();
        assert_counts_as(&text, &frames, "behind");
    }
    for pack in [zstd, lz4] {
        let frames = [&skippable(7)[..], &skippable(10), &pack(&text)].concat();
        assert_counts_as(&text, &frames, "before");
    }
}

#[test]
fn lz4_frames_of_the_time_before_are_read() {
    let text = log(LINES);
    let (head, tail) = text.split_at(text.len() / 3);
    let old = |text| lz4_legacy(text, 50_000);
    for packed in [
        old(&text),
        [old(head), lz4(tail)].concat(),
        [lz4(head), old(tail)].concat(),
        [old(head), old(b""), skippable(7), old(tail)].concat(),
        [skippable(7), old(&text), vec![0; 513]].concat(),
    ] {
        assert_counts_as(&text, &packed, "legacy");
    }
}

#[test]
fn the_blocks_of_an_old_lz4_frame_hold_8_mib() {
    let text = vec![b'\n'; 20 << 20];
    let packed = lz4_legacy(&[&text[..], &log(1)].concat(), 8 << 20);
    for (_, ended) in both(&packed) {
        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
        let result = ended.result();
        assert_eq!((matches(&result), result.totals.lines), (1, (20 << 20) + 1));
    }
}

#[test]
fn a_long_window_is_read() {
    let text = log(LINES);
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.long_distance_matching(true).unwrap();
    encoder.write_all(&text).unwrap();
    assert_counts_as(&text, &encoder.finish().unwrap(), "zstd --long=27");
}

#[test]
fn utf_16_within_is_decoded() {
    let text = log(100);
    for (format, pack) in COMPRESSIONS {
        assert_counts_as(&text, &pack(&utf_16(&text)), format);
    }
}

#[test]
fn compressions_in_each_other_are_taken_off_to_a_depth() {
    let text = log(100);
    let four = zstd(&xz(&bzip2(&lz4(&text))));
    assert_counts_as(&text, &four, "four");

    for (name, ended) in both(&gzip(&four)) {
        let reason = "lies deeper than 4 archives or compressed files in each other, which is what \
                      --max-depth allows";
        assert_eq!(ended.status, Some(2));
        assert_eq!(states(&ended.result()), [(name, Failed, reason)]);
    }
}

#[test]
fn the_result_does_not_depend_on_the_threads() {
    let folder = Folder::new();
    for (number, (format, pack)) in COMPRESSIONS.into_iter().enumerate() {
        folder.write(
            &format!("{format}.log"),
            pack(&log(3_000 * number as u64 + 1)),
        );
    }
    let result = |threads| {
        let args = ["scan", "-f", "json", "--samples", "5", "-j", threads, "."];
        folder.run(&args).out
    };

    let one = result("1");
    for threads in ["2", "3", "8"] {
        assert_eq!(result(threads), one, "{threads}");
    }
}

/// The text in parts that can be decompressed beside each other.
fn in_parts(text: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let frames = text.chunks(150_000).map(zstd);
    [
        ("gzip", bgzf(text)),
        ("zstd", frames.collect::<Vec<_>>().concat()),
        ("xz", xz_blocks(text, 100_000)),
    ]
}

#[test]
fn parts_that_are_decompressed_beside_each_other_count_as_the_text_does() {
    let text = log(20_000);
    for (format, packed) in in_parts(&text) {
        assert_counts_as(&text, &packed, format);
    }
}

#[test]
fn a_damaged_part_is_told_by_its_place_whatever_the_threads() {
    for (format, mut packed) in in_parts(&log(20_000)) {
        let at = packed.len() * 2 / 3;
        packed[at] ^= 0x10;
        let folder = Folder::new();
        folder.write("app.log", &packed);
        let result = |threads| {
            let args = ["--samples", "5", "-j", threads, "app.log"];
            folder.run(&[&["scan", "-f", "json"], &args[..]].concat())
        };

        let one = result("1");
        let reason = one.result().inputs[0].error.clone().unwrap();
        assert!(reason.starts_with("damaged at byte "), "{format}: {reason}");
        assert!(matches(&one.result()) > 10_000, "{format}");
        for threads in ["2", "4", "8"] {
            assert_eq!(result(threads).out, one.out, "{format}, {threads}");
        }
        let stream = folder.pipe(&["scan", "-f", "json", "-j", "3"], &packed);
        assert_eq!(stream.result().inputs[0].error.as_ref(), Some(&reason));
    }
}

#[test]
fn matches_are_shown_as_they_stand_in_the_text() {
    let folder = Folder::new();
    folder.write("app.log", log(300));
    folder.write("packed", gzip(&log(300)));
    let plain = folder.run(&["scan", "-f", "ndjson", "app.log"]);

    let packed = folder.run(&["scan", "-f", "ndjson", "packed"]);

    assert_eq!(packed.out.lines().count(), 300);
    assert_eq!(packed.out, plain.out.replace("app.log", "packed"));
}
