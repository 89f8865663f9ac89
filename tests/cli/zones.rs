//! In which zone a time is that names none.

use crate::support::Folder;

/// When `2026-11-22 10:00:00` is with `options` and this `TZ`.
fn told(options: &[&str], tz: &str) -> Option<String> {
    let args = [&["scan", "-f", "json"], options].concat();
    let line = "2026-11-22 10:00:00 ERROR APIG.1002\n";
    let ended = Folder::new().run_with(&args, line, &[("TZ", tz)]);
    ended.result().time.first
}

#[test]
fn the_zone_is_the_one_that_the_environment_names_in_any_of_its_forms() {
    let at = |hour| Some(format!("2026-11-22T{hour}:00:00Z"));

    for shanghai in [
        "Asia/Shanghai",
        "asia/shanghai",
        ":Asia/Shanghai",
        "/usr/share/zoneinfo/Asia/Shanghai",
        ":/usr/share/zoneinfo/Asia/Shanghai",
        "PRC",
        "CST-8",
    ] {
        assert_eq!(told(&[], shanghai), at("02"), "{shanghai}");
    }
    for utc in ["", "UTC", "UTC0", "Etc/UTC", "Asia/Nowhere", "nonsense"] {
        assert_eq!(told(&[], utc), at("10"), "{utc}");
    }
}

#[test]
fn a_zone_that_is_asked_for_goes_before_the_environment() {
    let first = told(&["--tz", "Asia/Tokyo"], "America/New_York");
    assert_eq!(first.as_deref(), Some("2026-11-22T01:00:00Z"));

    let first = told(&["--tz", "local"], "America/New_York");
    assert_eq!(first.as_deref(), Some("2026-11-22T15:00:00Z"));
}
