//! A follower whose bodies are collected by path.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{PipeWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use errsift::input::follow::{
    Checkpoint, FollowOptions, Followed, Follower, From, Problem, ProblemKind,
};
use errsift::input::{Block, Wake};
use tempfile::TempDir;

/// Far more than anything takes that is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a test's follower looks at everything.
pub const POLL: Duration = Duration::from_millis(40);

/// A folder for the files of a test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn typed(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn append(&self, name: &str, text: impl AsRef<[u8]>) {
        let mut options = OpenOptions::new();
        let mut file = options
            .append(true)
            .create(true)
            .open(self.path(name))
            .unwrap();
        file.write_all(text.as_ref()).unwrap();
    }

    /// The same, whatever its mode.
    pub fn append_as_owner(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        let mode = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o200)).unwrap();
        self.append(name, text);
        fs::set_permissions(&path, mode).unwrap();
    }

    pub fn make(&self, name: &str) {
        fs::create_dir_all(self.path(name)).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    pub fn copy(&self, from: &str, to: &str) {
        fs::copy(self.path(from), self.path(to)).unwrap();
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    pub fn truncate(&self, name: &str) {
        let file = OpenOptions::new()
            .write(true)
            .open(self.path(name))
            .unwrap();
        file.set_len(0).unwrap();
    }

    /// Lets a file have been written a while ago.
    pub fn age(&self, name: &str) {
        let file = OpenOptions::new().append(true).open(self.path(name));
        let then = SystemTime::now() - Duration::from_secs(60);
        file.unwrap().set_modified(then).unwrap();
    }

    /// Waits until what is written next has a later time than what was written.
    pub fn tick(&self) {
        let written = || {
            fs::write(self.path("clock"), ".").unwrap();
            fs::metadata(self.path("clock")).unwrap().modified()
        };
        let before = written().unwrap();
        while written().unwrap() == before {}
    }

    /// Compresses a file as gzip does: the compressed one is there before the other goes.
    pub fn gzip(&self, name: &str) {
        let text = fs::read(self.path(name)).unwrap();
        let time = fs::metadata(self.path(name)).unwrap().modified().unwrap();
        let file = fs::File::create(self.path(&format!("{name}.gz"))).unwrap();
        let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        packer.write_all(&text).unwrap();
        let file = packer.finish().unwrap();
        file.set_modified(time).unwrap();
        self.remove(name);
    }
}

/// A follower and what it has handed out.
pub struct Tail {
    follower: Follower,
    block: Block,
    /// By path.
    pub texts: BTreeMap<String, String>,
    pub lines: u64,
    /// The number of lines before the last block.
    pub first_line: u64,
    pub largest_block: usize,
    pub problems: Vec<Problem>,
    /// The paths of which nothing is wrong any more, in order.
    pub readable: Vec<String>,
    known: BTreeMap<u64, Checkpoint>,
    waker: PipeWriter,
}

impl Tail {
    pub fn new(paths: &[String]) -> Self {
        Tail::with(options(paths))
    }

    pub fn with(options: FollowOptions) -> Self {
        let (reader, waker) = std::io::pipe().unwrap();
        let known = options
            .known
            .iter()
            .map(|known| (known.stream, known.clone()))
            .collect();
        Tail {
            follower: Follower::new(options, Wake::new(reader)).unwrap(),
            block: Block::default(),
            texts: BTreeMap::new(),
            lines: 0,
            first_line: 0,
            largest_block: 0,
            problems: Vec::new(),
            readable: Vec::new(),
            known,
            waker,
        }
    }

    /// Ends without a word, like a process that is killed, and begins again from its checkpoints.
    pub fn restart(mut self, paths: &[String], meanwhile: impl FnOnce()) -> Self {
        self.commit();
        drop(self.follower);
        meanwhile();
        let mut next = Tail::with(FollowOptions {
            known: self.known.into_values().collect(),
            ..options(paths)
        });
        next.texts = self.texts;
        next.lines = self.lines;
        next
    }

    pub fn commit(&mut self) -> Vec<Checkpoint> {
        let changed = self.follower.checkpoints();
        self.known
            .extend(changed.iter().map(|known| (known.stream, known.clone())));
        changed
    }

    /// Reads one thing.
    pub fn step(&mut self, timeout: Duration) -> Followed {
        let followed = self.follower.next(&mut self.block, timeout).unwrap();
        match &followed {
            Followed::Block { file } => {
                let block = &self.block;
                let body = String::from_utf8_lossy(&block.bytes[block.body.clone()]);
                let path = self.follower.path(*file).to_owned();
                self.texts.entry(path).or_default().push_str(&body);
                self.lines += block.lines;
                self.first_line = block.first_line;
                self.largest_block = self.largest_block.max(block.bytes.len());
            }
            Followed::Problem(problem) => self.problems.push(problem.clone()),
            Followed::Readable(path) => self.readable.push(path.clone()),
            Followed::Idle | Followed::Met | Followed::Stopped => {}
        }
        followed
    }

    /// Reads until `is_done`, then as long as there is more.
    pub fn read_until(&mut self, what: &str, is_done: impl Fn(&Tail) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_done(self) {
            assert!(Instant::now() < end, "{what}: {}", self.summary());
            self.step(POLL);
        }
        self.look_again();
    }

    /// Lets some looks at everything pass, which must find nothing more.
    pub fn look_again(&mut self) {
        let end = Instant::now() + 5 * POLL;
        while Instant::now() < end {
            self.step(POLL);
        }
    }

    /// Reads until a path has this text, and asserts that it stays.
    pub fn expect(&mut self, path: &str, text: &str) {
        self.read_until(path, |tail| tail.text(path).len() >= text.len());
        assert!(self.text(path) == text, "{path}: {}", self.summary());
    }

    /// The same, without waiting whether it stays.
    pub fn read_at_once(&mut self, path: &str, text: &str) {
        let end = Instant::now() + PATIENCE;
        while self.text(path).len() < text.len() {
            assert!(Instant::now() < end, "{path}: {}", self.summary());
            self.step(POLL);
        }
        assert!(self.text(path) == text, "{path}: {}", self.summary());
    }

    /// What was read, as far as a person can look at it.
    pub fn summary(&self) -> String {
        let text = |(path, text): (&String, &String)| {
            let lines: Vec<&str> = text.lines().collect();
            let breaks = lines
                .windows(2)
                .filter(|two| two[0].len() == two[1].len() && two[0] > two[1]);
            let breaks: Vec<_> = breaks.collect();
            format!(
                "{path}: {} lines to {:?}, {breaks:?}",
                lines.len(),
                lines.last()
            )
        };
        let texts: Vec<String> = self.texts.iter().map(text).collect();
        format!("{texts:#?} {:?}", self.problems)
    }

    /// Reads until the follower ends by itself.
    pub fn read_to_the_end(&mut self) {
        while self.step(PATIENCE) != Followed::Stopped {}
    }

    pub fn stop(&mut self) {
        self.waker.write_all(b".").unwrap();
    }

    pub fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }

    /// The paths of which a text is told as lost.
    pub fn lost(&self) -> Vec<&str> {
        let lost = |problem: &&Problem| problem.kind == ProblemKind::Lost;
        let lost = self.problems.iter().filter(lost);
        lost.map(|problem| problem.path.as_str()).collect()
    }

    pub fn truncations(&self) -> usize {
        let truncated = |problem: &&Problem| problem.kind == ProblemKind::Truncated;
        self.problems.iter().filter(truncated).count()
    }
}

/// Options that read everything from the start and look often.
pub fn options(paths: &[String]) -> FollowOptions {
    FollowOptions {
        paths: paths.to_vec(),
        from: From::Start,
        quiet: POLL,
        poll: POLL,
        ..FollowOptions::default()
    }
}

/// Lines that differ, numbered from `from`.
pub fn lines(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|number| format!("line {number}\n"))
        .collect()
}
