//! One line of any length: exact counts in bounded memory.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;

use errsift::tally::result::ScanResult;

use crate::pipes::{make_pipe, open_writer};
use crate::support::{Folder, ended};

const MIB: u64 = 1 << 20;

/// How far the codes of the line stand apart, in bytes.
const STEP: u64 = 10 * MIB;

const CODE: &[u8] = b" APIG.1002 ";

/// The most memory that the program may take, in KiB.
const BOUND_KIB: u64 = 64 * 1024;

/// Enough to show that the line is nowhere held as a whole, yet quick without optimisation.
const LONG_MIB: u64 = 96;

/// The most memory that the process has had, in KiB.
fn peak_kib(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().strip_suffix(" kB").unwrap();
    peak.parse().unwrap()
}

fn assert_counted(result: &ScanResult, bytes: u64, codes: u64) {
    let totals = &result.totals;
    assert_eq!((totals.bytes, totals.lines), (bytes, 1));
    assert_eq!((totals.matches, totals.matched_lines), (codes, 1));
    let row = &result.codes[0];
    assert_eq!((row.count, row.lines), (codes, 1));
    let sample = &row.samples[0];
    assert_eq!((sample.line, sample.offset), (1, 1));
    assert!(sample.text.len() <= 1024, "{}", sample.text.len());
    assert!(sample.cut);
}

/// A line from a pipe, made while it is read.
fn scan_piped(line_mib: u64) {
    let folder = Folder::new();
    let mut child = folder
        .command(&["scan", "-f", "json", "-j", "4"])
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let filler = "the quick brown fox ".repeat(60_000).into_bytes();
    let filler = &filler[..MIB as usize];
    for mib in 0..line_mib {
        let is_code = (mib * MIB).is_multiple_of(STEP);
        let code = if is_code { CODE } else { &[] };
        stdin.write_all(code).unwrap();
        stdin.write_all(&filler[code.len()..]).unwrap();
    }

    let peak = peak_kib(child.id());
    drop(stdin);
    let ended = ended(child);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let codes = (line_mib * MIB).div_ceil(STEP);
    assert_counted(&ended.result(), line_mib * MIB, codes);
    assert!(peak < BOUND_KIB, "{peak} KiB");
}

/// A line in a file, which is NULs but for the codes.
fn scan_sparse(line_mib: u64) {
    let folder = Folder::new();
    let bytes = line_mib * MIB;
    let file = File::create(folder.file("long.log")).unwrap();
    file.set_len(bytes).unwrap();
    for at in (0..bytes).step_by(STEP as usize) {
        file.write_all_at(CODE, at).unwrap();
    }
    make_pipe(&folder, "last");
    let child = folder
        .command(&["scan", "-f", "json", "-j", "4", "long.log", "last"])
        .spawn()
        .unwrap();

    // Pipes are opened after files have been read.
    let last = open_writer(&folder, "last");
    let peak = peak_kib(child.id());
    drop(last);
    let ended = ended(child);

    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert_counted(&ended.result(), bytes, bytes.div_ceil(STEP));
    assert!(peak < BOUND_KIB, "{peak} KiB");
}

#[test]
fn a_long_line_from_a_pipe_is_counted_in_bounded_memory() {
    scan_piped(LONG_MIB);
}

#[test]
fn a_long_line_in_a_file_is_counted_in_bounded_memory() {
    scan_sparse(LONG_MIB);
}

#[test]
#[ignore = "1 GiB through a debug build takes long; run by .ci/run"]
fn a_line_of_1_gib_is_counted_in_bounded_memory() {
    scan_piped(1024);
    scan_sparse(1024);
}
