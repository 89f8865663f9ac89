//! What is damaged is counted up to the damage, and said.

use errsift::tally::result::InputState::{Complete, Partial};
use errsift::tally::result::ScanResult;

use crate::matches;
use crate::pack::{COMPRESSIONS, gzip, log};
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
