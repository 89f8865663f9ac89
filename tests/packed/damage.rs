//! What is damaged is counted up to the damage, and said.

use errsift::tally::result::InputState::{Complete, Failed, Partial};
use errsift::tally::result::{InputState, ScanResult};

use crate::matches;
use crate::pack::{COMPRESSIONS, deflated, gzip, log, lz4_legacy, tar, zip};
use crate::support::{Folder, LINE};

const LINES: u64 = 6_000;

/// The result of a sound file and the file `b.log` with this content, which is read in part.
fn partial(packed: &[u8], what: &str) -> (ScanResult, String) {
    let folder = Folder::with_log();
    folder.write("b.log", packed);
    let ended = folder.run(&["scan", "-f", "json", "."]);
    assert_eq!(ended.status, Some(2), "{what}: {ended:?}");
    let result = ended.result();
    let [sound, damaged] = &result.inputs[..] else {
        panic!("{what}: {:?}", result.inputs)
    };
    assert_eq!((sound.state, sound.matches), (Complete, 1), "{what}");
    assert_eq!(damaged.state, Partial, "{what}");
    assert_eq!(matches(&result), 1 + damaged.matches, "{what}");
    let reason = damaged.error.clone().unwrap();
    assert_eq!(
        ended.err,
        format!("errsift: ./b.log: read in part: {reason}\n"),
        "{what}"
    );
    (result, reason)
}

#[test]
fn what_is_cut_short_is_counted_up_to_its_end() {
    let text = log(LINES);
    for (format, pack) in COMPRESSIONS {
        let packed = pack(&text);
        let half = packed.len() / 2;

        let (result, reason) = partial(&packed[..half], format);

        let expected = format!("cut short at byte {half} of the {format} data: expected more");
        assert_eq!(reason, expected);
        let matches = result.inputs[1].matches;
        assert!(
            (LINES / 3..LINES * 2 / 3).contains(&matches),
            "{format}: {matches}"
        );
    }
}

#[test]
fn a_flipped_bit_is_noticed_and_what_precedes_it_is_counted() {
    let text = log(LINES);
    for (format, pack) in COMPRESSIONS {
        let mut packed = pack(&text);
        let at = packed.len() * 2 / 3;
        packed[at] ^= 0x10;

        let (result, reason) = partial(&packed, format);

        assert!(reason.starts_with("damaged at byte "), "{format}: {reason}");
        assert!(
            reason.contains(&format!(" of the {format} data: ")),
            "{reason}"
        );
        let matches = result.inputs[1].matches;
        assert!(matches > LINES / 3, "{format}: {matches}");
    }
}

#[test]
fn a_wrong_checksum_is_noticed() {
    let text = log(LINES);
    // The last bytes of each format that a checksum of the text takes.
    let places = [
        ("gzip", 8),
        ("zstd", 4),
        ("xz", 0),
        ("bzip2", 5),
        ("lz4", 4),
    ];
    for ((format, pack), (_, from_end)) in COMPRESSIONS.into_iter().zip(places) {
        let mut packed = pack(&text);
        // The checksum of an xz block precedes the index, whose size the footer holds.
        let from_end = match format {
            "xz" => 12 + xz_index_bytes(&packed) + 1,
            _ => from_end,
        };
        let at = packed.len() - from_end;
        packed[at] ^= 1;

        let (result, reason) = partial(&packed, format);

        assert!(reason.starts_with("damaged at byte "), "{format}: {reason}");
        let matches = result.inputs[1].matches;
        assert!(matches > LINES * 9 / 10, "{format}: {matches}");
    }
}

#[test]
fn what_does_not_match_at_the_end_of_gzip_data_is_said_for_what_it_is() {
    let text = log(LINES);
    for (from_end, what) in [(8, "checksum"), (4, "length")] {
        let mut packed = gzip(&text);
        let at = packed.len() - from_end;
        packed[at] ^= 1;

        let (result, reason) = partial(&packed, what);

        let expected = format!("data: all data could be read, but their {what} does not match");
        assert!(reason.ends_with(&expected), "{reason}");
        assert_eq!(result.inputs[1].matches, LINES, "{what}");
    }
}

/// The length of the index of xz data, from its footer.
fn xz_index_bytes(packed: &[u8]) -> usize {
    let footer = &packed[packed.len() - 12..];
    let blocks = u32::from_le_bytes(footer[4..8].try_into().unwrap());
    (blocks as usize + 1) * 4
}

#[test]
fn a_damaged_second_part_leaves_the_first() {
    let text = log(1_000);
    for (format, pack) in COMPRESSIONS {
        let mut packed = pack(&text);
        let at = packed.len();
        packed.extend(pack(&text));
        packed[at + 1] ^= 1;

        let (result, reason) = partial(&packed, format);

        assert_eq!(result.inputs[1].matches, 1_000, "{format}");
        assert!(
            reason.starts_with(&format!("damaged at byte {at} of the {format} data: ")),
            "{reason}"
        );
    }
}

