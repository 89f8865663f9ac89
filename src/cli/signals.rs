//! Interrupting a scan: the first signal ends the reading, a second one the program.
//! A tail can be asked to load its catalogue again, too.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use errsift::pipeline::Control;
use errsift::{Error, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::{Handle, Signals};

/// What a shell adds to a signal's number for the exit status.
const SIGNAL_STATUS: i32 = 128;

/// What comes so soon behind the first signal is that signal again: `timeout` of the GNU coreutils sends
/// its own to the program and then to all in its group.
const ECHO: Duration = Duration::from_millis(50);

/// What a signal stops.
///
/// # Errors
///
/// Returns [`Error::Open`] where the system gives no pipe to wake what waits.
pub fn control() -> Result<Control> {
    Control::new().map_err(|source| Error::Open {
        path: PathBuf::from("pipe"),
        source,
    })
}

/// Runs `work` and stops `control` when a signal arrives meanwhile.
///
/// After the first signal, and after `work`, a signal ends the program at once with the status
/// that a shell expects.
///
/// # Errors
///
/// Returns [`Error::Open`] where the system refuses the handlers.
pub fn stop_on_signal<T>(control: &Control, work: impl FnOnce() -> T) -> Result<T> {
    watch(control, &[], || {}, work)
}

/// The same, but SIGHUP calls `on_hangup` on another thread.
///
/// # Errors
///
/// Returns [`Error::Open`] where the system refuses the handlers.
pub fn stop_or_reload<T>(
    control: &Control,
    on_hangup: impl FnMut() + Send,
    work: impl FnOnce() -> T,
) -> Result<T> {
    watch(control, &[SIGHUP], on_hangup, work)
}

fn watch<T>(
    control: &Control,
    hangups: &[i32],
    mut on_hangup: impl FnMut() + Send,
    work: impl FnOnce() -> T,
) -> Result<T> {
    let is_last = Arc::new(AtomicBool::new(false));
    let mut signals = register(&is_last, hangups).map_err(|source| Error::Open {
        path: PathBuf::from("signal handlers"),
        source,
    })?;
    let handle = signals.handle();
    let done = thread::scope(|scope| {
        scope.spawn(|| {
            signals.forever().for_each(|signal| {
                if signal == SIGHUP {
                    return on_hangup();
                }
                control.stop();
                if !is_last.load(Ordering::SeqCst) {
                    thread::sleep(ECHO);
                    is_last.store(true, Ordering::SeqCst);
                }
            });
        });
        let _closed_at_the_end = Closing(handle);
        work()
    });
    is_last.store(true, Ordering::SeqCst);
    Ok(done)
}

fn register(is_last: &Arc<AtomicBool>, hangups: &[i32]) -> io::Result<Signals> {
    // First of all, so that from the first handler on every signal stops the reading.
    let signals = Signals::new([SIGINT, SIGTERM].iter().chain(hangups))?;
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, SIGNAL_STATUS + signal, Arc::clone(is_last))?;
    }
    Ok(signals)
}

/// Ends the wait for signals, also where the work panics.
struct Closing(Handle);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}
