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
use errsift::catalog::{Catalog, Entry, Lang};
use errsift::input::decode_utf16;
use errsift::matcher::{MatchOptions, Matcher};
use errsift::sink::{
    EntryFormat, EntryStyle, Finding, Stated, visible, write_entries, write_findings,
};
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
            writeln!(out, "{}", nothing_in_text(style.lang))?;
            if !statuses.is_empty() {
                writeln!(out)?;
            }
            write_findings(out, catalog, statuses, None, style)
        }
        Answer::Words { words, entries } => match entries.as_slice() {
            [] => writeln!(out, "{}", nothing_of_words(words, style.lang)),
            [entry] => {
                writeln!(out, "{}\n", found_in_one(words, &entry.code, style.lang))?;
                let finding = Finding::Known {
                    entry,
                    is_guess: false,
                    stated: Stated::default(),
                };
                write_findings(out, catalog, &[finding], None, style)
            }
            entries => {
                writeln!(
                    out,
                    "{}\n",
                    found_of_words(words, entries.len(), style.lang)
                )?;
                write_entries(out, first(entries), EntryFormat::Table, style)
            }
        },
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
            Answer::Nothing { .. } => console::note(nothing_in_text(style.lang)),
            Answer::Words {
                words,
                entries: found,
            } => {
                entries.extend(first(found));
                console::note(&match found.as_slice() {
                    [] => nothing_of_words(words, style.lang),
                    [entry] => found_in_one(words, &entry.code, style.lang),
                    found => found_of_words(words, found.len(), style.lang),
                });
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

fn nothing_in_text(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "No known error code in the text.",
        Lang::Zh => "文中没有已知错误码。",
    }
}

fn nothing_of_words(words: &str, lang: Lang) -> String {
    let words = visible(words);
    match lang {
        Lang::En => format!("'{words}': not a known code, and in no code's message or meaning."),
        Lang::Zh => format!("“{words}”：不是已知错误码，也未见于任何错误码的消息或含义。"),
    }
}

fn found_in_one(words: &str, code: &str, lang: Lang) -> String {
    let (words, code) = (visible(words), visible(code));
    match lang {
        Lang::En => format!("'{words}' is not a known code; found in the name or texts of {code}:"),
        Lang::Zh => format!("“{words}”不是已知错误码；见于 {code} 的名称或文字："),
    }
}

fn found_of_words(words: &str, all: usize, lang: Lang) -> String {
    let words = visible(words);
    let is_cut = all > MOST_FOUND;
    match (lang, is_cut) {
        (Lang::En, false) => format!("'{words}' is in the texts of {all} codes:"),
        (Lang::En, true) => {
            format!(
                "'{words}' is in the texts of {all} codes, of which these are the {MOST_FOUND} best:"
            )
        }
        (Lang::Zh, false) => format!("“{words}”见于 {all} 个错误码的文字："),
        (Lang::Zh, true) => {
            format!("“{words}”见于 {all} 个错误码的文字，以下是最相近的 {MOST_FOUND} 个：")
        }
    }
}
