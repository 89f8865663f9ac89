//! Names every fault of a user's JSON catalogue, as `file: entry N ('CODE'): what, expected what`.
//!
//! What passes here can be read into an [`Entry`](super::Entry) without a further error. A field
//! that is not known is no fault: it is remarked on and ignored.

use std::fmt;

use foldhash::{HashMap, HashMapExt};
use serde_json::{Map, Value};

use super::entry::Category;
use super::note::{Fold, Plain, Quoted, on_file};
use crate::wording::catalog::{no_codes, remarks};

const SCHEMA: &str = "errsift.catalog/1";
const FILE_FIELDS: &[&str] = &[
    "schema", "provider", "product", "title", "source", "families", "codes",
];
const ENTRY_FIELDS: &[&str] = &[
    "code",
    "http_status",
    "message",
    "meaning",
    "remediation",
    "category",
    "retryable",
    "examples",
];
const LANGUAGES: &[&str] = &["en", "zh"];

type Object = Map<String, Value>;

/// One file that is being checked.
pub(super) struct Check<'a> {
    name: &'a str,
    faults: Vec<String>,
    unknown: Fold,
}

/// Where in the file: in an entry, or outside of all.
#[derive(Clone, Copy)]
enum Place<'a> {
    File,
    Entry {
        number: usize,
        code: Option<&'a str>,
    },
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Place::File => Ok(()),
            Place::Entry { number, code: None } => write!(out, "entry {number}: "),
            Place::Entry {
                number,
                code: Some(code),
            } => write!(out, "entry {number} ({}): ", Quoted(code)),
        }
    }
}

