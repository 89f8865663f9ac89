//! How far a scan is, is told by the bytes of the files themselves.

use std::sync::Arc;

use errsift::catalog::{Catalog, Lang};
use errsift::input::{Selection, collect};
use errsift::matcher::{MatchOptions, Matcher};
use errsift::pipeline::{Control, Setup, scan};
use errsift::tally::TallyOptions;

use crate::pack::{COMPRESSIONS, bgzf, deflated, gzip, log, tar};
use crate::support::Folder;

#[test]
fn what_is_read_of_packed_files_adds_up_to_their_length() {
    let text = log(5_000);
    let members = [("a.log", &text[..]), ("b.log.gz", &gzip(&text))];
    let archives = [
        ("bgzf", bgzf(&text)),
        ("tar", tar(&members)),
        ("tar.gz", gzip(&tar(&members))),
        ("zip", deflated(&members)),
    ];
    let compressed = COMPRESSIONS.map(|(format, pack)| (format, pack(&text)));
    let catalog = Catalog::builtin().unwrap();
    let matcher = Matcher::new(&catalog, MatchOptions::default());
    for (format, packed) in compressed.into_iter().chain(archives) {
        for threads in [1, 3] {
            let folder = Folder::new();
            folder.write("x", &packed);
            let inputs = collect(&[folder.file("x")], &Selection::default());
            let total = inputs.total_bytes().unwrap();
            let setup = Setup {
                catalog: &catalog,
                matcher: &matcher,
                tally: Arc::new(TallyOptions::default()),
                zone: jiff::tz::TimeZone::UTC,
                threads,
                lang: Lang::En,
            };
            let control = Control::new().unwrap();

            scan(&setup, inputs, &control);

            // The headers of an archive in a file are passed over.
            let read = control.bytes_read();
            assert!(
                (total - total / 50..=total).contains(&read),
                "{format}: {read} of {total}"
            );
        }
    }
}
