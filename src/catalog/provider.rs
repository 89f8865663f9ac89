//! How a provider writes errors into logs, read from `patterns/<provider>/provider.json`.

use serde::Deserialize;

use super::entry::Text;

/// The name and version of the format.
pub(super) const SCHEMA: &str = "errsift.provider/1";

/// The fields of the format.
pub(super) const FIELDS: &[&str] = &[
    "schema", "provider", "title", "contrary", "keys", "forms", "links", "evidence",
];

/// What is known about a provider besides its codes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProviderRules {
    /// The provider, as in [`Entry::provider`](super::Entry::provider).
    pub provider: String,
    /// Its name, for people.
    pub title: Text,
    /// Whether its evidence speaks against every provider that has codes.
    #[serde(default)]
    pub contrary: bool,
    /// Keys whose value is an error code, as the last word of a longer key too.
    #[serde(default)]
    pub keys: Vec<String>,
    /// What stands before a code in an exception's text. `#` is a number, `'` is any quote.
    #[serde(default)]
    pub forms: Vec<String>,
    /// What makes a URL a link to the provider's error centre, where a code is no occurrence.
    #[serde(default)]
    pub links: Vec<String>,
    /// What on a line tells that the error is this provider's.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// Something on a line that tells whose error it reports.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Form")]
pub enum Evidence {
    /// This text, byte for byte.
    Text(String),
    /// All of these texts.
    All(Vec<String>),
    /// A key inside the object of another: the outer one, then the inner one.
    Nested(Vec<String>),
    /// A key that has a value.
    Key {
        /// The key.
        key: String,
        /// Whether its value must be a host name.
        host_name: bool,
    },
}

/// Evidence as it is written in a file.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Form {
    Text {
        text: String,
    },
    All {
        all: Vec<String>,
    },
    Nested {
        nested: [String; 2],
    },
    Key {
        key: String,
        value: Option<ValueKind>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueKind {
    HostName,
}

impl TryFrom<Form> for Evidence {
    type Error = &'static str;

    fn try_from(form: Form) -> Result<Evidence, &'static str> {
        let evidence = match form {
            Form::Text { text } => Evidence::Text(text),
            Form::All { all } => Evidence::All(all),
            Form::Nested { nested } => Evidence::Nested(nested.into()),
            Form::Key { key, value } => Evidence::Key {
                key,
                host_name: value.is_some(),
            },
        };
        // Nothing at all stands on every line, next to every code.
        let nothing = match &evidence {
            Evidence::Text(text) | Evidence::Key { key: text, .. } => text.is_empty(),
            Evidence::All(texts) | Evidence::Nested(texts) => {
                texts.is_empty() || texts.iter().any(String::is_empty)
            }
        };
        if nothing {
            Err("evidence that is empty")
        } else {
            Ok(evidence)
        }
    }
}

impl ProviderRules {
    /// The first list that holds an empty text, which would stand everywhere.
    pub(super) fn empty_text(&self) -> Option<&'static str> {
        let lists = [
            ("keys", &self.keys),
            ("forms", &self.forms),
            ("links", &self.links),
        ];
        let found = lists
            .into_iter()
            .find(|(_, texts)| texts.iter().any(String::is_empty));
        found.map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(json: &str) -> Result<Evidence, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn each_form_of_evidence_is_read() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();

        assert_eq!(
            evidence(r#"{"text":"aliyun"}"#),
            Ok(Evidence::Text("aliyun".into()))
        );
        assert_eq!(
            evidence(r#"{"all":["a","b"]}"#),
            Ok(Evidence::All(texts(&["a", "b"])))
        );
        assert_eq!(
            evidence(r#"{"nested":["a","b"]}"#),
            Ok(Evidence::Nested(texts(&["a", "b"])))
        );
        let key = |host_name| {
            Ok(Evidence::Key {
                key: "K".into(),
                host_name,
            })
        };
        assert_eq!(evidence(r#"{"key":"K"}"#), key(false));
        assert_eq!(evidence(r#"{"key":"K","value":"host_name"}"#), key(true));
    }

    #[test]
    fn evidence_that_would_stand_everywhere_is_refused() {
        for json in [
            r#"{"text":""}"#,
            r#"{"all":[]}"#,
            r#"{"all":["a",""]}"#,
            r#"{"key":""}"#,
        ] {
            assert_eq!(
                evidence(json),
                Err("evidence that is empty".into()),
                "{json}"
            );
        }
    }

    #[test]
    fn evidence_of_another_form_is_refused() {
        for json in [
            r#"{"text":"a","key":"b"}"#,
            r#"{"nested":["a"]}"#,
            r#"{"regex":"a"}"#,
            "3",
        ] {
            assert!(evidence(json).is_err(), "{json}");
        }
    }
}
