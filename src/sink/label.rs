//! What single facts look like in reports and events: count, status, provider.

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::text::{Paint, grouped};
use super::words::Words;
use crate::tally::result::CodeRow;

/// How many observed statuses a cell names; more would push the texts off the screen.
const NAMED_STATUSES: usize = 3;

/// A count with its unconfirmed part told apart: `12 (3 unconfirmed)`.
///
/// `unconfirmed` is `None` where that part is not known.
pub(super) fn count(count: u64, unconfirmed: Option<u64>, words: &Words) -> String {
    let aside = match unconfirmed {
        Some(0) => String::new(),
        Some(n) => (words.in_brackets)(&(words.count_unconfirmed)(&grouped(n))),
        None => (words.in_brackets)(words.some_unconfirmed),
    };
    grouped(count) + &aside
}

/// The documented status, with the observed ones that contradict it: `401 (saw 403 x8)`.
pub(super) fn status(
    documented: Option<u16>,
    observed: &BTreeMap<u16, u64>,
    words: &Words,
) -> String {
    let mut contrary: Vec<(u16, u64)> = observed
        .iter()
        .map(|(status, count)| (*status, *count))
        .filter(|(status, count)| Some(*status) != documented && *count > 0)
        .collect();
    contrary.sort_by_key(|&(status, count)| (Reverse(count), status));
    let mut seen: Vec<String> = contrary
        .iter()
        .take(NAMED_STATUSES)
        .map(|(status, count)| format!("{status} x{}", grouped(*count)))
        .collect();
    if contrary.len() > NAMED_STATUSES {
        seen.push((words.more)(contrary.len() - NAMED_STATUSES));
    }
    documented_status(documented, &seen.join(words.comma), words)
}

/// As [`status`], where `seen` is the text of the contrary ones, if any.
pub(super) fn documented_status(documented: Option<u16>, seen: &str, words: &Words) -> String {
    let known = documented.map_or_else(|| "-".to_owned(), |status| status.to_string());
    if seen.is_empty() {
        return known;
    }
    known + &(words.in_brackets)(&(words.saw)(seen))
}

/// The colour of a row's status: the documented one's, else the most frequent one's.
pub(super) fn status_paint(row: &CodeRow) -> Paint {
    let most_seen = || {
        let by_count = |(status, count): &(&u16, &u64)| (**count, Reverse(**status));
        let most = row.observed_status.iter().max_by_key(by_count);
        most.map(|(status, _)| *status)
    };
    Paint::of_status(row.http_status.or_else(most_seen))
}

/// Whose code it is; `tencentcloud?` where the lines did not tell, `?` where nobody may have it.
pub(super) fn provider(row: &CodeRow) -> String {
    owner(row.provider.as_deref(), &row.candidates)
}

/// As [`provider`], of a provider and the candidates.
pub(super) fn owner(provider: Option<&str>, candidates: &[impl Borrow<str>]) -> String {
    match provider {
        Some(provider) => provider.to_owned(),
        None => candidates.join("|") + "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Lang;
    use crate::sink::sample;

    fn shown_status(documented: Option<u16>, observed: &[(u16, u64)]) -> String {
        let observed = observed.iter().copied().collect();
        status(documented, &observed, Words::of(Lang::En))
    }

    #[test]
    fn a_status_names_only_what_contradicts_the_documents() {
        assert_eq!(shown_status(Some(401), &[(401, 11)]), "401");
        assert_eq!(
            shown_status(Some(401), &[(401, 1), (403, 8)]),
            "401 (saw 403 x8)"
        );
        assert_eq!(shown_status(None, &[(200, 3)]), "- (saw 200 x3)");
        assert_eq!(shown_status(None, &[]), "-");
    }

    #[test]
    fn many_contrary_statuses_are_named_by_count_and_the_rest_counted() {
        assert_eq!(
            shown_status(
                Some(400),
                &[(401, 1), (403, 8), (500, 8), (502, 1), (503, 2)]
            ),
            "400 (saw 403 x8, 500 x8, 503 x2, 2 more)"
        );
    }

    #[test]
    fn a_provider_that_the_line_does_not_tell_has_a_question_mark() {
        let mut row = sample::row("InternalError", 1);
        row.provider = None;
        let mut shown = |candidates: &[&str]| {
            row.candidates = candidates.iter().map(|&name| name.to_owned()).collect();
            provider(&row)
        };

        assert_eq!(shown(&[]), "?");
        assert_eq!(shown(&["tencentcloud"]), "tencentcloud?");
        assert_eq!(
            shown(&["alibabacloud", "tencentcloud"]),
            "alibabacloud|tencentcloud?"
        );
    }
}
