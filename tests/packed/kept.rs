//! What is packed, where a state keeps what was counted.

use std::fs;

use errsift::tally::result::InputState::Failed;

use crate::pack::{deflated, gzip, log, tar, utf_16, zstd};
use crate::support::{Ended, Folder};
use crate::{matches, states};

fn scan(folder: &Folder, args: &[&str]) -> Ended {
    folder.run(&[&["scan", "-f", "json", "--state", "kept"], args].concat())
}

#[test]
fn an_archive_is_refused_beneath_compression_too() {
    for (packed, name) in [
        (tar(&[("a", &log(3))]), "tar"),
        (gzip(&tar(&[("a", &log(3))])), "tar"),
        (gzip(&deflated(&[("a", &log(3))])), "zip"),
        (zstd(&gzip(&tar(&[("a", &gzip(&log(3)))]))), "tar"),
    ] {
        for file in ["x", "x.log.gz"] {
            let folder = Folder::new();
            folder.write(file, &packed);

            let ended = scan(&folder, &[file]);

            assert_eq!(ended.status, Some(2), "{ended:?}");
            let result = ended.result();
            let reason = format!(
                "is packed ({name}), expected plain text or one compressed text; unpack it first"
            );
            assert_eq!(states(&result), [(file, Failed, &*reason)]);
            assert!(result.notes.is_empty(), "{:?}", result.notes);
            assert_eq!(ended.err, format!("errsift: {file}: {reason}\n"));
        }
    }
}

#[test]
fn a_text_is_read_beneath_all_its_layers() {
    for packed in [
        gzip(&gzip(&log(20))),
        zstd(&gzip(&zstd(&log(20)))),
        gzip(&utf_16(&log(20))),
    ] {
        let folder = Folder::new();
        folder.write("x.log.gz", packed);

        let (first, second) = (scan(&folder, &["."]), scan(&folder, &["."]));

        let plain = folder.run(&["scan", "-f", "json", "./x.log.gz"]).result();
        let result = first.result();
        assert_eq!(first.status, Some(0), "{first:?}");
        assert_eq!(result.totals, plain.totals);
        assert_eq!(states(&result), states(&plain));
        assert_eq!(matches(&second.result()), 0);
    }
}

#[test]
fn the_limits_hold() {
    let folder = Folder::new();
    folder.write("x.log.gz", gzip(&gzip(&log(20_000))));
    let reason = |args: &[&str]| {
        let ended = scan(&folder, &[args, &["x.log.gz"]].concat());
        assert_eq!(ended.status, Some(2), "{ended:?}");
        String::from(states(&ended.result())[0].2)
    };

    assert_eq!(
        reason(&["--max-decompressed", "300000"]),
        "stopped after 300000 decompressed bytes, which is what --max-decompressed allows"
    );
    assert_eq!(
        reason(&["--max-depth", "1"]),
        "lies deeper than 1 archives or compressed files in each other, which is what \
         --max-depth allows"
    );
    let ended = scan(&folder, &["x.log.gz"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    let kept = folder.run(&["report", "-f", "json", "kept"]).result();
    assert_eq!(matches(&kept), 20_000);
}

#[test]
fn a_text_that_needs_more_memory_is_refused() {
    let folder = Folder::new();
    // The header asks for a window of 128 MiB.
    folder.write("x.zst", b"\x28\xb5\x2f\xfd\x00\x88\x09\x00\x00a");

    let ended = scan(&folder, &["--max-memory", "16MiB", "x.zst"]);

    let told = "of memory to decompress, and --max-memory 16MiB leaves 9 MiB";
    assert!(ended.err.contains(told), "{ended:?}");
    assert_eq!(ended.status, Some(2));
}

#[test]
fn only_copies_count_once() {
    let folder = Folder::with_log();

    for what in ["content", "none"] {
        let ended = scan(&folder, &["--dedup", what, "app.log"]);

        let told =
            "--dedup: with --state only copies count once, expected --dedup copies or no --state";
        assert_eq!(ended.status, Some(2));
        assert!(ended.err.contains(told), "{ended:?}");
        assert!(!folder.file("kept").exists());
    }
    assert_eq!(
        scan(&folder, &["--dedup", "copies", "app.log"]).status,
        Some(0)
    );
}

#[test]
fn a_file_whose_compressed_copy_was_counted_is_not_counted_again() {
    for (name, is_kept) in [
        ("x.log", true),
        ("x.log", false),
        ("x.log.1", true),
        ("x.log.1", false),
    ] {
        let folder = Folder::new();
        let (file, copy) = (format!("l/{name}"), format!("l/{name}.gz"));
        folder.write(&copy, gzip(&log(20)));
        let scanned = || matches(&scan(&folder, &["l"]).result());
        assert_eq!(scanned(), 20);

        folder.write(&file, log(20));
        if !is_kept {
            fs::remove_file(folder.file(&copy)).expect("the copy is there");
        }

        assert_eq!([scanned(), scanned()], [0, 0], "{name} {is_kept}");
        folder.write(&file, [log(20), log(3)].concat());
        assert_eq!([scanned(), scanned()], [3, 0], "{name} {is_kept}");
    }
}

#[test]
fn a_file_of_another_text_than_its_copy_is_counted() {
    for (before, now) in [(log(20), log(21)), (log(20), log(19)), (vec![], log(1))] {
        let folder = Folder::new();
        folder.write("x.log.gz", gzip(&before));
        scan(&folder, &["."]);

        folder.write("x.log", &now);

        let lines = now.iter().filter(|&&byte| byte == b'\n').count();
        let result = scan(&folder, &["."]).result();
        assert_eq!(matches(&result), lines as u64);
    }
}
