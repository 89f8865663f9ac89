//! Tells repeats of a code within a short time from news.
//!
//! Every match is told once: in full, or in the number of its repeats.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::enrich::event::Event;

/// A code and whose it is.
pub(super) type Owned = (String, Option<String>);

/// A code whose window is over, and how often it came again in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Again {
    pub(super) code: String,
    pub(super) provider: Option<String>,
    pub(super) count: u64,
}

/// The windows that are open, one for each code.
#[derive(Debug)]
pub(super) struct Fold {
    window: Duration,
    again: HashMap<Owned, u64>,
    /// The ends of all windows, which are in order since all are equally long.
    ends: VecDeque<(Instant, Owned)>,
}

impl Fold {
    /// Folds what repeats within `window` of being told in full.
    pub(super) fn new(window: Duration) -> Self {
        Fold {
            window,
            again: HashMap::new(),
            ends: VecDeque::new(),
        }
    }

    /// Whether `event` is a repeat, and counted as one. Windows that are over must be closed before.
    pub(super) fn is_repeat(&mut self, event: &Event, now: Instant) -> bool {
        let owned = (event.code.to_owned(), event.provider.map(str::to_owned));
        if let Some(again) = self.again.get_mut(&owned) {
            *again += 1;
            return true;
        }
        self.ends.push_back((now + self.window, owned.clone()));
        self.again.insert(owned, 0);
        false
    }

    /// When the next window is over.
    pub(super) fn due(&self) -> Option<Instant> {
        self.ends.front().map(|(end, _)| *end)
    }

    /// Closes the windows that are over at `now`, all of them where that is `None`, and returns
    /// those in which something came again.
    pub(super) fn close(&mut self, now: Option<Instant>) -> Vec<Again> {
        let mut closed = Vec::new();
        while let Some((end, _)) = self.ends.front()
            && now.is_none_or(|now| *end <= now)
            && let Some((_, owned)) = self.ends.pop_front()
        {
            let count = self.again.remove(&owned).unwrap_or_default();
            if count > 0 {
                let (code, provider) = owned;
                closed.push(Again {
                    code,
                    provider,
                    count,
                });
            }
        }
        closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    #[test]
    fn a_code_is_told_in_full_once_a_window() {
        let event = sample::event();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut fold = Fold::new(Duration::from_secs(10));

        let repeats = [0, 1, 9].map(|second| fold.is_repeat(&event, at(second)));
        assert_eq!(repeats, [false, true, true]);
        assert_eq!(fold.due(), Some(at(10)));
        assert_eq!(fold.close(Some(at(9))), []);

        let closed = fold.close(Some(at(10)));
        assert_eq!(
            closed,
            [Again {
                code: "APIG.1002".into(),
                provider: Some("huaweicloud".into()),
                count: 2
            }]
        );
        assert!(!fold.is_repeat(&event, at(11)));
        assert_eq!(fold.close(None), []);
        assert_eq!(fold.due(), None);
    }

    #[test]
    fn each_code_has_a_window_of_its_own() {
        let mut fold = Fold::new(Duration::from_secs(10));
        let now = Instant::now();
        let other = Event {
            code: "APIG.1003",
            ..sample::event()
        };

        assert!(!fold.is_repeat(&sample::event(), now));
        assert!(!fold.is_repeat(&other, now));
        assert!(fold.is_repeat(&other, now));
        let closed = fold.close(None);
        assert_eq!((closed.len(), &*closed[0].code), (1, "APIG.1003"));
    }
}
