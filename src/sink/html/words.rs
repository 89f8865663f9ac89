//! Every word of the page, in both languages.
//!
//! The page takes both along, since its reader may switch. `{name}` is a place
//! to fill; `one|many` are a noun's forms.

use std::collections::BTreeMap;

use crate::catalog::{Category, Lang};

/// Key, English, Chinese.
const WORDS: &[(&str, &str, &str)] = &[
    ("title", "Error codes", "错误码报告"),
    ("skip", "Skip to the codes", "跳到错误码表"),
    (
        "noscript",
        "This page needs JavaScript, which is part of this file. 'errsift report -f markdown' makes a report without.",
        "此页面需要 JavaScript（已包含在本文件中）。'errsift report -f markdown' 可生成不需要脚本的报告。",
    ),
    ("language", "Language", "语言"),
    ("theme", "Theme", "主题"),
    ("theme_auto", "Auto", "自动"),
    ("theme_light", "Light", "浅色"),
    ("theme_dark", "Dark", "深色"),
    ("zone", "Time zone", "时区"),
    ("local", "Local", "本地"),
    ("print", "Print", "打印"),
    ("live", "Live, updated {time}", "实时，更新于 {time}"),
    ("waiting", "Connecting", "正在连接"),
    (
        "lost",
        "Connection lost at {time}, trying again",
        "连接于 {time} 中断，正在重试",
    ),
    ("summary", "Summary", "概要"),
    (
        "lead",
        "{category} leads with {share} of {matches} in {lines}, since {first}",
        "{category}居首，占 {matches}（{lines}）的 {share}，始于 {first}",
    ),
    (
        "lead_untimed",
        "{category} leads with {share} of {matches} in {lines}",
        "{category}居首，占 {matches}（{lines}）的 {share}",
    ),
    (
        "with_peak",
        "{text}, most around {time}",
        "{text}，高峰约在 {time}",
    ),
    ("peak", "most around {time}", "高峰约在 {time}"),
    ("sentence", "{text}.", "{text}。"),
    (
        "nothing",
        "No known error code in {lines} of {inputs}.",
        "{inputs}的 {lines}中没有已知错误码。",
    ),
    (
        "broken",
        "{n} input was not read to its end: the counts are lower bounds.|{n} inputs were not read to their end: the counts are lower bounds.",
        "{n} 个输入未读完：以下计数只是下限。",
    ),
    ("see_inputs", "See the inputs", "查看输入"),
    ("n_matches", "{n} match|{n} matches", "{n} 次匹配"),
    (
        "n_occurrences",
        "{n} occurrence|{n} occurrences",
        "{n} 次出现",
    ),
    ("n_codes", "{n} code|{n} codes", "{n} 个错误码"),
    ("n_lines", "{n} line|{n} lines", "{n} 行"),
    ("n_inputs", "{n} input|{n} inputs", "{n} 个输入"),
    ("matches", "Matches", "匹配"),
    ("codes", "Codes", "错误码"),
    ("lines", "Lines with a code", "含错误码的行"),
    ("of_lines", "of {n}", "共 {n}"),
    ("unconfirmed", "Unconfirmed", "未确认"),
    (
        "unconfirmed_out",
        "left out (--strict)",
        "未计入（--strict）",
    ),
    (
        "unconfirmed_in",
        "a word in passing, perhaps",
        "可能只是文中提及",
    ),
    ("unknown", "Unknown codes", "未知错误码"),
    ("n_times", "{n} time|{n} times", "{n} 次"),
    ("inputs", "Inputs", "输入"),
    ("n_broken", "{n} not complete", "{n} 个未完成"),
    ("time", "Time ({zone})", "时间（{zone}）"),
    ("no_times", "no times in the lines", "行内没有时间"),
    ("at_most", "at most {n} per {width}", "每 {width}最多 {n}"),
    ("first", "What to do first", "先做什么"),
    ("first_about", "Categories by weight", "按占比排列的类别"),
    ("retry_yes", "Retrying helps", "可重试"),
    ("retry_no", "Retrying does not help", "重试无用"),
    (
        "retry_some",
        "Retrying helps with {share}",
        "{share} 可重试",
    ),
    ("retry_unknown", "Retrying: not known", "能否重试未知"),
    ("since_until", "{first} to {last}", "{first} 至 {last}"),
    ("more_codes", "{n} more", "另有 {n} 个"),
    (
        "no_remediation",
        "The catalogue has no advice for these codes.",
        "目录中没有这些错误码的处理办法。",
    ),
    (
        "no_advice",
        "The catalogue has no advice for this code.",
        "目录中没有此错误码的处理办法。",
    ),
    (
        "all_categories",
        "Show all {n} categories",
        "显示全部 {n} 个类别",
    ),
    ("changes", "Changes since the baseline", "与基线相比的变化"),
    ("since_baseline", "Since the baseline", "与基线相比"),
    (
        "baseline_about",
        "The baseline has {matches} in {lines}, {first} to {last}.",
        "基线：{lines}中 {matches}，{first} 至 {last}。",
    ),
    (
        "baseline_untimed",
        "The baseline has {matches} in {lines}.",
        "基线：{lines}中 {matches}。",
    ),
    (
        "changes_about",
        "Grown and shrunk mean at least twice and at most half the rate, on 10 matches or more.",
        "增多、减少指速率至少翻倍或至多一半，且不少于 10 次匹配。",
    ),
    (
        "no_changes",
        "No code is new, gone, or at twice or half its rate.",
        "没有新增或消失的错误码，也没有速率翻倍或减半的。",
    ),
    ("change", "Change", "变化"),
    ("new", "new", "新增"),
    ("grown", "grown", "增多"),
    ("shrunk", "shrunk", "减少"),
    ("gone", "gone", "消失"),
    ("n_new", "{n} new", "新增 {n}"),
    ("n_grown", "{n} grown", "增多 {n}"),
    ("n_shrunk", "{n} shrunk", "减少 {n}"),
    ("n_gone", "{n} gone", "消失 {n}"),
    ("comma", ", ", "，"),
    ("before", "Before", "此前次数"),
    ("was", "{n} before", "此前 {n} 次"),
    ("per_hour", "Per hour", "每小时"),
    ("per_million_lines", "Per million lines", "每百万行"),
    ("rate_before", "Rate before", "此前速率"),
    ("factor", "Factor", "倍数"),
    ("unknown_code", "unknown code", "未知错误码"),
    ("over_time", "Over time", "时间分布"),
    (
        "chart_about",
        "Matches per {width}, {zone}. Drag over the chart, or move the two handles with the arrow keys, to select a span.",
        "每 {width}的匹配次数，{zone}。在图上拖动，或用方向键移动两侧手柄，即可选取时段。",
    ),
    (
        "chart_label",
        "Matches over time, stacked",
        "匹配次数随时间的堆叠图",
    ),
    ("stack_by", "Stack by", "堆叠方式"),
    ("by_category", "Category", "类别"),
    ("by_code", "Code", "错误码"),
    ("from", "From", "起"),
    ("to", "To", "止"),
    (
        "span",
        "Selected: {first} to {last}",
        "已选取：{first} 至 {last}",
    ),
    ("span_clear", "Whole time", "全部时间"),
    (
        "untimed",
        "{matches} without a time are not in it.",
        "{matches}没有时间，不在其中。",
    ),
    (
        "no_buckets",
        "This result has no counts over time. Make them with a width:",
        "此结果没有时间分布。扫描时给出宽度即可得到：",
    ),
    (
        "no_chart",
        "No line with a code has a time, so there is nothing to draw.",
        "含错误码的行都没有时间，无法绘图。",
    ),
    ("rest", "Rest", "其余"),
    ("none", "Not categorised", "未分类"),
    ("search", "Search", "搜索"),
    (
        "search_hint",
        "Code, text, file, request ID",
        "错误码、文字、文件、请求 ID",
    ),
    ("provider", "Provider", "云厂商"),
    ("category", "Category", "类别"),
    ("status", "Status", "状态码"),
    ("any", "All", "全部"),
    ("no_provider", "Not told by the lines", "文中未表明"),
    ("no_status", "No status", "无状态码"),
    ("sort", "Sort by", "排序"),
    ("reset", "Reset", "重置"),
    ("shown", "{n} of {all} codes", "{all} 个错误码中的 {n} 个"),
    (
        "none_shown",
        "No code passes these filters.",
        "没有错误码符合这些条件。",
    ),
    ("show_more", "Show {n} more", "再显示 {n} 个"),
    ("show_all", "Show all {n}", "显示全部 {n} 个"),
    ("count", "Count", "次数"),
    ("count_span", "Count in the span", "时段内次数"),
    ("code", "Code", "错误码"),
    ("documented", "Documented", "文档状态码"),
    ("observed", "Observed", "实际状态码"),
    ("trend", "Over time", "时间分布"),
    ("last_seen", "Last seen", "最近出现"),
    ("first_seen", "First seen", "首次出现"),
    (
        "differs",
        "differs from the documented status",
        "与文档状态码不同",
    ),
    ("n_unconfirmed", "{n} unconfirmed", "{n} 次未确认"),
    (
        "keys",
        "Keys: / search, arrows move between codes, Enter opens, Esc closes",
        "按键：/ 搜索，方向键在错误码间移动，Enter 打开，Esc 关闭",
    ),
    ("close", "Close", "关闭"),
    ("message", "The API says", "接口返回"),
    ("meaning", "Meaning", "含义"),
    ("remediation", "What to do", "处理办法"),
    ("product", "Product", "产品"),
    ("retryable", "Retryable", "可重试"),
    ("yes", "yes", "是"),
    ("no", "no", "否"),
    ("not_known", "not known", "未知"),
    ("samples", "Samples", "样例"),
    (
        "more_samples",
        "'--samples 5' keeps more lines of each code.",
        "'--samples 5' 可为每个错误码保留更多行。",
    ),
    ("no_samples", "No sample was kept.", "没有保留样例。"),
    ("cut", "cut", "已截断"),
    ("request_ids", "Request IDs", "请求 ID"),
    ("files", "Files", "文件"),
    ("files_rest", "and {n} more", "另有 {n} 个"),
    (
        "no_files",
        "'--by file' counts each code by file.",
        "'--by file' 可按文件统计。",
    ),
    (
        "owner_untold",
        "The lines do not tell whose code it is; this is {names}.",
        "文中未表明该错误码属于哪家；以下为 {names} 的说明。",
    ),
    (
        "owner_several",
        "The lines do not tell whose code it is; it may be of {names}.",
        "文中未表明该错误码属于哪家；可能属于 {names}。",
    ),
    (
        "owner_foreign",
        "The lines show a provider of which the catalogue has no such code.",
        "文中显示的云厂商在目录中没有该错误码。",
    ),
    (
        "span_count",
        "{n} in the selected span",
        "所选时段内 {n} 次",
    ),
    (
        "unknown_about",
        "Of known families, but not in the catalogue. {option} adds your own.",
        "属于已知系列，但不在目录中。可用 {option} 补充。",
    ),
    ("near", "Nearest known", "相近的已知错误码"),
    ("sample", "Sample", "样例"),
    ("http", "HTTP statuses", "HTTP 状态码"),
    ("notes", "Notes", "说明"),
    ("path", "Path", "路径"),
    ("state", "State", "状态"),
    ("bytes", "Size", "大小"),
    ("n_lines_head", "Lines", "行数"),
    ("reason", "Reason", "原因"),
    ("folded", "{n} complete inputs", "{n} 个完整输入"),
    (
        "without_time",
        "Left out for want of a time (--since, --until): {occurrences}.",
        "因没有时间而未计入（--since、--until）：{occurrences}。",
    ),
    ("complete", "complete", "完整"),
    ("partial", "partial", "部分"),
    ("failed", "failed", "失败"),
    ("duplicate", "duplicate", "重复"),
    (
        "made",
        "{tool} {version}, catalogue {catalog} with {codes}",
        "{tool} {version}，目录 {catalog}（{codes}）",
    ),
    ("seconds", "{n} s", "{n} 秒"),
    ("minutes", "{n} min", "{n} 分钟"),
    ("hours", "{n} h", "{n} 小时"),
    ("days", "{n} d", "{n} 天"),
];

