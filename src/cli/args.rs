//! The command line as it is written; each verb's own options stand beside the verb.

use std::env;
use std::path::{Path, PathBuf};

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{
    Arg, ArgMatches, ColorChoice, Command, CommandFactory, FromArgMatches, Parser, Subcommand,
    ValueEnum,
};
use errsift::catalog::{self, Catalog, Lang};
use errsift::{Error, Result};

use super::{codes, console, dashboard, explain, manual, report, scan, tail};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold());

/// What clap calls the option `--catalog`.
const CATALOG: &str = "catalog";

/// Counts, explains and reports cloud-API error codes in logs.
#[derive(Debug, Parser)]
#[command(name = "errsift", bin_name = "errsift", version, styles = STYLES, max_term_width = 100)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
#[command(
    after_help = "Exit status: 0 known codes found, 1 none (scan, tail, explain), 2 an error, 3 a --fail-on condition holds."
)]
pub struct Args {
    #[command(flatten)]
    pub shared: Shared,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    Scan(Box<scan::ScanArgs>),
    Tail(Box<tail::TailArgs>),
    Explain(explain::ExplainArgs),
    Codes(codes::CodesArgs),
    Report(Box<report::ReportArgs>),
    Dashboard(dashboard::DashboardArgs),
    Completions(manual::CompletionsArgs),
    /// Print the manual page: `errsift man | man -l -`
    Man,
}

/// The options of every verb.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Shared {
    /// Add codes from a JSON catalogue, a plain list or a folder of them; may be repeated
    #[arg(long, global = true, value_name = "FILE|DIR", value_hint = clap::ValueHint::AnyPath)]
    pub catalog: Vec<PathBuf>,
    /// Know only the codes of --catalog
    #[arg(long, global = true)]
    pub no_builtin: bool,
    /// The language of explanations [default: the locale's]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<LangName>,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = false
    )]
    pub color: ColorWish,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangName {
    En,
    Zh,
}

impl From<LangName> for Lang {
    fn from(name: LangName) -> Lang {
        match name {
            LangName::En => Lang::En,
            LangName::Zh => Lang::Zh,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ColorWish {
    Auto,
    Always,
    Never,
}

impl Shared {
    /// The catalogue that was asked for; what there is to remark on its files goes to standard error.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Catalog`] with every fault, or [`Error::Usage`] where no catalogue is left.
    pub fn load_catalog(&self) -> Result<Catalog> {
        if self.no_builtin && self.catalog.is_empty() {
            return Err(Error::Usage(String::from(
                "--no-builtin: leaves no codes to look for, expected --catalog FILE with your own",
            )));
        }
        let mut catalog = self.builtin()?;
        for CatalogFile { path, text } in self.in_order_of_loading()? {
            catalog = match text {
                Some(text) => catalog.with_text(&path.display().to_string(), &text)?,
                None => catalog.with_file(path)?,
            };
        }
        catalog.notes().iter().for_each(|note| console::note(note));
        Ok(catalog)
    }

    /// The files that the catalogue is loaded from.
    pub fn catalog_files(&self) -> Vec<PathBuf> {
        let found = self.catalog.iter().map(|path| catalog::files(path));
        // Loading says what is wrong with the others.
        found.flatten().flatten().collect()
    }

    /// What there is to know before any file is added.
    pub fn builtin(&self) -> Result<Catalog> {
        match self.no_builtin {
            true => Ok(Catalog::without_builtin()),
            false => Catalog::builtin(),
        }
    }

    /// JSON first: a plain list gives the provider `user` to those codes alone that nothing else knows.
    fn in_order_of_loading(&self) -> Result<Vec<CatalogFile<'_>>> {
        let files = self.catalog.iter().map(|path| CatalogFile::read(path));
        let mut files = files.collect::<Result<Vec<_>>>()?;
        files.sort_by_key(CatalogFile::is_plain_list);
        Ok(files)
    }
}

/// A catalogue of the user's own.
struct CatalogFile<'a> {
    path: &'a Path,
    /// What it holds, which a pipe gives only once; `None` for a folder.
    text: Option<Vec<u8>>,
}

impl<'a> CatalogFile<'a> {
    fn read(path: &'a Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(CatalogFile { path, text: None });
        }
        let text = catalog::read_file(path)?;
        Ok(CatalogFile {
            path,
            text: Some(text),
        })
    }

