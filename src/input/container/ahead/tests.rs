//! Whoever decompresses them, pieces read as the whole does in order.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use proptest::prelude::*;

use super::{Helpers, Work};
use crate::input::container::{Compression, Context, Limits, Memory, decompress};

/// The text of `packed` and the fault that ends it.
fn read(format: Compression, packed: &[u8], helpers: Option<Helpers>) -> (Vec<u8>, String) {
    let memory = Memory::new(Limits::default().max_memory, 2);
    let context = Context::new(&Arc::default(), &memory);
    let context = match helpers {
        Some(helpers) => context.helped(helpers),
        None => context,
    };
    let mut text = Vec::new();
    let end =
        decompress(format, packed, &context).and_then(|mut source| source.read_to_end(&mut text));
    let remarks = context.take_remarks().join("; ");
    (
        text,
        end.map_or_else(|error| error.to_string(), |_| remarks),
    )
}

/// The same with so many threads, the reader's included.
fn read_with(threads: usize, format: Compression, packed: &[u8]) -> (Vec<u8>, String) {
    let (offered, work) = mpsc::channel::<Work>();
    let work = Mutex::new(work);
    let next = || work.lock().ok()?.recv().ok();
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| std::iter::from_fn(next).for_each(|work| work()));
        }
        let helpers = Helpers::new(threads, true, move |work| {
            offered.send(work).expect("the threads wait for it");
        });
        read(format, packed, Some(helpers))
    })
}

/// Lines that compress as logs do.
fn text(len: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut text = Vec::with_capacity(len + 64);
    while text.len() < len {
        state = state
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        writeln!(
            text,
            "2026-11-22 INFO order {} paid in {} ms",
            state >> 40,
            state >> 58
        )
        .expect("a vector takes everything");
    }
    text.truncate(len);
    text
}

fn zstd_frame(text: &[u8], is_stated: bool) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("there is memory");
    encoder
        .include_checksum(text.len().is_multiple_of(2))
        .expect("it can be chosen");
    if is_stated {
        encoder
            .set_pledged_src_size(Some(text.len() as u64))
            .expect("it can be stated");
    }
    encoder.write_all(text).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// Members of at most 64 KiB that state their length.
fn bgzf(text: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    for part in text.chunks(0xff00) {
        let mut encoder = flate2::GzBuilder::new()
            .extra(b"BC\x02\0\0\0".to_vec())
            .write(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part).expect("a vector takes everything");
        let mut member = encoder.finish().expect("a vector takes everything");
        let len = u16::try_from(member.len() - 1).expect("a member is short");
        member[16..18].copy_from_slice(&len.to_le_bytes());
        packed.extend(member);
    }
    packed
}

fn xz_blocks(text: &[u8], block_bytes: u64) -> Vec<u8> {
    let mut builder = liblzma::stream::MtStreamBuilder::new();
    builder.threads(2).preset(0).block_size(block_bytes);
    builder.check(liblzma::stream::Check::Crc64);
    let stream = builder.encoder().expect("the options are sound");
    let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    encoder.write_all(text).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Zstd,
    Bgzf,
    Xz,
}

impl Kind {
    fn format(self) -> Compression {
        match self {
            Kind::Zstd => Compression::Zstd,
            Kind::Bgzf => Compression::Gzip,
            Kind::Xz => Compression::Xz,
        }
    }

    /// Parts with texts of these lengths, one after another.
    fn pack(self, lens: &[usize]) -> (Vec<u8>, Vec<u8>) {
        let (mut whole, mut packed) = (Vec::new(), Vec::new());
        for (&len, number) in lens.iter().zip(0_u64..) {
            let text = text(len, number);
            packed.extend(match self {
                Kind::Zstd => zstd_frame(&text, number % 3 > 0),
                Kind::Bgzf => bgzf(&text),
                Kind::Xz => xz_blocks(&text, 40_000 + number * 1000),
            });
            whole.extend(text);
        }
        (whole, packed)
    }
}

#[derive(Clone, Debug)]
enum Damage {
    None,
    Flip(usize, u8),
    Cut(usize),
    Insert(usize, Vec<u8>),
}

