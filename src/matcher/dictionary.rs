//! What stands at a place: a known code, an unknown one of a known family, or nothing.
//!
//! A code is looked up as a whole token; nothing here searches. Codes that are
//! no single token (`ORA-00942`) have an automaton of their own.

use std::collections::HashMap;
use std::num::NonZero;
use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::automaton::OverlappingState;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, Input, MatchKind};

use super::CodeId;
use super::token::{Token, may_end, token_end, words_end};
use super::word_bytes::is_word;
use super::words::Words;
use crate::catalog::{Catalog, Family};

/// The longest unknown code that is reported, in bytes.
pub(crate) const MAX_UNKNOWN_BYTES: usize = 256;

/// The fewest digits by which a numeric family is extended.
pub(super) const MIN_DIGITS: usize = 4;

/// What a token or a part of it is known as: no more than eight bytes, see [`Words`].
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// The id of the code, counted from 1.
    number: Option<NonZero<u32>>,
    /// Extended by `.` and four or more digits.
    numeric: bool,
    /// Extended by `.` and a part that begins with a capital.
    named: bool,
}

// Else an entry of `Words` would be two lines of memory.
const _: () = assert!(size_of::<Word>() <= 8);

impl Word {
    #[inline]
    fn code(self) -> Option<CodeId> {
        self.number.map(|number| CodeId(number.get() - 1))
    }
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A known code that ends here.
    Known(CodeId, usize),
    /// A code of a known family that the catalogue lacks.
    Unknown(Range<usize>),
    /// More than [`MAX_UNKNOWN_BYTES`] that begin like an unknown code, up to here.
    TooLong(usize),
}

impl Standing {
    /// Where the search for the next one goes on.
    pub(crate) fn end(&self) -> usize {
        match self {
            Standing::Known(_, end) | Standing::TooLong(end) => *end,
            Standing::Unknown(range) => range.end,
        }
    }
}

/// All codes and families by their text.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    tokens: Words<Word>,
    /// Codes and families that hold other than token bytes.
    others: Option<Others>,
}

#[derive(Clone, Debug)]
struct Others {
    /// The letters, digits and `_` that each of them begins with.
    heads: Words<()>,
    automaton: NFA,
    words: Vec<Word>,
}

impl Dictionary {
    /// Takes over the codes and families of `catalog`; `codes` gives each code its id.
    pub(crate) fn new<'c>(
        catalog: &Catalog,
        codes: impl Iterator<Item = (&'c str, CodeId)>,
    ) -> Self {
        let codes: Vec<(&str, CodeId)> = codes.collect();
        let families = catalog.families();
        let mut words = Collected {
            tokens: Words::with_capacity(codes.len() + families.len()),
            others: HashMap::default(),
        };
        for (code, id) in codes {
            let word = words.entry(code.as_bytes());
            word.number = NonZero::new(id.0 + 1);
            word.named = true;
        }
        for Family {
            name,
            numeric,
            named,
            ..
        } in families
        {
            let word = words.entry(name.as_bytes());
            word.numeric |= numeric;
            word.named |= named;
        }
        let Collected { tokens, others } = words;
        Dictionary {
            tokens,
            others: (!others.is_empty()).then(|| Others::new(others)),
        }
    }

    /// What stands at `start`, where a code may begin; the longest code wins.
    #[inline]
    pub(crate) fn look_up(&self, text: &[u8], start: usize) -> Option<Standing> {
        let token = Token::at(text, start);
        if let Some(others) = &self.others
            && others.may_begin(text, start)
        {
            return self.look_up_all(others, text, start, token);
        }
        if let Some((id, end)) = self.whole_token(text, start, token) {
            return Some(Standing::Known(id, end));
        }
        match self.parts_of_token(text, start, token) {
            (Some((id, end)), _) => Some(Standing::Known(id, end)),
            (None, end) => Some(unknown(start, end?)),
        }
    }

    /// The same where a code may begin that is no token.
    fn look_up_all(
        &self,
        others: &Others,
        text: &[u8],
        start: usize,
        token: Token,
    ) -> Option<Standing> {
        let whole = self.whole_token(text, start, token);
        let (part, unknown_end) = match whole {
            Some(_) => (None, None),
            None => self.parts_of_token(text, start, token),
        };
        let known = whole.or(part);
        match (known, others.longest_code(text, start)) {
            (Some((id, end)), Some((_, other_end))) if end >= other_end => {
                return Some(Standing::Known(id, end));
            }
            (_, Some((id, end))) | (Some((id, end)), None) => {
                return Some(Standing::Known(id, end));
            }
            (None, None) => {}
        }
        let other = others.longest_unknown(text, start);
        Some(unknown(start, other.or(unknown_end)?))
    }

    #[inline]
    fn whole_token(&self, text: &[u8], start: usize, token: Token) -> Option<(CodeId, usize)> {
        let code = self.tokens.get(&text[start..token.end])?.code()?;
        Some((code, token.end))
    }

