//! A sentence in both languages, and how its parts are found again.

use std::borrow::Cow;

use super::{catalog, reasons, remarks, shown};

/// A sentence with places: `{part}` for a part, `{part?one|many}` for a word that goes with a number.
///
/// In English a word stands behind its number.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) parts: &'static [(&'static str, Kind)],
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

/// What a part of a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number.
    Number,
    /// The same with its thousands told apart.
    Grouped,
    /// A name, or several.
    Text,
    /// A sentence of [`remarks`], and nothing else.
    Remark,
    /// Sentences of [`catalog::remarks`], and nothing else.
    Remarks,
    /// A sentence of [`reasons`], or the words of the system or a library.
    Reason,
    /// What is wrong with data, by [`reasons::damage`], or the words of a library.
    Damage,
    /// A phrase of [`shown::phrases`], or a name.
    Phrase,
}

/// What a sentence is put together from.
#[derive(Clone, Copy)]
enum Piece {
    Literal(&'static str),
    Part(&'static str),
    Word {
        of: &'static str,
        one: &'static str,
        many: &'static str,
    },
}

/// The parts of a sentence by their names.
type Parts<'t> = Vec<(&'static str, Cow<'t, str>)>;

impl Form {
    /// The English sentence of these parts, which are given in the order of their names.
    pub(super) fn english(&self, parts: &[String]) -> String {
        let parts = self.parts.iter().zip(parts);
        let parts: Parts = parts
            .map(|((name, _), text)| (*name, Cow::Borrowed(text.as_str())))
            .collect();
        fill(self.en, &parts)
    }

    /// The Chinese one of the same parts.
    pub(super) fn chinese(&self, parts: &[String]) -> String {
        let parts = self.parts.iter().zip(parts);
        let parts: Parts = parts
            .map(|((name, kind), text)| (*name, kind.in_chinese(text)))
            .collect();
        fill(self.zh, &parts)
    }

    /// Whether `text` is this sentence in English.
    pub(super) fn reads(&self, text: &str) -> bool {
        self.parts_of(text).is_some()
    }

    /// The Chinese of `text`; `None` where it is not this sentence in English.
    pub(super) fn chinese_of(&self, text: &str) -> Option<String> {
        Some(fill(self.zh, &self.parts_of(text)?))
    }

    /// The parts of the English sentence `text`, those that are sentences in Chinese.
    fn parts_of<'t>(&self, text: &'t str) -> Option<Parts<'t>> {
        let pieces: Vec<Piece> = pieces(self.en).collect();
        let mut parts = Parts::new();
        let mut rest = text;
        for (at, piece) in pieces.iter().enumerate() {
            rest = match *piece {
                Piece::Literal(literal) => rest.strip_prefix(literal)?,
                Piece::Word { of, one, many } => rest.strip_prefix(word(of, one, many, &parts))?,
                Piece::Part(name) => {
                    let kind = self.kind(name);
                    let len = self.part_len(kind, rest, &pieces[at + 1..])?;
                    let (part, behind) = rest.split_at(len);
                    parts.push((name, kind.chinese_of(part)?));
                    behind
                }
            };
        }
        rest.is_empty().then_some(parts)
    }

    /// How far the part goes with which `text` begins, where `behind` is what follows it.
    fn part_len(&self, kind: Kind, text: &str, behind: &[Piece]) -> Option<usize> {
        match (kind, behind) {
            (Kind::Number | Kind::Grouped, _) => Some(number_len(kind, text)),
            (_, []) => Some(text.len()),
            (_, [Piece::Literal(end)]) => Some(text.strip_suffix(end)?.len()),
            // A path may hold what stands between it and a remark on it.
            (_, [Piece::Literal(next), ..]) if self.has(Kind::Remark) => remark_at(text, next),
            // And a remark what stands behind the last one.
            (Kind::Remarks, [Piece::Literal(next), ..]) => text.rfind(next),
            (_, [Piece::Literal(next), ..]) => text.find(next),
            (_, [Piece::Part(_) | Piece::Word { .. }, ..]) => None,
        }
    }

    fn kind(&self, name: &str) -> Kind {
        let part = self.parts.iter().find(|(part, _)| *part == name);
        part.expect("every place is a part, which a test sees to").1
    }

    fn has(&self, kind: Kind) -> bool {
        self.parts.iter().any(|(_, of)| *of == kind)
    }
}

