//! `errsift codes list`: the entries of the catalogue.

use std::collections::BTreeSet;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use errsift::Result;
use errsift::catalog::{Catalog, Category, Entry};
use errsift::sink::{EntryFormat, write_entries};
use errsift::tally::{Filter, StatusPattern};
use errsift::wording::told;

use crate::cli::Status;
use crate::cli::args::Shared;
use crate::cli::console::{self, Style};
use crate::cli::options::{code_globs, parse_all, providers};

/// List the codes that are known
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift codes list --code 'APIG.*' --status 4xx
  errsift codes list --category throttling --lang zh
  errsift codes list -f json > codes.json")]
pub struct ListArgs {
    /// Only codes of this provider; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    provider: Vec<String>,
    /// Only codes of this product; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    product: Vec<String>,
    /// Only codes of this category; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = category_parser())]
    category: Vec<Category>,
    /// Only codes with this HTTP status, such as 401 or 4xx; may be repeated
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,
    /// Only codes that match, such as 'APIG.*'; may be repeated
    #[arg(long, value_name = "GLOB")]
    code: Vec<String>,
    /// The format
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: FormatName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Table,
    Json,
    Csv,
}

fn category_parser() -> impl TypedValueParser<Value = Category> {
    let names = Category::ALL.iter().map(|category| category.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

/// Lists the entries that are asked for.
pub fn run(shared: &Shared, args: &ListArgs) -> Result<Status> {
    let statuses = parse_all::<StatusPattern>("status", &args.status)?;
    let codes = code_globs(&args.code)?;
    let catalog = shared.load_catalog()?;
    let entries = catalog.entries().iter();
    let known: BTreeSet<&str> = entries.map(|entry| &*entry.provider).collect();
    let filter = Filter {
        providers: providers(&args.provider, &known)?,
        codes,
        statuses,
        ..Filter::default()
    };
    let format = match args.format {
        FormatName::Table => EntryFormat::Table,
        FormatName::Json => EntryFormat::Json,
        FormatName::Csv => EntryFormat::Csv,
    };
    let entries = selected(&catalog, &filter, args);
    let style = Style::of_stdout(shared).into();
    console::print(|out| write_entries(out, &entries, format, &style))?;
    if entries.is_empty() {
        console::note(&told::no_entry());
    }
    Ok(Status::Success)
}

fn selected<'c>(catalog: &'c Catalog, filter: &Filter, args: &ListArgs) -> Vec<&'c Entry> {
    let is_selected = |entry: &&Entry| {
        let of_product = |product: &String| entry.product.as_deref() == Some(product.as_str());
        filter.wants_code(&entry.code, Some(&entry.provider), &[""; 0])
            && filter.wants_status(entry.http_status, None)
            && (args.product.is_empty() || args.product.iter().any(of_product))
            && (args.category.is_empty()
                || entry
                    .category
                    .is_some_and(|category| args.category.contains(&category)))
    };
    catalog.entries().iter().filter(is_selected).collect()
}
