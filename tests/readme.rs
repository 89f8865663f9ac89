//! What README.md shows is what the program prints.
//!
//! Every `console` block is run, command by command, in a folder that has `tests/` and the files
//! that README shows: a block ```` ```json acme.json ```` is the file `acme.json`. In what a command
//! is shown to print, a line `...` stands for any lines and `...` at a line's end for the rest of it.
//! Commands without an output need files of the reader's: only their options are tried.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use errsift::tally::result::ScanResult;
use serde_json::Value;

const README: &str = include_str!("../README.md");

/// A fenced block: what stands behind its opening fence, and its lines.
struct Fenced<'a> {
    label: &'a str,
    lines: Vec<&'a str>,
}

/// A command and the lines it is shown to print.
struct Example<'a> {
    command: &'a str,
    shown: Vec<&'a str>,
}

fn blocks() -> Vec<Fenced<'static>> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        if let Some(label) = line.strip_prefix("```") {
            let lines = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Fenced { label, lines });
        }
    }
    blocks
}

fn files() -> impl Iterator<Item = (&'static str, String)> {
    blocks().into_iter().filter_map(|block| {
        let (_, name) = block.label.split_once(' ')?;
        Some((name, block.lines.join("\n")))
    })
}

fn examples<'a>(block: &Fenced<'a>) -> Vec<Example<'a>> {
    let mut examples: Vec<Example> = Vec::new();
    for line in &block.lines {
        match (line.strip_prefix("$ "), examples.last_mut()) {
            (Some(command), _) => examples.push(Example {
                command,
                shown: Vec::new(),
            }),
            (None, Some(example)) => example.shown.push(line),
            (None, None) => panic!("{line}: no command before it"),
        }
    }
    examples
}

/// What `command` prints in `folder`, its messages among it.
fn run(command: &str, folder: &Path) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_errsift"));
    let mut paths = vec![program.parent().unwrap().to_owned()];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .envs([("LANG", "C"), ("TZ", "UTC")])
        .env("PATH", env::join_paths(paths).unwrap())
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

fn is_shown_by(shown: &[&str], printed: &[&str]) -> bool {
    match (shown, printed) {
        ([], []) => true,
        (["...", later @ ..], _) => {
            (0..=printed.len()).any(|skipped| is_shown_by(later, &printed[skipped..]))
        }
        ([line, later @ ..], [first, rest @ ..]) => {
            is_line_shown_by(line, first) && is_shown_by(later, rest)
        }
        _ => false,
    }
}

/// Cells are padded to the end of the line, which nobody sees.
fn is_line_shown_by(shown: &str, printed: &str) -> bool {
    match shown.strip_suffix("...") {
        Some(start) => printed.starts_with(start.trim_end()),
        None => shown == printed.trim_end(),
    }
}

#[test]
fn every_example_prints_what_it_is_shown_to_print() {
    let folder = tempfile::tempdir().unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    symlink(tests, folder.path().join("tests")).unwrap();
    for (name, text) in files() {
        fs::write(folder.path().join(name), text).unwrap();
    }

    let blocks = blocks();
    let consoles = blocks.iter().filter(|block| block.label == "console");
    let examples: Vec<Example> = consoles.flat_map(examples).collect();

    assert!(!examples.is_empty());
    for Example { command, shown } in &examples {
        assert!(command.starts_with("errsift "), "{command}");
        let printed = run(command, folder.path());
        let lines: Vec<&str> = printed.lines().collect();
        assert!(
            is_shown_by(shown, &lines),
            "$ {command}\n{printed}\nREADME.md shows:\n{}",
            shown.join("\n")
        );
    }
}

/// The commands that read logs or results in `sh` blocks and sentences, from the program's name on.
fn other_commands() -> Vec<String> {
    let blocks = blocks().into_iter().filter(|block| block.label == "sh");
    let lines = blocks.flat_map(|block| block.lines).map(|line| {
        let command = line.split(" #").next().unwrap_or(line);
        command.rsplit("| ").next().unwrap_or(command).to_owned()
    });
    let quoted = README.split('`').map(|text| text.replace('\n', " "));
    let reads = |text: &String| {
        let verbs = ["scan", "tail", "report"];
        verbs
            .iter()
            .any(|verb| text.starts_with(&format!("errsift {verb} ")))
    };
    lines.chain(quoted).filter(reads).collect()
}

#[test]
fn every_other_command_is_one_that_the_program_takes() {
    let folder = tempfile::tempdir().unwrap();

    let commands = other_commands();

    assert!(commands.len() >= 9, "{commands:?}");
    for command in commands {
        // The zone is looked at behind all other options, and before anything is opened.
        let printed = run(&format!("{command} --tz nowhere"), folder.path());
        assert!(
            printed.starts_with("errsift: invalid value 'nowhere' for --tz: "),
            "$ {command}\n{printed}"
        );
    }
}

#[test]
fn the_result_that_is_shown_has_the_fields_of_a_result() {
    let (_, text) = files().find(|(name, _)| *name == "result.json").unwrap();

    let result: ScanResult = serde_json::from_str(&text).unwrap();

    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(result).unwrap(), shown);
}

#[test]
fn the_page_is_short() {
    assert!(README.lines().count() <= 250);
}

#[test]
fn every_picture_is_shown_and_together_they_are_small() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/screens");
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let pictures: Vec<(String, u64)> = files
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, file.metadata().unwrap().len())
        })
        .collect();

    assert!(pictures.len() >= 3, "{pictures:?}");
    for (name, _) in &pictures {
        assert!(
            README.contains(&format!("tests/data/screens/{name}")),
            "{name} is not shown"
        );
    }
    let together: u64 = pictures.iter().map(|(_, bytes)| bytes).sum();
    assert!(together < 300_000, "{together} bytes");
}

#[test]
fn dots_stand_for_any_lines_and_for_the_rest_of_a_line() {
    let printed = ["count  code  ", "-----", "1      A"];

    assert!(is_shown_by(&["count  code", "...", "1 ..."], &printed));
    assert!(is_shown_by(&["...", "1      A"], &printed));
    assert!(is_shown_by(&["..."], &[]));
    assert!(!is_shown_by(&["...", "2 ..."], &printed));
    assert!(!is_shown_by(&["count  code", "-----"], &printed));
    assert!(!is_shown_by(&[], &printed));
}