impl Kind {
    /// What stands for `part` in a Chinese sentence.
    fn in_chinese(self, part: &str) -> Cow<'_, str> {
        self.chinese_of(part).unwrap_or(Cow::Borrowed(part))
    }

    /// A part of this kind in Chinese; `None` where it is none.
    fn chinese_of(self, part: &str) -> Option<Cow<'_, str>> {
        let sentence = |forms: &[Form]| forms.iter().find_map(|form| form.chinese_of(part));
        let or_as_it_is =
            |sentence: Option<String>| sentence.map_or(Cow::Borrowed(part), Cow::Owned);
        if part.is_empty() {
            return None;
        }
        match self {
            Kind::Number | Kind::Grouped | Kind::Text => Some(Cow::Borrowed(part)),
            Kind::Remark => sentence(remarks::FORMS).map(Cow::Owned),
            Kind::Remarks => catalog::list_in_chinese(part).map(Cow::Owned),
            Kind::Reason => {
                // One reason in another is all there is; a saved text may go on for ever.
                let mut forms = reasons::FORMS.iter().filter(|form| !form.has(Kind::Reason));
                Some(or_as_it_is(forms.find_map(|form| form.chinese_of(part))))
            }
            Kind::Damage => Some(or_as_it_is(sentence(reasons::damage::FORMS))),
            Kind::Phrase => Some(or_as_it_is(sentence(shown::phrases::FORMS))),
        }
    }
}

/// How far a number goes.
fn number_len(kind: Kind, text: &str) -> usize {
    let is_in = |c: char| c.is_ascii_digit() || (kind == Kind::Grouped && c == ',');
    text.find(|c| !is_in(c)).unwrap_or(text.len())
}

/// Where the remark begins that stands behind the first `literal` that is followed by one.
fn remark_at(text: &str, literal: &str) -> Option<usize> {
    let is_remark = |text: &str| remarks::FORMS.iter().any(|form| form.reads(text));
    let mut places = text.match_indices(literal).map(|(at, _)| at);
    places.find(|at| is_remark(&text[at + literal.len()..]))
}

/// `template` with `parts` at their places.
fn fill(template: &'static str, parts: &Parts) -> String {
    let mut text = String::new();
    for piece in pieces(template) {
        text.push_str(match piece {
            Piece::Literal(literal) => literal,
            Piece::Part(name) => value(name, parts),
            Piece::Word { of, one, many } => word(of, one, many, parts),
        });
    }
    text
}

fn value<'p>(name: &str, parts: &'p Parts) -> &'p str {
    let part = parts.iter().find(|(part, _)| *part == name);
    part.map_or("", |(_, text)| text)
}

fn word(of: &str, one: &'static str, many: &'static str, parts: &Parts) -> &'static str {
    if value(of, parts) == "1" { one } else { many }
}

/// Literals and places by turns.
fn pieces(template: &'static str) -> impl Iterator<Item = Piece> {
    let parts = template.split('{').enumerate();
    parts.flat_map(|(at, part)| {
        let (place, literal) = match at {
            0 => (None, part),
            _ => {
                let (place, literal) = part.split_once('}').unwrap_or((part, ""));
                (Some(self::place(place)), literal)
            }
        };
        let literal = (!literal.is_empty()).then_some(Piece::Literal(literal));
        place.into_iter().chain(literal)
    })
}

fn place(text: &'static str) -> Piece {
    match text.split_once('?') {
        None => Piece::Part(text),
        Some((of, words)) => {
            let (one, many) = words.split_once('|').unwrap_or((words, words));
            Piece::Word { of, one, many }
        }
    }
}

