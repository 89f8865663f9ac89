//! Who wrote the lines of an input: one, or several.

use crate::enrich::Source;

/// Who wrote the lines of an input that hold matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Writers {
    /// There is no such line.
    #[default]
    None,
    /// All of them one, or nobody knows.
    One(Option<Source<'static>>),
    /// Several.
    Many,
}

impl Writers {
    /// Counts a line of this source.
    pub(crate) fn add(&mut self, source: Option<&Source>) {
        match self {
            // Mostly.
            Writers::One(None) if source.is_none() => {}
            Writers::None => *self = Writers::One(source.cloned().map(Source::into_owned)),
            Writers::One(one) if one.as_ref() != source => *self = Writers::Many,
            Writers::One(_) | Writers::Many => {}
        }
    }

    /// Adds those of other lines.
    pub(crate) fn merge(&mut self, other: Writers) {
        match other {
            Writers::None => {}
            Writers::One(source) => self.add(source.as_ref()),
            Writers::Many => *self = Writers::Many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_in_which_lines_are_counted_does_not_matter() {
        let named = Source::Named("pay.service".into());
        let sources = [None, Some(&named), Some(&Source::OfPath)];
        let of = |sources: &[Option<&Source>]| {
            let mut writers = Writers::None;
            for source in sources {
                writers.add(*source);
            }
            writers
        };
        for a in sources {
            assert_eq!(of(&[a, a]), Writers::One(a.cloned()));
            for b in sources {
                assert_eq!(of(&[a, b]), of(&[b, a]));
                for c in sources {
                    let mut merged = of(&[a]);
                    merged.merge(of(&[b, c]));
                    assert_eq!(merged, of(&[c, b, a]));
                }
            }
            let mut merged = of(&[a]);
            merged.merge(Writers::None);
            assert_eq!(merged, of(&[a]));
        }
    }
}
