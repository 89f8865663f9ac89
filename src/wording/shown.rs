//! What a verb shows at once.
//!
//! Nobody saves such a sentence or reads it again, so it is made in both languages.

use super::form::{Form, sentences};
use crate::catalog::Lang;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    en: String,
    zh: String,
}

impl Both {
    /// The sentence in `lang`.
    pub fn of(self, lang: Lang) -> String {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

type Sentence = Both;

fn sentence(form: &Form, parts: &[String]) -> Both {
    Both {
        en: form.english(parts),
        zh: form.chinese(parts),
    }
}

sentences! {
    /// A pasted text holds no known code.
    pub nothing_in_text():
        "No known error code in the text.",
        "文中没有已知错误码。";

    /// Words are nowhere.
    pub nothing_of_words(words: Text):
        "'{words}': not a known code, and in no code's message or meaning.",
        "“{words}”：不是已知错误码，也未见于任何错误码的消息或含义。";

    /// Words are in one entry.
    pub found_in_one(words: Text, code: Text):
        "'{words}' is not a known code; found in the name or texts of {code}:",
        "“{words}”不是已知错误码；见于 {code} 的名称或文字：";

    /// Words are in several entries.
    pub found_in(words: Text, codes: Number):
        "'{words}' is in the texts of {codes} codes:",
        "“{words}”见于 {codes} 个错误码的文字：";

    /// Words are in more entries than are shown.
    pub found_in_more(words: Text, codes: Number, best: Number):
        "'{words}' is in the texts of {codes} codes, of which these are the {best} best:",
        "“{words}”见于 {codes} 个错误码的文字，以下是最相近的 {best} 个：";

    /// A user's file can be used.
    pub no_faults(file: Text, codes: Number):
        "{file}: {codes} {codes?code|codes}, no faults",
        "{file}：{codes} 个错误码，未发现问题";

    /// What a user's file would change.
    pub replaces_built_in(file: Text, code: Text, provider: Text):
        "{file}: '{code}' replaces the built-in entry of {provider}",
        "{file}：“{code}”取代 {provider} 的内置条目";

    /// An example in which its code is not found.
    pub example_missed(code: Text, provider: Text, why: Phrase, example: Text):
        "{code} of {provider}: {why}: {example}",
        "{provider} 的 {code}：{why}：{example}";

    /// What became of all examples.
    pub examples(examples: Number, codes: Number, outcome: Phrase):
        "{examples} {examples?example|examples} of {codes} {codes?code|codes}: {outcome}",
        "{codes} 个错误码的 {examples} 个示例：{outcome}";

    /// The same where some codes have none.
    pub examples_of_some(examples: Number, codes: Number, bare: Number, outcome: Phrase):
        "{examples} {examples?example|examples} of {codes} {codes?code|codes} ({bare} have none): {outcome}",
        "{codes} 个错误码的 {examples} 个示例（{bare} 个错误码没有示例）：{outcome}";

    /// How many codes a scan looked for.
    pub catalogue(codes: Number):
        "catalogue: {codes} codes",
        "错误码目录：{codes} 个错误码";

    /// How a scan looked for them.
    pub(crate) engine(engine: Phrase):
        "engine: {engine}",
        "引擎：{engine}";

    /// How many threads there were.
    pub(crate) threads(threads: Number):
        "threads: {threads}",
        "线程数：{threads}";

    /// What matching took.
    pub(crate) places(candidates: Number, verified: Number):
        "places: {candidates} candidates, {verified} verified",
        "位置：候选 {candidates} 处，核实 {verified} 处";

    /// What was read.
    pub(crate) text(bytes: Number, lines: Number):
        "text: {bytes} bytes, {lines} lines",
        "文本：{bytes} 字节，{lines} 行";

    /// How long it took.
    pub(crate) time(seconds: Text):
        "time: {seconds} s",
        "用时：{seconds} 秒";

    /// How fast it went.
    pub(crate) rate(megabytes: Text, lines: Text):
        "rate: {megabytes} MB/s, {lines} lines/s",
        "速率：{megabytes} MB/s，{lines} 行/秒";

    /// How much memory what is read takes, in MiB.
    pub(crate) memory_bound(most: Text, large: Text, threads: Number, small: Text, blocks: Number, block: Text):
        "memory for reading: at most {most} MiB = {large} MiB for one great share + {threads} threads * ({small} MiB for windows and text ahead + {blocks} blocks * {block} MiB)",
        "读取所用内存：至多 {most} MiB = 一个大份额 {large} MiB + {threads} 个线程 * （解压窗口和预读文本 {small} MiB + {blocks} 块 * {block} MiB）";

    /// How much memory the process took, in MiB.
    pub peak_memory(most: Text):
        "peak memory: {most} MiB",
        "内存峰值：{most} MiB";

    /// How far a scan is.
    pub progress(read: Phrase, rate: Text, done: Number, inputs: Number, matches: Grouped):
        "{read}, {rate}/s, {done} of {inputs} files, {matches} matches",
        "已读 {read}，{rate}/s，已完成 {done}/{inputs} 个文件，{matches} 次匹配";

    /// The same where it is known how long it will go on.
    pub progress_left(read: Phrase, rate: Text, done: Number, inputs: Number, matches: Grouped, left: Phrase):
        "{read}, {rate}/s, {done} of {inputs} files, {matches} matches, {left} left",
        "已读 {read}，{rate}/s，已完成 {done}/{inputs} 个文件，{matches} 次匹配，预计剩余 {left}";
}

/// What such sentences are put together from.
pub mod phrases {
    use crate::wording::form::{Form, sentences};

    type Sentence = String;

    fn sentence(form: &Form, parts: &[String]) -> String {
        form.english(parts)
    }

    sentences! {
        /// Every example holds its code.
        pub all_found():
            "all found",
            "全部找到";

        /// Some examples do not hold theirs.
        pub some_not_found(number: Number):
            "{number} not found",
            "{number} 个未找到";

        /// A code does not stand in its example.
        pub not_found():
            "not found",
            "未找到";

        /// An HTTP status does not stand in its example.
        pub status_not_found():
            "status not found",
            "未找到状态码";

        /// A code is taken for an unknown one.
        pub unknown():
            "unknown",
            "未知";

        /// A code is taken for a word in passing.
        pub unconfirmed():
            "unconfirmed",
            "未确认";

        /// A code is taken for that of a provider without an entry of it.
        pub of_another_provider():
            "taken for a code of another provider",
            "被视为其他提供方的错误码";

        /// A code is taken for another provider's.
        pub of_provider(provider: Text):
            "taken for a code of {provider}",
            "被视为 {provider} 的错误码";

        /// An engine that looks for fragments of codes.
        pub(crate) cover(fragments: Number, size: Text):
            "cover of {fragments} fragments, {size} MiB",
            "片段覆盖（{fragments} 个片段），{size} MiB";

        /// An engine that is an automaton.
        pub(crate) automaton(kind: Text, beginnings: Number, size: Text):
            "automaton: {kind}, {beginnings} beginnings, {size} MiB",
            "自动机：{kind}，{beginnings} 个前缀，{size} MiB";

        /// What was read of packed files. It comes first, since others would read it too.
        pub read_of_packed(bytes: Text, total: Text, text: Text):
            "{bytes} of {total} ({text} of text)",
            "{bytes}（共 {total}，文本 {text}）";

        /// What was read of a packed stream.
        pub read_packed(bytes: Text, text: Text):
            "{bytes} ({text} of text)",
            "{bytes}（文本 {text}）";

        /// What was read of files.
        pub read_of(bytes: Text, total: Text):
            "{bytes} of {total}",
            "{bytes}（共 {total}）";

        /// How long it will go on.
        pub seconds(number: Number):
            "{number} {number?second|seconds}",
            "{number} 秒";

        /// The same if longer.
        pub minutes(number: Number):
            "{number} {number?minute|minutes}",
            "{number} 分钟";

        /// The same if longer.
        pub hours(number: Number):
            "{number} {number?hour|hours}",
            "{number} 小时";

        /// The same if longer.
        pub days(number: Number):
            "{number} {number?day|days}",
            "{number} 天";

        /// The same if longer.
        pub weeks(number: Number):
            "{number} {number?week|weeks}",
            "{number} 周";

        /// The same if longer.
        pub years(number: Number):
            "{number} {number?year|years}",
            "{number} 年";
    }
}
