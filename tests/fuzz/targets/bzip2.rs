//! Bzip2 streams.

#![no_main]

use errsift_fuzz::{Format, check};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus { check(Format::Bzip2, data) });
