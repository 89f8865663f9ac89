//! A vendor's own form of an exception: what stands before a code in its text.

use super::backward::Backward;
use super::slot::{SLOT_BYTES, is_blank, is_quote, line_floor};
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
}

impl Forms {
    /// Takes over the forms of `providers`.
    pub(crate) fn new(providers: &[ProviderRules]) -> Self {
        let all = (0..).zip(providers).flat_map(|(number, provider)| {
            provider.forms.iter().map(move |form| Form {
                provider: number,
                reversed: form.chars().rev().filter(|unit| *unit != ' ').collect(),
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
        if !may_end_form(&text[..start]) {
            return None;
        }
        let before = Backward::new(text, line_floor(text, start, SLOT_BYTES), start);
        let mut forms = self.0.iter();
        let form = forms.find(|form| ends_with_form(before.clone(), &form.reversed))?;
        Some(form.provider)
    }
}

/// Whether `before` may end with a form: behind a letter, or what may be an escape, with a colon or an opening
/// bracket. Most values follow the quote of their key.
fn may_end_form(before: &[u8]) -> bool {
    let is_free = |byte: &u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'');
    let mut seen = before.iter().rev().skip_while(|byte| is_free(byte));
    match seen.next() {
        Some(b':' | b'(') => {
            let mut seen = seen.skip_while(|byte| matches!(byte, b' ' | b'\t'));
            seen.next().is_some_and(|&byte| is_escapable(byte))
        }
        Some(&byte) => is_escapable(byte),
        None => false,
    }
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

/// Whether the text ends with a vendor's exception form, given reversed and without its blanks.
fn ends_with_form(mut before: Backward, form: &[char]) -> bool {
    let mut is_quoted = false;
    while let Some(unit) = before
        .peek()
        .filter(|&unit| is_blank(unit) || is_quote(unit))
    {
        is_quoted |= is_quote(unit);
        before.next();
    }
    // Where the form has a quote at its end, any of these is it.
    let form = match form {
        ['\'', rest @ ..] if is_quoted => rest,
        form => form,
    };
    form.iter().all(|&expected| {
        while before.peek().is_some_and(is_blank) {
            before.next();
        }
        match (expected, before.next()) {
            ('#', Some(digit)) if digit.is_ascii_digit() => {
                while before.peek().is_some_and(|unit| unit.is_ascii_digit()) {
                    before.next();
                }
                true
            }
            ('\'', Some(quote)) => is_quote(quote),
            (expected, unit) => unit == Some(expected),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const PIECES: [&str; 18] = [
        "ServerException",
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
            let before = Backward::new(text.as_bytes(), 0, text.len());

            let is_form = |form: &Form| ends_with_form(before.clone(), &form.reversed);
            if forms.iter().any(is_form) {
                found += 1;
                assert!(may_end_form(text.as_bytes()), "{}", text.escape_debug());
            }
        }
        assert!(found > 1000, "{found}");
    }
}
