//! Tar archives of every dialect.

#![no_main]

use errsift_fuzz::{Format, check};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus { check(Format::Tar, data) });
