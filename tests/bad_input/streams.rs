//! Standard input and output that end early, are closed, or begin slowly.

use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};

use errsift::tally::result::InputState::{Complete, Failed};

use crate::support::{Ended, Folder, LINE, ended};
use crate::{counts, states};

/// The program with standard input as `redirection` makes it.
fn redirected(redirection: &str) -> Ended {
    let script = format!("exec \"$0\" scan -f json {redirection}");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_errsift")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    ended(command.spawn().unwrap())
}

#[test]
fn a_closed_standard_input_is_empty() {
    let ended = redirected("<&-");

    assert_eq!((ended.status, ended.err.as_str()), (Some(1), ""));
    let result = ended.result();
    assert_eq!(states(&result), [("-", Complete, "")]);
    assert_eq!((result.totals.bytes, result.totals.lines), (0, 0));
}

#[test]
fn a_folder_as_standard_input_is_an_error() {
    let ended = redirected("</");

    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.err, "errsift: -: Is a directory (os error 21)\n");
    assert_eq!(
        states(&ended.result()),
        [("-", Failed, "Is a directory (os error 21)")]
    );
}

/// The program with `parts` on standard input, each of which is the result of one read.
fn in_parts(parts: &[&[u8]]) -> Ended {
    let folder = Folder::new();
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    let mut command = folder.command(&["scan", "-f", "json"]);
    command.stdin(Stdio::from(OwnedFd::from(theirs)));
    let child = command.spawn().unwrap();
    for part in parts.iter().chain(&[&b""[..]]) {
        ours.send(part).unwrap();
    }
    ended(child)
}

#[test]
fn a_stream_that_begins_byte_by_byte_is_told_by_its_content() {
    let packed = in_parts(&[b"7", b"z\xbc\xaf", b"\x27\x1c APIG.1002\n"]);
    let wide: Vec<u8> = "APIG.1002\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let wide = in_parts(&[b"\xff", b"\xfe", &wide[..1], &wide[1..]]);
    let plain = in_parts(&[b"A", b"PIG.10", b"02", b"\nB"]);

    assert_eq!(
        states(&packed.result()),
        [(
            "-",
            Failed,
            "is packed (7z), expected plain text or gzip, zstd, xz, bzip2, lz4, tar or zip; \
             unpack it first"
        )]
    );
    assert_eq!(counts(&wide.result()), [("APIG.1002", 1, 1)]);
    assert_eq!(counts(&plain.result()), [("APIG.1002", 1, 1)]);
    assert_eq!(plain.result().totals.lines, 2);
}

#[test]
fn a_reader_that_has_seen_enough_ends_every_format_quietly() {
    let folder = Folder::new();
    let codes = folder.run(&["codes", "list", "-f", "csv"]).out;
    let codes: Vec<&str> = codes
        .lines()
        .filter_map(|line| line.split(',').next())
        .collect();
    folder.write("all.log", codes.join("\n"));
    folder.run(&["scan", "all.log", "-o", "r.json"]);
    for verb in [&["scan", "all.log"][..], &["report", "r.json"]] {
        for format in ["table", "json", "csv", "markdown", "html", "text", "ndjson"] {
            if verb[0] == "report" && matches!(format, "text" | "ndjson") {
                continue;
            }
            let mut command = folder.command(verb);
            command.args(["-f", format]);
            let mut child = command.spawn().unwrap();
            let mut first = String::new();
            BufReader::with_capacity(1, child.stdout.take().unwrap())
                .read_line(&mut first)
                .unwrap();

            let ended = ended(child);

            assert!(!first.is_empty());
            assert_eq!(
                (ended.status, ended.err.as_str()),
                (Some(0), ""),
                "{verb:?} {format}"
            );
        }
    }
}

#[test]
fn codes_and_paths_may_come_through_pipes() {
    let folder = Folder::new();
    folder.write("app.log", format!("{LINE}ORA-00942 ORA-00955\n"));
    let script =
        "exec \"$0\" scan -f json app.log --catalog <(echo ORA-00942) --catalog <(echo ORA-00955)";
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_errsift")]);
    command.current_dir(folder.path());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());

    let ended = ended(command.spawn().unwrap());

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert_eq!(
        counts(&ended.result()),
        [
            ("APIG.1002", 1, 1),
            ("ORA-00942", 1, 1),
            ("ORA-00955", 1, 1)
        ]
    );
}
