//! Compressed files and archives, which this version tells by their content and does not read.

use errsift::tally::result::InputState::{Complete, Failed};

use crate::support::{Folder, LINE};
use crate::{counts, states};

/// What begins as each format does, with a code that only raw bytes show.
fn packed() -> Vec<(&'static str, Vec<u8>)> {
    let magics: [(&str, &[u8]); 5] = [
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03"),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\x58"),
        ("xz", b"\xfd7zXZ\0\0\x04"),
        ("bzip2", b"BZh91AY&SY"),
        ("zip", b"PK\x03\x04\x0a\0\0\0\0\0"),
    ];
    let mut packed: Vec<(&str, Vec<u8>)> = magics
        .iter()
        .map(|&(name, magic)| (name, [magic, b"\n", LINE.as_bytes()].concat()))
        .collect();
    let mut tar = vec![0; 512];
    tar[..7].copy_from_slice(b"app.log");
    tar[257..263].copy_from_slice(b"ustar\0");
    tar.extend(LINE.as_bytes());
    tar.resize(10_240, 0);
    packed.push(("tar", tar));
    packed
}

#[test]
fn packed_input_is_told_by_its_content_and_never_read_raw() {
    let folder = Folder::with_log();
    for (format, bytes) in packed() {
        folder.write("b.log", &bytes);
        let reason = format!("is packed ({format}), expected plain text; unpack it first");

        let file = folder.run(&["scan", "-f", "json", "app.log", "b.log"]);
        let stream = folder.pipe(&["scan", "-f", "json", "app.log", "-"], &bytes);

        for (ended, name) in [(file, "b.log"), (stream, "-")] {
            assert_eq!(ended.status, Some(2), "{format}: {ended:?}");
            assert_eq!(ended.err, format!("errsift: {name}: {reason}\n"));
            let result = ended.result();
            assert_eq!(counts(&result), [("APIG.1002", 1, 1)], "{format}");
            let mut expected = [("app.log", Complete, ""), (name, Failed, reason.as_str())];
            expected.sort_by_key(|(path, ..)| *path);
            assert_eq!(states(&result), expected);
        }
    }
}

#[test]
fn a_name_says_nothing_about_the_content() {
    let folder = Folder::new();
    let names = ["x.bz2", "x.gz", "x.tar", "x.xz", "x.zip", "x.zst"];
    for name in names {
        folder.write(name, LINE);
    }

    let ended = folder.run(&["scan", "-f", "json", "."]);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert_eq!(counts(&ended.result()), [("APIG.1002", 6, 6)]);
}

#[test]
fn text_that_begins_like_a_format_is_text() {
    let folder = Folder::new();
    for text in ["BZhao: APIG.1002\n", "PK: APIG.1002\n", "7z APIG.1002\n"] {
        folder.write("app.log", text);

        let ended = folder.run(&["scan", "-f", "json", "app.log"]);

        assert_eq!(counts(&ended.result()), [("APIG.1002", 1, 1)], "{text}");
    }
}
