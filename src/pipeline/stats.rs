//! How a scan went, for people who measure.

use std::fmt;
use std::time::Duration;

use crate::catalog::Lang;
use crate::matcher::Effort;
use crate::wording::shown;

/// How a scan went.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// Which engine was chosen.
    pub engine: String,
    /// What matching took.
    pub effort: Effort,
    /// Bytes of text.
    pub bytes: u64,
    /// Lines of text.
    pub lines: u64,
    /// From opening the first input to the result.
    pub elapsed: Duration,
    /// The number of threads.
    pub threads: usize,
}

impl Stats {
    /// The same as lines for a person in `lang`.
    pub fn lines(&self, lang: Lang) -> String {
        let seconds = self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
        let megabytes = format!("{:.1}", self.bytes as f64 / seconds / 1e6);
        let lines = format!("{:.0}", self.lines as f64 / seconds);
        let lines = [
            shown::engine(&self.engine),
            shown::threads(self.threads),
            shown::places(self.effort.candidates, self.effort.verified),
            shown::text(self.bytes, self.lines),
            shown::time(&format!("{:.3}", self.elapsed.as_secs_f64())),
            shown::rate(&megabytes, &lines),
        ];
        lines.map(|line| line.of(lang)).join("\n")
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.lines(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_a_second() {
        let stats = Stats {
            engine: String::from("automaton"),
            effort: Effort {
                candidates: 9,
                verified: 7,
            },
            bytes: 3_000_000,
            lines: 20_000,
            elapsed: Duration::from_millis(500),
            threads: 2,
        };

        assert_eq!(
            stats.to_string(),
            "engine: automaton\nthreads: 2\nplaces: 9 candidates, 7 verified\ntext: 3000000 bytes, 20000 lines\ntime: 0.500 s\n\
             rate: 6.0 MB/s, 40000 lines/s"
        );
    }

    #[test]
    fn nothing_read_in_no_time_has_a_rate_of_nothing() {
        let stats = Stats {
            engine: String::from("automaton"),
            effort: Effort::default(),
            bytes: 0,
            lines: 0,
            elapsed: Duration::ZERO,
            threads: 1,
        };

        let text = stats.to_string();

        assert!(text.ends_with("rate: 0.0 MB/s, 0 lines/s"), "{text}");
    }
}
