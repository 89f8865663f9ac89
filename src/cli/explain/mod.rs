//! `errsift explain`: what codes mean and what to do about them.
//!
//! An argument is a code, a text with codes in it, or words of a message; `-` is a pasted error body.

mod body;
mod lookup;
mod opening;
mod parts;
mod record;

use std::cell::LazyCell;
use std::io::Write;

use clap::ValueEnum;
use errsift::Result;
use errsift::catalog::{Catalog, Entry};
use errsift::input::decode_utf16;
use errsift::matcher::{MatchOptions, Matcher};
use errsift::sink::{
    EntryFormat, EntryStyle, Finding, Stated, visible, write_entries, write_findings,
};
use errsift::wording::shown::{self, Both};
use errsift::wording::told;

use super::args::Shared;
use super::console::{self, Style};
use super::{Status, saved};
use lookup::Answer;
use record::Record;

/// The most entries that are shown for words.
const MOST_FOUND: usize = 10;

/// Say what codes mean and what to do about them
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift explain APIG.1002 FailedOperation.NodeNotEmpty
  errsift explain 404
  errsift explain concurrent modification
  curl -s https://... | errsift explain -

Exit status: 0 a code is known, 1 none is, 2 an error.")]
pub struct ExplainArgs {
    /// Codes, HTTP statuses, texts with codes in them, or words of a message in either language; - is
    /// an error body or log excerpt on standard input
    #[arg(required = true, value_name = "CODE", allow_hyphen_values = false)]
    codes: Vec<String>,
    /// The format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: FormatName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Text,
    Json,
}

/// Explains each argument.
pub fn run(shared: &Shared, args: &ExplainArgs) -> Result<Status> {
    let catalog = shared.load_catalog()?;
    let style: EntryStyle = Style::of_stdout(shared).into();
    console::hint_at_stdin(args.codes.iter().any(|code| code == "-"));
    let records = records(&catalog, &args.codes)?;
    let answers = lookup::answers(&catalog, &args.codes, &records);
    let is_known = answers.iter().any(Answer::is_known);
    match args.format {
        FormatName::Text => print_text(&catalog, &answers, &style)?,
        FormatName::Json => print_json(&answers, &style)?,
    }
    Ok(match is_known {
        true => Status::Success,
        false => Status::NothingFound,
    })
}

/// What each argument holds beside a code, and what was pasted for `-`.
fn records<'c>(catalog: &'c Catalog, arguments: &[String]) -> Result<Vec<Record<'c>>> {
    let matcher = LazyCell::new(|| Matcher::new(catalog, MatchOptions { discover: true }));
    let record = |argument: &String| match argument.as_str() {
        "-" => {
            let text = decode_utf16(saved::read_stdin()?);
            Ok(Record::read(catalog, &matcher, &text))
        }
        text if lookup::may_hold_codes(catalog, text) => {
            Ok(Record::read(catalog, &matcher, text.as_bytes()))
        }
        _ => Ok(Record::default()),
    };
    arguments.iter().map(record).collect()
}

fn print_text(catalog: &Catalog, answers: &[Answer], style: &EntryStyle) -> Result<()> {
    console::print(|out| {
        for (number, answer) in answers.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            write_answer(out, catalog, answer, style)?;
        }
        Ok(())
    })
}

fn write_answer(
    out: &mut dyn Write,
    catalog: &Catalog,
    answer: &Answer,
    style: &EntryStyle,
) -> std::io::Result<()> {
    match answer {
        Answer::Findings {
            findings,
            request_id,
        } => write_findings(out, catalog, findings, *request_id, style),
        Answer::Nothing { statuses } => {
            writeln!(out, "{}", shown::nothing_in_text().of(style.lang))?;
            if !statuses.is_empty() {
                writeln!(out)?;
            }
            write_findings(out, catalog, statuses, None, style)
        }
        Answer::Words { words, entries } => {
            writeln!(out, "{}", found(words, entries).of(style.lang))?;
            write_found(out, catalog, entries, style)
        }
    }
}

/// The entries that words are in, below what is said of them.
fn write_found(
    out: &mut dyn Write,
    catalog: &Catalog,
    entries: &[&Entry],
    style: &EntryStyle,
) -> std::io::Result<()> {
    if !entries.is_empty() {
        writeln!(out)?;
    }
    match entries {
        [] => Ok(()),
        [entry] => {
            let finding = Finding::Known {
                entry,
                is_guess: false,
                stated: Stated::default(),
            };
            write_findings(out, catalog, &[finding], None, style)
        }
        entries => write_entries(out, first(entries), EntryFormat::Table, style),
    }
}

fn print_json(answers: &[Answer], style: &EntryStyle) -> Result<()> {
    let mut entries: Vec<&Entry> = Vec::new();
    for answer in answers {
        match answer {
            Answer::Findings { findings, .. } => {
                entries.extend(findings.iter().filter_map(known_entry));
                findings
                    .iter()
                    .filter_map(doubt)
                    .for_each(|text| console::note(&text));
            }
            Answer::Nothing { .. } => console::note(&shown::nothing_in_text().of(style.lang)),
            Answer::Words {
                words,
                entries: those,
            } => {
                entries.extend(first(those));
                console::note(&found(words, those).of(style.lang));
            }
        }
    }
    console::print(|out| write_entries(out, &entries, EntryFormat::Json, style))
}

fn first<'a, 'c>(entries: &'a [&'c Entry]) -> &'a [&'c Entry] {
    &entries[..entries.len().min(MOST_FOUND)]
}

fn known_entry<'c>(finding: &Finding<'c>) -> Option<&'c Entry> {
    match finding {
        Finding::Known { entry, .. } => Some(entry),
        _ => None,
    }
}

/// Why a finding has no entry, for those who read JSON.
fn doubt(finding: &Finding) -> Option<String> {
    match finding {
        Finding::Known { .. } => None,
        Finding::Foreign { code, .. } => Some(told::foreign(code)),
        Finding::Unknown { code, near, .. } if near.is_empty() => Some(told::unknown(code)),
        Finding::Unknown { code, near, .. } => {
            let differs_in_case = near.iter().any(|known| known.eq_ignore_ascii_case(code));
            let names = near.join(", ");
            Some(match differs_in_case {
                true => told::unlike_in_case(code, &names),
                false => told::unknown_near(code, &names),
            })
        }
    }
}

/// What became of words that are no code.
fn found(words: &str, entries: &[&Entry]) -> Both {
    let words = visible(words);
    match entries {
        [] => shown::nothing_of_words(&words),
        [entry] => shown::found_in_one(&words, &visible(&entry.code)),
        entries if entries.len() > MOST_FOUND => {
            shown::found_in_more(&words, entries.len(), MOST_FOUND)
        }
        entries => shown::found_in(&words, entries.len()),
    }
}
