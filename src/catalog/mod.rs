//! What is known about error codes: the built-in entries, a user's own, and each provider's rules.
//!
//! There is one entry for each provider and code. A later file replaces an earlier entry in its
//! place, so an [`EntryId`] stays valid, and a file is taken in whole or not at all. Finding codes
//! in text is not done here.

mod builtin;
mod check;
mod entry;
mod family;
mod fingerprint;
mod json;
mod list;
mod near;
mod note;
mod owners;
mod provider;
mod search;
mod source;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

pub(crate) use entry::HTTP_PROVIDER;
pub use entry::{Category, Entry, Lang, Text};
pub use family::Family;
pub use near::near;
pub use provider::{Evidence, ProviderRules};
pub use search::search;

use crate::tally::result::CatalogId;
use crate::wording::catalog::{remarks, replaces_rules};
use crate::{Error, Result};
use fingerprint::fingerprint;
use list::List;
use note::{Fold, on_file};
use owners::Owners;
use source::{CatalogFile, Kind, Source};

/// The provider of a code that only a plain list names.
const LIST_PROVIDER: &str = "user";

/// The place of an entry in [`Catalog::entries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

impl EntryId {
    fn at(index: usize) -> EntryId {
        EntryId(u32::try_from(index).expect("a catalogue of 2^32 entries does not fit in memory"))
    }

    fn index(self) -> usize {
        self.0 as usize // lossless: made from a usize in `at`
    }
}

/// The name of a product, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductTitle {
    /// Who offers it.
    pub provider: Cow<'static, str>,
    /// Its short name, as in [`Entry::product`].
    pub product: Cow<'static, str>,
    /// Its name.
    pub title: Text,
}

/// All entries, families and provider rules in use.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    entries: Vec<Entry>,
    /// The file that each entry is from, `None` for a built-in one; as long as `entries`.
    origins: Vec<Option<Arc<str>>>,
    /// The entries of each code, sorted by provider.
    by_code: HashMap<Cow<'static, str>, Vec<EntryId>>,
    /// Families as files write them: with a final dot where codes end in digits.
    listed: Vec<String>,
    /// The provider of each of them.
    listers: Vec<Cow<'static, str>>,
    titles: Vec<ProductTitle>,
    /// Sorted by provider.
    providers: Vec<ProviderRules>,
    notes: Vec<String>,
    /// Computed when asked for, and anew after a change.
    families: OnceLock<Vec<Family>>,
    /// Computed when asked for, and anew after a change.
    owners: OnceLock<Owners>,
    /// Computed when asked for, and anew after a change.
    id: OnceLock<CatalogId>,
}

impl Catalog {
    /// The entries and rules that come with the program.
    ///
    /// # Errors
    ///
    /// Returns none at present: a broken file does not compile, or fails the tests.
    pub fn builtin() -> Result<Catalog> {
        let mut catalog = Catalog::without_builtin();
        for file in builtin::catalogues() {
            catalog.take_entries(file, None);
        }
        Ok(catalog)
    }

    /// No entries and no families; what is known about the providers' ways of writing stays.
    pub fn without_builtin() -> Catalog {
        Catalog {
            providers: builtin::rules(),
            ..Catalog::default()
        }
    }

    /// Adds a user's file, or every `*.json` and `*.txt` below a folder in the order of their
    /// paths, plain lists last. A file called `*.json`, or one that begins with `{`, `[` or `//`,
    /// is a JSON catalogue (or a provider's rules), anything else a plain list of codes.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Catalog`] with every fault of every file, or [`Error::Open`]. Nothing is
    /// added then.
    pub fn with_file(self, path: &Path) -> Result<Catalog> {
        let mut sources = Vec::new();
        let mut faults = Vec::new();
        for file in source::files(path)? {
            let text = source::read_file(&file)?;
            let name = file.display().to_string();
            match source::read(&name, &text) {
                Ok(source) => sources.push((name, source)),
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Catalog { faults });
        }

        // A list gives the provider `user` to codes that nothing else knows, so within one folder
        // the catalogues must be there first, whatever the files are called.
        sources.sort_by_key(|(_, source)| matches!(source.kind, Kind::List(_)));
        Ok(sources
            .into_iter()
            .fold(self, |catalog, (name, source)| catalog.take(&name, source)))
    }

