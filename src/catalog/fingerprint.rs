//! Tells one catalogue from another by what the entries say.

use sha2::{Digest, Sha256};

use super::entry::Entry;
use crate::tally::result::CatalogId;

/// So much is hashed at a time.
const HASHED_BYTES: usize = 4096;

/// A fingerprint of `entries`, which does not depend on their order nor on the files they are from:
/// SHA-256 of what [`write`](fn@write) makes of each, in the order of that.
pub(super) fn fingerprint(entries: &[Entry]) -> CatalogId {
    // What is written begins with the code; all in one piece would be megabytes for many thousands.
    let mut by_code: Vec<([u8; 8], &Entry)> = entries
        .iter()
        .map(|it| (length(it.code.as_bytes()), it))
        .collect();
    by_code.sort_unstable_by(|(a_length, a), (b_length, b)| {
        let by_code = (a_length, a.code.as_bytes()).cmp(&(b_length, b.code.as_bytes()));
        by_code.then_with(|| written(a).cmp(&written(b)))
    });
    let mut whole = Sha256::new();
    let mut buffer = Vec::new();
    for (_, entry) in by_code {
        write(entry, &mut buffer);
        if buffer.len() >= HASHED_BYTES {
            whole.update(&buffer);
            buffer.clear();
        }
    }
    whole.update(&buffer);
    let bytes = whole.finalize();
    CatalogId {
        sha256: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        codes: entries.len(),
    }
}

/// The length of a field, as it is written.
fn length(field: &[u8]) -> [u8; 8] {
    (field.len() as u64).to_le_bytes()
}

fn written(entry: &Entry) -> Vec<u8> {
    let mut written = Vec::new();
    write(entry, &mut written);
    written
}

/// Writes `entry` as no other entry is written, nor several: every field behind its length.
fn write(entry: &Entry, out: &mut Vec<u8>) {
    // To the field, so that none that is added is left out.
    let Entry {
        code,
        provider,
        product,
        http_status,
        message,
        meaning,
        remediation,
        category,
        retryable,
        examples,
    } = entry;
    let mut write = |field: Option<&[u8]>| {
        // No field is as long as that.
        out.extend_from_slice(&field.map_or(u64::MAX.to_le_bytes(), length));
        out.extend_from_slice(field.unwrap_or_default());
    };
    write(Some(code.as_bytes()));
    write(Some(provider.as_bytes()));
    write(product.as_ref().map(|product| product.as_bytes()));
    write(
        http_status
            .map(u16::to_le_bytes)
            .as_ref()
            .map(|status| &status[..]),
    );
    write(message.as_ref().map(|message| message.as_bytes()));
    for text in [meaning, remediation] {
        write(text.as_ref().map(|text| text.en.as_bytes()));
        write(text.as_ref().map(|text| text.zh.as_bytes()));
    }
    write(category.map(|category| category.name().as_bytes()));
    write(
        retryable
            .map(|retryable| [u8::from(retryable)])
            .as_ref()
            .map(|flag| &flag[..]),
    );
    write(Some(&(examples.len() as u64).to_le_bytes()));
    for example in examples {
        write(Some(example.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Category, Text};
    use super::*;

    fn text(en: &'static str, zh: &'static str) -> Option<Text> {
        Some(Text {
            en: en.into(),
            zh: zh.into(),
        })
    }

    #[test]
    fn entries_that_differ_anywhere_have_different_fingerprints() {
        let bare = || Entry {
            code: "A.1".into(),
            provider: "acme".into(),
            ..Entry::default()
        };
        let some = |change: fn(&mut Entry)| {
            let mut entry = bare();
            change(&mut entry);
            entry
        };
        let entries = [
            bare(),
            some(|entry| entry.code = "A.2".into()),
            some(|entry| entry.provider = "other".into()),
            some(|entry| entry.product = Some("A".into())),
            some(|entry| entry.product = Some("".into())),
            some(|entry| entry.http_status = Some(400)),
            some(|entry| entry.message = Some("A".into())),
            some(|entry| entry.meaning = text("A", "B")),
            some(|entry| entry.meaning = text("AB", "")),
            some(|entry| entry.remediation = text("A", "B")),
            some(|entry| entry.category = Some(Category::Quota)),
            some(|entry| entry.retryable = Some(true)),
            some(|entry| entry.retryable = Some(false)),
            some(|entry| entry.examples = vec!["A".into()]),
            some(|entry| entry.examples = vec!["A".into(), "".into()]),
        ];

        for (number, entry) in entries.iter().enumerate() {
            let id = fingerprint(std::slice::from_ref(entry));

            let like = |other: &Entry| fingerprint(std::slice::from_ref(other)) == id;
            let alike: Vec<_> = (0..)
                .zip(&entries)
                .filter(|(_, other)| like(other))
                .collect();
            assert_eq!(alike, [(number, entry)]);
        }
    }
}
