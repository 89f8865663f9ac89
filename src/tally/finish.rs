//! Turns a tally into a result.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;

use super::bucket::MAX_BUCKETS;
use super::merge::add_count;
use super::result::{
    CodeRow, HttpRow, Input, InputState, SCHEMA, Sample, ScanResult, TimeSpan, Tool, Totals,
    UnknownRow,
};
use super::row::Row;
use super::rows::Rows;
use super::sample::Occurrence;
use super::writers::Writers;
use super::{InputCounts, MAX_UNKNOWN, OTHER, RowKey, Tally};
use crate::catalog::{Catalog, near};
use crate::enrich::{Owner, Source};
use crate::matcher::Matcher;
use crate::wording::{Note, notes, reasons};

/// The most inputs that a result lists; beyond, the complete ones are folded into one entry.
pub(crate) const MAX_INPUTS: usize = 10_000;

/// The most unknown codes for which known ones that look like them are looked for.
const MAX_NEAR: usize = 200;

/// What became of the inputs.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// Those that are listed one by one.
    pub inputs: Vec<ScannedInput>,
    /// How many others there are of each state.
    pub folded: BTreeMap<InputState, u64>,
    /// The container that wrote an input, where its path tells.
    pub container: fn(&str) -> Option<String>,
}

impl Scanned {
    /// No inputs. `container` tells which container wrote an input, by its path.
    pub fn none(container: fn(&str) -> Option<String>) -> Self {
        Scanned {
            inputs: Vec::new(),
            folded: BTreeMap::new(),
            container,
        }
    }
}

/// What became of an input.
#[derive(Clone, Debug)]
pub struct ScannedInput {
    /// The number under which it is counted.
    pub number: u32,
    /// The path as given.
    pub path: String,
    /// How far it was read.
    pub state: InputState,
    /// Why it was not read to its end.
    pub error: Option<String>,
    /// Its identity.
    pub id: Option<String>,
}

/// The result of `tally`.
pub fn finish(tally: Tally, catalog: &Catalog, matcher: &Matcher, scanned: &Scanned) -> ScanResult {
    conclude(finish_part(tally, catalog, matcher, scanned), catalog)
}

/// The result of `total`, to which nothing is added any more: folds what are too many inputs and
/// names known codes that look like the unknown ones.
pub fn conclude(mut total: ScanResult, catalog: &Catalog) -> ScanResult {
    for row in total.unknown.iter_mut().take(MAX_NEAR) {
        row.near = near(catalog, &row.code);
    }
    let has_more = total.unknown.len() > MAX_NEAR;
    (total.notes).extend(has_more.then(|| notes::near_of_the_first(MAX_NEAR)));
    total.inputs = fold_inputs(total.inputs);
    total.sort();
    total
}

/// The result of `tally` before it is concluded, to be accumulated.
pub(crate) fn finish_part(
    mut tally: Tally,
    catalog: &Catalog,
    matcher: &Matcher,
    scanned: &Scanned,
) -> ScanResult {
    tally.fold_unknown(MAX_UNKNOWN, MAX_UNKNOWN);
    let rows = std::mem::take(&mut tally.rows);
    let unconfirmed = rows.values().map(|counted| counted.row.unconfirmed).sum();
    let finisher = Finisher::new(&tally, scanned);
    let codes = finisher.codes(rows, catalog, matcher);
    let unknown = finisher.unknown(&tally);
    let mut http: Vec<HttpRow> = tally
        .http
        .iter()
        .map(|(&status, &count)| HttpRow { status, count })
        .collect();
    http.sort_unstable_by_key(|row| row.status);
    let mut result = ScanResult {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        catalog: catalog.id(),
        totals: totals(&tally, &codes, unconfirmed, &unknown),
        time: TimeSpan {
            first: tally.seen.first.map(|time| time.to_string()),
            last: tally.seen.last.map(|time| time.to_string()),
        },
        inputs: finisher.inputs(&tally),
        codes,
        unknown,
        http,
        bucket_seconds: tally.options.bucket.map(|_| tally.bucket_width),
        sample_limit: tally.options.samples,
        strict: tally.options.filter.strict,
        notes: notes(&tally),
        baseline: None,
    };
    result.sort();
    result
}

fn totals(tally: &Tally, codes: &[CodeRow], unconfirmed: u64, unknown: &[UnknownRow]) -> Totals {
    let split: HashSet<(u32, u64)> = tally
        .split_lines
        .iter()
        .filter(|(_, _, key)| key.is_none())
        .map(|&(input, line, _)| (input, line))
        .collect();
    let inputs = || tally.inputs.values().chain(tally.folded.values());
    Totals {
        bytes: inputs().map(|input| input.bytes).sum(),
        lines: inputs().map(|input| input.lines).sum(),
        matched_lines: tally.matched_lines + split.len() as u64,
        matches: codes.iter().map(|row| row.count).sum(),
        unconfirmed,
        unknown: unknown.iter().map(|row| row.count).sum(),
        without_time: tally.without_time,
    }
}

