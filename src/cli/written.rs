//! The files that a run writes, of which it reads none.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use errsift::input::{OwnFiles, STDIN, is_same_file};
use errsift::state::files_of;
use errsift::wording::told;
use errsift::{Error, Result};

use super::console::{self, STDERR_DEVICE, STDIN_DEVICE, STDOUT_DEVICE};

/// A file and what the command line calls it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'p> {
    what: &'static str,
    path: &'p Path,
}

/// The files that a run writes, as far as they were asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written<'p> {
    pub output: Option<&'p Path>,
    pub textfile: Option<&'p Path>,
    pub state: Option<&'p Path>,
}

impl<'p> Written<'p> {
    /// Refuses to read what the run writes, and to write two things to one file.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] that names the file.
    pub fn check(&self, read: impl Iterator<Item = Named<'p>>) -> Result<()> {
        let written = self.files();
        written.iter().try_for_each(Named::check_name)?;
        let others = written.iter().enumerate();
        let pairs = others.flat_map(|(at, one)| written[at + 1..].iter().map(move |it| (one, *it)));
        for (one, other) in pairs {
            one.check_apart(other)?;
        }
        for file in read {
            written.iter().try_for_each(|own| own.check_apart(file))?;
        }
        Ok(())
    }

    /// Refuses to read what the run prints.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] that names the file.
    pub fn check_streams(paths: &[PathBuf]) -> Result<()> {
        for (name, device) in STREAMS {
            let printed = |path: &&PathBuf| is_same_file(input(path), Path::new(device));
            if let Some(path) = paths.iter().find(printed) {
                return Err(Error::Usage(format!(
                    "{}: is the same file as {name}, expected an input that this run does not write; \
                     send the output to another file",
                    path.display()
                )));
            }
        }
        Ok(())
    }

    /// What is passed over in folders.
    pub fn own_files(&self) -> OwnFiles {
        let mut own = OwnFiles::default();
        for (_, device) in STREAMS {
            if let Ok(metadata) = std::fs::metadata(device) {
                own.add_open(&metadata);
            }
        }
        self.files()
            .iter()
            .for_each(|file| own.add_output(file.path));
        let helpers = self.state.map(files_of).unwrap_or_default();
        helpers.iter().skip(1).for_each(|path| own.add_helper(path));
        own
    }

    fn files(&self) -> Vec<Named<'p>> {
        let files = [
            ("-o", self.output),
            ("--textfile", self.textfile),
            ("--state", self.state),
        ];
        let given = files.into_iter();
        given
            .filter_map(|(what, path)| path.map(|path| Named { what, path }))
            .collect()
    }
}

/// The streams that are written to, with the names by which they can be opened.
const STREAMS: [(&str, &str); 2] = [
    ("standard output", STDOUT_DEVICE),
    ("standard error", STDERR_DEVICE),
];

impl<'p> Named<'p> {
    /// Refuses the name of a folder that is not there: without its last `/` it would be that of a file.
    fn check_name(&self) -> Result<()> {
        let is_folder = self.path.as_os_str().as_bytes().ends_with(b"/");
        if !is_folder || self.path.is_dir() {
            return Ok(());
        }
        Err(Error::Usage(format!(
            "{} {}: names a folder, expected a file in one that is there",
            self.what,
            self.path.display()
        )))
    }

    fn check_apart(self, other: Named) -> Result<()> {
        if !is_same_file(self.path, other.path) {
            return Ok(());
        }
        Err(Error::Usage(format!(
            "{} {}: is the same file as {} {}, expected one that is not read or written besides; \
             choose another name",
            self.what,
            self.path.display(),
            other.what,
            other.path.display()
        )))
    }
}

/// The file behind a path, of which `-` is standard input.
fn input(path: &Path) -> &Path {
    match path.as_os_str() == STDIN {
        true => Path::new(STDIN_DEVICE),
        false => path,
    }
}

/// Files that are read, as the command line calls them.
pub fn named<'p>(
    what: &'static str,
    paths: impl IntoIterator<Item = &'p PathBuf>,
) -> impl Iterator<Item = Named<'p>> {
    paths.into_iter().map(move |path| Named {
        what,
        path: input(path),
    })
}

/// Says which files of a folder are not read because the run writes them.
pub fn note_passed_over(paths: &[String]) {
    for path in paths {
        console::note(&format!("{path}: {}", told::own_output()));
    }
}
