//! Counts over time as stacked bands: the one drawing with a scale.
//!
//! A drawing is the plot area alone, stretched to whatever width the page has;
//! the labels of its axes are text beside it, so that they stay legible on a
//! phone. It holds numbers and class names only, never a word of a log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plotters::coord::ranged1d::{KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    ChartBuilder, IntoDrawingArea, PathElement, Polygon, RGBColor, SVGBackend,
};
use serde::Serialize;

use crate::catalog::Category;
use crate::tally::result::{CodeRow, ScanResult};

/// The most columns: narrower ones than 5 pixels on a wide screen show nothing more.
const MAX_COLUMNS: i64 = 240;

/// The most bands of a stack that are told apart by colour; the rest is one band.
const MAX_BANDS: usize = 8;

/// The widest bucket that makes sense, in seconds: ten years. A saved result may hold any.
const MAX_BUCKET: i64 = 10 * 366 * 86_400;

/// The size of a drawing, in units of which a column of the finest chart has 50.
const SIZE: (u32, u32) = (12_000, 2_400);

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

impl Chart {
    /// The chart of `result`; `None` where it holds no buckets.
    pub(super) fn of(result: &ScanResult) -> Option<Chart> {
        let bucket = result
            .bucket_seconds
            .filter(|width| (1..=MAX_BUCKET).contains(width))?;
        let rows: Vec<Buckets> = result.codes.iter().map(buckets).collect();
        let starts = || rows.iter().flatten().map(|(start, _)| *start);
        let (first, last) = (starts().min()?, starts().max()?);
        let step = column_width(bucket, first, last);
        let start = first.div_euclid(step) * step;
        let columns = usize::try_from((last - start) / step + 1).ok()?;
        let column = |time: i64| usize::try_from((time - start) / step).unwrap_or_default();
        let add_to = |values: &mut Vec<u64>, row: &Buckets| {
            values.resize(columns, 0);
            for (time, count) in row {
                let value = &mut values[column(*time)];
                *value = value.saturating_add(*count);
            }
        };

        let mut by_category: BTreeMap<Option<Category>, Vec<u64>> = BTreeMap::new();
        let mut by_code: Vec<Band> = Vec::new();
        for (index, (code, row)) in result.codes.iter().zip(&rows).enumerate() {
            if row.is_empty() {
                continue;
            }
            add_to(by_category.entry(code.category).or_default(), row);
            let mut values = Vec::new();
            add_to(&mut values, row);
            by_code.push(Band::new(index.to_string(), String::new(), values));
            // Thousands of codes times hundreds of columns: those that fold are folded at once.
            if by_code.len() > 4 * MAX_BANDS {
                by_code = fold(by_code);
            }
        }
        let by_category = by_category.into_iter().map(|(category, values)| {
            let name = category.map_or("none", Category::name);
            Band::new(name.to_owned(), format!("k-{name}"), values)
        });
        let by_category = fold(by_category.collect());
        let mut by_code = fold(by_code);
        for (rank, band) in by_code
            .iter_mut()
            .filter(|band| !band.key.is_empty())
            .enumerate()
        {
            band.class = format!("s-{rank}");
        }
        Some(Chart {
            start,
            step,
            columns,
            ticks: time_ticks(start, start + step * (last - start).div_euclid(step) + step),
            category: Stack::of(by_category, columns),
            code: Stack::of(by_code, columns),
        })
    }
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

/// Precision is lost only where a pixel is worth more than 2^50 matches.
fn float(count: u64) -> f64 {
    count as f64
}

/// About four round counts from 1 to `top`.
fn count_ticks(top: f64) -> Vec<u64> {
    let points = RangedCoordf64::from(0.0..top).key_points(BoldPoints(5));
    let whole = points
        .into_iter()
        .filter(|point| *point >= 1.0 && point.fract() == 0.0);
    // Whole, positive and at most `top`, which was a count; a cast saturates.
    whole.map(|point| point as u64).collect()
}

/// How many labels an axis may have.
struct BoldPoints(usize);

impl KeyPointHint for BoldPoints {
    fn max_num_points(&self) -> usize {
        self.0
    }

    fn weight(&self) -> plotters::coord::ranged1d::KeyPointWeight {
        plotters::coord::ranged1d::KeyPointWeight::Bold
    }

    fn bold_points(&self) -> usize {
        self.0
    }
}

/// The colour that stands for the class of band `index` until the drawing is done.
fn stand_in(index: usize) -> RGBColor {
    RGBColor(0, 1, u8::try_from(index).unwrap_or(u8::MAX))
}

/// The colour that stands for the class of grid lines.
const GRID: RGBColor = RGBColor(0, 2, 0);

fn draw(bands: &[Band], columns: usize, top: f64, ticks: &[u64]) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let right = columns as f64; // at most MAX_COLUMNS, or a little more where no width fits
        let chart = ChartBuilder::on(&area)
            .build_cartesian_2d(0.0..right, 0.0..top)
            .expect("a string always takes a drawing");
        let plot = chart.plotting_area();
        for tick in ticks {
            let line = PathElement::new(vec![(0.0, float(*tick)), (right, float(*tick))], GRID);
            plot.draw(&line).expect("a string always takes a drawing");
        }
        let mut below = vec![0_u64; columns];
        for (index, band) in bands.iter().enumerate() {
            for outline in outlines(&band.values, &below) {
                plot.draw(&Polygon::new(outline, stand_in(index)))
                    .expect("a string always takes a drawing");
            }
            for (sum, value) in below.iter_mut().zip(&band.values) {
                *sum = sum.saturating_add(*value);
            }
        }
        area.present().expect("a string always takes a drawing");
    }
    classed(svg, bands)
}

/// The outlines of a band that lies on `below`: one for each run of columns in which it has a height.
fn outlines(values: &[u64], below: &[u64]) -> Vec<Vec<(f64, f64)>> {
    let mut outlines = Vec::new();
    let mut column = 0;
    while column < values.len() {
        let run = values[column..]
            .iter()
            .take_while(|value| **value > 0)
            .count();
        if run == 0 {
            column += 1;
            continue;
        }
        let upper = |c: usize| float(below[c].saturating_add(values[c]));
        let lower = |c: usize| float(below[c]);
        let range = column..column + run;
        let mut outline = steps(range.clone(), upper);
        outline.extend(steps(range, lower).into_iter().rev());
        outlines.push(outline);
        column += run;
    }
    outlines
}

/// A line of stairs over `columns`, without the points that lie on a straight part.
fn steps(columns: std::ops::Range<usize>, height: impl Fn(usize) -> f64) -> Vec<(f64, f64)> {
    let x = |column: usize| column as f64; // columns are few
    let mut points = vec![(x(columns.start), height(columns.start))];
    for column in columns.start + 1..columns.end {
        let (before, after) = (height(column - 1), height(column));
        if before != after {
            points.extend([(x(column), before), (x(column), after)]);
        }
    }
    points.push((x(columns.end), height(columns.end - 1)));
    points
}

/// The drawing with classes for colours, so that the page's style decides on them in both themes.
fn classed(svg: String, bands: &[Band]) -> String {
    let attribute = |name: &str, color: RGBColor| {
        format!("{name}=\"#{:02X}{:02X}{:02X}\"", color.0, color.1, color.2)
    };
    let mut svg = svg.replace(&attribute("stroke", GRID), "class=\"grid\"");
    for (index, band) in bands.iter().enumerate() {
        let class = format!("class=\"{}\"", band.class);
        svg = svg.replace(&attribute("fill", stand_in(index)), &class);
    }
    svg.replace(" opacity=\"1\"", "").replace('\n', "")
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
