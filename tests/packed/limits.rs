//! What asks for too much is refused, and says what it asks for.

use std::io::Write;

use errsift::tally::result::InputState::{Failed, Partial};

use crate::pack::{bgzf, deflated, gzip, header, log, tar, xz_blocks, zip, zstd};
use crate::states;
use crate::support::{Ended, Folder};

#[test]
fn a_window_beyond_the_memory_is_refused_and_named() {
    let folder = Folder::with_log();
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(28).unwrap();
    encoder.write_all(&log(100)).unwrap();
    folder.write("b.log", encoder.finish().unwrap());

    let ended = folder.run(&["scan", "-f", "json", "app.log", "b.log"]);

    let reason = "its zstd data need 257 MiB of memory to decompress, and --max-memory 256MiB \
                  leaves 144 MiB; use --max-memory 457MiB";
    assert_eq!(ended.status, Some(2));
    assert_eq!(states(&ended.result())[1], ("b.log", Failed, reason));
}

#[test]
fn a_dictionary_beyond_the_memory_is_refused_and_named() {
    let folder = Folder::with_log();
    let mut options = liblzma::stream::LzmaOptions::new_preset(1).unwrap();
    options.dict_size(512 << 20);
    let mut filters = liblzma::stream::Filters::new();
    filters.lzma2(&options);
    let check = liblzma::stream::Check::Crc64;
    let stream = liblzma::stream::Stream::new_stream_encoder(&filters, check).unwrap();
    let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    encoder.write_all(&log(100)).unwrap();
    folder.write("b.log", encoder.finish().unwrap());

    let ended = folder.run(&["scan", "-f", "json", "app.log", "b.log"]);

    let reason = "its xz data need 513 MiB of memory to decompress, and --max-memory 256MiB \
                  leaves 144 MiB; use --max-memory 911MiB";
    assert_eq!(ended.status, Some(2));
    assert_eq!(states(&ended.result())[1], ("b.log", Failed, reason));
}

/// The memory that a scan of `packed` took at most, in MiB, with what became of it.
fn peak(packed: &[u8], args: &[&str]) -> (u64, Ended) {
    let folder = Folder::new();
    folder.write("x", packed);
    peak_of(&folder, &[args, &["x"]].concat())
}

/// The same for a scan in `folder` with these arguments.
fn peak_of(folder: &Folder, args: &[&str]) -> (u64, Ended) {
    let ended = folder.run(&[&["scan", "-f", "json", "--stats"], args].concat());
    let line = ended
        .err
        .lines()
        .find_map(|line| line.strip_prefix("peak memory: "));
    let line = line.unwrap_or_else(|| panic!("{ended:?}"));
    let number: String = line
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let mebibytes: f64 = number.parse().unwrap();
    assert!(line[number.len()..].starts_with(" MiB"), "{line}");
    (mebibytes as u64, ended)
}

/// So many NULs, compressed twice, as bombs are.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    let part = vec![0; 1 << 20];
    for _ in 0..mebibytes {
        encoder.write_all(&part).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn a_bomb_takes_no_more_memory_than_anything_else() {
    let (peak, ended) = peak(&gzip(&bomb(100)), &[]);

    assert_eq!(ended.status, Some(1));
    let result = ended.result();
    assert_eq!(result.totals.bytes, 100 << 20);
    assert!(peak < 128, "{peak} MiB");
}

#[test]
fn what_comes_out_of_a_file_can_be_limited() {
    let text = log(20_000);
    let half = text.len() / 2;
    let limit = half.to_string();
    for packed in [
        gzip(&text),
        tar(&[("a", &gzip(&text))]),
        deflated(&[("a", &text)]),
    ] {
        let (_, ended) = peak(&packed, &["--max-decompressed", &limit]);

        assert_eq!(ended.status, Some(2));
        let result = ended.result();
        let input = &result.inputs[result.inputs.len() - 1];
        let reason = format!(
            "stopped after {half} decompressed bytes, which is what --max-decompressed allows"
        );
        assert_eq!(
            (input.state, input.error.as_deref()),
            (Partial, Some(&*reason))
        );
        assert_eq!(input.bytes, half as u64);
        assert!(
            (9_000..=11_000).contains(&input.matches),
            "{}",
            input.matches
        );
    }
}

#[test]
fn a_nest_of_archives_ends_at_the_depth() {
    // Sixteen archives in each archive, six levels of them: 16 million files of 1 MiB, were they read.
    let mut inner = deflated(&[("0.log", &vec![0; 1 << 20])]);
    for depth in 1..=6 {
        let names: Vec<String> = (0..16)
            .map(|number| format!("{depth}-{number}.zip"))
            .collect();
        let members: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*inner)).collect();
        inner = deflated(&members);
    }

    let (peak, ended) = peak(&inner, &["--max-depth", "3"]);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    assert_eq!(result.inputs.len(), 16 * 16 * 16);
    assert!(result.inputs.iter().all(|input| input.state == Failed));
    assert!(peak < 128, "{peak} MiB");
}