/// Makes a function for each sentence, and `FORMS`, by which it is read again.
///
/// A sentence is `name(part: Kind, ...): "English", "Chinese";`. What it is made of beside, the type
/// `Sentence` and the function `sentence` from a form and its parts to one, stands where the macro is
/// used.
macro_rules! sentences {
    ($($(#[$doc:meta])* $vis:vis $name:ident($($part:ident: $kind:ident),* $(,)?): $en:literal, $zh:literal;)*) => {
        /// Every sentence here, in the order in which they are tried.
        #[allow(dead_code, reason = "what is shown at once is read again by tests only")]
        pub(in crate::wording) const FORMS: &[$crate::wording::form::Form] = &[$(
            $crate::wording::form::Form {
                parts: &[$((stringify!($part), $crate::wording::form::Kind::$kind)),*],
                en: $en,
                zh: $zh,
            }
        ),*];

        $(
            $(#[$doc])*
            $vis fn $name($($part: $crate::wording::form::part!($kind)),*) -> Sentence {
                const FORM: $crate::wording::form::Form = $crate::wording::form::Form {
                    parts: &[$((stringify!($part), $crate::wording::form::Kind::$kind)),*],
                    en: $en,
                    zh: $zh,
                };
                sentence(&FORM, &[$($part.to_string()),*])
            }
        )*
    };
}

/// The type of a part: only whole numbers can be written in binary.
macro_rules! part {
    (Number) => { impl std::fmt::Display + std::fmt::Binary };
    ($text:ident) => { &str };
}

pub(super) use {part, sentences};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Lang;
    use crate::wording::{in_chinese, line_in, notes, told};

    /// A part of a sentence in either language.
    fn part(kind: Kind, number: &str, zh: bool) -> String {
        match (kind, zh) {
            (Kind::Number | Kind::Grouped, _) => number.to_owned(),
            (Kind::Text, _) => String::from("logs/a: b, c.log"),
            (Kind::Remark, false) => remarks::maybe_copy(),
            (Kind::Remarks, false) => catalog::remarks::unknown_field("a, b"),
            (Kind::Reason, false) => reasons::same_file("a.log"),
            (Kind::Damage, false) => reasons::damage::leads_nowhere(),
            (Kind::Phrase, false) => shown::phrases::not_found(),
            (Kind::Remark, true) => {
                String::from("匹配过多，无法等到确定其是否为副本后再计数，已直接计入")
            }
            (Kind::Remarks, true) => String::from("未知字段“a, b”，已忽略"),
            (Kind::Reason, true) => String::from("与 a.log 是同一文件"),
            (Kind::Damage, true) => String::from("无法继续解压"),
            (Kind::Phrase, true) => String::from("未找到"),
        }
    }

    /// A sentence of each form, whose numbers are `number`, and its Chinese.
    fn filled(form: &Form, number: &str) -> (String, String) {
        let parts = |zh| -> Vec<String> {
            let kinds = form.parts.iter().map(|(_, kind)| *kind);
            kinds.map(|kind| part(kind, number, zh)).collect()
        };
        let chinese = Form {
            en: form.zh,
            ..*form
        };
        (form.english(&parts(false)), chinese.english(&parts(true)))
    }

    #[test]
    fn every_sentence_is_read_again_and_told_in_chinese() {
        for form in notes::FORMS.iter().chain(reasons::FORMS) {
            for number in ["1", "20"] {
                let (english, chinese) = filled(form, number);

                assert_eq!(in_chinese(&english), Some(chinese), "{english}");
            }
        }
    }

    #[test]
    fn every_sentence_of_a_run_is_told_in_chinese() {
        let of_catalogs = catalog::FORMS.iter().chain(catalog::remarks::FORMS);
        for form in told::FORMS.iter().chain(of_catalogs) {
            for number in ["1", "20"] {
                let (english, chinese) = filled(form, number);

                assert_eq!(line_in(&english, Lang::Zh), chinese);
            }
        }
    }

    #[test]
    fn what_is_part_of_a_sentence_is_told_in_chinese_too() {
        for form in remarks::FORMS {
            let (english, chinese) = filled(form, "20");
            let note = notes::on_input("a: b", &english);
            assert_eq!(in_chinese(&note), Some(format!("a: b：{chinese}")));
        }
        for form in reasons::damage::FORMS {
            let (english, chinese) = filled(form, "20");
            let reason = reasons::damaged(7, "zip", &english);
            let expected = format!("zip 数据在第 7 字节处损坏：{chinese}");
            assert_eq!(in_chinese(&reason), Some(expected));
        }
    }

    #[test]
    fn every_phrase_is_read_again_and_shown_in_chinese() {
        for form in shown::phrases::FORMS {
            for number in ["1", "20"] {
                // No phrase holds a path.
                let parts = form.parts.iter().map(|(_, kind)| match kind {
                    Kind::Text => String::from("1.50 GiB"),
                    kind => part(*kind, number, false),
                });
                let parts: Vec<String> = parts.collect();

                let chinese = Kind::Phrase.in_chinese(&form.english(&parts)).into_owned();

                assert_eq!(chinese, form.chinese(&parts));
            }
        }
    }

    #[test]
    fn every_sentence_has_all_of_its_parts_in_both_languages() {
        let parts = |template| -> Vec<&str> {
            let places = pieces(template).filter_map(|piece| match piece {
                Piece::Part(name) => Some(name),
                Piece::Literal(_) | Piece::Word { .. } => None,
            });
            let mut parts: Vec<&str> = places.collect();
            parts.sort_unstable();
            parts
        };
        let all = [
            catalog::FORMS,
            catalog::remarks::FORMS,
            notes::FORMS,
            reasons::FORMS,
            reasons::damage::FORMS,
            remarks::FORMS,
            shown::FORMS,
            shown::phrases::FORMS,
            told::FORMS,
        ];
        for form in all.into_iter().flatten() {
            let mut named: Vec<&str> = form.parts.iter().map(|(name, _)| *name).collect();
            named.sort_unstable();
            assert_eq!(parts(form.en), named, "{}", form.en);
            assert_eq!(parts(form.zh), named, "{}", form.zh);
            assert_ne!(form.zh, form.en);
        }
    }

    #[test]
    fn every_sentence_that_is_shown_is_made_in_both_languages() {
        for form in shown::FORMS {
            for number in ["1", "20"] {
                let (_, chinese) = filled(form, number);
                let parts = form
                    .parts
                    .iter()
                    .map(|(_, kind)| part(*kind, number, false));

                assert_eq!(form.chinese(&parts.collect::<Vec<_>>()), chinese);
            }
        }
    }

    #[test]
    fn the_words_of_the_system_stand_in_a_chinese_sentence_as_they_are() {
        let reason = reasons::reading_failed(9, "Input/output error (os error 5)");

        assert_eq!(
            in_chinese(&reason).as_deref(),
            Some("在第 9 字节处读取失败：Input/output error (os error 5)")
        );
    }

    #[test]
    fn reasons_within_reasons_without_end_are_read_to_an_end() {
        let endless = "reading failed at byte 1: ".repeat(100_000);

        assert!(in_chinese(&format!("{endless}x")).is_some());
    }
}
