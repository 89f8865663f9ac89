//! Lines with holes: `${name}` stands for a random value, everything else for itself.
//!
//! A name is one of the leaves below or a rule of [`grammar`](super::grammar), whose
//! alternatives are templates again. Templates are parsed once; writing one only copies bytes.

use super::grammar;
use super::random::Random;

const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";
const BASE64_DIGITS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// 2026-11-01T00:00:00+08:00, a Sunday, in milliseconds since 1970.
const NOVEMBER_MS: u64 = 1_793_462_400_000;
/// After so many days a text begins the month again.
const DAYS: u64 = 30;
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// One parsed line.
pub struct Template(Vec<Part>);

enum Part {
    Text(&'static [u8]),
    OneOf(Vec<Template>),
    /// `${code}`: the code that this line is to hold.
    Code,
    /// `${n4}`: a number of one to so many digits.
    Number(u64),
    /// `${d3}`: exactly so many digits.
    Digits(usize),
    /// `${x32}`: so many lower-case hexadecimal digits.
    Hex(usize),
    /// `${b76}`: so many base64 digits.
    Base64(usize),
    /// `${day}` `${weekday}` `${hms}` `${ms}` `${us}` `${epoch}`: parts of the time, which only moves forward.
    Clock(Clock),
}

#[derive(Clone, Copy)]
enum Clock {
    Day,
    Weekday,
    HourMinuteSecond,
    Milliseconds,
    Microseconds,
    EpochSeconds,
}

impl Template {
    /// Parses `text`.
    ///
    /// # Panics
    ///
    /// Where a name is neither a leaf nor a rule.
    pub fn new(text: &'static str) -> Template {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after
                .split_once('}')
                .expect("every `${` of a template has its `}`");
            if !before.is_empty() {
                parts.push(Part::Text(before.as_bytes()));
            }
            parts.push(Part::named(name));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.as_bytes()));
        }
        Template(parts)
    }

    /// Parses each of `texts`.
    pub fn all(texts: &[&'static str]) -> Vec<Template> {
        texts.iter().map(|text| Template::new(text)).collect()
    }
}

impl Part {
    fn named(name: &str) -> Part {
        match name {
            "code" => return Part::Code,
            "day" => return Part::Clock(Clock::Day),
            "weekday" => return Part::Clock(Clock::Weekday),
            "hms" => return Part::Clock(Clock::HourMinuteSecond),
            "ms" => return Part::Clock(Clock::Milliseconds),
            "us" => return Part::Clock(Clock::Microseconds),
            "epoch" => return Part::Clock(Clock::EpochSeconds),
            _ => {}
        }
        if let Some(alternatives) = grammar::rule(name) {
            return Part::OneOf(Template::all(alternatives));
        }
        let sized = name
            .split_at_checked(1)
            .and_then(|(kind, size)| Some((kind, size.parse().ok()?)));
        match sized {
            Some(("n", digits)) => Part::Number(10_u64.pow(digits)),
            Some(("d", digits)) => Part::Digits(digits as usize),
            Some(("x", digits)) => Part::Hex(digits as usize),
            Some(("b", digits)) => Part::Base64(digits as usize),
            _ => panic!("'{name}': no such leaf or rule"),
        }
    }
}

/// A text in the making.
pub struct Writer {
    /// What has been written.
    pub text: Vec<u8>,
    /// Where all choices come from.
    pub random: Random,
    /// Milliseconds since the beginning of November 2026.
    clock_ms: u64,
}

impl Writer {
    /// An empty text that is meant to grow to about `bytes`.
    pub fn new(bytes: usize, seed: u64) -> Writer {
        // The last line, or the last run of lines of a sparse text, reaches beyond `bytes`.
        let text = Vec::with_capacity(bytes + bytes / 64 + 64 * 1024);
        Writer {
            text,
            random: Random::new(seed),
            clock_ms: 19 * DAY_MS,
        }
    }

    /// Writes `template` as a line, a few milliseconds after the one before.
    pub fn line(&mut self, template: &Template, code: &str) {
        self.clock_ms += self.random.below(12);
        self.write(template, code);
        self.text.push(b'\n');
    }

    /// Writes `template` with `code` in its place.
    pub fn write(&mut self, template: &Template, code: &str) {
        for part in &template.0 {
            match part {
                Part::Text(bytes) => self.text.extend_from_slice(bytes),
                Part::OneOf(alternatives) => {
                    let alternative = self.random.pick(alternatives);
                    self.write(alternative, code);
                }
                Part::Code => self.text.extend_from_slice(code.as_bytes()),
                Part::Number(limit) => {
                    let number = self.random.below(*limit);
                    self.decimal(number, 1);
                }
                // The first six digits come twice as often, which spares a division for each.
                Part::Digits(digits) => self.bits(*digits, 4, b"0123456789012345"),
                Part::Hex(digits) => self.bits(*digits, 4, HEX_DIGITS),
                Part::Base64(digits) => self.bits(*digits, 6, BASE64_DIGITS),
                Part::Clock(clock) => self.time(*clock),
            }
        }
    }

    /// `count` random digits of `bits` bits each, from `alphabet`.
    fn bits(&mut self, count: usize, bits: u32, alphabet: &[u8]) {
        let (mut left, mut drawn) = (0, 0);
        for _ in 0..count {
            if left < bits {
                (left, drawn) = (u64::BITS, self.random.draw());
            }
            // Lossless: at most 6 bits are left by the mask.
            let digit = (drawn & ((1 << bits) - 1)) as usize;
            self.text.push(alphabet[digit]);
            drawn >>= bits;
            left -= bits;
        }
    }

    /// `number` in decimal, with leading zeros up to `width` digits.
    fn decimal(&mut self, mut number: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        while number > 0 {
            start -= 1;
            // Lossless: the remainder is below 10.
            digits[start] += (number % 10) as u8;
            number /= 10;
        }
        self.text
            .extend_from_slice(&digits[start.min(digits.len() - width)..]);
    }

    fn time(&mut self, clock: Clock) {
        let (day, in_day_ms) = (self.clock_ms / DAY_MS % DAYS, self.clock_ms % DAY_MS);
        match clock {
            Clock::Day => self.decimal(day + 1, 2),
            // Lossless: below 7.
            Clock::Weekday => self
                .text
                .extend_from_slice(WEEKDAYS[(day % 7) as usize].as_bytes()),
            Clock::HourMinuteSecond => {
                let seconds = in_day_ms / 1000;
                self.decimal(seconds / 3600, 2);
                self.text.push(b':');
                self.decimal(seconds / 60 % 60, 2);
                self.text.push(b':');
                self.decimal(seconds % 60, 2);
            }
            Clock::Milliseconds => self.decimal(in_day_ms % 1000, 3),
            Clock::Microseconds => {
                let microseconds = self.random.below(1000);
                self.decimal(in_day_ms % 1000 * 1000 + microseconds, 6);
            }
            Clock::EpochSeconds => self.decimal((NOVEMBER_MS + self.clock_ms) / 1000, 1),
        }
    }
}
