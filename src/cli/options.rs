//! What is counted and how it is reported: the options that several verbs share, and their values.
//!
//! An option is checked once, here. What comes out cannot be wrong any more.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use errsift::catalog::Catalog;
use errsift::enrich::time::{local_zone, parse_bound, parse_width, parse_zone};
use errsift::sink::{By, ReportStyle};
use errsift::tally::result::ScanResult;
use errsift::tally::{FailOn, Filter, StatusPattern, frequent, globs};
use errsift::wording::told;
use errsift::{Error, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Status;
use super::console::{self, Style};

/// The most threads: more only wait for each other.
pub const MAX_THREADS: u64 = 256;

/// A year: no clock of a running program is asked for more, and no bucket is wider.
const MAX_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The most samples of a code: a result is read by people.
const MAX_SAMPLES: u64 = 1000;

/// How many codes are named by which a condition holds.
const NAMED_CODES: usize = 10;

/// Which matches count.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Only codes of this provider, or that may be this provider's; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    provider: Vec<String>,
    /// Only codes that match, such as 'APIG.*'; may be repeated
    #[arg(long, value_name = "GLOB")]
    code: Vec<String>,
    /// Only this HTTP status, such as 401 or 4xx: the documented one, else the observed one; may be repeated
    #[arg(
        long,
        value_name = "STATUS",
        value_delimiter = ',',
        allow_negative_numbers = true
    )]
    status: Vec<String>,
    /// Only codes that stand where an error code stands, no words in passing
    #[arg(long)]
    strict: bool,
    /// Only lines from this time on, such as 2026-11-22T10:00:00Z, 10:00 or 90m (ago)
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only lines before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// The zone of times that name none, such as Asia/Shanghai or +08:00 [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    tz: Option<String>,
}

/// What a report is like, and what it decides.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Report")]
pub struct ReportOptions {
    /// What a row stands for
    #[arg(long, value_name = "WHAT", default_value = "code", value_parser = by_parser())]
    pub by: By,
    /// At most so many rows a table, or codes in JSON; a page has all
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    top: Option<String>,
    /// Only codes with at least so many matches
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    min_count: Option<String>,
    /// Count by time, in buckets such as 1m, 5m or 1h
    #[arg(long, value_name = "WIDTH", allow_hyphen_values = true)]
    bucket: Option<String>,
    /// So many sample lines of each code [default: 1, or as many as were saved]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    samples: Option<String>,
    /// End with status 3 where this holds: status=5xx, category=throttling, code=APIG.*,
    /// provider=NAME, unknown, unconfirmed or new (report --baseline), each with an optional >N; may
    /// be repeated
    #[arg(long, value_name = "CONDITION")]
    fail_on: Vec<String>,
    /// End with status 0 where no known code was found, as a report always does
    #[arg(long)]
    exit_zero: bool,
}

fn by_parser() -> impl TypedValueParser<Value = By> {
    PossibleValuesParser::new(By::ALL.iter().map(|by| by.name())).try_map(|name| name.parse())
}

/// The options of a report, checked.
#[derive(Debug)]
pub struct Report {
    pub by: By,
    pub top: Option<usize>,
    pub min_count: u64,
    pub bucket: Option<i64>,
    pub samples: Option<usize>,
    pub fail_on: Vec<FailOn>,
    pub exit_zero: bool,
}

impl FilterArgs {
    /// The zone of times without one.
    pub fn zone(&self) -> Result<TimeZone> {
        match self.tz.as_deref() {
            None => Ok(local_zone()),
            Some(text) => parse_zone(text).map_err(|expected| invalid("tz", text, expected)),
        }
    }

