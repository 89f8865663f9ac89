//! Finds where a block may hide text, while its lines are counted.
//!
//! Every block is searched, whatever its first lines are: what is found must not depend on how a text is
//! divided into blocks.

use super::bytes::{line_end_behind, line_start_before, look};
use super::parts::{DOCKER_STREAM, ends_line};

/// What tells that a line may go on in a later one.
struct Mark {
    /// What such a line holds.
    text: &'static [u8],
    /// Which two bytes of that are looked for first.
    rare: usize,
    /// Whether the line goes on, by what stands before the mark.
    goes_on: fn(&[u8]) -> bool,
}

/// In lines of docker.
const DOCKER: Mark = Mark {
    text: DOCKER_STREAM,
    // The `m"`, which is rare elsewhere.
    rare: 8,
    goes_on: |before| !ends_line(before),
};

/// In lines of the runtimes of Kubernetes: what follows the name of the stream where a line goes on.
const CRI: Mark = Mark {
    text: b" P",
    rare: 0,
    goes_on: |before| before.ends_with(b" stdout") || before.ends_with(b" stderr"),
};

impl Mark {
    const fn pair(&self) -> [u8; 2] {
        [self.text[self.rare], self.text[self.rare + 1]]
    }

    /// Where the mark begins whose pair stands at `pair`, if it is one of a line that goes on.
    fn begin(&self, text: &[u8], pair: usize) -> Option<usize> {
        let at = pair.checked_sub(self.rare)?;
        (text[at..].starts_with(self.text) && (self.goes_on)(&text[..at])).then_some(at)
    }
}

/// What lists begin with where their key stands right before them.
const LIST: [u8; 2] = *b":[";

/// Where a block may hold text in a form in which a code cannot be seen. Its memory is recycled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Where the lines begin whose texts may go on in a later one, in order: those of a container log.
    pub divided: Vec<usize>,
    /// Where lists begin right behind a colon, in order: `journalctl -o json` writes bytes as such.
    pub lists: Vec<usize>,
}

impl Traces {
    /// Finds those of `text`, a run of whole lines, and returns how many newlines there are in it.
    pub(super) fn read(&mut self, text: &[u8]) -> usize {
        self.clear();
        let mut line_end = 0;
        look(text, [DOCKER.pair(), CRI.pair(), LIST], |at| {
            if text[at] == LIST[0] {
                self.lists.push(at + 1);
                return;
            }
            let begin = [DOCKER, CRI].iter().find_map(|mark| mark.begin(text, at));
            if let Some(at) = begin.filter(|&at| at >= line_end) {
                self.divided.push(line_start_before(text, at));
                line_end = line_end_behind(text, at);
            }
        })
    }

    pub(super) fn clear(&mut self) {
        self.divided.clear();
        self.lists.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(text: &str) -> Vec<&str> {
        let mut traces = Traces::default();
        let lines = traces.read(text.as_bytes());
        assert_eq!(lines, text.matches('\n').count());
        let line = |start: usize| text[start..].lines().next().unwrap_or_default();
        traces.divided.into_iter().map(line).collect()
    }

    #[test]
    fn lines_of_both_kinds_are_found_in_order_and_once_wherever_they_stand() {
        let cri = |text| format!("2026-11-22T10:00:00.1Z stderr {text}");
        let docker = |log| format!(r#"{{"log":"{log}","stream":"stdout"}}"#);
        let goes_on = [
            cri("P stdout P "),
            docker("a stdout P "),
            docker(r"\\n"),
            docker(r#"\","stream":"#),
        ];
        let ends = [cri("F P"), docker(r"a\n"), docker(r#"m"\n"#), String::new()];
        let plain = "x".repeat(5000);
        let mut lines = vec![&plain];
        for (goes_on, ends) in goes_on.iter().zip(&ends) {
            lines.extend([goes_on, ends, &plain]);
        }
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();

        assert_eq!(divided(&text), goes_on);
        assert_eq!(divided(""), [""; 0]);
    }

    #[test]
    fn lists_are_found_behind_a_colon() {
        let mut traces = Traces::default();
        traces.read(br#"[1] {"A":[1],"B": [2],"C":["x"]}"#);

        assert_eq!(traces.lists, [9, 26]);
    }
}
