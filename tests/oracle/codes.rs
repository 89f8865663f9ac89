//! Which code, known or unknown, begins at a position.

use super::line::Line;
use super::{Rules, slot};

/// An unknown code longer than this is not reported.
const MAX_UNKNOWN_BYTES: usize = 256;

/// What begins at a position, with the offset just after it.
#[derive(Debug, Clone, Copy)]
pub enum Hit {
    /// A catalogued code.
    Known(usize),
    /// A code that the catalogue lacks.
    Unknown(usize),
    /// An unknown code that is too long to be one: passed over.
    TooLong(usize),
}

/// Something that unknown codes extend: a known code or a family.
#[derive(Debug)]
pub struct Base {
    text: String,
    /// `.` and four or more digits extend it.
    numeric: bool,
    /// `.` and a capital extend it.
    named: bool,
}

/// What begins at byte `p` of `line`.
pub fn hit_at(rules: &Rules, bases: &[Base], line: &Line, p: usize, discover: bool) -> Option<Hit> {
    if !line.left_ok(p) {
        return None;
    }
    if let Some(end) = known_end(rules, line, p) {
        return Some(Hit::Known(end));
    }
    if let Some(end) = bases.iter().find_map(|base| extended_end(base, line, p)) {
        let too_long = end - p > MAX_UNKNOWN_BYTES;
        return Some(if too_long {
            Hit::TooLong(end)
        } else {
            Hit::Unknown(end)
        });
    }
    (discover && is_code_shaped_value(line, p)).then(|| Hit::Unknown(line.token_end(p)))
}

/// The end of the longest known code that counts at `p`.
fn known_end(rules: &Rules, line: &Line, p: usize) -> Option<usize> {
    let ends = rules.codes.iter().filter_map(|(_, code)| {
        let end = p + code.len();
        (line.bytes[p..].starts_with(code.as_bytes()) && line.right_ok(end)).then_some(end)
    });
    ends.max()
}

/// The end of the unknown code that extends `base` at `p`.
fn extended_end(base: &Base, line: &Line, p: usize) -> Option<usize> {
    let rest = line.bytes[p..]
        .strip_prefix(base.text.as_bytes())?
        .strip_prefix(b".")?;
    let part = line.bytes.len() - rest.len();

    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if base.numeric && digits >= 4 && line.right_ok(part + digits) {
        return Some(part + digits);
    }
    let is_capital = line.is_plain(part, |byte| byte.is_ascii_uppercase());
    (base.named && is_capital).then(|| line.token_end(part))
}

/// Whether the token at `p` is what `--discover` looks for.
fn is_code_shaped_value(line: &Line, p: usize) -> bool {
    let end = line.token_end(p);
    let token = &line.bytes[p..end];
    let rest = &line.bytes[end..];
    let is_wrapper = [&b"("[..], b"[", b"::"]
        .iter()
        .any(|opening| rest.starts_with(opening));
    !is_wrapper
        && (5..=MAX_UNKNOWN_BYTES).contains(&token.len())
        && token[0].is_ascii_uppercase()
        && token
            .iter()
            .any(|&byte| byte == b'.' || byte == b'_' || byte.is_ascii_lowercase())
        && ![&b"Success"[..], b"Succeeded", b"False"].contains(&token)
        && slot::is_slot(line, p)
}

/// Every known code and family, the longest first.
pub fn bases(rules: &Rules) -> Vec<Base> {
    let mut texts: Vec<String> = rules.codes.iter().map(|(_, code)| code.clone()).collect();
    texts.extend(families(rules));
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let base = |text: String| Base {
        numeric: is_numeric(rules, &text),
        named: is_named(rules, &text),
        text,
    };
    texts.into_iter().map(base).collect()
}

/// Each code's part before its last dot, and the listed families without their final dot.
fn families(rules: &Rules) -> Vec<String> {
    let of_codes = rules
        .codes
        .iter()
        .filter_map(|(_, code)| Some(code.rsplit_once('.')?.0));
    let listed = rules
        .families
        .iter()
        .map(|listed| listed.strip_suffix('.').unwrap_or(listed));
    of_codes.chain(listed).map(str::to_string).collect()
}

/// What follows `family` and a dot in the known codes under it.
fn parts_under(rules: &Rules, family: &str) -> Vec<String> {
    let prefix = format!("{family}.");
    let parts = rules
        .codes
        .iter()
        .filter_map(|(_, code)| code.strip_prefix(&prefix));
    parts.map(str::to_string).collect()
}

fn is_digits(part: &str) -> bool {
    part.chars().all(|character| character.is_ascii_digit())
}

fn is_numeric(rules: &Rules, text: &str) -> bool {
    let parts = parts_under(rules, text);
    let of_codes = parts.iter().any(|part| !part.is_empty() && is_digits(part));
    let of_list = rules.families.contains(&format!("{text}.")) && parts.is_empty();
    of_codes || of_list
}

fn is_named(rules: &Rules, text: &str) -> bool {
    let parts = parts_under(rules, text);
    let is_code = rules.codes.iter().any(|(_, code)| code == text);
    let is_family = families(rules).iter().any(|family| family == text);
    let of_codes = is_family && parts.iter().any(|part| !is_digits(part));
    let of_list = rules.families.iter().any(|listed| listed == text) && parts.is_empty();
    is_code || of_codes || of_list
}
