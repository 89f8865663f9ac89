//! The files that this program writes itself: no input, wherever they lie.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the name of a file begins with that is written beside its place and renamed when it is whole.
pub const DRAFT_PREFIX: &str = ".errsift-";

/// How many links are followed one after the other, as on Linux.
const MAX_LINKS: usize = 40;

/// The files that this program writes.
#[derive(Clone, Debug, Default)]
pub struct OwnFiles {
    /// Those that are open for as long as the program runs, by device and inode.
    open: Vec<(u64, u64)>,
    outputs: Vec<PathBuf>,
    helpers: Vec<PathBuf>,
}

/// Why a file is one of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// It was asked for, and whoever reads what is beside it has to know that it is left out.
    Output,
    /// It comes and goes beside one that was asked for.
    Helper,
}

impl OwnFiles {
    /// Adds what is written to already, such as standard output. Only a regular file is one.
    pub fn add_open(&mut self, metadata: &Metadata) {
        if metadata.is_file() {
            self.open.push(key(metadata));
        }
    }

    /// Adds a file that is, or will be, at `path`.
    pub fn add_output(&mut self, path: &Path) {
        self.outputs.push(path.to_owned());
    }

    /// Adds a file that may come to be at `path`, of which nothing is said.
    pub fn add_helper(&mut self, path: &Path) {
        self.helpers.push(path.to_owned());
    }

    /// Whether the file at `path`, whose metadata is `metadata`, is one of these.
    pub fn find(&self, path: &Path, metadata: &Metadata) -> Option<Own> {
        let is_at = |own: &PathBuf| {
            let has_same_name = || own.file_name() == path.file_name();
            fs::metadata(own).is_ok_and(|own| key(&own) == key(metadata))
                || (has_same_name() && place(own) == place(path))
        };
        if self.open.contains(&key(metadata)) || self.outputs.iter().any(is_at) {
            return Some(Own::Output);
        }
        let is_helper = self.is_draft(path) || self.helpers.iter().any(is_at);
        is_helper.then_some(Own::Helper)
    }

    fn is_draft(&self, path: &Path) -> bool {
        let name = path.file_name().map(|name| name.as_encoded_bytes());
        let folder = |path: &Path| place(path).parent().map(Path::to_owned);
        name.is_some_and(|name| name.starts_with(DRAFT_PREFIX.as_bytes()))
            && self.outputs.iter().any(|own| folder(own) == folder(path))
    }
}

/// Whether two paths lead to one regular file, be it there or not yet.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => one.is_file() && key(&one) == key(&other),
        (Err(_), Err(_)) => place(one) == place(other),
        _ => false,
    }
}

/// Where the file at `path` is, or would be made: links are followed, also one that leads nowhere yet.
pub fn place(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::canonicalize(&path) {
            Ok(whole) => return whole,
            // A pipe behind `/dev/fd/3` has no path of its own.
            Err(_) if path.exists() => return path,
            Err(_) => {}
        }
        match fs::read_link(&path) {
            Ok(target) => path = folder(&path).join(target),
            Err(_) => break,
        }
    }
    let whole = fs::canonicalize(folder(&path)).ok();
    match (whole, path.file_name()) {
        (Some(whole), Some(name)) => whole.join(name),
        _ => path,
    }
}

/// The folder that a file at `path` is in.
fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

fn key(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_file_is_the_same_by_whatever_path_and_before_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "x").unwrap();
        fs::write(at("b"), "x").unwrap();
        fs::hard_link(at("a"), at("hard")).unwrap();
        symlink("a", at("soft")).unwrap();
        symlink("later", at("first")).unwrap();
        symlink("first", at("second")).unwrap();

        for name in ["a", "hard", "soft", "./a"] {
            assert!(is_same_file(&at("a"), &at(name)), "{name}");
        }
        assert!(is_same_file(&at("second"), &at("later")));
        assert!(!is_same_file(&at("a"), &at("b")));
        assert!(!is_same_file(&at("later"), &at("a")));
        assert!(!is_same_file(
            Path::new("/dev/null"),
            Path::new("/dev/null")
        ));
    }

    #[test]
    fn outputs_are_told_from_what_comes_and_goes_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut own = OwnFiles::default();
        own.add_output(&at("r.json"));
        own.add_helper(&at("s.db-wal"));
        let found = |name: &str| {
            fs::write(at(name), "x").unwrap();
            own.find(&at(name), &fs::metadata(at(name)).unwrap())
        };

        assert_eq!(found("r.json"), Some(Own::Output));
        assert_eq!(found("s.db-wal"), Some(Own::Helper));
        assert_eq!(found(".errsift-x1"), Some(Own::Helper));
        assert_eq!(found("app.log"), None);
    }
}
