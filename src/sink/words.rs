//! Every word that a report itself says, in both languages.

use super::By;
use super::text::grouped;
use crate::catalog::Lang;
use crate::tally::result::{Change, InputState};

/// A noun with its number.
pub(super) struct Noun {
    one: &'static str,
    many: &'static str,
}

impl Noun {
    const fn new(one: &'static str, many: &'static str) -> Self {
        Noun { one, many }
    }

    /// `n` of them: `1 line`, `1,234 lines`.
    pub(super) fn count(&self, n: u64) -> String {
        let noun = if n == 1 { self.one } else { self.many };
        format!("{} {noun}", grouped(n))
    }
}

/// What the headline puts together.
pub(super) struct Headline {
    pub(super) matches: String,
    /// What is to be known about the unconfirmed matches; empty where there are none.
    pub(super) unconfirmed: String,
    pub(super) codes: String,
    pub(super) matched_lines: String,
    pub(super) lines: String,
    pub(super) bytes: String,
    pub(super) inputs: String,
    /// How many of the inputs were not read to their end; empty where all were.
    pub(super) incomplete: String,
    pub(super) time: String,
}

impl Headline {
    /// How many inputs there are and how many of them were not read to their end, with `comma`.
    fn inputs_and_incomplete(&self, comma: &str) -> String {
        match self.incomplete.as_str() {
            "" => self.inputs.clone(),
            incomplete => [&self.inputs, comma, incomplete].concat(),
        }
    }
}

/// The words of one language.
pub(super) struct Words {
    pub(super) matches: Noun,
    pub(super) codes: Noun,
    pub(super) distinct_codes: Noun,
    pub(super) unknown_codes: Noun,
    pub(super) lines: Noun,
    pub(super) inputs: Noun,
    pub(super) occurrences: Noun,

    pub(super) count: &'static str,
    pub(super) code: &'static str,
    pub(super) status: &'static str,
    pub(super) provider: &'static str,
    pub(super) category: &'static str,
    pub(super) product: &'static str,
    pub(super) file: &'static str,
    pub(super) meaning: &'static str,
    pub(super) remediation: &'static str,
    pub(super) near: &'static str,
    pub(super) state: &'static str,
    pub(super) reason: &'static str,
    pub(super) share: &'static str,
    pub(super) retryable: &'static str,
    pub(super) is_retryable: &'static str,
    pub(super) change: &'static str,
    pub(super) count_before: &'static str,
    pub(super) per_hour: &'static str,
    pub(super) per_million_lines: &'static str,
    pub(super) rate_before: &'static str,
    pub(super) factor: &'static str,
    /// The provider of a code that the catalogue lacks.
    pub(super) unknown_owner: &'static str,
    pub(super) codes_title: &'static str,
    pub(super) top_codes: &'static str,
    pub(super) unconfirmed: &'static str,
    pub(super) some_unconfirmed: &'static str,
    /// Between a title and what it introduces.
    pub(super) colon: &'static str,
    /// Between the parts of a list.
    pub(super) comma: &'static str,
    /// Between two sentences.
    pub(super) after_sentence: &'static str,

    pub(super) report: &'static str,
    pub(super) changes_title: &'static str,
    pub(super) unknown_title: &'static str,
    pub(super) http_title: &'static str,
    pub(super) inputs_title: &'static str,
    pub(super) notes_title: &'static str,

    pub(super) api_says: &'static str,
    pub(super) not_retryable: &'static str,
    pub(super) request_id: &'static str,
    pub(super) not_known: &'static str,
    pub(super) case_counts: &'static str,
    pub(super) not_explained: &'static str,
    pub(super) owner_untold: &'static str,
    pub(super) family: &'static str,
    pub(super) states: fn(status: u16) -> String,
    pub(super) family_of: fn(name: &str, known: &str) -> String,
    pub(super) family_alone: fn(name: &str) -> String,

    pub(super) in_brackets: fn(&str) -> String,
    pub(super) count_unconfirmed: fn(&str) -> String,
    pub(super) unconfirmed_left_out: fn(&str) -> String,
    pub(super) count_incomplete: fn(&str) -> String,
    pub(super) saw: fn(&str) -> String,
    pub(super) again: fn(&str) -> String,
    pub(super) more: fn(usize) -> String,
    pub(super) did_you_mean: fn(&str) -> String,
    pub(super) headline: fn(&Headline) -> String,
    pub(super) at_least: fn(&str) -> String,
    pub(super) nothing_found: fn(&Headline) -> String,
    pub(super) unknown_found: fn(occurrences: &str, codes: &str) -> String,
    pub(super) without_time: fn(occurrences: &str) -> String,
    pub(super) without_file: fn(matches: &str) -> String,
    pub(super) span: fn(first: &str, last: &str) -> String,
    pub(super) moment: fn(at: &str) -> String,
    /// How many codes are new, grown, shrunk and gone.
    pub(super) changes: fn([String; 4]) -> String,
}

