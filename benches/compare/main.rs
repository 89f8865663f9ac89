//! The parts of `benches/compare.sh` that need the library: it writes the texts, tells what is in
//! them by the simplest means, and measures the matcher alone.
//!
//!     compare codes                                 print the large catalogue, a code a line
//!     compare corpus sparse|dense CODES MIB TEXT    write TEXT, and beside it what it holds
//!     compare engines CODES TEXT PASSES             time the engines that read TEXT
//!     compare hard MIB PASSES                       time them with texts that are hard
//!
//! Every engine's count is checked against what the text was written to hold; passes of different
//! engines alternate, and the best of each counts.

#[path = "../corpus/mod.rs"]
mod corpus;
#[path = "../setup/mod.rs"]
mod setup;

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};

use corpus::{Corpus, Hard, adversarial, dense, sparse};
use setup::engine::{Engine, automaton, blocks, whole_tokens};
use setup::{Known, SEED, large_codes};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["codes"] => print_codes(),
        ["corpus", kind, codes, mib, text] => write_corpus(kind, codes, mib.parse()?, text),
        ["engines", codes, text, passes] => time_engines(codes, text, passes.parse()?),
        ["hard", mib, passes] => time_hard(mib.parse()?, passes.parse()?),
        _ => Err(
            "expected codes, corpus KIND CODES MIB TEXT, engines CODES TEXT PASSES, or hard MIB PASSES"
                .into(),
        ),
    }
}

fn print_codes() -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for code in large_codes() {
        writeln!(out, "{code}")?;
    }
    Ok(out.flush()?)
}

/// Writes the text, `TEXT.counts` with how often each code stands in it, and `TEXT.lines` with the
/// lines that hold one and all lines.
fn write_corpus(kind: &str, codes: &str, mib: usize, text: &str) -> Result<()> {
    let codes = read_codes(codes)?;
    let corpus = match kind {
        "sparse" => sparse(mib << 20, &codes, SEED),
        "dense" => dense(mib << 20, &codes, SEED),
        _ => return Err(format!("'{kind}': no kind of text, expected sparse or dense").into()),
    };
    fs::write(text, &corpus.text)?;

    let mut out = BufWriter::new(File::create(format!("{text}.counts"))?);
    for (code, count) in codes.iter().zip(counts(&corpus, &codes)) {
        if count > 0 {
            writeln!(out, "{count} {code}")?;
        }
    }
    out.flush()?;
    // A line of these texts holds at most one code.
    let lines = format!("{} {}\n", corpus.matches, corpus.lines);
    Ok(fs::write(format!("{text}.lines"), lines)?)
}

fn counts(corpus: &Corpus, codes: &[String]) -> Vec<u64> {
    let mut counts = vec![0; codes.len()];
    let automaton = automaton(codes);
    for block in blocks(&corpus.text) {
        whole_tokens(&automaton, block).for_each(|code| counts[code] += 1);
    }
    assert_eq!(counts.iter().sum::<u64>(), corpus.matches);
    counts
}

/// Prints for each engine its name, the seconds of its best pass, its count, and the seconds it takes to build.
fn time_engines(codes: &str, text: &str, passes: u32) -> Result<()> {
    let codes = read_codes(codes)?;
    let catalog = Known::builtin_catalog().with_list("bench", codes.iter().cloned())?;
    let text = fs::read(text)?;
    let (known, building) = timed(|| Known::new(catalog));
    let (automaton, building_automaton) = timed(|| automaton(&codes));
    let engines = [
        ("errsift", Engine::Errsift(&known.matcher), building),
        (
            "aho-corasick DFA",
            Engine::AhoCorasick(&automaton),
            building_automaton,
        ),
        ("newlines (memchr)", Engine::Newlines, Duration::ZERO),
    ];
    let best = best_of(passes, &text, &engines.map(|(_, engine, _)| engine));
    for ((name, _, building), (seconds, count)) in engines.iter().zip(best) {
        let building = building.as_secs_f64();
        println!("{name}\t{seconds:.6}\t{count}\t{building:.6}");
    }
    Ok(())
}

/// Prints for each text and catalogue the bytes, and the seconds of errsift and of the DFA.
fn time_hard(mib: usize, passes: u32) -> Result<()> {
    for (catalogue, known) in [("built-in", Known::builtin()), ("large", Known::large())] {
        let automaton = automaton(&known.codes);
        let engines = [
            Engine::Errsift(&known.matcher),
            Engine::AhoCorasick(&automaton),
        ];
        for kind in Hard::ALL {
            let corpus = adversarial(kind, &known.codes, mib << 20);
            let best = best_of(passes, &corpus.text, &engines);
            for (&(_, count), engine) in best.iter().zip(engines) {
                assert_eq!(count, engine.expected(&corpus), "{kind:?}, {catalogue}");
            }
            let (bytes, ours, theirs) = (corpus.text.len(), best[0].0, best[1].0);
            println!("{kind:?}\t{catalogue}\t{bytes}\t{ours:.6}\t{theirs:.6}");
        }
    }
    Ok(())
}

/// The seconds of each engine's best pass over `text`, and its count.
fn best_of(passes: u32, text: &[u8], engines: &[Engine]) -> Vec<(f64, u64)> {
    let blocks = blocks(text);
    let mut best = vec![(f64::INFINITY, 0); engines.len()];
    for _ in 0..passes {
        for (best, engine) in best.iter_mut().zip(engines) {
            let count = || blocks.iter().map(|block| engine.count(block)).sum();
            let (count, elapsed) = timed(count);
            *best = (best.0.min(elapsed.as_secs_f64()), count);
        }
    }
    best
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let made = black_box(work());
    (made, started.elapsed())
}

fn read_codes(path: &str) -> Result<Vec<String>> {
    let list = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(list.lines().map(str::to_owned).collect())
}
