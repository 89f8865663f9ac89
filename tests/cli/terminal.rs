//! What a terminal gets: nothing that it would obey, hide or reorder, wherever that comes from.

use std::process::{Command, Stdio};

use crate::support::Folder;

/// What `command` prints where standard output is a terminal, without its line ends.
fn on_terminal(folder: &Folder, command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_errsift");
    let output = Command::new("script")
        .args([
            "-qec",
            &format!("{program} {command} 2>/dev/null"),
            "/dev/null",
        ])
        .current_dir(folder.path())
        .env_clear()
        .envs([("LANG", "C"), ("TZ", "UTC"), ("SHELL", "/bin/sh")])
        .stdin(Stdio::null())
        .output()
        .expect("script, of util-linux, runs");
    let text = String::from_utf8(output.stdout).unwrap();
    text.replace("\r\n", "")
}

/// What no terminal may get: C0 and C1 controls but the tab, DEL, and what reorders text.
fn harmful(text: &str) -> Vec<char> {
    let is_harmful = |c: &char| (c.is_control() && *c != '\t') || "\u{202e}\u{2066}".contains(*c);
    text.chars().filter(is_harmful).collect()
}

const HOSTILE: &str = "\u{1b}]0;x\u{7}\u{9b}31m\u{7f}\u{202e}\u{2066}\r";

#[test]
fn what_a_log_holds_is_obeyed_in_no_format() {
    let folder = Folder::new();
    let code = "{\"error_code\":\"APIG.1002\"}";
    folder.write("app.log", format!("{HOSTILE} {code} {HOSTILE}x\n"));
    for format in [
        "table",
        "json",
        "csv",
        "markdown",
        "prometheus",
        "html",
        "text",
        "ndjson",
    ] {
        let command = format!("scan --color never -f {format} app.log");
        let text = on_terminal(&folder, &command);

        assert!(text.contains("APIG.1002"), "{format}: {text:?}");
        assert_eq!(harmful(&text), [], "{format}: {text:?}");
    }
}

#[test]
fn what_a_saved_result_holds_is_obeyed_in_no_format() {
    let folder = Folder::with_log();
    let mut result = folder.run(&["scan", "-f", "json", "app.log"]).result();
    result.codes[0].product = Some(HOSTILE.to_owned());
    result.inputs[0].path = HOSTILE.to_owned();
    folder.write("r.json", serde_json::to_string(&result).unwrap());
    for format in ["table", "json", "csv", "markdown", "prometheus", "html"] {
        let text = on_terminal(&folder, &format!("report --color never -f {format} r.json"));

        assert!(text.contains("APIG.1002"), "{format}: {text:?}");
        assert_eq!(harmful(&text), [], "{format}: {text:?}");
    }
}

#[test]
fn a_label_has_its_text_to_the_letter_where_a_program_reads_it() {
    let folder = Folder::with_log();
    let mut result = folder.run(&["scan", "-f", "json", "app.log"]).result();
    result.codes[0].product = Some(HOSTILE.to_owned());
    folder.write("r.json", serde_json::to_string(&result).unwrap());

    let text = folder.run(&["report", "-f", "prometheus", "r.json"]).out;

    assert!(text.contains(&format!("product=\"{HOSTILE}\"")), "{text:?}");
}
