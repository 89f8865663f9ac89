//! `--listen`: the address of the live page and the metrics, and who may read them.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use errsift::serve::{Gate, Listener, Token};
use errsift::wording::told;
use errsift::{Error, Result};

use super::{console, options};

/// Where and for whom a running tail is shown.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Dashboards")]
pub struct ListenArgs {
    /// Serve a live page at /, /metrics for Prometheus, /api/result, /healthz and /readyz, such as at
    /// 127.0.0.1:9184; port 0 takes a free one. Standard error tells the address
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Let everybody read who can reach the address
    #[arg(long, requires = "listen", conflicts_with = "token_file")]
    listen_public: bool,
    /// Let those read who know the secret in this file: as a bearer token, or in a browser as the
    /// password
    #[arg(long, value_name = "FILE", requires = "listen", value_hint = clap::ValueHint::FilePath)]
    pub token_file: Option<PathBuf>,
}

impl ListenArgs {
    /// Whether somebody may ask.
    pub fn is_given(&self) -> bool {
        self.listen.is_some()
    }

    /// Listens where that is asked for, and says where that is.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] for an address that is none or that needs an option beside it, or
    /// [`Error::Listen`] for one that cannot be had.
    pub fn checked(&self) -> Result<Option<Listener>> {
        let Some(address) = &self.listen else {
            return Ok(None);
        };
        let gate = match &self.token_file {
            _ if self.listen_public => Gate::Public,
            Some(path) => Gate::Token(token(path)?),
            None => Gate::Local,
        };
        let listener = Listener::bind(parse(address)?, gate)?;
        console::note(&told::listening(&format!("http://{}/", listener.address())));
        Ok(Some(listener))
    }
}

fn parse(text: &str) -> Result<SocketAddr> {
    let port = text.strip_prefix("localhost:").map(str::parse);
    match port {
        Some(Ok(port)) => Ok((Ipv4Addr::LOCALHOST, port).into()),
        _ => text.parse().map_err(|_| {
            options::invalid(
                "listen",
                text,
                "expected an IP address and a port, such as 127.0.0.1:9184",
            )
        }),
    }
}

fn token(path: &Path) -> Result<Token> {
    let text = fs::read_to_string(path).map_err(|source| Error::Open {
        path: path.to_owned(),
        source,
    })?;
    Token::new(&text).map_err(|expected| Error::Usage(format!("{}: {expected}", path.display())))
}
