//! Counts over time as stacked bands, by category and by code.
//!
//! Every match that has a time is in one band of each stack: what is not told
//! apart by name is in the band of the rest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::draw::{count_ticks, draw, float};
use crate::catalog::Category;
use crate::tally::result::{CodeRow, ScanResult};

/// The most columns: narrower ones than 5 pixels on a wide screen show nothing more.
const MAX_COLUMNS: i64 = 240;

/// The most bands of a stack that are told apart by colour; the rest is one band.
const MAX_BANDS: usize = 8;

/// The widest bucket that makes sense, in seconds: ten years. A saved result may hold any.
const MAX_BUCKET: i64 = 10 * 366 * 86_400;

/// The widths of columns that people read easily, in seconds.
const WIDTHS: &[i64] = &[
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 604_800, 1_209_600, 2_419_200,
];

/// The drawings of one result, and what a pointer over them tells.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Chart {
    /// The start of the first column, in seconds since the epoch.
    pub(super) start: i64,
    /// The width of a column, in seconds.
    pub(super) step: i64,
    /// The number of columns.
    pub(super) columns: usize,
    /// Where the time axis has labels, in seconds since the epoch.
    pub(super) ticks: Vec<i64>,
    pub(super) category: Stack,
    pub(super) code: Stack,
}

/// One drawing.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Stack {
    pub(super) svg: String,
    /// The value at the top of the drawing.
    pub(super) top: f64,
    /// Where the axis of counts has labels.
    pub(super) ticks: Vec<u64>,
    /// From the bottom up.
    pub(super) bands: Vec<Band>,
}

/// What one colour stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Band {
    /// The category's name or the code's place among the codes; empty for the rest.
    pub(super) key: String,
    /// The class that colours it.
    pub(super) class: String,
    /// Counts by column.
    pub(super) values: Vec<u64>,
}

/// A row's counts by the start of their bucket, in seconds since the epoch.
type Buckets = Vec<(i64, u64)>;

/// How time is divided.
struct Columns {
    start: i64,
    step: i64,
    count: usize,
}

impl Chart {
    /// The chart of `result`; `None` where it holds no buckets.
    pub(super) fn of(result: &ScanResult) -> Option<Chart> {
        let rows: Vec<Buckets> = result.codes.iter().map(buckets).collect();
        let columns = Columns::of(result.bucket_seconds?, &rows)?;
        Some(Chart {
            start: columns.start,
            step: columns.step,
            columns: columns.count,
            ticks: time_ticks(columns.start, columns.end()),
            category: Stack::of(by_category(result, &rows, &columns), columns.count),
            code: Stack::of(by_code(&rows, &columns), columns.count),
        })
    }
}

impl Columns {
    fn of(bucket: i64, rows: &[Buckets]) -> Option<Columns> {
        if !(1..=MAX_BUCKET).contains(&bucket) {
            return None;
        }
        let starts = || rows.iter().flatten().map(|(start, _)| *start);
        let (first, last) = (starts().min()?, starts().max()?);
        let step = column_width(bucket, first, last);
        let start = first.div_euclid(step) * step;
        let count = usize::try_from((last - start) / step + 1).ok()?;
        Some(Columns { start, step, count })
    }

    fn end(&self) -> i64 {
        self.start + self.step * i64::try_from(self.count).unwrap_or_default()
    }

    /// Adds a row's counts to those of the columns.
    fn add(&self, values: &mut Vec<u64>, row: &Buckets) {
        values.resize(self.count, 0);
        for (time, count) in row {
            let column = usize::try_from((time - self.start) / self.step).unwrap_or_default();
            values[column] = values[column].saturating_add(*count);
        }
    }
}

fn by_category(result: &ScanResult, rows: &[Buckets], columns: &Columns) -> Vec<Band> {
    let mut sums: BTreeMap<Option<Category>, Vec<u64>> = BTreeMap::new();
    for (code, row) in result.codes.iter().zip(rows) {
        if !row.is_empty() {
            columns.add(sums.entry(code.category).or_default(), row);
        }
    }
    let bands = sums.into_iter().map(|(category, values)| {
        let name = category.map_or("none", Category::name);
        Band::new(name.to_owned(), format!("k-{name}"), values)
    });
    fold(bands.collect())
}

