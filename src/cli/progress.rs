//! How far a scan is, on standard error.
//!
//! A short scan shows nothing. The line is gone when the scan ends.

use std::io::{self, IsTerminal};
use std::thread;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use errsift::input::Inputs;
use errsift::pipeline::Control;
use errsift::wording::shown::{self, Both, phrases};
use indicatif::{
    HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle,
};

use super::console;

/// A scan that ends before needs no progress.
const DELAY: Duration = Duration::from_secs(1);

/// Between two looks, for a line that is drawn over.
const INTERVAL: Duration = Duration::from_millis(200);

/// Between two lines where no terminal can draw over them.
const LINE_INTERVAL: Duration = Duration::from_secs(1);

/// When to show it; `auto` is where standard error is a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressWish {
    Auto,
    Always,
    Never,
}

impl ProgressWish {
    /// Whether it is to be shown on this standard error.
    pub fn is_granted(self) -> bool {
        match self {
            ProgressWish::Auto => io::stderr().is_terminal(),
            ProgressWish::Always => true,
            ProgressWish::Never => false,
        }
    }
}

/// Runs `work` and shows how far it is, where that `is_wanted`.
pub fn show<T>(is_wanted: bool, control: &Control, inputs: &Inputs, work: impl FnOnce() -> T) -> T {
    if !is_wanted {
        return work();
    }
    let (working, ended) = bounded::<()>(0);
    thread::scope(|scope| {
        scope.spawn(move || watch(&ended, control, inputs));
        let done = work();
        drop(working);
        done
    })
}

/// Shows how far the scan is until the other end of `ended` is dropped.
fn watch(ended: &Receiver<()>, control: &Control, inputs: &Inputs) {
    let started = Instant::now();
    let total = inputs.total_bytes();
    let goes_on = |wait| ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout);
    if !goes_on(DELAY) {
        return;
    }
    let lang = console::spoken();
    let text = || {
        let progress = Progress::of(control, inputs.len(), total, started.elapsed());
        progress.line().of(lang)
    };
    if !io::stderr().is_terminal() {
        console::plain(&text());
        while goes_on(LINE_INTERVAL) {
            console::plain(&text());
        }
        return;
    }
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{bar:12} {wide_msg}",
        None => "{spinner} {wide_msg}",
    };
    bar.set_style(ProgressStyle::with_template(template).expect("the template is sound"));
    loop {
        bar.set_message(text());
        bar.set_position(control.bytes_read());
        if !goes_on(INTERVAL) {
            break;
        }
    }
    bar.finish_and_clear();
}

/// One look at a scan.
struct Progress {
    /// Bytes of the inputs as they are, so that a total is known of compressed ones too.
    bytes: u64,
    /// Bytes of text that came out of them.
    text: u64,
    total: Option<u64>,
    inputs_done: u64,
    inputs: usize,
    matches: u64,
    elapsed: Duration,
}

impl Progress {
    fn of(control: &Control, inputs: usize, total: Option<u64>, elapsed: Duration) -> Self {
        Progress {
            bytes: control.bytes_read(),
            text: control.bytes_done(),
            total,
            inputs_done: control.inputs_done(),
            inputs,
            matches: control.matches(),
            elapsed,
        }
    }

    fn bytes_per_second(&self) -> u64 {
        let millis = self.elapsed.as_millis().max(1);
        u64::try_from(u128::from(self.bytes) * 1000 / millis).unwrap_or(u64::MAX)
    }

    /// The line that tells it.
    fn line(&self) -> Both {
        let rate = self.bytes_per_second();
        let left = self.total.and_then(|total| {
            let seconds = total.saturating_sub(self.bytes).checked_div(rate)?;
            Some(HumanDuration(Duration::from_secs(seconds)).to_string())
        });
        let (read, matches) = (self.read(), HumanCount(self.matches).to_string());
        let rate = HumanBytes(rate).to_string();
        let (done, inputs) = (self.inputs_done, self.inputs);
        match left {
            Some(left) => shown::progress_left(&read, &rate, done, inputs, &matches, &left),
            None => shown::progress(&read, &rate, done, inputs, &matches),
        }
    }

