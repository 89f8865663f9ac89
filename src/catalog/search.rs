//! Entries by the words of their texts, for whoever has a message and no code.

use std::cmp::Reverse;

use super::{Catalog, Entry, EntryId};

/// The entries in whose code, message or meaning all of `words` occur, the best first.
///
/// Case does not matter. Words stand apart by blanks; a run of Chinese occurs as it stands or, as
/// most of its words have two characters, pair by pair. An entry
/// is the better for having the words as they were given, in its message rather than in its
/// meaning, and for saying little else.
pub fn search(catalog: &Catalog, words: &str) -> Vec<EntryId> {
    let phrase = words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let phrase = phrase.trim_matches(|c: char| c.is_ascii_punctuation() || c == '。');
    if phrase.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<_> = catalog
        .entries()
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((rank(entry, phrase)?, EntryId::at(index))))
        .collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

type Rank = (Reverse<bool>, Reverse<bool>, usize);

/// What an entry's place depends on, the least first; `None` where a word is missing.
fn rank(entry: &Entry, phrase: &str) -> Option<Rank> {
    let message = entry.message.as_deref().unwrap_or_default().to_lowercase();
    let meaning = entry.meaning.iter().flat_map(|text| [&text.en, &text.zh]);
    let meaning = meaning.map(|text| text.to_lowercase());
    let told = std::iter::once(entry.code.to_lowercase()).chain(meaning);
    let texts: Vec<String> = std::iter::once(message.clone()).chain(told).collect();
    let occurs = |word: &str| texts.iter().any(|text| text.contains(word));
    let parts_occur = |word: &str| {
        let parts = pairs(word);
        !parts.is_empty() && parts.iter().all(|part| occurs(part))
    };
    if !phrase
        .split(' ')
        .all(|word| occurs(word) || parts_occur(word))
    {
        return None;
    }
    let length = texts.iter().map(String::len).sum();
    Some((
        Reverse(message.contains(phrase)),
        Reverse(occurs(phrase)),
        length,
    ))
}

/// The pairs of characters of a Chinese word of four or more; none of any other.
fn pairs(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if word.is_ascii() || characters.len() < 4 {
        return Vec::new();
    }
    let pairs = characters.chunks_exact(2).map(String::from_iter);
    pairs
        .chain([String::from_iter(&characters[characters.len() - 2..])])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str) -> Vec<String> {
        let catalog = Catalog::builtin().unwrap();
        let ids = search(&catalog, words).into_iter();
        ids.map(|id| catalog.entry(id).code.to_string()).collect()
    }

    #[test]
    fn the_entry_with_the_very_message_comes_first() {
        assert_eq!(found("concurrent modification")[0], "Organizations.1003");
        assert_eq!(
            found("  Concurrent\n Modification. ")[0],
            "Organizations.1003"
        );
    }

    #[test]
    fn all_words_must_occur_in_whatever_order() {
        assert!(found("modification concurrent").contains(&String::from("Organizations.1003")));
        assert_eq!(found("modification zebra"), [""; 0]);
        assert_eq!(found(" . "), [""; 0]);
    }

    #[test]
    fn chinese_is_found_as_it_stands() {
        assert!(found("管理账号").contains(&String::from("Organizations.1001")));
        assert!(found("修改被拒绝").contains(&String::from("Organizations.1003")));
    }
}
