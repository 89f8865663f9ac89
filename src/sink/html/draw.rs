//! Draws stacked bands as SVG.
//!
//! A drawing is the plot area alone, stretched to whatever width the page has;
//! the labels of its axes are text beside it, so that they stay legible on a
//! phone. It holds numbers and class names only, never a word of a log.

use plotters::coord::ranged1d::{KeyPointHint, KeyPointWeight, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    ChartBuilder, IntoDrawingArea, PathElement, Polygon, RGBColor, SVGBackend,
};

use super::chart::Band;

/// The size of a drawing, in units of which a column of the finest chart has 50.
const SIZE: (u32, u32) = (12_000, 2_400);

/// Precision is lost only where a pixel is worth more than 2^50 matches.
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

/// About four round counts from 1 to `top`.
pub(super) fn count_ticks(top: f64) -> Vec<u64> {
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

    fn weight(&self) -> KeyPointWeight {
        KeyPointWeight::Bold
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

/// The drawing of `bands` in `columns`, up to the count `top`, with lines at `ticks`.
pub(super) fn draw(bands: &[Band], columns: usize, top: f64, ticks: &[u64]) -> String {
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
