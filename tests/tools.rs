//! Files that real tools packed: `data/packed/`, made by `data/packed/make.sh`.

mod scanning;

use std::fs;
use std::path::Path;

use errsift::catalog::Catalog;
use errsift::tally::result::InputState;

use scanning::scan_paths;

/// The files that hold `app.log` more than once, and how often.
const REPEATED: [(&str, u64); 11] = [
    ("7z.zip", 2),
    ("bzip2-streams.bz2", 2),
    ("gzip-members.gz", 2),
    ("lz4-frames.lz4", 2),
    ("tar-gnu.tar", 2),
    ("tar-sparse-pax.tar", 2),
    ("tar-sparse.tar", 2),
    ("xz-streams.xz", 2),
    ("zip-deflate.zip", 2),
    ("zstd-frames.zst", 2),
    ("zstd-skippable.zst", 2),
];

/// The files that cannot be read, and what is said of them.
const REFUSED: [(&str, &str); 4] = [
    ("7z-deflate64.zip", "deflate64"),
    ("7z-encrypted.zip", "encrypted"),
    ("python-lzma.zip", "lzma"),
    ("zip-encrypted.zip", "encrypted"),
];

#[test]
fn what_real_tools_packed_is_read_whole_or_refused_with_the_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/packed");
    let catalog = Catalog::builtin().unwrap();
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "make.sh" {
            continue;
        }
        files += 1;
        let outcome = scan_paths(&catalog, &[path], 2);
        let result = outcome.result;
        if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            let errors = result
                .inputs
                .iter()
                .filter_map(|input| input.error.as_deref());
            assert!(outcome.failed, "{name}");
            assert!(errors.clone().any(|error| error.contains(reason)), "{name}");
            assert_eq!(result.totals.matches, 0, "{name}");
            continue;
        }
        let times = REPEATED.iter().find(|(repeated, _)| *repeated == name);
        let times = times.map_or(1, |(_, times)| *times);
        assert_eq!(result.totals.lines, 3 * times, "{name}");
        assert_eq!(result.totals.matches, 2 * times, "{name}");
        let is_whole = |state| state == InputState::Complete;
        assert!(
            result.inputs.iter().all(|input| is_whole(input.state)),
            "{name}"
        );
    }
    assert!(files > 40, "{files}");
}
