//! What must be true of the built-in catalogue.
//!
//! 1. Nothing is missing or doubled: so many codes for each source, and one for each provider.
//! 2. Every entry explains itself, in both languages, in words of its own.
//! 3. The facts of the sources have survived the wording.
//! 4. The embedded files are the files of `patterns/`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use errsift::catalog::{Catalog, Category, Entry, Evidence, Family, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A catalogue file, to the field.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CatalogFile {
    schema: String,
    provider: String,
    product: String,
    title: Text,
    source: SourceNote,
    families: Vec<String>,
    codes: Vec<FileEntry>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SourceNote {
    document: String,
    about: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    code: String,
    http_status: Option<u16>,
    message: Option<String>,
    meaning: Text,
    remediation: Text,
    category: Category,
    retryable: bool,
    examples: Vec<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    schema: String,
    provider: String,
    title: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    contrary: Option<bool>,
    keys: Vec<String>,
    forms: Vec<String>,
    links: Vec<String>,
    evidence: Vec<Value>,
}

fn builtin() -> Catalog {
    Catalog::builtin().unwrap()
}

fn patterns() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns")
}

/// Provider, file stem and text of every file of `patterns/`, by path.
fn files() -> Vec<(String, String, String)> {
    let mut files = Vec::new();
    for folder in fs::read_dir(patterns()).unwrap() {
        let folder = folder.unwrap();
        for file in fs::read_dir(folder.path()).unwrap() {
            let path = file.unwrap().path();
            let provider = folder.file_name().into_string().unwrap();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            files.push((provider, stem, fs::read_to_string(path).unwrap()));
        }
    }
    files.sort();
    files
}

fn catalogue_files() -> Vec<CatalogFile> {
    let files = files()
        .into_iter()
        .filter(|(_, stem, _)| stem != "provider");
    files
        .map(|(_, _, text)| serde_json::from_str(&text).unwrap())
        .collect()
}

/// The only entry of `code`.
fn entry<'a>(catalog: &'a Catalog, code: &str) -> &'a Entry {
    match catalog.find(code) {
        [id] => catalog.entry(*id),
        ids => panic!("{} entries of {code}", ids.len()),
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars()
        .any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
}

/// Whether `code` stands in `line` as a token of its own, escapes aside.
fn stands_in(line: &str, code: &str) -> bool {
    let word =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    line.match_indices(code).any(|(start, _)| {
        let mut before = line.as_bytes()[..start].iter().rev().copied();
        let mut after = line.as_bytes()[start + code.len()..].iter().copied();
        let extended =
            |next: Option<u8>, beyond: Option<u8>| word(next) || next == Some(b'.') && word(beyond);
        !extended(before.next(), before.next()) && !extended(after.next(), after.next())
    })
}

#[test]
fn each_source_has_given_all_its_codes() {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for file in catalogue_files() {
        for entry in &file.codes {
            let family = entry.code.split_once('.').map_or("", |(family, _)| family);
            let part = match &file.source.document[..3] {
                "003" if file.provider == "http" => "http",
                "003" => family,
                _ => "",
            };
            *counts
                .entry((file.source.document[..3].to_owned(), part.to_owned()))
                .or_default() += 1;
        }
    }

    let counts: Vec<_> = counts
        .iter()
        .map(|((document, part), count)| (&document[..], &part[..], *count))
        .collect();
    assert_eq!(
        counts,
        [
            ("000", "", 97),
            ("001", "", 62),
            ("002", "", 297),
            ("003", "IAM", 1),
            ("003", "UC", 68),
            ("003", "http", 41),
            ("004", "", 12),
        ]
    );
    let catalog = builtin();
    let statuses = catalog
        .entries()
        .iter()
        .filter(|entry| entry.is_http_status())
        .count();
    assert_eq!((catalog.entries().len() - statuses, statuses), (537, 41));
    assert_eq!(catalog.id().codes, 578);
}

#[test]
fn no_provider_has_a_code_twice() {
    let catalog = builtin();
    let mut seen = BTreeSet::new();
    for entry in catalog.entries() {
        assert!(
            seen.insert((&entry.provider, &entry.code)),
            "{} of {}",
            entry.code,
            entry.provider
        );
    }
    assert_eq!(catalog.notes(), [""; 0]);
}

