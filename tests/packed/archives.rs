//! Archives: each member is an input of its own.

use errsift::tally::result::InputState::{Complete, Failed};
use zip::CompressionMethod::{Deflated, Stored, Zstd};

use crate::pack::{
    COMPRESSIONS, deflated, gzip, header, log, tar, utf_16, xz, zip, zip_stream, zstd,
};
use crate::support::{Ended, Folder, LINE};
use crate::{matches, states};

const ARGS: [&str; 5] = ["scan", "-f", "json", "--samples", "9"];

/// The results of `packed` as a file and on standard input.
fn both(packed: &[u8]) -> [(&'static str, Ended); 2] {
    let folder = Folder::new();
    folder.write("x", packed);
    let file = folder.run(&[&ARGS[..], &["x"]].concat());
    let stream = folder.pipe(&ARGS, packed);
    [("x", file), ("-", stream)]
}

/// The path, the matches and the lines of each input, where all is well.
fn inputs(ended: &Ended) -> Vec<(String, u64, u64)> {
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let result = ended.result();
    assert!(
        result.inputs.iter().all(|input| input.state == Complete),
        "{:?}",
        result.inputs
    );
    let counts = result
        .inputs
        .into_iter()
        .map(|input| (input.path, input.matches, input.lines));
    counts.collect()
}

/// Asserts that the archive holds just these members with so many matches, one a line.
fn assert_members(packed: &[u8], members: &[(&str, u64)], what: &str) {
    for (name, ended) in both(packed) {
        let expected = members
            .iter()
            .map(|(member, lines)| (format!("{name}!{member}"), *lines, *lines));
        assert_eq!(inputs(&ended), expected.collect::<Vec<_>>(), "{what}");
    }
}

#[test]
fn the_members_of_a_tar_archive_are_inputs() {
    let members = [("a.log", &log(3)[..]), ("b.log", &log(5))];
    assert_members(&tar(&members), &[("a.log", 3), ("b.log", 5)], "tar");
    for (format, pack) in COMPRESSIONS {
        let packed = pack(&tar(&members));
        assert_members(&packed, &[("a.log", 3), ("b.log", 5)], format);
    }
}

#[test]
fn samples_name_the_member_and_the_place_in_it() {
    let packed = gzip(&tar(&[
        ("z.log", LINE.as_bytes()),
        ("var/log/app.log.3.gz", &gzip(b"first\nAPIG.1002\n")),
    ]));
    for (name, ended) in both(&packed) {
        let result = ended.result();
        let samples = result.codes[0].samples.iter();
        let places: Vec<_> = samples
            .map(|sample| (sample.path.clone(), sample.line, sample.offset))
            .collect();
        let path = |member| format!("{name}!{member}");
        assert_eq!(
            places,
            [(path("var/log/app.log.3.gz"), 2, 6), (path("z.log"), 1, 55)]
        );
    }
}

#[test]
fn archives_in_each_other_are_read_to_a_depth_of_four() {
    let mut packed = log(2);
    for depth in 1..=4 {
        let name = format!("{depth}");
        packed = match depth % 2 {
            0 => deflated(&[(&name, &packed)]),
            _ => xz(&tar(&[(&name, &packed)])),
        };
    }
    assert_members(&packed, &[("4!3!2!1", 2)], "four");

    let packed = tar(&[("5", &packed), ("a.log", &log(1))]);
    for (name, ended) in both(&packed) {
        let reason = "lies deeper than 4 archives or compressed files in each other, which is what \
                      --max-depth allows";
        assert_eq!(ended.status, Some(2));
        let result = ended.result();
        let paths = [format!("{name}!5!4!3!2"), format!("{name}!a.log")];
        assert_eq!(
            states(&result),
            [(&*paths[0], Failed, reason), (&*paths[1], Complete, "")]
        );
        assert_eq!(matches(&result), 1);
    }
}

#[test]
fn the_depth_can_be_chosen() {
    let packed = tar(&[("in.tar", &tar(&[("a.log", &log(1))])), ("b.log", &log(1))]);
    let folder = Folder::new();
    folder.write("x", packed);

    let ended = folder.run(&["scan", "-f", "json", "--max-depth", "1", "x"]);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    assert_eq!(result.inputs[1].state, Failed);
    assert_eq!(matches(&result), 1);
}

#[test]
fn long_names_are_whole_in_either_way_of_writing_them() {
    let long = format!("{}app.log", "folder/".repeat(40));
    let gnu = tar(&[(&long, &log(1))]);
    let mut builder = tar::Builder::new(Vec::new());
    builder
        .append_pax_extensions([("path", long.as_bytes()), ("mtime", &b"1795000000.5"[..])])
        .unwrap();
    let text = log(1);
    let mut short = header(text.len());
    short.set_path("short").unwrap();
    short.set_cksum();
    builder.append(&short, &text[..]).unwrap();
    let pax = builder.into_inner().unwrap();

    assert_members(&gnu, &[(&long, 1)], "gnu");
    assert_members(&pax, &[(&long, 1)], "pax");
}

/// Adds a member with text, which must be the only one that is found.
fn assert_only_text_is_last(mut builder: tar::Builder<Vec<u8>>) {
    let text = log(2);
    builder
        .append_data(&mut header(text.len()), "folder/a.log", &text[..])
        .unwrap();

    let packed = builder.into_inner().unwrap();
    assert_members(&packed, &[("folder/a.log", 2)], "tar");
}

#[test]
fn folders_links_and_devices_hold_no_text() {
    let mut builder = tar::Builder::new(Vec::new());
    for (kind, name) in [
        (tar::EntryType::Directory, "folder/"),
        (tar::EntryType::Symlink, "symbolic"),
        (tar::EntryType::Link, "hard"),
        (tar::EntryType::Fifo, "pipe"),
    ] {
        let mut header = header(0);
        header.set_entry_type(kind);
        header.set_path(name).unwrap();
        header.set_link_name("a.log").unwrap();
        header.set_cksum();
        builder.append(&header, &b""[..]).unwrap();
    }
    assert_only_text_is_last(builder);
}

#[test]
fn a_blank_size_is_none() {
    // As GNU tar writes the label of a volume; others leave that of a folder blank.
    let mut builder = tar::Builder::new(Vec::new());
    for (kind, name, blank) in [(b'V', "label", 0), (b'5', "folder", b' ')] {
        let mut header = header(0);
        header.set_entry_type(tar::EntryType::new(kind));
        header.set_path(name).unwrap();
        header.as_old_mut().size.fill(blank);
        header.set_cksum();
        builder.append(&header, &b""[..]).unwrap();
    }
    assert_only_text_is_last(builder);
}

#[test]
fn archives_in_a_row_are_one() {
    let packed = [tar(&[("a", &log(1))]), tar(&[("b", &log(2))])].concat();
    assert_members(&packed, &[("a", 1), ("b", 2)], "tar");
}

#[test]
fn an_archive_of_the_time_before_its_magic_is_told_by_its_checksum() {
    let text = log(1);
    let mut old = tar::Header::new_old();
    old.set_path("a.log").unwrap();
    old.set_size(text.len() as u64);
    old.set_mode(0o644);
    old.set_mtime(0);
    old.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&old, &text[..]).unwrap();
    assert_members(&builder.into_inner().unwrap(), &[("a.log", 1)], "v7");
}