#[test]
fn an_old_lz4_frame_is_counted_up_to_the_block_that_is_damaged() {
    let packed = lz4_legacy(&log(LINES), 100_000);
    let second = 8 + u32::from_le_bytes(packed[4..8].try_into().unwrap()) as usize;
    let cut = second + 500;
    let mut long = packed.clone();
    long[second + 3] = 1;
    let mut broken = packed.clone();
    broken[second + 4..second + 300].fill(0xff);
    let said = |at, what: &str| format!("damaged at byte {at} of the lz4 data: {what}");
    for (packed, expected) in [
        (
            &packed[..cut],
            format!("cut short at byte {cut} of the lz4 data: expected more"),
        ),
        (
            &packed[..second + 2],
            format!(
                "cut short at byte {} of the lz4 data: expected more",
                second + 2
            ),
        ),
        (&long, said(second, "expected the beginning of lz4 data")),
        (&broken, said(second, "")),
    ] {
        let (result, reason) = partial(packed, &expected);

        assert!(reason.starts_with(&expected), "{reason}");
        let matches = result.inputs[1].matches;
        assert!((500..LINES / 2).contains(&matches), "{matches}");
    }
}

#[test]
fn a_file_that_ends_within_its_header_is_cut_short() {
    for (format, pack) in COMPRESSIONS {
        let packed = pack(LINE.as_bytes());
        let (result, reason) = partial(&packed[..6], format);

        assert!(reason.contains(format), "{reason}");
        assert_eq!(result.inputs[1].bytes, 0, "{format}");
    }
}

#[test]
fn a_stream_that_is_cut_short_is_partial_too() {
    let folder = Folder::new();
    let packed = gzip(&log(LINES));

    let ended = folder.pipe(&["scan", "-f", "json"], &packed[..packed.len() / 2]);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    assert_eq!(result.inputs[0].state, Partial);
    assert!(matches(&result) > LINES / 3);
}

/// The inputs of the file `x` with this content, with what is wrong, of a scan with status 2.
fn damaged_archive(packed: &[u8]) -> Vec<(String, InputState, String, u64)> {
    let folder = Folder::new();
    folder.write("x", packed);
    let ended = folder.run(&["scan", "-f", "json", "x"]);
    assert_eq!(ended.status, Some(2), "{ended:?}");
    let inputs = ended.result().inputs.into_iter().map(|input| {
        let reason = input.error.unwrap_or_default();
        (input.path, input.state, reason, input.matches)
    });
    inputs.collect()
}

#[test]
fn a_tar_archive_that_is_cut_short_is_counted_up_to_its_end() {
    let packed = tar(&[("a", &log(10)), ("b", &log(1_000)), ("c", &log(10))]);
    let half = packed.len() / 2;

    let inputs = damaged_archive(&packed[..half]);

    let reason = format!("cut short at byte {half} of the tar data: expected more");
    let [archive, a, b] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    assert_eq!(archive, &("x".into(), Partial, reason.clone(), 0));
    assert_eq!(a, &("x!a".into(), Complete, String::new(), 10));
    assert_eq!((&*b.0, b.1, &*b.2), ("x!b", Partial, &*reason));
    assert!((400..600).contains(&b.3), "{}", b.3);
}

#[test]
fn a_tar_archive_that_lacks_its_end_is_partial() {
    let packed = tar(&[("a", &log(10))]);
    let end = packed.len() - 1024;

    let inputs = damaged_archive(&packed[..end]);

    let reason = format!("cut short at byte {end} of the tar data: expected more");
    assert_eq!(inputs[0], ("x".into(), Partial, reason, 0));
    assert_eq!(inputs[1].3, 10);
}

#[test]
fn a_damaged_tar_header_ends_the_archive() {
    let mut packed = tar(&[("a", &log(10)), ("b", &log(10))]);
    let second = (packed.len() - 1024) / 2;
    packed[second + 3] ^= 1;

    let inputs = damaged_archive(&packed);

    let reason =
        format!("damaged at byte {second} of the tar data: the header's checksum is wrong");
    assert_eq!(inputs[0], ("x".into(), Partial, reason, 0));
    assert_eq!(inputs[1], ("x!a".into(), Complete, String::new(), 10));
    assert_eq!(inputs.len(), 2);
}