#[test]
fn every_entry_explains_itself_in_both_languages() {
    for entry in builtin().entries() {
        let texts = [
            entry.meaning.as_ref().unwrap(),
            entry.remediation.as_ref().unwrap(),
        ];
        for text in texts {
            assert!(
                !text.en.trim().is_empty() && text.en.is_ascii(),
                "{}: {}",
                entry.code,
                text.en
            );
            assert!(is_chinese(&text.zh), "{}: {}", entry.code, text.zh);
        }
        assert!(
            entry.retryable.is_some() && entry.category.is_some(),
            "{}",
            entry.code
        );
        assert!(entry.product.is_some(), "{}", entry.code);
    }
}

#[test]
fn remediations_are_not_boilerplate() {
    let catalog = builtin();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for entry in catalog.entries() {
        let remediation = entry.remediation.as_ref().unwrap();
        *times.entry(&remediation.en).or_default() += 1;
        *times.entry(&remediation.zh).or_default() += 1;
    }
    for (text, times) in times {
        assert!(times <= 3, "{times} times: {text}");
    }
}

#[test]
fn statuses_are_in_range_and_categories_fit_them() {
    for entry in builtin().entries() {
        assert!(
            entry
                .http_status
                .is_none_or(|status| (100..=599).contains(&status)),
            "{}",
            entry.code
        );
        let below_400 = match entry.category.unwrap() {
            Category::Informational => Some(100..200),
            Category::Success => Some(200..300),
            Category::Redirection => Some(300..400),
            _ => None,
        };
        assert_eq!(
            below_400.is_some(),
            entry.provider == "http" && entry.http_status.unwrap() < 400,
            "{}",
            entry.code
        );
        assert!(
            below_400.is_none_or(|range| range.contains(&entry.http_status.unwrap())),
            "{}",
            entry.code
        );
        if entry.provider == "http" {
            assert_eq!(entry.http_status.unwrap().to_string(), entry.code);
        }
    }
}

#[test]
fn every_example_shows_its_code_as_a_token() {
    let catalog = builtin();
    for entry in catalog
        .entries()
        .iter()
        .filter(|entry| !entry.is_http_status())
    {
        assert!(!entry.examples.is_empty(), "{} has no example", entry.code);
        for example in &entry.examples {
            assert!(
                stands_in(example, &entry.code),
                "{} in {example}",
                entry.code
            );
        }
    }
}

#[test]
fn documented_statuses_are_those_of_the_tables() {
    let catalog = builtin();
    let documented = [
        ("APIG.1005", Some(401)),
        ("ROMA.00110002", Some(500)),
        ("ROMA.00110006", Some(404)),
        ("FDI.3149", Some(400)),
        ("FDI.3180", Some(404)),
        ("SCB.00000000", None),
        ("IAM.0011", None),
    ];
    for (code, status) in documented {
        assert_eq!(entry(&catalog, code).http_status, status, "{code}");
    }
    for entry in catalog
        .entries()
        .iter()
        .filter(|entry| entry.provider == "tencentcloud")
    {
        assert_eq!(
            (entry.http_status, &entry.message),
            (None, &None),
            "{}",
            entry.code
        );
    }
}

#[test]
fn messages_are_kept_to_the_letter() {
    let catalog = builtin();

    assert_eq!(
        entry(&catalog, "RemoveConfilctAccountAsDelegatedAdministator")
            .message
            .as_deref(),
        Some(
            "You attempted to remove a member that is registered as a delegated administrator. To complete this \
             operation, you must first deregister this account as a delegated administrator."
        )
    );
    assert_eq!(
        entry(&catalog, "APIG.3212").message.as_deref(),
        Some("he identity source name already exists.")
    );
}

#[test]
fn the_category_is_decided_by_sense() {
    let catalog = builtin();

    assert_eq!(
        entry(&catalog, "Organizations.1001").category,
        Some(Category::Permission)
    );
    assert_eq!(
        entry(&catalog, "APIG.1000").category,
        Some(Category::Authentication)
    );
    assert_eq!(entry(&catalog, "Organizations.1003").retryable, Some(true));
}

#[test]
fn limits_that_the_sources_name_are_named_in_both_languages() {
    let catalog = builtin();
    let facts: [(&str, &[&str], &[&str]); 7] = [
        ("Organizations.2202", &["10"], &["10"]),
        ("InvalidParameter.AccountId", &["16"], &["16"]),
        (
            "AuthFailure.SignatureExpire",
            &["five minutes", "5 minutes"],
            &["5 分钟", "五分钟"],
        ),
        ("UC.00011035", &["15"], &["15"]),
        ("Organizations.1619", &["5120"], &["5120"]),
        ("UC.00011016", &["500"], &["500"]),
        ("APIG.3148", &["2038"], &["2038"]),
    ];
    for (code, en, zh) in facts {
        let entry = entry(&catalog, code);
        let (meaning, remediation) = (
            entry.meaning.as_ref().unwrap(),
            entry.remediation.as_ref().unwrap(),
        );
        let says = |texts: [&str; 2], facts: &[&str]| {
            facts.iter().any(|fact| texts.concat().contains(fact))
        };
        assert!(says([&meaning.en, &remediation.en], en), "{code}: {en:?}");
        assert!(says([&meaning.zh, &remediation.zh], zh), "{code}: {zh:?}");
    }
}

