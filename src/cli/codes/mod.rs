//! `errsift codes`: look at, verify and try the catalogue.

mod check;
mod list;
mod test;

use clap::Subcommand;
use errsift::Result;

use super::Status;
use super::args::Shared;

/// Look at, verify and try the catalogue
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct CodesArgs {
    #[command(subcommand)]
    verb: CodesVerb,
}

#[derive(Debug, Subcommand)]
enum CodesVerb {
    List(list::ListArgs),
    Check(check::CheckArgs),
    /// Look for every entry's examples, as a scan would
    Test,
}

/// Runs the verb below.
pub fn run(shared: &Shared, args: &CodesArgs) -> Result<Status> {
    match &args.verb {
        CodesVerb::List(args) => list::run(shared, args),
        CodesVerb::Check(args) => check::run(shared, args),
        CodesVerb::Test => test::run(shared),
    }
}