    /// Adds what a user's file called `name` holds, as [`with_file`](Catalog::with_file) does.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Catalog`] with every fault of the text.
    pub fn with_text(self, name: &str, text: &[u8]) -> Result<Catalog> {
        let source = source::read(name, text).map_err(|faults| Error::Catalog { faults })?;
        Ok(self.take(name, source))
    }

    /// Adds the lines of a plain list: known codes keep their entries, new ones get the provider
    /// `user` and no texts.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Catalog`] with every fault of the list.
    pub fn with_list(self, name: &str, codes: impl Iterator<Item = String>) -> Result<Catalog> {
        let mut list = List::new(name);
        codes.for_each(|code| list.add(code.as_bytes()));
        let source = list.finish().map_err(|faults| Error::Catalog { faults })?;
        Ok(self.take(name, source))
    }

    /// Every entry; an [`EntryId`] is an index into them.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that this catalogue gave `id` to.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.index()]
    }

    /// The entries of `code`, one for each provider that has it, sorted by provider.
    pub fn find(&self, code: &str) -> &[EntryId] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// The families that files list, and the part of each code before its last dot, by name.
    pub fn families(&self) -> &[Family] {
        self.families.get_or_init(|| {
            let matched = self.entries.iter().filter(|entry| !entry.is_http_status());
            family::families(matched.map(|entry| &*entry.code), &self.listed)
        })
    }

    /// The providers whose family `code` extends, if the catalogue lacks it; none for a code of
    /// no family.
    pub fn owners(&self, code: &str) -> &[Box<str>] {
        let owners = self.owners.get_or_init(|| {
            let matched = self.entries.iter().filter(|entry| !entry.is_http_status());
            let listers = self.listers.iter().map(|provider| &**provider);
            Owners::new(
                matched.map(|entry| (&*entry.code, &*entry.provider)),
                self.listed.iter().map(String::as_str).zip(listers),
            )
        });
        owners.of(code)
    }

    /// How each provider writes errors into logs, by provider. `other` stands for all those whose
    /// codes are not in the catalogue: evidence for it is evidence against the ones that are.
    pub fn providers(&self) -> &[ProviderRules] {
        &self.providers
    }

    /// The names of the products, for people.
    pub fn titles(&self) -> &[ProductTitle] {
        &self.titles
    }

    /// The name of a provider, for people; `None` where no rules name it.
    pub fn provider_title(&self, provider: &str) -> Option<&Text> {
        let rules = self
            .providers
            .iter()
            .find(|rules| rules.provider == provider);
        rules.map(|rules| &rules.title)
    }

    /// The name of a product, for people; `None` where its catalogue gives none.
    pub fn product_title(&self, provider: &str, product: &str) -> Option<&Text> {
        let found = self
            .titles
            .iter()
            .find(|known| known.provider == provider && known.product == product);
        found.map(|known| &known.title)
    }

    /// A fingerprint of all entries, which does not depend on the order they were added in.
    pub fn id(&self) -> CatalogId {
        self.id.get_or_init(|| fingerprint(&self.entries)).clone()
    }

    /// What a user should know about the files added: replaced, repeated, ignored.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn take(mut self, name: &str, source: Source) -> Catalog {
        self.notes.extend(source.notes);
        match source.kind {
            Kind::Entries(file) => self.take_entries(file, Some(name)),
            Kind::Rules(rules) => self.take_rules(rules, name),
            Kind::List(codes) => self.take_list(codes, name),
        }
        self.families = OnceLock::new();
        self.owners = OnceLock::new();
        self.id = OnceLock::new();
        self
    }

    fn take_entries(&mut self, file: CatalogFile, name: Option<&str>) {
        let origin: Option<Arc<str>> = name.map(Arc::from);
        let mut replaced = Fold::default();
        let listers = file.families.iter().map(|_| file.provider.clone());
        self.listers.extend(listers);
        self.listed.extend(file.families);
        if let Some(title) = file.title {
            self.titles.retain(|known| {
                (&known.provider, &known.product) != (&file.provider, &file.product)
            });
            self.titles.push(ProductTitle {
                provider: file.provider.clone(),
                product: file.product.clone(),
                title,
            });
        }
        self.reserve(file.codes.len());
        for (index, mut entry) in file.codes.into_iter().enumerate() {
            entry.provider.clone_from(&file.provider);
            entry.product = Some(file.product.clone());
            let Some(id) = self.id_of(&entry) else {
                self.push(entry, origin.clone());
                continue;
            };
            let number = index + 1;
            replaced.add(&entry.code, |code| match &self.origins[id.index()] {
                None => remarks::replaces_built_in(number, code),
                Some(first) => remarks::replaces_other(number, code, first),
            });
            self.origins[id.index()] = origin.clone();
            self.entries[id.index()] = entry;
        }
        self.notes.extend(replaced.note(name.unwrap_or_default()));
    }

    fn take_rules(&mut self, rules: ProviderRules, name: &str) {
        match self
            .providers
            .binary_search_by(|known| known.provider.cmp(&rules.provider))
        {
            Err(place) => self.providers.insert(place, rules),
            Ok(place) if self.providers[place] == rules => {}
            Ok(place) => {
                let remark = replaces_rules(&rules.provider);
                self.notes.push(on_file(name, &remark));
                self.providers[place] = rules;
            }
        }
    }

    fn take_list(&mut self, codes: Vec<list::Line>, name: &str) {
        let origin: Arc<str> = Arc::from(name);
        let mut statuses = Fold::default();
        self.reserve(codes.len());
        for list::Line { number, code } in codes {
            match self.find(&code) {
                [] => {
                    let entry = Entry {
                        code: code.into(),
                        provider: LIST_PROVIDER.into(),
                        ..Entry::default()
                    };
                    self.push(entry, Some(Arc::clone(&origin)));
                }
                &[id] if self.entry(id).is_http_status() => {
                    statuses.add(&code, |code| remarks::is_status(number, code));
                }
                _ => {}
            }
        }
        self.notes.extend(statuses.note(name));
    }

    fn id_of(&self, entry: &Entry) -> Option<EntryId> {
        self.find(&entry.code)
            .iter()
            .copied()
            .find(|id| self.entry(*id).provider == entry.provider)
    }

    /// Makes room for so `many` more entries.
    fn reserve(&mut self, many: usize) {
        self.entries.reserve(many);
        self.origins.reserve(many);
        self.by_code.reserve(many);
    }

    fn push(&mut self, entry: Entry, origin: Option<Arc<str>>) {
        let id = EntryId::at(self.entries.len());
        let entries = &self.entries;
        match self.by_code.get_mut(&entry.code) {
            Some(ids) => {
                let place =
                    ids.partition_point(|other| entries[other.index()].provider < entry.provider);
                ids.insert(place, id);
            }
            None => {
                self.by_code.insert(entry.code.clone(), vec![id]);
            }
        }
        self.entries.push(entry);
        self.origins.push(origin);
    }
}

/// The files that [`Catalog::with_file`] reads at `path`.
///
/// # Errors
///
/// Returns [`Error::Open`] for a folder that cannot be read, and [`Error::Catalog`] for one without
/// catalogues.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    source::files(path)
}

/// Reads a user's file.
///
/// # Errors
///
/// Returns [`Error::Open`] for what the system says, and [`Error::Catalog`] where it is too long to be one.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    source::read_file(path)
}

/// Whether a user's file called `name` is JSON, and no plain list of codes.
pub fn is_json(name: &str, text: &[u8]) -> bool {
    source::is_json(name, text)
}

/// Every fault of a user's file called `name`, one sentence each; none where it can be used.
pub fn check(name: &str, text: &[u8]) -> Vec<String> {
    source::read(name, text).err().unwrap_or_default()
}

#[cfg(test)]
mod tests;