fn by_code(rows: &[Buckets], columns: &Columns) -> Vec<Band> {
    let mut bands = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if row.is_empty() {
            continue;
        }
        let mut values = Vec::new();
        columns.add(&mut values, row);
        bands.push(Band::new(index.to_string(), String::new(), values));
        // Thousands of codes times hundreds of columns: those that fold are folded at once.
        if bands.len() > 4 * MAX_BANDS {
            bands = fold(bands);
        }
    }
    let mut bands = fold(bands);
    let named = bands.iter_mut().filter(|band| !band.key.is_empty());
    for (rank, band) in named.enumerate() {
        band.class = format!("s-{rank}");
    }
    bands
}

impl Band {
    fn new(key: String, class: String, values: Vec<u64>) -> Self {
        Band { key, class, values }
    }

    fn sum(&self) -> u64 {
        self.values.iter().copied().fold(0, u64::saturating_add)
    }
}

/// A row's buckets whose start is a time.
fn buckets(row: &CodeRow) -> Buckets {
    let start = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_second);
    let known = row.buckets.iter();
    known
        .filter_map(|(text, count)| Some((start(text)?, *count)))
        .collect()
}

/// The bands that count most, in that order, and the rest as one.
fn fold(mut bands: Vec<Band>) -> Vec<Band> {
    let (rest, mut named): (Vec<_>, Vec<_>) = bands.drain(..).partition(|band| band.key.is_empty());
    // A stable sort: what counts the same keeps its order.
    named.sort_by_key(|band| std::cmp::Reverse(band.sum()));
    let surplus = named.split_off(named.len().min(MAX_BANDS));
    let rest = rest.into_iter().chain(surplus).reduce(|mut sum, band| {
        for (sum, value) in sum.values.iter_mut().zip(band.values) {
            *sum = sum.saturating_add(value);
        }
        sum
    });
    named.extend(rest.map(|band| Band::new(String::new(), String::from("s-rest"), band.values)));
    named
}

/// The first readable width, a multiple of `bucket`, that makes few enough columns.
fn column_width(bucket: i64, first: i64, last: i64) -> i64 {
    let is_narrow = |width: i64| last.div_euclid(width) - first.div_euclid(width) >= MAX_COLUMNS;
    let fitting = WIDTHS
        .iter()
        .find(|width| **width % bucket == 0 && !is_narrow(**width));
    fitting.copied().unwrap_or_else(|| {
        let mut width = bucket;
        while is_narrow(width) {
            width = width.saturating_mul(2);
        }
        width
    })
}

/// Readable times between `start` and `end`, at most nine.
fn time_ticks(start: i64, end: i64) -> Vec<i64> {
    let few = |width: &i64| (end - start) / width <= 8;
    let mut width = WIDTHS.iter().copied().find(few).unwrap_or(4_838_400);
    while !few(&width) {
        width = width.saturating_mul(2);
    }
    let first = start + (-start).rem_euclid(width);
    let times = (0..).map(|n| first + n * width);
    times.take_while(|time| *time < end).collect()
}

