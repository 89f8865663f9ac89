//! `errsift codes check`: every fault of a user's own files.

use std::path::{Path, PathBuf};

use errsift::Result;
use errsift::catalog::Catalog;
use errsift::wording::shown;

use crate::cli::args::Shared;
use crate::cli::console::{self, STDIN};
use crate::cli::{Status, saved};

/// Name every fault of a catalogue, a plain list or a folder of them
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift codes check ours.json
  generate-codes | errsift codes check -")]
pub struct CheckArgs {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    files: Vec<PathBuf>,
}

/// Checks each file by itself.
pub fn run(shared: &Shared, args: &CheckArgs) -> Result<Status> {
    let builtin = shared.builtin()?;
    let mut status = Status::Success;
    for file in &args.files {
        match load(file) {
            Ok((name, catalog)) => print(&name, &catalog, &builtin)?,
            Err(error) => {
                console::error(&error);
                status = Status::Error;
            }
        }
    }
    Ok(status)
}

/// What the file alone holds.
fn load(file: &Path) -> Result<(String, Catalog)> {
    let nothing = Catalog::without_builtin();
    if file.as_os_str() == "-" {
        let text = saved::read_stdin()?;
        return Ok((STDIN.to_owned(), nothing.with_text(STDIN, &text)?));
    }
    Ok((file.display().to_string(), nothing.with_file(file)?))
}

fn print(name: &str, catalog: &Catalog, builtin: &Catalog) -> Result<()> {
    catalog.notes().iter().for_each(|note| console::note(note));
    let replaced = catalog.entries().iter().filter(|entry| {
        let known = builtin.find(&entry.code).iter();
        known
            .map(|&id| builtin.entry(id))
            .any(|known| known.provider == entry.provider)
    });
    let lang = console::spoken();
    console::print(|out| {
        let codes = catalog.entries().len();
        writeln!(out, "{}", shown::no_faults(name, codes).of(lang))?;
        for entry in replaced {
            let replaces = shown::replaces_built_in(name, &entry.code, &entry.provider);
            writeln!(out, "{}", replaces.of(lang))?;
        }
        Ok(())
    })
}
