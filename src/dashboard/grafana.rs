//! The Grafana dashboard. It asks for raw counters alone, so it works without recording rules.

use serde_json::{Value, json};

use super::panel::{Panel, datasource, lay_out};
use super::promql::{MATCHES, UNCONFIRMED, UNKNOWN, increase, sum_by, with_facts};
use super::words::Words;
use super::{categories, providers};
use crate::catalog::{Catalog, Category, Lang};

/// The matches that the dashboard's variables choose.
const CHOSEN: &str = "{job=~\"$job\",provider=~\"$provider\"}";
/// The codes that they choose.
const CHOSEN_CODES: &str = "{category=~\"$category\"}";
/// The exporters that they choose.
const CHOSEN_JOBS: &str = "{job=~\"$job\"}";

/// A dashboard to import into Grafana, with titles in `lang`.
pub fn grafana(catalog: &Catalog, lang: Lang) -> String {
    let words = Words::of(lang);
    let colours = category_overrides(&categories(catalog), lang);
    let rows = vec![
        (
            words.overview,
            overview(words, &provider_overrides(&providers(catalog, lang))),
        ),
        (words.by_category, by_category(words, &colours)),
        (words.by_code, by_code(words)),
        (words.first_seen, first_seen(words)),
        (words.unknown_codes, unknown_codes(words)),
        (words.health, health(words)),
    ];
    let dashboard = json!({
        "uid": "errsift",
        "title": words.title,
        "tags": ["errsift"],
        "schemaVersion": 39,
        "version": 1,
        "editable": true,
        "refresh": "1m",
        "time": { "from": "now-24h", "to": "now" },
        "templating": { "list": variables(words) },
        "panels": lay_out(rows),
    });
    format!("{dashboard:#}\n")
}

fn variables(words: &Words) -> Vec<Value> {
    let chosen_from = |name: &str, label: &str, query: &str| {
        json!({
            "type": "query",
            "name": name,
            "label": label,
            "datasource": datasource(),
            "definition": query,
            "query": { "query": query, "refId": name },
            "refresh": 2,
            "sort": 1,
            "multi": true,
            "includeAll": true,
            // Not the list of all: a code without a category is chosen too.
            "allValue": ".*",
            "current": { "text": ["All"], "value": ["$__all"] },
        })
    };
    vec![
        json!({ "type": "datasource", "name": "datasource", "label": words.source, "query": "prometheus" }),
        chosen_from("job", words.job, "label_values(errsift_build_info, job)"),
        chosen_from(
            "provider",
            words.provider,
            "label_values(errsift_matches_total, provider)",
        ),
        chosen_from(
            "category",
            words.category,
            "label_values(errsift_code_info, category)",
        ),
    ]
}

/// The increase of what is chosen within `range`, with `facts` of each code.
fn matches(range: &str, facts: &str) -> String {
    let increase = increase(&format!("{MATCHES}{CHOSEN}"), range);
    with_facts(&increase, facts, CHOSEN_CODES)
}

fn overview(words: &'static Words, providers: &[Value]) -> Vec<Panel> {
    let all = format!("sum(\n{}\n)", matches("$__range", "category"));
    let retryable = matches("$__range", "retryable")
        .replace(CHOSEN_CODES, "{category=~\"$category\",retryable=\"true\"}");
    let seen = with_facts(
        &format!("({MATCHES}{CHOSEN} > 0)"),
        "category",
        CHOSEN_CODES,
    );
    let unconfirmed = with_facts(
        &increase(&format!("{UNCONFIRMED}{CHOSEN}"), "$__range"),
        "category",
        CHOSEN_CODES,
    );
    let share = |part: &str| format!("(sum(\n{part}\n) or vector(0)) / {all}");
    let unknown = increase(&format!("{UNKNOWN}{CHOSEN_JOBS}"), "$__range");
    let by_provider = sum_by("provider", &matches("$__interval", "category"));
    vec![
        Panel::stat(words.matches, "short", &all),
        Panel::stat(
            words.codes_seen,
            "short",
            &format!("count({})", sum_by("provider, product, code", &seen)),
        ),
        Panel::stat(words.retryable_share, "percentunit", &share(&retryable)),
        Panel::stat(words.unconfirmed_share, "percentunit", &share(&unconfirmed)),
        Panel::stat(
            words.unknown_occurrences,
            "short",
            &format!("sum{unknown} or vector(0)"),
        ),
        Panel::stat(
            words.lines_read,
            "short",
            &format!("sum(increase(errsift_lines_total{CHOSEN_JOBS}[$__range]))"),
        ),
        Panel::over_time(words.by_provider, 24, "short", true)
            .range(&by_provider, "{{provider}}")
            .overridden(providers),
    ]
}

fn by_category(words: &'static Words, colours: &[Value]) -> Vec<Panel> {
    let by_category = |vector: &str| sum_by("category", vector);
    let plain = |range: &str, offset: &str| {
        let counter = format!("increase({MATCHES}{CHOSEN}[{range}]{offset})");
        let info = format!("{CHOSEN_CODES}{offset}");
        with_facts(&counter, "category", &info)
    };
    let week = " offset 1w";
    let factor = format!(
        "{} / ({} > 0)",
        by_category(&plain("1d", "")),
        by_category(&plain("1d", week))
    );
    vec![
        Panel::over_time(words.over_time, 16, "short", true)
            .range(
                &by_category(&matches("$__interval", "category")),
                "{{category}}",
            )
            .overridden(colours),
        Panel::bars(
            words.in_all,
            8,
            "short",
            &format!(
                "sort_desc({})",
                by_category(&matches("$__range", "category"))
            ),
            "{{category}}",
        )
        .overridden(colours),
        Panel::over_time(words.against_last_week, 16, "short", false)
            .range(&format!("sum({})", plain("1h", "")), words.this_week)
            .range(&format!("sum({})", plain("1h", week)), words.last_week),
        Panel::bars(words.factor, 8, "percentunit", &factor, "{{category}}").overridden(colours),
    ]
}

