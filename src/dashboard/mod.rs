//! Dashboards and alerts over what errsift exports, for the catalogue in use.
//!
//! Everything here is text for others to load: a Grafana dashboard, and Prometheus rules. It is
//! made from the categories and providers that the catalogue has, so that nobody is shown, or
//! woken by, what cannot happen. The metrics themselves are written by [`Exporter`](crate::sink::Exporter).

mod alerts;
mod grafana;
mod panel;
mod promql;
mod recording;
mod rule;
mod words;

use crate::catalog::{Catalog, Category, Lang};

pub use alerts::alerts;
pub use grafana::grafana;
pub use recording::recording;

/// The categories of the codes that can be matched, in the order in which reports list them.
fn categories(catalog: &Catalog) -> Vec<Category> {
    let has = |category: &Category| {
        let mut matched = catalog
            .entries()
            .iter()
            .filter(|entry| !entry.is_http_status());
        matched.any(|entry| entry.category == Some(*category))
    };
    let all = Category::ALL.iter().copied();
    all.filter(has).collect()
}

/// The providers of the codes that can be matched, with their names for people.
fn providers(catalog: &Catalog, lang: Lang) -> Vec<(String, String)> {
    let matched = catalog
        .entries()
        .iter()
        .filter(|entry| !entry.is_http_status());
    let mut names: Vec<&str> = matched.map(|entry| &*entry.provider).collect();
    names.sort_unstable();
    names.dedup();
    let titled = |name: &str| {
        let title = catalog.provider_title(name);
        (
            name.to_owned(),
            title.map_or(name, |title| title.get(lang)).to_owned(),
        )
    };
    names.into_iter().map(titled).collect()
}