    /// Whether lines are left out by their time.
    pub fn has_time(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    /// The filter; `more_providers` are those that no catalogue has and that may still be meant.
    pub fn filter(&self, catalog: &Catalog, more_providers: &BTreeSet<String>) -> Result<Filter> {
        let zone = self.zone()?;
        let now = Timestamp::now();
        let bound = |name, text: &Option<String>| {
            let text = text.as_deref();
            let time = text.map(|text| {
                parse_bound(text, &zone, now).map_err(|expected| invalid(name, text, expected))
            });
            time.transpose()
        };
        let known = known_providers(catalog, more_providers);
        let filter = Filter {
            providers: providers(&self.provider, &known)?,
            codes: code_globs(&self.code)?,
            statuses: parse_all::<StatusPattern>("status", &self.status)?,
            strict: self.strict,
            since: bound("since", &self.since)?,
            until: bound("until", &self.until)?,
        };
        match (filter.since, filter.until) {
            (Some(since), Some(until)) if since >= until => Err(Error::Usage(format!(
                "--since {since} is not before --until {until}, expected an earlier time"
            ))),
            _ => Ok(filter),
        }
    }
}

impl ReportOptions {
    /// The options, checked.
    pub fn checked(&self) -> Result<Report> {
        let number = |name, text: &Option<String>, most| {
            let text = text.as_deref();
            text.map(|text| whole_number(name, text, 1, most))
                .transpose()
        };
        let bucket = self.bucket.as_deref().map(|text| seconds("bucket", text));
        let samples = self.samples.as_deref();
        let samples = samples.map(|text| whole_number("samples", text, 0, MAX_SAMPLES));
        Ok(Report {
            by: self.by,
            top: number("top", &self.top, u64::from(u32::MAX))?.map(in_memory),
            min_count: number("min-count", &self.min_count, u64::MAX)?.unwrap_or(1),
            bucket: bucket.transpose()?,
            samples: samples.transpose()?.map(in_memory),
            fail_on: parse_all("fail-on", &self.fail_on)?,
            exit_zero: self.exit_zero,
        })
    }
}

/// As many threads as there are processors.
pub fn processors() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    processors.min(in_memory(MAX_THREADS))
}

impl Report {
    /// How a report on a stream of this style looks.
    pub fn style(&self, style: &Style) -> ReportStyle {
        ReportStyle {
            lang: style.lang,
            color: style.color,
            width: style.width,
            by: self.by,
            top: self.top,
        }
    }

    /// Refuses conditions about providers that nobody knows; `more_providers` as for a filter.
    pub fn check_providers(
        &self,
        catalog: &Catalog,
        more_providers: &BTreeSet<String>,
    ) -> Result<()> {
        let known = known_providers(catalog, more_providers);
        let mut asked = self.fail_on.iter().filter_map(FailOn::provider);
        match asked.find(|provider| !known.contains(provider)) {
            None => Ok(()),
            Some(provider) => Err(Error::Usage(format!(
                "--fail-on: unknown provider '{provider}', {}",
                one_of(&known)
            ))),
        }
    }

    /// Refuses conditions about a comparison, where there is none.
    pub fn check_no_baseline(&self) -> Result<()> {
        match self.fail_on.iter().any(FailOn::needs_baseline) {
            true => Err(Error::Usage(String::from(
                "--fail-on new: a scan has nothing to compare with, expected 'errsift report RESULT --baseline RESULT --fail-on new'",
            ))),
            false => Ok(()),
        }
    }

    /// Refuses conditions that a result which lists only some of its codes cannot decide.
    pub fn check_decided(&self, result: &ScanResult) -> Result<()> {
        let mut undecided = (self.fail_on.iter()).filter(|it| it.is_undecided(result));
        match undecided.next() {
            None => Ok(()),
            Some(condition) => Err(Error::Usage(format!(
                "--fail-on {}: the result lists only some of its codes, so whether that holds is not known, \
                 expected one that was saved without --top and --min-count",
                condition.text()
            ))),
        }
    }

    /// What of `result` is shown: codes with fewer matches than `--min-count` are not.
    pub fn shown<'r>(&self, result: &'r ScanResult) -> Cow<'r, ScanResult> {
        match self.min_count {
            0 | 1 => Cow::Borrowed(result),
            least => Cow::Owned(frequent(result.clone(), least)),
        }
    }

    /// Says which conditions hold, and by which codes if those are not `shown`; whether any does.
    pub fn tell_conditions(&self, result: &ScanResult, shown: &ScanResult) -> bool {
        let conditions = self.fail_on.iter();
        let holding = conditions.filter(|condition| condition.holds(result));
        let said = holding.inspect(|condition| {
            let (text, seen) = (condition.text(), condition.codes(shown));
            let unseen = condition.codes(result);
            let mut unseen: Vec<&str> = unseen.difference(&seen).copied().collect();
            if unseen.len() > NAMED_CODES {
                unseen.truncate(NAMED_CODES);
                unseen.push("...");
            }
            console::complain(&match &*unseen {
                [] => told::condition_holds(text),
                codes => told::condition_holds_unseen(text, &codes.join(", ")),
            });
        });
        said.count() > 0
    }

    /// The status of a run that read all it was given. Conditions are about all of `result`, also what
    /// is not `shown`.
    pub fn status(&self, result: &ScanResult, shown: &ScanResult) -> Status {
        if self.tell_conditions(result, shown) {
            Status::ConditionHolds
        } else if shown.totals.matches > 0 || self.exit_zero {
            Status::Success
        } else {
            Status::NothingFound
        }
    }
}

