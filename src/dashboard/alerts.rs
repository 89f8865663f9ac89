//! Alerts: what somebody should look at, and what to do then.
//!
//! They build on the recording rules. Each is silent without data: an installation that is new
//! has no last week, and no code is new to it.

use super::categories;
use super::rule::{Group, Rule, RuleFile};
use super::words::{Said, Words};
use crate::catalog::{Catalog, Category, Lang};

/// From how many matches in an hour on there can be a burst: fewer are noise.
const LEAST_BURST: u64 = 30;

/// How many times as many as last week a burst is.
const BURST_FACTOR: u64 = 3;

/// Alerting rules as YAML, with texts in `lang`.
pub fn alerts(catalog: &Catalog, lang: Lang) -> String {
    let words = Words::of(lang);
    let categories = categories(catalog);
    let mut codes = vec![new_code(words)];
    codes.extend(categories.iter().map(|category| burst(*category, lang)));
    let has = |category| categories.contains(&category);
    codes.extend(has(Category::Throttling).then(|| throttling(words)));
    codes.extend(has(Category::Authentication).then(|| authentication(words)));
    codes.push(unknown_codes(words));
    let groups = vec![
        Group {
            name: "errsift-codes",
            rules: codes,
        },
        Group {
            name: "errsift-health",
            rules: vec![
                down(words),
                absent(words),
                textfile_stale(words),
                input_errors(words),
            ],
        },
    ];
    RuleFile { groups }.to_yaml(words.about_alerts)
}

fn alert(
    name: &'static str,
    expr: &str,
    hold: Option<&'static str>,
    severity: &str,
    said: &Said,
) -> Rule {
    Rule {
        alert: Some(name),
        expr: expr.to_owned(),
        hold,
        labels: [("severity", severity.to_owned())].into(),
        annotations: [
            ("summary", said.summary.to_owned()),
            ("description", said.description.to_owned()),
        ]
        .into(),
        ..Rule::default()
    }
}

fn new_code(words: &Words) -> Rule {
    // Before the first hour is over nothing is known to have been there before.
    let expr = "(\n\
        \x20 (code:errsift_matches:increase1h{code!=\"__other__\"} > 0)\n\
        \x20 unless on (provider, product, code)\n\
        \x20 (max by (provider, product, code) (max_over_time(errsift_matches_total[7d] offset 1h)) > 0)\n\
        )\n\
        and on () (count(errsift_build_info offset 1h) > 0)";
    alert("ErrsiftNewCode", expr, None, "warning", &words.new_code)
}

/// The hour is held against the two hours around the same time last week.
fn burst(category: Category, lang: Lang) -> Rule {
    let words = Words::of(lang);
    let series = format!(
        "category:errsift_matches:increase1h{{category=\"{}\"}}",
        category.name()
    );
    let expr = format!(
        "{series} >= {LEAST_BURST}\n\
         and\n\
         {series} > {BURST_FACTOR} * max_over_time({series}[2h] offset 167h)"
    );
    let mut rule = alert(
        "ErrsiftBurst",
        &expr,
        Some("5m"),
        severity(category),
        &words.burst,
    );
    // Promtool, too, must be able to tell the rules apart.
    rule.labels.insert("category", category.name().to_owned());
    for text in rule.annotations.values_mut() {
        *text = text.replace("CATEGORY", category.title(lang));
    }
    if let Some(advice) = words.advice(category) {
        rule.annotations.insert("advice", advice.to_owned());
    }
    rule
}

/// How much of the service a burst of this kind takes with it.
fn severity(category: Category) -> &'static str {
    match category {
        Category::Authentication
        | Category::Billing
        | Category::Unavailable
        | Category::Internal => "critical",
        _ => "warning",
    }
}

fn throttling(words: &Words) -> Rule {
    let expr = "category:errsift_matches:increase5m{category=\"throttling\"} >= 10";
    alert(
        "ErrsiftThrottling",
        expr,
        Some("10m"),
        "warning",
        &words.throttling,
    )
}

fn authentication(words: &Words) -> Rule {
    let expr = "category:errsift_matches:increase5m{category=\"authentication\"} > 0";
    alert(
        "ErrsiftAuthenticationFailing",
        expr,
        Some("10m"),
        "critical",
        &words.authentication,
    )
}

fn unknown_codes(words: &Words) -> Rule {
    let expr = "family:errsift_unknown_codes:increase1h > 0";
    alert(
        "ErrsiftUnknownCodes",
        expr,
        None,
        "info",
        &words.unknown_code,
    )
}

fn down(words: &Words) -> Rule {
    let expr = "(up == 0) and on (job, instance) last_over_time(errsift_build_info[1d])";
    alert("ErrsiftDown", expr, Some("5m"), "critical", &words.down)
}

fn absent(words: &Words) -> Rule {
    alert(
        "ErrsiftAbsent",
        "absent(errsift_build_info)",
        Some("15m"),
        "critical",
        &words.absent,
    )
}

fn textfile_stale(words: &Words) -> Rule {
    // 26 h: a daily scan may take its time.
    let expr = "time() - node_textfile_mtime_seconds{file=~\".*errsift.*[.]prom\"} > 93600";
    alert(
        "ErrsiftTextfileStale",
        expr,
        None,
        "warning",
        &words.textfile_stale,
    )
}

fn input_errors(words: &Words) -> Rule {
    let expr = "instance:errsift_input_errors:increase15m > 0";
    alert(
        "ErrsiftInputErrors",
        expr,
        None,
        "warning",
        &words.input_errors,
    )
}
