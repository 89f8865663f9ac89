//! `scan --state`: reads only what a state does not hold yet, and adds it there.
//!
//! Beside a tail that writes to the state, what that has counted is skipped all the same, but
//! nothing is added: the tail comes to it by itself.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use errsift::catalog::Catalog;
use errsift::input::follow::{Checkpoint, FollowOptions, Follower, From};
use errsift::input::{Inputs, OwnFiles, Source};
use errsift::pipeline::live::{self, Feed, TailOptions, Wants};
use errsift::pipeline::{Control, Outcome, Setup};
use errsift::state::State;
use errsift::tally::result::{Input, InputState};
use errsift::wording::{notes, reasons, told};
use errsift::{Error, Result};

use super::console;
use super::ending::{Ending, Print};
use super::screen::{Screen, Showing};

/// What was counted before.
pub struct Known {
    /// Where it is kept, unless another process writes to it.
    state: Option<State>,
    checkpoints: Vec<Checkpoint>,
}

impl Known {
    /// Opens the state at `path`.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the file.
    pub fn open(path: &Path, catalog: &Catalog) -> Result<Known> {
        match State::open(path, &catalog.id()) {
            Ok(state) => Ok(Known {
                checkpoints: state.checkpoints()?,
                state: Some(state),
            }),
            Err(Error::StateHeld { path }) => {
                console::note(&format!("{}: {}", path.display(), told::state_in_use()));
                Ok(Known {
                    checkpoints: State::read(&path)?.checkpoints,
                    state: None,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Counts what `inputs` hold beyond that.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] for inputs that cannot be known again, and [`Error::Write`].
    pub fn scan(
        self,
        setup: &Setup,
        inputs: &Inputs,
        own: OwnFiles,
        control: &Control,
        ending: &Ending,
    ) -> Result<Outcome> {
        let feed = feed(inputs, self.checkpoints, own, control)?;
        let wants = match ending.print {
            Print::Events(_) => Wants::Matches,
            Print::Report(_) => Wants::Nothing,
        };
        let options = TailOptions {
            state: self.state,
            ..TailOptions::default()
        };
        let mut screen = Screen::new(ending, Showing::of_scan(wants), control);
        let (_, reloads) = live::reloading();
        let read = live::tail(setup, feed, control, options, reloads, &mut screen);
        let finished = |outcome: Outcome| -> io::Result<Outcome> {
            screen.finish(&outcome.result)?;
            Ok(outcome)
        };
        let mut outcome = read.and_then(finished).map_err(console::stdout_error)?;
        tell_inputs(&mut outcome, inputs, control);
        Ok(outcome)
    }
}

/// What is read of `inputs`: standard input, or files once to their ends.
fn feed(inputs: &Inputs, known: Vec<Checkpoint>, own: OwnFiles, control: &Control) -> Result<Feed> {
    let sources = inputs.specs.iter().map(|spec| &spec.source);
    let mut paths = Vec::new();
    let mut reads_stdin = false;
    for source in sources {
        match source {
            Source::Stdin => reads_stdin = true,
            Source::File(path) => paths.push(match path.to_str() {
                Some(path) => path.to_owned(),
                None => {
                    return Err(Error::Usage(format!(
                        "{}: --state knows files by paths in UTF-8, expected such a path",
                        path.display()
                    )));
                }
            }),
            Source::Failed(_) | Source::Duplicate(_) => {}
        }
    }
    if reads_stdin && !paths.is_empty() {
        return Err(Error::Usage(String::from(
            "-: with --state standard input is read alone, expected no other PATH beside it",
        )));
    }
    if reads_stdin {
        return Ok(Feed::Stdin);
    }
    let options = FollowOptions {
        paths,
        from: From::Start,
        known,
        own,
        limits: inputs.limits.clone(),
        once: true,
        ..FollowOptions::default()
    };
    Ok(Feed::Files(Box::new(Follower::new(
        options,
        control.wake(),
    )?)))
}

/// Says what became of the inputs of which nothing was read; the others are partial where the scan
/// was stopped.
fn tell_inputs(outcome: &mut Outcome, inputs: &Inputs, control: &Control) {
    let result = &mut outcome.result;
    let listed = result.inputs.iter().map(|input| input.path.clone());
    let listed: BTreeSet<String> = listed.collect();
    if control.is_stopped() {
        outcome.failed = true;
        for input in &mut result.inputs {
            input.state = InputState::Partial;
            input.error = Some(reasons::interrupted());
        }
    }
    let mut old = 0_usize;
    let specs = inputs.specs.iter();
    for spec in specs.filter(|spec| !listed.contains(&spec.path)) {
        match why_unread(&spec.source, control) {
            Some((state, reason)) => {
                outcome.failed |= state == InputState::Failed;
                let input = Input::unread(&spec.path, state, Some(reason));
                result.inputs.push(input);
            }
            None => old += 1,
        }
    }
    result.inputs.sort_by(|a, b| a.path.cmp(&b.path));
    if old > 0 {
        result.notes.push(notes::nothing_new(old));
    }
}

/// Why nothing was read of an input; `None` where it holds nothing new.
fn why_unread(source: &Source, control: &Control) -> Option<(InputState, String)> {
    match source {
        Source::Failed(reason) => Some((InputState::Failed, reason.clone())),
        Source::Duplicate(first) => Some((InputState::Duplicate, reasons::same_file(first))),
        Source::Stdin | Source::File(_) => control
            .is_stopped()
            .then(|| (InputState::Partial, reasons::interrupted())),
    }
}