/// A number in `least..=most`.
pub fn whole_number(name: &str, text: &str, least: u64, most: u64) -> Result<u64> {
    let number = text.trim().parse().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| {
            let range = match most {
                u64::MAX => format!("a number from {least}"),
                _ => format!("a number from {least} to {most}"),
            };
            invalid(name, text, format!("expected {range}"))
        })
}

/// A number of things, of which no more than `usize::MAX` fit into memory anyway.
pub fn in_memory(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A length of time in whole seconds, if one is given.
pub fn duration(name: &str, text: Option<&str>) -> Result<Option<Duration>> {
    let length = text.map(|text| seconds(name, text).map(i64::unsigned_abs));
    Ok(length.transpose()?.map(Duration::from_secs))
}

/// The seconds of a length of time such as `30s` or `1h`, at least one and at most a year's.
fn seconds(name: &str, text: &str) -> Result<i64> {
    match parse_width(text) {
        Ok(seconds) if seconds <= MAX_SECONDS => Ok(seconds),
        Ok(_) => Err(invalid(name, text, "expected at most 365d")),
        Err(expected) => Err(invalid(name, text, expected)),
    }
}

/// The providers of `names`, all of which are among the `known`.
pub fn providers(names: &[String], known: &BTreeSet<&str>) -> Result<Vec<String>> {
    match names.iter().find(|name| !known.contains(name.as_str())) {
        None => Ok(names.to_vec()),
        Some(name) => Err(invalid("provider", name, one_of(known))),
    }
}

/// Those whose codes can match: HTTP statuses are in the catalogue, but no match is one.
fn known_providers<'a>(
    catalog: &'a Catalog,
    more_providers: &'a BTreeSet<String>,
) -> BTreeSet<&'a str> {
    let entries = catalog.entries().iter();
    let matched = entries.filter(|entry| !entry.is_http_status());
    let known = matched.map(|entry| &*entry.provider);
    known
        .chain(more_providers.iter().map(String::as_str))
        .collect()
}

fn one_of(known: &BTreeSet<&str>) -> String {
    let known: Vec<&str> = known.iter().copied().collect();
    format!(
        "expected one of {}, or --catalog FILE with its codes",
        known.join(", ")
    )
}

/// The globs over codes, if any.
pub fn code_globs(patterns: &[String]) -> Result<Option<globset::GlobSet>> {
    globs_of("code", patterns)
}

/// The globs over paths, if any: a leading `./` says nothing.
pub fn path_globs(name: &str, patterns: &[String]) -> Result<Option<globset::GlobSet>> {
    let bare = |pattern: &String| pattern.trim_start_matches("./").to_owned();
    globs_of(name, &patterns.iter().map(bare).collect::<Vec<_>>())
}

/// The globs of a repeated option, if any.
fn globs_of(name: &str, patterns: &[String]) -> Result<Option<globset::GlobSet>> {
    globs(patterns).map_err(|error| Error::Usage(format!("--{name}: {error}")))
}

/// The values of a repeated option, whose errors quote them.
pub fn parse_all<T: FromStr<Err = String>>(name: &str, texts: &[String]) -> Result<Vec<T>> {
    let values = texts.iter().map(|text| text.parse());
    values
        .collect::<std::result::Result<_, _>>()
        .map_err(|problem: String| Error::Usage(format!("--{name}: {problem}")))
}

/// The error for a value that an option cannot have.
pub fn invalid(name: &str, value: &str, expected: impl Display) -> Error {
    Error::Usage(format!("invalid value '{value}' for --{name}: {expected}"))
}
