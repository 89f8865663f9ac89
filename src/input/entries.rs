//! Where the entries of a journal's export end (`journalctl -o export`).
//!
//! An entry is several lines, and a field that is no text is a length and bytes of any kind, so an
//! end is told only by reading from the beginning. What is read before stays in a few words, so
//! memory does not depend on the length of an entry. What is no field counts as text: nothing in a
//! damaged export is lost. The format: <https://systemd.io/JOURNAL_EXPORT_FORMATS/>.

use std::collections::VecDeque;

/// The longest name of a field, as journald allows.
const MAX_NAME_BYTES: usize = 64;

/// The longest value of a field, as journald allows; a greater length is damage.
const MAX_VALUE_BYTES: u64 = 768 * 1024 * 1024;

/// Fields that journald itself gives to an entry: one of them tells an export from other assignments.
const MARKS: [&[u8]; 4] = [
    b"__CURSOR=",
    b"__REALTIME_TIMESTAMP=",
    b"_BOOT_ID=",
    b"_MACHINE_ID=",
];

/// The field with which `journalctl` begins every entry.
pub(super) const FIRST_FIELD: &[u8] = MARKS[0];

/// How much of a text's beginning tells whether it is an export.
const TOLD_BYTES: usize = 4096;

/// Whether `head` is the beginning of an export: fields, and among them one that journald gives.
pub(super) fn is_export(head: &[u8]) -> bool {
    let head = &head[..head.len().min(TOLD_BYTES)];
    for line in head.split(|&byte| byte == b'\n') {
        if MARKS.iter().any(|mark| line.starts_with(mark)) {
            return true;
        }
        let name = line.split(|&byte| byte == b'=').next();
        // Bytes follow the name of a field that is no text, and are not worth reading here.
        if line.is_empty() || name.is_none_or(|name| name.len() == line.len() || !is_name(name)) {
            return false;
        }
    }
    false
}

/// Whether a field can be called so.
pub(crate) fn is_name(name: &[u8]) -> bool {
    let may_stand = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.iter().all(may_stand)
}

/// The length of a value that is no text, from the eight bytes before it; `None` where that is damage.
pub(crate) fn value_bytes(length: [u8; 8]) -> Option<u64> {
    Some(u64::from_le_bytes(length)).filter(|&bytes| bytes <= MAX_VALUE_BYTES)
}

/// Finds the ends of entries in text that comes piece by piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    place: Place,
    /// The name that is being read, as far as it may be one.
    name: Vec<u8>,
    /// Whether there was anything since the last end.
    is_begun: bool,
    /// Offset of the first byte that was not read.
    offset: u64,
    /// Offsets behind the entries that were not taken yet.
    ends: VecDeque<u64>,
}

/// What the next byte belongs to.
#[derive(Clone, Debug, Default)]
enum Place {
    /// The name of a field, or a blank line.
    #[default]
    Name,
    /// Text, up to a newline.
    Text,
    /// The length of a value that is no text, of which these bytes are known.
    Length([u8; 8], usize),
    /// A value that is no text, with so many bytes more.
    Value(u64),
}

impl Entries {
    /// Reads what was not read yet of `text`, whose first byte has this offset.
    pub(super) fn read(&mut self, text: &[u8], offset: u64) {
        let known = usize::try_from(self.offset.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut rest = text.get(known..).unwrap_or_default();
        while !rest.is_empty() {
            let read = self.step(rest);
            self.offset += read as u64;
            rest = &rest[read..];
        }
    }

    /// Offset behind the first entry, or the last one, that was not taken.
    pub(super) fn end(&self, is_last_wanted: bool) -> Option<u64> {
        let end = if is_last_wanted {
            self.ends.back()
        } else {
            self.ends.front()
        };
        end.copied()
    }

    /// Takes the ends up to `offset`.
    pub(super) fn take_ends(&mut self, offset: u64) -> impl Iterator<Item = u64> + '_ {
        let taken = self.ends.partition_point(|&end| end <= offset);
        self.ends.drain(..taken)
    }

