//! Follows files: hands out what they hold, and waits where they hold nothing more.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::checkpoint::Checkpoint;
use super::fail::Said;
use super::known::Known;
use super::look::Waiting;
use super::near::Surroundings;
use super::pattern::{Found, Pattern};
use super::stream::Stream;
use super::text::{Key, Written};
use super::watch::Watch;
use super::{FileNumber, FollowOptions, Followed};
use crate::error::{Error, Result};
use crate::input::{Block, Wake};

/// Follows files.
#[derive(Debug)]
pub struct Follower {
    pub(super) options: FollowOptions,
    pub(super) patterns: Vec<Pattern>,
    pub(super) watch: Watch,
    wake: Wake,
    /// By number; `None` where the file was closed.
    pub(super) streams: Vec<Option<Box<Stream>>>,
    /// By number: the paths under which they are counted.
    paths: Vec<String>,
    pub(super) by_key: HashMap<Key, usize>,
    /// Whose text changes when something is written to a path.
    pub(super) by_path: HashMap<PathBuf, usize>,
    /// The symbolic link that leads to a file, by the file.
    pub(super) links: HashMap<PathBuf, PathBuf>,
    /// Folders in which nobody asked for anything, but in which earlier files of logs may come to lie.
    pub(super) nearby: HashSet<PathBuf>,
    pub(super) known: Known,
    /// The file that is about to be followed, while what was there before is looked for.
    pub(super) beginning: Option<(Key, File)>,
    /// Known streams that were read to their end and closed to save descriptors.
    pub(super) parked: HashMap<u64, Written>,
    /// The last number of a stream.
    pub(super) last_id: u64,
    /// When the current stream of a path was last seen there, in milliseconds since the epoch.
    pub(super) seen_ms: HashMap<String, i64>,
    /// What lies around the logs, for as long as many of them are met at once: at the start, or where all
    /// is read once.
    pub(super) surroundings: Option<Surroundings>,
    /// The stream at a path.
    pub(super) current: HashMap<String, usize>,
    /// Files of which it is not clear yet whether they are copies.
    pub(super) waiting: HashMap<PathBuf, Waiting>,
    /// Those of them that no pattern stands for: whose they may be, and whether they were missed.
    pub(super) later: HashMap<PathBuf, (String, bool)>,
    /// Files that hold nothing to read as long as they are not written to.
    pub(super) settled: HashMap<Key, Written>,
    /// What was said of a path, until it can be read.
    pub(super) said: HashMap<PathBuf, Said>,
    /// What was said of paths at which the last look at everything found nothing.
    pub(super) unfound: HashMap<PathBuf, Said>,
    /// Compressed files that could not be read to their end, and how they are shown.
    pub(super) damaged: HashMap<PathBuf, String>,
    /// Files still to be met, where all is read once.
    pub(super) to_meet: VecDeque<Found>,
    /// The lengths of files that were there at the start and could not be read then.
    pub(super) unread_at_start: HashMap<Key, u64>,
    pub(super) ready: VecDeque<usize>,
    /// When unfinished lines are handed out, in order.
    pub(super) quiet: VecDeque<(Instant, usize)>,
    /// When reading is tried again.
    pub(super) retries: VecDeque<(Instant, usize)>,
    /// What is to be told before anything else is handed out.
    pub(super) told: VecDeque<Followed>,
    /// The positions of closed streams that were not asked for yet.
    pub(super) left: Vec<Checkpoint>,
    /// What was read of a truncated file and is in no file any more.
    pub(super) remains: VecDeque<Box<Stream>>,
    pub(super) next_poll: Instant,
    pub(super) is_starting: bool,
    pub(super) numbered_bytes: u64,
    pub(super) most_open: usize,
    has_handed_out: bool,
    /// Whether files are followed of which nobody has been told.
    has_met: bool,
    /// Whether files were closed before they were read, for want of room.
    pub(super) has_closed_unread: bool,
}

