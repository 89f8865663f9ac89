//! `errsift dashboard`: what Grafana and Prometheus load to show and watch the counts.

use clap::Subcommand;
use errsift::Result;
use errsift::dashboard::{alerts, grafana, recording};

use super::Status;
use super::args::Shared;
use super::console::{self, Style};

/// Print a Grafana dashboard or Prometheus rules for the catalogue in use
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "Examples:
  errsift dashboard grafana > errsift.json           import it as it is
  errsift dashboard recording > /etc/prometheus/errsift-recording.yml
  errsift dashboard alerts > /etc/prometheus/errsift-alerts.yml
  errsift dashboard alerts --catalog own.json --lang zh")]
pub struct DashboardArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// A dashboard to import into Grafana
    Grafana,
    /// Alerting rules for Prometheus; they need the recording rules
    Alerts,
    /// Recording rules for Prometheus
    Recording,
}

/// Prints what was asked for.
pub fn run(shared: &Shared, args: &DashboardArgs) -> Result<Status> {
    let catalog = shared.load_catalog()?;
    let lang = Style::of_stdout(shared).lang;
    let text = match args.what {
        What::Grafana => grafana(&catalog, lang),
        What::Alerts => alerts(&catalog, lang),
        What::Recording => recording(&catalog, lang),
    };
    console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(Status::Success)
}