impl<'a> Check<'a> {
    pub(super) fn new(name: &'a str) -> Check<'a> {
        Check {
            name,
            faults: Vec::new(),
            unknown: Fold::default(),
        }
    }

    /// Checks a whole catalogue. Returns what there is to remark on it, or every fault.
    pub(super) fn catalogue(mut self, file: &Object) -> Result<Vec<String>, Vec<String>> {
        self.head(file);
        self.codes(file.get("codes"));
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut notes: Vec<String> = self.unknown.note(self.name).into_iter().collect();
        if file["codes"].as_array().is_some_and(Vec::is_empty) {
            notes.push(on_file(self.name, &no_codes()));
        }
        Ok(notes)
    }

    /// Remarks on the fields of `file` that are none of `known`, and checks nothing else.
    pub(super) fn fields_only(mut self, file: &Object, known: &[&str]) -> Vec<String> {
        self.fields(Place::File, "", file, known);
        self.unknown.note(self.name).into_iter().collect()
    }

    fn fault(&mut self, place: Place, what: impl fmt::Display) {
        self.faults.push(format!("{}: {place}{what}", self.name));
    }

    fn fields(&mut self, place: Place, path: &str, object: &Object, known: &[&str]) {
        for field in object
            .keys()
            .filter(|field| !known.contains(&field.as_str()))
        {
            let field = format!("{path}{field}");
            self.unknown.add(&field, |field| match place {
                Place::File => remarks::unknown_field(field),
                Place::Entry { number, code: None } => remarks::unknown_field_in(number, field),
                Place::Entry {
                    number,
                    code: Some(code),
                } => remarks::unknown_field_of(number, &Plain(code).to_string(), field),
            });
        }
    }

    fn head(&mut self, file: &Object) {
        self.fields(Place::File, "", file, FILE_FIELDS);
        self.schema(file.get("schema"));
        if let Some(fault) = self
            .string(Place::File, "provider", file)
            .and_then(provider_fault)
        {
            self.fault(Place::File, fault);
        }
        if let Some(product) = self.string(Place::File, "product", file)
            && product.trim().is_empty()
        {
            self.fault(Place::File, "product is empty, expected a name");
        }
        self.text(Place::File, "title", file);
        self.optional(Place::File, "source", file, "an object", Value::is_object);
        self.families(file);
    }

    fn schema(&mut self, schema: Option<&Value>) {
        let what = match schema {
            Some(Value::String(schema)) if schema == SCHEMA => return,
            Some(Value::String(schema)) => format!("schema {}", Quoted(schema)),
            other => format!("schema is {}", kind(other)),
        };
        self.fault(Place::File, format_args!("{what}, expected '{SCHEMA}'"));
    }

    fn families(&mut self, file: &Object) {
        self.strings(Place::File, "families", file);
        let families = file.get("families").and_then(Value::as_array);
        for (index, family) in families.into_iter().flatten().enumerate() {
            let name = family
                .as_str()
                .map(|family| family.strip_suffix('.').unwrap_or(family));
            if name.is_some_and(str::is_empty) {
                self.fault(
                    Place::File,
                    format_args!("families[{index}] is empty, expected a name"),
                );
            }
        }
    }

    fn codes(&mut self, codes: Option<&Value>) {
        let Some(Value::Array(codes)) = codes else {
            self.fault(
                Place::File,
                format_args!("codes is {}, expected an array", kind(codes)),
            );
            return;
        };
        let mut first = HashMap::new();
        for (index, entry) in codes.iter().enumerate() {
            let number = index + 1;
            let Value::Object(entry) = entry else {
                let place = Place::Entry { number, code: None };
                self.fault(
                    place,
                    format_args!("{}, expected an object", kind(Some(entry))),
                );
                continue;
            };
            let code = entry.get("code").and_then(Value::as_str);
            let place = Place::Entry { number, code };
            self.entry(place, entry);
            let Some(code) = code else { continue };
            let original = *first.entry(code).or_insert(number);
            if original != number {
                self.fault(place, format_args!("duplicate of entry {original}"));
            }
        }
    }

    fn entry(&mut self, place: Place, entry: &Object) {
        self.fields(place, "", entry, ENTRY_FIELDS);
        if let Some(code) = self.string(place, "code", entry) {
            code_faults(code).for_each(|fault| self.fault(place, fault));
        }
        self.status(place, entry.get("http_status"));
        self.optional(place, "message", entry, "a string", Value::is_string);
        self.text(place, "meaning", entry);
        self.text(place, "remediation", entry);
        self.category(place, entry.get("category"));
        self.optional(place, "retryable", entry, "true, false", Value::is_boolean);
        self.strings(place, "examples", entry);
    }

    fn status(&mut self, place: Place, status: Option<&Value>) {
        let what = match status {
            None | Some(Value::Null) => return,
            Some(Value::Number(number))
                if number
                    .as_u64()
                    .is_some_and(|status| (100..=599).contains(&status)) =>
            {
                return;
            }
            Some(Value::Number(number)) => format!("http_status {number}"),
            other => format!("http_status is {}", kind(other)),
        };
        self.fault(
            place,
            format_args!("{what}, expected a number from 100 to 599 or null"),
        );
    }

    fn category(&mut self, place: Place, category: Option<&Value>) {
        match category {
            None | Some(Value::Null) => {}
            Some(Value::String(name)) => {
                if let Err(fault) = name.parse::<Category>() {
                    self.fault(place, fault);
                }
            }
            other => self.fault(
                place,
                format_args!("category is {}, expected a string or null", kind(other)),
            ),
        }
    }

    /// A string that must be there.
    fn string<'v>(&mut self, place: Place, field: &str, object: &'v Object) -> Option<&'v str> {
        let value = object.get(field);
        let found = value.and_then(Value::as_str);
        if found.is_none() {
            self.fault(
                place,
                format_args!("{field} is {}, expected a string", kind(value)),
            );
        }
        found
    }

    /// A value that may be missing or null, else it is what `accepts` tells.
    fn optional(
        &mut self,
        place: Place,
        field: &str,
        object: &Object,
        expected: &str,
        accepts: fn(&Value) -> bool,
    ) {
        let value = object.get(field);
        if !value.is_none_or(|value| value.is_null() || accepts(value)) {
            self.fault(
                place,
                format_args!("{field} is {}, expected {expected} or null", kind(value)),
            );
        }
    }

    /// A list of strings that may be missing or null.
    fn strings(&mut self, place: Place, field: &str, object: &Object) {
        self.optional(place, field, object, "an array of strings", Value::is_array);
        for (index, value) in object
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            if !value.is_string() {
                self.fault(
                    place,
                    format_args!(
                        "{field}[{index}] is {}, expected a string",
                        kind(Some(value))
                    ),
                );
            }
        }
    }

    /// A text in both languages that may be missing or null.
    fn text(&mut self, place: Place, field: &str, object: &Object) {
        self.optional(
            place,
            field,
            object,
            "an object with en and zh",
            Value::is_object,
        );
        let Some(Value::Object(text)) = object.get(field) else {
            return;
        };
        self.fields(place, &format!("{field}."), text, LANGUAGES);
        for language in LANGUAGES {
            match text.get(*language) {
                Some(Value::String(words)) if !words.trim().is_empty() => {}
                Some(Value::String(_)) => {
                    self.fault(
                        place,
                        format_args!("{field}.{language} is empty, expected text"),
                    );
                }
                other => self.fault(
                    place,
                    format_args!("{field}.{language} is {}, expected text", kind(other)),
                ),
            }
        }
    }
}

/// What keeps `code` from being a code; nothing where it is one.
pub(super) fn code_faults(code: &str) -> impl Iterator<Item = String> {
    let empty = code.trim().is_empty();
    let blank = |side: &str| format!("code {side} with a blank, expected none");
    let control = code.chars().find(|character| character.is_control());
    [
        empty.then(|| "code is empty, expected at least one character".to_owned()),
        (!empty && code.trim_start() != code).then(|| blank("begins")),
        (!empty && code.trim_end() != code).then(|| blank("ends")),
        control.map(|found| {
            format!(
                "code holds the control character U+{:04X}, expected none",
                u32::from(found)
            )
        }),
    ]
    .into_iter()
    .flatten()
}

/// What keeps `provider` from being a provider's name.
pub(super) fn provider_fault(provider: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let good = provider
        .bytes()
        .all(|byte| plain(byte) || byte == b'_' || byte == b'-')
        && provider.bytes().next().is_some_and(plain);
    (!good).then(|| {
        let provider = Quoted(provider);
        format!("provider {provider}, expected lower-case letters, digits, '-' and '_', a letter or digit first")
    })
}

pub(super) fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "missing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    }
}