fn notes(tally: &Tally) -> Vec<Note> {
    let options = &tally.options;
    let width = tally.bucket_width;
    let asked = options.bucket.filter(|_| !options.fits_chart);
    let widened = asked.filter(|&asked| asked != width);
    let widened = widened.map(|asked| notes::buckets_wide(asked, MAX_BUCKETS, width));
    let too_many = tally.too_many_unknown;
    let too_many = too_many.then(|| notes::many_unknown(MAX_UNKNOWN, OTHER));
    widened.into_iter().chain(too_many).collect()
}

struct Finisher<'t> {
    scanned: &'t Scanned,
    /// The path of each input by its number, where rows are by file.
    paths: HashMap<u32, &'t str>,
    /// The line, from 1, with which each segment begins.
    first_lines: HashMap<(u32, u32), u64>,
    split_rows: HashMap<RowKey, u64>,
    split_unknown: HashMap<&'t [u8], u64>,
}

impl<'t> Finisher<'t> {
    fn new(tally: &'t Tally, scanned: &'t Scanned) -> Self {
        let mut split_rows = HashMap::new();
        for key in tally.split_lines.iter().filter_map(|(_, _, key)| *key) {
            *split_rows.entry(key).or_default() += 1;
        }
        let mut split_unknown = HashMap::new();
        for (_, _, code) in &tally.split_unknown {
            let is_folded = !tally.unknown.contains_key(code);
            let code = if is_folded { OTHER.as_bytes() } else { code };
            *split_unknown.entry(code).or_default() += 1;
        }
        let paths = scanned.inputs.iter().filter(|_| tally.options.by_file);
        Finisher {
            scanned,
            paths: paths
                .map(|input| (input.number, input.path.as_str()))
                .collect(),
            first_lines: first_lines(tally),
            split_rows,
            split_unknown,
        }
    }

    /// The rows of known codes, mostly in their order: what they are made of is faster to put into it.
    fn codes(&self, rows: Rows, catalog: &Catalog, matcher: &Matcher) -> Vec<CodeRow> {
        let sorted = rows.into_sorted(|(id, attribution), counted| {
            let by_count = Reverse(counted.row.count);
            (by_count, &*matcher.code(id).text, Reverse(attribution))
        });
        sorted
            .filter(|(_, counted)| counted.row.count > 0)
            .map(|(key, counted)| self.code_row(key, counted.row, catalog, matcher))
            .collect()
    }

    fn code_row(&self, key: RowKey, row: Row, catalog: &Catalog, matcher: &Matcher) -> CodeRow {
        let code = matcher.code(key.0);
        let owner = Owner::new(catalog, code, key.1);
        let entry = owner.entry;
        let mut buckets: Vec<_> = row.buckets.into_iter().collect();
        buckets.sort_unstable();
        CodeRow {
            code: code.text.to_string(),
            provider: owner.provider.map(str::to_owned),
            candidates: owner.candidates.into_iter().map(str::to_owned).collect(),
            product: entry.and_then(|entry| entry.product.as_deref().map(str::to_owned)),
            http_status: entry.and_then(|entry| entry.http_status),
            category: entry.and_then(|entry| entry.category),
            retryable: entry.and_then(|entry| entry.retryable),
            message: entry.and_then(|entry| entry.message.as_deref().map(str::to_owned)),
            meaning: entry.and_then(|entry| entry.meaning.clone()),
            remediation: entry.and_then(|entry| entry.remediation.clone()),
            count: row.count,
            unconfirmed: row.unconfirmed,
            lines: row.lines + self.split_rows.get(&key).copied().unwrap_or_default(),
            first_seen: row.seen.first.map(|time| time.to_string()),
            last_seen: row.seen.last.map(|time| time.to_string()),
            read_at: None,
            observed_status: row.observed.into_iter().collect(),
            samples: self.samples(row.samples),
            buckets: buckets
                .into_iter()
                .map(|(start, count)| (second_to_string(start), count))
                .collect(),
            files: self.files(&row.files),
        }
    }

    /// The counts by path, which inputs may have in common.
    fn files(&self, counts: &HashMap<u32, u64, impl BuildHasher>) -> BTreeMap<String, u64> {
        let mut files = BTreeMap::new();
        for (input, count) in counts {
            let path = self.paths.get(input).copied().unwrap_or(OTHER);
            *files.entry(path.to_owned()).or_default() += count;
        }
        files
    }