impl Damage {
    /// Does it to `packed`, at this part of its length.
    fn apply(&self, packed: &mut Vec<u8>) {
        let place = |at: &usize| at % packed.len().max(1);
        match self {
            Damage::None => {}
            Damage::Flip(at, bit) => {
                let at = place(at);
                packed[at] ^= 1 << bit;
            }
            Damage::Cut(at) => packed.truncate(place(at)),
            Damage::Insert(at, bytes) => {
                let at = place(at);
                packed.splice(at..at, bytes.iter().copied());
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        Just(Damage::None),
        (any::<usize>(), 0_u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        any::<usize>().prop_map(Damage::Cut),
        (
            any::<usize>(),
            prop::collection::vec(prop_oneof![Just(0), any::<u8>()], 1..40)
        )
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

/// The length of a zstd frame's checksum. Its library takes those of its bytes that a read ends with.
const CHECKSUM_BYTES: u64 = 4;

/// What is said in the end without the byte that is named, and that byte.
fn end(said: &str) -> (String, u64) {
    let (before, rest) = said.split_once("at byte ").unwrap_or((said, ""));
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (byte, behind) = rest.split_at(digits);
    (
        format!("{before}{behind}"),
        byte.parse().unwrap_or_default(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn pieces_read_as_the_whole_does(
        kind in prop_oneof![Just(Kind::Zstd), Just(Kind::Bgzf), Just(Kind::Xz)],
        lens in prop::collection::vec(prop_oneof![0..2000_usize, 0..300_000_usize], 1..6),
        damage in damage(),
        threads in 1..=4_usize,
    ) {
        let (whole, mut packed) = kind.pack(&lens);
        damage.apply(&mut packed);

        let in_order = read(kind.format(), &packed, None);
        let ahead = read_with(threads, kind.format(), &packed);

        if matches!(damage, Damage::None) {
            prop_assert!(in_order.0 == whole);
        }
        let (end, expected) = (end(&ahead.1), end(&in_order.1));
        prop_assert_eq!(&end.0, &expected.0);
        let slack = if matches!(kind, Kind::Zstd) { CHECKSUM_BYTES } else { 0 };
        prop_assert!(end.1.abs_diff(expected.1) <= slack, "{} and {}", ahead.1, in_order.1);
        prop_assert!(ahead.0 == in_order.0, "{} and {} bytes", ahead.0.len(), in_order.0.len());
    }
}

/// How much of `packed` is given before its end or fault, read so many bytes at a time.
fn given(format: Compression, packed: &[u8], room: usize) -> usize {
    let memory = Memory::new(Limits::default().max_memory, 1);
    let context = Context::new(&Arc::default(), &memory);
    let mut source = decompress(format, packed, &context).expect("it begins soundly");
    let mut out = vec![0; room];
    let reads = std::iter::from_fn(|| source.read(&mut out).ok().filter(|&read| read > 0));
    reads.sum()
}

#[test]
fn text_before_a_wrong_checksum_is_given_whatever_room_there_is() {
    for len in [1, 22_076, 150_000, 400_000] {
        let mut packed = zstd_frame(&text(len, 1), true);
        if len % 2 == 0 {
            let last = packed.len() - 1;
            packed[last] ^= 1;
        }
        for room in [1, 7, 1000, 8192, 16_384, 131_072, 1 << 20] {
            assert_eq!(given(Compression::Zstd, &packed, room), len, "{room}");
        }
    }
}

#[test]
fn what_comes_next_is_decompressed_while_nobody_reads() {
    for kind in [Kind::Zstd, Kind::Bgzf, Kind::Xz] {
        let (whole, packed) = kind.pack(&[3_000_000, 3_000_000]);
        let (offered, work) = mpsc::channel::<Work>();
        let helpers = Helpers::new(2, true, move |work| {
            // Whoever is gone needs no help.
            drop(offered.send(work));
        });
        let memory = Memory::new(Limits::default().max_memory, 2);
        let context = Context::new(&Arc::default(), &memory).helped(helpers);
        let mut source = decompress(kind.format(), &packed[..], &context).expect("it is sound");
        let mut text = vec![0; 1];
        source.read_exact(&mut text).expect("there is text");
        // The reader's thread is held up here until another has decompressed all that was offered.
        let done = thread::scope(|scope| {
            let helper = scope.spawn(move || work.try_iter().map(|work| work()).count());
            helper.join().expect("helping does not panic")
        });
        assert!(done > 1, "{kind:?}: {done}");

        source.read_to_end(&mut text).expect("it is sound");
        assert!(text == whole, "{kind:?}");
    }
}