    fn is_plain_list(&self) -> bool {
        let text = self.text.as_deref();
        text.is_some_and(|text| !catalog::is_json(&self.path.to_string_lossy(), text))
    }
}

/// Reads the command line; `None` where it only asked for help, which is printed.
///
/// # Errors
///
/// Returns [`Error::Usage`] with what is wrong and what was expected.
pub fn parse() -> Result<Option<Args>> {
    let error = match try_parse() {
        Ok(args) => return Ok(Some(args)),
        Err(error) => error,
    };
    if !error.use_stderr() {
        return error.print().map(|()| None).map_err(console::stdout_error);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let text = error.render().to_string();
        return Err(Error::Usage(format!(
            "expected a verb\n\n{}",
            text.trim_end()
        )));
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    Err(Error::Usage(
        hint(&error).unwrap_or_else(|| text.to_owned()),
    ))
}

fn try_parse() -> std::result::Result<Args, clap::Error> {
    let mut command = take_catalogs_everywhere(Args::command()).color(color_of_help());
    let matches = command.try_get_matches_from_mut(env::args_os())?;
    let read = Args::from_arg_matches(&matches);
    let mut args = read.map_err(|error| error.format(&mut command))?;
    args.shared.catalog = catalogs(&matches);
    Ok(args)
}

/// Of a global option clap keeps the values behind the innermost verb alone, so that each verb has to
/// have its own.
fn take_catalogs_everywhere(command: Command) -> Command {
    fn add_below(command: Command, own: &Arg) -> Command {
        command.mut_subcommands(|verb| add_below(verb.arg(own), own))
    }
    let command = command.mut_arg(CATALOG, |arg| arg.global(false));
    let own = command.get_arguments().find(|arg| arg.get_id() == CATALOG);
    let own = own.cloned().expect("it is one of the shared options");
    add_below(command, &own)
}

/// The catalogues before and behind each verb, in that order.
fn catalogs(matches: &ArgMatches) -> Vec<PathBuf> {
    let levels = std::iter::successors(Some(matches), |matches| Some(matches.subcommand()?.1));
    let given = levels.filter_map(|matches| matches.get_many(CATALOG));
    given.flatten().cloned().collect()
}

/// What `--color` says, for help is printed before the command line has been read to its end.
fn color_of_help() -> ColorChoice {
    let mut args = env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    let mut wish = ColorChoice::Auto;
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--color") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        wish = value.and_then(|name| name.parse().ok()).unwrap_or(wish);
    }
    wish
}

/// A better word for mistakes that habits of other programs lead to.
fn hint(error: &clap::Error) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let is_path = |text: &str| text.contains(['/', '.', '\\']) || Path::new(text).exists();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).filter(|name| is_path(name))?;
            let verbs = verbs().join(", ");
            Some(format!(
                "'{name}': not a verb, expected one of {verbs}; use 'errsift scan {name}' to count the codes in it"
            ))
        }
        ErrorKind::InvalidValue => {
            let option =
                context(ContextKind::InvalidArg).filter(|option| option.starts_with("--format"))?;
            let value = context(ContextKind::InvalidValue).filter(|value| is_path(value))?;
            let follows = if verbs().iter().any(|verb| verb == "tail") {
                format!("; use 'errsift tail {value}' to follow it")
            } else {
                String::from("; this version does not follow files")
            };
            let option = option.split(' ').next()?;
            Some(format!(
                "invalid value '{value}' for {option}: -f is the format of the output, and a file is given without an option{follows}"
            ))
        }
        _ => None,
    }
}

fn verbs() -> Vec<String> {
    let command = Args::command();
    command
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .collect()
}
