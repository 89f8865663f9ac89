//! Reads what a user writes for a time, a width of time or a zone.
//!
//! Errors say what was expected; whoever reads the command line puts the value and the option
//! before it.

use std::env;
use std::fs;
use std::path::Path;

use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::tail;

const BOUND: &str = "expected a time such as 2026-11-22T10:00:00Z, '2026-11-22 10:00', 10:00, \
                     90m (ago), now or @1763805600";
const WIDTH: &str = "expected a number and a unit, such as 30s, 5m, 1h or 1d";
const ZONE: &str = "expected a zone such as Asia/Shanghai, +08:00, UTC or local";

/// Where a system keeps its zones.
const ZONES: &str = "/usr/share/zoneinfo";

/// Where a system keeps the zone it is in.
const LOCAL: &str = "/etc/localtime";

/// Parses a time: RFC 3339, a date with or without a time, a time of today, `90m` before `now`,
/// `now`, or an epoch `@1763805600`.
///
/// A date alone is its first moment. What has no zone is in `zone`; a day ago is 24 hours ago.
///
/// # Errors
///
/// Says what was expected.
pub fn parse_bound(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    let time = if text.eq_ignore_ascii_case("now") {
        Some(now)
    } else if let Some(epoch) = text.strip_prefix('@') {
        parse_epoch(epoch)
    } else if let Some(seconds) = parse_seconds(text) {
        now.checked_sub(SignedDuration::from_secs(seconds)).ok()
    } else {
        parse_date_time(text, zone, now)
    };
    time.ok_or_else(|| BOUND.to_owned())
}

/// Parses a width of time, `30s 5m 1h 1d 1w`, in seconds; it is over 0.
///
/// # Errors
///
/// Says what was expected.
pub fn parse_width(text: &str) -> Result<i64, String> {
    parse_seconds(text.trim())
        .filter(|seconds| *seconds > 0)
        .ok_or_else(|| WIDTH.to_owned())
}

/// Parses a zone: an IANA name, `UTC`, `Z`, `+08:00`, `+0800`, `+08` or `local`.
///
/// # Errors
///
/// Says what was expected.
pub fn parse_zone(text: &str) -> Result<TimeZone, String> {
    let text = text.trim();
    let zone = match text {
        "Z" | "z" => Some(TimeZone::UTC),
        _ if text.eq_ignore_ascii_case("utc") => Some(TimeZone::UTC),
        _ if text.eq_ignore_ascii_case("local") => Some(local_zone()),
        _ if text.starts_with(['+', '-']) => parse_offset(text).map(TimeZone::fixed),
        _ => zone_file(text).or_else(|| TimeZone::get(text).ok()),
    };
    zone.ok_or_else(|| ZONE.to_owned())
}

/// The zone of this system, or the one that `TZ` names.
///
/// It is what [`TimeZone::system`] returns, which first lists every zone there is: that takes a
/// millisecond, so it is asked only where a file does not tell.
pub fn local_zone() -> TimeZone {
    let told = match env::var_os("TZ") {
        None => read_zone(Path::new(LOCAL)),
        Some(name) if name == "UTC" => Some(TimeZone::UTC),
        Some(name) => name.to_str().and_then(zone_file),
    };
    told.unwrap_or_else(TimeZone::system)
}

/// The zone with this name, where it is written as its file is.
fn zone_file(name: &str) -> Option<TimeZone> {
    // Not a path to anywhere else, nor to the forms of zones below `right` and `posix`.
    let is_part = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
    let is_place = name.contains('/') && name.split('/').all(is_part);
    is_place.then(|| read_zone(&Path::new(ZONES).join(name)))?
}

fn read_zone(file: &Path) -> Option<TimeZone> {
    if env::var_os("TZDIR").is_some() {
        return None;
    }
    let name = file.strip_prefix(ZONES).unwrap_or(file).to_str()?;
    TimeZone::tzif(name, &fs::read(file).ok()?).ok()
}

fn parse_offset(text: &str) -> Option<Offset> {
    let (seconds, length) = tail::offset(text.as_bytes(), 2)?;
    (length == text.len()).then(|| Offset::from_seconds(seconds).ok())?
}

/// `1763805600` or `1763805600.5`. Signs are refused, which `parse` alone would take.
fn parse_epoch(text: &str) -> Option<Timestamp> {
    let (second, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(second) || !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    Timestamp::new(
        second.parse().ok()?,
        format!("{fraction:0<9}").parse().ok()?,
    )
    .ok()
}

fn parse_seconds(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let number = text.strip_suffix(unit)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let unit_seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit_seconds)
}

