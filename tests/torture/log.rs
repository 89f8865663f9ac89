//! One log: what was written to it, and the ways in which it is rotated.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::random::Random;

/// Known codes, of which no beginning is a code: what is counted of an unfinished line stays.
const CODES: &[&str] = &[
    "APIG.1002",
    "APIG.1003",
    "Organizations.1003",
    "APIG.9008",
    "LimitExceeded",
];

/// A log, and what a right count of it is.
pub struct Log {
    pub path: PathBuf,
    /// Where the files are that a link leads to, where it is one.
    targets: Option<PathBuf>,
    /// Where its earlier generations are.
    generations_folder: PathBuf,
    /// How often each code was written.
    pub codes: BTreeMap<&'static str, u64>,
    pub lines: u64,
    pub bytes: u64,
    /// The end of a line of which the beginning was written, and the file that is in.
    unfinished: Option<(PathBuf, String)>,
    generations: usize,
    /// Whether the tail knows the file that the link leads to.
    is_seen: bool,
    /// Whether there are lines in it though.
    is_unseen: bool,
}

impl Log {
    pub fn new(path: PathBuf) -> Self {
        let mut log = Log {
            generations_folder: path.parent().unwrap().to_owned(),
            path,
            targets: None,
            codes: BTreeMap::new(),
            lines: 0,
            bytes: 0,
            unfinished: None,
            generations: 0,
            is_seen: true,
            is_unseen: false,
        };
        log.create();
        log
    }

    /// A log of which the earlier generations are in a folder of their own.
    pub fn moved(path: PathBuf, folder: PathBuf) -> Self {
        Log {
            generations_folder: folder,
            ..Log::new(path)
        }
    }

    /// A log that is a link to the newest file in a folder.
    pub fn linked(path: PathBuf, targets: PathBuf) -> Self {
        let mut log = Log::new(targets.join("0"));
        symlink(targets.join("0"), &path).unwrap();
        log.path = path;
        log.targets = Some(targets);
        log
    }

    pub fn is_linked(&self) -> bool {
        self.targets.is_some()
    }

    /// Whether there are lines in a file that the tail has never seen: a link that leads elsewhere
    /// would hide them from everybody.
    pub fn is_unseen(&self) -> bool {
        self.is_unseen
    }

    /// All that was written was counted.
    pub fn see(&mut self) {
        self.is_seen |= self.is_unseen;
        self.is_unseen = false;
    }

    fn create(&mut self) {
        File::create_new(&self.path).unwrap();
    }

    /// Writes some lines, the last one maybe not to its end.
    pub fn write(&mut self, random: &mut Random) {
        self.finish();
        let mut text = String::new();
        for _ in 0..=random.below(100) {
            text += &self.line(random);
        }
        if random.one_in(3) {
            let line = self.line(random);
            let at = random.below(line.len());
            text += &line[..at];
            self.unfinished = Some((fs::canonicalize(&self.path).unwrap(), line[at..].to_owned()));
        }
        self.append(&self.path, &text);
    }

    fn line(&mut self, random: &mut Random) -> String {
        let code = *random.pick(CODES);
        let number = self.lines;
        let name = self.path.file_name().unwrap().display();
        let filler = match random.below(400) {
            0 => "x ".repeat(200_000),
            short => "y".repeat(short % 40),
        };
        let line = format!(
            "2026-11-22T10:00:00Z {name} {number} {filler} {{\"error_code\":\"{code}\",\"error_msg\":\"x\"}}\n"
        );
        self.is_unseen = self.is_unseen || !self.is_seen;
        *self.codes.entry(code).or_default() += 1;
        self.lines += 1;
        self.bytes += line.len() as u64;
        line
    }

    fn append(&self, path: &Path, text: &str) {
        let file = OpenOptions::new().append(true).open(path);
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Writes the rest of an unfinished line.
    pub fn finish(&mut self) {
        if let Some((path, rest)) = self.unfinished.take() {
            self.append(&path, &rest);
        }
    }

    /// Renames the log and makes a new one. Who has the old one open may go on for a while.
    pub fn rename(&mut self, random: &mut Random) {
        self.shift();
        let first = self.generation(1);
        fs::rename(&self.path, &first).unwrap();
        if let Some((path, _)) = &mut self.unfinished {
            path.clone_from(&first);
        }
        if random.one_in(2) {
            self.create();
            self.finish();
        } else {
            self.finish();
            let last = self.line(random);
            self.append(&first, &last);
            self.create();
        }
    }

    /// Copies the log and truncates it.
    pub fn copy_and_truncate(&mut self) {
        self.copy();
        self.empty();
    }

    /// Copies the log, as a rotation that truncates it later does.
    pub fn copy(&mut self) {
        self.finish();
        self.shift();
        fs::copy(&self.path, self.generation(1)).unwrap();
    }

    fn empty(&self) {
        let file = OpenOptions::new().write(true).open(&self.path);
        file.unwrap().set_len(0).unwrap();
    }

    /// Loses what is in the log, all of which must have been counted.
    pub fn truncate(&mut self, random: &mut Random) {
        self.empty();
        for _ in 0..random.below(4) {
            self.write(random);
        }
    }

    /// The same with another file.
    pub fn replace(&mut self) {
        fs::remove_file(&self.path).unwrap();
        self.create();
    }

    /// Compresses an earlier generation.
    pub fn compress(&mut self, random: &mut Random) {
        // Whoever wrote to it has closed it by now.
        self.finish();
        let number = 1 + random.below(self.generations.max(1));
        let plain = self.generation(number);
        if plain.exists() {
            assert!(Command::new("gzip").arg(plain).status().unwrap().success());
        }
    }

    /// Lets the link lead to a new file, or back to an earlier one.
    pub fn switch(&mut self, random: &mut Random) {
        self.finish();
        let targets = self.targets.clone().unwrap();
        self.is_seen = false;
        self.generations += 1;
        let target = match random.one_in(4) {
            true => targets.join(random.below(self.generations).to_string()),
            false => targets.join(self.generations.to_string()),
        };
        let file = OpenOptions::new().append(true).create(true).open(&target);
        drop(file.unwrap());
        // Where nobody follows it.
        let beside = targets.with_extension("new");
        symlink(target, &beside).unwrap();
        fs::rename(beside, &self.path).unwrap();
    }

    fn generation(&self, number: usize) -> PathBuf {
        let name = self.path.file_name().unwrap().display();
        self.generations_folder.join(format!("{name}.{number}"))
    }

    /// Makes room for a first generation.
    fn shift(&mut self) {
        for number in (1..=self.generations).rev() {
            for ending in ["", ".gz"] {
                let name = |number| {
                    PathBuf::from(format!("{}{ending}", self.generation(number).display()))
                };
                if name(number).exists() {
                    fs::rename(name(number), name(number + 1)).unwrap();
                }
            }
        }
        self.generations += 1;
    }
}
