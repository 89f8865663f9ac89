//! The extensions of a member in the format of pax.

use jiff::Timestamp;
use tar::PaxExtensions;

use super::sparse::Map;

/// What is taken from a member's extensions.
#[derive(Debug, Default)]
pub(super) struct Pax {
    pub(super) name: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) time: Option<Timestamp>,
    /// The length of a sparse file, its holes included.
    pub(super) real_size: Option<u64>,
    /// Offsets and lengths in turn, of the sparse formats 0.0 and 0.1.
    numbers: Vec<u64>,
    /// Whether the sparse format is 1.0.
    is_one: bool,
}

impl Pax {
    /// Reads extensions; what is not understood is left out.
    pub(super) fn read(text: &[u8]) -> Pax {
        let mut pax = Pax::default();
        let mut sparse_name = None;
        for extension in PaxExtensions::new(text).flatten() {
            let value = extension.value_bytes();
            let number = || std::str::from_utf8(value).ok()?.parse::<u64>().ok();
            match extension.key_bytes() {
                b"path" => pax.name = Some(value.to_vec()),
                b"size" => pax.size = number(),
                b"mtime" => pax.time = time(value),
                b"GNU.sparse.name" => sparse_name = Some(value.to_vec()),
                b"GNU.sparse.realsize" | b"GNU.sparse.size" => pax.real_size = number(),
                b"GNU.sparse.major" => pax.is_one = value == b"1",
                b"GNU.sparse.offset" | b"GNU.sparse.numbytes" => pax.numbers.extend(number()),
                b"GNU.sparse.map" => pax.numbers = numbers(value),
                _ => {}
            }
        }
        pax.name = sparse_name.or(pax.name);
        pax
    }

    /// Whether the member's data begin with the map of a sparse file.
    pub(super) fn has_map_in_data(&self) -> bool {
        self.is_one && self.real_size.is_some()
    }

    /// The map of a sparse file, where the extensions hold it.
    pub(super) fn map(&self) -> Option<Map> {
        let pairs = self.numbers.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        self.real_size
            .filter(|_| !self.numbers.is_empty())
            .map(|size| Map::new(size, pairs.collect()))
    }
}

fn numbers(list: &[u8]) -> Vec<u64> {
    let numbers = list.split(|&byte| byte == b',');
    let numbers = numbers.map(|number| std::str::from_utf8(number).ok()?.parse().ok());
    numbers.collect::<Option<_>>().unwrap_or_default()
}

/// Seconds since the epoch, whose fraction does not matter.
fn time(value: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(value).ok()?;
    let seconds = text.split('.').next()?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}