fn parse_date_time(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    // jiff reads a time with a zone's name as one in any zone.
    if text.contains('[') {
        return None;
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let local = if text.get(2..3) == Some(":") {
        zone.to_datetime(now)
            .date()
            .to_datetime(text.parse::<Time>().ok()?)
    } else {
        text.parse::<DateTime>().ok()?
    };
    zone.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SHANGHAI, timestamp};
    use super::*;

    fn now() -> Timestamp {
        timestamp("2026-11-22T20:00:00Z")
    }

    #[test]
    fn bounds_are_parsed() {
        let zone = parse_zone(SHANGHAI).unwrap();
        let cases = [
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00:00.5+08:00", "2026-11-22T02:00:00.5Z"),
            ("2026-11-22 10:00:00+0800", "2026-11-22T02:00:00Z"),
            ("2026-11-22", "2026-11-21T16:00:00Z"),
            ("2026-11-22 10:00", "2026-11-22T02:00:00Z"),
            ("2026-11-22T10:00:30", "2026-11-22T02:00:30Z"),
            ("10:00", "2026-11-23T02:00:00Z"),
            ("10:00:30", "2026-11-23T02:00:30Z"),
            ("30s", "2026-11-22T19:59:30Z"),
            ("90m", "2026-11-22T18:30:00Z"),
            ("2h", "2026-11-22T18:00:00Z"),
            ("3d", "2026-11-19T20:00:00Z"),
            ("1w", "2026-11-15T20:00:00Z"),
            ("now", "2026-11-22T20:00:00Z"),
            ("@1795341600", "2026-11-22T10:00:00Z"),
            ("@1795341600.25", "2026-11-22T10:00:00.25Z"),
        ];

        for (text, expected) in cases {
            assert_eq!(
                parse_bound(text, &zone, now()),
                Ok(timestamp(expected)),
                "bound: {text}"
            );
        }
    }

    #[test]
    fn wrong_bounds_are_refused_with_what_was_expected() {
        let texts = [
            "",
            "x",
            "@",
            "@-5",
            "@1.",
            "m",
            "-5m",
            "1y",
            "2026-13-01",
            "2026-11-22 25:00",
            "25:00",
            "10:00Z",
            "99999999999999999999d",
            "999999999999999w",
            "2026-11-22T10:00:00[Asia/Shanghai]",
            "时间",
        ];

        for text in texts {
            let parsed = parse_bound(text, &TimeZone::UTC, now());
            let Err(message) = parsed else {
                panic!("'{text}' gives {parsed:?}")
            };
            assert!(
                message.starts_with("expected a time such as"),
                "'{text}': {message}"
            );
        }
    }

    #[test]
    fn widths_are_seconds_over_zero() {
        let widths = ["30s", "1m", "5m", "1h", "1d"].map(|text| parse_width(text).unwrap());
        assert_eq!(widths, [30, 60, 300, 3600, 86_400]);

        for text in [
            "",
            "0s",
            "5",
            "m",
            "-1m",
            "1.5h",
            "1y",
            "9223372036854775807d",
        ] {
            assert!(parse_width(text).is_err(), "width: {text}");
        }
    }

    #[test]
    fn zones_are_names_or_offsets() {
        for (text, seconds) in [
            ("UTC", 0),
            ("Z", 0),
            ("+08:00", 28_800),
            ("+0800", 28_800),
            ("-03", -10_800),
            (SHANGHAI, 28_800),
        ] {
            assert_eq!(
                parse_zone(text).unwrap().to_offset(now()).seconds(),
                seconds,
                "zone: {text}"
            );
        }
        assert_eq!(parse_zone("local"), Ok(local_zone()));

        for text in ["", "+", "+25:00", "+08:00x", "Asia/Nowhere", "8"] {
            assert!(parse_zone(text).is_err(), "zone: {text}");
        }
    }

    #[test]
    fn the_local_zone_is_the_one_of_the_system() {
        let (local, system) = (local_zone(), TimeZone::system());

        for month in 0..12 * 80 {
            let time = Timestamp::from_second(month * 30 * 86_400).unwrap();
            assert_eq!(local.to_offset(time), system.to_offset(time), "{time}");
        }
    }

    #[test]
    fn the_file_of_a_zone_is_the_zone() {
        for name in ["Asia/Shanghai", "America/Argentina/Ushuaia", "Etc/GMT+8"] {
            assert_eq!(zone_file(name), TimeZone::get(name).ok(), "{name}");
        }
    }

    #[test]
    fn only_a_name_is_looked_for_among_the_files_of_zones() {
        for name in [
            "right/Asia/Shanghai",
            "Asia/../right/Asia/Shanghai",
            "/usr/share/zoneinfo/Asia/Shanghai",
            "/etc/localtime",
            "asia/shanghai",
            "Asia",
            "Asia/",
            "tzdata.zi",
            "",
        ] {
            assert_eq!(zone_file(name), None, "{name}");
        }
    }
}
