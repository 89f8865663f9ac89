//! What is known about an argument: a code, an unknown code and those like it, or words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use errsift::catalog::{Catalog, Entry, near, search};
use errsift::sink::{Finding, Siblings, Stated};

use super::record::Record;

/// What there is to say to one argument.
pub enum Answer<'a> {
    /// Codes, and the request that all of them belong to.
    Findings {
        findings: Vec<Finding<'a>>,
        request_id: Option<&'a str>,
    },
    /// A text without codes, and the HTTP statuses that it states.
    Nothing { statuses: Vec<Finding<'a>> },
    /// The entries in whose texts words occur.
    Words {
        words: String,
        entries: Vec<&'a Entry>,
    },
}

impl Answer<'_> {
    /// Whether it names a known code.
    pub fn is_known(&self) -> bool {
        match self {
            Answer::Findings { findings, .. } => findings
                .iter()
                .any(|finding| !matches!(finding, Finding::Unknown { .. })),
            Answer::Nothing { .. } => false,
            Answer::Words { entries, .. } => !entries.is_empty(),
        }
    }
}

/// The answers to all arguments, each with the text in it, or in what `-` stands for, as a record.
///
/// Where none of several is, holds or looks like a code, they are the words of one message.
pub fn answers<'a>(
    catalog: &'a Catalog,
    arguments: &'a [String],
    records: &'a [Record<'a>],
) -> Vec<Answer<'a>> {
    let both = || arguments.iter().zip(records);
    let is_word = |(text, record): (&String, &Record)| {
        let code = bare(text);
        text != "-"
            && catalog.find(code).is_empty()
            && !record.holds_more_than_a_code(code)
            && of_other_case(catalog, code).is_empty()
            && !looks_like_code(text)
    };
    if both().all(is_word) {
        return vec![of_words(catalog, arguments.join(" "))];
    }
    let answer = |(text, record): (&'a String, &'a Record)| match text.as_str() {
        "-" => record.answer(catalog),
        text => of_argument(catalog, text, record),
    };
    both().map(answer).collect()
}

/// Whether only the text as a whole, read as a record, can tell what an argument means.
pub fn may_hold_codes(catalog: &Catalog, argument: &str) -> bool {
    catalog.find(bare(argument)).is_empty()
}

fn of_argument<'a>(catalog: &'a Catalog, text: &'a str, record: &'a Record) -> Answer<'a> {
    let code = bare(text);
    let known = known(catalog, code, false, Stated::default());
    if !known.is_empty() {
        return one(known);
    }
    if record.holds_more_than_a_code(code) {
        return record.answer(catalog);
    }
    let other_case = of_other_case(catalog, code);
    if !other_case.is_empty() {
        return one(vec![Finding::Unknown {
            code,
            near: other_case,
            siblings: None,
            stated: Stated::default(),
        }]);
    }
    if looks_like_code(text) {
        let finding = unknown(catalog, code, Stated::default());
        let says_something = matches!(
            &finding,
            Finding::Unknown { near, siblings, .. } if !near.is_empty() || siblings.is_some()
        );
        let found = search(catalog, text);
        if says_something || found.is_empty() {
            return one(vec![finding]);
        }
    }
    of_words(catalog, text.to_owned())
}

fn one(findings: Vec<Finding>) -> Answer {
    Answer::Findings {
        findings,
        request_id: None,
    }
}

/// An argument without the blanks, quotes and marks of a sentence around it.
fn bare(text: &str) -> &str {
    let is_around = |character: char| character.is_whitespace() || "\"'`.,;:!?".contains(character);
    text.trim_matches(is_around)
}

/// The codes that differ from `text` in nothing but case. A code that is a plain word is one of the words of
/// messages, too, and none of these.
fn of_other_case(catalog: &Catalog, text: &str) -> Vec<String> {
    let codes = catalog.entries().iter().map(|entry| &*entry.code);
    let mut found: Vec<String> = codes
        .filter(|code| code.eq_ignore_ascii_case(text) && *code != text && looks_like_code(code))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn of_words(catalog: &Catalog, words: String) -> Answer<'_> {
    let found = search(catalog, &words).into_iter();
    let entries = found.map(|id| catalog.entry(id)).collect();
    Answer::Words { words, entries }
}

/// The entries of `code`, one for each provider that has it.
pub fn known<'a>(
    catalog: &'a Catalog,
    code: &str,
    is_guess: bool,
    stated: Stated<'a>,
) -> Vec<Finding<'a>> {
    let entries = catalog.find(code).iter().map(|&id| catalog.entry(id));
    let finding = |entry| Finding::Known {
        entry,
        is_guess,
        stated,
    };
    entries.map(finding).collect()
}

/// What there is to say about a code that the catalogue lacks.
pub fn unknown<'a>(catalog: &'a Catalog, code: &'a str, stated: Stated<'a>) -> Finding<'a> {
    Finding::Unknown {
        code,
        near: near(catalog, code),
        siblings: siblings(catalog, code),
        stated,
    }
}

/// The nearest family that `code` would belong to, and whose codes it has.
fn siblings<'c>(catalog: &'c Catalog, code: &str) -> Option<Siblings<'c>> {
    let parents = std::iter::successors(code.rsplit_once('.'), |(name, _)| name.rsplit_once('.'));
    let mut families = parents.filter_map(|(name, _)| {
        let mut families = catalog.families().iter();
        families.find(|family| family.name == name)
    });
    let family = families.next()?;
    let prefix = format!("{}.", family.name);
    let mut counts: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for entry in catalog.entries() {
        if entry.code.starts_with(&prefix) {
            let owner = (&*entry.provider, entry.product.as_deref());
            *counts.entry(owner).or_default() += 1;
        }
    }
    let counted = counts.into_iter();
    let mut known: Vec<_> = counted
        .map(|((provider, product), codes)| (provider, product, codes))
        .collect();
    known.sort_by_key(|&(_, _, codes)| Reverse(codes));
    Some(Siblings {
        family: &family.name,
        known,
    })
}

/// Whether `text` is made like a code rather than like a word.
fn looks_like_code(text: &str) -> bool {
    let is_token = text.bytes().all(|byte| byte.is_ascii_graphic());
    let inner_dot = text.trim_matches('.').contains('.');
    let marks = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'_';
    is_token && (inner_dot || text.bytes().skip(1).any(marks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_told_from_a_word() {
        for code in [
            "APIG.1",
            "apig.1002",
            "FailedOperation",
            "ORA-00942",
            "404",
            "ERR_X",
        ] {
            assert!(looks_like_code(code), "{code}");
        }
        for word in [
            "throttling",
            "Throttling",
            "token expired",
            "并发修改",
            "end.",
            "-",
        ] {
            assert!(!looks_like_code(word), "{word}");
        }
    }

    #[test]
    fn the_nearest_family_tells_who_documents_such_codes() {
        let catalog = Catalog::builtin().unwrap();

        let family = siblings(&catalog, "FailedOperation.Foo.Bar").unwrap();
        assert_eq!(family.family, "FailedOperation");
        assert_eq!(family.known[0].0, "tencentcloud");

        let alone = siblings(&catalog, "APIGW.0301").unwrap();
        assert_eq!((alone.family, alone.known.len()), ("APIGW", 0));

        assert!(siblings(&catalog, "Nobody.Knows").is_none());
    }
}
