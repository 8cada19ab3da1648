//! No random graph gets a picture with a mistake in it.
//!
//! ```text
//! cargo test --release --test layout fuzz                          as many as every test run takes
//! ARCHGEN_FUZZ=5000 cargo test --release --test layout fuzz        all: 5,000, and 50 with 300 leaves
//! ```

use archgen::layout::check::check;
use archgen::layout::{Graph, layout};

use crate::seeded::nested;

/// How many graphs are tried.
fn cases() -> u64 {
    std::env::var("ARCHGEN_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(40)
}

/// What is wrong with the graphs of these seeds, one line each.
fn broken(seeds: impl Iterator<Item = u64>, graph: impl Fn(u64) -> Graph) -> Vec<String> {
    let mut wrong = Vec::new();
    for seed in seeds {
        let graph = graph(seed);
        let report = check(&graph, &layout(&graph));
        if report.violations() > 0 {
            let counts: Vec<String> =
                report.broken().map(|(name, count)| format!("{name} {count}")).collect();
            let size = (graph.nodes.len(), graph.edges.len());
            wrong.push(format!("seed {seed}, {size:?}: {}", counts.join(", ")));
        }
    }
    wrong
}

#[test]
fn fuzz_small_graphs() {
    let wrong = broken(0..cases(), |seed| nested(seed, 60, 10));
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases(), wrong.join("\n"));
}

#[test]
fn fuzz_large_graphs() {
    let large = cases() / 100;
    let wrong = broken(0..large, |seed| nested(1_000_000 + seed, 300, 30));
    assert!(wrong.is_empty(), "{} of {large}:\n{}", wrong.len(), wrong.join("\n"));
}
