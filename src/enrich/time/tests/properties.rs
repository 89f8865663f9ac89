//! What holds for any time and any bytes: (1) a time printed in a form is read back; (2) what a
//! reader remembers never changes a time; (3) nothing panics.

use jiff::civil::date;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

use super::*;

const NEW_YORK: &str = "America/New_York";

/// The forms as jiff prints them, with the digits of their fractions and whether they tell a zone.
const FORMS: [(&str, u32, bool); 25] = [
    ("%Y-%m-%dT%H:%M:%S%.9f%:z x", 9, true),
    ("%Y-%m-%dT%H:%M:%S%.3f%z x", 3, true),
    ("%Y-%m-%d %H:%M:%S,%3f ERROR", 3, false),
    ("%Y-%m-%d %H:%M:%S ERROR", 0, false),
    ("%Y-%m-%d %H:%M:%S%.6f %z CST m=+0.1", 6, true),
    ("%Y/%m/%d %H:%M:%S [error]", 0, false),
    ("%Y/%m/%d %H:%M:%S%.6f main.go:1: x", 6, false),
    ("<134>%b %e %H:%M:%S host app[1]: x", 0, false),
    ("<165>1 %Y-%m-%dT%H:%M:%S%.6f%:z host", 6, true),
    ("E%m%d %H:%M:%S%.6f    1 file.go:1] x", 6, false),
    ("10.0.0.1 - - [%d/%b/%Y:%H:%M:%S %z] x", 0, true),
    ("[%a %b %d %H:%M:%S%.6f %Y] [error]", 6, false),
    ("%a %b %e %H:%M:%S %Y", 0, false),
    ("%a, %d %b %Y %H:%M:%S %z", 0, true),
    ("%d-%b-%Y %H:%M:%S%.3f SEVERE", 3, false),
    ("%Y%m%dT%H%M%S%z x", 0, true),
    ("%Y%m%d %H:%M:%S x", 0, false),
    ("%Y/%m/%d - %H:%M:%S | 401 |", 0, false),
    ("%Y年%m月%d日 %H:%M:%S 失败", 0, false),
    ("%b %d, %Y %-I:%M:%S %p x", 0, false),
    ("%Y-%m-%d %I:%M:%S%.3f %p %z x", 3, true),
    ("%s%.3f x", 3, true),
    ("%y/%m/%d %H:%M:%S INFO x", 0, false),
    ("%Y-%m-%d\t%H:%M:%S\tx", 0, false),
    (r#"{"msg":"x","ts":%s%6f}"#, 6, true),
];

/// What may stand before a stamp.
const BEGINNINGS: &[&str] = &[
    "",
    "",
    "x ",
    "[",
    "{\"time\":\"",
    "{\"ts\":1,\"time\":\"",
    "{\"a\":{\"time\":\"",
    "x {\"a\":{\"b\":\"",
    "E1 Nov 2 ",
    "a=1 ",
];

/// A byte that another takes the place of, in half of the lines.
fn damage() -> impl Strategy<Value = Option<(usize, u8)>> {
    let bytes = prop::sample::select(b"0179:-/T {\"N<.".as_slice());
    prop::option::of((0_usize..40, bytes))
}

proptest! {
    #[test]
    fn a_time_in_any_form_is_read_back_to_the_forms_precision(
        second in 0_i64..360 * 86_400,
        nanosecond in 0_i32..1_000_000_000,
        quarters in -48_i32..=56,
        zone in prop::sample::select(&[SHANGHAI, NEW_YORK, "Australia/Lord_Howe", "UTC"]),
    ) {
        let zone = parse_zone(zone).unwrap();
        let mut reader = TimeReader::new(zone.clone());
        let time = file_time() - SignedDuration::new(second, -nanosecond);
        let other = TimeZone::fixed(Offset::from_seconds(quarters * 900).unwrap());

        for (form, digits, has_zone) in FORMS {
            let zoned = time.to_zoned(if has_zone { other.clone() } else { zone.clone() });
            let line = zoned.strftime(form).to_string();
            // What a fold repeats is read as its first time.
            let first = if has_zone { time } else { zone.to_timestamp(zoned.datetime()).unwrap() };
            let unit = 10_i32.pow(9 - digits);
            let nanosecond = first.subsec_nanosecond() / unit * unit;
            let expected = Timestamp::new(first.as_second(), nanosecond).ok();

            prop_assert_eq!(reader.read(line.as_bytes(), file_time()), expected, "line: {}", line);
        }
    }

    #[test]
    fn what_is_remembered_never_changes_a_time(
        picks in prop::collection::vec(
            (0..FORMS.len(), -2_i64..64, 0_usize..5, prop::sample::select(BEGINNINGS), damage()),
            1..40,
        ),
    ) {
        let mut remembering = reader(NEW_YORK);
        let fold = date(2026, 11, 1).at(1, 59, 58, 0).to_zoned(remembering.resolver.zone.clone()).unwrap();

        for (form, second, ending, beginning, damage) in picks {
            let time = fold.checked_add(second.seconds()).unwrap();
            let ending = ["", "7 2025", " time=2026-11-22T10:00:00Z", " Asia/Tokyo", "\"},\"ts\":1795341600"][ending];
            let line = format!("{beginning}{}{ending}", time.strftime(FORMS[form].0));
            let mut line = line.into_bytes();
            if let Some((at, byte)) = damage.filter(|(at, _)| *at < line.len()) {
                line[at] = byte;
            }
            let fresh = reader(NEW_YORK).read(&line, file_time());

            let remembered = remembering.read(&line, file_time());
            prop_assert_eq!(remembered, fresh, "line: {}", line.escape_ascii());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(line in prop::collection::vec(any::<u8>(), 0..700)) {
        reader(SHANGHAI).read(&line, file_time());
    }

    #[test]
    fn no_piece_or_damage_of_a_stamp_makes_it_panic(
        form in 0..FORMS.len(), from in 0_usize..60, to in 0_usize..60, at in 0_usize..60, byte: u8,
        file_second in -377_705_023_201_i64..=253_402_207_200,
    ) {
        let stamp = file_time().to_zoned(TimeZone::UTC).strftime(FORMS[form].0).to_string();
        let mut line = stamp.into_bytes();
        if let Some(place) = line.get_mut(at) {
            *place = byte;
        }
        let to = to.min(line.len());
        let file_time = Timestamp::from_second(file_second).unwrap();

        reader(SHANGHAI).read(&line[from.min(to)..to], file_time);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "(?s)[-+@0-9smhdw:T. \\PC]{0,24}") {
        let _ = parse_bound(&text, &TimeZone::UTC, file_time());
        let _ = (parse_width(&text), parse_zone(&text));
    }
}
