//! What a run tells on standard error while it goes on.
//!
//! Such a sentence stands behind the path that it is about, and before what the system says:
//! `app.log: cannot be opened: No such file or directory (os error 2)`.

use super::form::{Form, sentences};

type Sentence = String;

fn sentence(form: &Form, parts: &[String]) -> String {
    form.english(parts)
}

sentences! {
    /// A path that was followed is there no more.
    pub(crate) gone():
        "is gone, what comes next is waited for",
        "已不存在，等待其再次出现";

    /// A folder cannot be watched.
    pub(crate) unwatched(problem: Text, every: Text):
        "no notifications ({problem}): it is looked at every {every}",
        "收不到变更通知（{problem}）：每 {every} 检查一次";

    /// A file lost what was counted of it.
    pub(crate) truncated():
        "was truncated or rewritten, it is read from its beginning",
        "已被截断或改写，从头读取";

    /// The text that a log had in an earlier run is in no file.
    pub(crate) lost(bytes: Number):
        "what it held when it was last read is nowhere: {bytes} bytes of that are counted, and what was written behind them, if anything, is not",
        "上次读取时的内容已找不到：其中 {bytes} 字节已计数，其后若还有写入，则未计数";

    /// A file that was new begins as another one does.
    pub(crate) copy():
        "is the beginning of another file of this log: it is taken for a copy, and not counted",
        "与该日志另一文件的开头相同：视为副本，不计数";

    /// Lines of a large file are not numbered from its beginning.
    pub(crate) unnumbered():
        "is large, its lines are numbered from where following began",
        "文件较大，行号从开始跟踪处算起";

    /// What the program wrote itself is not read.
    pub own_output():
        "is this program's own output: passed over",
        "是本程序自己的输出：已略过";

    /// Nothing is read.
    pub no_input():
        "there is no file to read: --include and --exclude leave none of what was given",
        "没有可读取的文件：--include 与 --exclude 未留下给定路径中的任何文件";

    /// An input was not read to its end.
    pub in_part():
        "read in part",
        "只读取了一部分";

    /// The same where nobody knows why.
    pub not_to_its_end():
        "not read to its end",
        "未读完";

    /// A gate is closed.
    pub condition_holds(condition: Text):
        "--fail-on {condition} holds",
        "--fail-on {condition} 成立";

    /// The same where the report does not show by what.
    pub condition_holds_unseen(condition: Text, codes: Text):
        "--fail-on {condition} holds, by what --min-count leaves out: {codes}",
        "--fail-on {condition} 成立，但相关错误码因 --min-count 未列出：{codes}";

    /// Where a running tail is shown.
    pub listening(address: Text):
        "listening at {address}",
        "正在监听 {address}";

    /// A new catalogue is in use.
    pub reloaded(codes: Number):
        "the catalogue was loaded again: {codes} {codes?code|codes}",
        "错误码目录已重新加载：{codes} 个错误码";

    /// A new catalogue is wrong.
    pub not_reloaded():
        "the catalogue was not loaded again: the old one stays in use",
        "错误码目录未能重新加载：继续使用原有目录";

    /// Nobody may know that input is awaited.
    pub awaits_stdin():
        "reading standard input; end it with Ctrl-D, or give a file",
        "正在读取标准输入；按 Ctrl-D 结束，或指定文件";

    /// A scan beside a tail with the same state.
    pub state_in_use():
        "another errsift writes to it: what that has counted is skipped, and nothing is added",
        "另一个 errsift 正在写入：其已计数的内容将跳过，且不会写入新的计数";

    /// A list of paths is empty.
    pub no_paths():
        "no paths",
        "其中没有路径";

    /// No entry of a catalogue passes the filter.
    pub no_entry():
        "no entry is like that",
        "没有符合条件的条目";

    /// Counts over time were asked for, and nothing shows them.
    pub no_times():
        "--bucket: no output of this run shows counts over time, -f json and -f html do",
        "--bucket：本次输出均不显示时间分布，-f json 和 -f html 会显示";

    /// Sample lines were asked for, and nothing shows them.
    pub no_samples():
        "--samples: no output of this run shows sample lines, -f json and -f html do",
        "--samples：本次输出均不显示样例行，-f json 和 -f html 会显示";

    /// Groups were asked for, and nothing has them.
    pub no_groups():
        "--by: no output of this run is grouped, -f table, csv and markdown are",
        "--by：本次输出均未分组，-f table、csv 和 markdown 会分组";

    /// Few rows were asked for, and everything has all.
    pub no_top():
        "--top: all outputs of this run have all rows, -f table, csv and markdown have so many",
        "--top：本次输出均含全部行，-f table、csv 和 markdown 会按此截取";

    /// HTTP statuses were asked for, and nothing shows them.
    pub no_statuses(number: Number):
        "no output of this run shows the HTTP statuses ({number}), -f table, json, markdown and html do",
        "本次输出均不显示 HTTP 状态码（{number} 种），-f table、json、markdown 和 html 会显示";

    /// There are unknown codes, and nothing shows them.
    pub no_unknown(number: Number):
        "--by: no output of this run shows the unknown codes ({number}), -f csv without --by does, and -f table and json",
        "--by：本次输出均不显示未知错误码（{number} 个），不带 --by 的 -f csv 以及 -f table 和 json 会显示";

    /// A code that is another one's but for its capitals.
    pub unlike_in_case(code: Text, near: Text):
        "'{code}': not a known code, did you mean {near}? Codes are case-sensitive.",
        "“{code}”：不是已知错误码，是否指 {near}？错误码区分大小写。";

    /// A code that looks like others.
    pub unknown_near(code: Text, near: Text):
        "'{code}': not a known code, did you mean {near}?",
        "“{code}”：不是已知错误码，是否指 {near}？";

    /// A code that looks like none.
    pub unknown(code: Text):
        "'{code}': not a known code",
        "“{code}”：不是已知错误码";

    /// A code of a provider without it.
    pub foreign(code: Text):
        "'{code}': the text shows a provider that the catalogue has no such code of",
        "“{code}”：文中显示了提供方，而目录中该提供方没有此错误码";

    /// A file or a stream.
    pub(crate) cannot_be_opened():
        "cannot be opened",
        "无法打开";

    /// A file.
    pub(crate) cannot_be_read_on(offset: Number):
        "reading failed at byte {offset}",
        "在第 {offset} 字节处读取失败";

    /// A file or a stream.
    pub(crate) cannot_be_written():
        "cannot be written",
        "无法写入";

    /// An address.
    pub(crate) cannot_listen():
        "cannot listen there; port 0 takes a free one",
        "无法在此监听；端口 0 会选用空闲端口";

    /// A state has one writer.
    pub(crate) state_held():
        "is written to by another errsift, expected one at a time; end that one or use another --state FILE",
        "另一个 errsift 正在写入，同时只应有一个；请结束它，或使用另一个 --state FILE";
}
