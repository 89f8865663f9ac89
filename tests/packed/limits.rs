//! What asks for too much is refused, and says what it asks for.

use std::io::Write;

use errsift::tally::result::InputState::Failed;

use crate::pack::log;
use crate::states;
use crate::support::Folder;

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
