//! Entries by the words of their texts, for whoever has a message and no code.

use std::cmp::Reverse;

use super::{Catalog, Entry, EntryId};

/// The entries in whose code, message or meaning all of `words` occur, the best first.
///
/// Case does not matter. Words stand apart by blanks, and are whole ones: neither parts of longer
/// words, nor of numbers; those of a code begin at its dots, at `_` and at capitals. A run of Chinese occurs as it stands or, as
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
    let code = [entry.code.to_lowercase(), words_of(&entry.code)];
    let told = code.into_iter().chain(meaning);
    let texts: Vec<String> = std::iter::once(message.clone()).chain(told).collect();
    let occurs = |word: &str| texts.iter().any(|text| holds(text, word));
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
        Reverse(holds(&message, phrase)),
        Reverse(occurs(phrase)),
        length,
    ))
}

/// Whether `word` stands in `text`, and is no part of a longer word or number there.
fn holds(text: &str, word: &str) -> bool {
    let is_part = |character: Option<char>| character.is_some_and(|it| it.is_ascii_alphanumeric());
    let opens = is_part(word.chars().next());
    let closes = is_part(word.chars().next_back());
    text.match_indices(word).any(|(at, _)| {
        let goes_before = opens && is_part(text[..at].chars().next_back());
        let goes_on = closes && is_part(text[at + word.len()..].chars().next());
        !goes_before && !goes_on
    })
}

/// The words of a code such as `DryRunOperation`, with blanks between them.
fn words_of(code: &str) -> String {
    let mut words = String::new();
    let characters: Vec<char> = code.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| characters[at]);
        let next = characters.get(at + 1);
        let ends_capitals = next.is_some_and(char::is_ascii_lowercase);
        if character.is_ascii_uppercase()
            && before.is_some_and(|before| !before.is_ascii_uppercase() || ends_capitals)
        {
            words.push(' ');
        }
        words.push(character.to_ascii_lowercase());
    }
    words
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
    fn a_part_of_a_word_or_of_a_number_is_not_that_word() {
        assert_eq!(found("1045"), [""; 0]);
        assert_eq!(found("nope"), [""; 0]);
        assert_eq!(found("oom"), [""; 0]);
        assert_eq!(found("00011045"), ["UC.00011045"]);
        assert!(found("dry run").contains(&String::from("DryRunOperation")));
        assert!(found("dryrunoperation").contains(&String::from("DryRunOperation")));
    }

    #[test]
    fn the_words_of_a_code_begin_at_its_capitals() {
        for (code, words) in [
            ("DryRunOperation", "dry run operation"),
            ("InvalidIP.NotFound", "invalid ip. not found"),
            ("HTTPSError", "https error"),
            ("UC.00011045", "uc.00011045"),
            ("ORA_00942", "ora_00942"),
        ] {
            assert_eq!(words_of(code), words);
        }
    }

    #[test]
    fn chinese_is_found_as_it_stands() {
        assert!(found("管理账号").contains(&String::from("Organizations.1001")));
        assert!(found("修改被拒绝").contains(&String::from("Organizations.1003")));
    }
}