impl Follower {
    /// Finds what there is to follow. Waits end when `wake` is written to.
    ///
    /// Raises the number of files that the process may open as far as the system allows.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Usage`] for a glob that is none.
    pub fn new(mut options: FollowOptions, wake: Wake) -> Result<Self> {
        let patterns: Result<Vec<Pattern>> = options
            .paths
            .iter()
            .map(|typed| Pattern::new(typed))
            .collect();
        let (watch, problem) = Watch::new().map_err(|source| Error::Open {
            path: PathBuf::from("notifications"),
            source,
        })?;
        let known = std::mem::take(&mut options.known);
        let mut follower = Follower::idle(options, patterns?, watch, wake);
        if let Some(problem) = problem {
            follower.say_unwatched(PathBuf::from("."), &problem);
        }
        follower.recall(known);
        follower.start();
        Ok(follower)
    }

    /// A follower that has met no file yet.
    fn idle(options: FollowOptions, patterns: Vec<Pattern>, watch: Watch, wake: Wake) -> Self {
        Follower {
            patterns,
            watch,
            wake,
            streams: Vec::new(),
            paths: Vec::new(),
            by_key: HashMap::new(),
            by_path: HashMap::new(),
            links: HashMap::new(),
            nearby: HashSet::new(),
            known: Known::default(),
            beginning: None,
            parked: HashMap::new(),
            last_id: 0,
            seen_ms: HashMap::new(),
            surroundings: Some(Surroundings::default()),
            current: HashMap::new(),
            waiting: HashMap::new(),
            later: HashMap::new(),
            settled: HashMap::new(),
            said: HashMap::new(),
            unfound: HashMap::new(),
            damaged: HashMap::new(),
            to_meet: VecDeque::new(),
            unread_at_start: HashMap::new(),
            ready: VecDeque::new(),
            quiet: VecDeque::new(),
            retries: VecDeque::new(),
            told: VecDeque::new(),
            left: Vec::new(),
            remains: VecDeque::new(),
            next_poll: Instant::now() + options.poll,
            is_starting: true,
            numbered_bytes: 0,
            most_open: raise_open_files(),
            has_handed_out: false,
            has_met: false,
            has_closed_unread: false,
            options,
        }
    }

    /// Knows again what was read of files before.
    fn recall(&mut self, known: Vec<Checkpoint>) {
        for checkpoint in known.into_iter().filter(Checkpoint::is_sound) {
            self.last_id = self.last_id.max(checkpoint.stream);
            let seen = self.seen_ms.entry(checkpoint.path.clone()).or_default();
            *seen = checkpoint.place.seen_ms.max(*seen);
            self.known.insert(checkpoint);
        }
    }

    /// Fills `block` with the next whole lines of some file, or tells what else there is to know.
    ///
    /// After a run of blocks it returns [`Followed::Idle`] at once when nothing more is there;
    /// called again it waits, at most `timeout`, and returns [`Followed::Idle`] where nothing came.
    /// When it was woken it hands out the unfinished lines that were read, then [`Followed::Stopped`].
    ///
    /// # Errors
    ///
    /// Returns what the system says where waiting itself is impossible. What goes wrong with a
    /// file is a [`Followed::Problem`].
    pub fn next(&mut self, block: &mut Block, timeout: Duration) -> io::Result<Followed> {
        let deadline = Instant::now() + timeout;
        loop {
            if let Some(told) = self.told.pop_front() {
                return Ok(told);
            }
            if self.watch.wait(&self.wake, Duration::ZERO)? {
                return Ok(self.finish(block));
            }
            self.look_around();
            if std::mem::take(&mut self.has_met) {
                return Ok(Followed::Met);
            }
            if let Some(file) = self.read_on(block).or_else(|| self.hand_out_quiet(block)) {
                self.has_handed_out = true;
                return Ok(Followed::Block { file });
            }
            if !self.told.is_empty() || self.meet_next() {
                continue;
            }
            if std::mem::take(&mut self.has_closed_unread) {
                self.look_at_all(false);
                continue;
            }
            if std::mem::take(&mut self.has_handed_out) {
                return Ok(Followed::Idle);
            }
            if self.options.once {
                return Ok(self.finish(block));
            }
            let now = Instant::now();
            if now >= deadline {
                return Ok(Followed::Idle);
            }
            let until = self.next_event().min(deadline);
            self.watch
                .wait(&self.wake, until.saturating_duration_since(now))?;
        }
    }