    /// Whether an entry has begun and not ended.
    pub(super) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// Reads to where the next byte belongs to something else; returns how many bytes that are.
    fn step(&mut self, rest: &[u8]) -> usize {
        match &mut self.place {
            Place::Name => self.read_name(rest),
            Place::Text => {
                let newline = memchr::memchr(b'\n', rest);
                self.place = newline.map_or(Place::Text, |_| Place::Name);
                newline.map_or(rest.len(), |newline| newline + 1)
            }
            Place::Length(length, known) => {
                length[*known] = rest[0];
                *known += 1;
                if *known == length.len() {
                    self.place = value_bytes(*length).map_or(Place::Text, Place::Value);
                }
                1
            }
            Place::Value(0) => {
                self.place = Place::Text;
                0
            }
            Place::Value(left) => {
                let read = usize::try_from(*left).map_or(rest.len(), |left| left.min(rest.len()));
                *left -= read as u64;
                read
            }
        }
    }

    fn read_name(&mut self, rest: &[u8]) -> usize {
        let end = memchr::memchr2(b'=', b'\n', rest);
        let part = &rest[..end.unwrap_or(rest.len())];
        let room = MAX_NAME_BYTES + 1 - self.name.len();
        self.name.extend_from_slice(&part[..part.len().min(room)]);
        let Some(end) = end else { return rest.len() };
        if rest[end] == b'=' {
            self.place = Place::Text;
        } else if is_name(&self.name) {
            self.place = Place::Length([0; 8], 0);
        } else if self.name.is_empty() && self.is_begun {
            self.ends.push_back(self.offset + end as u64 + 1);
        }
        self.is_begun = rest[end] == b'=' || !self.name.is_empty();
        self.name.clear();
        end + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &[u8] = b"__CURSOR=s=1\nMESSAGE=one\n\n";
    const BINARY: &[u8] = b"__CURSOR=s=2\nMESSAGE\n\x06\0\0\0\0\0\0\0a\n\nb=c\n_PID=1\n\n";

    fn ends(text: &[u8], step: usize) -> Vec<u64> {
        let mut entries = Entries::default();
        let mut seen = 0;
        for part in text.chunks(step) {
            let start = seen.min(3);
            seen += part.len();
            entries.read(&text[start..seen], start as u64);
        }
        entries.take_ends(u64::MAX).collect()
    }

    #[test]
    fn an_entry_ends_at_a_blank_line_that_is_not_inside_a_value_however_it_comes() {
        let text = [FIRST, BINARY, b"\n\n", FIRST, b"MESSAGE=unfinished\n"].concat();
        let first = FIRST.len() as u64;
        let second = first + BINARY.len() as u64;
        for step in [1, 2, 3, 7, 8, 1000] {
            assert_eq!(
                ends(&text, step),
                [first, second, second + 2 + first],
                "{step}"
            );
        }
    }

    #[test]
    fn a_length_that_cannot_be_and_a_line_that_is_no_field_are_text() {
        let text = b"__CURSOR=s=1\nMESSAGE\nxxxxxxxx\nnot a field\n\n__CURSOR=s=2\n\n";
        assert_eq!(ends(text, 5), [text.len() as u64 - 14, text.len() as u64]);
    }

    #[test]
    fn an_export_is_told_by_a_field_of_journald() {
        assert!(is_export(FIRST));
        assert!(is_export(b"PRIORITY=6\n_BOOT_ID=00\n"));
        assert!(!is_export(b"PATH=/bin\nHOME=/root\n"));
        assert!(!is_export(b"PATH=/bin\nplain text\n_BOOT_ID=00\n"));
        assert!(!is_export(b"\n__CURSOR=s=1"));
        assert!(!is_export(b""));
    }
}
