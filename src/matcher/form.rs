//! A vendor's own form of an exception: what stands before a code in its text.

use super::backward::Backward;
use super::escape::is_escaped;
use super::slot::{SLOT_BYTES, is_blank, is_quote, line_floor, without_blanks};
use crate::catalog::ProviderRules;

/// The forms of all providers.
#[derive(Clone, Debug)]
pub(crate) struct Forms(Vec<Form>);

#[derive(Clone, Debug)]
struct Form {
    /// Its provider's place among all providers.
    provider: u16,
    /// Its characters, the last one first, without blanks. `#` is a number, `'` is any quote.
    reversed: Vec<char>,
    /// It as it stands in most texts, where it is letters and marks that begin no escape.
    plain: Option<Box<[u8]>>,
}

impl Forms {
    /// Takes over the forms of `providers`.
    pub(crate) fn new(providers: &[ProviderRules]) -> Self {
        let all = (0..).zip(providers).flat_map(|(number, provider)| {
            provider.forms.iter().map(move |form| Form {
                provider: number,
                reversed: form.chars().rev().filter(|unit| *unit != ' ').collect(),
                plain: form.bytes().all(is_plain).then(|| form.as_bytes().into()),
            })
        });
        Forms(all.collect())
    }

    /// The last word of every form.
    pub(super) fn last_words(&self) -> impl Iterator<Item = Vec<u8>> {
        self.0.iter().map(|form| last_word(&form.reversed))
    }

    /// The provider in whose form the code at `start` stands: its place among all providers.
    pub(crate) fn provider_at(&self, text: &[u8], start: usize) -> Option<u16> {
        // Most end here.
        if !may_end_form(without_blanks_and_quotes(&text[..start])) {
            return None;
        }
        let floor = line_floor(text, start, SLOT_BYTES);
        let seen = without_blanks_and_quotes(&text[floor..start]);
        let mut forms = self.0.iter();
        let plain = forms.find(|form| form.ends_plainly(seen));
        let form = plain.or_else(|| {
            let before = Preceding::new(Backward::new(text, floor, start));
            self.0.iter().find(|form| before.is(&form.reversed))
        })?;
        Some(form.provider)
    }
}

impl Form {
    /// Whether `seen` ends with it as it stands, and no escape ends with its first letter.
    fn ends_plainly(&self, seen: &[u8]) -> bool {
        let before = self
            .plain
            .as_ref()
            .and_then(|plain| seen.strip_suffix(&**plain));
        before.is_some_and(|before| !is_escaped(seen, before.len()))
    }
}

/// Letters, and marks that begin no escape.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b':' | b']')
}

fn without_blanks_and_quotes(mut text: &[u8]) -> &[u8] {
    while let [before @ .., b' ' | b'\t' | b'"' | b'\''] = text {
        text = before;
    }
    text
}

/// Whether `seen` may end with a form: behind a letter, or what may be an escape, with a colon or an opening
/// bracket. Most values follow the quote of their key.
fn may_end_form(seen: &[u8]) -> bool {
    let last = match seen {
        [before @ .., b':' | b'('] => without_blanks(before).last(),
        _ => seen.last(),
    };
    last.is_some_and(|&last| is_escapable(last))
}

/// Whether `byte` may be the last one of what is read as a letter or as nothing: escapes and colours end with
/// nearly any.
fn is_escapable(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b';' | b'@'..)
}

/// The last word of a form, which is given reversed; words begin with capitals, since blanks are free.
fn last_word(form: &[char]) -> Vec<u8> {
    let mut word = Vec::new();
    let is_letter = |unit: &&char| unit.is_ascii_alphabetic();
    for unit in form
        .iter()
        .skip_while(|unit| !is_letter(unit))
        .take_while(is_letter)
    {
        word.extend(u8::try_from(*unit));
        if unit.is_ascii_uppercase() {
            break;
        }
    }
    word.reverse();
    word
}

/// What stands before a code, without the blanks and quotes between them.
struct Preceding<'t> {
    before: Backward<'t>,
    /// Its last character.
    last: Option<char>,
    /// Whether there was a quote.
    is_quoted: bool,
}

impl<'t> Preceding<'t> {
    fn new(mut before: Backward<'t>) -> Self {
        let mut is_quoted = false;
        let mut last = before.peek();
        while let Some(unit) = last.filter(|&unit| is_blank(unit) || is_quote(unit)) {
            is_quoted |= is_quote(unit);
            before.next();
            last = before.peek();
        }
        Preceding {
            before,
            last,
            is_quoted,
        }
    }

    /// Whether it ends with a vendor's exception form, given reversed and without its blanks.
    fn is(&self, form: &[char]) -> bool {
        // Where the form has a quote at its end, any of these is it.
        let form = match form {
            ['\'', rest @ ..] if self.is_quoted => rest,
            form => form,
        };
        form.first()
            .is_none_or(|first| stands_for(*first, self.last))
            && ends_with(self.before.clone(), form)
    }
}

/// Whether `expected`, a character of a form, stands for `unit`.
fn stands_for(expected: char, unit: Option<char>) -> bool {
    unit.is_some_and(|unit| match expected {
        '#' => unit.is_ascii_digit(),
        '\'' => is_quote(unit),
        expected => unit == expected,
    })
}

/// Whether the text ends with `form`, given reversed and without its blanks.
fn ends_with(mut before: Backward, form: &[char]) -> bool {
    form.iter().all(|&expected| {
        let unit = before.find(|&unit| !is_blank(unit));
        let is_next = stands_for(expected, unit);
        while is_next && expected == '#' && before.peek().is_some_and(|unit| unit.is_ascii_digit())
        {
            before.next();
        }
        is_next
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const PIECES: [&str; 20] = [
        "ServerException",
        "\x1b[",
        "%1",
        "TencentCloudSDKException",
        "]message",
        ":",
        "(",
        "'",
        "\"",
        " ",
        "\\",
        "\n",
        "\\n",
        "\x1b[0m",
        "ESC[1m",
        "%3A",
        "\\u0028",
        "&colon;",
        "“",
        "1",
    ];

    #[test]
    fn no_form_is_passed_over() {
        let catalog = Catalog::builtin().expect("the catalogue is sound");
        let Forms(forms) = Forms::new(catalog.providers());
        let mut found = 0;
        for number in 0..PIECES.len().pow(4) {
            let places = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = places.map(|place| PIECES[place]).collect();
            let before = Preceding::new(Backward::new(text.as_bytes(), 0, text.len()));

            let seen = without_blanks_and_quotes(text.as_bytes());
            for form in &forms {
                let ends = before.is(&form.reversed);
                found += usize::from(ends);
                assert!(may_end_form(seen) || !ends, "{}", text.escape_debug());
                assert!(ends || !form.ends_plainly(seen), "{}", text.escape_debug());
            }
        }
        assert!(found > 1000, "{found}");
    }
}
