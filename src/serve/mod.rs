//! Shows a running tail over HTTP: its metrics, its result, and a page that follows it.
//!
//! No client costs the tail or another client anything. The tail is looked at only when somebody
//! asks and a few times a second at most; what is shown is made once for all who ask, on a thread
//! of its own; and each connection has little room, little time, and gives way to newer ones.

mod access;
mod answer;
mod events;
mod house;
mod views;

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::catalog::Lang;
use crate::pipeline::live::Looker;
use crate::sink::Exporter;
use crate::{Error, Result};

pub use access::{Gate, Token};

use answer::Room;
use views::Views;

/// What is shown.
#[derive(Debug)]
pub struct Shown {
    /// Looks at the tail.
    pub looker: Looker,
    /// Writes the metrics.
    pub exporter: Exporter,
    /// The language in which the page begins.
    pub lang: Lang,
    /// Codes with fewer matches are left out of the result and the page, not of the metrics.
    pub min_count: u64,
}

/// An address where nobody is answered yet.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
    gate: Gate,
    runtime: Runtime,
}

/// Answers until it is dropped.
pub struct Serving {
    /// Dropped to end it.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Listens at `address`, where port 0 is any that is free.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] where others than this machine's own could reach it and `gate` does
    /// not provide for them, or [`Error::Listen`] for what the system says.
    pub fn bind(address: SocketAddr, gate: Gate) -> Result<Listener> {
        if matches!(gate, Gate::Local) && !address.ip().to_canonical().is_loopback() {
            return Err(Error::Usage(format!(
                "--listen {address}: other machines could read what is in your logs, expected an \
                 address such as 127.0.0.1:{}; to listen there, use --token-file FILE with a \
                 secret for those who may read, or --listen-public for everybody",
                address.port()
            )));
        }
        let wrong = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(wrong)?;
        listener.set_nonblocking(true).map_err(wrong)?;
        Ok(Listener {
            address: listener.local_addr().map_err(wrong)?,
            listener,
            gate,
            runtime: runtime().map_err(wrong)?,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers from now on; `complain` is told what goes wrong on this side.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Listen`] where the system gives no thread.
    pub fn serve(self, shown: Shown, complain: impl Fn(&str) + Send + 'static) -> Result<Serving> {
        let Listener {
            listener,
            address,
            gate,
            runtime,
        } = self;
        let room = Arc::new(Room {
            gate,
            views: Views::new(shown),
            began: Instant::now(),
        });
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name(String::from("serve"));
        let thread = thread.spawn(move || {
            runtime.block_on(async {
                match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => house::keep(listener, &room, stopped, &complain).await,
                    Err(error) => complain(&format!("{address}: nobody is answered: {error}")),
                }
            });
        });
        let thread = thread.map_err(|source| Error::Listen { address, source })?;
        Ok(Serving {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// One thread for all clients, and one on which what they get is made.
fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(1)
        .thread_name("serve-make")
        .build()
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Serving").finish_non_exhaustive()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.stop.take());
        let joined = self.thread.take().map(JoinHandle::join);
        if let Some(Err(panic)) = joined
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}
