//! Formats that are told by their content and not read, and text that looks like one of them.

use errsift::tally::result::InputState::{Complete, Failed};

use crate::support::{Folder, LINE};
use crate::{counts, states};

/// What begins as each format does, with a code that only raw bytes show.
fn packed() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let magics: [(&str, &[u8]); 3] = [
        ("7z", b"7z\xbc\xaf\x27\x1c"),
        ("rar", b"Rar!\x1a\x07"),
        ("compress", b"\x1f\x9d\x90"),
    ];
    magics
        .into_iter()
        .map(|(name, magic)| (name, [magic, b"\n", LINE.as_bytes()].concat()))
}

#[test]
fn packed_input_is_told_by_its_content_and_never_read_raw() {
    let folder = Folder::with_log();
    for (format, bytes) in packed() {
        folder.write("b.log", &bytes);
        let reason = format!(
            "is packed ({format}), expected plain text or gzip, zstd, xz, bzip2, lz4, tar or zip; \
             unpack it first"
        );

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
