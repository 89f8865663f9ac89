//! A report in Chinese is Chinese throughout: notes and reasons too, whatever language was saved.

use crate::scan::CATALOG;
use crate::support::{Folder, LINE};

/// A folder with a scan of one log by two ways of counting, and one of another log.
fn with_results() -> Folder {
    let folder = Folder::with_log();
    folder.write("b.log", LINE.replace("APIG.1002", "APIG.1003").repeat(2));
    for (args, saved) in [
        (&["scan", "app.log", "b.log"][..], "all.json"),
        (&["scan", "app.log", "b.log", "--top", "1"], "top.json"),
        (&["scan", "b.log", "--strict"], "strict.json"),
    ] {
        folder.run(&[args, &["--tz", "UTC", "-o", saved]].concat());
    }
    folder
}

/// The notes of a report in Chinese.
fn notes(folder: &Folder, args: &[&str]) -> Vec<String> {
    let ended = folder.run(&[&["--lang", "zh"], args].concat());
    let (_, notes) = ended
        .out
        .split_once("\n说明\n")
        .unwrap_or_else(|| panic!("no notes: {ended:?}"));
    notes.lines().map(str::to_owned).collect()
}

#[test]
fn notes_are_chinese_whatever_made_them() {
    let folder = with_results();
    folder.run(&["scan", "--state", "s", "app.log"]);

    for (args, expected) in [
        (
            &["scan", "app.log", "b.log", "--min-count", "2"][..],
            &["- 因少于 2 次匹配而未列出：1 个条目（1 次匹配），0 个未知错误码"][..],
        ),
        (
            &["report", "top.json"],
            &[
                "- 保存的结果只列出了部分错误码（--top）：另有已知错误码的 1 次匹配和未知错误码的 0 次出现不在任何条目中，只计入合计；若由多个结果合并，其中也可能有已列出的错误码的",
            ],
        ),
        (
            &["report", "all.json", "all.json", "--overlap", "skip"],
            &["- all.json：未计入，因为其中的输入“app.log”与 all.json 相同，否则会重复计数"],
        ),
        (
            &["report", "all.json", "--baseline", "strict.json"],
            &["- 结果与基线之一未计入未确认的匹配（--strict），另一个则已计入"],
        ),
        (
            &["scan", "--state", "s", "app.log"],
            &["- 1 个输入没有尚未读取的内容"],
        ),
        (
            &["report", "all.json", "missing.json"],
            &["- 未计入：missing.json: cannot be opened: No such file or directory (os error 2)"],
        ),
    ] {
        assert_eq!(notes(&folder, args), expected, "{args:?}");
    }
}

#[test]
fn reasons_are_chinese_and_the_words_of_the_system_stand_as_they_are() {
    let folder = Folder::with_log();
    folder.write("copy.log", LINE);
    // The magic and no more.
    folder.write("cut.gz", [0x1f, 0x8b, 8]);

    let args = ["app.log", "copy.log", "cut.gz", "missing.log"];
    let scan = ["--lang", "zh", "scan", "--dedup", "content"];
    let ended = folder.run(&[&scan[..], &args].concat());

    for reason in [
        "重复  copy.log     与 app.log 内容相同",
        "部分  cut.gz       gzip 数据在第 3 字节处被截断，其后应还有数据",
        "失败  missing.log  No such file or directory (os error 2)",
    ] {
        assert!(ended.out.contains(reason), "{reason}: {ended:?}");
    }
}

#[test]
fn a_page_holds_its_sentences_in_both_languages_and_json_in_english_alone() {
    let folder = with_results();
    let report = |format| folder.run(&["--lang", "zh", "report", "top.json", "-f", format]);
    let english = "a saved result lists only some of its codes (--top): 1 matches of known codes and 0 of unknown ones are \
                   in no row, counted in the totals alone; of several merged results, codes that are listed may have some \
                   of them";
    let chinese = "保存的结果只列出了部分错误码（--top）：另有已知错误码的 1 次匹配和未知错误码的 0 次出现不在任何条目中，只计入合计；若由多个结果合并，其中也可能有已列出的错误码的";

    let page = report("html").out;
    let json = report("json");

    let both = format!("\"{english}\":\"{chinese}\"");
    assert!(page.contains(&both), "{page}");
    assert_eq!(json.result().notes[0], english);
    assert!(!json.out.contains("保存的结果"), "{json:?}");
}

#[test]
fn what_a_run_tells_on_standard_error_is_chinese() {
    let folder = Folder::with_log();
    folder.write("cut.gz", [0x1f, 0x8b, 8]);
    folder.write("empty.txt", "");
    let zh = |args: &[&str]| folder.run(&[&["--lang", "zh"], args].concat()).err;

    assert_eq!(
        zh(&[
            "scan",
            "--fail-on",
            "code=APIG.*",
            "app.log",
            "cut.gz",
            "missing.log"
        ]),
        "errsift: cut.gz：只读取了一部分：gzip 数据在第 3 字节处被截断，其后应还有数据\n\
         errsift: missing.log: No such file or directory (os error 2)\n\
         errsift: --fail-on code=APIG.* 成立\n"
    );
    assert_eq!(
        zh(&["scan", "--files-from", "empty.txt"]),
        "errsift: 提示：--files-from empty.txt：其中没有路径\n"
    );
    assert_eq!(
        zh(&["report", "missing.json"]),
        "errsift: missing.json：无法打开：No such file or directory (os error 2)\n"
    );
    assert_eq!(
        zh(&["codes", "list", "--code", "NONE.*"]),
        "errsift: 提示：没有符合条件的条目\n"
    );
}

