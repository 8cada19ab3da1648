//! No random graph gets a picture with a mistake in it.
//!
//! ```text
//! cargo test --release --test layout fuzz                             as many as every test run takes
//! ARCHGEN_FUZZ=5000 cargo test --release --test layout fuzz           all: 5,000, and 50 with 300 leaves
//! ARCHGEN_FUZZ=3000..4000 cargo test --release --test layout fuzz     a part of them, 10 large ones among them
//! ```
//!
//! Each graph with a mistake is said at once, and how far the run has got.

use std::io::Write as _;
use std::ops::Range;
use std::time::Instant;

use archgen::layout::check::check;
use archgen::layout::{Graph, layout};

use crate::seeded::nested;

/// Which graphs are tried.
fn cases() -> Range<u64> {
    let Ok(asked) = std::env::var("ARCHGEN_FUZZ") else { return 0..40 };
    let number = |text: &str| text.trim().parse::<u64>().expect("ARCHGEN_FUZZ is COUNT or FROM..TO");
    match asked.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&asked),
    }
}

/// Says something while the run goes on, which the test harness would keep until its end.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// What is wrong with the picture of a graph, if anything.
fn wrong(seed: u64, graph: &Graph) -> Option<String> {
    let size = (graph.nodes.len(), graph.edges.len());
    let Ok(report) = std::panic::catch_unwind(|| check(graph, &layout(graph))) else {
        return Some(format!("seed {seed}, {size:?}: panicked"));
    };
    let counts: Vec<String> = report.broken().map(|(name, count)| format!("{name} {count}")).collect();
    (!counts.is_empty()).then(|| format!("seed {seed}, {size:?}: {}", counts.join(", ")))
}

/// Tries all seeds; `every` so many it says how far it is.
fn try_all(what: &str, seeds: Range<u64>, every: u64, graph: impl Fn(u64) -> Graph) {
    let start = Instant::now();
    let mut found = Vec::new();
    for seed in seeds.clone() {
        if let Some(words) = wrong(seed, &graph(seed)) {
            say(&words);
            found.push(words);
        }
        let done = seed + 1 - seeds.start;
        if done.is_multiple_of(every) {
            let all = seeds.end - seeds.start;
            let spent = start.elapsed().as_secs();
            say(&format!("{what}: {done} of {all} in {spent} s, {} with a mistake", found.len()));
        }
    }
    assert!(found.is_empty(), "{} of {what} {seeds:?}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn fuzz_small_graphs() {
    try_all("small graphs", cases(), 250, |seed| nested(seed, 60, 10));
}

#[test]
fn fuzz_large_graphs() {
    let Range { start, end } = cases();
    let large = 1_000_000 + start / 100..1_000_000 + end / 100;
    try_all("large graphs", large, 5, |seed| nested(seed, 300, 30));
}
