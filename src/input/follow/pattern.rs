//! What the typed paths stand for: files, folders and globs, looked at again and again.

use std::path::{Path, PathBuf};
use std::{fs, io};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

use crate::error::{Error, Result};

/// The characters that make a path a glob, if there is no file of that name.
const GLOB: [char; 4] = ['*', '?', '[', '{'];

/// A path as typed.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    typed: PathBuf,
    /// The folder that is walked, or the file itself, absolute.
    base: PathBuf,
    /// The same as typed.
    typed_base: PathBuf,
    glob: Option<Glob>,
    /// Whether the folder was there.
    was_walked: bool,
}

#[derive(Clone, Debug)]
struct Glob {
    matcher: GlobMatcher,
    /// How many folders deep it can match, where that is limited.
    depth: Option<usize>,
}

/// A file that a pattern stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// As typed.
    pub(super) shown: PathBuf,
    pub(super) path: PathBuf,
}

/// What a walk came upon.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) files: Vec<Found>,
    /// The folders in which there may be more later.
    pub(super) folders: Vec<PathBuf>,
    pub(super) failures: Vec<(PathBuf, io::Error)>,
}

impl Pattern {
    /// Reads a path as typed.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] for a glob that is none.
    pub(super) fn new(typed: &str) -> Result<Self> {
        let typed_path = PathBuf::from(typed);
        let absolute = absolute(&typed_path);
        if !typed.contains(GLOB) || absolute.exists() {
            return Ok(Pattern {
                base: absolute,
                typed_base: typed_path.clone(),
                typed: typed_path,
                glob: None,
                was_walked: false,
            });
        }
        let is_fixed =
            |part: &std::path::Component| !part.as_os_str().to_string_lossy().contains(GLOB);
        let typed_base: PathBuf = typed_path.components().take_while(is_fixed).collect();
        let variable = typed_path.components().skip_while(is_fixed).count();
        let glob = GlobBuilder::new(&absolute.to_string_lossy())
            .literal_separator(true)
            .build()
            .map_err(|error| {
                let problem = error.kind();
                Error::Usage(format!(
                    "{typed}: {problem}, expected a glob such as 'logs/*.log'"
                ))
            })?;
        Ok(Pattern {
            base: self::absolute(&typed_base),
            typed_base,
            glob: Some(Glob {
                matcher: glob.compile_matcher(),
                depth: (!typed.contains("**")).then_some(variable),
            }),
            typed: typed_path,
            was_walked: false,
        })
    }

    /// How a file at `path` is shown, if the pattern stands for it.
    pub(super) fn shown(&self, path: &Path) -> Option<PathBuf> {
        let rest = path.strip_prefix(&self.base).ok()?;
        if self
            .glob
            .as_ref()
            .is_some_and(|glob| !glob.matcher.is_match(path))
        {
            return None;
        }
        Some(if rest.as_os_str().is_empty() {
            self.typed.clone()
        } else {
            self.typed_base.join(rest)
        })
    }

    /// Whether this very path was typed.
    pub(super) fn names(&self, path: &Path) -> bool {
        self.glob.is_none() && self.base == path
    }

    /// Whether it was typed so, and is a folder that was looked into.
    pub(super) fn was_walked(&self, typed: &Path) -> bool {
        self.was_walked && self.typed == typed
    }

    /// Adds all that is there now.
    pub(super) fn find(&mut self, findings: &mut Findings) {
        match fs::metadata(&self.base) {
            Ok(metadata) if metadata.is_dir() => {
                self.was_walked = true;
                self.walk(findings);
            }
            Ok(_) if self.glob.is_none() => {
                findings
                    .folders
                    .extend(self.base.parent().map(Path::to_owned));
                findings.files.push(Found {
                    shown: self.typed.clone(),
                    path: self.base.clone(),
                });
            }
            Ok(_) => {}
            Err(error) => {
                // Watched, so that what is missing is found as soon as it is there.
                findings.folders.extend(existing_parent(&self.base));
                findings.failures.push((self.typed.clone(), error));
            }
        }
    }

    fn walk(&self, findings: &mut Findings) {
        let depth = self.glob.as_ref().and_then(|glob| glob.depth);
        let walk = WalkDir::new(&self.base).sort_by_file_name();
        for found in walk.max_depth(depth.unwrap_or(usize::MAX)) {
            let entry = match found {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(&self.base).to_owned();
                    let is_gone = error.io_error().is_some_and(is_missing);
                    if !is_gone {
                        findings.failures.push((path, error.into()));
                    }
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                if depth.is_none_or(|depth| entry.depth() < depth) {
                    findings.folders.push(entry.into_path());
                }
            } else if let Some(shown) = self.shown(entry.path()) {
                findings.files.push(Found {
                    shown,
                    path: entry.into_path(),
                });
            }
        }
    }
}

/// Whether a file is not there, or not any more.
pub(super) fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

/// A path from the root, with its links as they are.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn existing_parent(path: &Path) -> Option<PathBuf> {
    let parents = path.ancestors().skip(1);
    parents
        .filter(|parent| parent.is_dir())
        .map(Path::to_owned)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str, root: &Path) -> Vec<String> {
        let mut pattern = Pattern::new(&root.join(typed).to_string_lossy()).unwrap();
        let mut findings = Findings::default();
        pattern.find(&mut findings);
        let name = |found: &Found| {
            assert_eq!(found.shown, found.path, "typed as absolute");
            assert_eq!(pattern.shown(&found.path).as_ref(), Some(&found.shown));
            found.path.strip_prefix(root).unwrap().display().to_string()
        };
        findings.files.iter().map(name).collect()
    }

    #[test]
    fn a_path_is_a_file_a_folder_or_a_glob() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("sub/deep")).unwrap();
        for name in ["a.log", "b.txt", "[c].log", "sub/d.log", "sub/deep/e.log"] {
            fs::write(root.join(name), "").unwrap();
        }

        assert_eq!(shown("a.log", root), ["a.log"]);
        assert_eq!(shown("[c].log", root), ["[c].log"]);
        assert_eq!(shown("*.log", root), ["[c].log", "a.log"]);
        assert_eq!(shown("*/*.log", root), ["sub/d.log"]);
        assert_eq!(shown("**/[de].log", root), ["sub/d.log", "sub/deep/e.log"]);
        assert_eq!(shown("sub", root), ["sub/d.log", "sub/deep/e.log"]);
        assert_eq!(shown("none", root), [""; 0]);
    }

    #[test]
    fn a_glob_that_is_none_is_refused_with_an_example() {
        let error = Pattern::new("logs/{a,b").unwrap_err().to_string();

        assert_eq!(
            error,
            "logs/{a,b: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?), \
             expected a glob such as 'logs/*.log'"
        );
    }
}
