//! What the names of rotated logs tell: `x.log.1`, `x.log-20261122.gz` and `x-2.log` are of the
//! family of `x.log`.
//!
//! A name alone decides nothing about a text. It says which texts are worth comparing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The endings of compressed files, and of those that are being compressed (kubelet).
const PACKED: &[&str] = &[".gz", ".zst", ".xz", ".bz2", ".lz4", ".Z", ".zip", ".tmp"];

/// The endings that stand for an earlier file without a number.
const EARLIER: &[&str] = &[".old", ".bak", ".prev", "~"];

/// The file that a rotated log was before, by its name: itself where it is not rotated.
pub(super) fn family(path: &Path) -> PathBuf {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return path.to_owned();
    };
    let name = without_any(name, PACKED);
    let name = without_any(name, EARLIER);
    let name = named(without_number(name), name);
    let family = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => {
            format!("{}.{extension}", named(without_number(stem), stem))
        }
        _ => name.to_owned(),
    };
    path.with_file_name(family)
}

/// The name of the log that a file is or was, in whatever folder.
pub(super) fn log_name(path: &Path) -> OsString {
    family(path).file_name().unwrap_or_default().to_owned()
}

/// Whether a file was rotated, by its name.
pub(super) fn is_rotated(path: &Path) -> bool {
    family(path) != path
}

/// Whether the name of `path` is what a rotation makes of the very name of `current`.
pub(super) fn is_generation_of(path: &Path, current: &Path) -> bool {
    let name = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    let (Some(name), Some(current_name)) = (name(path), name(current)) else {
        return false;
    };
    let Some(suffix) = name.strip_prefix(&current_name) else {
        return false;
    };
    let suffix = without_any(suffix, PACKED);
    EARLIER.contains(&suffix) || (!suffix.is_empty() && without_number(suffix).is_empty())
}

/// The number of a generation, the greater the older; 0 where it has none.
pub(super) fn number(path: &Path) -> u32 {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = without_any(name.unwrap_or_default(), PACKED);
    let number = name.rsplit_once('.').map(|(_, number)| number);
    // A longer one is a date, and then the smaller is the older.
    let number = number.filter(|number| number.len() < 6);
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A name of digits alone is no number behind a name.
fn named<'n>(stripped: &'n str, name: &'n str) -> &'n str {
    if stripped.is_empty() { name } else { stripped }
}

fn without_any<'n>(name: &'n str, endings: &[&str]) -> &'n str {
    let stripped = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stripped.unwrap_or(name)
}

/// Without a number or a date at the end, and what separates it.
fn without_number(name: &str) -> &str {
    let is_separator = |c: char| matches!(c, '.' | '-' | '_');
    let rest = name.trim_end_matches(|c: char| c.is_ascii_digit() || is_separator(c) || c == 'T');
    let rest = &name[..rest.len()];
    let number = &name[rest.len()..];
    // A number must follow a separator: `app2` is not rotated.
    match number.find(is_separator) {
        Some(separator) if number[separator..].contains(|c: char| c.is_ascii_digit()) => {
            &name[..rest.len() + separator]
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_log_is_of_the_family_of_the_current_one() {
        for name in [
            "x.log",
            "x.log.1",
            "x.log.12.gz",
            "x.log-20261122",
            "x.log-20261122T1000.zst",
            "x.log.2026-11-22.gz",
            "x.log.old",
            "x.log.gz",
            "x-2026-11-22.log",
            "x.3.log.gz",
        ] {
            assert_eq!(family(Path::new(name)), Path::new("x.log"), "{name}");
        }
        for name in ["x2.log", "x.log.audit", "2026.log", "x", ".1", "log.d"] {
            assert_eq!(family(Path::new(name)), Path::new(name), "{name}");
            assert!(!is_rotated(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_generation_has_the_whole_name_of_the_current_one() {
        let is = |name: &str| is_generation_of(Path::new(name), Path::new("d/x.log"));
        for name in [
            "d/x.log.1",
            "d/x.log-20261122.gz",
            "d/x.log.gz",
            "d/x.log.old",
            "d/old/x.log.1",
        ] {
            assert_eq!(is(name), name != "d/x.log.gz", "{name}");
        }
        for name in ["d/x.log", "d/x-1.log", "d/x.log.audit", "d/x.logs.1"] {
            assert!(!is(name), "{name}");
        }
    }
}
