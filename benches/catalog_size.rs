//! How the number of codes tells on the matcher, on one thread.
//!
//! Run it with `cargo bench --bench catalog_size`. `ERRSIFT_BENCH_MIB` sets the size of each text;
//! `ERRSIFT_BENCH_PLOT=FILE.svg` draws what was measured, the best pass of each.

mod corpus;
mod setup;

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use errsift::matcher::Matcher;
use plotters::prelude::*;

use corpus::{Corpus, dense, large_catalog, sparse};
use setup::engine::Engine;
use setup::{Known, SEED, corpus_bytes, is_test};

/// Sizes of catalogues; each catalogue begins with the codes of the one before it.
const SIZES: [usize; 7] = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];

/// The size of the picture, in pixels.
const PICTURE: (u32, u32) = (720, 440);

/// What was measured of one kind of text.
struct Series {
    name: &'static str,
    color: RGBColor,
    /// The number of codes, and seconds for a GiB.
    points: Vec<(f64, f64)>,
}

impl Series {
    fn new(name: &'static str, color: RGBColor) -> Series {
        let points = Vec::new();
        Series {
            name,
            color,
            points,
        }
    }

    fn measure(&mut self, criterion: &mut Criterion, matcher: &Matcher, corpus: &Corpus) {
        let (text, size) = (corpus.text.as_slice(), matcher.codes().len());
        let engine = Engine::Errsift(matcher);
        assert_eq!(engine.count(text), corpus.matches, "{size} codes");

        let mut best = Duration::MAX;
        let name = format!("catalog_size/{}", self.name);
        let mut group = setup::group(criterion, &name, text.len());
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_custom(|passes| {
                let pass = || {
                    let started = Instant::now();
                    black_box(engine.count(text));
                    started.elapsed()
                };
                let times = (0..passes).map(|_| pass());
                times.inspect(|&time| best = best.min(time)).sum()
            });
        });
        let gib = text.len() as f64 / (1 << 30) as f64;
        // Lossless: far fewer than 2^53 codes.
        self.points.push((size as f64, best.as_secs_f64() / gib));
    }
}

fn catalog_size(criterion: &mut Criterion) {
    let codes = large_catalog(SIZES[SIZES.len() - 1], SEED);
    let mut ordinary = Series::new("sparse", BLUE);
    let mut every_line = Series::new("dense", RED);
    for size in SIZES {
        let known = Known::of_list(codes[..size].to_vec());
        let text = sparse(corpus_bytes(), &known.codes, SEED);
        ordinary.measure(criterion, &known.matcher, &text);
        let text = dense(corpus_bytes(), &known.codes, SEED);
        every_line.measure(criterion, &known.matcher, &text);
    }
    if let (Ok(path), false) = (env::var("ERRSIFT_BENCH_PLOT"), is_test()) {
        plot(Path::new(&path), &[ordinary, every_line])
            .expect("ERRSIFT_BENCH_PLOT should name a file that can be written");
    }
}

fn plot(path: &Path, series: &[Series]) -> Result<(), Box<dyn Error>> {
    let costs = series.iter().flat_map(|series| &series.points);
    let highest = costs.map(|&(_, cost)| cost).fold(0.0, f64::max);
    let picture = SVGBackend::new(path, PICTURE).into_drawing_area();
    picture.fill(&WHITE)?;
    let codes = (SIZES[0] as f64..SIZES[SIZES.len() - 1] as f64).log_scale();
    let mut chart = ChartBuilder::on(&picture)
        .caption("The matcher's cost, one thread", ("sans-serif", 18))
        .margin(12)
        .margin_right(36)
        .x_label_area_size(40)
        .y_label_area_size(56)
        .build_cartesian_2d(codes, 0.0..highest * 1.1)?;
    chart
        .configure_mesh()
        .x_desc("codes in the catalogue")
        .y_desc("seconds for a GiB")
        .x_label_formatter(&|codes| format!("{codes:.0}"))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for Series {
        name,
        color,
        points,
    } in series
    {
        let line = LineSeries::new(points.iter().copied(), color).point_size(3);
        let legend = |(x, y)| PathElement::new([(x, y), (x + 16, y)], *color);
        chart.draw_series(line)?.label(*name).legend(legend);
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .border_style(BLACK)
        .background_style(WHITE)
        .draw()?;
    Ok(picture.present()?)
}

criterion_group! {
    name = benches;
    config = setup::criterion();
    targets = catalog_size
}
criterion_main!(benches);
