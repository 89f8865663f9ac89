//! Whose code a match is: evidence on the line.

use std::ops::Range;

use super::line::Line;
use super::{Rules, gap, slot};

/// Evidence counts within so many bytes between its nearest end and the code's.
pub const REACH_BYTES: usize = 65_536;

/// The `evidence` of `patterns/other`: what speaks against every provider.
const CONTRARY: [&str; 17] = [
    "amazonaws",
    "botocore",
    "azure",
    "Azure",
    "microsoftonline",
    "googleapis",
    "google.rpc",
    "google.api",
    "Google Cloud",
    "oraclecloud",
    "opc-request-id",
    "Error from server (",
    "java.lang.",
    "software.amazon.",
    "response error StatusCode",
    "Opc request id",
    "googleapi: ",
];

/// What does so together: AWS's `An error occurred (CODE) when calling`.
const CONTRARY_TOGETHER: [&str; 2] = ["An error occurred (", ") when calling"];

/// How far something is from a code, and whether it stands after it. The smaller wins.
type Distance = (usize, bool);

/// The provider of `code` at `at`, and the candidates.
pub fn decide(
    rules: &Rules,
    line: &Line,
    code: &str,
    at: Range<usize>,
) -> (Option<String>, Vec<String>) {
    let mut owners: Vec<String> = rules
        .codes
        .iter()
        .filter(|(_, owned)| owned == code)
        .map(|(owner, _)| owner.clone())
        .collect();
    owners.sort();
    owners.dedup();

    if code.contains('.') && owners.len() == 1 {
        return (owners.pop(), Vec::new());
    }
    if let Some(name) = slot::provider_of_form(line, at.start) {
        let owner = owners.into_iter().find(|owner| owner == name);
        return (owner, Vec::new());
    }
    let is_named = |text: &str| nearest_text(line, &at, text) == Some((0, false));
    let is_called = || nearest_text(line, &at, CONTRARY_TOGETHER[1]).is_some();
    if CONTRARY.iter().any(|text| is_named(text)) || is_named(CONTRARY_TOGETHER[0]) && is_called() {
        return (None, Vec::new());
    }
    let evidence = [
        (alibaba(line, &at), "alibabacloud"),
        (huawei(line, &at), "huaweicloud"),
        (tencent(line, &at), "tencentcloud"),
    ];
    let nearest = evidence
        .into_iter()
        .filter_map(|(far, name)| Some((far?, name)))
        .min();
    if let Some((_, name)) = nearest {
        let owner = owners.into_iter().find(|owner| owner == name);
        return (owner, Vec::new());
    }
    let is_near = |text: &&str| nearest_text(line, &at, text).is_some();
    let is_contrary = CONTRARY.iter().any(&is_near) || CONTRARY_TOGETHER.iter().all(is_near);
    (None, if is_contrary { Vec::new() } else { owners })
}

fn alibaba(line: &Line, at: &Range<usize>) -> Option<Distance> {
    let hosts = places_of_key(line, "HostId")
        .into_iter()
        .filter_map(|key| host_after(line, key));
    let keys = places_of_key(line, "Recommend");
    let texts = ["aliyun", "alibabacloud", "SDK.ServerError"];
    let found = [nearest(hosts, at), nearest(keys, at)].into_iter();
    found
        .chain(texts.map(|text| nearest_text(line, at, text)))
        .flatten()
        .min()
}

fn huawei(line: &Line, at: &Range<usize>) -> Option<Distance> {
    let code = nearest_text(line, at, "error_code");
    let message = nearest_text(line, at, "error_msg");
    let both = code.zip(message).map(|(code, message)| code.min(message));
    [both, nearest_text(line, at, "huaweicloud")]
        .into_iter()
        .flatten()
        .min()
}

fn tencent(line: &Line, at: &Range<usize>) -> Option<Distance> {
    let envelopes = nearest(places_of_envelope(line), at);
    let texts = ["TencentCloudSDK", "tencentcloudapi"];
    let found = texts.map(|text| nearest_text(line, at, text)).into_iter();
    found.chain([envelopes]).flatten().min()
}