    fn unknown(&self, tally: &'t Tally) -> Vec<UnknownRow> {
        tally
            .unknown
            .iter()
            .map(|(code, row)| UnknownRow {
                code: String::from_utf8_lossy(code).into_owned(),
                count: row.count,
                lines: row.lines + self.split_unknown.get(&**code).copied().unwrap_or_default(),
                near: Vec::new(),
                samples: self.samples(row.samples.clone()),
            })
            .collect()
    }

    fn samples(&self, occurrences: Vec<Occurrence>) -> Vec<Sample> {
        let samples = occurrences.into_iter();
        samples.map(|occurrence| self.sample(occurrence)).collect()
    }

    fn sample(&self, occurrence: Occurrence) -> Sample {
        let place = &occurrence.place;
        let first_line = self
            .first_lines
            .get(&(place.input, place.segment))
            .copied()
            .unwrap_or(1);
        Sample {
            path: occurrence.path.to_string(),
            line: first_line + occurrence.line,
            offset: place.offset,
            text: occurrence.text,
            cut: occurrence.cut,
            request_id: occurrence.request_id,
            source: self.source(&occurrence.path, occurrence.source.as_ref()),
        }
    }

    /// The name of a source of the input at `path`.
    fn source(&self, path: &str, source: Option<&Source>) -> Option<String> {
        match source? {
            Source::Named(name) => Some(name.to_string()),
            Source::OfPath => (self.scanned.container)(path),
        }
    }

    fn inputs(&self, tally: &Tally) -> Vec<Input> {
        let nothing = InputCounts::default();
        let listed = self.scanned.inputs.iter().map(|scanned| {
            let counts = tally.inputs.get(&scanned.number).unwrap_or(&nothing);
            Input {
                path: scanned.path.clone(),
                bytes: counts.bytes,
                lines: counts.lines,
                matches: counts.matches,
                state: scanned.state,
                error: scanned.error.clone(),
                id: scanned.id.clone(),
                offset: counts
                    .begin
                    .map(|(_, offset)| offset)
                    .filter(|&offset| offset > 0),
                source: match &counts.writers {
                    Writers::One(source) => self.source(&scanned.path, source.as_ref()),
                    Writers::None | Writers::Many => None,
                },
                folded: None,
            }
        });
        let folded = self.scanned.folded.iter().map(|(&state, &number)| {
            let counts = tally.folded.get(&state).unwrap_or(&nothing);
            Input {
                bytes: counts.bytes,
                lines: counts.lines,
                matches: counts.matches,
                ..folded_input(state, number)
            }
        });
        listed.chain(folded).collect()
    }
}

/// The line, from 1, with which each segment begins.
fn first_lines(tally: &Tally) -> HashMap<(u32, u32), u64> {
    let mut first_lines = HashMap::new();
    for (&input, counts) in &tally.inputs {
        let mut segments: Vec<_> = counts.segments.iter().collect();
        segments.sort_unstable();
        let mut first_line = 1;
        for (&segment, &lines) in segments {
            first_lines.insert((input, segment), first_line);
            first_line += lines;
        }
    }
    first_lines
}

/// An entry that stands for `number` inputs of which nothing was read yet.
fn folded_input(state: InputState, number: u64) -> Input {
    let error = (state != InputState::Complete).then(|| reasons::beyond_listed(MAX_INPUTS));
    Input {
        folded: Some(number),
        ..Input::unread("*", state, error)
    }
}

/// Folds the complete inputs into one where there are more than [`MAX_INPUTS`], and what was folded
/// before with what is of the same state.
pub(crate) fn fold_inputs(inputs: Vec<Input>) -> Vec<Input> {
    let is_folded = |input: &Input| input.folded.is_some();
    let folds_complete = inputs.len() > MAX_INPUTS
        || inputs
            .iter()
            .any(|input| is_folded(input) && input.state == InputState::Complete);
    let (folding, mut rest): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|input| {
        is_folded(input) || (folds_complete && input.state == InputState::Complete)
    });
    let mut sums: BTreeMap<InputState, Input> = BTreeMap::new();
    for input in folding {
        let sum = sums
            .entry(input.state)
            .or_insert_with(|| folded_input(input.state, 0));
        add_count(&mut sum.bytes, input.bytes);
        add_count(&mut sum.lines, input.lines);
        add_count(&mut sum.matches, input.matches);
        let number = sum.folded.get_or_insert(0);
        add_count(number, input.folded.unwrap_or(1));
    }
    rest.extend(sums.into_values());
    rest
}

/// Seconds since the epoch as RFC 3339.
pub(super) fn second_to_string(second: i64) -> String {
    jiff::Timestamp::from_second(second)
        .map_or_else(|_| second.to_string(), |time| time.to_string())
}
