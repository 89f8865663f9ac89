//! Finds the inputs: expands folders, leaves out what was not asked for, names each file once.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use globset::GlobSet;
use jiff::Timestamp;
use walkdir::WalkDir;

use super::open::file_at_stdin;
use super::{Dedup, InputSpec, Inputs, Limits, Own, OwnFiles, STDIN, Source};
use crate::wording::reasons;

/// Which files of a folder are read.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only those whose path or name matches, where given.
    pub include: Option<GlobSet>,
    /// None of those whose path or name matches.
    pub exclude: Option<GlobSet>,
    /// What is counted once though it is there more than once.
    pub dedup: Dedup,
    /// What is not read though it lies in a folder.
    pub own: OwnFiles,
}

impl Selection {
    /// Whether some files of a folder may be left out.
    pub fn is_narrow(&self) -> bool {
        self.include.is_some() || self.exclude.is_some()
    }

    /// Whether the file at `path` is read, be its folder called `logs` or `./logs`.
    fn wants(&self, path: &Path) -> bool {
        let path = path.strip_prefix(".").unwrap_or(path);
        let matches = |globs: &GlobSet| {
            globs.is_match(path) || path.file_name().is_some_and(|name| globs.is_match(name))
        };
        self.include.as_ref().is_none_or(matches) && !self.exclude.as_ref().is_some_and(matches)
    }
}

/// Finds the inputs at `paths`; `-` is standard input.
///
/// A folder means every regular file below it, in order of names. Symbolic
/// links to files are followed, those to folders below a folder are not, so a
/// loop of links does no harm.
pub fn collect(paths: &[PathBuf], selection: &Selection) -> Inputs {
    let mut collector = Collector {
        selection,
        specs: Vec::new(),
        seen: HashMap::new(),
        passed_over: Vec::new(),
    };
    for path in paths {
        collector.add(path);
    }
    Inputs {
        specs: collector.specs,
        limits: Limits::default(),
        dedup: selection.dedup,
        passed_over: collector.passed_over,
    }
}

struct Collector<'s> {
    selection: &'s Selection,
    specs: Vec<InputSpec>,
    /// Path by device and inode.
    seen: HashMap<(u64, u64), String>,
    passed_over: Vec<String>,
}

impl Collector<'_> {
    fn add(&mut self, path: &Path) {
        if path == Path::new(STDIN) {
            self.add_stdin();
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) => self.add_file(path, &metadata),
            Err(error) => self.push(path, Source::Failed(error.to_string()), None, None),
        }
    }

    fn add_stdin(&mut self) {
        let path = Path::new(STDIN);
        if self.specs.iter().any(|spec| spec.source == Source::Stdin) {
            return self.push(path, Source::Duplicate(STDIN.to_owned()), None, None);
        }
        match file_at_stdin() {
            Some(metadata) => self.add_once(path, Source::Stdin, &metadata),
            None => self.push(path, Source::Stdin, None, None),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        for found in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
            match found {
                Ok(entry) => self.add_found(entry.path()),
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    let reason = error
                        .io_error()
                        .map_or_else(|| error.to_string(), ToString::to_string);
                    self.push(&path, Source::Failed(reason), None, None);
                }
            }
        }
    }

    fn add_found(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {}
            Ok(_) | Err(_) if !self.selection.wants(path) => {}
            Ok(metadata) => match self.selection.own.find(path, &metadata) {
                Some(Own::Output) => self.passed_over.push(path.display().to_string()),
                Some(Own::Helper) => {}
                None => self.add_file(path, &metadata),
            },
            Err(error) => self.push(path, Source::Failed(error.to_string()), None, None),
        }
    }

    fn add_file(&mut self, path: &Path, metadata: &Metadata) {
        self.add_once(path, Source::File(path.to_owned()), metadata);
    }

    /// Adds what is no folder, unless it was reached before.
    fn add_once(&mut self, path: &Path, source: Source, metadata: &Metadata) {
        let time = metadata
            .modified()
            .ok()
            .and_then(|time| Timestamp::try_from(time).ok());
        if metadata.file_type().is_socket() {
            self.push(path, Source::Failed(reasons::is_socket()), None, None);
            return;
        }
        let key = (metadata.dev(), metadata.ino());
        if let Some(first) = self.seen.get(&key)
            && self.selection.dedup != Dedup::None
        {
            let first = first.clone();
            self.push(path, Source::Duplicate(first), None, time);
            return;
        }
        self.seen.insert(key, path.display().to_string());
        // Only a regular file has a length, and a time that is its text's.
        let size = metadata.is_file().then_some(metadata.len());
        let time = time.filter(|_| metadata.is_file());
        self.push(path, source, size, time);
    }

    fn push(&mut self, path: &Path, source: Source, size: Option<u64>, time: Option<Timestamp>) {
        let time = time.unwrap_or_else(Timestamp::now);
        self.specs.push(InputSpec {
            path: path.display().to_string(),
            source,
            size,
            time,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn names(inputs: &Inputs, root: &Path) -> Vec<(String, bool)> {
        let name = |spec: &InputSpec| spec.path.replace(&root.display().to_string(), "");
        inputs
            .specs
            .iter()
            .map(|spec| (name(spec), matches!(spec.source, Source::File(_))))
            .collect()
    }

    #[test]
    fn a_folder_is_every_regular_file_below_it_once() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = folder.path();
        fs::create_dir(root.join("sub")).expect("a folder can be made");
        for name in ["b.log", "a.log", ".hidden", "sub/c.log"] {
            fs::write(root.join(name), "x").expect("a file can be written");
        }
        symlink(root, root.join("sub/loop")).expect("a link can be made");
        symlink(root.join("a.log"), root.join("sub/link.log")).expect("a link can be made");
        symlink(root.join("nowhere"), root.join("dangling")).expect("a link can be made");

        let inputs = collect(&[root.to_owned()], &Selection::default());

        let expected = [
            ("/.hidden", true),
            ("/a.log", true),
            ("/b.log", true),
            ("/dangling", false),
            ("/sub/c.log", true),
            ("/sub/link.log", false),
        ];
        assert_eq!(
            names(&inputs, root),
            expected.map(|(name, is_read)| (name.to_owned(), is_read))
        );
        assert_eq!(inputs.failures().count(), 1);
        assert_eq!(inputs.total_bytes(), Some(4));
    }
}