#[test]
fn damage_to_what_is_around_a_tar_archive_is_the_members_and_the_archives() {
    let packed = gzip(&tar(&[("a", &log(1_000)), ("b", &log(1_000))]));
    let end = packed.len() / 4;

    let inputs = damaged_archive(&packed[..end]);

    let [archive, a] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    assert_eq!((archive.1, a.1), (Partial, Partial));
    let reason = format!("cut short at byte {end} of the gzip data: expected more");
    assert_eq!((&archive.2, &a.2), (&reason, &reason));
}

#[test]
fn a_damaged_member_leaves_the_others_of_its_archive() {
    let mut inner = gzip(&log(1_000));
    let at = inner.len() * 2 / 3;
    inner[at] ^= 0x10;
    let members = [("a.gz", &inner[..]), ("b", &log(10))];
    for packed in [tar(&members), deflated(&members)] {
        let inputs = damaged_archive(&packed);

        let [a, b] = &inputs[..] else {
            panic!("{inputs:?}")
        };
        assert_eq!((&*a.0, a.1), ("x!a.gz", Partial));
        assert!(a.3 > 300, "{}", a.3);
        assert_eq!(b, &("x!b".into(), Complete, String::new(), 10));
    }
}

#[test]
fn a_flipped_bit_in_a_zip_member_leaves_the_others() {
    let mut packed = deflated(&[("a", &log(1_000)), ("b", &log(10))]);
    let at = packed.len() / 2;
    packed[at] ^= 0x10;

    let inputs = damaged_archive(&packed);

    let [a, b] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    assert_eq!((&*a.0, a.1), ("x!a", Partial));
    assert!(a.2.starts_with("damaged at byte "), "{}", a.2);
    assert!(a.3 > 300, "{}", a.3);
    assert_eq!(b, &("x!b".into(), Complete, String::new(), 10));
}

#[test]
fn a_wrong_checksum_of_a_zip_member_is_noticed() {
    let mut packed = zip(
        zip::CompressionMethod::Stored,
        &[("a", &log(10)), ("b", &log(10))],
    );
    let at = packed.len() / 4;
    packed[at] ^= 0x01;

    let inputs = damaged_archive(&packed);

    let reason = "damaged at byte 31 of the zip data: the checksum of the member is wrong";
    assert_eq!(inputs[0], ("x!a".into(), Partial, reason.into(), 10));
    assert_eq!(inputs[1].1, Complete);
}

#[test]
fn an_encrypted_zip_member_is_refused_and_the_others_are_read() {
    let mut packed = deflated(&[("a", &log(10)), ("b", &log(10))]);
    // The first flag of the member, before it and in the central directory.
    packed[6] |= 1;
    let entry = packed
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    packed[entry + 8] |= 1;

    let inputs = damaged_archive(&packed);

    let reason = "is encrypted, expected a member without a password";
    assert_eq!(inputs[0], ("x!a".into(), Failed, reason.into(), 0));
    assert_eq!(inputs[1], ("x!b".into(), Complete, String::new(), 10));
    let stream = Folder::new()
        .pipe(&["scan", "-f", "json"], &packed)
        .result();
    assert_eq!(stream.inputs[0].error.as_deref(), Some(reason));
    assert_eq!(stream.inputs[1].matches, 10);
}

#[test]
fn a_zip_archive_that_is_cut_short_is_read_by_the_headers_of_its_members() {
    let packed = deflated(&[("a", &log(10)), ("b", &log(1_000)), ("c", &log(10))]);
    let half = packed.len() / 2;

    let inputs = damaged_archive(&packed[..half]);

    let [archive, a, b] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    let reason = format!("cut short at byte {half} of the zip data: expected more");
    assert_eq!(archive, &("x".into(), Partial, reason.clone(), 0));
    assert_eq!(a, &("x!a".into(), Complete, String::new(), 10));
    assert_eq!((&*b.0, b.1, &*b.2), ("x!b", Partial, &*reason));
    assert!(b.3 > 300, "{}", b.3);
}

#[test]
fn what_a_zip_stream_cannot_tell_is_said() {
    // Stored, and its length only follows: where it ends is in the central directory.
    let mut packed = zip(
        zip::CompressionMethod::Stored,
        &[("a", &log(10)), ("b", &log(10))],
    );
    packed[6] |= 8;
    packed[14..26].fill(0);
    let folder = Folder::new();

    let ended = folder.pipe(&["scan", "-f", "json"], &packed);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    let [archive, a] = &result.inputs[..] else {
        panic!("{:?}", result.inputs)
    };
    assert_eq!((archive.state, a.state), (Partial, Failed));
    let reason = a.error.as_deref().unwrap();
    assert!(
        reason.contains("only the central directory tells"),
        "{reason}"
    );

    // A file can be read by its central directory, though there is no descriptor.
    folder.write("x", &packed);
    assert_eq!(
        matches(&folder.run(&["scan", "-f", "json", "x"]).result()),
        20
    );
}
