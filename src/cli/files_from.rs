//! `--files-from`: paths one a line, or ended by NUL where there is any NUL, as `find -print0` writes them.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use errsift::wording::told;
use errsift::{Error, Result};

use super::{console, saved};

/// The paths that `list` names; `-` is standard input.
///
/// # Errors
///
/// Returns [`Error::Open`] or [`Error::Read`].
pub fn read(list: &Path) -> Result<Vec<PathBuf>> {
    let text = if list.as_os_str() == "-" {
        saved::read_stdin()?
    } else {
        fs::read(list).map_err(|source| Error::Open {
            path: list.to_owned(),
            source,
        })?
    };
    let paths = parse(&text);
    if paths.is_empty() {
        console::note(&format!(
            "--files-from {}: {}",
            list.display(),
            told::no_paths()
        ));
    }
    Ok(paths)
}

fn parse(text: &[u8]) -> Vec<PathBuf> {
    let end = if text.contains(&0) { 0 } else { b'\n' };
    let names = text.split(|&byte| byte == end).map(|name| match end {
        0 => name,
        _ => name.strip_suffix(b"\r").unwrap_or(name),
    });
    names
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(OsString::from_vec(name.to_vec())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let paths = parse(text.as_bytes()).into_iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn a_path_stands_on_each_line() {
        assert_eq!(paths("a b\n\nc\r\nd"), ["a b", "c", "d"]);
        assert_eq!(paths(""), [""; 0]);
    }

    #[test]
    fn a_single_nul_makes_newlines_part_of_names() {
        assert_eq!(paths("a\nb\0c\0"), ["a\nb", "c"]);
    }
}