impl Stack {
    fn of(bands: Vec<Band>, columns: usize) -> Stack {
        let sum = |column: usize| {
            let values = bands.iter().map(|band| band.values[column]);
            values.fold(0, u64::saturating_add)
        };
        let highest = (0..columns).map(sum).max().unwrap_or_default().max(1);
        // A little air, so that the highest column is seen to end.
        let top = float(highest) * 1.05;
        let ticks = count_ticks(top);
        Stack {
            svg: draw(&bands, columns, top, &ticks),
            top,
            ticks,
            bands,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::sample;

    /// A result with a row of such buckets for each of `rows`, of the sample's categories in turn.
    fn result(bucket: i64, rows: &[&[(&str, u64)]]) -> ScanResult {
        let mut result = sample::result();
        let kinds = result.codes.clone();
        result.bucket_seconds = Some(bucket);
        result.codes = rows
            .iter()
            .enumerate()
            .map(|(index, buckets)| {
                let mut row = kinds[index % kinds.len()].clone();
                row.buckets = buckets
                    .iter()
                    .map(|(start, count)| ((*start).to_owned(), *count))
                    .collect();
                row
            })
            .collect();
        result
    }

    fn values(stack: &Stack) -> Vec<(&str, &str, &[u64])> {
        stack
            .bands
            .iter()
            .map(|band| {
                (
                    band.key.as_str(),
                    band.class.as_str(),
                    band.values.as_slice(),
                )
            })
            .collect()
    }

    #[test]
    fn bands_stand_from_the_most_frequent_up_and_hold_every_count() {
        let chart = Chart::of(&result(
            60,
            &[
                &[("2026-11-22T10:00:00Z", 2), ("2026-11-22T10:03:00Z", 1)],
                &[("2026-11-22T10:01:00Z", 9)],
            ],
        ))
        .unwrap();

        assert_eq!((chart.step, chart.columns), (60, 4));
        assert_eq!(
            values(&chart.category),
            [
                ("internal", "k-internal", &[0, 9, 0, 0][..]),
                ("authentication", "k-authentication", &[2, 0, 0, 1]),
            ]
        );
        assert_eq!(
            values(&chart.code),
            [("1", "s-0", &[0, 9, 0, 0][..]), ("0", "s-1", &[2, 0, 0, 1])]
        );
        assert_eq!(chart.category.ticks, [2, 4, 6, 8]);
    }

    #[test]
    fn a_drawing_has_a_shape_for_each_run_of_columns_and_no_colour_of_its_own() {
        let chart = Chart::of(&result(
            60,
            &[&[
                ("2026-11-22T10:00:00Z", 2),
                ("2026-11-22T10:01:00Z", 3),
                ("2026-11-22T10:03:00Z", 1),
            ]],
        ))
        .unwrap();

        let svg = &chart.category.svg;

        assert_eq!(
            svg.matches("<polygon class=\"k-authentication\"").count(),
            2,
            "{svg}"
        );
        assert!(
            svg.contains("class=\"grid\"") && !svg.contains('#'),
            "{svg}"
        );
    }

    #[test]
    fn many_bands_become_few_and_lose_no_count() {
        let rows: Vec<Vec<(&str, u64)>> = (1..=100)
            .map(|n| vec![("2026-11-22T10:00:00Z", n)])
            .collect();
        let rows: Vec<&[(&str, u64)]> = rows.iter().map(Vec::as_slice).collect();

        let chart = Chart::of(&result(60, &rows)).unwrap();

        let keys: Vec<_> = chart
            .code
            .bands
            .iter()
            .map(|band| band.key.as_str())
            .collect();
        assert_eq!(keys, ["99", "98", "97", "96", "95", "94", "93", "92", ""]);
        assert_eq!(chart.code.bands.iter().map(Band::sum).sum::<u64>(), 5050);
    }

    #[test]
    fn a_result_without_buckets_or_with_senseless_ones_has_no_chart() {
        assert_eq!(Chart::of(&sample::result()), None);
        assert_eq!(
            Chart::of(&result(0, &[&[("2026-11-22T10:00:00Z", 2)]])),
            None
        );
        assert_eq!(
            Chart::of(&result(i64::MAX, &[&[("2026-11-22T10:00:00Z", 2)]])),
            None
        );
        assert_eq!(Chart::of(&result(60, &[&[("<b>", 2)]])), None);
    }

    #[test]
    fn any_span_and_any_count_has_a_chart() {
        let ends: &[(&str, u64)] = &[
            ("-009999-01-02T01:59:59Z", u64::MAX),
            ("9999-12-30T22:00:00Z", u64::MAX),
        ];
        for bucket in [1, 7, 60, MAX_BUCKET] {
            let chart = Chart::of(&result(bucket, &[ends, ends])).unwrap();
            assert!(
                chart.columns <= usize::try_from(MAX_COLUMNS).unwrap(),
                "{bucket}: {}",
                chart.columns
            );
            assert!(chart.ticks.len() <= 9, "{bucket}: {:?}", chart.ticks);
            assert_eq!(chart.category.bands[0].sum(), u64::MAX);
        }
    }

    #[test]
    fn a_time_axis_has_round_times_within_it() {
        assert_eq!(time_ticks(50, 400), [60, 120, 180, 240, 300, 360]);
        assert_eq!(
            time_ticks(0, 86_400),
            (0..8).map(|n| n * 10_800).collect::<Vec<_>>()
        );
    }
}
