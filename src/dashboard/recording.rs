//! Rules that Prometheus evaluates beforehand, for alerts and for looking far back.

use super::categories;
use super::promql::{MATCHES, UNKNOWN, increase, sum_by, with_facts};
use super::rule::{Group, Rule, RuleFile};
use super::words::Words;
use crate::catalog::{Catalog, Category, Lang};

/// Recording rules as YAML, with comments in `lang`.
///
/// Each category of `catalog` has a series from the start, so that a burst after none at all is one.
pub fn recording(catalog: &Catalog, lang: Lang) -> String {
    let mut rules = Vec::new();
    for range in ["5m", "1h"] {
        rules.push(of_codes(range));
        let categories = categories(catalog);
        rules.extend(
            categories
                .iter()
                .map(|category| of_category(*category, range)),
        );
    }
    rules.push(Rule {
        record: Some(String::from("family:errsift_unknown_codes:increase1h")),
        expr: sum_by("family", &increase(UNKNOWN, "1h")),
        ..Rule::default()
    });
    rules.push(Rule {
        record: Some(String::from("instance:errsift_input_errors:increase15m")),
        expr: String::from("sum by (job, instance) (increase(errsift_input_errors_total[15m]))"),
        ..Rule::default()
    });
    let groups = vec![Group {
        name: "errsift-recording",
        rules,
    }];
    RuleFile { groups }.to_yaml(Words::of(lang).about_recording)
}

fn of_codes(range: &str) -> Rule {
    let facts = "category, retryable";
    let matches = with_facts(&increase(MATCHES, range), facts, "");
    Rule {
        record: Some(format!("code:errsift_matches:increase{range}")),
        expr: sum_by(&format!("provider, product, code, {facts}"), &matches),
        ..Rule::default()
    }
}

fn of_category(category: Category, range: &str) -> Rule {
    let name = category.name();
    Rule {
        record: Some(format!("category:errsift_matches:increase{range}")),
        expr: format!(
            "sum(code:errsift_matches:increase{range}{{category=\"{name}\"}}) or 0 * count(errsift_build_info)"
        ),
        labels: [("category", name.to_owned())].into(),
        ..Rule::default()
    }
}
