//! Prometheus rule files.

use std::collections::BTreeMap;

use serde::Serialize;

/// A file of rules.
#[derive(Debug, Serialize)]
pub(super) struct RuleFile {
    pub(super) groups: Vec<Group>,
}

/// Rules that are evaluated one after the other.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) rules: Vec<Rule>,
}

/// A series to record, or an alert.
#[derive(Debug, Default, Serialize)]
pub(super) struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alert: Option<&'static str>,
    pub(super) expr: String,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub(super) hold: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) labels: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) annotations: BTreeMap<&'static str, String>,
}

impl RuleFile {
    /// The file as YAML, after `about`, a line of comment.
    pub(super) fn to_yaml(&self, about: &str) -> String {
        let rules = serde_saphyr::to_string(self);
        let rules = rules.expect("a rule has only strings, lists and maps with strings for keys");
        format!("# {about}\n{rules}")
    }
}