#[test]
fn members_that_overlap_are_no_more_than_the_file() {
    // Two entries of the central directory that name the same member.
    let mut packed = zip(
        zip::CompressionMethod::Stored,
        &[("a", &log(100)), ("b", &log(1))],
    );
    let entry = packed
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    let len = 46 + 1;
    let first = packed[entry..entry + len].to_vec();
    packed[entry + len..entry + 2 * len].copy_from_slice(&first);

    let (_, ended) = peak(&packed, &[]);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    assert_eq!(result.inputs[0].state, Partial);
    let reason = result.inputs[0].error.as_deref().unwrap();
    assert!(reason.contains("the members overlap"), "{reason}");
    assert_eq!(result.totals.matches, 100);
}

#[test]
fn a_member_of_nearly_all_bytes_there_can_be_is_no_more_than_the_file() {
    let mut packed = zip(zip::CompressionMethod::Stored, &[("a", &log(1))]);
    let at = |packed: &[u8], signature: &[u8; 4]| {
        let mut windows = packed.array_windows();
        windows.position(|four| four == signature).unwrap()
    };
    // The size of what is stored is said in a ZIP64 field behind the entry's name.
    let entry = at(&packed, b"PK\x01\x02");
    let mut field = vec![1, 0, 8, 0];
    field.extend((u64::MAX - 10).to_le_bytes());
    packed[entry + 20..entry + 24].fill(0xff);
    packed[entry + 30] = field.len() as u8;
    packed.splice(entry + 47..entry + 47, field.iter().copied());
    let end = at(&packed, b"PK\x05\x06");
    packed[end + 12] += field.len() as u8;

    let (_, ended) = peak(&packed, &[]);

    assert_eq!(ended.status, Some(2));
    let reason = ended.result().inputs[0].error.clone().unwrap();
    assert!(reason.contains("the members overlap"), "{reason}");
}

#[test]
fn a_zip_archive_with_absurd_headers_costs_nothing() {
    let sound = deflated(&[("a", &log(10))]);
    let end = sound
        .windows(4)
        .position(|four| four == b"PK\x05\x06")
        .unwrap();
    let entry = sound
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    // Numbers and lengths of members, of the directory, of names.
    let places = [
        (end + 8, 4),
        (end + 12, 4),
        (end + 16, 4),
        (entry + 20, 8),
        (entry + 28, 4),
        (entry + 42, 4),
        (22, 8),
        (26, 4),
    ];
    for (at, len) in places {
        let mut packed = sound.clone();
        packed[at..at + len].fill(0xfe);

        let (peak, ended) = peak(&packed, &[]);

        assert!(peak < 64, "{at}: {peak} MiB");
        let result = ended.result();
        assert!(result.totals.matches <= 10, "{at}");
        assert!(
            ended.status == Some(2) || result.totals.matches == 10,
            "{at}: {ended:?}"
        );
    }
}

#[test]
#[ignore = "a million members through a debug build take long; run by .ci/run"]
fn an_archive_of_a_million_members_takes_bounded_memory() {
    let members = 1_000_000;
    let folder = Folder::new();
    let file = std::fs::File::create(folder.file("x.tar")).unwrap();
    let mut builder = tar::Builder::new(std::io::BufWriter::new(file));
    for number in 0..members {
        let text = format!("{number} APIG.1002\n");
        let name = format!("logs/{:03}/{number:07}.log", number % 1000);
        builder
            .append_data(&mut header(text.len()), name, text.as_bytes())
            .unwrap();
    }
    builder.into_inner().unwrap().flush().unwrap();

    let (peak, ended) = peak_of(&folder, &["x.tar"]);

    let result = ended.result();
    let [folded] = &result.inputs[..] else {
        panic!("{:?}", result.inputs)
    };
    assert_eq!((folded.path.as_str(), folded.folded), ("*", Some(members)));
    assert_eq!((folded.lines, folded.matches), (members, members));
    assert_eq!(
        result.codes[0].samples[0].path,
        "x.tar!logs/000/0000000.log"
    );
    assert!(peak <= 256, "{peak} MiB");
}