#[test]
fn an_archive_without_members_is_an_empty_input() {
    for packed in [tar(&[]), deflated(&[]), gzip(&tar(&[]))] {
        for (name, ended) in both(&packed) {
            assert_eq!((ended.status, ended.err.as_str()), (Some(1), ""));
            assert_eq!(states(&ended.result()), [(name, Complete, "")]);
        }
    }
}

#[test]
fn a_sparse_file_reads_with_its_holes() {
    // The second line stands behind a hole of 1 MiB, of which the archive holds nothing.
    let hole = 1 << 20;
    let mut stored = b"x\n".to_vec();
    stored.resize(512, 0);
    stored.extend(LINE.as_bytes());
    let size = hole + LINE.len();
    let map = [(0, 512), (hole, LINE.len())];

    let mut gnu = header(stored.len());
    gnu.set_entry_type(tar::EntryType::GNUSparse);
    gnu.set_path("a.log").unwrap();
    let sparse = gnu.as_gnu_mut().unwrap();
    sparse.set_real_size(size as u64);
    for (part, (offset, len)) in sparse.sparse.iter_mut().zip(map) {
        part.set_offset(offset as u64);
        part.set_length(len as u64);
    }
    gnu.set_cksum();
    let mut old = tar::Builder::new(Vec::new());
    old.append(&gnu, &stored[..]).unwrap();

    let mut text = format!("2\n0\n512\n{hole}\n{}\n", LINE.len()).into_bytes();
    text.resize(512, 0);
    text.extend(&stored);
    let sizes = size.to_string();
    let mut pax = tar::Builder::new(Vec::new());
    pax.append_pax_extensions([
        ("GNU.sparse.major", &b"1"[..]),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"a.log"),
        ("GNU.sparse.realsize", sizes.as_bytes()),
    ])
    .unwrap();
    let mut inner = header(text.len());
    inner.set_path("GNUSparseFile.0/a.log").unwrap();
    inner.set_cksum();
    pax.append(&inner, &text[..]).unwrap();

    for packed in [old.into_inner().unwrap(), pax.into_inner().unwrap()] {
        for (name, ended) in both(&packed) {
            assert_eq!(inputs(&ended), [(format!("{name}!a.log"), 1, 2)]);
            let result = ended.result();
            assert_eq!(result.totals.bytes, size as u64);
            let code = LINE.find("APIG").unwrap() + hole;
            assert_eq!(result.codes[0].samples[0].offset, code as u64);
        }
    }
}

