//! Every note that the program makes.

use super::Note;
use super::form::{Form, sentences};

type Sentence = Note;

fn sentence(form: &Form, parts: &[String]) -> Note {
    Note(form.english(parts))
}

sentences! {
    /// The buckets asked for would be too many.
    pub(crate) buckets_wide(asked: Number, most: Number, width: Number):
        "buckets of {asked} s would be more than {most}: they are {width} s wide",
        "每 {asked} 秒一段将超过 {most} 段，已改为每 {width} 秒一段";

    /// The buckets grew with what was counted.
    pub(crate) buckets_widened(width: Number, most: Number):
        "buckets were widened to {width} s to be no more than {most}",
        "时间段已加宽到 {width} 秒，以不超过 {most} 段";

    /// Only some of the results have buckets.
    pub(crate) partly_unbucketed():
        "some of the matches were counted without --bucket, so they are in no bucket whether they have a time or not",
        "部分匹配在计数时没有使用 --bucket，因此无论有无时间都不在任何时间段内";

    /// Unknown codes beyond the most that are told apart.
    pub(crate) many_unknown(most: Number, other: Text):
        "more than {most} distinct unknown codes: those beyond are counted as {other}",
        "不同的未知错误码超过 {most} 个，超出部分计为 {other}";

    /// `--strict` was not the same throughout.
    pub(crate) mixed_strict():
        "some of the results leave out unconfirmed matches (--strict), others count them",
        "部分结果未计入未确认的匹配（--strict），其他结果则已计入";

    /// Counting went on with another catalogue.
    pub(crate) other_catalog():
        "counted with more than one catalogue: texts are those of the last",
        "计数时使用过不止一个目录：说明文字以最后一个为准";

    /// The results were made with different catalogues.
    pub(crate) different_catalogs():
        "the results were made with different catalogues: texts are those of one of them",
        "各结果使用的目录不同：说明文字取自其中一个";

    /// The results hold different numbers of samples.
    pub(crate) different_sample_limits():
        "the results hold different numbers of samples of a code: the least counts for all",
        "各结果为每个错误码保留的样例数不同：均以最少者为准";

    /// A comparison says nothing about a sum.
    pub(crate) baseline_of_part():
        "one of the results holds a comparison with a baseline, which says nothing about their sum: left out",
        "其中一个结果带有与基线的比较，不适用于合并后的结果，已略去";

    /// A result shares an input with an earlier one.
    pub(crate) shares_input(name: Text, path: Text, earlier: Text):
        "{name}: left out, since it shares the input '{path}' with {earlier}, so it would be counted twice",
        "{name}：未计入，因为其中的输入“{path}”与 {earlier} 相同，否则会重复计数";

    /// A result shares folded inputs with an earlier one.
    pub(crate) shares_folded(name: Text, inputs: Number, earlier: Text):
        "{name}: left out, since it shares the entry of {inputs} folded inputs with {earlier}, so it would be counted twice",
        "{name}：未计入，因为其中合并列出的 {inputs} 个输入与 {earlier} 相同，否则会重复计数";

    /// Inputs of one path cannot be told apart.
    pub(crate) unidentified_inputs():
        "some results hold inputs of the same name without an identity, as states do: whether one of them is counted twice is not known",
        "部分结果含有同名而没有标识的输入（状态文件即如此）：其中是否有重复计数的，无从得知";

    /// Inputs are not listed.
    pub(crate) folded_inputs():
        "some results do not list all of their inputs, since there are too many: whether some of these are counted twice is not known",
        "部分结果因输入过多而没有全部列出：其中是否有重复计数的，无从得知";

    /// A result cannot be used.
    pub left_out(problem: Text):
        "left out: {problem}",
        "未计入：{problem}";

    /// Codes that no row tells of, in the totals.
    pub(crate) unlisted_counted(matches: Number, unknown: Number):
        "a saved result lists only some of its codes (--top): {matches} matches of known codes and {unknown} of unknown ones are in no row, counted in the totals alone; of several merged results, codes that are listed may have some of them",
        "保存的结果只列出了部分错误码（--top）：另有已知错误码的 {matches} 次匹配和未知错误码的 {unknown} 次出现不在任何条目中，只计入合计；若由多个结果合并，其中也可能有已列出的错误码的";

    /// Codes that no row tells of, left out.
    pub(crate) unlisted_lost(matches: Number, unknown: Number):
        "a saved result lists only some of its codes (--top): {matches} matches of known codes and {unknown} of unknown ones are in no row, not counted here, since it is not known which codes these are",
        "保存的结果只列出了部分错误码（--top）：另有已知错误码的 {matches} 次匹配和未知错误码的 {unknown} 次出现不在任何条目中，因不知是哪些错误码，此处未计入";

    /// Rows are narrowed to a span by their buckets.
    pub(crate) times_as_saved():
        "saved results keep times by bucket, which counts by its beginning, or by first and last sight only",
        "保存的结果只按时间段（以其起点为准）或首末时间记录时间";

    /// Rows without buckets reach beyond the span.
    pub(crate) beyond_span(rows: Number):
        "{rows} {rows?row reaches|rows reach} beyond the span and {rows?is|are} counted whole, by --fail-on too: the results hold no buckets; scan with --since or --until, or with --bucket",
        "{rows} 个条目超出时段，仍全部计入（--fail-on 也如此）：结果中没有时间段；请在扫描时使用 --since、--until 或 --bucket";

    /// HTTP statuses have no times.
    pub(crate) http_untimed():
        "saved results do not tell when an HTTP status was stated: those of all times are shown",
        "保存的结果不含 HTTP 状态码出现的时间：显示的是全部时间的状态码";

    /// Unknown codes have no statuses.
    pub(crate) unknown_without_status():
        "saved results keep no statuses of unknown codes: none of these passes --status",
        "保存的结果不含未知错误码的状态码：它们都不符合 --status";

    /// Unknown codes have no times.
    pub(crate) unknown_untimed(codes: Number):
        "saved results keep no times of unknown codes: {codes} listed and counted whatever their time, by --fail-on unknown too; scan with --since or --until to leave out those of other times",
        "保存的结果不含未知错误码的时间：{codes} 个未知错误码无论时间均列出并计入（--fail-on unknown 也如此）；要排除其他时间的，请在扫描时使用 --since 或 --until";

    /// A comparison is not of what the filter lets through.
    pub(crate) baseline_unfiltered():
        "the saved comparison with a baseline is of more than the filter lets through: left out; compare again with --baseline",
        "保存的与基线的比较超出了筛选范围，已略去；请用 --baseline 重新比较";

    /// What `--min-count` leaves out.
    pub(crate) rare(least: Number, rows: Number, matches: Number, unknown: Number):
        "left out for fewer than {least} matches: {rows} rows with {matches} matches, {unknown} unknown codes",
        "因少于 {least} 次匹配而未列出：{rows} 个条目（{matches} 次匹配），{unknown} 个未知错误码";

    /// Rows of which a part is left out.
    pub(crate) parts_of_rows(rows: Number):
        "saved results count matches and do not list them: of {rows} {rows?row|rows} a part is left out, so their lines are the most that there may be, and what is said of times, buckets, files, statuses and samples may be of that part",
        "保存的结果只计数而不逐条列出匹配：{rows} 个条目有一部分未计入，因此其行数为可能的最大值，所示时间、时间段、文件、状态码和样例可能属于未计入的部分";

    /// Which matches are unconfirmed is not known.
    pub(crate) doubtful_unconfirmed(matches: Number):
        "saved results do not tell which matches are unconfirmed: {matches} that count as such may be confirmed, or not asked for",
        "保存的结果不说明哪些匹配未确认：计为未确认的 {matches} 次可能已确认，或不在所求之列";

    /// Which status was seen when is not known.
    pub(crate) unpaired(matches: Number):
        "saved results do not tell which status was seen when: {matches} of the matches may have only one of the status and the time asked for",
        "保存的结果不说明各状态码出现的时间：其中 {matches} 次匹配可能只符合状态码和时间两者之一";

    /// Matches in no bucket.
    pub(crate) in_no_bucket(matches: Number):
        "matches that lie in no bucket, for want of a time or because a merged result had none: {matches}, left out and counted as without a time",
        "因没有时间或合并的结果没有时间段而不在任何时间段内的匹配：{matches} 次，未计入，算作没有时间";

    /// Unconfirmed matches of which the codes are not known.
    pub(crate) untold_unconfirmed(matches: Number):
        "unconfirmed matches that were left out before, and of which codes is not known: {matches}, not counted here",
        "此前未计入、且不知属于哪些错误码的未确认匹配：{matches} 次，此处未计入";

    /// How many lines hold a match is not known.
    pub(crate) shared_lines(least: Number, most: Number):
        "which matches share a line is not kept: the lines that hold one are at least {least} and at most {most}",
        "未保存哪些匹配在同一行：含匹配的行至少 {least} 行，至多 {most} 行";

    /// The baseline has another catalogue.
    pub(crate) baseline_of_other_catalog():
        "the baseline was made with another catalogue: a code may have been counted by one of them alone",
        "基线使用的目录不同：某个错误码可能只被其中一方计入";

    /// One of result and baseline is strict.
    pub(crate) baseline_of_other_strictness():
        "either the result or the baseline leaves out unconfirmed matches (--strict), the other counts them",
        "结果与基线之一未计入未确认的匹配（--strict），另一个则已计入";

    /// The baseline does not list all of its codes.
    pub(crate) unlisted_in_baseline():
        "the baseline lists only some of its codes (--top), so a code that looks new may not be",
        "基线只列出了部分错误码（--top），看似新增的错误码未必是新增";

    /// The result does not list all of its codes.
    pub(crate) unlisted_in_result():
        "the result lists only some of its codes (--top), so a code that looks gone may not be",
        "结果只列出了部分错误码（--top），看似消失的错误码未必已消失";

    /// The baseline was saved without its rare codes.
    pub(crate) rare_not_in_baseline():
        "codes with few matches were left out of the baseline (--min-count), so a code that looks new may not be",
        "基线略去了匹配次数少的错误码（--min-count），看似新增的错误码未必是新增";

    /// The result was saved without its rare codes.
    pub(crate) rare_not_in_result():
        "codes with few matches were left out of the result (--min-count), so a code that looks gone may not be",
        "结果略去了匹配次数少的错误码（--min-count），看似消失的错误码未必已消失";

    /// The baseline was not read to its end.
    pub(crate) baseline_incomplete(inputs: Number):
        "inputs of the baseline that were not read to their end: {inputs}, so a code that looks new may not be",
        "基线有 {inputs} 个输入未读完，看似新增的错误码未必是新增";

    /// The spans do not tell how long the logs are.
    pub(crate) rates_by_lines(span: Text, baseline_span: Text):
        "the first and last match are {span} apart, and {baseline_span} in the baseline, which does not tell how long the logs are: rates are for a million lines",
        "首末两次匹配相隔 {span}，基线中相隔 {baseline_span}，不足以说明日志的时长：速率按每百万行计";

    /// What a state holds already.
    pub nothing_new(inputs: Number):
        "{inputs} {inputs?input holds|inputs hold} nothing that was not read before",
        "{inputs} 个输入没有尚未读取的内容";

    /// More paths of one text than are named.
    pub(crate) equal_content_of_many(paths: Text, more: Number):
        "equal content, each counted: {paths} and {more} more",
        "内容相同，均已计入：{paths} 等，另有 {more} 个";

    /// Several paths of one text.
    pub(crate) equal_content(paths: Text):
        "equal content, each counted: {paths}",
        "内容相同，均已计入：{paths}";

    /// A log was scanned again after it had grown, or another one of its name.
    pub(crate) grown(path: Text):
        "the input '{path}' is in several results, each with other content, and no time tells one first match from the other: where it only grew from scan to scan, its matches are counted again; give report the last result alone",
        "输入“{path}”出现在多个结果中，内容各异，而首次匹配的时间相同或均无时间：若它只是在两次扫描之间增长，其匹配会重复计数；请只将最后一个结果交给 report";

    /// Too many inputs to compare.
    pub(crate) content_not_compared(most: Number):
        "more than {most} inputs: they were not searched for equal content",
        "输入超过 {most} 个：未查找内容相同的输入";

    /// More remarks on inputs than are kept.
    pub(crate) many_remarks(most: Number):
        "more than {most} remarks on single inputs: the others are left out",
        "对单个输入的说明超过 {most} 条：其余已略去";

    /// A remark on one input.
    pub(crate) on_input(path: Text, remark: Remark):
        "{path}: {remark}",
        "{path}：{remark}";

    /// Only for so many unknown codes similar known ones are looked for.
    pub(crate) near_of_the_first(most: Number):
        "similar known codes are suggested for the {most} most frequent unknown codes of a scan alone; 'errsift explain CODE' suggests them for any",
        "一次扫描只为最常见的 {most} 个未知错误码给出相似的已知错误码；“errsift explain CODE” 可为任一错误码给出";

    /// Rows beyond `--top`.
    pub(crate) rows_cut(top: Number, rows: Grouped, matches: Grouped):
        "Left out by --top {top}: {rows} {rows?row|rows} with {matches} {matches?match|matches}.",
        "--top {top} 未列出：{rows} 个条目，{matches} 次匹配。";

    /// Unknown codes beyond `--top`.
    pub(crate) unknown_cut(top: Number, codes: Grouped, occurrences: Grouped):
        "Left out by --top {top}: {codes} {codes?unknown code|unknown codes} with {occurrences} {occurrences?occurrence|occurrences}.",
        "--top {top} 未列出：{codes} 个未知错误码，{occurrences} 次出现。";
}