    /// The path under which a file is followed and counted: as typed, or as found in a folder or
    /// by a glob. It stays the same when the file is renamed, and a later file at that path, and
    /// an earlier one that was rotated away, have the same path and another number.
    pub fn path(&self, file: FileNumber) -> &str {
        &self.paths[index_of(file)]
    }

    /// The checkpoints of the streams whose position has changed since the last call.
    ///
    /// A position covers exactly the blocks that were handed out before the call.
    pub fn checkpoints(&mut self) -> Vec<Checkpoint> {
        let mut latest = BTreeMap::new();
        for checkpoint in self.left.drain(..) {
            latest.insert(checkpoint.stream, checkpoint);
        }
        // A stream that went on in another file was left and is open: where it is now counts.
        for stream in self.streams.iter_mut().flatten() {
            if std::mem::take(&mut stream.is_changed) {
                latest.insert(stream.id, stream.checkpoint());
            }
        }
        latest.into_values().collect()
    }

    /// Reads a stream soon.
    pub(super) fn queue(&mut self, index: usize) {
        if let Some(stream) = &mut self.streams[index]
            && !stream.is_queued
        {
            stream.is_queued = true;
            self.ready.push_back(index);
        }
    }

    /// Adds a stream under a new number.
    pub(super) fn add(
        &mut self,
        path: String,
        make: impl FnOnce(FileNumber, String) -> Stream,
    ) -> usize {
        let index = self.streams.len();
        let number = FileNumber(u32::try_from(index).expect("4 billion files are never met"));
        self.paths.push(path.clone());
        let stream = make(number, path);
        self.by_key.insert(stream.spot.key, index);
        self.streams.push(Some(Box::new(stream)));
        // What is read once is read from its beginning, also next time.
        self.has_met |= self.options.goes_on && !self.options.once;
        self.queue(index);
        index
    }

    /// Leaves a file alone until it is written to.
    pub(super) fn settle(&mut self, index: usize) {
        let stream = self.streams[index].as_ref();
        let written = stream.and_then(|stream| Some((stream.spot.key, stream.written()?)));
        self.settled.extend(written);
    }

    /// Closes the file of a stream that nothing is added to any more, behind the last of its text.
    pub(super) fn let_go(&mut self, index: usize) {
        match self.streams[index].take_if(|stream| stream.has_rest()) {
            Some(stream) => {
                self.by_key.remove(&stream.spot.key);
                self.leave(stream.checkpoint());
                self.remains.push_back(stream);
            }
            None => self.close(index),
        }
    }

    /// Closes a stream's file; what is known of the stream stays.
    pub(super) fn close(&mut self, index: usize) {
        if let Some(stream) = self.streams[index].take() {
            self.by_key.remove(&stream.spot.key);
            let checkpoint = stream.checkpoint();
            self.leave(checkpoint);
        }
    }

    /// When there is something to do, whatever happens meanwhile.
    fn next_event(&self) -> Instant {
        let quiet = self.quiet.front().map(|(at, _)| *at);
        let retry = self.retries.front().map(|(at, _)| *at);
        quiet
            .into_iter()
            .chain(retry)
            .fold(self.next_poll, Instant::min)
    }
}

fn index_of(file: FileNumber) -> usize {
    usize::try_from(file.0).expect("a machine's numbers have 32 bits at least")
}

/// Raises the limit of open files, and returns how many streams may use.
fn raise_open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    // A quarter is left for whatever else the process opens.
    let most = current.and_then(|most| usize::try_from(most / 4 * 3).ok());
    most.unwrap_or(usize::MAX).max(16)
}
