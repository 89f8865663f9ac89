//! Gzip, of one member or many.

#![no_main]

use errsift_fuzz::{Format, check};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus { check(Format::Gzip, data) });