fn nearest_text(line: &Line, at: &Range<usize>, text: &str) -> Option<Distance> {
    let places = line.places_of(text).into_iter();
    nearest(places.map(|start| start..start + text.len()), at)
}

fn nearest(places: impl IntoIterator<Item = Range<usize>>, at: &Range<usize>) -> Option<Distance> {
    let distance = |place: Range<usize>| {
        if place.start >= at.end {
            (place.start - at.end, true)
        } else {
            (at.start.saturating_sub(place.end), false)
        }
    };
    places
        .into_iter()
        .map(distance)
        .filter(|&(bytes, _)| bytes <= REACH_BYTES)
        .min()
}

/// Where `"Response":{"Error":` stands, from the first letter to the last colon.
fn places_of_envelope(line: &Line) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for start in words(line, "Response") {
        for colon in colons_after(line, start + "Response".len()) {
            for gap_end in gap::gap_ends(line, colon) {
                let (error, end) = (
                    byte_of(line, gap_end),
                    byte_of(line, gap_end) + "Error".len(),
                );
                if line.bytes[error..].starts_with(b"Error") && line.is_unescaped(error, end) {
                    let colons = colons_after(line, end).into_iter();
                    places.extend(colons.map(|colon| start..byte_of(line, colon)));
                }
            }
        }
    }
    places
}

/// The unit indices to which a gap and a colon lead from byte `from`.
fn colons_after(line: &Line, from: usize) -> Vec<usize> {
    let Some(from) = line.unit_index(from) else {
        return Vec::new();
    };
    let gaps = gap::plain_gap_ends(line, from).into_iter();
    gaps.filter_map(|at| line.spelled_until(at, ":")).collect()
}

/// Where `key`, a gap, and a hard separator or `>` stand: all that.
fn places_of_key(line: &Line, key: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for start in words(line, key) {
        let end = start + key.len();
        let Some(from) = line.unit_index(end).filter(|_| !line.is_word(end)) else {
            continue;
        };
        for at in gap::plain_gap_ends(line, from) {
            let close = line.spelled_until(at, ">");
            let ends = gap::hard_ends(line, at).into_iter().chain(close);
            places.extend(ends.map(|at| start..byte_of(line, at)));
        }
    }
    places
}

/// Where `word` stands, unescaped and with no word byte before it.
fn words(line: &Line, word: &str) -> Vec<usize> {
    let mut starts = line.places_of(word);
    starts.retain(|&start| line.is_unescaped(start, start + word.len()));
    starts.retain(|&start| start == 0 || !line.is_word(start - 1));
    starts
}

/// The key with the host name that follows it after a gap.
fn host_after(line: &Line, key: Range<usize>) -> Option<Range<usize>> {
    let from = line.unit_index(key.end)?;
    let mut starts = gap::plain_gap_ends(line, from)
        .into_iter()
        .map(|at| byte_of(line, at));
    let end = starts.find_map(|start| host_end(line, start))?;
    Some(key.start..end)
}

/// The end of the host name at byte `start`.
fn host_end(line: &Line, start: usize) -> Option<usize> {
    let is_part = |i: &usize| {
        line.is_plain(*i, |byte| {
            byte.is_ascii_alphanumeric() || b".-".contains(&byte)
        })
    };
    let end = (start..line.bytes.len()).take_while(is_part).last()? + 1;
    let labels: Vec<&[u8]> = line.bytes[start..end].split(|&byte| byte == b'.').collect();
    let last = labels.last().expect("split gives at least one part");

    let is_name = labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty())
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic);
    let goes_on = line.is_word(end) || line.is_plain(end, |byte| b"+/=".contains(&byte));
    (is_name && !goes_on).then_some(end)
}

/// The offset at which the unit of index `at` begins.
fn byte_of(line: &Line, at: usize) -> usize {
    line.units
        .get(at)
        .map_or(line.bytes.len(), |unit| unit.start)
}
