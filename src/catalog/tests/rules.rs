//! A provider's rules.

use super::*;

#[test]
fn codes_of_the_status_table_form_no_families() {
    let file = acme(r#"{"code":"404"},{"code":"4.5"}"#).replace("acme", "http");

    let catalog = empty_with(&[("http.json", &file)]);

    let statuses: Vec<_> = catalog
        .entries()
        .iter()
        .map(Entry::is_http_status)
        .collect();
    assert_eq!(statuses, [true, false]);
    assert_eq!(catalog.families().len(), 1);
}

#[test]
fn a_user_can_bring_a_provider_s_rules() {
    let rules = r#"{"schema":"errsift.provider/1","provider":"acme","title":{"en":"Acme","zh":"艾克米"},
        "keys":["fault"],"evidence":[{"text":"acme.example"}],"extra":1}"#;

    let catalog = empty_with(&[("provider.json", rules), ("again.json", rules)]);

    let added = catalog
        .providers()
        .iter()
        .find(|rules| rules.provider == "acme")
        .unwrap();
    assert_eq!(added.keys, ["fault"]);
    assert_eq!(added.evidence, [Evidence::Text("acme.example".into())]);
    assert_eq!(
        catalog.provider_title("acme"),
        Some(&Text {
            en: "Acme".into(),
            zh: "艾克米".into()
        })
    );
    assert!(
        catalog
            .providers()
            .is_sorted_by_key(|rules| &rules.provider)
    );
    assert_eq!(
        catalog.notes(),
        [
            "provider.json: unknown field 'extra', ignored",
            "again.json: unknown field 'extra', ignored"
        ]
    );
}

#[test]
fn faults_of_a_provider_s_rules_are_named() {
    let rules = |provider: &str, more: &str| {
        format!(
            r#"{{"schema":"errsift.provider/1","provider":"{provider}","title":{{"en":"A","zh":"甲"}}{more}}}"#
        )
    };

    assert_eq!(
        faults(&rules("A", "")),
        ["provider 'A', expected lower-case letters, digits, '-' and '_', a letter or digit first"]
    );
    assert_eq!(
        faults(&rules("a", r#","keys":[""]"#)),
        ["keys holds an empty text, expected none"]
    );
    assert_eq!(
        faults(r#"{"schema":"errsift.provider/1","provider":"a"}"#),
        ["missing field `title`, expected the rules of a provider"]
    );
}

#[test]
fn replaced_rules_are_noted() {
    let rules =
        r#"{"schema":"errsift.provider/1","provider":"other","title":{"en":"A","zh":"甲"}}"#;

    let catalog = empty_with(&[("mine.json", rules)]);

    assert_eq!(
        catalog.notes(),
        ["mine.json: replaces the rules of provider 'other'"]
    );
    assert_eq!(
        catalog.providers().len(),
        Catalog::without_builtin().providers().len()
    );
}
