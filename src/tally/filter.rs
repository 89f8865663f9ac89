//! Which matches count: by provider, code, status, confirmation and time.

use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::Timestamp;

use super::result::ScanResult;
use crate::catalog::Catalog;
use crate::error::{Error, Result};

/// What a match must be to be counted. The default lets everything through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Providers, where not all; a match whose candidates hold one passes too.
    pub providers: Vec<String>,
    /// Globs over codes, where not all.
    pub codes: Option<GlobSet>,
    /// Statuses, where not all: the documented one, else the observed one.
    pub statuses: Vec<StatusPattern>,
    /// Leaves out what is not confirmed.
    pub strict: bool,
    /// The earliest time of a line.
    pub since: Option<Timestamp>,
    /// The time before which a line must be.
    pub until: Option<Timestamp>,
}

impl Filter {
    /// Whether a code of this text and provider, or of these candidates, is asked for.
    pub fn wants_code(
        &self,
        code: &str,
        provider: Option<&str>,
        candidates: &[impl AsRef<str>],
    ) -> bool {
        let is_asked_for = |name: &str| self.providers.iter().any(|provider| provider == name);
        let by_provider = self.providers.is_empty()
            || provider.is_some_and(is_asked_for)
            || candidates
                .iter()
                .any(|candidate| is_asked_for(candidate.as_ref()));
        by_provider && self.wants_text(code)
    }

    /// Whether a code that the catalogue lacks is asked for: one of a family of a provider, whose
    /// line states this status. Such a code has no documented status.
    pub fn wants_unknown(&self, catalog: &Catalog, code: &str, observed: Option<u16>) -> bool {
        let owners = match self.providers.as_slice() {
            [] => &[],
            _ => catalog.owners(code),
        };
        self.wants_code(code, None, owners) && self.wants_status(None, observed)
    }

    /// Whether a code of this text is asked for.
    pub fn wants_text(&self, code: &str) -> bool {
        self.codes.as_ref().is_none_or(|globs| globs.is_match(code))
    }

    /// Whether this status is asked for.
    pub fn wants_status(&self, documented: Option<u16>, observed: Option<u16>) -> bool {
        let status = documented.or(observed);
        self.statuses.is_empty()
            || self
                .statuses
                .iter()
                .any(|pattern| status.is_some_and(|status| pattern.is_match(status)))
    }

    /// Whether every match passes.
    pub fn is_everything(&self) -> bool {
        self.is_everything_confirmed() && !self.strict
    }

    /// Whether every match passes that is confirmed.
    pub(super) fn is_everything_confirmed(&self) -> bool {
        let is_any = self.providers.is_empty() && self.codes.is_none() && self.statuses.is_empty();
        is_any && !self.has_time()
    }

    /// Whether every match that `result` counts passes.
    pub(super) fn is_everything_in(&self, result: &ScanResult) -> bool {
        self.is_everything_confirmed() && (result.strict || !self.strict)
    }

    /// Whether times matter.
    pub fn has_time(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    /// Whether a line of this time is asked for.
    pub fn wants_time(&self, time: Timestamp) -> bool {
        self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until)
    }
}

/// Compiles globs over codes.
///
/// # Errors
///
/// Returns [`Error::Usage`] where a glob is malformed.
pub fn globs(patterns: &[String]) -> Result<Option<GlobSet>> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = Glob::new(pattern);
        set.add(glob.map_err(|error| {
            Error::Usage(format!("invalid glob '{pattern}': {}", error.kind()))
        })?);
    }
    let set = set
        .build()
        .map_err(|error| Error::Usage(format!("invalid glob: {}", error.kind())))?;
    Ok(Some(set))
}

/// A status or a class of them: `401`, `4xx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusPattern {
    /// This status.
    Exact(u16),
    /// All that begin with this digit.
    Class(u16),
}

impl StatusPattern {
    /// Whether `status` is meant.
    pub fn is_match(self, status: u16) -> bool {
        match self {
            StatusPattern::Exact(exact) => status == exact,
            StatusPattern::Class(class) => status / 100 == class,
        }
    }
}

impl std::str::FromStr for StatusPattern {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
        let pattern = match class {
            Some(class) => class
                .parse()
                .ok()
                .filter(|class| (1..=5).contains(class))
                .map(StatusPattern::Class),
            None => text
                .parse()
                .ok()
                .filter(|status| (100..=599).contains(status))
                .map(StatusPattern::Exact),
        };
        pattern.ok_or_else(|| {
            format!(
                "invalid status '{text}', expected a number from 100 to 599 or a class such as 4xx"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_number_or_a_class() {
        assert_eq!("401".parse(), Ok(StatusPattern::Exact(401)));
        assert_eq!("5xx".parse(), Ok(StatusPattern::Class(5)));
        for wrong in ["", "40", "600", "6xx", "xx", "4x"] {
            assert!(wrong.parse::<StatusPattern>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_documented_status_decides_before_the_observed_one() {
        let filter = Filter {
            statuses: vec![StatusPattern::Class(4)],
            ..Filter::default()
        };

        assert!(filter.wants_status(Some(401), Some(500)));
        assert!(filter.wants_status(None, Some(403)));
        assert!(!filter.wants_status(Some(500), Some(403)));
        assert!(!filter.wants_status(None, None));
    }

    #[test]
    fn a_provider_among_the_candidates_passes() {
        let filter = Filter {
            providers: vec!["tencentcloud".into()],
            ..Filter::default()
        };

        assert!(filter.wants_code("InternalError", None, &["tencentcloud"]));
        assert!(!filter.wants_code("InternalError", None, &[""; 0]));
        assert!(!filter.wants_code("APIG.1002", Some("huaweicloud"), &[""; 0]));
    }
}