#[test]
fn families_are_numeric_or_named_as_their_codes_are() {
    let catalog = builtin();
    let family = |name: &str| {
        let found = catalog
            .families()
            .iter()
            .find(|family| family.name == name)
            .unwrap();
        let Family {
            numeric,
            named,
            listed,
            ..
        } = *found;
        (numeric, named, listed)
    };

    for name in [
        "APIG",
        "APIC",
        "Organizations",
        "UC",
        "IAM",
        "ROMA",
        "FDI",
        "SCB",
        "APIGW",
    ] {
        assert_eq!(family(name), (true, false, true), "{name}");
    }
    for name in [
        "AuthFailure",
        "EntityNotExists",
        "NoLicense",
        "UnknownError",
    ] {
        assert_eq!(family(name), (false, true, true), "{name}");
    }
    assert_eq!(family("FailedOperation"), (false, true, false));
    assert!(catalog.families().is_sorted_by_key(|family| &family.name));
    assert!(
        catalog
            .families()
            .iter()
            .all(|family| !family.name.ends_with('.'))
    );
}

#[test]
fn files_round_trip_and_bear_the_names_of_their_paths() {
    for (provider, stem, text) in files() {
        let original: Value = serde_json::from_str(&text).unwrap();
        let (again, schema, named) = if stem == "provider" {
            let file: RulesFile = serde_json::from_str(&text).unwrap();
            (
                serde_json::to_value(&file).unwrap(),
                "errsift.provider/1",
                (file.provider, stem.clone()),
            )
        } else {
            let file: CatalogFile = serde_json::from_str(&text).unwrap();
            (
                serde_json::to_value(&file).unwrap(),
                "errsift.catalog/1",
                (file.provider, file.product),
            )
        };

        assert_eq!(named, (provider, stem));
        assert_eq!(original["schema"], schema);
        assert_eq!(again, original);
    }
}

#[test]
fn the_embedded_files_are_those_of_patterns_and_free_of_faults() {
    let catalog = builtin();
    let from_disk = Catalog::without_builtin().with_file(&patterns()).unwrap();

    assert_eq!(from_disk.entries(), catalog.entries());
    assert_eq!(from_disk.families(), catalog.families());
    assert_eq!(from_disk.titles(), catalog.titles());
    assert_eq!(from_disk.providers(), catalog.providers());
    assert_eq!(from_disk.id(), catalog.id());
    assert_eq!(from_disk.notes(), [""; 0]);
    for (_, stem, text) in files() {
        assert_eq!(errsift::catalog::check(&stem, text.as_bytes()), [""; 0]);
    }
}

#[test]
fn without_the_built_in_entries_the_rules_of_providers_stay() {
    let catalog = Catalog::without_builtin();

    assert_eq!(catalog.entries(), []);
    assert_eq!(catalog.families(), []);
    assert_eq!(catalog.id().codes, 0);
    assert_eq!(catalog.providers(), builtin().providers());
    let names: Vec<_> = catalog
        .providers()
        .iter()
        .map(|rules| rules.provider.as_str())
        .collect();
    assert_eq!(
        names,
        ["alibabacloud", "huaweicloud", "other", "tencentcloud"]
    );
    let host = Evidence::Key {
        key: "HostId".into(),
        host_name: true,
    };
    assert!(catalog.providers()[0].evidence.contains(&host));
}

#[test]
fn providers_and_products_have_titles() {
    let catalog = builtin();

    assert_eq!(catalog.provider_title("huaweicloud").unwrap().zh, "华为云");
    assert_eq!(
        catalog.product_title("huaweicloud", "codearts").unwrap().en,
        "CodeArts"
    );
    assert_eq!(catalog.product_title("huaweicloud", "common"), None);
    for entry in catalog.entries() {
        let product = entry.product.as_deref().unwrap();
        assert!(
            catalog.product_title(&entry.provider, product).is_some(),
            "{product}"
        );
    }
}