#[test]
fn the_members_of_a_zip_archive_are_inputs_whatever_their_compression() {
    let members = [
        ("folder/", &b""[..]),
        ("folder/a.log", &log(300)),
        ("b.log.gz", &gzip(&log(5))),
        ("c.log", &log(0)),
    ];
    let expected = [("b.log.gz", 5), ("c.log", 0), ("folder/a.log", 300)];
    for method in [Stored, Deflated, Zstd] {
        assert_members(&zip(method, &members), &expected, &format!("{method:?}"));
    }
}

#[test]
fn a_zip_archive_that_was_written_to_a_pipe_is_read_from_one() {
    let members = [("a.log", &log(300)[..]), ("b.log", &log(5))];
    for method in [Deflated, Zstd] {
        let packed = zip_stream(method, &members);
        assert_members(
            &packed,
            &[("a.log", 300), ("b.log", 5)],
            &format!("{method:?}"),
        );
    }
}

#[test]
fn a_folder_in_a_zip_archive_may_have_data() {
    // Java writes one as a text without any bytes, which is compressed and described behind that.
    let members = [
        ("folder/", &b""[..]),
        ("folder/a.log", &log(300)),
        ("b/", b""),
    ];
    for method in [Deflated, Zstd, Stored] {
        let packed = match method {
            Stored => zip(Stored, &members),
            _ => zip_stream(method, &members),
        };
        assert_members(&packed, &[("folder/a.log", 300)], &format!("{method:?}"));
    }
}

#[test]
fn a_zip_archive_in_a_tar_archive_is_read_as_it_comes() {
    let inner = zip_stream(Deflated, &[("a.log", &log(300)), ("b.log", &log(5))]);
    let packed = zstd(&tar(&[("in.zip", &inner), ("c.log", &log(1))]));
    let expected = [("c.log", 1), ("in.zip!a.log", 300), ("in.zip!b.log", 5)];
    assert_members(&packed, &expected, "zip in tar");
}

#[test]
fn utf_16_in_a_member_is_decoded() {
    let text = utf_16(&log(4));
    let packed = [tar(&[("a.log", &text)]), deflated(&[("a.log", &text)])];
    for packed in packed {
        assert_members(&packed, &[("a.log", 4)], "UTF-16");
    }
}

#[test]
fn the_result_does_not_depend_on_the_threads() {
    let folder = Folder::new();
    let names: Vec<String> = (0..40)
        .map(|number| format!("{}.log", number * 7 % 40))
        .collect();
    let texts: Vec<Vec<u8>> = (0..40).map(|number| log(number * number)).collect();
    let members: Vec<(&str, &[u8])> = names
        .iter()
        .zip(&texts)
        .map(|(name, text)| (name.as_str(), text.as_slice()))
        .collect();
    folder.write("a.tar.gz", gzip(&tar(&members)));
    folder.write("b.zip", deflated(&members));
    folder.write("c.log", log(100));
    let mut cut = tar(&members);
    cut.truncate(cut.len() / 2);
    folder.write("d.tar", cut);
    let result = |threads| {
        let args = ["--samples", "5", "--by", "file", "-j", threads, "."];
        folder
            .run(&[&["scan", "-f", "json"], &args[..]].concat())
            .out
    };

    let one = result("1");
    for threads in ["2", "3", "8"] {
        assert_eq!(result(threads), one, "{threads}");
    }
}

#[test]
fn matches_in_members_are_shown_in_the_order_of_the_archive() {
    let folder = Folder::new();
    folder.write("x", tar(&[("b.log", &log(2)), ("a.log", &log(1))]));

    let ended = folder.run(&["scan", "-f", "ndjson", "x"]);

    let path = |line: &str| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        event["path"].as_str().unwrap().to_owned()
    };
    let paths: Vec<String> = ended.out.lines().map(path).collect();
    assert_eq!(paths, ["x!b.log", "x!b.log", "x!a.log"]);
}