    /// The longest known code that ends inside a token, or else where the longest one ends that extends a
    /// known code or family.
    #[inline]
    fn parts_of_token(
        &self,
        text: &[u8],
        start: usize,
        token: Token,
    ) -> (Option<(CodeId, usize)>, Option<usize>) {
        let mut unknown = None;
        for dot in self.dots_backward(text, start, token) {
            let next = text[dot + 1];
            if !next.is_ascii_digit() && !next.is_ascii_uppercase() {
                continue;
            }
            let Some(word) = self.tokens.get(&text[start..dot]) else {
                continue;
            };
            // Inside a token a code ends in no other way.
            let may_end = text[dot - 1].is_ascii_digit() && next.is_ascii_uppercase();
            if let Some(code) = word.code().filter(|_| may_end) {
                return (Some((code, dot)), None);
            }
            unknown = unknown.or_else(|| extension_end(word, text, dot));
        }
        (None, unknown)
    }

    /// The dots of a token before which a code or family may end.
    #[inline]
    fn dots_backward<'t>(
        &self,
        text: &'t [u8],
        start: usize,
        token: Token,
    ) -> impl Iterator<Item = usize> + use<'t> {
        // A long run of letters costs no more than a short one.
        let near_end = token.dots_end.min(start + self.tokens.longest() + 1);
        (start..near_end).rev().filter(|&at| text[at] == b'.')
    }
}

fn unknown(start: usize, end: usize) -> Standing {
    if end - start > MAX_UNKNOWN_BYTES {
        Standing::TooLong(end)
    } else {
        Standing::Unknown(start..end)
    }
}

/// All words while they are collected.
struct Collected {
    tokens: Words<Word>,
    others: OtherWords,
}

impl Collected {
    fn entry(&mut self, text: &[u8]) -> &mut Word {
        if is_token(text) {
            self.tokens.entry(text)
        } else {
            self.others.entry(text.into()).or_default()
        }
    }
}

/// Where an uncatalogued code ends that extends `word`, whose text ends at `dot`.
fn extension_end(word: &Word, text: &[u8], dot: usize) -> Option<usize> {
    let rest = text.get(dot + 1..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if word.numeric && digits >= MIN_DIGITS && may_end(text, dot + 1 + digits) {
        return Some(dot + 1 + digits);
    }
    let begins_with_capital = rest.first().is_some_and(u8::is_ascii_uppercase);
    let end = if word.named && begins_with_capital {
        token_end(text, dot + 1)
    } else {
        dot + 1
    };
    (end > dot + 1).then_some(end)
}

/// Whether `code` is one token: letters, digits, `_`, and single dots between those.
pub(crate) fn is_token(code: &[u8]) -> bool {
    !code.is_empty() && token_end(code, 0) == code.len() && is_word(code[0])
}

/// Those that are no tokens.
type OtherWords = HashMap<Box<[u8]>, Word, foldhash::fast::FixedState>;

impl Others {
    fn new(words: OtherWords) -> Self {
        let words: Vec<(Box<[u8]>, Word)> = words.into_iter().collect();
        let mut heads = Words::with_capacity(words.len());
        for (code, _) in &words {
            heads.entry(&code[..words_end(code, 0)]);
        }
        let automaton = NFA::builder()
            .match_kind(MatchKind::Standard)
            .build(words.iter().map(|(code, _)| code))
            .expect("the codes of a catalogue are far fewer than an automaton has states");
        Others {
            heads,
            automaton,
            words: words.into_iter().map(|(_, word)| word).collect(),
        }
    }

    /// Whether one of them may begin at `start`: whatever follows on its head is no letter.
    #[inline]
    fn may_begin(&self, text: &[u8], start: usize) -> bool {
        self.heads
            .get(&text[start..words_end(text, start)])
            .is_some()
    }

    fn longest_code(&self, text: &[u8], start: usize) -> Option<(CodeId, usize)> {
        let ends = self.prefixes(text, start).into_iter().rev();
        ends.filter(|&(_, end)| may_end(text, end))
            .find_map(|(word, end)| Some((word.code()?, end)))
    }

    fn longest_unknown(&self, text: &[u8], start: usize) -> Option<usize> {
        let mut ends = self.prefixes(text, start).into_iter().rev();
        ends.find_map(|(word, end)| {
            if text.get(end) == Some(&b'.') {
                extension_end(word, text, end)
            } else {
                None
            }
        })
    }

    /// Every word that the text at `start` begins with, and where it ends, shortest first.
    fn prefixes(&self, text: &[u8], start: usize) -> Vec<(&Word, usize)> {
        let input = Input::new(text).range(start..).anchored(Anchored::Yes);
        let mut state = OverlappingState::start();
        let mut found = Vec::new();
        loop {
            self.automaton
                .try_find_overlapping(&input, &mut state)
                .expect("an automaton for standard matches searches anchored and overlapping");
            let Some(prefix) = state.get_match() else {
                return found;
            };
            // An anchored search, too, reports words that begin later and end where another ends.
            if prefix.start() == start {
                found.push((&self.words[prefix.pattern().as_usize()], prefix.end()));
            }
        }
    }
}