impl Words {
    /// The words of `lang`.
    pub(super) fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }

    /// The title of the column that names what a row stands for.
    pub(super) fn by(&self, by: By) -> &'static str {
        match by {
            By::Code => self.code,
            By::Category => self.category,
            By::Status => self.status,
            By::Provider => self.provider,
            By::Product => self.product,
            By::File => self.file,
        }
    }
}

/// How far an input was read, as a word of `lang`.
pub(super) fn state(state: InputState, lang: Lang) -> &'static str {
    match (lang, state) {
        (Lang::En, InputState::Complete) => "complete",
        (Lang::En, InputState::Partial) => "partial",
        (Lang::En, InputState::Failed) => "failed",
        (Lang::En, InputState::Duplicate) => "duplicate",
        (Lang::Zh, InputState::Complete) => "完整",
        (Lang::Zh, InputState::Partial) => "部分",
        (Lang::Zh, InputState::Failed) => "失败",
        (Lang::Zh, InputState::Duplicate) => "重复",
    }
}

/// How a code has changed, as a word of `lang`.
pub(super) fn change(change: Change, lang: Lang) -> &'static str {
    match (lang, change) {
        (Lang::En, Change::New) => "new",
        (Lang::En, Change::Grown) => "grown",
        (Lang::En, Change::Shrunk) => "shrunk",
        (Lang::En, Change::Gone) => "gone",
        (Lang::Zh, Change::New) => "新增",
        (Lang::Zh, Change::Grown) => "增多",
        (Lang::Zh, Change::Shrunk) => "减少",
        (Lang::Zh, Change::Gone) => "消失",
    }
}

/// Those of the asides that are not empty, in brackets; nothing where all are.
fn in_brackets(asides: &[&str], words: &Words) -> String {
    let told: Vec<&str> = asides
        .iter()
        .copied()
        .filter(|aside| !aside.is_empty())
        .collect();
    match told.as_slice() {
        [] => String::new(),
        told => (words.in_brackets)(&told.join(words.comma)),
    }
}

static EN: Words = Words {
    matches: Noun::new("match", "matches"),
    codes: Noun::new("code", "codes"),
    distinct_codes: Noun::new("distinct code", "distinct codes"),
    unknown_codes: Noun::new("unknown code", "unknown codes"),
    lines: Noun::new("line", "lines"),
    inputs: Noun::new("input", "inputs"),
    occurrences: Noun::new("occurrence", "occurrences"),

    count: "Count",
    code: "Code",
    status: "Status",
    provider: "Provider",
    category: "Category",
    product: "Product",
    file: "File",
    meaning: "Meaning",
    remediation: "What to do",
    near: "Near",
    state: "State",
    reason: "Reason",
    share: "Share",
    retryable: "Retryable",
    is_retryable: "retryable",
    change: "Change",
    count_before: "Before",
    per_hour: "Per hour",
    per_million_lines: "Per million lines",
    rate_before: "Rate before",
    factor: "Factor",
    unknown_owner: "(unknown code)",
    codes_title: "Codes",
    top_codes: "Top codes",
    unconfirmed: "unconfirmed",
    some_unconfirmed: "some unconfirmed",
    colon: ": ",
    comma: ", ",
    after_sentence: " ",

    report: "Error codes",
    changes_title: "Changes since the baseline",
    unknown_title: "Unknown codes",
    http_title: "HTTP statuses",
    inputs_title: "Inputs not counted in full",
    notes_title: "Notes",

    api_says: "The API says",
    not_retryable: "not retryable",
    request_id: "Request ID",
    not_known: "not a known code",
    case_counts: "Codes are case-sensitive.",
    not_explained: "The text shows a provider that the catalogue has no such code of; what others mean by it is not told here.",
    owner_untold: "The text does not tell whose code it is; this provider has one of this name.",
    family: "Family",
    states: |status| format!("The text states HTTP {status}"),
    family_of: |name, known| format!("{name}, {known}"),
    family_alone: |name| format!("{name}, of which no code is known"),

    in_brackets: |text| format!(" ({text})"),
    count_unconfirmed: |n| format!("{n} unconfirmed"),
    unconfirmed_left_out: |n| format!("{n} unconfirmed left out"),
    count_incomplete: |n| format!("{n} not complete"),
    saw: |statuses| format!("saw {statuses}"),
    again: |count| format!("again x {count}"),
    more: |n| format!("{n} more"),
    did_you_mean: |codes| format!("did you mean {codes}?"),
    at_least: |count| format!("at least {count}"),
    headline: |h| {
        format!(
            "{}{} of {} in {} of {} ({}, {}){}.",
            h.matches,
            in_brackets(&[&h.unconfirmed], &EN),
            h.codes,
            h.matched_lines,
            h.lines,
            h.bytes,
            h.inputs_and_incomplete(EN.comma),
            h.time
        )
    },
    nothing_found: |h| {
        format!(
            "No known error code found{} in {} of {} ({}).",
            in_brackets(&[&h.unconfirmed], &EN),
            h.lines,
            h.inputs_and_incomplete(EN.comma),
            h.bytes
        )
    },
    unknown_found: |occurrences, codes| format!("{occurrences} of {codes}."),
    without_time: |occurrences| {
        format!("Left out for want of a time (--since, --until): {occurrences}.")
    },
    without_file: |matches| {
        format!("Without a file: {matches}. Scan with --by file to count by file.")
    },
    span: |first, last| format!(", from {first} to {last}"),
    moment: |at| format!(", at {at}"),
    changes: |[new, grown, shrunk, gone]| {
        format!("Since the baseline: {new} new, {grown} grown, {shrunk} shrunk, {gone} gone.")
    },
};