fn by_code(words: &'static Words) -> Vec<Panel> {
    let facts = "category, http_status, retryable";
    let labels = format!("provider, product, code, {facts}");
    let top = format!("topk(50, {})", sum_by(&labels, &matches("$__range", facts)));
    let over_time = sum_by("code", &matches("$__interval", "category"));
    vec![
        Panel::table(
            words.top_codes,
            14,
            &top,
            &[
                ("code", words.code),
                ("provider", words.provider),
                ("product", words.product),
                ("category", words.category),
                ("http_status", words.status),
                ("retryable", words.retryable),
            ],
            (words.count, "short"),
        ),
        Panel::over_time(words.top_codes_over_time, 10, "short", false)
            .range(&format!("topk(10, {over_time})"), "{{code}}"),
    ]
}

fn first_seen(words: &'static Words) -> Vec<Panel> {
    let labels = "provider, product, code";
    let columns = [
        ("code", words.code),
        ("provider", words.provider),
        ("product", words.product),
    ];
    let seen = format!("min_over_time(timestamp({MATCHES}{CHOSEN} > 0)[$__range:5m])");
    // Grafana's times are in milliseconds.
    let first = format!(
        "1000 * (min by ({labels}) ({seen}) unless on ({labels}) ({MATCHES}{CHOSEN} offset $__range > 0))"
    );
    let last = format!("1000 * max by ({labels}) (errsift_last_match_timestamp_seconds{CHOSEN})");
    let value = (words.time, "dateTimeAsIso");
    vec![
        Panel::table(words.new_codes, 12, &first, &columns, value),
        Panel::table(words.last_seen, 12, &last, &columns, value),
    ]
}

fn unknown_codes(words: &'static Words) -> Vec<Panel> {
    let chosen = format!("{UNKNOWN}{CHOSEN_JOBS}");
    let by_family = |range: &str| sum_by("family", &increase(&chosen, range));
    vec![
        Panel::over_time(words.unknown_over_time, 16, "short", true)
            .range(&by_family("$__interval"), "{{family}}"),
        Panel::table(
            words.in_all,
            8,
            &by_family("$__range"),
            &[("family", words.family)],
            (words.count, "short"),
        ),
    ]
}

fn health(words: &'static Words) -> Vec<Panel> {
    let labels = "job, instance, version, catalog";
    let running = format!("count by ({labels}) (errsift_build_info{CHOSEN_JOBS})");
    let rate = |metric: &str| format!("sum by (instance) (rate({metric}{CHOSEN_JOBS}[5m]))");
    let troubles = |metric: &str| format!("sum(increase({metric}{CHOSEN_JOBS}[$__interval]))");
    let folded = "{job=~\"$job\",code=\"__other__\"}";
    let own = "{job=~\"$job\",code!=\"__other__\"}";
    vec![
        Panel::table(
            words.exporters,
            24,
            &running,
            &[
                ("job", words.job),
                ("instance", words.instance),
                ("version", words.version),
                ("catalog", words.catalog),
            ],
            (words.count, "short"),
        ),
        Panel::over_time(words.lines_per_second, 12, "short", false)
            .range(&rate("errsift_lines_total"), "{{instance}}"),
        Panel::over_time(words.bytes_per_second, 12, "Bps", false)
            .range(&rate("errsift_bytes_total"), "{{instance}}"),
        Panel::over_time(words.troubles, 12, "short", true)
            .range(
                &troubles("errsift_input_errors_total"),
                words.input_errors_title,
            )
            .range(&troubles("errsift_truncations_total"), words.truncations),
        Panel::over_time(words.series, 12, "short", false)
            .range(
                &format!("max(count by (job, instance) ({MATCHES}{own}))"),
                words.own_series,
            )
            .range(
                &format!("sum({MATCHES}{folded}) or vector(0)"),
                words.folded,
            ),
    ]
}

/// The same colours as those of the HTML page, and the categories' names.
fn category_overrides(categories: &[Category], lang: Lang) -> Vec<Value> {
    let of = |category: &Category| {
        json!({
            "matcher": { "id": "byName", "options": category.name() },
            "properties": [
                { "id": "displayName", "value": category.title(lang) },
                { "id": "color", "value": { "mode": "fixed", "fixedColor": colour(*category) } },
            ],
        })
    };
    categories.iter().map(of).collect()
}

fn provider_overrides(providers: &[(String, String)]) -> Vec<Value> {
    let of = |(name, title): &(String, String)| {
        json!({
            "matcher": { "id": "byName", "options": name },
            "properties": [{ "id": "displayName", "value": title }],
        })
    };
    providers.iter().map(of).collect()
}

fn colour(category: Category) -> &'static str {
    match category {
        Category::Authentication => "#a78bfa",
        Category::Permission => "#6fa8ff",
        Category::Quota => "#d9bd45",
        Category::Throttling => "#ff9f4a",
        Category::NotFound => "#8ea3b8",
        Category::Conflict => "#3cc3cc",
        Category::InvalidRequest => "#58c787",
        Category::Billing => "#dd8fbf",
        Category::Dependency => "#cf9570",
        Category::Unavailable => "#ff8593",
        Category::Internal => "#e35b70",
        Category::Deprecated => "#7d8791",
        Category::Informational | Category::Success | Category::Redirection => "#59636f",
    }
}
