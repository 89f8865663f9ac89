//! Which texts are there more than once, and which of them counts.
//!
//! A file given beside its compressed copy is the one that counts; where equal texts count once,
//! those whose identity is known without unpacking come first, then the order of reading holds.
//! So the choice does not depend on threads.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::iter;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{Reading, number};
use crate::input::{
    BLOCK_BYTES, Context, Dedup, Identity, InputSpec, Opened, Source, Stream, TextId,
    file_identity, name_of_original, open, packed_archive,
};
use crate::pipeline::Control;
use crate::pipeline::texts::{identity_of, lock};
use crate::tally::result::InputState;
use crate::wording::reasons;

/// Which other texts a text may be, so that it is known only at its end whether it counts.
pub(in crate::pipeline) enum Twin {
    /// None: it counts.
    Impossible,
    /// Any that is counted.
    Any,
    /// These, with their paths.
    Of(Vec<(TextId, String)>),
}

impl Reading {
    /// Counts a text under the path of this input, unless it is counted under another: then that is
    /// the one, and the input a duplicate.
    pub(in crate::pipeline) fn claim(&mut self, number: u32, id: TextId) -> Option<String> {
        let path = &self.entries.get(&number)?.path;
        if id.is_empty() {
            return None;
        }
        let claimed = self.claims.entry(id).or_insert_with(|| Arc::clone(path));
        (!Arc::ptr_eq(claimed, path)).then(|| claimed.to_string())
    }

    /// Claims the texts that are known before they are read: so they are counted, and their copies
    /// that must be unpacked are not, whatever the order.
    pub(in crate::pipeline) fn claim_known(&mut self, control: &Control) {
        for (given, spec) in Arc::clone(&self.specs).iter().enumerate() {
            let given = number(given);
            if self.has_ended(given) || spec.size.is_none() {
                continue;
            }
            if let Ok(Opened::File { id, .. }) = open(spec, &control.wake()) {
                self.identify(given, id);
                if let Some(path) = self.claim(given, id) {
                    self.end_duplicate(given, &path);
                }
            }
        }
    }

    /// Notes that an input's text is counted under this path.
    pub(in crate::pipeline) fn end_duplicate(&mut self, number: u32, path: &str) {
        let reason = reasons::same_text(path);
        self.end(number, InputState::Duplicate, Some(reason));
    }

    /// Whether equal texts count once, wherever they are.
    pub(in crate::pipeline) fn is_by_content(&self) -> bool {
        self.dedup == Dedup::Content
    }

    /// Which other texts that of an input may be: for a member, the `candidates` among the earlier.
    pub(in crate::pipeline) fn twins(
        reading: &Mutex<Reading>,
        control: &Control,
        context: &Context,
        number: u32,
        candidates: impl FnOnce() -> Vec<(TextId, String)>,
    ) -> Twin {
        let locked = lock(reading);
        match locked.dedup {
            Dedup::None => return Twin::Impossible,
            Dedup::Content => {
                let entry = locked.entries.get(&number);
                return match entry.is_some_and(|entry| entry.id.is_some()) {
                    true => Twin::Impossible,
                    false => Twin::Any,
                };
            }
            Dedup::Copies => {}
        }
        let original = locked.originals.get(&number).copied();
        drop(locked);
        let twins = match original {
            Some(original) => Reading::id_of(reading, control, context, original)
                .map(|id| (id, lock(reading).specs[original as usize].path.clone()))
                .into_iter()
                .collect(),
            None => candidates(),
        };
        match twins.is_empty() {
            true => Twin::Impossible,
            false => Twin::Of(twins),
        }
    }

