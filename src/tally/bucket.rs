//! Counts over time, in buckets of one width that grows where there would be too many.

use std::collections::HashMap;

use jiff::Timestamp;

/// The most buckets of a result.
pub(crate) const MAX_BUCKETS: i64 = 10_000;

/// The most buckets where only a chart needs them: as many columns as a screen tells apart.
pub(crate) const CHART_BUCKETS: i64 = 240;

/// The widths to which buckets grow, in seconds: those that people read easily. Each divides the next.
const WIDTHS: &[i64] = &[
    5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 604_800, 2_419_200,
];

/// The widest buckets, in seconds, that results of other widths are brought to: of a day.
pub(crate) const MAX_COMMON_WIDTH: i64 = 86_400;

/// Counts by the start of their bucket, in seconds since the epoch.
pub(crate) type Buckets = HashMap<i64, u64, foldhash::fast::FixedState>;

/// The start of the bucket that `time` falls in.
pub(crate) fn bucket_of(time: Timestamp, width: i64) -> i64 {
    time.as_second().div_euclid(width) * width
}

/// The first width from `width` on that divides the span from `first` to `last` into at most `most`.
///
/// It is a multiple of `width`, and depends on nothing but the span, so that
/// results which grew in different steps can be merged.
pub(crate) fn fitting_width(mut width: i64, first: Timestamp, last: Timestamp, most: i64) -> i64 {
    let (first, last) = (first.as_second(), last.as_second());
    while last.div_euclid(width) - first.div_euclid(width) >= most {
        width = wider(width);
    }
    width
}

/// The least width into whose buckets those of both widths fit; `None` where that is no number.
pub(crate) fn common_width(a: i64, b: i64) -> Option<i64> {
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (a / divisor).checked_mul(b)
}

/// The same of widths of which one may be missing; the wider one where there is no such number.
pub(crate) fn common_width_of(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(common_width(a, b).unwrap_or(a.max(b))),
        _ => a.or(b),
    }
}

/// The next width: a readable one if it is not far, else twice as wide.
fn wider(width: i64) -> i64 {
    let readable = WIDTHS
        .iter()
        .find(|wider| **wider > width && **wider <= 60 * width && **wider % width == 0);
    readable.copied().unwrap_or(width * 2)
}

/// The same counts in buckets of `width`.
pub(crate) fn coarser(buckets: &Buckets, width: i64) -> Buckets {
    let mut wide = Buckets::default();
    for (start, count) in buckets {
        *wide.entry(start.div_euclid(width) * width).or_default() += count;
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("the tests' times are times")
    }

    #[test]
    fn buckets_grow_to_a_readable_width_that_fits() {
        let fitting = |width, last| fitting_width(width, at(0), at(last), MAX_BUCKETS);

        assert_eq!(fitting(60, 599_940), 60);
        assert_eq!(fitting(60, 600_000), 300);
        assert_eq!(fitting(1, 86_400), 10);
        assert_eq!(fitting(7, 139_999), 14);
        assert_eq!(fitting_width(1, at(0), at(86_400), CHART_BUCKETS), 900);
    }

    #[test]
    fn buckets_of_two_widths_fit_into_the_least_common_one() {
        assert_eq!(common_width(60, 3_600), Some(3_600));
        assert_eq!(common_width(3_600, 420), Some(25_200));
        assert_eq!(common_width(7, 7), Some(7));
        assert_eq!(common_width(i64::MAX, 2), None);
        assert_eq!(common_width_of(None, Some(7)), Some(7));
        assert_eq!(common_width_of(Some(i64::MAX), Some(2)), Some(i64::MAX));
    }

    #[test]
    fn a_time_before_the_epoch_falls_into_the_bucket_before_it() {
        assert_eq!(bucket_of(at(-1), 60), -60);
    }
}
