//! Files as common tools write them: tests/data/packed, made by the script beside them.

use errsift::tally::result::InputState::{Complete, Failed};

use crate::states;
use crate::support::run;

/// The text of which each file holds one or more copies has two matches in three lines.
const MATCHES: u64 = 2;

/// What is refused, with a word of the reason.
const REFUSED: [(&str, &str); 4] = [
    ("7z-deflate64.zip", "deflate64"),
    ("7z-encrypted.zip", "encrypted"),
    ("python-lzma.zip", "lzma"),
    ("zip-encrypted.zip", "encrypted"),
];

fn folder() -> String {
    format!("{}/tests/data/packed", env!("CARGO_MANIFEST_DIR"))
}

/// How many copies of the text a file holds.
fn copies(name: &str) -> u64 {
    let twice = [
        "7z.zip",
        "bzip2-streams.bz2",
        "gzip-members.gz",
        "lz4-frames.lz4",
        "tar-gnu.tar",
        "tar-sparse-pax.tar",
        "tar-sparse.tar",
        "xz-streams.xz",
        "zip-deflate.zip",
        "zstd-frames.zst",
        "zstd-skippable.zst",
    ];
    1 + u64::from(twice.contains(&name))
}

#[test]
fn what_common_tools_pack_is_read() {
    let mut files = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "make.sh" || REFUSED.iter().any(|(refused, _)| *refused == name) {
            continue;
        }
        files += 1;

        let ended = run(&["scan", "-f", "json", path.to_str().unwrap()]);

        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""), "{name}");
        let result = ended.result();
        assert_eq!(result.totals.matches, MATCHES * copies(name), "{name}");
        let inputs = &result.inputs;
        assert!(
            inputs.iter().all(|input| input.state == Complete),
            "{inputs:?}"
        );
    }
    assert_eq!(files, 46);
}

#[test]
fn what_cannot_be_read_says_why() {
    for (name, reason) in REFUSED {
        let path = format!("{}/{name}", folder());

        let ended = run(&["scan", "-f", "json", &path]);

        assert_eq!(ended.status, Some(2), "{name}");
        let result = ended.result();
        let [(member, Failed, said)] = states(&result)[..] else {
            panic!("{:?}", result.inputs)
        };
        assert_eq!(member, format!("{path}!app.log"));
        assert!(said.contains(reason), "{said}");
    }
}