#[test]
#[ignore = "10 GiB through a debug build take long; run by .ci/run"]
fn a_bomb_of_ten_gibibytes_takes_bounded_memory() {
    let packed = gzip(&bomb(64).repeat(160));

    let (peak, ended) = peak(&packed, &["-j", "2"]);

    assert_eq!(ended.status, Some(1), "{ended:?}");
    assert_eq!(ended.result().totals.bytes, 10 << 30);
    assert!(peak <= 256, "{peak} MiB");
}

#[test]
#[ignore = "gibibytes through a debug build take long; run by .ci/run"]
fn bombs_that_are_decompressed_ahead_take_bounded_memory() {
    let nuls = vec![0; 64 << 20];
    let bombs = [
        ("bgzf", bgzf(&nuls).repeat(4)),
        ("zstd", zstd(&nuls).repeat(4)),
        ("zstd, short", zstd(&nuls[..8 << 20]).repeat(32)),
        ("xz", xz_blocks(&nuls, 24 << 20).repeat(4)),
    ];
    for (what, packed) in bombs {
        let archive = deflated(&[("x.tar", &tar(&[("x", &packed)]))]);
        for (threads, packed) in [("2", &packed), ("256", &packed), ("4", &archive)] {
            let (peak, ended) = peak(packed, &["-j", threads]);

            assert_eq!(ended.status, Some(1), "{what}: {ended:?}");
            assert_eq!(ended.result().totals.bytes, 256 << 20, "{what}");
            assert!(peak <= 256, "{what}, -j {threads}: {peak} MiB");
        }
    }
}

#[test]
#[ignore = "100,000 archives through a debug build take long; run by .ci/run"]
fn a_nest_like_42_zip_takes_bounded_memory() {
    // Sixteen archives in each archive, five levels of them: a million files of 64 MiB, were they read.
    let mut inner = deflated(&[("0.dll", &bomb(64))]);
    for depth in 1..=5 {
        let names: Vec<String> = (0..16)
            .map(|number| format!("{depth}-{number}.zip"))
            .collect();
        let members: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*inner)).collect();
        inner = deflated(&members);
    }

    let (peak, ended) = peak(&inner, &[]);

    assert_eq!(ended.status, Some(2));
    let result = ended.result();
    let failed = result.inputs.iter().map(|input| match input.state {
        Failed | Partial => input.folded.unwrap_or(1),
        _ => 0,
    });
    assert_eq!(failed.sum::<u64>(), 16 * 16 * 16 * 16);
    assert!(peak <= 256, "{peak} MiB");
}

#[test]
#[ignore = "hundreds of windows through a debug build take long; run by .ci/run"]
fn as_many_threads_and_windows_as_there_may_be_take_bounded_memory() {
    let folder = Folder::new();
    let text = log(10_000);
    let (xz, zstd) = (xz_blocks(&text, 1 << 19), zstd(&text).repeat(3));
    for number in 0..100 {
        folder.write(&format!("{number}.xz"), &xz);
        folder.write(&format!("{number}.zst"), &zstd);
        folder.write(&format!("{number}.log"), &text);
    }
    for threads in ["1", "26", "256"] {
        let (peak, ended) = peak_of(&folder, &["-j", threads, "--dedup", "none", "."]);

        assert_eq!(ended.status, Some(0), "{ended:?}");
        assert_eq!(ended.result().totals.matches, 500 * 10_000);
        assert!(peak <= 256, "-j {threads}: {peak} MiB");
    }
}

#[test]
fn there_are_no_more_threads_than_the_memory_has_room_for() {
    let folder = Folder::with_log();

    let ended = folder.run(&["scan", "--stats", "-j", "256", "app.log"]);

    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(ended.err.contains("\nthreads: 25\n"), "{}", ended.err);
}