/// The word of `key`, which is one of the table's.
pub(super) fn word(key: &str, lang: Lang) -> &'static str {
    let found = WORDS.iter().find(|(known, ..)| *known == key);
    match (found, lang) {
        (Some((_, en, _)), Lang::En) => en,
        (Some((_, _, zh)), Lang::Zh) => zh,
        (None, _) => "",
    }
}

/// All words by language and key, the names of categories among them.
pub(super) fn table() -> BTreeMap<&'static str, BTreeMap<String, &'static str>> {
    let of = |lang: Lang| {
        let own = WORDS
            .iter()
            .map(|(key, ..)| ((*key).to_owned(), word(key, lang)));
        let categories = Category::ALL.iter();
        own.chain(
            categories.map(|category| (format!("k_{}", category.name()), category.title(lang))),
        )
        .collect()
    };
    BTreeMap::from([("en", of(Lang::En)), ("zh", of(Lang::Zh))])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_is_there_once_in_both_languages_with_the_same_places_to_fill() {
        let places = |text: &str| -> BTreeSet<String> {
            let parts = text.split('{').skip(1);
            parts
                .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
                .collect()
        };
        let mut keys = BTreeSet::new();
        for (key, en, zh) in WORDS {
            assert!(keys.insert(key), "{key} twice");
            assert!(!en.is_empty() && !zh.is_empty(), "{key}");
            assert_eq!(places(en), places(zh), "{key}");
        }
    }

    #[test]
    fn every_word_that_the_page_asks_for_is_there_and_none_is_there_in_vain() {
        let sources = [super::super::shell::SCRIPT, include_str!("shell.rs")].concat();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let said: BTreeSet<&str> = sources.split(|c| !is_word(c)).collect();
        let in_vain: Vec<_> = WORDS
            .iter()
            .map(|(key, ..)| *key)
            .filter(|key| !said.contains(key))
            .collect();
        assert_eq!(in_vain, [""; 0]);

        let calls = sources.match_indices("t('");
        let calls = calls.filter(|(at, _)| !sources[..*at].ends_with(is_word));
        let asked = calls.filter_map(|(at, call)| sources[at + call.len()..].split('\'').next());
        // The names of categories are put together.
        let asked = asked.filter(|key| *key != "k_");
        let unknown: Vec<_> = asked.filter(|key| word(key, Lang::En).is_empty()).collect();
        assert_eq!(unknown, [""; 0]);
    }
}