static ZH: Words = Words {
    matches: Noun::new("次匹配", "次匹配"),
    codes: Noun::new("个错误码", "个错误码"),
    distinct_codes: Noun::new("个不同的错误码", "个不同的错误码"),
    unknown_codes: Noun::new("个未知错误码", "个未知错误码"),
    lines: Noun::new("行", "行"),
    inputs: Noun::new("个输入", "个输入"),
    occurrences: Noun::new("次出现", "次出现"),

    count: "次数",
    code: "错误码",
    status: "状态码",
    provider: "云厂商",
    category: "类别",
    product: "产品",
    file: "文件",
    meaning: "含义",
    remediation: "处理办法",
    near: "相近",
    state: "状态",
    reason: "原因",
    share: "占比",
    retryable: "可重试",
    is_retryable: "可重试",
    change: "变化",
    count_before: "此前次数",
    per_hour: "每小时",
    per_million_lines: "每百万行",
    rate_before: "此前速率",
    factor: "倍数",
    unknown_owner: "（未知错误码）",
    codes_title: "错误码数",
    top_codes: "主要错误码",
    unconfirmed: "未确认",
    some_unconfirmed: "部分未确认",
    colon: "：",
    comma: "，",
    after_sentence: "",

    report: "错误码",
    changes_title: "与基线相比的变化",
    unknown_title: "未知错误码",
    http_title: "HTTP 状态码",
    inputs_title: "未完整计入的输入",
    notes_title: "说明",

    api_says: "接口返回",
    not_retryable: "重试无用",
    request_id: "请求 ID",
    not_known: "不是已知错误码",
    case_counts: "错误码区分大小写。",
    not_explained: "文中显示的云厂商在目录中没有该错误码；其他厂商的解释在此不适用。",
    owner_untold: "文中未表明该错误码属于哪家云厂商；以下是其中一家的同名错误码。",
    family: "所属系列",
    states: |status| format!("文中状态码为 HTTP {status}"),
    family_of: |name, known| format!("{name}，{known}"),
    family_alone: |name| format!("{name}，其中没有已知错误码"),

    in_brackets: |text| format!("（{text}）"),
    count_unconfirmed: |n| format!("{n} 次未确认"),
    unconfirmed_left_out: |n| format!("未计 {n} 次未确认"),
    count_incomplete: |n| format!("{n} 个未读完"),
    saw: |statuses| format!("实见 {statuses}"),
    again: |count| format!("又出现 {count} 次"),
    more: |n| format!("另有 {n} 个"),
    did_you_mean: |codes| format!("是否为 {codes}？"),
    at_least: |count| format!("至少 {count}"),
    headline: |h| {
        format!(
            "{}{}，{}，见于 {}中的 {} 行（{}，{}）{}。",
            h.matches,
            in_brackets(&[&h.unconfirmed], &ZH),
            h.codes,
            h.lines,
            h.matched_lines,
            h.bytes,
            h.inputs_and_incomplete(ZH.comma),
            h.time
        )
    },
    nothing_found: |h| {
        format!(
            "在 {}{}的 {}中没有发现已知错误码{}。",
            h.inputs,
            in_brackets(&[&h.incomplete], &ZH),
            h.lines,
            in_brackets(&[&h.bytes, &h.unconfirmed], &ZH)
        )
    },
    unknown_found: |occurrences, codes| format!("{codes}，{occurrences}。"),
    without_time: |occurrences| format!("因没有时间而未计入（--since、--until）：{occurrences}。"),
    without_file: |matches| format!("没有文件信息：{matches}。请在扫描时使用 --by file。"),
    span: |first, last| format!("，时间从 {first} 到 {last}"),
    moment: |at| format!("，时间 {at}"),
    changes: |[new, grown, shrunk, gone]| {
        format!("与基线相比：新增 {new} 个，增多 {grown} 个，减少 {shrunk} 个，消失 {gone} 个。")
    },
};