    /// How much was read.
    fn read(&self) -> String {
        let bytes = HumanBytes(self.bytes).to_string();
        let total = self.total.map(|total| HumanBytes(total).to_string());
        // Of plain text both are the same, but for what is under way.
        let is_packed = self.text / 10 * 9 > self.bytes;
        let text = is_packed.then(|| HumanBytes(self.text).to_string());
        match (total, text) {
            (Some(total), Some(text)) => phrases::read_of_packed(&bytes, &total, &text),
            (Some(total), None) => phrases::read_of(&bytes, &total),
            (None, Some(text)) => phrases::read_packed(&bytes, &text),
            (None, None) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use errsift::catalog::Lang;

    use super::*;

    fn both(progress: &Progress) -> [String; 2] {
        [Lang::En, Lang::Zh].map(|lang| progress.line().of(lang))
    }

    #[test]
    fn a_scan_of_files_tells_what_is_left() {
        let progress = Progress {
            bytes: 1 << 30,
            text: (1 << 30) + (1 << 20),
            total: Some(3 << 30),
            inputs_done: 2,
            inputs: 7,
            matches: 12_345,
            elapsed: Duration::from_secs(4),
        };

        assert_eq!(
            both(&progress),
            [
                "1.00 GiB of 3.00 GiB, 256.00 MiB/s, 2 of 7 files, 12,345 matches, 8 seconds left",
                "已读 1.00 GiB（共 3.00 GiB），256.00 MiB/s，已完成 2/7 个文件，12,345 次匹配，预计剩余 8 秒"
            ]
        );
    }

    #[test]
    fn what_is_left_of_compressed_files_is_told_by_their_own_bytes() {
        let progress = Progress {
            bytes: 1 << 30,
            text: 5 << 30,
            total: Some(2 << 30),
            inputs_done: 0,
            inputs: 1,
            matches: 0,
            elapsed: Duration::from_secs(4),
        };

        assert_eq!(
            both(&progress),
            [
                "1.00 GiB of 2.00 GiB (5.00 GiB of text), 256.00 MiB/s, 0 of 1 files, 0 matches, 4 seconds left",
                "已读 1.00 GiB（共 2.00 GiB，文本 5.00 GiB），256.00 MiB/s，已完成 0/1 个文件，0 次匹配，预计剩余 4 秒"
            ]
        );
    }

    #[test]
    fn a_stream_has_no_end_in_sight() {
        let progress = Progress {
            bytes: 0,
            text: 0,
            total: None,
            inputs_done: 0,
            inputs: 1,
            matches: 0,
            elapsed: Duration::ZERO,
        };

        assert_eq!(
            both(&progress),
            [
                "0 B, 0 B/s, 0 of 1 files, 0 matches",
                "已读 0 B，0 B/s，已完成 0/1 个文件，0 次匹配"
            ]
        );
    }

    #[test]
    fn a_packed_stream_tells_its_text() {
        let progress = Progress {
            bytes: 1 << 20,
            text: 5 << 20,
            total: None,
            inputs_done: 0,
            inputs: 1,
            matches: 1,
            elapsed: Duration::from_secs(1),
        };

        assert_eq!(
            both(&progress),
            [
                "1.00 MiB (5.00 MiB of text), 1.00 MiB/s, 0 of 1 files, 1 matches",
                "已读 1.00 MiB（文本 5.00 MiB），1.00 MiB/s，已完成 0/1 个文件，1 次匹配"
            ]
        );
    }

    #[test]
    fn every_unit_of_what_is_left_is_told_in_both_languages() {
        for (seconds, english, chinese) in [
            (1, "1 second", "1 秒"),
            (120, "2 minutes", "2 分钟"),
            (7_200, "2 hours", "2 小时"),
            (172_800, "2 days", "2 天"),
            (1_209_600, "2 weeks", "2 周"),
            (63_072_000, "2 years", "2 年"),
        ] {
            let progress = Progress {
                bytes: 1,
                text: 1,
                total: Some(1 + seconds),
                inputs_done: 0,
                inputs: 1,
                matches: 0,
                elapsed: Duration::from_secs(1),
            };

            let [en, zh] = both(&progress);
            assert!(en.ends_with(&format!(", {english} left")), "{en}");
            assert!(zh.ends_with(&format!("，预计剩余 {chinese}")), "{zh}");
        }
    }
}
