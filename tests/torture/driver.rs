//! What happens, and what must be true at the end.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::log::Log;
use crate::random::Random;
use crate::tail::Tail;

/// Lets so much happen under a seed, and looks at the counts.
pub fn torture(seed: u64, steps: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut torture = Torture::new(seed, &folder);
    let outcome = catch_unwind(AssertUnwindSafe(|| torture.run(steps)));
    if let Err(panic) = outcome {
        let happened = torture.happened.join("\n");
        let said = torture.tail.said();
        drop(torture);
        let kept = folder.keep();
        eprintln!(
            "seed {seed}, in {}:\n{happened}\nsaid:\n{said}",
            kept.display()
        );
        resume_unwind(panic);
    }
}

struct Torture {
    random: Random,
    /// Whether copies are followed by their own names.
    follows_copies: bool,
    logs: Vec<Log>,
    tail: Tail,
    happened: Vec<String>,
}

impl Torture {
    fn new(seed: u64, folder: &TempDir) -> Self {
        let mut random = Random::new(seed);
        let (logs, targets) = (folder.path().join("logs"), folder.path().join("targets"));
        fs::create_dir(&logs).unwrap();
        fs::create_dir(&targets).unwrap();
        let old = logs.join("old");
        fs::create_dir(&old).unwrap();
        let names = ["a.log", "b.log", "c.log"];
        let how = random.below(3);
        let followed = match how {
            0 => vec![String::from("logs")],
            1 => vec![String::from("logs/*.log*")],
            _ => {
                let names = names.iter().chain(&["link.log"]);
                names.map(|name| format!("logs/{name}")).collect()
            }
        };
        let [a, b, c] = names.map(|name| logs.join(name));
        let mut all = vec![Log::new(a), Log::new(b), Log::moved(c, old)];
        all.push(Log::linked(logs.join("link.log"), targets));
        Torture {
            random,
            follows_copies: how < 2,
            happened: vec![format!("follow {followed:?}")],
            tail: Tail::new(folder.path(), followed),
            logs: all,
        }
    }

    fn run(&mut self, steps: usize) {
        for log in &mut self.logs {
            log.write(&mut self.random);
        }
        // Each log is known before anything happens to it.
        self.catch_up();
        for _ in 0..steps {
            self.step();
        }
        self.catch_up();
        self.tail.stop();
        self.check();
    }

    fn step(&mut self) {
        let index = self.random.below(self.logs.len());
        let is_linked = self.logs[index].is_linked();
        match self.random.below(20) {
            0 | 1 => self.kill_or_start(),
            2 => self.reload(),
            3 | 4 if is_linked => {
                if self.logs[index].is_unseen() {
                    self.catch_up();
                    self.happen(index, "write", Log::write);
                }
                self.happen(index, "switch", Log::switch);
            }
            3 | 4 => self.happen(index, "rename", Log::rename),
            5 if !is_linked && !self.follows_copies => {
                self.happen(index, "copy", |log, _| log.copy());
                self.happen(index, "write", Log::write);
                self.catch_up();
                self.happen(index, "truncate", Log::truncate);
            }
            5 | 6 if !is_linked => {
                self.happen(index, "copy and truncate", |log, _| log.copy_and_truncate());
            }
            7 | 8 if !is_linked => self.happen(index, "compress", Log::compress),
            9 => {
                self.catch_up();
                self.happen(index, "truncate", Log::truncate);
            }
            10 if !is_linked => {
                self.catch_up();
                self.happen(index, "replace", |log, _| log.replace());
            }
            11 => {
                let pause = self.random.below(700);
                self.happened.push(format!("pause {pause} ms"));
                // Time is what is tried here: an unfinished line is counted after a while.
                thread::sleep(Duration::from_millis(pause as u64));
            }
            12 if self.tail.is_running() && self.tail.fill_disk() => {
                self.happened.push(String::from("fill the disk"));
            }
            _ => self.happen(index, "write", Log::write),
        }
    }

    fn happen(&mut self, index: usize, what: &str, act: impl FnOnce(&mut Log, &mut Random)) {
        let log = &mut self.logs[index];
        act(log, &mut self.random);
        let name = log.path.file_name().unwrap().display();
        self.happened
            .push(format!("{what} {name}: {} lines", log.lines));
    }

    fn kill_or_start(&mut self) {
        if self.tail.is_running() {
            self.happened.push(String::from("kill"));
            self.tail.kill();
        } else {
            self.happened.push(String::from("start"));
            self.tail.start();
        }
    }

    fn reload(&mut self) {
        if !self.tail.is_running() {
            return;
        }
        let number = self.random.below(10);
        self.happened.push(format!("reload {number}"));
        self.tail.reload(number);
    }

    /// Waits until all was counted.
    fn catch_up(&mut self) {
        self.logs.iter_mut().for_each(Log::finish);
        if !self.tail.is_running() {
            self.kill_or_start();
        }
        self.tail.free_disk();
        self.happened.push(String::from("catch up"));
        let sum = |number: fn(&Log) -> u64| self.logs.iter().map(number).sum();
        let (lines, bytes) = (sum(|log| log.lines), sum(|log| log.bytes));
        self.tail.wait_for(lines, bytes);
        self.logs.iter_mut().for_each(Log::see);
    }

    /// Compares what was counted with what was written, for every code and log.
    fn check(&self) {
        let result = self.tail.counted().unwrap();
        let mut counted: BTreeMap<(String, &str), u64> = BTreeMap::new();
        for row in &result.codes {
            for (path, count) in &row.files {
                *counted.entry((log_of(path), &row.code)).or_default() += count;
            }
            assert_eq!(row.count, row.files.values().sum::<u64>(), "{}", row.code);
            assert_eq!(row.count, row.lines, "{}", row.code);
        }
        let mut written = BTreeMap::new();
        for log in &self.logs {
            let name = log_of(&log.path.display().to_string());
            written.extend(
                log.codes
                    .iter()
                    .map(|(code, count)| ((name.clone(), *code), *count)),
            );
        }
        assert_eq!(result.unknown, []);
        assert_eq!(counted, written);
        assert_eq!(result.totals.matched_lines, result.totals.lines);
    }
}

/// The log that a file is of, also where it was rotated before anybody saw it: what the link led to
/// then has its own name, a number.
fn log_of(path: &str) -> String {
    let name = Path::new(path).file_name().unwrap().display().to_string();
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return String::from("link.log");
    }
    let end = name.find(".log").unwrap() + ".log".len();
    name[..end].to_owned()
}