    /// The path of the archive of which `file`, the input with this number, is a compressed copy.
    ///
    /// That is asked before any member is counted, so such a file is unpacked once more if it is not.
    pub(in crate::pipeline) fn twin_of_archive(
        reading: &Mutex<Reading>,
        control: &Control,
        context: &Context,
        number: u32,
        file: &File,
    ) -> Option<String> {
        let (specs, original) = {
            let reading = lock(reading);
            let original = *reading.originals.get(&number)?;
            (Arc::clone(&reading.specs), original)
        };
        if lock(reading).dedup == Dedup::None {
            return None;
        }
        let spec = &specs[original as usize];
        let id = match open(spec, &control.wake()).ok()? {
            Opened::Packed { file, size } => file_identity(&file, size).ok()?,
            Opened::File { .. } | Opened::Stream(_) => return None,
        };
        let archive = packed_archive(Box::new(file), context);
        let own = archive.and_then(|archive| whole_identity(archive, control));
        let mut place = file;
        place.seek(SeekFrom::Start(0)).ok()?;
        (own? == id).then(|| spec.path.clone())
    }

    /// The identity of one of the inputs given, which is read for it if need be.
    fn id_of(
        reading: &Mutex<Reading>,
        control: &Control,
        context: &Context,
        number: u32,
    ) -> Option<TextId> {
        let specs = {
            let reading = lock(reading);
            if let Some(id) = reading.entries.get(&number)?.id {
                return Some(id);
            }
            Arc::clone(&reading.specs)
        };
        let spec = &specs[number as usize];
        spec.size?;
        match open(spec, &control.wake()).ok()? {
            Opened::File { id, .. } => Some(id),
            packed @ Opened::Packed { .. } => identity_of(context, packed.into_stream(), control),
            Opened::Stream(_) => None,
        }
    }

    /// The path under which the text of an input is counted, if that is another's.
    pub(in crate::pipeline) fn twin(
        &mut self,
        twins: &Twin,
        number: u32,
        id: TextId,
    ) -> Option<String> {
        match twins {
            Twin::Impossible => None,
            Twin::Any => self.claim(number, id),
            Twin::Of(twins) => {
                let twin = twins
                    .iter()
                    .find(|(other, _)| *other == id && !id.is_empty());
                twin.map(|(_, path)| match path.starts_with('!') {
                    true => self.full_path(number, path),
                    false => path.clone(),
                })
            }
        }
    }

    /// The path of a member of the same input as the one with this number.
    fn full_path(&self, number: u32, member: &str) -> String {
        let path = self.entries.get(&number).map(|entry| &*entry.path);
        let given = path.and_then(|path| path.split_once('!'));
        format!("{}{member}", given.map_or("", |(given, _)| given))
    }
}

/// The identity of all that `stream` gives; `None` where it is damaged, or the scan is stopped.
fn whole_identity(mut stream: Stream, control: &Control) -> Option<TextId> {
    let mut identity = Identity::default();
    let mut part = vec![0; BLOCK_BYTES];
    while !control.is_stopped() {
        match stream.read(&mut part).ok()? {
            0 => return Some(identity.finish()),
            read => identity.update(&part[..read]),
        }
    }
    None
}

/// The original of each compressed copy among `specs`, by their numbers.
///
/// Files are told by what they are and not by their paths: either may be reached through a link, or
/// by another spelling. Nothing is its own original, be it by way of others.
pub(super) fn originals(specs: &[InputSpec]) -> HashMap<u32, u32> {
    let copies = specs.iter().map(path_of).filter_map(|path| {
        let original = file_at(name_of_original(path)?)?;
        Some((file_at(path)?, original))
    });
    let copies: Vec<_> = copies.collect();
    let mut originals = HashMap::new();
    if copies.is_empty() {
        return originals;
    }
    let readable = specs.iter().zip(0..).filter(|(spec, _)| spec.is_readable());
    let numbers: HashMap<_, u32> = readable
        .filter_map(|(spec, number)| Some((file_at(path_of(spec))?, number)))
        .collect();
    for (copy, original) in copies {
        let (Some(&copy), Some(&original)) = (numbers.get(&copy), numbers.get(&original)) else {
            continue;
        };
        let mut line = iter::successors(Some(original), |number| originals.get(number).copied());
        if line.all(|number| number != copy) {
            originals.entry(copy).or_insert(original);
        }
    }
    originals
}

fn path_of(spec: &InputSpec) -> &Path {
    match &spec.source {
        Source::File(path) => path,
        Source::Stdin | Source::Failed(_) | Source::Duplicate(_) => Path::new(&spec.path),
    }
}

/// The device and inode of the file at `path`.
fn file_at(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