#[test]
fn what_becomes_of_a_catalogue_is_told_in_chinese() {
    let folder = Folder::new();
    let replacing = CATALOG
        .replace("\"mine\"", "\"huaweicloud\"")
        .replace("MINE.1", "APIG.1002");
    folder.write("ours.json", replacing);

    assert_eq!(
        folder
            .run(&["--lang", "zh", "codes", "check", "ours.json"])
            .out,
        "ours.json：1 个错误码，未发现问题\n\
         ours.json：“APIG.1002”取代 huaweicloud 的内置条目\n"
    );
}

#[test]
fn what_became_of_examples_is_told_in_chinese() {
    let folder = Folder::new();
    let other = CATALOG.replace("error_code=MINE.1", "error_code=MINE.17");
    folder.write("ours.json", other);
    folder.write("sound.json", CATALOG);
    folder.write("list.txt", "A.1\n");
    let test = |catalogs: &[&str]| {
        let test = ["--lang", "zh", "codes", "test", "--no-builtin"];
        let catalogs = catalogs.iter().flat_map(|file| ["--catalog", file]);
        let args: Vec<&str> = test.into_iter().chain(catalogs).collect();
        folder.run(&args).out
    };

    assert_eq!(
        test(&["ours.json"]),
        "mine 的 MINE.1：未找到：error_code=MINE.17\n\
         1 个错误码的 1 个示例：1 个未找到\n"
    );
    assert_eq!(
        test(&["sound.json", "list.txt"]),
        "2 个错误码的 1 个示例（1 个错误码没有示例）：全部找到\n"
    );
}

#[test]
fn what_there_is_to_remark_on_a_catalogue_is_chinese() {
    let folder = Folder::new();
    let catalog = |provider: &str, field: &str, code: &str| {
        format!(
            r#"{{"schema":"errsift.catalog/1","provider":"{provider}","product":"p",{field}"codes":[{code}]}}"#
        )
    };
    folder.write("a: b/list.txt", "A.1\nA.1\n404\n");
    folder.write("many.txt", "X\n".repeat(5));
    folder.write("empty.txt", "");
    folder.write("none.json", catalog("own", "\"colour\":1,", ""));
    let entry = r#"{"code":"APIG.1002","a":1,"b, c":2}"#;
    folder.write("ours.json", catalog("huaweicloud", "", entry));
    let rules =
        r#"{"schema":"errsift.provider/1","provider":"other","title":{"en":"A","zh":"甲"}}"#;
    folder.write("rules.json", rules);
    for (file, expected) in [
        (
            "a: b/list.txt",
            &[
                "a: b/list.txt：第 2 行重复了“A.1”（第 1 行）",
                "a: b/list.txt：第 3 行（“404”）是 HTTP 状态码，不作为错误码匹配",
            ][..],
        ),
        (
            "many.txt",
            &[
                "many.txt：第 2 行重复了“X”（第 1 行）；第 3 行重复了“X”（第 1 行）；第 4 行重复了“X”（第 1 行）；另有 1 处",
            ],
        ),
        ("empty.txt", &["empty.txt：其中没有错误码"]),
        (
            "none.json",
            &[
                "none.json：未知字段“colour”，已忽略",
                "none.json：其中没有错误码",
            ],
        ),
        (
            "ours.json",
            &[
                "ours.json：条目 1（“APIG.1002”）：未知字段“a”，已忽略；条目 1（“APIG.1002”）：未知字段“b, c”，已忽略",
                "ours.json：条目 1（“APIG.1002”）取代内置条目",
            ],
        ),
        ("rules.json", &["rules.json：取代提供方“other”的规则"]),
    ] {
        let list = ["codes", "list", "--code", "APIG.1002", "--catalog", file];
        let ended = folder.run(&[&["--lang", "zh"], &list[..]].concat());

        let expected = expected
            .iter()
            .map(|note| format!("errsift: 提示：{note}\n"));
        assert_eq!(ended.err, expected.collect::<String>());
    }
}

#[test]
fn how_a_scan_went_is_told_in_chinese() {
    let folder = Folder::with_log();

    let ended = folder.run(&["--lang", "zh", "scan", "--stats", "-f", "json", "app.log"]);

    let tells_memory = std::path::Path::new("/proc/self/status").exists();
    let text = format!("文本：{} 字节，1 行", LINE.len());
    let expected = [
        "错误码目录：578 个错误码",
        "引擎：",
        "线程数：",
        "位置：",
        &text,
        "用时：",
        "速率：",
        "读取所用内存：至多 ",
        "内存峰值：",
    ];
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(lines.len(), expected.len() - usize::from(!tells_memory));
    for (line, beginning) in lines.iter().zip(expected) {
        assert!(line.starts_with(beginning), "{ended:?}");
    }
}
