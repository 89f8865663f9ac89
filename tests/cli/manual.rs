//! `errsift completions`, `errsift man` and the help.

use crate::support::run;

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = run(&["completions", shell]);
        assert_eq!(ended.status, Some(0));
        assert!(ended.out.contains("fail-on"), "{shell}");
    }
    assert_eq!(run(&["completions", "csh"]).status, Some(2));
}

#[test]
fn the_manual_holds_every_verb_and_option() {
    let ended = run(&["man"]);

    assert_eq!(ended.status, Some(0));
    for verb in [
        "SCAN",
        "EXPLAIN",
        "CODES LIST",
        "CODES CHECK",
        "CODES TEST",
        "REPORT",
        "COMPLETIONS",
    ] {
        assert!(
            ended.out.contains(&format!(".SH \"ERRSIFT {verb}\"")),
            "{verb}"
        );
    }
    for option in [
        "\\-\\-fail\\-on",
        "\\-\\-files\\-from",
        "\\-\\-overlap",
        "\\-\\-no\\-builtin",
    ] {
        assert!(ended.out.contains(option), "{option}");
    }
}

#[test]
fn the_help_of_a_scan_shows_its_options_in_groups() {
    let help = run(&["scan", "--help"]).out;

    for group in [
        "Input:",
        "Filters:",
        "Report:",
        "Output:",
        "Everywhere:",
        "Examples:",
    ] {
        assert!(help.contains(&format!("\n{group}\n")), "{group}: {help}");
    }
}
